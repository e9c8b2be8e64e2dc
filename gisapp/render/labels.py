"""Names on the map: what could be written where, and which of it finds room."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import shapely

from gisapp.render.geometry import clipped, geometry_of, points_within
from gisapp.render.marks import largest_mm
from gisapp.render.symbols import NO_RULE, rule_of_each

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from gisapp.core.layer import Layer
    from gisapp.render.viewport import Viewport

# More names than this find no room on any image; the largest features are tried first.
_MOST_TRIED = 1500

Measure = Callable[[str], tuple[float, float]]


@dataclass(frozen=True)
class Label:
    """A name that wants to stand at a place, in pixels.

    `gap_px` is how far it stays from the place: 0 for an area's name, which stands on it.
    """

    text: str
    x: float
    y: float
    gap_px: float = 0.0


@dataclass(frozen=True)
class PlacedLabel:
    """A name and its box, in pixels: upper left corner, width and height."""

    text: str
    x: float
    y: float
    width: float
    height: float


def wanted_labels(layer: Layer, viewport: Viewport) -> list[Label]:
    """Return the names of a layer's features in view, the most deserving first."""
    labels = layer.style.labels
    if labels is None or labels.column not in layer.frame.columns:
        return []
    texts = layer.frame[labels.column].astype("str").to_numpy(dtype=object, na_value="")
    drawn = rule_of_each(layer.frame, layer.style) != NO_RULE
    named = drawn & np.array([bool(text) for text in texts], dtype=bool)
    return [
        *_area_labels(layer, texts, named, viewport),
        *_point_labels(layer, texts, named, viewport),
    ][:_MOST_TRIED]


def place_labels(
    labels: Sequence[Label], measure: Measure, width_px: float, height_px: float
) -> list[PlacedLabel]:
    """Give each label, in turn, the first of its places where it covers no other and is whole.

    Parameters
    ----------
    measure : callable
        A text's width and height in pixels, as the painter's font has it.
    """
    placed: list[PlacedLabel] = []
    taken = np.empty((len(labels), 4))
    for label in labels:
        for box in _boxes(label, *measure(label.text)):
            if _is_whole(box, width_px, height_px) and not _is_taken(box, taken[: len(placed)]):
                taken[len(placed)] = box
                placed.append(PlacedLabel(label.text, *box[:2], box[2] - box[0], box[3] - box[1]))
                break
    return placed


Box = tuple[float, float, float, float]


def _boxes(label: Label, width: float, height: float) -> list[Box]:
    """Return the boxes to try: on the place and close to it, or around it."""
    if label.gap_px:
        right, left = label.x + label.gap_px, label.x - label.gap_px - width
        above, below = label.y - label.gap_px - height, label.y + label.gap_px
        middle_x, middle_y = label.x - width / 2, label.y - height / 2
        corners = [(right, middle_y), (left, middle_y), (middle_x, above), (middle_x, below)]
    else:
        x, y = label.x - width / 2, label.y - height / 2
        corners = [(x, y), (x, y - height), (x, y + height)]
    return [(x, y, x + width, y + height) for x, y in corners]


def _is_whole(box: Box, width_px: float, height_px: float) -> bool:
    return box[0] >= 0 and box[1] >= 0 and box[2] <= width_px and box[3] <= height_px


def _is_taken(box: Box, taken: NDArray[np.float64]) -> bool:
    apart = (
        (taken[:, 0] >= box[2])
        | (taken[:, 2] <= box[0])
        | (taken[:, 1] >= box[3])
        | (taken[:, 3] <= box[1])
    )
    return not bool(apart.all())


def _area_labels(
    layer: Layer, texts: NDArray[np.object_], named: NDArray[np.bool_], viewport: Viewport
) -> list[Label]:
    """Name each area once, on the largest piece of it that is in view."""
    parts = geometry_of(layer.frame).polygons
    min_x, min_y, max_x, max_y = viewport.bounds
    boxes = parts.bounds
    width = np.minimum(boxes[:, 2], max_x) - np.maximum(boxes[:, 0], min_x)
    height = np.minimum(boxes[:, 3], max_y) - np.maximum(boxes[:, 1], min_y)
    candidates = np.flatnonzero(named[parts.row] & (width > 0) & (height > 0))
    size = width[candidates] * height[candidates]
    largest = candidates[np.argsort(-size, kind="stable")]
    _, first = np.unique(parts.row[largest], return_index=True)
    chosen = largest[np.sort(first)][:_MOST_TRIED]
    seen = clipped(parts.shapes(chosen), viewport.bounds)
    shown = shapely.area(seen) > 0
    circles = shapely.maximum_inscribed_circle(seen[shown], tolerance=2 * viewport.metres_per_px)
    anchors = shapely.get_coordinates(shapely.get_point(circles, 0))
    places = viewport.to_px(anchors).tolist()
    names = texts[parts.row[chosen[shown]]]
    return [Label(text, x, y) for text, (x, y) in zip(names, places, strict=True)]


def _point_labels(
    layer: Layer, texts: NDArray[np.object_], named: NDArray[np.bool_], viewport: Viewport
) -> list[Label]:
    geometry = geometry_of(layer.frame)
    wanted = named[geometry.point_row] & points_within(geometry.point_xy, viewport.bounds)
    chosen = np.flatnonzero(wanted)[:_MOST_TRIED]
    gap_px = largest_mm(layer.style, viewport) * viewport.px_per_mm * 0.7
    places = viewport.to_px(geometry.point_xy[chosen]).tolist()
    names = texts[geometry.point_row[chosen]]
    return [Label(text, x, y, gap_px) for text, (x, y) in zip(names, places, strict=True)]
