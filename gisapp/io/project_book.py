"""A project's values as rows of the ``gisapp_*`` tables, and back."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import asdict
from datetime import UTC, datetime
from functools import cache
from itertools import chain
from typing import TYPE_CHECKING, Any, NamedTuple
from uuid import UUID, uuid4

import pandas as pd
from pydantic import TypeAdapter

from gisapp import __version__
from gisapp.core.attachment import Attachment
from gisapp.core.basemap import Basemap
from gisapp.core.errors import GisappError
from gisapp.core.layer import ImportReport, Layer, Table
from gisapp.core.project import (
    FORMAT_VERSION,
    ExportRecord,
    MapView,
    Parameters,
    Project,
    Run,
)
from gisapp.io.keys import check_of
from gisapp.io.project_db import Book
from gisapp.io.project_frames import Column
from gisapp.io.styles import format_style, parse_style
from gisapp.io.upgrades import style_as_now

if TYPE_CHECKING:
    import geopandas as gpd

    from gisapp.core.style import Style
    from gisapp.io.project_db import Row

Part = Layer | Table


class Stored(NamedTuple):
    """Where a frame lies in the file: its table and that table's columns."""

    table: str
    columns: tuple[Column, ...]


def stored_at(row: Row) -> Stored:
    """Return where the layer or table of one row of the book lies."""
    columns = _reader(list[tuple[str, str, str]]).validate_json(str(row["columns"]))
    return Stored(str(row["table_name"]), tuple(Column(*x) for x in columns))


def book_of(
    project: Project, layers: Sequence[Stored], tables: Sequence[Stored]
) -> dict[str, list[Row]]:
    """Return every row of gisapp's own tables; `layers` and `tables` say where the frames lie."""
    return {
        "gisapp_meta": _meta_rows(project),
        "gisapp_layers": _numbered(map(_layer_row, project.layers, layers)),
        "gisapp_tables": _numbered(map(_table_row, project.tables.values(), tables)),
        "gisapp_quarantine": [
            *chain.from_iterable(map(_quarantine_rows, project.layers, layers)),
            *chain.from_iterable(map(_quarantine_rows, project.tables.values(), tables)),
        ],
        "gisapp_runs": _numbered(_json_values(asdict(x)) for x in project.runs),
        "gisapp_exports": _numbered(_json_values(asdict(x)) for x in project.exports),
        "gisapp_attachments": _numbered(asdict(x) for x in project.attachments),
    }


def project_of(book: Book, layers: Iterable[Layer], tables: Iterable[Table], key: str) -> Project:
    """Return the project that `book` describes.

    Raises
    ------
    ValueError
        Where a value is not what it should be.
    """
    meta = book.meta
    view, basemap = meta.get("view", ""), meta.get("basemap", "")
    return Project(
        crs=meta["crs"],
        layers=tuple(layers),
        tables={x.name: x for x in tables},
        parameters=_reader(Parameters).validate_json(meta["parameters"]),
        view=_reader(MapView).validate_json(view) if view else None,
        runs=tuple(_reader(Run).validate_python(_parsed(x)) for x in book.rows["gisapp_runs"]),
        exports=tuple(
            _reader(ExportRecord).validate_python(_parsed(x)) for x in book.rows["gisapp_exports"]
        ),
        uuid=str(UUID(meta["uuid"])),
        key=key,
        key_check="" if key else meta.get("key_check", ""),
        title=meta.get("title", ""),
        notice=meta.get("notice", ""),
        basemap=_reader(Basemap).validate_json(basemap) if basemap else Basemap(),
        attachments=tuple(attachment_of(x) for x in book.rows.get("gisapp_attachments", ())),
    )


def attachment_of(row: Row) -> Attachment:
    """Return the attachment of one row of the book; raises ValueError."""
    found: Attachment = _reader(Attachment).validate_python(_parsed(row))
    return found


def makes_sense(
    meta: Mapping[str, str],
    runs: Sequence[Row] = (),
    exports: Sequence[Row] = (),
    attachments: Sequence[Row] = (),
) -> bool:
    """Whether a project can be made of these values of a book."""
    rows = {
        "gisapp_runs": tuple(runs),
        "gisapp_exports": tuple(exports),
        "gisapp_attachments": tuple(attachments),
    }
    try:
        project_of(Book(meta, rows, {}, {}), (), (), "")
    except (KeyError, TypeError, ValueError):
        return False
    return True


def unreadable_values(row: Row, format_version: str) -> tuple[str, ...]:
    """Name what of one row of the book cannot be read: ``columns``, ``style``, ``report``."""
    version = Book({"format_version": format_version}, {}, {}, {})
    readers: dict[str, Callable[[], object]] = {
        "columns": lambda: stored_at(row),
        "report": lambda: report_of(row),
    }
    if "style" in row:
        readers["style"] = lambda: _style(row, version)
    return tuple(name for name, read in readers.items() if not _succeeds(read))


def _succeeds(read: Callable[[], object]) -> bool:
    try:
        read()
    except (GisappError, ValueError):
        return False
    return True


def layer_of(row: Row, frame: gpd.GeoDataFrame, book: Book) -> Layer:
    """Return the layer of one row of the book, with its frame."""
    return Layer(
        name=str(row["name"]),
        kind=str(row["kind"]),
        frame=frame,
        style=_style(row, book),
        visible=bool(row["visible"]),
        title=str(row["title"]),
        report=report_of(row),
        quarantine=_quarantine(row, book),
        plan=str(row["plan"]),
    )


def _style(row: Row, book: Book) -> Style:
    text = style_as_now(str(row["style"]), int(book.meta["format_version"]))
    return parse_style(text, str(row["name"]))


def table_of(row: Row, frame: pd.DataFrame, book: Book) -> Table:
    """Return the table of one row of the book, with its frame."""
    return Table(
        name=str(row["name"]),
        kind=str(row["kind"]),
        frame=frame,
        report=report_of(row),
        quarantine=_quarantine(row, book),
        unmatched=int(row["unmatched"] or 0),
    )


def _meta_rows(project: Project) -> list[Row]:
    values = {
        "format_version": str(FORMAT_VERSION),
        "program_version": __version__,
        "saved_at": datetime.now(UTC).isoformat(timespec="milliseconds"),
        "save_id": uuid4().hex,  # clocks go back
        "uuid": project.uuid,
        "key_check": check_of(project.key) if project.key else project.key_check,
        "crs": project.crs,
        "title": project.title,
        "notice": project.notice,
        "parameters": json.dumps(asdict(project.parameters)),
        "view": json.dumps(asdict(project.view)) if project.view else "",
        "basemap": json.dumps(asdict(project.basemap)),
    }
    return [{"name": name, "value": value} for name, value in values.items()]


def _layer_row(layer: Layer, place: Stored) -> Row:
    return {
        **_part_row(layer, place),
        "title": layer.title,
        "plan": layer.plan,
        "visible": int(layer.visible),
        "style": format_style(layer.style),
    }


def _table_row(table: Table, place: Stored) -> Row:
    return {**_part_row(table, place), "unmatched": table.unmatched}


def _part_row(part: Part, place: Stored) -> Row:
    return {
        "name": part.name,
        "table_name": place.table,
        "kind": part.kind,
        "report": json.dumps(asdict(part.report), ensure_ascii=False) if part.report else None,
        "quarantined": None if part.quarantine is None else len(part.quarantine),
        "columns": json.dumps([(x.name, x.stored, x.dtype) for x in place.columns]),
    }


def _quarantine_rows(part: Part, place: Stored) -> Iterable[Row]:
    if part.quarantine is None:
        return
    names = ("row", "id", "reason", "values")
    rows = part.quarantine[list(names)].astype(object)
    for values in rows.where(rows.notna(), None).itertuples(index=False, name=None):
        yield {"table_name": place.table, **dict(zip(names, values, strict=True))}


def _quarantine(row: Row, book: Book) -> pd.DataFrame | None:
    if row["quarantined"] is None:
        return None
    rows = book.quarantine(str(row["table_name"]))
    return pd.DataFrame(
        {
            "row": pd.array([x["row"] for x in rows], dtype="int64"),
            **{
                name: pd.Series([x[name] for x in rows], dtype="str")
                for name in ("id", "reason", "values")
            },
        }
    )


def _numbered(rows: Iterable[Row]) -> list[Row]:
    return [{"position": n, **row} for n, row in enumerate(rows)]


def _json_values(values: Mapping[str, Any]) -> Row:
    return {
        name: json.dumps(value, ensure_ascii=False) if isinstance(value, dict | tuple) else value
        for name, value in values.items()
    }


_JSON_COLUMNS = frozenset({"parameters", "inputs", "summary", "record", "columns", "counts"})


def _parsed(row: Row) -> dict[str, Any]:
    return {
        name: json.loads(str(value)) if name in _JSON_COLUMNS and value is not None else value
        for name, value in row.items()
        if name != "position"
    }


def report_of(row: Row) -> ImportReport | None:
    """Return the import report of one row of the book; raises ValueError."""
    text = row["report"]
    return None if text is None else _reader(ImportReport).validate_json(str(text))


@cache
def _reader(value: type[Any]) -> TypeAdapter[Any]:
    return TypeAdapter(value)
