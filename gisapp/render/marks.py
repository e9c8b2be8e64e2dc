"""Point symbols: one mark for all alike at a place, a small ring where one would hide another."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from gisapp.render.geometry import geometry_of
from gisapp.render.memory import FrameMemory
from gisapp.render.sizes import crowded, size_factor
from gisapp.render.symbols import NO_RULE, rule_of_each

if TYPE_CHECKING:
    import geopandas as gpd
    from numpy.typing import NDArray

    from gisapp.core.style import Style
    from gisapp.render.viewport import Viewport

# Neighbours in a ring overlap by a fifth: close enough to read as one place.
_RING_TIGHTNESS = 0.8


@dataclass(frozen=True, eq=False)
class Marks:
    """The point symbols of one layer, n of them, each with its place in the ring of its point.

    `xy` (n, 2) metres, `rule` (n,), `slot` of `slots` (n,); `mark_of_point` (points,) leads from
    the points of the layer's geometry to marks, −1 where no rule draws a point.
    """

    xy: NDArray[np.float64]
    rule: NDArray[np.int32]
    slot: NDArray[np.int64]
    slots: NDArray[np.int64]
    mark_of_point: NDArray[np.int64]


_remembered: FrameMemory[tuple[Style, Marks]] = FrameMemory()


def marks_of(frame: gpd.GeoDataFrame, style: Style) -> Marks:
    """Return the marks of a layer's points: rows that look the same at the same place share one."""
    known = _remembered.get(frame)
    if known is not None and known[0] == style:
        return known[1]
    geometry = geometry_of(frame)
    rule = rule_of_each(frame, style)[geometry.point_row]
    hides = np.array([style_rule.symbol.fill is not None for style_rule in style.rules])
    marks = _stacked(geometry.point_xy, rule, hides)
    _remembered.put(frame, (style, marks))
    return marks


def drawn_at(marks: Marks, style: Style, viewport: Viewport) -> NDArray[np.float64]:
    """Return where each mark is drawn, in pixels, shape (n, 2)."""
    px = viewport.to_px(marks.xy)
    shared = marks.slots > 1
    if shared.any():
        turn = 2 * np.pi / marks.slots[shared]
        angle = marks.slot[shared] * turn - np.pi / 2
        radius_mm = _RING_TIGHTNESS * largest_mm(style, viewport) / 2 / np.sin(turn / 2)
        reach_px = (radius_mm * viewport.px_per_mm)[:, None]
        px[shared] += reach_px * np.column_stack([np.cos(angle), np.sin(angle)])
    return px


def uncrowded(marks: Marks, style: Style, viewport: Viewport) -> NDArray[np.bool_]:
    """Say which marks are drawn, shape (n,): far out, one hollow mark stands for its neighbours.

    Rings that overlap along a street make a dark band that hides what they ring. Of those in one
    cell of the map, as large as a ring, the one of the first rule is kept; the cells lie fixed on
    the ground, so that panning changes nothing.
    """
    drawn = np.ones(len(marks.rule), dtype=bool)
    hollow = np.array([rule.symbol.fill is None for rule in style.rules])[marks.rule]
    if not (crowded(viewport) and hollow.any()):
        return drawn
    cell_m = largest_mm(style, viewport) * viewport.scale / 1000
    rings = np.flatnonzero(hollow)
    rings = rings[np.argsort(marks.rule[rings], kind="stable")]
    cell = np.floor(marks.xy[rings] / cell_m)
    _, first = np.unique(cell[:, 0] + 1j * cell[:, 1], return_index=True)
    drawn[rings] = False
    drawn[rings[first]] = True
    return drawn


def largest_mm(style: Style, viewport: Viewport) -> float:
    """Return the size of a style's largest marker in `viewport`."""
    return max(rule.symbol.size_mm for rule in style.rules) * size_factor(viewport)


def _stacked(xy: NDArray[np.float64], rule: NDArray[np.int32], hides: NDArray[np.bool_]) -> Marks:
    """Find what looks alike at the same place; only symbols that hide others need a ring."""
    drawn = np.flatnonzero(rule != NO_RULE)
    _, place = np.unique(xy[drawn, 0] + 1j * xy[drawn, 1], return_inverse=True)
    pair, first, mark = np.unique(
        place.astype(np.int64) * len(hides) + rule[drawn], return_index=True, return_inverse=True
    )
    mark_of_point = np.full(len(xy), -1, dtype=np.int64)
    mark_of_point[drawn] = mark
    mark_rule = rule[drawn[first]]
    slot, slots = _ring_slots(pair // len(hides), hides[mark_rule])
    return Marks(xy[drawn[first]], mark_rule, slot, slots, mark_of_point)


def _ring_slots(
    place: NDArray[np.int64], hides: NDArray[np.bool_]
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Number the marks of each place that would hide another; `place` (n,) is sorted."""
    slot = np.zeros(len(place), dtype=np.int64)
    slots = np.ones(len(place), dtype=np.int64)
    crowd = place[hides]
    slot[hides] = np.arange(len(crowd)) - np.searchsorted(crowd, crowd)
    slots[hides] = np.bincount(crowd)[crowd] if len(crowd) else 1
    return slot, slots
