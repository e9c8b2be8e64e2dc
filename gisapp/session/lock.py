"""One window to a file: an advisory lock, kept beside the program's own files, not the user's."""

from __future__ import annotations

import hashlib
import os
import sys
from typing import IO, TYPE_CHECKING

from gisapp.core.errors import GisappError
from gisapp.core.words import _
from gisapp.io.folders import data_folder

if TYPE_CHECKING:
    from pathlib import Path


class FileLock:
    """Tells the windows of one user which of them may save to `path`.

    The system frees the lock when the process ends, however it ends.

    Attributes
    ----------
    held : bool
        Whether this window has the file.
    """

    def __init__(self, path: Path) -> None:
        name = hashlib.sha256(os.fsencode(path.resolve())).hexdigest()
        folder = data_folder() / "locks"
        try:
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            self._file = (folder / f"{name}.lock").open("ab")
        except OSError as error:
            raise GisappError(
                _("{path} cannot be written: {reason}.").format(path=folder, reason=error.strerror),
                _("Allow access to that folder, or set GISAPP_HOME to one that you may write to."),
            ) from error
        self.held = _lock(self._file)

    def close(self) -> None:
        """Let another window have the file."""
        self._file.close()
        self.held = False


if sys.platform == "win32":
    import msvcrt

    def _lock(file: IO[bytes]) -> bool:
        try:
            msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)
        except OSError:
            return False
        return True

else:
    import fcntl

    def _lock(file: IO[bytes]) -> bool:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            return False
        return True
