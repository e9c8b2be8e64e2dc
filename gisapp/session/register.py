"""Edits of the provision register and of its codings, each one step to undo."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import pandas as pd

from gisapp.core.layer import ImportReport, Table
from gisapp.core.words import _
from gisapp.io.catalogue import load_catalogue

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from gisapp.core.project import Project
    from gisapp.session.edits import Edit

PROVISIONS, CODINGS = "provisions", "codings"
_DTYPES = {"number": "float64", "integer": "Int64", "boolean": "boolean"}


def put_provisions(records: Sequence[Mapping[str, Any]]) -> Edit:
    """Put rows in the register: each in the place of the one with its ``id``, else last.

    Parameters
    ----------
    records : sequence of mapping
        ``id`` and any of the catalogue's fields; one that is absent or empty is not known.
    """

    def edit(project: Project) -> Project:
        for record in records:
            table = _holding(project, str(record["id"]))
            project = project.with_table(_with_row(table, record))
        return project

    return edit


def put_provision(record: Mapping[str, Any]) -> Edit:
    """Put one row in the register, in the place of the one with its ``id``, else last."""
    return put_provisions([record])


def remove_provision(provision_id: str) -> Edit:
    """Leave a row out of the register; its codings stay, as those of a row that is not there."""

    def edit(project: Project) -> Project:
        table = _holding(project, provision_id)
        kept = table.frame[table.frame["id"] != provision_id].reset_index(drop=True)
        return project.with_table(_changed(table, kept))

    return edit


def put_codings(provision_id: str, records: Sequence[Mapping[str, Any]]) -> Edit:
    """Let `records` be the codings of a provision, in the place of all it had."""

    def edit(project: Project) -> Project:
        table = _table(project, CODINGS)
        others = table.frame[table.frame["provision_id"] != provision_id]
        fresh = [{**record, "provision_id": provision_id} for record in records]
        numbered = {f"{provision_id}/{n}": row for n, row in enumerate(fresh, 1)}
        rows = [_row(CODINGS, {"id": key, **row}) for key, row in numbered.items()]
        frame = pd.concat([others, *rows], ignore_index=True)
        return project.with_table(_changed(table, frame))

    return edit


def _table(project: Project, kind: str) -> Table:
    """Return the table called as its kind, an empty one where there is none."""
    table = project.tables.get(kind)
    if table is not None:
        return table
    # Of rows that are typed in nothing is read; the report is what says when they changed.
    by_hand = ImportReport(_("entered by hand"), "", _now(), 0, 0, 0, 0)
    return Table(kind, kind, _row(kind, {}).iloc[:0], by_hand)


def _holding(project: Project, provision_id: str) -> Table:
    """Return the register that has a row of this id, else the one to put it in."""
    for _name, table in sorted(project.tables.items()):
        if table.kind == PROVISIONS and (table.frame["id"] == provision_id).any():
            return table
    return _table(project, PROVISIONS)


def _with_row(table: Table, record: Mapping[str, Any]) -> Table:
    there = (table.frame["id"] == record["id"]).to_numpy()
    if not there.any():
        fresh = pd.concat([table.frame, _row(PROVISIONS, record)], ignore_index=True)
        return _changed(table, fresh)
    # What the record does not name stays as it was.
    earlier = table.frame[there].iloc[:1].reset_index(drop=True)
    fresh = _row(PROVISIONS, record)
    row = earlier.assign(**{name: fresh[name] for name in record if name in fresh})
    at = int(there.argmax())
    parts = [table.frame.iloc[:at], row, table.frame.iloc[at + 1 :]]
    return _changed(table, pd.concat(parts, ignore_index=True))


def _row(kind: str, record: Mapping[str, Any]) -> pd.DataFrame:
    """Return a record as a frame of one row with every field of its kind."""
    fields = load_catalogue().kind(kind).fields
    dtypes = {"id": "str", **{name: _DTYPES.get(x.type, "str") for name, x in fields.items()}}
    return pd.DataFrame(
        {name: pd.Series([_known(record.get(name))], dtype=dtype) for name, dtype in dtypes.items()}
    )


def _known(value: Any) -> Any:
    return None if value == "" else value


def _changed(table: Table, frame: pd.DataFrame) -> Table:
    """Return the table with other rows; results of before are then out of date."""
    report = table.report and replace(table.report, rows_changed_at=_now())
    return replace(table, frame=frame, report=report)


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="seconds")
