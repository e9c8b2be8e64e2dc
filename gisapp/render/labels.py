"""Names on the map: which features want one, and where it may stand."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import shapely

from gisapp.core.style import Labels
from gisapp.render.geometry import clipped, geometry_of, points_within
from gisapp.render.label_lines import Way, ways_of
from gisapp.render.marks import largest_mm
from gisapp.render.symbols import NO_RULE, rule_of_each

if TYPE_CHECKING:
    import pandas as pd
    from numpy.typing import NDArray

    from gisapp.core.layer import Layer
    from gisapp.render.viewport import Viewport

# More names than this find no room on any image; of areas and lines the largest are tried.
_MOST_TRIED = 1500
# Where more points want a name, one in each square of this width is tried.
_THINNED_MM = 6.0

PLAIN = Labels("")


@dataclass(frozen=True, eq=False)
class Label:
    """A name that wants to stand at a place, in pixels.

    Parameters
    ----------
    size_px : float
        How large the feature is: larger ones of one priority are named first. 0 of points.
    gap_px : float
        How far the name stays from a point; 0 for an area's, which stands on its place.
    room_px : float
        How wide the area is; infinity where that does not matter.
    way : Way, optional
        The line that the name follows.
    """

    text: str
    x: float
    y: float
    gap_px: float = 0.0
    look: Labels = PLAIN
    size_px: float = 0.0
    room_px: float = float("inf")
    way: Way | None = None


def wanted_labels(layer: Layer, viewport: Viewport) -> list[Label]:
    """Return the names of a layer's features in view, in no order that means anything."""
    look = layer.style.labels
    if look is None or look.column not in layer.frame.columns or not layer.style.rules:
        return []
    column = layer.frame[look.column]
    named = (rule_of_each(layer.frame, layer.style) != NO_RULE) & column.notna().to_numpy()
    labels = [
        *_area_labels(layer, look, named, viewport),
        *_line_labels(layer, look, named, viewport),
        *_point_labels(layer, look, named, viewport),
    ]
    return [label for label in labels if label.text.strip()]


def precedence(label: Label) -> tuple[float, float, str, float, float]:
    """Return what names are sorted by: priority, size of the feature, then name and place."""
    return (-label.look.priority, -label.size_px, label.text, label.x, label.y)


def _texts(column: pd.Series, rows: NDArray[np.intp] | NDArray[np.int32]) -> list[str]:
    """Return texts in one line each: a line break would be written as a box."""
    return [" ".join(str(value).split()) for value in column.iloc[rows]]


def _area_labels(
    layer: Layer, look: Labels, named: NDArray[np.bool_], viewport: Viewport
) -> list[Label]:
    """Name each area once, on the largest piece of it that is in view."""
    parts = geometry_of(layer.frame).polygons
    min_x, min_y, max_x, max_y = viewport.bounds
    boxes = parts.bounds
    width = np.minimum(boxes[:, 2], max_x) - np.maximum(boxes[:, 0], min_x)
    height = np.minimum(boxes[:, 3], max_y) - np.maximum(boxes[:, 1], min_y)
    candidates = np.flatnonzero(named[parts.row] & (width > 0) & (height > 0))
    size = width[candidates] * height[candidates]
    largest = candidates[np.lexsort((boxes[candidates, 0], boxes[candidates, 1], -size))]
    _, first = np.unique(parts.row[largest], return_index=True)
    chosen = largest[np.sort(first)][:_MOST_TRIED]
    seen = clipped(parts.shapes(chosen), viewport.bounds)
    shown = shapely.area(seen) > 0
    seen, chosen = seen[shown], chosen[shown]
    circles = shapely.maximum_inscribed_circle(seen, tolerance=2 * viewport.metres_per_px)
    places = viewport.to_px(shapely.get_coordinates(shapely.get_point(circles, 0)))
    sizes = np.sqrt(shapely.area(seen)) / viewport.metres_per_px
    rooms = np.minimum(width, max_x - min_x)[chosen] / viewport.metres_per_px
    texts = _texts(layer.frame[look.column], parts.row[chosen])
    return [
        Label(text, x, y, 0.0, look, size, room)
        for text, (x, y), size, room in zip(
            texts, places.tolist(), sizes.tolist(), rooms.tolist(), strict=True
        )
    ]


def _line_labels(
    layer: Layer, look: Labels, named: NDArray[np.bool_], viewport: Viewport
) -> list[Label]:
    """Name lines of one name as one; along them where the style says so, else at their middles."""
    parts = geometry_of(layer.frame).lines
    wanted = np.flatnonzero(named[parts.row] & parts.overlapping(viewport.bounds))
    if not len(wanted):
        return []
    column = layer.frame[look.column]
    labels = []
    for row, way in ways_of(parts, wanted, column, viewport)[:_MOST_TRIED]:
        (text,) = _texts(column, np.array([row]))
        x, y = way.at(way.length / 2)
        along = way if look.along else None
        labels.append(Label(text, x, y, 0.0, look, way.length, way=along))
    return labels


def _point_labels(
    layer: Layer, look: Labels, named: NDArray[np.bool_], viewport: Viewport
) -> list[Label]:
    geometry = geometry_of(layer.frame)
    wanted = named[geometry.point_row] & points_within(geometry.point_xy, viewport.bounds)
    chosen = np.flatnonzero(wanted)
    if len(chosen) > _MOST_TRIED:
        cell_m = _THINNED_MM * viewport.scale / 1000
        chosen = chosen[_one_a_cell(geometry.point_xy[chosen], cell_m)]
    gap_px = largest_mm(layer.style, viewport) * viewport.px_per_mm * 0.7
    places = viewport.to_px(geometry.point_xy[chosen]).tolist()
    texts = _texts(layer.frame[look.column], geometry.point_row[chosen])
    return [Label(text, x, y, gap_px, look) for text, (x, y) in zip(texts, places, strict=True)]


def _one_a_cell(xy: NDArray[np.float64], cell_m: float) -> NDArray[np.intp]:
    """Return the most south-western point of each cell of a grid that lies fixed on the ground."""
    order = np.lexsort((xy[:, 0], xy[:, 1]))
    cell = np.floor(xy[order] / cell_m)
    _, first = np.unique(cell[:, 0] + 1j * cell[:, 1], return_index=True)
    return order[first]
