"""Where a download lies until it has been read: kept where it broke off, if it is public."""

from __future__ import annotations

import hashlib
import json
import shutil
import time
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING

from gisapp.core.causes import why
from gisapp.core.errors import GisappError
from gisapp.core.words import _
from gisapp.io.folders import cache_folder
from gisapp.io.locking import lock_file
from gisapp.io.scratch import private_folder

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from gisapp.io.services.service import Bounds

FORGOTTEN_AFTER_S = 14 * 24 * 3600.0


@contextmanager
def download_folder(address: str, bounds: Bounds | None, *, keep: bool) -> Iterator[Path]:
    """Give the folder for the download of one layer; it is removed where the block ends well.

    Parameters
    ----------
    address : str
        Names the layer.
    bounds : tuple of float, optional
        The part of it that is asked for.
    keep : bool
        Whether what came may stay on this computer where the block does not end well. Data of
        persons, and what only a token opens, may not.
    """
    if not keep:
        with private_folder("service") as folder:
            yield folder
        return
    key = hashlib.sha256(json.dumps([address, bounds]).encode()).hexdigest()[:32]
    home = cache_folder() / "downloads"
    folder = home / key
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        lock = (folder / "lock").open("ab")
    except OSError as error:
        raise GisappError(
            _("{path} cannot be written: {reason}.").format(path=folder, reason=why(error)),
            _("Allow access to that folder, or set GISAPP_HOME to one that you may write to."),
        ) from error
    with lock:
        if lock_file(lock) == "elsewhere":  # another window brings the same layer
            with private_folder("service") as own:
                yield own
            return
        _forget_old(home, folder)
        yield folder
    shutil.rmtree(folder, ignore_errors=True)


def _forget_old(home: Path, but: Path) -> None:
    """Remove downloads that nobody has gone on with."""
    for folder in home.iterdir():
        with suppress(FileNotFoundError):  # another window has just finished it
            if folder != but and time.time() - folder.stat().st_mtime > FORGOTTEN_AFTER_S:
                shutil.rmtree(folder, ignore_errors=True)
