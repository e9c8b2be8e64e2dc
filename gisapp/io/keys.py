"""A project's secret, kept outside the project file so that sharing the file does not share it.

It lies in the system's keyring, or in a file that only this user may read where there is none.
Either may hold several of one project, as copies of it were given secrets on several machines;
none is ever overwritten, and `check_of`, kept in the project file, tells which is meant.
"""

import hmac
import re
import secrets
from pathlib import Path
from uuid import UUID

from gisapp.core.causes import why
from gisapp.core.errors import GisappError
from gisapp.core.words import _
from gisapp.io import keyrings
from gisapp.io.atomic import replacing
from gisapp.io.folders import data_folder

KEY_BYTES = 32
_KEY = re.compile(rf"\b[0-9a-f]{{{2 * KEY_BYTES}}}\b")

# Where it was found that nothing is left to do for a secret: no save asks the keyring again.
_settled: set[tuple[Path, str]] = set()


def new_key() -> str:
    """Return a fresh secret in hex."""
    return secrets.token_hex(KEY_BYTES)


def is_key(text: str) -> bool:
    """Whether `text` is a secret as `new_key` makes them."""
    return bool(_KEY.fullmatch(text))


def check_of(key: str) -> str:
    """Return what tells `key` from another secret, and nothing else of it."""
    return hmac.new(bytes.fromhex(key), b"gisapp project key", "sha256").hexdigest()[:16]


def find_key(uuid: str, check: str = "") -> str:
    """Return the secret of the project `uuid`; empty where this user has none of it.

    Parameters
    ----------
    uuid : str
        The project's.
    check : str
        `check_of` the secret that is meant; empty: the one kept last.

    Raises
    ------
    GisappError
        Where the file of secrets is there and cannot be read.
    """
    filed = _meant(_filed(uuid), check)
    if filed:
        return filed
    found = _meant(_in_keyring(uuid), check)
    if found:
        _settled.add((_path(uuid), found))
    return found


def keep_key(uuid: str, key: str) -> None:
    """Keep the secret `key` of the project `uuid`; an empty one is none and changes nothing.

    A file of secrets is moved into the keyring once that gives them back.

    Raises
    ------
    GisappError
        Where there is no keyring and the folder cannot be written.
    """
    path = _path(uuid)
    if not key or (path, key) in _settled:
        return
    filed = _filed(uuid)
    if _moved(uuid, [key, *filed]):
        path.unlink(missing_ok=True)
    elif key not in filed:
        _write(path, [key, *filed])
    _settled.add((path, key))


def _moved(uuid: str, keys: list[str]) -> bool:
    known = keyrings.get(uuid)
    if known is None:
        return False
    there = _KEY.findall(known)
    wanted = dict.fromkeys([*keys, *there])
    return wanted.keys() == set(there) or keyrings.put(uuid, " ".join(wanted))


def _meant(keys: list[str], check: str) -> str:
    return next((x for x in keys if not check or check_of(x) == check), "")


def _in_keyring(uuid: str) -> list[str]:
    return _KEY.findall(keyrings.get(uuid) or "")


def _filed(uuid: str) -> list[str]:
    try:
        return _KEY.findall(_path(uuid).read_text("ascii", "replace"))
    except FileNotFoundError:
        return []
    except OSError as error:
        raise _unreachable(_path(uuid), error) from error


def _write(path: Path, keys: list[str]) -> None:
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        raise _unreachable(path, error) from error
    with replacing(path) as fresh:
        fresh.touch(mode=0o600)
        fresh.write_text("\n".join(keys), "ascii")


def _path(uuid: str) -> Path:
    return data_folder() / "keys" / f"{UUID(uuid)}.key"


def _unreachable(path: Path, error: OSError) -> GisappError:
    return GisappError(
        _("The project's key {path} cannot be reached: {reason}.").format(
            path=path, reason=why(error)
        ),
        _("Allow access to that folder, or set GISAPP_HOME to one that you may write to."),
    )
