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
from shapely.errors import ShapelyError

from gisapp.core.words import _
from gisapp.io.readers.contents import Reading, ReadTable, Tick, Unreadable
from gisapp.io.readers.headers import made_up_names
from gisapp.io.readers.text import read_text

if TYPE_CHECKING:
    from pathlib import Path

_PART = r"(?:`[^`]+`|\"[^\"]+\"|\[[^\]]+\]|[\w$]+)"
_NAME = rf"({_PART}(?:\s*\.\s*{_PART})*)"
_ROWS = re.compile(
    rf"(?:(?:\bINSERT\s+(?:IGNORE\s+|OR\s+\w+\s+)?|\bREPLACE\s+)INTO\s+{_NAME}\s*"
    rf"(?:\(([^()]*)\)\s*)?(?:OVERRIDING\s+\w+\s+VALUE\s+)?VALUES?\s*"
    rf"|^COPY\s+{_NAME}\s*\(([^()]*)\)\s+FROM\s+stdin[^\n]*;\r?\n)",
    re.IGNORECASE | re.MULTILINE,
)
_CREATED = r"CREATE\s+TABLE\s+(?:IF\s+NOT\s+EXISTS\s+)?{name}\s*\((.*?)\n\s*\)"
_COLUMN = re.compile(rf"^\s*({_PART})\s+\w", re.MULTILINE)
_NO_COLUMN = re.compile(r"primary|unique|key|constraint|index|foreign|check|fulltext|spatial", re.I)
_COMMENTED = re.compile(r"(?:--|#)[^\n]*\Z")
_STRING = re.compile(r"'[^']*+'")
# Strings end at the first quote that is neither doubled nor, as MySQL writes it, escaped.
_TOKEN = re.compile(
    r"\s*(?:(?P<mark>[(),;])|'(?P<text>(?:[^'\\]++|''|\\.)*+)'|(?P<bare>[^\s(),;']+))", re.DOTALL
)
_PLAIN_TOKEN = re.compile(
    r"\s*(?:(?P<mark>[(),;])|'(?P<text>(?:[^']++|'')*+)'|(?P<bare>[^\s(),;']+))", re.DOTALL
)
_ESCAPE = re.compile(r"\\(.)|''", re.DOTALL)
_ESCAPED = {"n": "\n", "t": "\t", "r": "\r", "0": "\0", "b": "\b"}
_RINGS = re.compile(r"\s*\[\s*\[")
_MOST_BYTES = 512 << 20
_MOST_LATITUDE = 90.0
_TICK_ROWS = 100
_GEOGRAPHIC = "EPSG:4326"

Row = list[str | None]


def read_sql(path: Path, tick: Tick) -> Reading:
    """Read the rows that a script of SQL would insert, a table each; nothing is run.

    Parameters
    ----------
    path : Path
        A dump of MySQL, MariaDB, SQLite or PostgreSQL, with ``INSERT`` or ``COPY``.
    tick : callable
        Told the number of characters done and in all.

    Raises
    ------
    Unreadable
        Where it holds no rows, is too large or breaks off within a statement.
    """
    if path.stat().st_size > _MOST_BYTES:
        raise Unreadable(
            _("it is a script of more than {size} MB").format(size=_MOST_BYTES >> 20),
            _("Split it, or load it into its database and export the table as GeoPackage."),
        )
    text, encoding = read_text(path)
    tables = _rows_by_table(text, tick)
    if not tables:
        raise Unreadable(
            _("it is a script without rows to read"),
            _("Export the table as GeoPackage or CSV from its database."),
        )
    warnings = [encoding.warning] if encoding.warning else []
    if not text.rstrip().endswith((";", "*/", "\\.")) and not _COMMENTED.search(text.rstrip()):
        warnings.append(
            _("Its last statement does not end: compare the number of rows, it may be cut off.")
        )
    found = [_table(name, columns, rows, tick) for (name, columns), rows in tables.items()]
    return Reading("SQL", found, warnings)


def _rows_by_table(text: str, tick: Tick) -> dict[tuple[str, tuple[str, ...]], list[Row]]:
    """Return the rows of all statements under their table's name and columns."""
    tables: dict[tuple[str, tuple[str, ...]], list[Row]] = {}
    created: dict[str, tuple[str, ...]] = {}
    for name, named, rows in _statements(text, tick):
        if not named and name not in created:
            created[name] = _created_columns(text, name)
        columns = named or created[name] or _numbered(rows)
        if rows:
            tables.setdefault((name, columns), []).extend(rows)
    return tables


def _numbered(rows: list[Row]) -> tuple[str, ...]:
    return tuple(made_up_names(len(rows[0]))) if rows else ()


def _statements(text: str, tick: Tick) -> Iterator[tuple[str, tuple[str, ...], list[Row]]]:
    """Give each statement's table, its columns where it names them, and its rows."""
    token = _PLAIN_TOKEN if _is_postgres(text) else _TOKEN
    at = 0
    while found := _ROWS.search(text, at):
        line = max(text.rfind("\n", at, found.start()) + 1, at)
        if _COMMENTED.search(_STRING.sub("", text[line : found.start()])):
            at = text.find("\n", found.start()) + 1 or len(text)
            continue
        at = found.end()
        if found[3]:
            at = _end_of_copy(text, at)
            yield _name(found[3]), _names(found[4]), _copied(text[found.end() : at])
        else:
            reader = _Values(text, at, token)
            yield _name(found[1]), _names(found[2] or ""), list(reader.rows())
            at = reader.at
        tick(at, len(text))


def _is_postgres(text: str) -> bool:
    """Whether a backslash is an ordinary character in strings, as the SQL standard has it."""
    head = text[:4096]
    return "PostgreSQL" in head or "standard_conforming_strings = on" in head


def _name(written: str) -> str:
    """Return a table's name without its schema and quotes."""
    parts: list[str] = re.findall(_PART, written)
    return parts[-1].strip('`"[]')


def _names(written: str) -> tuple[str, ...]:
    return tuple(x.strip().strip('`"[]') for x in written.split(",") if x.strip())


def _created_columns(text: str, table: str) -> tuple[str, ...]:
    """Return the columns of a table as the script makes it; empty where it does not."""
    name = rf"(?:{_PART}\s*\.\s*)?[`\"\[]?{re.escape(table)}[`\"\]]?"
    made = re.search(_CREATED.format(name=name), text, re.IGNORECASE | re.DOTALL)
    if made is None:
        return ()
    columns = (found[1] for found in _COLUMN.finditer(made[1]))
    return tuple(x.strip('`"[]') for x in columns if not _NO_COLUMN.fullmatch(x))


def _end_of_copy(text: str, start: int) -> int:
    end = text.find("\n\\.", start - 1)
    if end < 0:
        raise Unreadable(_("it breaks off within a row"), _("Copy or download the file again."))
    return end + 1


def _copied(block: str) -> list[Row]:
    r"""Read the lines of a PostgreSQL ``COPY``: cells parted by tabs, missing ones ``\N``."""
    return [
        [None if cell == "\\N" else _unescaped(cell) for cell in line.split("\t")]
        for line in block.split("\n")[:-1]
    ]


class _Values:
    """Reads the rows of one statement's VALUES, up to its semicolon; `at` is where it stands."""

    def __init__(self, text: str, at: int, token: re.Pattern[str]) -> None:
        self._text = text
        self._token = token
        self.at = at

    def rows(self) -> Iterator[Row]:
        row: Row | None = None
        cell: list[tuple[str | None, str | None]] = []
        depth = 0
        while (token := self._token.match(self._text, self.at)) is not None:
            mark, quoted, bare = token.group("mark", "text", "bare")
            if depth == 0 and mark not in ("(", ","):
                break
            self.at = token.end()
            depth += {"(": 1, ")": -1}.get(mark, 0)
            if depth == 1 and mark == "(":
                row, cell = [], []
            elif row is not None and (depth, mark) in ((1, ","), (0, ")")):
                row.append(self._value(cell))
                cell = []
                if depth == 0:
                    yield row
            elif mark is None:
                cell.append((quoted, bare))
        if depth:
            raise Unreadable(_("it breaks off within a row"), _("Copy or download the file again."))

    def _value(self, cell: list[tuple[str | None, str | None]]) -> str | None:
        """Return a cell: a string, also one that a function or a cast is given; else as it is."""
        for n, (quoted, _bare) in enumerate(cell):
            if quoted is not None:
                escapes = self._token is _TOKEN or (n > 0 and cell[n - 1][1] in ("E", "e"))
                return _unescaped(quoted) if escapes else quoted.replace("''", "'")
        words = [bare for _quoted, bare in cell if bare]
        return None if not words or words[0].upper() == "NULL" else " ".join(words)


def _unescaped(text: str) -> str:
    return _ESCAPE.sub(lambda x: _ESCAPED.get(x[1], x[1]) if x[1] else "'", text)


def _table(name: str, columns: tuple[str, ...], rows: list[Row], tick: Tick) -> ReadTable:
    unreadable = {
        n: _("{found} values under {expected} columns").format(
            found=len(row), expected=len(columns)
        )
        for n, row in enumerate(rows, 1)
        if len(row) != len(columns)
    }
    whole = [n for n in range(1, len(rows) + 1) if n not in unreadable]
    values = {name: [rows[n - 1][at] for n in whole] for at, name in enumerate(columns)}
    path = next((x for x in columns if _holds_rings(values[x])), None)
    if path is None:
        numbers = np.array(whole, np.int64) if unreadable else None
        return ReadTable(name, _as_table(values), unreadable=unreadable, row_numbers=numbers)
    shapes, broken = _shapes(values.pop(path), tick)
    unreadable |= {whole[n]: reason for n, reason in broken.items()}
    kept = pa.array([n for n in range(len(whole)) if n not in broken], pa.int64())
    return ReadTable(
        name,
        _as_table(values).take(kept),
        pa.array(shapely.to_wkb(shapes), pa.binary()).take(kept),
        "MultiPolygon",
        _GEOGRAPHIC,
        unreadable,
        np.array(whole, np.int64)[kept.to_numpy()] if unreadable else None,
    )


def _as_table(values: dict[str, list[str | None]]) -> Any:
    return pa.table({name: pa.array(column, pa.string()) for name, column in values.items()})


def _holds_rings(column: list[str | None]) -> bool:
    said = [x for x in column if x]
    return bool(said) and all(_RINGS.match(x) for x in said)


def _shapes(column: list[str | None], tick: Tick) -> tuple[list[Any], dict[int, str]]:
    """Return the areas of outlines as text, and the positions of those that are none."""
    shapes, unreadable = [], {}
    for n, text in enumerate(column):
        if n % _TICK_ROWS == 0:
            tick(n, len(column))
        try:
            shapes.append(None if not text else _multipolygon(json.loads(text)))
        except (ValueError, TypeError, LookupError, RecursionError, ShapelyError):
            shapes.append(None)
            unreadable[n] = _("its outline cannot be read")
    return shapes, unreadable


def _multipolygon(path: Any) -> Any:
    """Return nested lists of ``[lat, lng]`` as areas.

    A list of rings is one area whose rings are told apart by where they lie: the collection
    writes islands and holes alike.
    """
    areas = [_area(ring) for ring in _rings(path)]
    if len(areas) == 1:
        return shapely.multipolygons(areas)
    parts = shapely.get_parts(_even_odd(areas))
    return shapely.multipolygons(parts[shapely.get_type_id(parts) == shapely.GeometryType.POLYGON])


def _area(ring: Any) -> Any:
    """Return a ring of ``[lat, lng]``; a first number that is no latitude says ``[lng, lat]``."""
    if any(abs(first) > _MOST_LATITUDE for first, _second, *_height in ring):
        return shapely.Polygon([(x, y) for x, y, *_height in ring])
    return shapely.Polygon([(x, y) for y, x, *_height in ring])


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
