"""A project's secret, kept outside the project file so that sharing the file does not share it."""

import secrets
from pathlib import Path
from uuid import UUID

from gisapp.core.errors import GisappError
from gisapp.core.words import _
from gisapp.io.atomic import replacing
from gisapp.io.folders import data_folder

KEY_BYTES = 32


def new_key() -> str:
    """Return a fresh secret in hex."""
    return secrets.token_hex(KEY_BYTES)


def find_key(uuid: str) -> str:
    """Return the secret of the project `uuid`; empty where this user has none of it."""
    try:
        return _path(uuid).read_text("ascii").strip()
    except FileNotFoundError:
        return ""
    except OSError as error:
        raise _unreachable(_path(uuid), error) from error


def keep_key(uuid: str, key: str) -> None:
    """Keep the secret `key` of the project `uuid`, readable by this user only.

    Raises
    ------
    GisappError
        Where the folder cannot be written.
    """
    if find_key(uuid) == key:
        return
    path = _path(uuid)
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        raise _unreachable(path, error) from error
    with replacing(path) as fresh:
        fresh.touch(mode=0o600)
        fresh.write_text(key, "ascii")


def _path(uuid: str) -> Path:
    return data_folder() / "keys" / f"{UUID(uuid)}.key"


def _unreachable(path: Path, error: OSError) -> GisappError:
    return GisappError(
        _("The project's key {path} cannot be reached: {reason}.").format(
            path=path, reason=error.strerror
        ),
        _("Allow access to that folder, or set GISAPP_HOME to one that you may write to."),
    )
