"""Folders for what is on its way: this user's only, and gone with the process that made them.

Each folder has a lock in the program's cache that names it. The system frees a lock when its
process ends, however it ends: a folder whose lock is free was left behind, and the next start
removes it.
"""

from __future__ import annotations

import contextlib
import errno
import os
import shutil
import stat
import sys
import tempfile
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING
from uuid import uuid4

from gisapp.core.causes import why
from gisapp.core.errors import GisappError
from gisapp.core.words import _
from gisapp.io.folders import cache_folder
from gisapp.io.locking import lock_file

if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import IO

# What a lock names is removed without asking: only what carries this program's mark.
MARK = "gisapp-"


@contextmanager
def private_folder(prefix: str, *, beside: Path | None = None) -> Iterator[Path]:
    """Give an empty folder that only this user may look into; it is removed at the end.

    Parameters
    ----------
    prefix : str
        What it is for, as part of its name.
    beside : Path, optional
        A folder to make it in, hidden, where what is written is to be renamed into its place;
        None: the program's cache, never the folder that all users share.

    Raises
    ------
    OSError
        Where `beside` cannot be written.
    GisappError
        Where the cache cannot.
    """
    sweep_once()
    base = _base()
    with _new_lock(base) as lock:
        try:
            name = f".{MARK}" if beside else f"{MARK}{prefix}-"
            folder = (beside or base) / f"{name}{uuid4().hex}"
            lock.seek(0)
            lock.write(os.fsencode(folder.absolute()))
            lock.flush()  # before there is such a folder: none is without a lock for a moment
            folder.mkdir(mode=0o700)
            try:
                yield folder
            finally:
                shutil.rmtree(folder, ignore_errors=True)
        finally:
            lock.close()
            Path(lock.name).unlink(missing_ok=True)


@cache
def sweep_once() -> None:
    """Remove what dead processes left, the first time that this process asks."""
    with contextlib.suppress(GisappError):
        sweep()


def sweep() -> None:
    """Remove the folders whose processes have ended."""
    for path in _base().glob("*.lock"):
        try:
            lock = path.open("rb")
        except OSError:
            continue  # its process, or another sweep, has just removed it
        with lock:
            if lock_file(lock) != "taken":
                continue
            lock.seek(0)
            _remove(lock.read())
            with contextlib.suppress(PermissionError):  # Windows: not while it is open
                path.unlink(missing_ok=True)  # before whoever has just made it can lock it
        path.unlink(missing_ok=True)


def _remove(named: bytes) -> None:
    folder = Path(os.fsdecode(named))
    if folder.name.lstrip(".").startswith(MARK) and folder.is_absolute():
        shutil.rmtree(folder, ignore_errors=True)  # never follows a link


def _new_lock(base: Path) -> IO[bytes]:
    while True:
        lock = (base / f"{uuid4().hex}.lock").open("xb")
        # A sweep may have met it in the instant before it was locked, and removed it.
        if lock_file(lock) != "elsewhere" and Path(lock.name).exists():
            return lock
        lock.close()
        Path(lock.name).unlink(missing_ok=True)


def _base() -> Path:
    """Return the folder of the folders, which no other user may look into."""
    folder = cache_folder() / "scratch"
    try:
        return _own(folder)
    except OSError as error:
        with contextlib.suppress(OSError):  # a file can be read without a home to write to
            return _own(Path(tempfile.gettempdir()) / f"{MARK}{_user()}")
        raise GisappError(
            _("{path} cannot be written: {reason}.").format(path=folder, reason=why(error)),
            _("Allow access to that folder, or set GISAPP_HOME to one that you may write to."),
        ) from error


def _own(folder: Path) -> Path:
    """Make `folder`, and make sure that it is this user's alone; raises OSError."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    if sys.platform != "win32" and stat.S_IMODE(folder.lstat().st_mode) != 0o700:
        folder.chmod(0o700)  # refused where it is another user's
    if folder.is_symlink() or not os.access(folder, os.W_OK):
        raise PermissionError(errno.EACCES, os.strerror(errno.EACCES))
    return folder


def _user() -> str:
    return "user" if sys.platform == "win32" else str(os.getuid())
