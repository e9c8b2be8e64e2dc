"""Writing a file so that a reader finds the old one or the new one, never half of either."""

import contextlib
import os
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

from gisapp.core.causes import why
from gisapp.core.errors import GisappError
from gisapp.core.words import _
from gisapp.io.scratch import private_folder


@contextmanager
def replacing(path: Path) -> Iterator[Path]:
    """Give a temporary path beside `path` to write to; on success it takes `path`'s place.

    The temporary name is plain whatever `path` is called, because GDAL reads ``!``, ``;`` and
    newlines in names as something else. On any error `path` stays as it was; an OSError of the
    caller's writing counts as one of `path`.

    Raises
    ------
    GisappError
        Where the directory does not exist or cannot be written, or the disk is full.
    """
    with ExitStack() as stack:
        try:
            folder = stack.enter_context(private_folder("save", beside=path.parent))
        except OSError as error:
            raise _unwritable(path, error) from error
        fresh = folder / f"new{path.suffix if path.suffix.isascii() else ''}"
        try:
            yield fresh
            _flush(fresh)
            fresh.replace(path)
            with contextlib.suppress(OSError):  # not every file system can sync a directory
                _flush(path.parent)
        except OSError as error:
            raise _unwritable(path, error) from error


def refuse_existing(path: Path) -> None:
    """Raise GisappError where there is something at `path` already."""
    if os.path.lexists(path):
        raise GisappError(
            _("{path} exists already.").format(path=path),
            _("Choose another name, or move the file away first."),
        )


def _flush(path: Path) -> None:
    # Windows brings nothing to the disk through a handle that cannot write.
    handle = os.open(path, os.O_RDWR if sys.platform == "win32" else os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _unwritable(path: Path, error: OSError) -> GisappError:
    return GisappError(
        _("{path} cannot be written: {reason}.").format(path=path, reason=why(error)),
        _("Choose a folder that exists, that you may write to and that has space left."),
    )
