"""The SQLite side of a project file: gisapp's own tables, opened with care.

Knows neither pandas nor GDAL, so that ``gisapp info`` answers at once. Never open a file here
while GDAL has it open in the same process: the two do not see each other's locks.
"""

import contextlib
import mmap
import re
import sqlite3
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from shlex import quote

from gisapp.core.causes import why
from gisapp.core.errors import GisappError
from gisapp.core.project import FORMAT_VERSION
from gisapp.core.words import _
from gisapp.io.passphrases import AGE_HEADERS

Row = Mapping[str, str | int | None]

BOOK_TABLES = {
    "gisapp_meta": "name TEXT PRIMARY KEY, value TEXT NOT NULL",
    "gisapp_layers": (
        "position INTEGER PRIMARY KEY, name TEXT, table_name TEXT UNIQUE, kind TEXT, title TEXT, "
        "plan TEXT, visible INTEGER, style TEXT, report TEXT, quarantined INTEGER, columns TEXT"
    ),
    "gisapp_tables": (
        "position INTEGER PRIMARY KEY, name TEXT, table_name TEXT UNIQUE, kind TEXT, "
        "unmatched INTEGER, report TEXT, quarantined INTEGER, columns TEXT"
    ),
    "gisapp_quarantine": 'table_name TEXT, row INTEGER, id TEXT, reason TEXT, "values" TEXT',
    "gisapp_runs": (
        "position INTEGER PRIMARY KEY, at TEXT, program_version TEXT, parameters TEXT, "
        "inputs TEXT, summary TEXT, record TEXT"
    ),
    "gisapp_exports": (
        "position INTEGER PRIMARY KEY, at TEXT, file TEXT, what TEXT, preset TEXT, "
        "recipient TEXT, columns TEXT, features INTEGER, k_min INTEGER, sha256 TEXT, "
        "counts TEXT"
    ),
    "gisapp_attachments": (
        "position INTEGER PRIMARY KEY, id TEXT, to_kind TEXT, to_id TEXT, name TEXT, title TEXT, "
        "media_type TEXT, size_bytes INTEGER, sha256 TEXT, added_at TEXT, source TEXT, "
        "dated TEXT, note TEXT"
    ),
}
# Of before, a file has none of these.
LATER_TABLES = frozenset({"gisapp_attachments"})
FILES_TABLE = "gisapp_attachment_files"
GEOMETRY_COLUMN = "geom"
_SQLITE_HEADER = b"SQLite format 3\x00"
# SQLite's own words may hold a piece of the damage, which is no text.
_SAYS_DAMAGED = (sqlite3.DatabaseError, UnicodeDecodeError)
_LONGEST_VERSION = 9
_ON_PAGES = re.compile(r"malformed|btree|\b(?:page|tree|index|freelist)\b", re.IGNORECASE)


@dataclass(frozen=True)
class Book:
    """What the ``gisapp_*`` tables of one file say: table name to its rows, in order.

    `counts` has the number of rows of each table of a layer or relation, `located` that of the
    rows with a geometry, for layers.
    """

    meta: Mapping[str, str]
    rows: Mapping[str, tuple[Row, ...]]
    counts: Mapping[str, int]
    located: Mapping[str, int]

    def quarantine(self, table: str) -> list[Row]:
        """Return the quarantined rows of the layer or table stored in `table`."""
        return [x for x in self.rows["gisapp_quarantine"] if x["table_name"] == table]


def quoted(name: str) -> str:
    """Return `name` as an SQL identifier."""
    return '"' + name.replace('"', '""') + '"'


def distinct(name: str, taken: Iterable[str], fallback: str) -> str:
    """Return `name`, numbered where SQLite would take it for one of `taken` (case ignored)."""
    wanted = name.replace("\0", "") or fallback
    folded = {x.casefold() for x in taken}
    found, number = wanted, 1
    while found.casefold() in folded:
        number += 1
        found = f"{wanted}_{number}"
    return found


@contextmanager
def opened(path: Path, *, write: bool = False) -> Iterator[sqlite3.Connection]:
    """Open a file that may be hostile: nothing in its schema runs, pages are checked."""
    uri = path.absolute().as_uri() + ("?mode=rw" if write else "?mode=ro")
    with contextlib.closing(sqlite3.connect(uri, uri=True, timeout=1.0)) as connection:
        connection.isolation_level = None
        connection.row_factory = sqlite3.Row
        connection.execute("PRAGMA trusted_schema=OFF")
        connection.execute("PRAGMA cell_size_check=ON")
        connection.execute("PRAGMA secure_delete=ON")  # who was taken out must not be left in it
        yield connection


@contextmanager
def refusing(path: Path) -> Iterator[None]:
    """Turn what SQLite says of a file into an error that its owner can act on."""
    try:
        yield
    except _SAYS_DAMAGED as error:
        said = str(error)
        if "locked" in said or "busy" in said:
            message = _("{path} is in use by another program.")
            remedy = _("Close it there (QGIS locks what it edits), then try again.")
        elif "readonly" in said:
            raise read_only(path) from error
        elif "full" in said:
            message = _("{path} could not be saved: the disk is full.")
            remedy = _("Free some space or save elsewhere; the file is as it was before.")
        elif "unable to open" in said or "I/O" in said:
            raise unreadable(path) from error
        else:
            raise damaged(path, plain_damage(said)) from error
        raise GisappError(message.format(path=path), remedy) from error


def is_project(path: Path) -> bool:
    """Whether the file at `path` is, or before it was damaged was, a project of gisapp."""
    if not path.is_file():
        return False
    try:
        with path.open("rb") as file:
            if file.read(len(_SQLITE_HEADER)) != _SQLITE_HEADER and path.suffix != ".gpkg":
                return False
            with contextlib.suppress(*_SAYS_DAMAGED), opened(path) as connection:
                return "gisapp_meta" in _plain_tables(connection)
            with mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as content:
                # The schema may lie in what was cut off; the styles say early who wrote them.
                return content.find(b"gisapp") >= 0
    except (OSError, ValueError):  # it may not be read, or is empty
        return False


def read_book(path: Path, *, integrity: bool = True, called: Path | None = None) -> Book:
    """Read gisapp's own tables of the project at `path`.

    Parameters
    ----------
    integrity : bool
        Whether to check every page of the file first.
    called : Path, optional
        What messages call the file, where `path` is a copy of it.

    Raises
    ------
    GisappError
        Where the file cannot be read, is no project, is newer than this program or damaged.
    """
    called = called or path
    refuse_foreign(path)
    with refusing(called), opened(path) as connection:
        _refuse_strangers(connection, called)
        if integrity:
            check_integrity(connection, called)
        tables = _plain_tables(connection)
        rows = _rows(connection, tables)
        layers, others = (
            [str(row["table_name"]) for row in rows[x]] for x in ("gisapp_layers", "gisapp_tables")
        )
        if missing := sorted({*layers, *others} - tables):
            raise damaged(called, _("the table {name} is missing").format(name=missing[0]))
        return Book(
            _meta(connection),
            rows,
            counts={name: row_count(connection, name) for name in (*layers, *others)},
            located={name: row_count(connection, name, GEOMETRY_COLUMN) for name in layers},
        )


def _rows(connection: sqlite3.Connection, there: set[str]) -> dict[str, tuple[Row, ...]]:
    rows: dict[str, tuple[Row, ...]] = dict.fromkeys(set(BOOK_TABLES) - {"gisapp_meta"}, ())
    for name in rows.keys() & there:
        found = connection.execute(f"SELECT * FROM {name} ORDER BY rowid")  # noqa: S608
        rows[name] = tuple(dict(row) for row in found)
    return rows


def check_integrity(connection: sqlite3.Connection, path: Path) -> None:
    """Raise GisappError where a page of the file is damaged."""
    (answer,) = connection.execute("PRAGMA integrity_check(1)").fetchone()
    if answer != "ok":
        raise damaged(path, plain_damage(str(answer).partition("\n")[0]))


def row_count(connection: sqlite3.Connection, table: str, column: str = "") -> int:
    """Count the rows of `table`, or those that have a value in `column`."""
    what = quoted(column) if column else "*"
    (n,) = connection.execute(f"SELECT count({what}) FROM {quoted(table)}").fetchone()  # noqa: S608
    return int(n)


# Below this share a file of free pages is not worth writing anew.
_FREE_SHARE = 0.2


def drop_table(connection: sqlite3.Connection, table: str) -> None:
    """Take a feature or attribute table out, with its spatial index and its registrations."""
    connection.execute(f"DROP TABLE IF EXISTS {quoted(f'rtree_{table}_geom')}")
    connection.execute(f"DROP TABLE IF EXISTS {quoted(table)}")
    for register in {"gpkg_extensions", "gpkg_geometry_columns", "gpkg_ogr_contents",
                     "gpkg_contents"} & _plain_tables(connection):  # fmt: skip
        connection.execute(
            f"DELETE FROM {register} WHERE lower(table_name) = lower(?)",  # noqa: S608
            (table,),
        )


def shrink(connection: sqlite3.Connection) -> None:
    """Give back the room of what was taken out, where that is a good part of the file."""
    (free,) = connection.execute("PRAGMA freelist_count").fetchone()
    (pages,) = connection.execute("PRAGMA page_count").fetchone()
    if free > pages * _FREE_SHARE:
        connection.execute("VACUUM")


def write_book(connection: sqlite3.Connection, book: Mapping[str, Iterable[Row]]) -> None:
    """Put `book` (table to rows) in the place of the ``gisapp_*`` tables that are there."""
    for name, columns in BOOK_TABLES.items():
        connection.execute(f"DROP TABLE IF EXISTS {name}")
        connection.execute(f"CREATE TABLE {name} ({columns})")
        rows = list(book[name])
        if rows:
            names = ", ".join(quoted(x) for x in rows[0])
            marks = ", ".join("?" * len(rows[0]))
            connection.executemany(
                f"INSERT INTO {name} ({names}) VALUES ({marks})",  # noqa: S608
                (tuple(row.values()) for row in rows),
            )


def make_files_table(connection: sqlite3.Connection) -> None:
    """Make the table of the attachments' bytes where there is none."""
    connection.execute(
        f"CREATE TABLE IF NOT EXISTS {FILES_TABLE} (sha256 TEXT PRIMARY KEY, bytes BLOB NOT NULL)"
    )


def read_only(path: Path) -> GisappError:
    """Return the error for a file that may not be written."""
    return GisappError(
        _("{path} is read-only.").format(path=path),
        _("Save under another name, or allow writing to the file."),
    )


def plain_damage(said: str) -> str:
    """Say in the user's words what SQLite calls damage; what it calls otherwise stays."""
    if "not a database" in said:
        return _("it does not begin as a project does")
    return _("pages of it are destroyed") if _ON_PAGES.search(said) else said


def damaged(path: Path, reason: str) -> GisappError:
    """Return the error for a project file that cannot be trusted."""
    return GisappError(
        _("{path} is damaged: {reason}.").format(path=path, reason=reason.rstrip(".")),
        _("Open a backup copy, or save what is readable: {command}").format(
            command=f"gisapp check {quote(str(path))} --salvage NEW.gpkg"
        ),
    )


def unreadable(path: Path) -> GisappError:
    """Return the error for a file that the system does not let us read."""
    return GisappError(
        _("{path} cannot be read: the disk does not answer as it should.").format(path=path),
        _("Check the disk and your permissions, or work on a copy of the file."),
    )


def refuse_foreign(path: Path) -> None:
    """Raise GisappError where `path` is no SQLite file that can be read."""
    try:
        if path.exists() and not path.is_file() and not path.is_dir():
            raise no_project(path)  # a pipe or a device may never answer
        with path.open("rb") as file:
            header = file.read(len(_SQLITE_HEADER))
    except OSError as error:
        raise GisappError(
            _("{path} cannot be read: {reason}.").format(path=path, reason=why(error)),
            _("Check the name and your permissions, or make a project with: gisapp new PROJECT"),
        ) from error
    if header and AGE_HEADERS[0].startswith(header):
        raise GisappError(
            _("{path} is a sealed project.").format(path=path),
            _("Open it first: {command}").format(
                command=f"gisapp unseal {quote(str(path))} NEW.gpkg"
            ),
        )
    if header != _SQLITE_HEADER:
        raise no_project(path)


def _refuse_strangers(connection: sqlite3.Connection, path: Path) -> None:
    tables = _plain_tables(connection)
    if "gisapp_meta" not in tables:
        raise no_project(path)
    meta = _meta(connection)
    refuse_newer(meta, path)
    if missing := sorted(set(BOOK_TABLES) - LATER_TABLES - tables):
        raise damaged(path, _("the table {name} is missing").format(name=missing[0]))


def refuse_newer(meta: Mapping[str, str], path: Path) -> None:
    """Raise GisappError where a project is of a format that this program does not know."""
    version = meta.get("format_version", "")
    if not (version.isascii() and version.isdecimal() and len(version) <= _LONGEST_VERSION):
        raise damaged(path, _("its format version is missing"))
    if int(version) > FORMAT_VERSION:
        raise GisappError(
            _("{path} has project format {theirs}; this program reads up to {ours}.").format(
                path=path, theirs=version, ours=FORMAT_VERSION
            ),
            _("Open it with gisapp {version} or newer.").format(
                version=meta.get("program_version", "")
            ),
        )


def no_project(path: Path) -> GisappError:
    """Return the error for a file that gisapp did not make."""
    return GisappError(
        _("{path} is not a gisapp project.").format(path=path),
        _("Choose a project file (.gpkg) that gisapp saved, or import this file into one."),
    )


def _plain_tables(connection: sqlite3.Connection) -> set[str]:
    # A view or virtual table in a project's place could recurse without end when it is read.
    return {
        name
        for (name,) in connection.execute(
            "SELECT name FROM sqlite_master WHERE type = 'table' "
            "AND sql NOT LIKE 'CREATE VIRTUAL %'"
        )
    }


def _meta(connection: sqlite3.Connection) -> dict[str, str]:
    return {str(k): str(v) for k, v in connection.execute("SELECT name, value FROM gisapp_meta")}
