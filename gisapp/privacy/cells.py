"""Layers of counted areas: what stands on a map in the place of homes and unnamed businesses."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Final

import geopandas as gpd
import pandas as pd

from gisapp.core.catalogue import Field, FieldType, Kind
from gisapp.core.layer import Layer
from gisapp.core.policy import RESTRICTIVE_CLASSES
from gisapp.core.style import Condition, Rule, Style, Symbol
from gisapp.privacy.tally import MEASURES

if TYPE_CHECKING:
    from gisapp.core.layer import ImportReport
    from gisapp.privacy.tally import Tally

# A place that counts are given for: admin area and, inside it, cell ("" for the whole area).
Place = tuple[str, str]

# Upper limits, in percent, and fills of the shares: ColorBrewer YlOrBr, safe for the colour-blind.
SHARES: Final = ((10, "#fff7d6"), (25, "#fed98e"), (50, "#fe9929"), (75, "#cc5c0e"))
HIGHEST_SHARE: Final = "#8c2d04"
NOT_SHOWN: Final = "#9a9a9a"

# Column, measure and category of every count of a layer of cells; the first is the total.
COUNTS: Final[Mapping[str, tuple[tuple[str, str, str], ...]]] = MappingProxyType(
    {
        "businesses": (
            ("businesses", "", ""),
            ("restricted", "restricted", "yes"),
            *((c, "class", c) for c in reversed(MEASURES["businesses"]["class"])),
            ("exposed", "exposed", "yes"),
            ("contradictory", "contradictory", "yes"),
        ),
        "households": (
            ("families", "", ""),
            ("affected", "affected", "yes"),
            *((c, "impact", c) for c in MEASURES["households"]["impact"]),
            ("contradictory", "contradictory", "yes"),
        ),
    }
)
# Finding of a conflict row, by the kind of subject: the measure and category that counts it.
FINDINGS: Final[Mapping[str, tuple[tuple[str, str, str], ...]]] = MappingProxyType(
    {
        "businesses": (
            *((c, "class", c) for c in reversed(RESTRICTIVE_CLASSES)),
            ("eviction", "exposed", "yes"),
            ("contradiction", "contradictory", "yes"),
        ),
        "households": (
            ("eviction", "exposed", "yes"),
            ("contradiction", "contradictory", "yes"),
        ),
    }
)


def _field(name: str, kind: FieldType, indonesian: str, english: str, unit: str = "") -> Field:
    return Field(name, kind, "open", {"id": indonesian, "en": english}, unit)


_AREA_FIELDS: Final = (
    _field("id", "text", "Kode", "Code"),
    _field("name", "text", "Wilayah", "Area"),
)
_FIELDS: Final[Mapping[str, tuple[Field, ...]]] = {
    "business_cells": (
        *_AREA_FIELDS,
        _field("businesses", "integer", "Usaha", "Businesses"),
        _field("restricted", "integer", "Dibatasi atau dilarang", "Restricted or prohibited"),
        _field("prohibited", "integer", "Dilarang (X)", "Prohibited (X)"),
        _field("conditional", "integer", "Bersyarat (B)", "Conditional (B)"),
        _field("limited", "integer", "Terbatas (T)", "Limited (T)"),
        _field("permitted", "integer", "Diizinkan (I)", "Permitted (I)"),
        _field("no_rule", "integer", "Tanpa aturan", "No rule"),
        _field("outside_plan", "integer", "Di luar rencana", "Outside the plan"),
        _field("not_assessed", "integer", "Tidak dinilai", "Not assessed"),
        _field("exposed", "integer", "Di area penggusuran", "In an eviction area"),
        _field(
            "contradictory", "integer", "Kebijakan bertentangan", "Under contradicting policies"
        ),
        _field("share_percent", "number", "Bagian yang dibatasi", "Share restricted", "%"),
    ),
    "household_cells": (
        *_AREA_FIELDS,
        _field("families", "integer", "Keluarga", "Families"),
        _field("affected", "integer", "Keluarga terdampak", "Families affected"),
        _field("direct", "integer", "Rumahnya", "Their home"),
        _field("livelihood", "integer", "Penghidupannya", "Their livelihood"),
        _field("both", "integer", "Rumah dan penghidupannya", "Home and livelihood"),
        _field("none", "integer", "Tidak terdampak", "Not affected"),
        _field("not_assessed", "integer", "Tidak dinilai", "Not assessed"),
        _field(
            "contradictory", "integer", "Kebijakan bertentangan", "Under contradicting policies"
        ),
        _field("share_percent", "number", "Bagian yang terdampak", "Share affected", "%"),
    ),
    "conflict_cells": (
        _field("id", "text", "Kode", "Code"),
        _field("subject_kind", "text", "Jenis subjek", "Kind of subject"),
        _field("finding", "text", "Temuan", "Finding"),
        _field("admin_code", "text", "Kode wilayah", "Admin code"),
        _field("name", "text", "Wilayah", "Area"),
        _field("subjects", "integer", "Jumlah subjek", "Subjects"),
        _field("as_of", "date", "Per tanggal", "As of"),
    ),
    "subject_cells": (
        _field("id", "text", "Kode", "Code"),
        _field("kind", "text", "Jenis subjek", "Kind of subject"),
        _field("admin_code", "text", "Kode wilayah", "Admin code"),
        _field("name", "text", "Wilayah", "Area"),
        _field("measure", "text", "Ukuran", "Measure"),
        _field("category", "text", "Kategori", "Category"),
        _field("count", "integer", "Jumlah", "Count"),
    ),
}
_TITLES: Final = {
    "business_cells": {"id": "Usaha menurut wilayah", "en": "Businesses by area"},
    "household_cells": {"id": "Keluarga menurut wilayah", "en": "Families by area"},
    "conflict_cells": {"id": "Konflik menurut wilayah", "en": "Conflicts by area"},
    "subject_cells": {"id": "Subjek menurut wilayah", "en": "Subjects by area"},
}
CELL_KINDS: Final[Mapping[str, Kind]] = MappingProxyType(
    {
        kind: Kind(kind, "polygon", _TITLES[kind], {f.name: f for f in fields}, kind, result=True)
        for kind, fields in _FIELDS.items()
    }
)
_CELL_KIND: Final = {"businesses": "business_cells", "households": "household_cells"}
_HIT_LABELS: Final = {
    "businesses": {"id": "dibatasi atau dilarang", "en": "restricted or prohibited"},
    "households": {"id": "keluarga terdampak", "en": "families affected"},
}


def cell_layer(
    tally: Tally,
    polygons: Mapping[Place, Any],
    names: Mapping[str, str],
    crs: str,
    *,
    report: ImportReport | None,
    visible: bool,
) -> Layer:
    """Make a layer of counted areas, one row for each polygon.

    Parameters
    ----------
    polygons : mapping
        (admin code, cell) to its polygon in the project's CRS.
    names : mapping
        Admin code to name.
    """
    kind = _CELL_KIND[tally.kind]
    # a hidden cell stays out altogether: its outline would tell that a few homes lie there
    places = [(a, c) for a, c in polygons if not c or tally.count(area=a, cell=c) is not None]
    frame = _counts(tally, places, names)
    outlines = gpd.GeoSeries([polygons[place] for place in places], crs=crs)
    made = gpd.GeoDataFrame(frame, geometry=outlines, crs=crs)
    total = COUNTS[tally.kind][0][0]
    style = _share_style(kind, total, tally.kind) if tally.assessed else _count_style(kind, total)
    return Layer(kind, kind, made, style, visible, report=report)


def _counts(tally: Tally, places: Sequence[Place], names: Mapping[str, str]) -> pd.DataFrame:
    """Return one row a place: code, name, counts (of a cell the first two) and the share hit."""
    frame = pd.DataFrame(
        {
            "id": pd.Series([":".join(filter(None, place)) for place in places], dtype="str"),
            "name": pd.Series([names.get(area, "") for area, _cell in places], dtype="str"),
        }
    )
    by_cell = any(cell for _area, cell in places)
    for column, measure, category in COUNTS[tally.kind][: 2 if by_cell else None]:
        counts = [tally.count(measure, category, area=a, cell=c) for a, c in places]
        frame[column] = pd.array(counts, dtype="Int64")
    if tally.assessed:
        total, hit = (frame[x[0]].astype("Float64") for x in COUNTS[tally.kind][:2])
        share = (100 * hit / total.mask(total == 0)).round(1)
        frame["share_percent"] = share.astype("float64")
    return frame


def conflict_layer(
    tallies: Sequence[Tally],
    polygons: Mapping[Place, Any],
    names: Mapping[str, str],
    crs: str,
    as_of: str,
) -> Layer:
    """Make the conflicts by area and finding: how many subjects have it, and no subject."""
    rows = [
        (
            f"{t.kind}:{area}:{finding}",
            *(t.kind, finding, area, names.get(area)),
            t.count(measure, category, area=area),
            as_of,
        )
        for t in tallies
        for area in t.areas or ("",)
        for finding, measure, category in FINDINGS[t.kind]
    ]
    kind = CELL_KINDS["conflict_cells"]
    frame = pd.DataFrame(rows, columns=list(kind.fields)).astype(
        {"subjects": "Int64", "name": "str", "as_of": "str"}
    )
    return _unstyled(kind, frame, [polygons.get((area, "")) for area in frame["admin_code"]], crs)


def subject_layer(
    tallies: Sequence[Tally], polygons: Mapping[Place, Any], names: Mapping[str, str], crs: str
) -> Layer:
    """Make the subjects by area, measure and category: a long table of counts."""
    rows = [
        (
            f"{t.kind}:{area}:{measure}:{category}",
            *(t.kind, area, names.get(area), measure, category),
            t.count(measure, category, area=area),
        )
        for t in tallies
        for area in t.areas or ("",)
        for measure, categories in MEASURES[t.kind].items()
        for category in categories
    ]
    kind = CELL_KINDS["subject_cells"]
    frame = pd.DataFrame(rows, columns=list(kind.fields)).astype({"count": "Int64", "name": "str"})
    return _unstyled(kind, frame, [polygons.get((area, "")) for area in frame["admin_code"]], crs)


def _unstyled(kind: Kind, frame: pd.DataFrame, polygons: list[Any], crs: str) -> Layer:
    made = gpd.GeoDataFrame(frame, geometry=gpd.GeoSeries(polygons, crs=crs), crs=crs)
    outline = Rule(kind.labels, Symbol(stroke="#666666"))
    return Layer(kind.name, kind.name, made, Style(kind.name, (outline,), kind.labels), False)


def _share_style(kind: str, total: str, subjects: str) -> Style:
    rules = [
        _hidden_rule(total),
        Rule(
            {"id": "Bagian tidak ditampilkan", "en": "Share not shown"},
            Symbol(fill="#ececec", fill_opacity=0.8, stroke=NOT_SHOWN),
            (Condition("share_percent", "missing"),),
        ),
    ]
    low = 0
    what = _HIT_LABELS[subjects]
    for limit, fill in SHARES:
        labels = {lang: f"{low}–{limit} % {text}" for lang, text in what.items()}
        when = (Condition("share_percent", "lt", limit),)
        rules.append(Rule(labels, _filled(fill), when))
        low = limit
    labels = {"id": f"{low} % atau lebih", "en": f"{low} % or more"}
    rules.append(Rule(labels, _filled(HIGHEST_SHARE)))
    return Style(kind, tuple(rules), CELL_KINDS[kind].labels)


def _count_style(kind: str, total: str) -> Style:
    counted = Rule({"id": "Terhitung", "en": "Counted"}, _filled(SHARES[0][1]))
    return Style(kind, (_hidden_rule(total), counted), CELL_KINDS[kind].labels)


def _hidden_rule(total: str) -> Rule:
    return Rule(
        {"id": "Disembunyikan agar tak dikenali", "en": "Hidden, so that nobody is singled out"},
        Symbol(hatch="diagonal", stroke=NOT_SHOWN, stroke_mm=0.2),
        (Condition(total, "missing"),),
    )


def _filled(fill: str) -> Symbol:
    return Symbol(fill=fill, fill_opacity=0.75, stroke="#7a5230", stroke_mm=0.2)
