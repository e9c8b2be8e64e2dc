"""What a project file holds, without loading it: SQLite only, so that it answers at once."""

import json
from pathlib import Path
from typing import Any

from gisapp.io.leftovers import plainly_named
from gisapp.io.project_db import Book, Row, read_book, refuse_foreign, refusing


def project_info(path: Path) -> dict[str, Any]:
    """Return what ``gisapp info --json`` prints.

    Returns
    -------
    dict
        ``project, uuid, title, notice, crs, as_of, format_version, program_version, saved_at``,
        ``layers`` and ``tables`` (name, kind, features, quarantined, …), ``runs``, ``exports``
        and ``attachments``, each in the order they were made.

    Raises
    ------
    GisappError
        Where the file is no project, is newer than this program or damaged.
    """
    refuse_foreign(path)
    with refusing(path), plainly_named(path) as plain:
        book = read_book(plain, integrity=False, called=path)
    meta = book.meta
    return {
        "project": str(path),
        "uuid": meta.get("uuid", ""),
        "title": meta.get("title", ""),
        "notice": meta.get("notice", ""),
        "crs": meta.get("crs", ""),
        "as_of": json.loads(meta.get("parameters", "{}")).get("as_of", ""),
        "format_version": int(meta["format_version"]),
        "program_version": meta.get("program_version", ""),
        "saved_at": meta.get("saved_at", ""),
        "layers": [_layer(row, book) for row in book.rows["gisapp_layers"]],
        "tables": [_table(row, book) for row in book.rows["gisapp_tables"]],
        "runs": [_run(row) for row in book.rows["gisapp_runs"]],
        "exports": [_export(row) for row in book.rows["gisapp_exports"]],
        "attachments": [_attachment(row) for row in book.rows["gisapp_attachments"]],
    }


def _layer(row: Row, book: Book) -> dict[str, Any]:
    return {
        "name": row["name"],
        "kind": row["kind"],
        "title": row["title"],
        "plan": row["plan"],
        "visible": bool(row["visible"]),
        "features": book.counts[str(row["table_name"])],
        "quarantined": row["quarantined"] or 0,
    }


def _table(row: Row, book: Book) -> dict[str, Any]:
    return {
        "name": row["name"],
        "kind": row["kind"],
        "features": book.counts[str(row["table_name"])],
        "unmatched": row["unmatched"],
        "quarantined": row["quarantined"] or 0,
    }


def _run(row: Row) -> dict[str, Any]:
    summary = json.loads(str(row["summary"]))
    return {
        "at": row["at"],
        "program_version": row["program_version"],
        "parameters": json.loads(str(row["parameters"])),
        "families": summary.get("families", {}),
        "conflicts": summary.get("conflicts"),
    }


def _attachment(row: Row) -> dict[str, Any]:
    return {name: value for name, value in row.items() if name != "position"}


def _export(row: Row) -> dict[str, Any]:
    return {
        **{name: value for name, value in row.items() if name != "position"},
        "columns": json.loads(str(row["columns"])),
    }
