"""What the reading process takes from itself before it meets a foreign file."""

from __future__ import annotations

import contextlib
import os
import signal
import sys

from gisapp.core.dumps import write_no_core
from gisapp.io.limits import FILE_LIMIT_BYTES, MEMORY_LIMIT_BYTES, SILENCE_LIMIT_S

_CLONE_NEWUSER = 0x10000000
_CLONE_NEWNET = 0x40000000
# The program ends a silent process; this ends it where the program itself was killed meanwhile.
_ALARM_S = int(2 * SILENCE_LIMIT_S)


def confine() -> None:
    """Take memory beyond the limit, endless files, core files and the network from this process.

    Windows has none of these; there the time limits hold, and the drivers that could call or
    read elsewhere are missing from GDAL.
    """
    # Arrow's own pool reserves a gigabyte of addresses at once, which the limit counts.
    os.environ["ARROW_DEFAULT_MEMORY_POOL"] = "system"
    _leave_the_network()
    write_no_core()
    with contextlib.suppress(ImportError):
        import resource

        resource.setrlimit(resource.RLIMIT_FSIZE, (FILE_LIMIT_BYTES, FILE_LIMIT_BYTES))
        with contextlib.suppress(ValueError, OSError):  # macOS refuses RLIMIT_AS
            resource.setrlimit(resource.RLIMIT_AS, (MEMORY_LIMIT_BYTES, MEMORY_LIMIT_BYTES))


def _leave_the_network() -> None:
    """Move this process to a network of its own, in which there is nothing (Linux).

    Root needs no user namespace for that and keeps its rights to files; others need one. Systems
    that allow neither are left as they are: nothing that reads here knows how to call anybody.
    """
    if sys.platform != "linux":
        return
    import ctypes

    unshare = ctypes.CDLL(None).unshare
    if unshare(_CLONE_NEWNET) != 0:
        unshare(_CLONE_NEWUSER | _CLONE_NEWNET)


def set_alarm() -> None:
    """Have the system end this process unless it gives a sign again in time."""
    if hasattr(signal, "alarm"):
        signal.alarm(_ALARM_S)


def clear_alarm() -> None:
    """Wait for the next request as long as it takes."""
    if hasattr(signal, "alarm"):
        signal.alarm(0)


def release_memory() -> None:
    """Give the memory that was freed back to the system; only glibc would keep it."""
    if sys.platform == "linux":
        import ctypes

        with contextlib.suppress(AttributeError):
            ctypes.CDLL(None).malloc_trim(0)
