"""A foreign table to a relation, a plan's rule table or the register of provisions."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from gisapp.core.errors import GisappError
from gisapp.core.layer import Table
from gisapp.core.policy import ZONING_COLUMNS
from gisapp.core.progress import SILENT, Progress
from gisapp.core.words import _, label, ngettext, number
from gisapp.io.catalogue import load_catalogue, unknown_name
from gisapp.io.identity import record_keys, repeated, without_identifiers
from gisapp.io.kobo import at_root, households_of, points_at_parent
from gisapp.io.mapping import ColumnMapping, choose_table, suggest_mapping
from gisapp.io.refused import quarantine
from gisapp.io.reports import import_report, kept_note
from gisapp.io.understanding import (
    blanks,
    check_rows,
    ids_of,
    with_other_columns,
)
from gisapp.io.updating import updated
from gisapp.io.values import UNKNOWN, read_field

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from numpy.typing import NDArray

    from gisapp.core.catalogue import Kind
    from gisapp.core.project import Project
    from gisapp.io.source import RawTable, Source

# The kind of layer whose records a field names.
KEYS = {"household_id": "households", "business_id": "businesses"}
_LISTED = 10


def link_table(
    project: Project,
    source: Source,
    relation: str,
    *,
    sheet: str = "",
    fields: Mapping[str, str] | None = None,
    values: Mapping[str, Mapping[str, str]] | None = None,
    keep_missing: bool = False,
    progress: Progress = SILENT,
) -> Table:
    """Bring one table of a source in.

    Parameters
    ----------
    project : Project
        Whose households and businesses the rows name.
    source : Source
        As `reading.read_source` gives it.
    relation : {"operates", "supports", "rules", "provisions", "codings"}
        What the rows say. A table of that name is updated by its rows' ids.
    sheet : str
        The table to read where the source has several.
    fields : mapping, optional
        Field (or ``id``) to column; the rest is found. Where ``household_id`` is not named, a
        Kobo repeat sheet finds its household by ``_parent_index``.
    values : mapping, optional
        Field to raw text to code.
    keep_missing : bool
        Whether rows stay that an earlier table had and the source has no longer.
    progress : Progress

    Returns
    -------
    Table
        Rows that name no record of the project are kept, counted in `unmatched` and listed in
        the report's notes.

    Raises
    ------
    GisappError
        Where the request or the source cannot be served; rows never raise.
    """
    kind = _linkable(relation)
    raw = at_root(choose_table(source, relation, sheet, fields or {}), source.tables)
    check_rows(raw)
    mapping = suggest_mapping(raw, relation, fields=fields, values=values)
    by_parent = points_at_parent(raw.columns.columns) and "household_id" not in (fields or {})
    read = understand_table(project, raw, kind, mapping, by_parent=by_parent, progress=progress)
    _check_needed(raw, kind, read.given)
    notes = (*source.warnings, *read.notes, *kept_note(read.frame, kind))
    table = Table(
        name=kind.name,
        kind=kind.name,
        frame=read.frame,
        report=import_report(source, mapping, read.repairs, read.quarantine, notes=notes),
        quarantine=read.quarantine,
    )
    earlier = project.tables.get(relation)
    if earlier is not None:
        table = updated(earlier, table, keep_missing=keep_missing)
    return _with_unmatched(project, table)


@dataclass(frozen=True, eq=False)
class UnderstoodTable:
    """A table of no places, read: the rows that say something, and those that do not.

    Parameters
    ----------
    frame, quarantine : DataFrame
        As a `Table` holds them.
    repairs : ndarray of str, shape (n,)
        Repair words of each row of `frame`.
    given : frozenset of str
        Fields that some row says something of.
    notes : tuple of str
    """

    frame: pd.DataFrame
    quarantine: pd.DataFrame
    repairs: NDArray[np.object_]
    given: frozenset[str]
    notes: tuple[str, ...]


def understand_table(
    project: Project,
    raw: RawTable,
    kind: Kind,
    mapping: ColumnMapping,
    *,
    by_parent: bool,
    taken_ids: pd.Series | None = None,
    progress: Progress = SILENT,
) -> UnderstoodTable:
    """Read a table as `mapping` says; linking it and mending its rows both call this.

    With `by_parent` a row's household is that of its parent in a Kobo export; `taken_ids` are
    ids that other rows of the table have.
    """
    progress.step(0, 2, _("Looking for personal data"))
    columns, notes = without_identifiers(
        raw.columns, mapping.fields.values(), _key_columns(mapping)
    )
    progress.step(1, 2, _("Reading the columns"))
    read, unread = _read_fields(raw, columns, kind, mapping, project)
    if by_parent:
        read["household_id"], parent_notes = households_of(raw.columns, project)
        unread += parent_notes
    columns = columns.assign(
        **{mapping.fields[name]: read[name] for name in KEYS if name in mapping.fields}
    )
    frame = with_other_columns(read, columns, mapping)
    ids, id_notes = ids_of(raw, mapping, project.key)
    frame.insert(0, "id", ids)
    reason = _reasons(frame, kind, taken_ids)
    taken = reason == ""
    return UnderstoodTable(
        frame=frame[taken].reset_index(drop=True),
        quarantine=quarantine(raw, columns, ids, reason, mapping),
        repairs=np.where(blanks(raw, mapping)[taken], "trimmed", "").astype(object),
        given=frozenset(name for name, column in read.items() if column.notna().any()),
        notes=(*notes, *unread, *(id_notes if mapping.id_column else ())),
    )


def count_unmatched(project: Project, table: Table) -> int:
    """Count the rows of a relation whose keys name no record of the project."""
    return _count(_unmatched(project, table.frame, table.kind))


def _with_unmatched(project: Project, table: Table) -> Table:
    """Count and list the keys of a table that name no record."""
    assert table.report is not None
    unmatched = _unmatched(project, table.frame, table.kind)
    notes = (*table.report.notes, *_unmatched_notes(table, unmatched))
    report = replace(table.report, notes=notes)
    return replace(table, report=report, unmatched=_count(unmatched))


def unmatched_keys(project: Project, table: Table) -> dict[str, tuple[str, ...]]:
    """Return the keys of a table that name no record of the project, by field, in order."""
    return {
        field: tuple(table.frame.loc[rows, field].dropna().drop_duplicates().sort_values())
        for field, rows in _unmatched(project, table.frame, table.kind).items()
        if rows.any()
    }


def _linkable(relation: str) -> Kind:
    kinds = load_catalogue().kinds
    tables = [x.name for x in kinds.values() if x.geometry == "table" and not x.result]
    if relation not in tables:
        raise GisappError(
            _("Nothing can be linked as {kind}: {why}").format(
                kind=relation, why=unknown_name(relation, tables)
            ),
            _("Name one of these: {kinds}.").format(kinds=", ".join(tables)),
        )
    return kinds[relation]


def _key_columns(mapping: ColumnMapping) -> set[str]:
    keys = {mapping.fields[name] for name in KEYS if name in mapping.fields}
    return keys | {mapping.id_column} - {""}


def _read_fields(
    raw: RawTable, columns: pd.DataFrame, kind: Kind, mapping: ColumnMapping, project: Project
) -> tuple[dict[str, pd.Series], tuple[str, ...]]:
    """Return every field of the kind, read or missing, and what could not be read."""
    absent = pd.Series(None, index=raw.columns.index, dtype="str")
    fields: dict[str, pd.Series] = {}
    notes: list[str] = []
    for name, field in kind.fields.items():
        column = mapping.fields.get(name)
        if column and name in KEYS:
            fields[name] = record_keys(raw.columns[column], project.key)
        else:
            codes = mapping.values.get(name, {})
            read = read_field(columns[column] if column else absent, field, codes)
            fields[name] = read.values
            notes += read.notes
    return fields, tuple(notes)


def _check_needed(raw: RawTable, kind: Kind, given: Collection[str]) -> None:
    """Refuse a table that lacks a column it means nothing without."""
    lacking = [x.name for x in kind.fields.values() if x.required and x.name not in given]
    keys = [name for name in KEYS if name in kind.fields]
    if keys and not any(name in given for name in keys):
        lacking = keys
    if lacking:
        raise GisappError(
            _("{table} has no column for {fields}.").format(
                table=raw.name, fields=", ".join(label(kind.fields[x].labels) for x in lacking)
            ),
            _("Name it: --map {field}=COLUMN. The columns are {columns}.").format(
                field=lacking[0], columns=", ".join(map(str, raw.columns.columns))
            ),
        )


def _reasons(frame: pd.DataFrame, kind: Kind, taken_ids: pd.Series | None) -> NDArray[np.object_]:
    """Return why each row cannot be kept: a rule without its sub-zone or permission says nothing.

    A relation's missing key is no reason: the row is kept and counted as unmatched.
    """
    reason = np.full(len(frame), "", dtype=object)
    for name, field in kind.fields.items():
        if field.required and name not in KEYS:
            reason[frame[name].isna() | (frame[name] == UNKNOWN)] = "unreadable_row"
    reason[repeated(frame["id"], reason != "", taken_ids)] = "duplicate_id"
    return reason


def _unmatched(project: Project, frame: pd.DataFrame, relation: str) -> dict[str, pd.Series]:
    """Return for each key of a relation where it names no record of the project."""
    if relation == "rules":
        known = _subzones(project)
        return {"subzone": ~frame["subzone"].isin(known)}
    if relation == "codings":
        return {"provision_id": ~frame["provision_id"].isin(_provisions(project))}
    needed = load_catalogue().kind(relation).fields
    found = {}
    for name, kind in KEYS.items():
        if name in needed:
            ids = {x for layer in project.of_kind(kind) for x in layer.frame["id"]}
            missing = frame[name].isna() & needed[name].required
            found[name] = (frame[name].notna() & ~frame[name].isin(ids)) | missing
    if relation == "supports":
        nobody = frame["household_id"].isna() & frame["business_id"].isna()
        found["household_id"] |= nobody
    return found


def _subzones(project: Project) -> set[str]:
    columns = [generation["subzone"] for generation in ZONING_COLUMNS.values()]
    return {
        code
        for layer in project.of_kind("zoning")
        for column in columns
        if column in layer.frame
        for code in layer.frame[column].dropna()
    }


def _provisions(project: Project) -> set[str]:
    registers = (t.frame for t in project.tables.values() if t.kind == "provisions")
    return {provision for frame in registers for provision in frame["id"]}


def _count(unmatched: Mapping[str, pd.Series]) -> int:
    return int(np.logical_or.reduce(list(unmatched.values())).sum()) if unmatched else 0


def _unmatched_notes(table: Table, unmatched: Mapping[str, pd.Series]) -> tuple[str, ...]:
    fields = load_catalogue().kind(table.kind).fields
    notes: list[str] = []
    for name, rows in unmatched.items():
        n = int(rows.sum())
        if n:
            keys = table.frame.loc[rows, name].dropna().drop_duplicates().sort_values()
            listed = ", ".join(keys.head(_LISTED))
            notes.append(
                ngettext(
                    "{field}: {n} row names one that is not in the project; it is kept, not "
                    "used: {keys}",
                    "{field}: {n} rows name one that is not in the project; they are kept, not "
                    "used: {keys}",
                    n,
                ).format(
                    n=number(n),
                    field=label(fields[name].labels),
                    keys=listed + (", …" if len(keys) > _LISTED else "") or "–",
                )
            )
    return tuple(notes)
