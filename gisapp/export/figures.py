"""An area's own numbers beside its map, from what the release tells of it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

import pandas as pd

from gisapp.core.policy import CONFORMITY_CLASSES, IMPACTS, STAGES
from gisapp.core.words import _, label, number
from gisapp.export.report_numbers import HIDDEN, Counts, codes, count
from gisapp.render.columns import Line
from gisapp.render.text import MUTED, Hand

if TYPE_CHECKING:
    from gisapp.core.catalogue import Field
    from gisapp.core.layer import Layer
    from gisapp.export.extent import Area
    from gisapp.privacy.release import Release

_HEADING = Hand(2.9, bold=True)
_PLAIN = Hand(2.6)
_REMARK = Hand(2.2, colour=MUTED)
_ABOVE_MM = 2.6
_SLOT_MM = 15.0
# What is not a fact about the area itself.
_NOT_TOLD = frozenset({"id", "geometry", "name", "source", "observed_on", "fill", "stroke"})
_MOST_FACTS = 12


def figures_of(release: Release, layer: Layer, area: Area) -> tuple[Line, ...]:
    """Return the numbers of an administrative area, or what is known of another one."""
    told = _by_area(release).get(area.code) if layer.kind == "admin" else None
    if told is None:
        return _facts(layer, release.fields.get(layer.name, {}), area)
    businesses, households = told.get("businesses"), told.get("households")
    lines: list[Line] = []
    if businesses:
        classes = codes("assessed_businesses", "class")
        lines += _counts(_("Businesses"), businesses, CONFORMITY_CLASSES[::-1], classes)
        exposed = _exposed(release, area.code)
        if exposed:
            lines.append(_told(_("in an eviction area"), exposed))
    if households:
        impacts = codes("assessed_households", "family_impact")
        lines += _counts(_("Families"), households, IMPACTS, impacts)
    return tuple(lines)


def index_of(release: Release, layer: Layer, pages: Iterable[tuple[Area, int]]) -> tuple[Line, ...]:
    """Return what the overview of an atlas lists: pages, areas and their main numbers."""
    by_area = _by_area(release) if layer.kind == "admin" else {}
    names = (_("businesses"), _("families")) if by_area else ()
    lines = [Line(_("Pages"), _HEADING, _ABOVE_MM, heads=True)]
    if names:
        lines.append(Line("", _REMARK, 0.0, names, _SLOT_MM, heads=True))
    for area, page in pages:
        told = by_area.get(area.code, {})
        totals = tuple(
            count(told[kind]["total"]) if told.get(kind) else "–"
            for kind in (("businesses", "households") if by_area else ())
        )
        lines.append(Line(f"{page}  {area.name}", _PLAIN, values=totals, slot_mm=_SLOT_MM))
    return tuple(lines)


def _by_area(release: Release) -> Mapping[str, Mapping[str, Any]]:
    return {str(row["code"]): row for row in release.summary.get("by_admin", ())}


def _counts(
    title: str, counts: Counts, order: Sequence[str], names: Mapping[str, str]
) -> list[Line]:
    """Return a heading with the total and a line a class; classes nobody is in are left out."""
    lines = [Line(title, _HEADING, _ABOVE_MM, (count(counts["total"]),), heads=True)]
    lines += [_told(names[code], count(counts[code])) for code in order if counts.get(code, 0) != 0]
    return lines


def _told(text: str, value: str) -> Line:
    return Line(text, _PLAIN, 0.7, (value,))


def _exposed(release: Release, code: str) -> str:
    """Return how many of an area's businesses an eviction exposes; empty where it is not told.

    An edition that counts by area says so in its cells; the others show each business with its
    stage.
    """
    for layer in release.layers:
        frame = layer.frame
        if layer.kind == "business_cells" and {"id", "exposed"} <= set(frame.columns):
            cell = frame.loc[frame["id"] == code, "exposed"]
            if len(cell) == 1:
                return HIDDEN if cell.isna().iloc[0] else number(int(cell.iloc[0]))
            return ""
    for layer in release.layers:
        frame = layer.frame
        if layer.kind == "assessed_businesses" and {"admin_code", "stage"} <= set(frame.columns):
            inside = (frame["admin_code"] == code) & frame["stage"].isin(STAGES)
            return number(int(inside.sum()))
    return ""


def _facts(layer: Layer, fields: Mapping[str, Field], area: Area) -> tuple[Line, ...]:
    """Return what the layer itself says of the area: its columns by their labels."""
    lines = [Line(_("About this area"), _HEADING, _ABOVE_MM, heads=True)]
    row = layer.frame.iloc[area.row]
    for column in [c for c in layer.frame.columns if c not in _NOT_TOLD][:_MOST_FACTS]:
        value = row[column]
        if pd.isna(value) or not str(value).strip():
            continue
        field = fields.get(column)
        name = label(field.labels) if field is not None else str(column)
        lines.append(Line(f"{name}: {_value(value, field)}", _PLAIN, 0.7))
    return tuple(lines) if len(lines) > 1 else ()


def _value(value: Any, field: Field | None) -> str:
    text = str(value)
    if field is not None and text in field.codes:
        return label(field.codes[text])
    if isinstance(value, int | float) and not isinstance(value, bool):
        return number(value, 0 if float(value).is_integer() else 1)
    return " ".join(text.split())
