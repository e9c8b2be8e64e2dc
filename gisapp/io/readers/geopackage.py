"""GeoPackage: checked with SQLite before GDAL opens it."""

from __future__ import annotations

import contextlib
import shutil
import sqlite3
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING

from gisapp.core.words import _
from gisapp.io.readers.contents import Reading, Tick, Unreadable
from gisapp.io.readers.isolation import link
from gisapp.io.readers.vector import read_vector

if TYPE_CHECKING:
    from collections.abc import Container, Iterator
    from pathlib import Path

_HEADER_BYTES = 100
_QUERY_LIMIT_S = 2.0
_STEPS_BETWEEN_CHECKS = 20_000
_STEPS_BETWEEN_TICKS = 5_000_000
_HOT_JOURNAL = bytes.fromhex("d9d505f920a163d7")
_HARMLESS_MODULES = ("rtree", "fts3", "fts4", "fts5", "geopoly")


@dataclass(frozen=True)
class _Contents:
    """What a checked database holds: layers with their rows, views not to touch, sentences."""

    layers: dict[str, int]
    unsafe_views: list[str]
    warnings: list[str]


def read_geopackage(path: Path, scratch: Path, layer: str | None, tick: Tick) -> Reading:
    """Read one GeoPackage; the file itself is never written to.

    Parameters
    ----------
    path : Path
        The database. A ``-wal`` file beside it belongs to it.
    scratch : Path
        A folder of our own.
    layer : str, optional
        Only the layer of this name.
    tick : callable
        Told the number of rows as they come.

    Raises
    ------
    Unreadable
        Where it is damaged, cut off, no GeoPackage, or holds what only an attack needs.
    """
    safe = scratch / "data.gpkg"
    if _uses_wal(path):
        _copy_with_wal(path, safe)
    elif _journal(path).exists():
        _check_length(path)
        shutil.copyfile(path, safe)
    else:
        _check_length(path)
        link(path, safe)
    contents = _examine(safe, tick)
    unsafe_views = contents.unsafe_views
    if unsafe_views:
        safe = _without_views(safe, unsafe_views)
    tick(0, 0)
    reading = read_vector(safe, "GPKG", layer, tick, counted=contents.layers, LIST_ALL_TABLES="NO")
    reading.warnings[:0] = [*_journal_warning(path), *contents.warnings]
    return reading


def _header(path: Path) -> bytes:
    with path.open("rb") as file:
        return file.read(_HEADER_BYTES)


def _uses_wal(path: Path) -> bool:
    return _header(path)[18:20] == b"\x02\x02"


def _copy_with_wal(path: Path, target: Path) -> None:
    """Copy a database in WAL mode with its log: reading it in place would write beside it."""
    shutil.copyfile(path, target)
    log = path.with_name(path.name + "-wal")
    if log.exists():
        shutil.copyfile(log, target.with_name(target.name + "-wal"))


def _journal(path: Path) -> Path:
    """Return where SQLite keeps what a broken-off write began to change.

    It must not be played back: SQLite would follow a link to it and change the user's file, and
    a forged one makes it delete other files. A copy without it is read as it is.
    """
    return path.with_name(path.name + "-journal")


def _journal_warning(path: Path) -> list[str]:
    journal = _journal(path)
    if not journal.exists():
        return []
    with journal.open("rb") as file:
        hot = file.read(len(_HOT_JOURNAL)) == _HOT_JOURNAL
    sentence = _("A program was writing to it when it was copied; the last changes may be halves.")
    return [sentence] if hot else []


def _check_length(path: Path) -> None:
    """Compare the pages that the header counts with the file's length (SQLite format, 1.3)."""
    header = _header(path)
    if len(header) < _HEADER_BYTES:
        raise _cut_off()
    stated = int.from_bytes(header[16:18])
    page = 65_536 if stated == 1 else stated
    counted = header[24:28] == header[92:96]
    if counted and path.stat().st_size < page * int.from_bytes(header[28:32]):
        raise _cut_off()


def _cut_off() -> Unreadable:
    return Unreadable(
        _("it is cut off: pages are missing at its end"), _("Copy or download the file again.")
    )


def _examine(path: Path, tick: Tick) -> _Contents:
    """Check a database and say what is in it."""
    with contextlib.closing(_connect(path)) as database:
        try:
            _check_integrity(database, tick)
            _check_schema(database)
            unsafe = _unsafe_views(database)
            layers, lacking = _layers(database, unsafe)
            warnings = [*_view_warnings(unsafe), *_unregistered(database), *lacking]
            return _Contents(layers, unsafe, warnings)
        except (sqlite3.DatabaseError, UnicodeDecodeError) as error:  # also in what SQLite says
            raise Unreadable(
                _("the database in it is damaged ({reason})").format(reason=error),
                _("Copy the file again, or take an earlier copy of it."),
            ) from error


def _connect(path: Path) -> sqlite3.Connection:
    database = sqlite3.connect(path)
    database.text_factory = lambda text: text.decode("utf-8", "replace")
    database.execute("PRAGMA trusted_schema = OFF")
    database.execute("PRAGMA cell_size_check = ON")
    database.execute("PRAGMA query_only = ON")
    return database


@contextlib.contextmanager
def _time_limit(database: sqlite3.Connection) -> Iterator[None]:
    """Interrupt queries that take long: views can be made to never end."""
    deadline = time.monotonic() + _QUERY_LIMIT_S
    database.set_progress_handler(lambda: time.monotonic() > deadline, _STEPS_BETWEEN_CHECKS)
    try:
        yield
    finally:
        database.set_progress_handler(None, 0)


def _check_integrity(database: sqlite3.Connection, tick: Tick) -> None:
    """Read every page: of 36 damaged ones reading the layers noticed 14, this all."""
    database.set_progress_handler(lambda: tick(0, 0), _STEPS_BETWEEN_TICKS)
    (answer,) = database.execute("PRAGMA integrity_check(1)").fetchone()
    database.set_progress_handler(None, 0)
    if answer != "ok":
        raise sqlite3.DatabaseError(answer.splitlines()[-1][:120])


def _check_schema(database: sqlite3.Connection) -> None:
    tables = dict(database.execute("SELECT lower(name), type FROM sqlite_master"))
    if tables.get("gpkg_contents") != "table":
        raise Unreadable(
            _("it is an SQLite database, but not a GeoPackage"),
            _("Export the layer as GeoPackage in the program that made it."),
        )
    for (sql,) in database.execute(
        "SELECT sql FROM sqlite_master WHERE sql LIKE 'create virtual%'"
    ):
        module = sql.lower().split(" using ")[-1].strip()
        if not module.startswith(_HARMLESS_MODULES):
            raise Unreadable(
                _("it holds a table that reads from outside the file"),
                _("Export the layers to a new GeoPackage in the program that made it."),
            )


def _unsafe_views(database: sqlite3.Connection) -> list[str]:
    views = [n for (n,) in database.execute("SELECT name FROM sqlite_master WHERE type = 'view'")]
    return [name for name in views if not _view_ends(database, name)]


def _view_ends(database: sqlite3.Connection, name: str) -> bool:
    try:
        with _time_limit(database):
            database.execute(f"SELECT count(*) FROM (SELECT * FROM {_quoted(name)})").fetchone()  # noqa: S608
    except sqlite3.OperationalError:
        return False
    return True


def _layers(
    database: sqlite3.Connection, unsafe_views: Container[str]
) -> tuple[dict[str, int], list[str]]:
    """Count the rows of each layer; what the file itself says of them may be out of date.

    Returns
    -------
    layers : dict
        Name to rows.
    sentences : list of str
        What is registered as a layer, but is none.
    """
    there = {n for (n,) in database.execute("SELECT lower(name) FROM sqlite_master")}
    registered = database.execute("SELECT table_name, data_type FROM gpkg_contents").fetchall()
    layers, sentences = {}, []
    for name, kind in registered:
        if kind not in ("features", "attributes"):
            sentences.append(_("“{name}” holds images and was left out.").format(name=name))
        elif name.lower() not in there:
            sentences.append(_("The layer “{name}” is listed, but missing.").format(name=name))
        elif name not in unsafe_views:
            (layers[name],) = database.execute(f"SELECT count(*) FROM {_quoted(name)}").fetchone()  # noqa: S608
    if sentences and not layers and len(sentences) == len(registered):
        raise Unreadable(
            _("it holds no layer of places or rows"),
            _("Choose a file with features; images are shown as a basemap, not imported."),
        )
    return layers, sentences


def _quoted(name: str) -> str:
    return '"{}"'.format(name.replace('"', '""'))


def _view_warnings(views: list[str]) -> list[str]:
    return [
        _("The view “{name}” was left out: it does not end or does what a file must not.").format(
            name=name
        )
        for name in views
    ]


def _unregistered(database: sqlite3.Connection) -> list[str]:
    """Say which tables look like layers but are not registered as such."""
    tables = {name for (name,) in database.execute("SELECT lower(name) FROM sqlite_master")}
    if "gpkg_geometry_columns" not in tables:
        return [_("The list of geometry columns is missing; the layers are read as tables.")]
    names = database.execute(
        "SELECT table_name FROM gpkg_geometry_columns"
        " WHERE table_name NOT IN (SELECT table_name FROM gpkg_contents)"
    )
    return [
        _("The table “{name}” is not registered as a layer and was left out.").format(name=name)
        for (name,) in names
    ]


def _without_views(path: Path, views: list[str]) -> Path:
    """Copy the database without some of its views."""
    copy = path.with_name("without_views.gpkg")
    shutil.copyfile(path, copy)
    with contextlib.closing(sqlite3.connect(copy)) as database:
        database.execute("PRAGMA trusted_schema = OFF")
        for name in views:
            database.execute(f"DROP VIEW {_quoted(name)}")
            database.execute("DELETE FROM gpkg_contents WHERE table_name = ?", (name,))
        database.commit()
    return copy
