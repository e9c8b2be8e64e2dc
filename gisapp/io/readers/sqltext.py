"""Boundaries in SQL scripts: the rows of ``INSERT`` statements, read as text and never run.

So come the boundaries of Indonesian villages in the collection `cahyadsn/wilayah_boundaries`:
``kode, nama, lat, lng, path`` with rings of ``[lat, lng]``.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa
import shapely

from gisapp.core.words import _
from gisapp.io.readers.contents import Reading, ReadTable, Tick, Unreadable
from gisapp.io.readers.text import read_text

if TYPE_CHECKING:
    from pathlib import Path

_NAME = r"[`\"\[]?([\w.]+)[`\"\]]?"
_INSERT = re.compile(
    rf"\bINSERT\s+(?:IGNORE\s+)?INTO\s+{_NAME}\s*\(([^()]*)\)\s*VALUES\s*", re.IGNORECASE
)
_TOKEN = re.compile(
    r"\s*(?:(?P<mark>[(),;])|'(?P<text>(?:[^'\\]|''|\\.)*)'|(?P<bare>[^\s(),;']+))", re.DOTALL
)
_ESCAPE = re.compile(r"\\(.)|''", re.DOTALL)
_ESCAPED = {"n": "\n", "t": "\t", "r": "\r", "0": "\0"}
_RINGS = re.compile(r"\s*\[\s*\[")
_MOST_BYTES = 512 << 20
_GEOGRAPHIC = "EPSG:4326"

Row = list[str | None]


def read_sql(path: Path, tick: Tick) -> Reading:
    """Read the rows that a script of SQL would insert, a table each.

    Raises
    ------
    Unreadable
        Where there is none, or the script is too large or breaks off within a statement.
    """
    if path.stat().st_size > _MOST_BYTES:
        raise Unreadable(
            _("it is a script of more than {size} MB").format(size=_MOST_BYTES >> 20),
            _("Split it, or load it into its database and export the table as GeoPackage."),
        )
    text, _encoding = read_text(path)
    tables: dict[tuple[str, tuple[str, ...]], list[Row]] = {}
    for found in _INSERT.finditer(text):
        columns = tuple(x.strip().strip('`"[]') for x in found[2].split(","))
        rows = tables.setdefault((found[1], columns), [])
        for row in _rows(text, found.end()):
            if len(row) != len(columns):
                raise _broken(found[1], len(rows) + 1)
            rows.append(row)
        tick(found.end(), len(text))
    if not tables:
        raise Unreadable(
            _("it is a script without rows to read"),
            _("Export the table as GeoPackage or CSV from its database."),
        )
    return Reading("SQL", [_table(name, columns, x) for (name, columns), x in tables.items()])


def _rows(text: str, start: int) -> Iterator[Row]:
    """Give the rows of one statement's VALUES, up to its semicolon."""
    row: Row | None = None
    while (token := _TOKEN.match(text, start)) is not None:
        start = token.end()
        mark, quoted, bare = token.group("mark", "text", "bare")
        if mark == "(":
            row = []
        elif mark == ")" and row is not None:
            yield row
            row = None
        elif mark == ";" or (row is None and mark != ","):
            return
        elif row is not None and mark is None:
            row.append(_value(quoted, bare))
    if row is not None:
        raise Unreadable(_("it breaks off within a row"), _("Copy or download the file again."))


def _value(quoted: str | None, bare: str | None) -> str | None:
    if quoted is None:
        return None if bare is None or bare.upper() == "NULL" else bare
    return _ESCAPE.sub(lambda x: _ESCAPED.get(x[1], x[1]) if x[1] else "'", quoted)


def _table(name: str, columns: tuple[str, ...], rows: list[Row]) -> ReadTable:
    values: dict[str, list[str | None]] = dict(
        zip(columns, map(list, zip(*rows, strict=True)), strict=True)
    )
    path = next((x for x in columns if _holds_rings(values[x])), None)
    if path is None:
        return ReadTable(name, _as_table(values))
    shapes, unreadable = _shapes(values.pop(path))
    wkb = pa.array(shapely.to_wkb(shapes), pa.binary())
    kept = [n for n in range(len(rows)) if n + 1 not in unreadable]
    return ReadTable(
        name,
        _as_table(values).take(kept),
        wkb.take(pa.array(kept, pa.int64())),
        "MultiPolygon",
        _GEOGRAPHIC,
        unreadable,
        np.array(kept, np.int64) + 1 if unreadable else None,
    )


def _as_table(values: dict[str, list[str | None]]) -> Any:
    return pa.table({name: pa.array(column, pa.string()) for name, column in values.items()})


def _holds_rings(column: list[str | None]) -> bool:
    said = [x for x in column if x]
    return bool(said) and all(_RINGS.match(x) for x in said)


def _shapes(column: list[str | None]) -> tuple[list[Any], dict[int, str]]:
    shapes, unreadable = [], {}
    for n, text in enumerate(column, 1):
        try:
            shapes.append(None if not text else _multipolygon(json.loads(text)))
        except (ValueError, TypeError, RecursionError):
            shapes.append(None)
            unreadable[n] = _("its outline cannot be read")
    return shapes, unreadable


def _multipolygon(path: Any) -> Any:
    """Return nested lists of ``[lat, lng]`` as areas.

    A list of rings is one area whose rings are told apart by where they lie: the collection
    writes islands and holes alike.
    """
    areas = [shapely.Polygon([(x, y) for y, x in ring]) for ring in _rings(path)]
    if len(areas) == 1:
        return shapely.multipolygons(areas)
    parts = shapely.get_parts(_even_odd(areas))
    return shapely.multipolygons(parts[shapely.get_type_id(parts) == shapely.GeometryType.POLYGON])


def _rings(nested: Any) -> Iterator[Any]:
    if isinstance(nested[0][0], int | float):
        yield nested
    else:
        for inner in nested:
            yield from _rings(inner)


def _even_odd(areas: list[Any]) -> Any:
    """Return what lies in an odd number of the areas: a ring within another is a hole in it."""
    whole = shapely.make_valid(areas[0])
    for area in areas[1:]:
        whole = shapely.symmetric_difference(whole, shapely.make_valid(area))
    return whole


def _broken(table: str, row: int) -> Unreadable:
    return Unreadable(
        _("row {row} for the table “{table}” has another number of values than columns").format(
            row=row, table=table
        ),
        _("Export the table again from its database."),
    )
