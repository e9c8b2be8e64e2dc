"""Saving what is readable of a damaged project into a new one."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING
from uuid import uuid4

from gisapp.core.catalogue import LAYER_KINDS
from gisapp.core.errors import GisappError
from gisapp.core.project import DEFAULT_CRS, FORMAT_VERSION, Parameters
from gisapp.core.words import _
from gisapp.io.atomic import refuse_existing
from gisapp.io.project_book import makes_sense, stored_at, unreadable_values
from gisapp.io.project_check import ask_remains, lost_rows, meta_of
from gisapp.io.project_db import (
    BOOK_TABLES,
    GEOMETRY_COLUMN,
    distinct,
    opened,
    refuse_newer,
    write_book,
)
from gisapp.io.project_file import load_project, save_project
from gisapp.io.project_frames import ID_COLUMN
from gisapp.io.project_styles import create_geopackage
from gisapp.io.scratch import private_folder
from gisapp.io.styles import format_style, load_style

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from pathlib import Path

    from gisapp.core.progress import Progress
    from gisapp.core.style import Style
    from gisapp.io.project_db import Row
    from gisapp.io.remains import Part, Remains

# As frames hold what SQLite calls so; the rest is text.
_DTYPES = {"INTEGER": "Int64", "MEDIUMINT": "Int64", "SMALLINT": "Int64", "TINYINT": "Int64",
           "BOOLEAN": "boolean", "REAL": "float64", "FLOAT": "float64"}  # fmt: skip


@dataclass(frozen=True)
class SalvagedPart:
    """One layer or table: the rows that were saved, and how many are lost (None: not known).

    `replaced` names what gisapp kept about it and could not be read: ``columns``, ``style``,
    ``report``, or all three as ``entry``.
    """

    name: str
    kind: str
    rows: int
    lost: int | None
    unreadable_geometries: int
    replaced: tuple[str, ...]


@dataclass(frozen=True)
class Salvaged:
    """What was saved to `file`, part by part; `others` are tables that were not taken along.

    `attachments` is how many were saved, `attachments_lost` the names of the others.
    """

    file: str
    layers: tuple[SalvagedPart, ...]
    tables: tuple[SalvagedPart, ...]
    runs: int
    exports: int
    others: tuple[str, ...]
    attachments: int = 0
    attachments_lost: tuple[str, ...] = ()


def salvage_project(path: Path, target: Path, progress: Progress) -> Salvaged:
    """Write what is readable of the project at `path` to a new project at `target`.

    Rows are read page by page past the damaged ones. Where the list of layers is damaged, tables
    that look like layers are taken as they are, in their kind's style. `path` is not changed.

    Raises
    ------
    GisappError
        Where `target` exists or cannot be written, where nothing is left of `path`, or where it
        is of a newer format.
    """
    refuse_existing(target)
    with private_folder("salvage") as folder:
        fresh = folder / "project.gpkg"
        create_geopackage(fresh)
        found = ask_remains(path, fresh, progress)
        stated = meta_of(found)
        if stated.get("format_version"):
            refuse_newer(stated, path)
        meta = _sensible(stated, found.crs)
        entries = list(_entries(found, meta["format_version"]))
        if not any(x.part.rows for x in entries):
            raise _nothing_left(path)
        runs = [x for x in found.book["gisapp_runs"] if makes_sense(meta, runs=[x])]
        exports = [x for x in found.book["gisapp_exports"] if makes_sense(meta, exports=[x])]
        attachments = [x for x in found.book["gisapp_attachments"] if _is_whole(x, meta, found)]
        _write_book(fresh, meta, entries, (runs, exports, attachments))
        save_project(load_project(fresh), target, progress=progress)
    return Salvaged(
        file=str(target),
        layers=tuple(x.told for x in entries if x.is_layer),
        tables=tuple(x.told for x in entries if not x.is_layer),
        runs=len(runs),
        exports=len(exports),
        others=tuple(found.others),
        attachments=len(attachments),
        attachments_lost=_lost(found.book["gisapp_attachments"], attachments),
    )


def _lost(rows: Sequence[Row], saved: Sequence[Row]) -> tuple[str, ...]:
    return tuple(str(row.get("name")) for row in rows if row not in saved)


def _is_whole(row: Row, meta: Mapping[str, str], found: Remains) -> bool:
    return row.get("sha256") in found.attached and makes_sense(meta, attachments=[row])


@dataclass(frozen=True)
class _Entry:
    """One table with the row of the book that is to describe it."""

    part: Part
    row: Row
    told: SalvagedPart

    @property
    def is_layer(self) -> bool:
        return "style" in self.row


def _sensible(stated: Mapping[str, str], crs: str) -> dict[str, str]:
    """Return the project's own values, with usual ones where those in the file make no sense."""
    meta = {
        "format_version": str(FORMAT_VERSION),
        "uuid": str(uuid4()),
        "crs": crs or DEFAULT_CRS,
        "parameters": json.dumps(asdict(Parameters())),
    }
    for name, value in stated.items():
        if makes_sense({**meta, name: value}):
            meta[name] = value
    return meta


def _entries(found: Remains, version: str) -> Iterator[_Entry]:
    """Give the tables that the book names, then those that it has lost."""
    parts = {x.table: x for x in found.parts}
    names: list[str] = []
    for row in (*found.book["gisapp_layers"], *found.book["gisapp_tables"]):
        part = parts.pop(str(row["table_name"]))
        names.append(str(row["name"]))
        yield _entry(part, *_mended(row, part, version), lost_rows(part, row, version))
    for part in parts.values():
        name = distinct(part.table, names, "layer")
        names.append(name)
        yield _entry(part, _made_up(name, part), ("entry",), lost_rows(part, {}, version))


def _entry(part: Part, row: Row, replaced: tuple[str, ...], lost: int | None) -> _Entry:
    told = SalvagedPart(
        str(row["name"]), str(row["kind"]), part.rows, lost, part.bad_geometries, replaced
    )
    return _Entry(part, row, told)


def _mended(row: Row, part: Part, version: str) -> tuple[Row, tuple[str, ...]]:
    """Replace what cannot be read of a row of the book; say what that was."""
    replaced = list(unreadable_values(row, version))
    if "columns" not in replaced and not _fits(row, part):
        replaced.append("columns")
    usual = _made_up(str(row["name"]), part) | {"report": None}
    usual["style"] = format_style(_usual_style(str(row["kind"])))
    return {**row, **{x: usual[x] for x in replaced}}, tuple(replaced)


def _fits(row: Row, part: Part) -> bool:
    """Whether the columns that the book lists are those that a reader needs."""
    columns = stored_at(row).columns
    there = {name for name, _type in part.columns}
    located = any(x.dtype == "geometry" for x in columns)
    return located == (GEOMETRY_COLUMN in there) and {x.stored for x in columns} <= there


def _made_up(name: str, part: Part) -> dict[str, str | int | None]:
    """Describe a table that the book does not, by what it looks like."""
    kinds = dict(part.columns)
    columns = [
        (x, x, _DTYPES.get(kind, "str"))
        for x, kind in part.columns
        if x not in (ID_COLUMN, GEOMETRY_COLUMN)
    ]
    row: dict[str, str | int | None] = {
        "name": name,
        "table_name": part.table,
        "kind": name,
        "report": None,
        "quarantined": None,
    }
    if GEOMETRY_COLUMN not in kinds:
        return {**row, "columns": json.dumps(columns), "unmatched": 0}
    columns.append(("geometry", GEOMETRY_COLUMN, "geometry"))
    kind = name if name in LAYER_KINDS else "other"
    style = format_style(_usual_style(kind))
    look: dict[str, str | int | None] = {
        "kind": kind,
        "title": "",
        "plan": "",
        "visible": 1,
        "style": style,
    }
    return {**row, **look, "columns": json.dumps(columns)}


def _usual_style(kind: str) -> Style:
    return load_style(kind if kind in LAYER_KINDS else "other")


def _write_book(
    path: Path,
    meta: Mapping[str, str],
    entries: Sequence[_Entry],
    lists: tuple[Sequence[Row], Sequence[Row], Sequence[Row]],
) -> None:
    """Write the book; `lists` are the assessments, exports and attachments."""
    runs, exports, attachments = lists
    there = [x for x in entries if not x.part.missing]
    with opened(path, write=True) as connection:
        quarantine = [dict(x) for x in connection.execute("SELECT * FROM gisapp_quarantine")]
        book: dict[str, Sequence[Row]] = {
            "gisapp_meta": [{"name": name, "value": value} for name, value in meta.items()],
            "gisapp_layers": [x.row for x in there if x.is_layer],
            "gisapp_tables": [x.row for x in there if not x.is_layer],
            "gisapp_quarantine": quarantine,
            "gisapp_runs": runs,
            "gisapp_exports": exports,
            "gisapp_attachments": attachments,
        }
        write_book(connection, {name: _in_order(name, rows) for name, rows in book.items()})


def _in_order(table: str, rows: Sequence[Row]) -> list[Row]:
    """Give all rows of one table of the book the same columns, and their places."""
    names = [column.split()[0].strip('"') for column in BOOK_TABLES[table].split(", ")]
    placed = [{**row, "position": n} for n, row in enumerate(rows)]
    return [{name: row.get(name) for name in names} for row in placed]


def _nothing_left(path: Path) -> GisappError:
    return GisappError(
        _("Nothing is left in {path} that can be saved.").format(path=path),
        _("Open a backup copy of the project."),
    )
