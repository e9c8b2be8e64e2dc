"""Tables that a damaged project file no longer names, found by what their rows look like."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from gisapp.io.pages import Entry, Loss
from gisapp.io.project_db import GEOMETRY_COLUMN, quoted

if TYPE_CHECKING:
    from collections.abc import Iterable

    from gisapp.io.pages import Pages

_GEOMETRY_MAGIC = b"GP"
_TYPES = {"float": "REAL", "int": "INTEGER", "uint": "INTEGER", "bool": "BOOLEAN"}


def found_again(
    pages: Pages, entries: dict[str, Entry], rows: Iterable[dict[str, Any]]
) -> dict[str, Entry]:
    """Return the tables of `rows` of the book that `entries` lack, where there is no doubt.

    A tree that no entry names is taken for a table where its first row has as many values as the
    book says, a geometry where it says so, and both hold of no other tree and no other table.
    """
    lacking = [x for x in rows if str(x.get("table_name")) not in entries]
    if not lacking:
        return {}
    trees = {x: _first_row(pages, x) for x in pages.nameless(y.root for y in entries.values())}
    fits = {
        str(row["table_name"]): [root for root, values in trees.items() if _fits(values, row)]
        for row in lacking
    }
    found = {}
    for row in lacking:
        name = str(row["table_name"])
        others = {root for other, roots in fits.items() if other != name for root in roots}
        match fits[name]:
            case [root] if root not in others:
                found[name] = Entry(name, root, _sql(name, row))
    return found


def _first_row(pages: Pages, root: int) -> list[Any]:
    return next((values for _number, values in pages.rows(root, Loss())), [])


def _fits(values: list[Any], row: dict[str, Any]) -> bool:
    columns = _columns(row)
    if not columns or len(values) != len(columns) + 1 or values[0] is not None:
        return False
    if columns[0][0] != GEOMETRY_COLUMN:
        return not any(isinstance(x, bytes) for x in values)
    return values[1] is None or (isinstance(values[1], bytes) and values[1][:2] == _GEOMETRY_MAGIC)


def _columns(row: dict[str, Any]) -> list[tuple[str, str]]:
    """Return the columns as they lie in the file (name, dtype), but for the row's number."""
    try:
        columns = [(str(stored), str(dtype)) for _name, stored, dtype in json.loads(row["columns"])]
    except (TypeError, ValueError):
        return []
    return sorted(columns, key=lambda x: x[0] != GEOMETRY_COLUMN)


def _sql(name: str, row: dict[str, Any]) -> str:
    columns = ", ".join(
        f"{quoted(stored)} {_TYPES.get(dtype.lower().rstrip('0123456789'), 'TEXT')}"
        for stored, dtype in _columns(row)
    )
    return f'CREATE TABLE {quoted(name)} ("fid" INTEGER PRIMARY KEY, {columns})'
