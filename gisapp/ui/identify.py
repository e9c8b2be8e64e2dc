"""What lies under a click, layer by layer, with the records that belong to it. No Qt."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from gisapp.core.attachment import ATTACHABLE
from gisapp.core.words import _, label
from gisapp.ui.values import cell, cells, code_text, facts, value_text

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    import pandas as pd
    from shapely.geometry.base import BaseGeometry

    from gisapp.core.catalogue import Catalogue, Kind
    from gisapp.core.layer import Layer
    from gisapp.core.project import Project
    from gisapp.render.pick import Hit

# The column that names a record, where it is not ``name``.
_LEADING = {
    "conflicts": "finding",
    "assessed_businesses": "class",
    "assessed_households": "family_impact",
    "zoning": "KODSZN_1",
}

Facts = tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Found:
    """One record: where it lies, its values, and what is related to it under headings.

    `explained` is whether there is a chain behind it. `attachable` is its kind and id where
    documents may belong to it, `attached` the id and title of each that does.
    """

    layer: str
    row: int
    title: str
    facts: Facts
    related: tuple[tuple[str, tuple[str, ...]], ...] = ()
    explained: bool = False
    attachable: tuple[str, str] | None = None
    attached: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True)
class FoundLayer:
    """The records found in one layer."""

    title: str
    records: tuple[Found, ...]


def identified(
    project: Project, hits: Iterable[Hit], catalogue: Catalogue
) -> tuple[FoundLayer, ...]:
    """Describe the features that were picked, grouped by layer in drawing order."""
    from gisapp.render.legend import title_of  # imports pandas

    by_layer: dict[str, list[Hit]] = {}
    for hit in hits:
        by_layer.setdefault(hit.layer, []).append(hit)
    return tuple(
        FoundLayer(
            title_of(project.layer(name)),
            tuple(describe(project, project.layer(name), hit.row, catalogue) for hit in found),
        )
        for name, found in by_layer.items()
    )


def describe(project: Project, layer: Layer, row: int, catalogue: Catalogue) -> Found:
    """Describe row number `row` of a layer, with the records related to it."""
    kind = catalogue.kinds.get(layer.kind)
    identifier = str(cell(layer.frame["id"], row))
    leading = _LEADING.get(layer.kind, "name")
    numbered = ("id",) if layer.kind == "conflicts" else ()  # their ids are only row numbers
    return Found(
        layer.name,
        row,
        _title(layer.frame, row, leading, kind) or identifier,
        facts(layer.frame, row, kind, area_names(project), leave_out=(leading, *numbered)),
        _related(project, layer.kind, identifier, catalogue),
        subject_of(layer, row) is not None,
        (layer.kind, identifier) if layer.kind in ATTACHABLE else None,
        _attached(project, layer.kind, identifier),
    )


def _attached(project: Project, kind: str, identifier: str) -> tuple[tuple[str, str], ...]:
    return tuple(
        (x.id, x.shown_title)
        for x in project.attachments
        if (x.to_kind, x.to_id) == (kind, identifier)
    )


def area_names(project: Project) -> dict[str, str]:
    """Return the name of each admin area by its code."""
    frames = [layer.frame for layer in project.of_kind("admin")]
    named = [frame for frame in frames if {"code", "name"} <= set(frame.columns)]
    pairs = (pair for x in named for pair in zip(cells(x["code"]), cells(x["name"]), strict=True))
    return {str(code): str(name) for code, name in pairs if code and name}


def _title(frame: pd.DataFrame, row: int, leading: str, kind: Kind | None) -> str:
    """Name a record by what one looks for first, and whom it is about or its id."""
    second = "subject_id" if "subject_id" in frame.columns else "id"
    texts = [_value(frame, row, column, kind) for column in (leading, second)]
    return " · ".join(text for text in texts if text)


def subject_of(layer: Layer, row: int) -> tuple[str, str] | None:
    """Return the kind and id of the subject that a row speaks of; None where of no subject."""
    kinds = {
        "businesses": "businesses",
        "assessed_businesses": "businesses",
        "households": "households",
        "assessed_households": "households",
    }
    if layer.kind == "conflicts":
        record = layer.frame.iloc[row]
        return str(record["subject_kind"]), str(record["subject_id"])
    if layer.kind in kinds:
        return kinds[layer.kind], str(layer.frame["id"].iloc[row])
    return None


def conflict_rows(project: Project, layer: Layer, row: int) -> list[int]:
    """Return the rows of the conflicts that a feature has part in, as a subject or an area."""
    found = project.of_kind("conflicts")
    if not found:
        return []
    frame = found[0].frame
    if layer.kind == "conflicts":
        return [row]
    subject = subject_of(layer, row)
    columns = ("subject_kind", "subject_id") if subject else ("area_kind", "area_id")
    kind, identifier = subject or (layer.kind, str(layer.frame["id"].iloc[row]))
    mine = (frame[columns[0]] == kind) & (frame[columns[1]] == identifier)
    return [int(i) for i in mine.to_numpy().nonzero()[0]]


def conflicts_of_hits(project: Project, hits: Sequence[Hit]) -> list[int]:
    """Return the conflicts under a click: the nearest first; else those of the topmost feature."""
    hit = [h for h in hits if project.layer(h.layer).kind == "conflicts"] or hits[:1]
    rows = (row for h in hit for row in conflict_rows(project, project.layer(h.layer), h.row))
    return list(dict.fromkeys(rows))


def place_of(project: Project, layer: str, row: int) -> BaseGeometry:
    """Return the geometry of one record."""
    geometry: BaseGeometry = project.layer(layer).frame.geometry.iloc[row]
    return geometry


def places_of_conflicts(project: Project, rows: Sequence[int]) -> list[BaseGeometry]:
    """Return what to mark for rows of the conflicts: the subjects and the policy areas."""
    found = project.of_kind("conflicts")
    if not found or not rows:
        return []
    chosen = found[0].frame.iloc[list(rows)]
    places = list(chosen.geometry.dropna())
    for kind in set(chosen["area_kind"]):
        wanted = set(chosen.loc[chosen["area_kind"] == kind, "area_id"])
        for layer in project.of_kind(str(kind)):
            areas = layer.frame.geometry[layer.frame["id"].isin(wanted)]
            places += list(areas.dropna())
    return places


def _related(
    project: Project, kind: str, identifier: str, catalogue: Catalogue
) -> tuple[tuple[str, tuple[str, ...]], ...]:
    parts: Sequence[tuple[str, tuple[str, ...]]] = ()
    subjects = kind.removeprefix("assessed_")
    if subjects == "businesses":
        parts = (
            _other_side(project, kind, identifier, catalogue),
            (_("Run by families"), _families(project, identifier, catalogue)),
            (_("Supports"), _supports(project, "business_id", identifier, catalogue)),
            (_("Eviction areas"), _evictions(project, subjects, identifier, catalogue)),
        )
    elif subjects == "households":
        parts = (
            _other_side(project, kind, identifier, catalogue),
            (_("Businesses it runs"), _businesses(project, identifier, catalogue)),
            (_("Supports"), _supports(project, "household_id", identifier, catalogue)),
            (_("Eviction areas"), _evictions(project, subjects, identifier, catalogue)),
        )
    elif kind in ("zoning", "evictions", "support_areas"):
        parts = ((_("Conflicts here"), _findings(project, kind, identifier, catalogue)),)
    return tuple((heading, lines) for heading, lines in parts if lines)


def _other_side(
    project: Project, kind: str, identifier: str, catalogue: Catalogue
) -> tuple[str, tuple[str, ...]]:
    """Return what the survey says of an assessed subject, or the assessment of a surveyed one."""
    surveyed = kind.removeprefix("assessed_")
    heading, other = (
        (_("Assessment"), f"assessed_{kind}") if kind == surveyed else (_("As surveyed"), surveyed)
    )
    lines = [
        f"{title}: {text}"
        for record in _records(project, (other,), identifier)
        for title, text in facts(
            record, 0, catalogue.kind(other), area_names(project), leave_out=("id",)
        )
    ]
    return heading, tuple(lines)


def _rows(frame: pd.DataFrame, column: str, identifier: str) -> pd.DataFrame:
    return frame[frame[column] == identifier] if column in frame.columns else frame.iloc[:0]


def _records(project: Project, kinds: Sequence[str], identifier: str) -> list[pd.DataFrame]:
    layers = [layer for kind in kinds for layer in project.of_kind(kind)]
    found = [_rows(layer.frame, "id", identifier) for layer in layers]
    return [rows for rows in found if len(rows)]


def _value(frame: pd.DataFrame, row: int, column: str, kind: Kind | None) -> str:
    if column not in frame.columns:
        return ""
    return value_text(cell(frame[column], row), kind.fields.get(column) if kind else None)


def _line(project: Project, identifier: str, columns: Any, catalogue: Catalogue) -> str:
    """Write one record in a line: its id, then `columns`, each given as (kind, column)."""
    parts = [identifier]
    for kind_name, column in columns:
        kind = catalogue.kind(kind_name)
        for rows in _records(project, (kind_name,), identifier):
            text = _value(rows, 0, column, kind)
            if text:
                parts.append(f"{label(kind.fields[column].labels)}: {text}")
    return " · ".join(parts)


def _linked(project: Project, column: str, identifier: str, other: str) -> list[str]:
    table = project.tables.get("operates")
    if table is None:
        return []
    linked = cells(_rows(table.frame, column, identifier)[other])
    return sorted({str(value) for value in linked if value is not None})


def _families(project: Project, business: str, catalogue: Catalogue) -> tuple[str, ...]:
    columns = (("households", "members"), ("assessed_households", "family_impact"))
    families = _linked(project, "business_id", business, "household_id")
    return tuple(_line(project, family, columns, catalogue) for family in families)


def _businesses(project: Project, family: str, catalogue: Catalogue) -> tuple[str, ...]:
    columns = (("businesses", "activity"), ("assessed_businesses", "class"))
    businesses = _linked(project, "household_id", family, "business_id")
    return tuple(_line(project, business, columns, catalogue) for business in businesses)


def _supports(
    project: Project, column: str, identifier: str, catalogue: Catalogue
) -> tuple[str, ...]:
    table = project.tables.get("supports")
    if table is None:
        return ()
    rows = _rows(table.frame, column, identifier)
    kind = catalogue.kind("supports")
    shown = ("programme", "amount_idr", "valid_from", "valid_to")
    lines = []
    for i in range(len(rows)):
        texts = [_value(rows, i, name, kind) for name in shown]
        lines.append(" · ".join(text for text in texts if text))
    return tuple(lines)


def _evictions(
    project: Project, kind: str, identifier: str, catalogue: Catalogue
) -> tuple[str, ...]:
    areas = [
        area
        for rows in _records(project, (f"assessed_{kind}",), identifier)
        for joined in cells(rows["evictions"])
        for area in str(joined or "").split(";")
        if area
    ]
    columns = (("evictions", "name"), ("evictions", "stage"))
    return tuple(_line(project, area, columns, catalogue) for area in areas)


def _findings(
    project: Project, kind: str, identifier: str, catalogue: Catalogue
) -> tuple[str, ...]:
    layers = project.of_kind("conflicts")
    if not layers:
        return ()
    frame = layers[0].frame
    mine = frame[(frame["area_kind"] == kind) & (frame["area_id"] == identifier)]
    field = catalogue.kind("conflicts").fields["finding"]
    counts = mine["finding"].value_counts(sort=False).sort_index()
    return tuple(f"{code_text(field, str(code))}: {n}" for code, n in counts.items())
