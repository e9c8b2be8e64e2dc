"""What the HTML map shows, as values for one JSON block; numbers in it are packed."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import asdict, replace
from functools import partial
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import pandas as pd
import shapely

from gisapp.core.units import unit_text
from gisapp.core.words import LANGUAGES, label, speaking
from gisapp.export.packing import packed, packed_column, packed_points, packed_shapes
from gisapp.export.page_times import page_times
from gisapp.io.catalogue import load_catalogue
from gisapp.io.styles import load_style
from gisapp.privacy.cells import CELL_KINDS
from gisapp.render.symbols import NO_RULE, rule_of_each

if TYPE_CHECKING:
    from collections.abc import Iterable

    from gisapp.core.catalogue import Field
    from gisapp.core.layer import Layer
    from gisapp.core.style import Rule, Style, Symbol
    from gisapp.privacy.release import Release

WGS84: Final = "EPSG:4326"
WIDEST_SCALE: Final = 10  # a number within these limits says little without them
Both = dict[str, str]


def both(say: Callable[[], str]) -> Both:
    """Return what `say` says in each language."""
    said = {}
    for code in LANGUAGES:
        with speaking(code):
            said[code] = say()
    return said


def layer_values(layer: Layer, fields: Mapping[str, Field]) -> dict[str, Any]:
    """Return one layer: title, rules with counts, geometry, columns."""
    frame = layer.frame
    placed = ~(frame.geometry.isna() | frame.geometry.is_empty).to_numpy()
    style = _page_style(layer.style)
    rule = np.where(placed, rule_of_each(frame, style), NO_RULE)
    counts = np.bincount(rule[rule != NO_RULE], minlength=len(style.rules))
    geometry = frame.geometry.to_crs(WGS84).to_numpy()
    columns = [column for column in frame.columns if column != "geometry"]
    return {
        "name": layer.name,
        "kind": layer.kind,
        "title": _title(layer),
        "names": _names(layer),
        "counted": layer.kind in CELL_KINDS,
        "visible": layer.visible,
        "count": len(frame),
        "unplaced": int((~placed).sum()),
        "rules": [_rule(r, n) for r, n in zip(style.rules, counts.tolist(), strict=True)],
        "rule": packed(rule.astype(np.int64)),
        "times": page_times(frame, style, rule),
        "fields": [_field(column, fields.get(column)) for column in columns],
        "values": [packed_column(frame[column]) for column in columns],
        **_geometry(geometry),
    }


def bounds(release: Release) -> list[float] | None:
    """Return west, south, east and north of all features in degrees; None without any."""
    corners = [
        layer.frame.geometry.to_crs(WGS84).total_bounds
        for layer in release.layers
        if layer.frame.geometry.notna().any()
    ]
    if not corners:
        return None
    boxes = np.array(corners)
    edges = [*boxes[:, :2].min(axis=0), *boxes[:, 2:].max(axis=0)]
    return [round(float(edge), 6) for edge in edges]


def _page_style(style: Style) -> Style:
    """Return what the page draws by: it knows rules alone, so a surface is drawn as its points."""
    rules = (
        replace(rule, symbol=replace(rule.symbol, fill_opacity=_faded(rule.symbol, style)))
        for rule in style.rules or load_style("other").rules
    )
    return replace(style, rules=tuple(rules))


def _faded(symbol: Symbol, style: Style) -> float:
    return round(symbol.fill_opacity * style.opacity, 3)


def _title(layer: Layer) -> Both:
    kinds = {**load_catalogue().kinds, **CELL_KINDS}
    labels = kinds[layer.kind].labels if layer.kind in kinds else {}
    return both(lambda: layer.title or label(layer.style.titles) or label(labels) or layer.name)


def _names(layer: Layer) -> str:
    """Return the column whose text is written on the map; empty where none of them leaves."""
    labels, frame = layer.style.labels, layer.frame
    column = labels.column if labels else ""
    if column not in frame.columns or not pd.api.types.is_string_dtype(frame[column]):
        return ""
    return column


def _rule(rule: Rule, count: int) -> dict[str, Any]:
    return {"label": both(lambda: label(rule.labels)), "count": count, **asdict(rule.symbol)}


def _field(column: str, field: Field | None) -> dict[str, Any]:
    if field is None:
        return {"name": column, "label": {}, "type": "text"}
    told: dict[str, Any] = {"name": column, "label": dict(field.labels), "type": field.type}
    if field.unit:
        told["unit"] = both(partial(unit_text, field.unit))
    low, high = field.minimum, field.maximum
    if low is not None and high is not None and high - low <= WIDEST_SCALE and not field.unit:
        told["scale"] = [low, high]
    if field.codes:
        told["codes"] = {code: dict(labels) for code, labels in field.codes.items()}
    return told


def _geometry(geometry: Any) -> dict[str, Any]:
    """Split a layer's geometries into points, lines and areas, each with its feature's row."""
    parts, row = shapely.get_parts(geometry, return_index=True)
    kind = shapely.get_type_id(parts)
    is_point, is_area = kind == shapely.GeometryType.POINT, kind == shapely.GeometryType.POLYGON
    is_line = np.isin(kind, (shapely.GeometryType.LINESTRING, shapely.GeometryType.LINEARRING))
    is_point &= ~shapely.is_empty(parts)
    return {
        "points": packed_points(parts[is_point], row[is_point]),
        "areas": packed_shapes(parts[is_area], row[is_area]),
        "lines": packed_shapes(parts[is_line], row[is_line]),
    }


def sources(release: Release) -> list[str]:
    """Return the names of the files that the layers came from."""
    reports: Iterable[Any] = (layer.report for layer in release.layers)
    return sorted({report.source for report in reports if report is not None and report.source})
