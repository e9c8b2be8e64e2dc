"""What an import asks and shows: kinds, fields and columns, codes, the preview's counts. No Qt."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from gisapp.core.catalogue import LAYER_KINDS, RELATIONS
from gisapp.core.reasons import reason_text
from gisapp.core.units import unit_text
from gisapp.core.words import _, label, ngettext, number
from gisapp.io.catalogue import load_catalogue
from gisapp.io.values import UNKNOWN, clean_text, read_field

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from gisapp.core.catalogue import Kind
    from gisapp.core.layer import ImportReport
    from gisapp.io.locations import Location
    from gisapp.io.mapping import ColumnMapping
    from gisapp.io.source import RawTable

NO_COLUMN = ""
SAMPLES = 3
MOST_WORDS = 40


@dataclass(frozen=True)
class FieldRow:
    """One field and the column that it is taken from (`NO_COLUMN`: none)."""

    field: str
    title: str
    column: str
    sample: str


@dataclass(frozen=True)
class CodeRow:
    """One word of the source, how often it stands there, and the code it is read as."""

    field: str
    raw: str
    count: int
    code: str


def kind_choices() -> tuple[tuple[str, str], ...]:
    """Return what a source can be brought in as: name and label."""
    kinds = load_catalogue().kinds
    return tuple((name, label(kinds[name].labels)) for name in (*LAYER_KINDS, *RELATIONS))


def field_rows(raw: RawTable, mapping: ColumnMapping, kind: Kind) -> tuple[FieldRow, ...]:
    """Return the fields to map: the identifier, where the rows lie, then the kind's own."""
    rows = [_row(raw, "id", _("Identifier"), mapping.id_column)]
    if kind.geometry != "table":
        rows += _location_rows(raw, mapping.location)
    titles = {name: _title(known.labels, known.unit) for name, known in kind.fields.items()}
    shown = [x for x in kind.fields.values() if not x.verbatim or x.name in mapping.fields]
    rows += [_row(raw, x.name, titles[x.name], mapping.fields.get(x.name, "")) for x in shown]
    return tuple(rows)


def location_note(raw: RawTable, mapping: ColumnMapping, kind: Kind) -> str:
    """Say where the rows lie, in a sentence."""
    if kind.geometry == "table":
        return _("A table: its rows lie nowhere.")
    location = mapping.location
    if location.form == "geometry":
        where = _("The file's own geometry ({type}).").format(type=raw.geometry_type or "?")
        crs = raw.crs if len(raw.crs) < MOST_WORDS else _("as the file says")
        return where + " " + (_("CRS: {crs}.").format(crs=crs) if raw.crs else _("No CRS."))
    if location.form == "none":
        return _("No coordinates found: choose the columns that hold them.")
    return _("Coordinates from {columns}.").format(columns=", ".join(location.columns))


def code_rows(
    raw: RawTable, mapping: ColumnMapping, kind: Kind, values: Mapping[str, Mapping[str, str]]
) -> tuple[CodeRow, ...]:
    """Return the words of every mapped column of codes, the frequent ones first.

    `values` are the codes that the user gave them (see `Recipe`).
    """
    return tuple(
        row
        for name, column in mapping.fields.items()
        if kind.fields[name].type == "code"
        for row in _words(raw, kind, name, column, values.get(name, {}))
    )


def counts_text(report: ImportReport) -> str:
    """Say what became of the rows, with the repairs and the reasons."""
    parts = [
        ngettext("{n} row read", "{n} rows read", report.rows_read).format(
            n=number(report.rows_read)
        ),
        _("{n} accepted").format(n=number(report.accepted)),
        _with_causes(_("{n} repaired"), report.repaired, report.repairs, repair_text),
        _with_causes(_("{n} not taken in"), report.quarantined, report.reasons, reason_text),
    ]
    return " · ".join(parts)


def repair_text(repair: str) -> str:
    """Return a repair of the import in words."""
    return {
        "axes_swapped": _("latitude and longitude swapped"),
        "decimal_comma": _("decimal comma"),
        "made_valid": _("geometry made valid"),
        "reprojected": _("reprojected"),
        "dropped_z": _("height dropped"),
        "trimmed": _("blanks trimmed"),
    }.get(repair, repair)


def _with_causes(text: str, n: int, causes: Mapping[str, int], say: Callable[[str], str]) -> str:
    counts = ", ".join(f"{say(cause)} {number(count)}" for cause, count in causes.items())
    return text.format(n=number(n)) + (f" ({counts})" if counts else "")


def _title(labels: Mapping[str, str], unit: str) -> str:
    return f"{label(labels)} ({unit_text(unit)})" if unit else label(labels)


def _row(raw: RawTable, name: str, title: str, column: str) -> FieldRow:
    return FieldRow(name, title, column, _sample(raw, column) if column else "")


def _sample(raw: RawTable, column: str) -> str:
    known = raw.columns[column].dropna()
    return " · ".join(str(value) for value in known.drop_duplicates().head(SAMPLES))


def _location_rows(raw: RawTable, location: Location) -> list[FieldRow]:
    if location.form == "geometry":
        return []
    if location.form in ("geopoint", "wkt", "geojson"):
        return [_row(raw, location.form, _("Coordinates"), location.columns[0])]
    names = ("x", "y") if location.columns and not location.geographic else ("lon", "lat")
    titles = {"x": _("X"), "y": _("Y"), "lon": _("Longitude"), "lat": _("Latitude")}
    columns = location.columns or (NO_COLUMN, NO_COLUMN)
    return [
        _row(raw, name, titles[name], column) for name, column in zip(names, columns, strict=True)
    ]


def _words(
    raw: RawTable, kind: Kind, name: str, column: str, codes: Mapping[str, str]
) -> list[CodeRow]:
    counts = clean_text(raw.columns[column]).value_counts().head(MOST_WORDS)
    words = counts.index.to_series().reset_index(drop=True)
    read = read_field(words, kind.fields[name], codes).values
    found = zip(words, counts, read.fillna(UNKNOWN), strict=True)
    return [CodeRow(name, str(word), int(count), str(code)) for word, count, code in found]
