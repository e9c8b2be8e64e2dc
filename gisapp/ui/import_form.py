"""What an import asks and shows: kinds, fields and columns, codes, counts. No Qt."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Literal

from gisapp.core.catalogue import LAYER_KINDS, RELATIONS
from gisapp.core.errors import GisappError
from gisapp.core.reasons import reason_text, repair_text
from gisapp.core.units import unit_text
from gisapp.core.words import _, day, label, ngettext, number
from gisapp.io.area import project_area
from gisapp.io.catalogue import load_catalogue
from gisapp.io.importer import replaced_note
from gisapp.io.mapping import mapping_of, parted
from gisapp.io.settling import crs_of
from gisapp.io.updating import changes_note
from gisapp.io.values import UNKNOWN, clean_text, read_field

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Mapping

    from gisapp.core.catalogue import Kind
    from gisapp.core.layer import ImportReport, Layer, Table
    from gisapp.core.project import Project
    from gisapp.core.recipe import Recipe
    from gisapp.io.locations import Location
    from gisapp.io.mapping import ColumnMapping
    from gisapp.io.recipes import Remembered
    from gisapp.io.source import RawTable, Source

Origin = Literal["found", "chosen", "missing"]

NO_COLUMN = ""
SAMPLES = 3
MOST_WORDS = 40
_MOST_LETTERS = 40
_SAMPLED_ROWS = 1_000
# So many columns of the same names make a table the successor of another.
_TELLING = 3


@dataclass(frozen=True)
class FieldRow:
    """One field and the column that it is taken from (`NO_COLUMN`: none).

    `origin` says whether the column was found by the program or chosen by the user.
    """

    field: str
    title: str
    column: str
    sample: str
    origin: Origin = "missing"


@dataclass(frozen=True)
class CodeRow:
    """One word of the source, how often it stands there, and the code it is read as."""

    field: str
    raw: str
    count: int
    code: str


@dataclass(frozen=True)
class Form:
    """What an import asks of one table.

    Parameters
    ----------
    found : str
        What was found out of it, in a line.
    fields : tuple of FieldRow
    codes : tuple of CodeRow
        Of each field at most `MOST_WORDS`.
    unknown : int
        How many words mean no code yet.
    """

    found: str
    fields: tuple[FieldRow, ...]
    codes: tuple[CodeRow, ...]
    unknown: int


def form_of(project: Project, source: Source, raw: RawTable, recipe: Recipe) -> Form:
    """Return the form of a table as a recipe would read it; meant for a worker.

    Raises
    ------
    GisappError
        For a column or code that does not exist (see `suggest_mapping`).
    """
    kind = load_catalogue().kind(recipe.kind)
    mapping = mapping_of(raw, recipe)
    return Form(
        found_text(project, source, raw, mapping, recipe),
        field_rows(raw, mapping, kind, recipe.fields),
        *code_rows(raw, mapping, kind, recipe.values),
    )


def origin_text(origin: Origin) -> str:
    """Return where a field's column comes from, in words."""
    return {
        "found": _("found"),
        "chosen": _("chosen by you"),
        "missing": _("nothing found"),
    }[origin]


def found_text(
    project: Project, source: Source, raw: RawTable, mapping: ColumnMapping, recipe: Recipe
) -> str:
    """Say in one line what was found out: format, text, CRS, places, ids, the kind and why."""
    kind = load_catalogue().kind(recipe.kind)
    parts = [source.driver, *_text_facts(raw.facts), location_note(raw, mapping, kind)]
    if mapping.location.form not in ("geometry", "none"):
        parts.append(_crs_text(project, raw, mapping, recipe))
    parts.append(
        _("ids from {column}").format(column=mapping.id_column)
        if mapping.id_column
        else _("no ids: rows are numbered")
    )
    parts.append(_kind_text(kind, mapping))
    return " · ".join(part for part in parts if part)


def _text_facts(facts: Mapping[str, str]) -> list[str]:
    separators = {
        ",": _("separated by commas"),
        ";": _("separated by semicolons"),
        "\t": _("separated by tabs"),
        "tab": _("separated by tabs"),
        "|": _("separated by bars"),
    }
    separator = facts.get("separator", "")
    encoding = facts.get("encoding", "").removesuffix("-sig").upper()
    return [encoding, separators.get(separator, separator)]


def _crs_text(project: Project, raw: RawTable, mapping: ColumnMapping, recipe: Recipe) -> str:
    area = project_area(project, replacing=recipe.name or recipe.kind)
    try:
        crs, settled = crs_of(raw, mapping.location, recipe.crs, project.crs, area)
    except GisappError:
        return _("no CRS")
    return _("{crs}, by the project's area").format(crs=crs) if settled else crs


def _kind_text(kind: Kind, mapping: ColumnMapping) -> str:
    """Say what speaks for a kind: its fields that columns are named like."""
    n = len(mapping.fields)
    if kind.name == "other" or not n:
        return ""
    return _("{n} of {all} fields of {kind} found").format(
        n=number(n), all=number(len(kind.fields)), kind=label(kind.labels)
    )


def kind_choices() -> tuple[tuple[str, str], ...]:
    """Return what a source can be brought in as: name and label."""
    kinds = load_catalogue().kinds
    return tuple((name, label(kinds[name].labels)) for name in (*LAYER_KINDS, *RELATIONS))


def field_rows(
    raw: RawTable, mapping: ColumnMapping, kind: Kind, chosen: Collection[str] = ()
) -> tuple[FieldRow, ...]:
    """Return the fields to map: the identifier, where the rows lie, then the kind's own.

    `chosen` are those that the user decided about.
    """
    rows = [_row(raw, "id", _("Identifier"), mapping.id_column)]
    if kind.geometry != "table":
        rows += _location_rows(raw, mapping.location)
    titles = {name: _title(known.labels, known.unit) for name, known in kind.fields.items()}
    shown = [x for x in kind.fields.values() if not x.verbatim or x.name in mapping.fields]
    rows += [_row(raw, x.name, titles[x.name], mapping.fields.get(x.name, "")) for x in shown]
    return tuple(replace(row, origin="chosen") if row.field in chosen else row for row in rows)


def location_note(raw: RawTable, mapping: ColumnMapping, kind: Kind) -> str:
    """Say where the rows lie; nothing of a table."""
    if kind.geometry == "table":
        return ""
    location = mapping.location
    if location.form == "geometry":
        where = _("the file's own geometry ({type})").format(type=raw.geometry_type)
        if raw.geometry_type in ("", "Unknown"):
            where = _("the file's own geometry")
        crs = raw.crs if len(raw.crs) < _MOST_LETTERS else _("CRS as the file says")
        return where + " · " + (crs or _("no CRS"))
    if location.form == "none":
        return _("no coordinates found: choose their columns")
    return _("places from {columns}").format(columns=", ".join(location.columns))


def code_rows(
    raw: RawTable, mapping: ColumnMapping, kind: Kind, values: Mapping[str, Mapping[str, str]]
) -> tuple[tuple[CodeRow, ...], int]:
    """Return the words of every mapped column of codes, and how many of all mean no code yet.

    Unknown words come first, and those that the user gave a code (`values`, see `Recipe`); then
    the frequent ones.
    """
    columns = {n: c for n, c in mapping.fields.items() if kind.fields[n].type == "code"}
    words = [_words(raw, kind, n, c, values.get(n, {})) for n, c in columns.items()]
    rows = [row for shown, _unknown in words for row in shown]
    rows.sort(key=lambda row: not _is_asked(row.code, row.raw, values.get(row.field, {})))
    return tuple(rows), sum(unknown for _shown, unknown in words)


def _is_asked(code: str, word: str, codes: Mapping[str, str]) -> bool:
    return code == UNKNOWN or word in codes


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


def other_notes(made: Layer | Table) -> tuple[str, ...]:
    """Return the notes of an import without those that the lines above them say better."""
    report = made.report
    if report is None:
        return ()
    told = changes_note(report.changes) if report.changes else replaced_note(made.name)
    return tuple(note for note in report.notes if note != told)


def replaced_text(project: Project, recipe: Recipe) -> str:
    """Say which layer of another kind would be replaced; nothing where none would be."""
    name = recipe.name or recipe.kind
    there = [x for x in project.layers if x.name == name and x.kind != recipe.kind]
    if not there or recipe.kind in RELATIONS:
        return ""
    return _(
        "The layer {name} holds {kind} now and would be replaced. "
        "Under another layer name both are kept."
    ).format(name=name, kind=label(load_catalogue().kind(there[0].kind).labels))


def changes_text(report: ImportReport, named: bool = True) -> str:
    """Say what would become of the rows that are there now; nothing of a first import.

    `named` says whether they are a layer's, which can be given another name; a table has one only.
    """
    texts = {
        "added": _("{n} new"),
        "changed": _("{n} changed"),
        "unchanged": _("{n} as before"),
        "removed": _("{n} no longer in the file are taken out"),
        "kept": _("{n} kept as they were"),
    }
    counts = [
        text.format(n=number(report.changes[name]))
        for name, text in texts.items()
        if report.changes.get(name)
    ]
    if not counts:
        return ""
    told = (
        _("Nothing of what is in the project already is in this file: {changes}.")
        if replaces_all(report)
        else _("It is in the project already: {changes}.")
    ).format(changes=", ".join(counts))
    if not named or not (report.changes.get("changed") or report.changes.get("removed")):
        return told
    return f"{told} " + _("Under another layer name both are kept.")


def replaces_all(report: ImportReport) -> bool:
    """Whether none of the rows that are in the project would stay: it may be another survey."""
    stay = ("changed", "unchanged", "kept")
    return bool(report.changes.get("removed")) and not any(map(report.changes.get, stay))


def layer_read_from(raw: RawTable, kind: str, project: Project) -> str:
    """Return which layer of a kind was read from columns like these; empty: that of the kind."""
    columns = set(map(str, raw.columns.columns))
    read = {layer.name: _columns_read(layer.report) for layer in project.of_kind(kind)}
    found = [x for x, names in read.items() if len(names) >= _TELLING and names <= columns]
    return "" if kind in found else next(iter(found), "")


def _columns_read(report: ImportReport | None) -> set[str]:
    return set() if report is None else set(parted(report.mapping)[0].values())


def differs(found: Recipe, now: Recipe) -> bool:
    """Whether another recipe reads a table otherwise."""
    return any(
        getattr(found, name) != getattr(now, name) for name in ("kind", "fields", "values", "crs")
    )


def remembered_text(found: Remembered) -> tuple[str, str]:
    """Say how a table like this was read before, and in which columns it differs."""
    kind = label(load_catalogue().kind(found.recipe.kind).labels)
    told = _("On {day} you had a table like this read otherwise, as {kind}.")
    differences = [
        text.format(columns=", ".join(columns))
        for text, columns in (
            (_("It lacks {columns}."), found.missing),
            (_("New here: {columns}."), found.extra),
        )
        if columns
    ]
    return told.format(day=day(found.used_on), kind=kind), " ".join(differences)


def _with_causes(text: str, n: int, causes: Mapping[str, int], say: Callable[[str], str]) -> str:
    counts = "; ".join(f"{say(cause)}: {number(count)}" for cause, count in causes.items())
    return text.format(n=number(n)) + (f" ({counts})" if counts else "")


def _title(labels: Mapping[str, str], unit: str) -> str:
    return f"{label(labels)} ({unit_text(unit)})" if unit else label(labels)


def _row(raw: RawTable, name: str, title: str, column: str) -> FieldRow:
    if not column:
        return FieldRow(name, title, NO_COLUMN, "")
    return FieldRow(name, title, column, _sample(raw, column), "found")


def _sample(raw: RawTable, column: str) -> str:
    cells = raw.columns[column]
    known = cells.head(_SAMPLED_ROWS).dropna()
    if not len(known):
        known = cells.dropna().head(_SAMPLED_ROWS)
    return " · ".join(str(value) for value in known.drop_duplicates().head(SAMPLES))


def _location_rows(raw: RawTable, location: Location) -> list[FieldRow]:
    if location.form == "geometry":
        return []
    if location.form not in ("pair", "none"):
        return [_row(raw, location.form, location_title(location.form), location.columns[0])]
    names = ("x", "y") if location.columns and not location.geographic else ("lon", "lat")
    columns = location.columns or (NO_COLUMN, NO_COLUMN)
    return [
        _row(raw, name, location_title(name), column)
        for name, column in zip(names, columns, strict=True)
    ]


def location_title(name: str) -> str:
    """Return one of `LOCATION_NAMES` in words."""
    titles = {"x": _("X"), "y": _("Y"), "lon": _("Longitude"), "lat": _("Latitude")}
    return titles.get(name, _("Coordinates"))


def _words(
    raw: RawTable, kind: Kind, name: str, column: str, codes: Mapping[str, str]
) -> tuple[list[CodeRow], int]:
    counts = clean_text(raw.columns[column]).value_counts()
    words = counts.index.to_series().reset_index(drop=True)
    read = read_field(words, kind.fields[name], codes).values.fillna(UNKNOWN)
    unknown = read == UNKNOWN
    asked = (unknown | words.isin(list(codes))).to_numpy(dtype=bool)
    shown = (~asked).argsort(kind="stable")[:MOST_WORDS]
    found = zip(words.iloc[shown], counts.iloc[shown], read.iloc[shown], strict=True)
    rows = [CodeRow(name, str(word), int(count), str(code)) for word, count, code in found]
    return rows, int(unknown.sum())
