"""Whether a project's file is as it was: what any program writes into it counts."""

import contextlib
import errno
import hashlib
from functools import lru_cache
from pathlib import Path

from gisapp.io.project_db import no_project, unreadable

_HEADER_BYTES, _PIECE_BYTES = 100, 1 << 20
# Of SQLite's header: the kind of journal, how often it was written, and by which version.
_HEADER_OF_JOURNALS = ((18, 20), (24, 28), (92, 100))


def fingerprint(path: Path) -> str:
    """Return a text that changes whenever a program changes what the project at `path` holds.

    Empty where there is no file. Looking at it in QGIS, which may switch SQLite's journal to and
    fro, changes nothing. A file that was not touched since the last time is not read again.

    Raises
    ------
    GisappError
        Where it is no file, or cannot be read: the cause is then the OSError.
    """
    if path.exists() and not path.is_file():
        raise no_project(path)
    try:
        return _digest(path, _last_written(path), _last_written(_write_ahead(path)))
    except FileNotFoundError:
        return ""
    except OSError as error:
        raise unreadable(path) from error


def _write_ahead(path: Path) -> Path:
    return path.with_name(f"{path.name}-wal")


def _last_written(path: Path) -> tuple[int, ...]:
    try:
        found = path.stat()
    except FileNotFoundError:
        return ()
    except OSError as error:
        if error.errno == errno.ENAMETOOLONG:  # then nobody could make it either
            return ()
        raise
    return found.st_dev, found.st_ino, found.st_size, found.st_mtime_ns, found.st_ctime_ns


@lru_cache(maxsize=16)
def _digest(path: Path, _file: tuple[int, ...], wal: tuple[int, ...]) -> str:
    """Hash the file but for what its header says of journals, and what is yet to go into it."""
    digest = hashlib.sha256()
    with path.open("rb") as file:
        header = bytearray(file.read(_HEADER_BYTES))
        for start, end in _HEADER_OF_JOURNALS:
            header[start:end] = bytes(len(header[start:end]))
        digest.update(header)
        while piece := file.read(_PIECE_BYTES):
            digest.update(piece)
    if wal:
        with contextlib.suppress(FileNotFoundError), _write_ahead(path).open("rb") as ahead:
            while piece := ahead.read(_PIECE_BYTES):
                digest.update(piece)
    return digest.hexdigest()
