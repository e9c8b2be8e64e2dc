"""The lock of an open file, which the system frees when the process ends, however it ends."""

from __future__ import annotations

import errno
import sys
from typing import IO, Literal

Answer = Literal["taken", "elsewhere", "unsupported"]

if sys.platform == "win32":
    import msvcrt

    # Windows keeps others from reading what is locked: a byte behind what the file says.
    _LOCKED_BYTE = 1 << 20

    def lock_file(file: IO[bytes]) -> Answer:
        """Lock `file` for this process until it is closed; say whether that went well."""
        file.seek(_LOCKED_BYTE)
        try:
            msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)
        except OSError:
            return "elsewhere"
        return "taken"

else:
    import fcntl

    def lock_file(file: IO[bytes]) -> Answer:
        """Lock `file` for this process until it is closed; say whether that went well.

        Returns
        -------
        str
            ``taken``, ``elsewhere`` (another has it) or ``unsupported``, where the file system
            knows no locks, as some network drives.
        """
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            held = error.errno in (errno.EWOULDBLOCK, errno.EACCES)
            return "elsewhere" if held else "unsupported"
        return "taken"
