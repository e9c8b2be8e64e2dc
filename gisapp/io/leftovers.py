"""A project file under a plain name, with what a killed program left beside it taken in.

SQLite keeps a log (``-wal``) or a journal (``-journal``) beside a file that is being written. They
belong to it: without them it lacks what was saved last, or holds half of what never was.
"""

import os
import re
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from gisapp.core.causes import why
from gisapp.core.errors import GisappError
from gisapp.core.words import _
from gisapp.io.project_db import opened
from gisapp.io.scratch import private_folder

_PLAIN = re.compile(r"[\w .,+()\[\]~@/\\:-]+")


@contextmanager
def plainly_named(path: Path) -> Iterator[Path]:
    """Give a path to the same content that GDAL takes for nothing but a file's name.

    That is `path` itself, or a copy where its name is not plain or what lies beside it cannot be
    taken in there (in a folder that may not be written).

    Raises
    ------
    GisappError
        Where there is no room for a copy.
    sqlite3.DatabaseError
        Where the file is damaged.
    """
    settled = settle(path)
    if settled and _PLAIN.fullmatch(str(path.absolute())) and path.suffix.lower() == ".gpkg":
        yield path.absolute()
        return
    with private_folder("open") as folder:
        copy = folder / "project.gpkg"
        try:
            if settled:
                _copy_as_committed(path, copy)
            else:
                copy_with_leftovers(path, copy)
        except OSError as error:
            raise GisappError(
                _("{path} cannot be read: {reason}.").format(path=path, reason=why(error)),
                _("Free some space: a copy of it is needed to open it."),
            ) from error
        yield copy


def copy_with_leftovers(path: Path, copy: Path) -> None:
    """Copy the file and what lies beside it, and take that into the copy where that is possible."""
    shutil.copyfile(path, copy)
    for left in leftovers(path):
        shutil.copyfile(left, f"{copy}{left.name.removeprefix(path.name)}")
    settle(copy)


def leftovers(path: Path) -> list[Path]:
    """Return the logs and journals of SQLite beside the file."""
    beside = (path.with_name(path.name + suffix) for suffix in ("-wal", "-journal"))
    return [x for x in beside if os.path.exists(x)]  # noqa: PTH110 - a name can be too long for it


def settle(path: Path) -> bool:
    """Let SQLite take in what lies beside the file; say whether it can be read by itself now.

    A file that another program is using counts as readable: it says itself that it is locked.
    """
    if not leftovers(path):
        return True
    try:
        with opened(path, write=True) as connection:
            # The first read takes a journal back; a log can stay where others may read it.
            connection.execute("SELECT count(*) FROM sqlite_master").fetchone()
            return connection.execute("PRAGMA wal_checkpoint(PASSIVE)").fetchone() is not None
    except sqlite3.DatabaseError as error:
        return "locked" in str(error)


def _copy_as_committed(path: Path, copy: Path) -> None:
    with opened(path) as source, closing(sqlite3.connect(copy)) as target:
        source.backup(target)
