"""The rows of a damaged project's book as the rest can rely on them."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from gisapp.io.project_db import BOOK_TABLES

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable

RESERVED = re.compile(r"gpkg_|gisapp_|sqlite_|rtree_|layer_styles$", re.IGNORECASE)
_COLUMNS = {
    table: tuple(x.split()[0].strip('"') for x in columns.split(", "))
    for table, columns in BOOK_TABLES.items()
}
_NEEDED = ("name", "table_name", "kind")
# What stands for a value that is not of its column's type.
_USUAL: dict[str, Any] = {
    "title": "",
    "plan": "",
    "visible": 1,
    "quarantined": None,
    "unmatched": None,
}


def usable_entries(
    table: str, rows: Iterable[dict[str, Any]], taken: Collection[str]
) -> tuple[list[dict[str, Any]], bool]:
    """Return the rows of a list of layers that each name a table of their own.

    Parameters
    ----------
    table : str
        ``gisapp_layers`` or ``gisapp_tables``.
    rows : iterable of dict
        As they lie in the file, by column name.
    taken : collection of str
        Tables, in lower case, that are another list's.

    Returns
    -------
    list of dict
        With every column of `table`, and numbers where numbers are to be.
    bool
        Whether anything was left out or made up.
    """
    names: set[str] = set()
    tables = set(taken)
    usable: list[dict[str, Any]] = []
    changed = False
    for row in rows:
        entry: dict[str, Any] = {x: row.get(x) for x in _COLUMNS[table]}
        named = all(isinstance(entry[x], str) for x in _NEEDED)
        if (
            not named
            or "\0" in entry["table_name"]
            or entry["name"] in names
            or entry["table_name"].casefold() in tables
            or RESERVED.match(entry["table_name"])
        ):
            changed = True
            continue
        names.add(entry["name"])
        tables.add(entry["table_name"].casefold())
        odd = [x for x in _USUAL if x in entry and not _is_sound(x, entry[x])]
        usable.append({**entry, **{x: _USUAL[x] for x in odd}})
        changed = changed or bool(odd)
    return usable, changed


def usable_quarantine(rows: list[dict[str, Any]]) -> tuple[list[dict[str, Any]], bool]:
    """Return the quarantined rows that name their table and number, and whether any does not."""
    usable = [
        x for x in rows if isinstance(x.get("table_name"), str) and isinstance(x.get("row"), int)
    ]
    return usable, len(usable) < len(rows)


def _is_sound(column: str, value: object) -> bool:
    if column in ("title", "plan"):
        return isinstance(value, str)
    return isinstance(value, int) or (value is None and column != "visible")
