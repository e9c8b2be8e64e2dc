"""What lies under the pointer."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import shapely

from gisapp.render.geometry import geometry_of
from gisapp.render.marks import drawn_at, marks_of
from gisapp.render.sizes import sized
from gisapp.render.symbols import NO_RULE, rule_of_each

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from gisapp.core.layer import Layer
    from gisapp.render.viewport import Viewport


@dataclass(frozen=True)
class Hit:
    """A feature that was picked: its layer, its row in the layer's frame and its id.

    `distance_px` is 0 inside an area or on a marker.
    """

    layer: str
    row: int
    id: str
    distance_px: float


def pick(
    layers: Sequence[Layer],
    viewport: Viewport,
    x_px: float,
    y_px: float,
    tolerance_px: float = 4.0,
) -> tuple[Hit, ...]:
    """Return the drawn features within `tolerance_px` of a pixel.

    Layers come from the top to the bottom; within a layer the nearest comes first. A marker is
    hit anywhere on its symbol, also where it stands in a ring beside its point.

    Parameters
    ----------
    layers : sequence of Layer
        In drawing order, the first on top; hidden ones are not hit.
    viewport : Viewport
        Of the image that was clicked.
    x_px, y_px : float
        Device pixels from its upper left corner.
    tolerance_px : float
        How far beside a feature still hits it.
    """
    return tuple(
        hit
        for layer in layers
        if layer.visible and layer.style.rules
        for hit in _hits(layer, viewport, np.array([x_px, y_px]), tolerance_px)
    )


def _hits(
    layer: Layer, viewport: Viewport, at_px: NDArray[np.float64], tolerance_px: float
) -> list[Hit]:
    nearest: dict[int, float] = {}
    for rows, distances in (
        _near_marks(layer, viewport, at_px, tolerance_px),
        _near_shapes(layer, viewport, at_px, tolerance_px),
    ):
        for row, distance in zip(rows.tolist(), distances.tolist(), strict=True):
            nearest[row] = min(distance, nearest.get(row, np.inf))
    ordered = sorted((distance, row) for row, distance in nearest.items())
    ids = layer.frame.get("id")
    return [
        Hit(layer.name, row, "" if ids is None else str(ids.iloc[row]), max(distance, 0.0))
        for distance, row in ordered
    ]


def _near_marks(
    layer: Layer, viewport: Viewport, at_px: NDArray[np.float64], tolerance_px: float
) -> tuple[NDArray[np.int32], NDArray[np.float64]]:
    """Return the rows of the points whose symbols are near, and how far their edges are.

    Below 0 inside a symbol, so that of two that overlap the one better hit comes first.
    """
    geometry, marks = geometry_of(layer.frame), marks_of(layer.frame, layer.style)
    size_mm = np.array([sized(rule.symbol, viewport).size_mm for rule in layer.style.rules])
    away = np.hypot(*(drawn_at(marks, viewport) - at_px).T)
    away -= size_mm[marks.rule] * viewport.px_per_mm / 2
    drawn = np.flatnonzero(marks.mark_of_point >= 0)
    distance = away[marks.mark_of_point[drawn]]
    near = distance <= tolerance_px
    return geometry.point_row[drawn[near]], distance[near]


def _near_shapes(
    layer: Layer, viewport: Viewport, at_px: NDArray[np.float64], tolerance_px: float
) -> tuple[NDArray[np.int32], NDArray[np.float64]]:
    """Return the rows of the lines and areas that are near, and how far they are."""
    geometry = geometry_of(layer.frame)
    rule = rule_of_each(layer.frame, layer.style)
    x, y = viewport.to_map(at_px[None])[0]
    reach_m = tolerance_px * viewport.metres_per_px
    box = (x - reach_m, y - reach_m, x + reach_m, y + reach_m)
    rows, distances = [], []
    for parts in (geometry.lines, geometry.polygons):
        near = np.flatnonzero(parts.overlapping(box) & (rule[parts.row] != NO_RULE))
        distance_m = shapely.distance(parts.shapes(near), shapely.Point(x, y))
        hit = distance_m <= reach_m
        rows.append(parts.row[near[hit]])
        distances.append(distance_m[hit] / viewport.metres_per_px)
    return np.concatenate(rows), np.concatenate(distances)
