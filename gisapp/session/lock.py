"""One window to a file: advisory locks, kept beside the program's own files, not the user's."""

from __future__ import annotations

import contextlib
import hashlib
import os
import time
from pathlib import Path
from typing import IO

from gisapp.core.causes import why
from gisapp.core.errors import GisappError
from gisapp.core.words import _
from gisapp.io.folders import data_folder
from gisapp.io.locking import lock_file

# A neighbour looks for leftovers by locking them for a moment: whoever meets that asks again.
_ASK_TIMES, _ASK_AGAIN_S = 3, 0.02


class LockFile:
    """A file that one process at a time holds; the system frees it however the process ends.

    Parameters
    ----------
    path : Path
        The lock file itself; made where it is missing, taken away on `close`.
    says : str
        What it tells the others, where it is taken.

    Attributes
    ----------
    held : bool
        Whether this object has it.
    sure : bool
        False where the file system knows no locks (some network drives): it is then called held,
        because the work must go on, but another window may hold it as well.

    Raises
    ------
    GisappError
        Where the folder cannot be written.
    """

    def __init__(self, path: Path, says: str = "") -> None:
        self._path = path
        self._file: IO[bytes] | None = None
        self.held, self.sure = False, True
        try:
            path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            for attempt in range(_ASK_TIMES):
                if attempt:
                    time.sleep(_ASK_AGAIN_S)
                if self._take(says):
                    return
        except OSError as error:
            raise GisappError(
                _("{path} cannot be written: {reason}.").format(
                    path=path.parent, reason=why(error)
                ),
                _("Allow access to that folder, or set GISAPP_HOME to one that you may write to."),
            ) from error

    def close(self) -> None:
        """Let another process have it."""
        if self._file is None:
            return
        if self.held:
            with contextlib.suppress(OSError):  # Windows takes no file away that is open
                self._path.unlink()
        self._file.close()
        self._file, self.held = None, False

    def _take(self, says: str) -> bool:
        file = os.fdopen(os.open(self._path, os.O_RDWR | os.O_CREAT, 0o600), "r+b")
        answer = lock_file(file)
        if answer == "elsewhere" or not _lies_at(file, self._path):
            file.close()  # a lock file that its last holder took away is nobody's
            return False
        self._file, self.held, self.sure = file, True, answer == "taken"
        file.truncate(0)
        file.seek(0)
        file.write(os.fsencode(says))
        file.flush()
        return True


class FileLock:
    """Tells the windows of one user which of them may save to `path`.

    Links and other paths to the same file are the same file.

    Attributes
    ----------
    held, sure : bool
        As in `LockFile`.
    """

    def __init__(self, path: Path) -> None:
        target = path.resolve()
        name = hashlib.sha256(os.fsencode(target)).hexdigest()
        own = data_folder() / "locks" / f"{name}.lock"
        self._lock = LockFile(own, says=str(target))
        if self._lock.held and _held_by_another_name(target, own):
            self._lock.close()

    @property
    def held(self) -> bool:
        """Whether this window has the file."""
        return self._lock.held

    @property
    def sure(self) -> bool:
        """Whether no other window can have it as well."""
        return self._lock.sure

    def close(self) -> None:
        """Let another window have the file."""
        self._lock.close()


def _held_by_another_name(target: Path, own: Path) -> bool:
    """Say whether a window holds the file `target` under another path (a hard link, a mount)."""
    for other in own.parent.glob("*.lock"):
        if other == own:
            continue
        lock = LockFile(other, says=_said(other))
        if lock.held:
            lock.close()  # left by a window that died: it is gone with that
            continue
        with contextlib.suppress(OSError):  # what one of the paths named is gone
            if target.samefile(_said(other)):
                return True
    return False


def _said(lock: Path) -> str:
    try:
        return os.fsdecode(lock.read_bytes())
    except OSError:
        return ""


def _lies_at(file: IO[bytes], path: Path) -> bool:
    try:
        return os.path.samestat(os.fstat(file.fileno()), path.stat())
    except FileNotFoundError:
        return False
