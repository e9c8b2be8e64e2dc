"""Rows that were not taken in, corrected and taken in."""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import pandas as pd
import shapely

from gisapp.core.errors import GisappError
from gisapp.core.layer import Layer, Table
from gisapp.core.reasons import reason_text
from gisapp.core.words import _
from gisapp.io.catalogue import load_catalogue, unknown_name
from gisapp.io.identity import record_keys
from gisapp.io.kobo import points_at_parent
from gisapp.io.linker import KEYS, count_unmatched, understand_table
from gisapp.io.locations import LOCATION_NAMES, NOWHERE, Location, named_location
from gisapp.io.mapping import ColumnMapping, parted
from gisapp.io.reports import recounted
from gisapp.io.source import RawTable
from gisapp.io.understanding import understand
from gisapp.io.values import as_text

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

    from gisapp.core.catalogue import Kind
    from gisapp.core.layer import ImportReport
    from gisapp.core.project import Project

_GEOMETRY = "geometry"
_UNREAD = "error"
_ID = "gisapp:id"  # no column of a source is called so
_LISTED = 20


@dataclass(frozen=True, eq=False)
class Mended:
    """What became of corrected rows.

    Parameters
    ----------
    part : Layer or Table
        With the rows that were taken in.
    refused : mapping
        Row number of the source to the reason why a corrected row still cannot be.
    notes : tuple of str
        Sentences about what could not be read of the rows.
    """

    part: Layer | Table
    refused: Mapping[int, str]
    notes: tuple[str, ...] = ()


@dataclass(frozen=True)
class Refused:
    """A row that was not taken in: its number in the source, and why; its id and its cells."""

    row: int
    id: str
    reason: str
    values: Mapping[str, str]


class _Read(NamedTuple):
    """Corrected rows as they were understood again."""

    frame: pd.DataFrame
    quarantine: pd.DataFrame
    repairs: NDArray[np.object_]
    notes: tuple[str, ...]


def mend(
    project: Project, part: Layer | Table, corrections: Mapping[int, Mapping[str, str]]
) -> Mended:
    """Take rows in that an import refused, with corrections.

    A corrected row is understood as the import understood it, by the mapping and the CRS of the
    part's report. What is taken in counts as repaired, by the word ``mended``.

    Parameters
    ----------
    project : Project
        Gives the area, the secret for pseudonyms, and the records that relations name.
    part : Layer or Table
        With its report and its quarantine.
    corrections : mapping
        Row number of the source to column (or ``id``) to text. ``geometry`` is WKT in the
        source's CRS, for a source of geometries.

    Returns
    -------
    Mended
        The rows that are still refused stay in the quarantine, corrected, with their new reason.
        A row that the reader could not take apart cannot be mended: it is refused as it was.

    Raises
    ------
    GisappError
        For a row that is not in the quarantine, or a column that the source does not have.
    """
    rows, unread = _chosen(part, corrections)
    refused = dict.fromkeys(unread, "unreadable_row")
    if not len(rows):
        return Mended(part, refused)
    read = _understood(project, part, rows, corrections)
    refused |= dict(zip(read.quarantine["row"].tolist(), read.quarantine["reason"], strict=True))
    mended = _with_rows(part, rows, read)
    if isinstance(mended, Table):
        mended = replace(mended, unmatched=count_unmatched(project, mended))
    return Mended(mended, refused, read.notes)


def mend_row(project: Project, name: str, row: int, texts: Mapping[str, str]) -> Mended:
    """Mend one row of the layer or table called `name`; one that is still refused is an error.

    Raises
    ------
    GisappError
        As `mend`, and where there is no such layer or table or the row still cannot be taken in.
    """
    mended = mend(project, _part(project, name), {row: texts})
    if row in mended.refused:
        reason = mended.refused[row]
        raise GisappError(
            _("Row {row} still cannot be taken in: {why} ({reason}).").format(
                row=row, why=reason_text(reason), reason=reason
            ),
            _("Correct more of it with --set, or mend it in the source and import that again."),
        )
    return mended


def refused_rows(project: Project, name: str) -> tuple[Refused, ...]:
    """List the rows that were not taken in of the layer or table called `name`.

    Raises
    ------
    GisappError
        Where there is no such layer or table.
    """
    quarantine = _part(project, name).quarantine
    columns = ("row", "id", "reason", "values")
    cells = () if quarantine is None else zip(*(quarantine[x] for x in columns), strict=True)
    return tuple(
        Refused(int(row), key if isinstance(key, str) else "", str(reason), json.loads(values))
        for row, key, reason, values in cells
    )


def _part(project: Project, name: str) -> Layer | Table:
    parts: dict[str, Layer | Table] = {x.name: x for x in project.layers} | dict(project.tables)
    if name not in parts:
        raise GisappError(
            _("The project has no such layer: {why}").format(why=unknown_name(name, parts)),
            _("gisapp info lists the layers and tables."),
        )
    return parts[name]


def _chosen(
    part: Layer | Table, corrections: Mapping[int, Mapping[str, str]]
) -> tuple[pd.DataFrame, list[int]]:
    """Return the quarantine's rows that are corrected, and the numbers of those never read."""
    quarantine = part.quarantine
    known = set() if quarantine is None else set(quarantine["row"])
    for row in corrections:
        if quarantine is None or row not in known:
            raise GisappError(
                _("Row {row} is not among the rows that were not taken in of {name}.").format(
                    row=row, name=part.name
                ),
                _("Choose one of these rows: {rows}.").format(
                    rows=", ".join(map(str, sorted(known)[:_LISTED])) or "–"
                ),
            )
    assert quarantine is not None or not corrections
    if quarantine is None:
        return pd.DataFrame(), []
    rows = quarantine[quarantine["row"].isin(list(corrections))]
    unread = np.array([_is_unread(x) for x in rows["values"]], dtype=bool)
    unread &= (rows["reason"] == "unreadable_row").to_numpy(dtype=bool)
    return rows[~unread].reset_index(drop=True), rows.loc[unread, "row"].tolist()


def _is_unread(values: str) -> bool:
    return set(json.loads(values)) == {_UNREAD}


def _understood(
    project: Project,
    part: Layer | Table,
    rows: pd.DataFrame,
    corrections: Mapping[int, Mapping[str, str]],
) -> _Read:
    assert part.report is not None
    kind = load_catalogue().kind(part.kind)
    mapping = _mapping_of(part.report, kind)
    corrections = _by_id(corrections, mapping)
    given = pd.DataFrame([json.loads(x) for x in rows["values"]], index=rows.index)
    if mapping.id_column in mapping.fields.values():  # the quarantine has it as the id only
        given[mapping.id_column] = rows["id"]
    columns = [*mapping.fields.values(), *mapping.location.columns]
    given = given.reindex(columns=[*dict.fromkeys([*given.columns, *columns])])
    _check_columns(part, given, mapping, corrections)
    safe = _safe_names(given, mapping)
    raw = _raw(part, rows, given, corrections, mapping, safe, project.key)
    named = replace(
        mapping,
        fields={name: safe.get(column, column) for name, column in mapping.fields.items()},
        id_column=_ID,
    )
    taken = part.frame["id"][~part.frame["id"].isin(part.report.kept)]
    if isinstance(part, Table):
        parent = points_at_parent(raw.columns.columns) and "household_id" not in mapping.fields
        table = understand_table(project, raw, kind, named, by_parent=parent, taken_ids=taken)
        back = {name: column for column, name in safe.items()}
        refused = table.quarantine.assign(
            values=table.quarantine["values"].map(lambda x: _renamed(x, back)).astype("str")
        )
        return _Read(table.frame, refused, table.repairs, table.notes)
    crs = part.report.source_crs
    read = understand(project, raw, part.kind, named, name=part.name, crs=crs, taken_ids=taken)
    return _Read(read.frame, read.quarantine, read.repairs, read.notes)


def _by_id(
    corrections: Mapping[int, Mapping[str, str]], mapping: ColumnMapping
) -> dict[int, dict[str, str]]:
    """Take a correction of the id's column for one of the id, and the other way where both are."""
    column = mapping.id_column
    named = {
        row: {"id" if name == column else name: text for name, text in texts.items()}
        for row, texts in corrections.items()
    }
    if column in mapping.fields.values():
        for texts in named.values():
            texts.update({column: texts["id"]} if "id" in texts else {})
    return named


def _renamed(values: str, names: Mapping[str, str]) -> str:
    cells = json.loads(values)
    return json.dumps({names.get(k, k): v for k, v in cells.items()}, ensure_ascii=False)


def _mapping_of(report: ImportReport, kind: Kind) -> ColumnMapping:
    """Return the mapping that an import used, from the words in which its report keeps it."""
    words, values = parted(report.mapping)
    places = {name: words[name] for name in LOCATION_NAMES if name in words}
    location = Location("geometry") if report.source_crs else NOWHERE
    return ColumnMapping(
        {name: column for name, column in words.items() if name in kind.fields},
        values,
        words.get("id", ""),
        named_location(places) if places else location,
    )


def _check_columns(
    part: Layer | Table,
    given: pd.DataFrame,
    mapping: ColumnMapping,
    corrections: Mapping[int, Mapping[str, str]],
) -> None:
    fields = load_catalogue().kind(part.kind).fields
    allowed = {*given.columns, *part.frame.columns.difference([*fields, _GEOMETRY]), "id"}
    if mapping.location.form == "geometry":
        allowed.add(_GEOMETRY)
    for column in {name for texts in corrections.values() for name in texts} - allowed:
        raise GisappError(
            _("{table} has no such column: {why}").format(
                table=part.name, why=unknown_name(column, map(str, allowed))
            ),
            _("Name a column of the source, or id."),
        )


def _safe_names(given: pd.DataFrame, mapping: ColumnMapping) -> dict[str, str]:
    """Name the columns of keys anew: what stands in them is a pseudonym already, where it must."""
    return {
        column: f"{_ID}:{name}"
        for name, column in mapping.fields.items()
        if name in KEYS and column in given
    }


def _raw(
    part: Layer | Table,
    rows: pd.DataFrame,
    given: pd.DataFrame,
    corrections: Mapping[int, Mapping[str, str]],
    mapping: ColumnMapping,
    safe: Mapping[str, str],
    key: str,
) -> RawTable:
    """Return the corrected rows as a reader would give them, with the ids that they shall have."""
    ids = rows["id"].where(rows["id"].notna(), rows["row"].astype("str")).rename(mapping.id_column)
    cells = {_ID: _corrected(ids, rows, corrections, "id", key)}
    for name in dict.fromkeys([*given.columns, *(x for c in corrections.values() for x in c)]):
        if name == "id" or (name == _GEOMETRY and mapping.location.form == "geometry"):
            continue
        column = as_text(given[name] if name in given else _absent(rows)).rename(name)
        secret = key if name in safe else None
        column = _corrected(column, rows, corrections, name, secret)
        mapped = name in mapping.fields.values() or name in mapping.location.columns
        cells[safe.get(name, name)] = column if mapped else _typed(column, part.frame)
    geometry = None
    if mapping.location.form == "geometry":
        shapes = as_text(given[_GEOMETRY]) if _GEOMETRY in given else _absent(rows)
        geometry = _wkb(_corrected(shapes, rows, corrections, _GEOMETRY, None))
    return RawTable(
        part.name, pd.DataFrame(cells), geometry, row_numbers=rows["row"].to_numpy(np.int64)
    )


def _absent(rows: pd.DataFrame) -> pd.Series:
    return pd.Series(None, index=rows.index, dtype="str")


def _corrected(
    column: pd.Series,
    rows: pd.DataFrame,
    corrections: Mapping[int, Mapping[str, str]],
    name: str,
    key: str | None,
) -> pd.Series:
    """Put the corrections of one column in; with a `key`, as pseudonyms where they must be."""
    texts = rows["row"].map(lambda row: corrections[row].get(name)).astype("str")
    typed = texts.notna()
    if key is not None:
        texts = record_keys(texts.rename(str(column.name)), key)
    return column.astype("str").mask(typed, texts)


def _typed(column: pd.Series, frame: pd.DataFrame) -> pd.Series:
    """Give a column that is no field the type that it has in the frame."""
    if column.name not in frame or isinstance(frame[column.name].dtype, pd.StringDtype):
        return column
    dtype = frame[column.name].dtype
    try:
        if pd.api.types.is_bool_dtype(dtype):
            return column.map({"True": True, "False": False}).astype("boolean")
        values = pd.to_numeric(column)
        return values.astype("Int64") if pd.api.types.is_integer_dtype(dtype) else values
    except (TypeError, ValueError) as error:
        raise GisappError(
            _("Column {column} holds numbers, and a correction is none.").format(
                column=column.name
            ),
            _("Write a number there, or leave it empty."),
        ) from error


def _wkb(shapes: pd.Series) -> NDArray[np.object_]:
    """Return WKT as WKB, as a reader gives it; what is no WKT as WKB that cannot be read."""
    read = shapely.from_wkt(shapes.astype(object).where(shapes.notna(), None), on_invalid="ignore")
    wkb = np.array(shapely.to_wkb(read), dtype=object)
    wkb[shapes.notna().to_numpy(dtype=bool) & shapely.is_missing(read)] = b"\0"
    return wkb


def _with_rows(part: Layer | Table, rows: pd.DataFrame, read: _Read) -> Layer | Table:
    """Put the rows that were taken in into the frame, the others back into the quarantine."""
    assert part.quarantine is not None
    assert part.report is not None
    ids = read.frame["id"]
    stays = part.frame[~part.frame["id"].isin(ids)]
    frame = pd.concat([stays, read.frame], ignore_index=True) if len(ids) else part.frame
    untouched = part.quarantine[~part.quarantine["row"].isin(rows["row"])]
    quarantine = pd.concat([untouched, read.quarantine]).sort_values("row", ignore_index=True)
    report = recounted(part.report, read.frame["id"], read.repairs, quarantine)
    return replace(part, frame=frame, quarantine=quarantine, report=report)
