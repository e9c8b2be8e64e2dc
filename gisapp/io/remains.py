"""What can still be read of a project file, worked out in the child process.

Every table is read from its pages (`gisapp.io.pages`), so that a damaged file gives up what lies
before and after the damage. The answer is plain JSON; the rows themselves go, where they are
wanted, into a fresh GeoPackage that holds nothing of the old one's schema.
"""

from __future__ import annotations

import contextlib
import hashlib
import sqlite3
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import shapely

from gisapp.core.words import _
from gisapp.io.leftovers import copy_with_leftovers, leftovers
from gisapp.io.listed import RESERVED, usable_entries, usable_quarantine
from gisapp.io.nameless import found_again
from gisapp.io.pages import Damaged, Entry, Loss, Pages
from gisapp.io.project_db import (
    BOOK_TABLES,
    FILES_TABLE,
    GEOMETRY_COLUMN,
    LATER_TABLES,
    make_files_table,
    opened,
    quoted,
)
from gisapp.io.readers.contents import Unreadable
from gisapp.io.table_sql import columns_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from gisapp.io.pages import Value
    from gisapp.io.readers.contents import Tick

_AT_ONCE = 2_000
_INTEGRITY_STEPS = 5_000_000
_TYPES = frozenset({"INTEGER", "MEDIUMINT", "SMALLINT", "TINYINT", "BOOLEAN", "REAL", "FLOAT",
                    "TEXT", "BLOB"})  # fmt: skip
# What stands before the geometry itself (GeoPackage 1.3, 2.1.3): by the envelope's code.
_ENVELOPE_BYTES = (0, 32, 48, 48, 64)


@dataclass
class Part:
    """What was read of one table of a layer or relation.

    `expected` is the number of rows that the file itself states, None where it does not;
    `indexed` that of the spatial index, None where there is none; `empty` that of the located
    rows whose geometry is empty and in no index.
    """

    table: str
    missing: bool = False
    columns: list[tuple[str, str]] = field(default_factory=list)
    rows: int = 0
    expected: int | None = None
    damaged_pages: int = 0
    damaged_rows: int = 0
    located: int = 0
    empty: int = 0
    bad_geometries: int = 0
    repeated_ids: int = 0
    indexed: int | None = None


@dataclass
class Remains:
    """What a project file still holds; `book` is table to rows, without the quarantine.

    `reason` is what SQLite says is wrong with the file, empty where nothing is. `lost` are the
    tables of the book that lack something. `others` are tables of other programs. `attached` are
    the SHA-256 of the attachments whose bytes are what they were.
    """

    reason: str = ""
    book: dict[str, list[dict[str, Any]]] = field(default_factory=dict)
    lost: list[str] = field(default_factory=list)
    quarantined: dict[str, int] = field(default_factory=dict)
    crs: str = ""
    parts: list[Part] = field(default_factory=list)
    others: list[str] = field(default_factory=list)
    attached: list[str] = field(default_factory=list)


def remains(path: Path, scratch: Path, target: Path | None, tick: Tick) -> dict[str, Any]:
    """Read what can be read of the project file `path`, which is not changed.

    Parameters
    ----------
    path : Path
        A project file, damaged or not.
    scratch : Path
        A folder of our own.
    target : Path, optional
        A GeoPackage without layers, to which every readable row is added.
    tick : callable
        Told (pages read, pages in all).

    Raises
    ------
    Unreadable
        Where no table can be found in it.
    """
    settled = _settled(path, scratch)
    found = Remains(reason=_complaint(settled, tick))
    try:
        with Pages(settled, tick) as pages:
            entries, whole = pages.schema()
            if not entries:
                raise Damaged
            with _output(target) as output:
                _Reader(pages, entries, output, whole).read(found)
    except Damaged:
        raise Unreadable(_("nothing in it can be read"), _("Open a backup copy of it.")) from None
    return asdict(found)


def _settled(path: Path, scratch: Path) -> Path:
    """Return the file with what a killed writer left beside it taken in, on a copy."""
    if not leftovers(path):
        return path
    copy = scratch / "project.gpkg"
    copy_with_leftovers(path, copy)
    return copy


def _complaint(path: Path, tick: Tick) -> str:
    """Return what SQLite finds wrong with the file, empty where all is well."""
    try:
        with opened(path) as connection:
            connection.set_progress_handler(lambda: tick(0, 0), _INTEGRITY_STEPS)
            (answer,) = connection.execute("PRAGMA integrity_check(1)").fetchone()
    except (sqlite3.DatabaseError, UnicodeDecodeError) as error:
        return str(error)
    return "" if answer == "ok" else str(answer).splitlines()[-1][:200]


@contextlib.contextmanager
def _output(target: Path | None) -> Iterator[sqlite3.Connection | None]:
    if target is None:
        yield None
        return
    with opened(target, write=True) as connection:
        connection.execute("BEGIN")
        yield connection
        connection.execute("COMMIT")


class _Reader:
    """Goes once over a file: the book first, then the tables that it names."""

    def __init__(
        self,
        pages: Pages,
        entries: dict[str, Entry],
        output: sqlite3.Connection | None,
        whole: bool,
    ) -> None:
        self._pages, self._entries, self._output = pages, entries, output
        self._whole = whole
        self._counts: dict[str, int] = {}
        self._read: set[str] = set()

    def read(self, found: Remains) -> None:
        self._book(found)
        self._counts = {
            str(x.get("table_name")).casefold(): n
            for x in self._dicts("gpkg_ogr_contents")[0]
            if isinstance(n := x.get("feature_count"), int)
        }
        found.crs = self._crs()
        if not self._whole:
            named_rows = (*found.book["gisapp_layers"], *found.book["gisapp_tables"])
            self._entries |= found_again(self._pages, self._entries, named_rows)
        named = [
            row["table_name"]
            for book in ("gisapp_layers", "gisapp_tables")
            for row in found.book[book]
        ]
        others = [x for x in self._entries if not RESERVED.match(x) and x not in named]
        if not self._whole or {"gisapp_layers", "gisapp_tables"} & set(found.lost):
            strays = [x for x in others if self._is_ours(x)]
        else:
            strays = []
        found.others = [x for x in others if x not in strays]
        found.parts = [self._part(name) for name in (*named, *strays)]
        found.attached = list(self._attached())

    def _book(self, found: Remains) -> None:
        """Read gisapp's own tables, of the lists only what can be relied on."""
        taken: set[str] = set()
        for name in BOOK_TABLES:
            rows, loss = self._dicts(name)
            unusable = False
            if name == "gisapp_quarantine":
                rows, unusable = usable_quarantine(rows)
                self._quarantine(rows, found)
            elif name in ("gisapp_layers", "gisapp_tables"):
                rows, unusable = usable_entries(name, rows, taken)
                taken |= {x["table_name"].casefold() for x in rows}
            if loss or unusable:
                found.lost.append(name)
            if name != "gisapp_quarantine":
                found.book[name] = rows
        for row in (*found.book["gisapp_layers"], *found.book["gisapp_tables"]):
            if row["quarantined"] is None:
                row["quarantined"] = found.quarantined.get(row["table_name"])

    def _dicts(self, name: str) -> tuple[list[dict[str, Any]], bool]:
        """Return the rows of a table by column name, and whether anything of it is lost."""
        entry = self._entries.get(name)
        if entry is None:
            return [], not (self._whole and name in LATER_TABLES)
        columns, loss = columns_of(entry.sql), Loss()
        rows = [
            {x: _plain(v) for (x, _type), v in zip(columns, values, strict=False)}
            | _own_number(columns, number)
            for number, values in self._pages.rows(entry.root, loss)
        ]
        return rows, bool(loss) or not columns

    def _attached(self) -> Iterator[str]:
        """Give the fingerprints of the attachments' bytes that can be read and are right."""
        entry = self._entries.get(FILES_TABLE)
        if entry is None:
            return
        if self._output is not None:
            make_files_table(self._output)
        for _number, values in self._pages.rows(entry.root, Loss()):
            sha256, content = (*values, None, None)[:2]
            if isinstance(content, bytes) and hashlib.sha256(content).hexdigest() == sha256:
                if self._output is not None:
                    insert = f"INSERT OR IGNORE INTO {FILES_TABLE} VALUES (?, ?)"  # noqa: S608
                    self._output.execute(insert, (sha256, content))
                yield sha256

    def _crs(self) -> str:
        """Return the CRS of the features as the GeoPackage itself states it."""
        used = {x.get("srs_id") for x in self._dicts("gpkg_geometry_columns")[0]}
        for row in self._dicts("gpkg_spatial_ref_sys")[0]:
            if row.get("srs_id") in used:
                return f"{row.get('organization')}:{row.get('organization_coordsys_id')}"
        return ""

    def _is_ours(self, name: str) -> bool:
        columns = dict(columns_of(self._entries[name].sql))
        return (
            "\0" not in name
            and "fid" in columns
            and (GEOMETRY_COLUMN not in columns or "id" in columns)
        )

    def _quarantine(self, rows: list[dict[str, Any]], found: Remains) -> None:
        for row in rows:
            table = row["table_name"]
            found.quarantined[table] = found.quarantined.get(table, 0) + 1
        if self._output is not None:
            names = ("table_name", "row", "id", "reason", "values")
            self._output.execute(
                f"CREATE TABLE gisapp_quarantine ({BOOK_TABLES['gisapp_quarantine']})"
            )
            self._output.executemany(
                "INSERT INTO gisapp_quarantine VALUES (?, ?, ?, ?, ?)",
                ([row.get(x) for x in names] for row in rows),
            )

    def _part(self, name: str) -> Part:
        entry = self._entries.get(name)
        part = Part(name, expected=self._counts.get(name.casefold()))
        part.columns = [] if entry is None else columns_of(entry.sql)
        if entry is None or not part.columns or name.casefold() in self._read:
            part.missing = True
            return part
        self._read.add(name.casefold())
        if self._output is not None:
            _create(self._output, part)
        loss, ids = Loss(), _Ids(part)
        for rows in _batched(self._pages.rows(entry.root, loss), len(part.columns)):
            _check_geometries(rows, part)
            ids.add(rows)
            taken = len(rows)
            if self._output is not None:
                marks = ", ".join("?" * (len(part.columns)))
                taken = self._output.executemany(
                    f"INSERT OR IGNORE INTO {quoted(name)} VALUES ({marks})",  # noqa: S608
                    rows,
                ).rowcount
            part.rows += taken
            part.damaged_rows += len(rows) - taken
        part.damaged_pages = loss.pages
        part.damaged_rows += loss.rows
        part.repeated_ids = ids.repeated
        index = self._entries.get(f"rtree_{name}_{GEOMETRY_COLUMN}_rowid")
        if index is not None:
            part.indexed = sum(1 for _row in self._pages.rows(index.root, Loss()))
        return part


class _Ids:
    """Counts the rows of a layer whose id another row has, or that have none."""

    def __init__(self, part: Part) -> None:
        names = [name for name, _type in part.columns]
        of_layer = GEOMETRY_COLUMN in names and "id" in names
        self._at = names.index("id") if of_layer else None
        self._seen: set[Value] = {None}
        self.repeated = 0

    def add(self, rows: Sequence[Sequence[Value]]) -> None:
        if self._at is None:
            return
        for row in rows:
            if row[self._at] in self._seen:
                self.repeated += 1
            self._seen.add(row[self._at])


def _plain(value: Value) -> Value:
    """Take bytes, which gisapp's own tables never hold, for nothing: JSON has none."""
    return None if isinstance(value, bytes) else value


def _own_number(columns: list[tuple[str, str]], number: int) -> dict[str, int]:
    """Give a column that stands for the row's number its value, which is not stored."""
    return {"position": number} if columns and columns[0][0] == "position" else {}


def _batched(rows: Iterable[tuple[int, list[Value]]], width: int) -> Iterator[list[list[Value]]]:
    """Gather rows, each with its number in the first column and as wide as the table is now."""
    batch: list[list[Value]] = []
    for number, values in rows:
        batch.append([number, *values[1:width], *[None] * (width - len(values))])
        if len(batch) == _AT_ONCE:
            yield batch
            batch = []
    if batch:
        yield batch


def _check_geometries(rows: list[list[Value]], part: Part) -> None:
    """Count the geometries, and take those out that cannot be read."""
    names = [name for name, _type in part.columns]
    if GEOMETRY_COLUMN not in names:
        return
    at = names.index(GEOMETRY_COLUMN)
    wkb = np.array([*map(_wkb, (row[at] for row in rows)), None], dtype=object)[:-1]
    shapes = shapely.from_wkb(wkb, on_invalid="ignore")
    part.empty += int(shapely.is_empty(shapes).sum())
    for row, is_bad in zip(rows, shapely.is_missing(shapes), strict=True):
        if row[at] is None:
            continue
        if is_bad:
            row[at] = None
            part.bad_geometries += 1
        else:
            part.located += 1


def _wkb(value: Value) -> bytes | None:
    """Return the geometry of a GeoPackage's value without what stands before it."""
    if not isinstance(value, bytes) or len(value) < 8 or value[:2] != b"GP":
        return None
    envelope = value[3] >> 1 & 7
    return value[8 + _ENVELOPE_BYTES[envelope] :] if envelope < len(_ENVELOPE_BYTES) else None


def _create(output: sqlite3.Connection, part: Part) -> None:
    """Make a plain table for `part`, registered so that GDAL finds it."""
    names = [name for name, _type in part.columns]
    columns = [f"{quoted(names[0])} INTEGER PRIMARY KEY"]
    for name, kind in part.columns[1:]:
        plain = kind if kind in _TYPES else "TEXT"
        columns.append(f"{quoted(name)} {'GEOMETRY' if name == GEOMETRY_COLUMN else plain}")
    output.execute(f"CREATE TABLE {quoted(part.table)} ({', '.join(columns)})")
    located = GEOMETRY_COLUMN in names
    output.execute(
        "INSERT INTO gpkg_contents (table_name, data_type, identifier, srs_id) VALUES (?, ?, ?, ?)",
        (part.table, "features" if located else "attributes", part.table, -1 if located else 0),
    )
    if located:
        output.execute(
            "INSERT INTO gpkg_geometry_columns VALUES (?, ?, 'GEOMETRY', -1, 2, 2)",
            (part.table, GEOMETRY_COLUMN),
        )
