"""Point symbols: one mark for all alike at a place, a small ring where one would hide another."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from gisapp.core.memory import FrameMemory
from gisapp.render.geometry import geometry_of
from gisapp.render.sizes import crowded, size_factor
from gisapp.render.spots import Spots, by_place, same_as_before, spots_of
from gisapp.render.symbols import NO_RULE, rule_of_each

if TYPE_CHECKING:
    import geopandas as gpd
    from numpy.typing import NDArray

    from gisapp.core.style import Style
    from gisapp.render.viewport import Viewport

# Neighbours in a ring overlap by a fifth: close enough to read as one place.
_RING_TIGHTNESS = 0.8
# Of alike findings at one place so many can be told apart.
_MOST_RINGS = 3


@dataclass(frozen=True, eq=False)
class Marks:
    """The point symbols of one layer, n of them, the topmost first.

    `spots` holds where each rule's marks are, `rule` (n,) and `xy` (n, 2) metres are all marks in
    the same order. `again` holds, for each rule of rings (symbols without a fill), where a second
    and where a third lies at one place: they are drawn around each other, to be counted.
    `beside_mm` (n, 2), or (0, 2) where all stand on their place, is how far right and down each
    stands in a ring of marks at full size. `mark_of_point` (points,) leads from the points of the
    layer's geometry to marks, −1 where no rule draws a point.
    """

    xy: NDArray[np.float64]
    rule: NDArray[np.int32]
    beside_mm: NDArray[np.float32]
    spots: tuple[Spots, ...]
    again: tuple[tuple[Spots, ...], ...]
    mark_of_point: NDArray[np.int64]


_remembered: FrameMemory[tuple[Style, Marks]] = FrameMemory()


def marks_of(frame: gpd.GeoDataFrame, style: Style) -> Marks:
    """Return the marks of a layer's points: rows that look the same at the same place share one."""
    known = _remembered.get(frame)
    if known is not None and known[0] == style:
        return known[1]
    geometry = geometry_of(frame)
    rule = rule_of_each(frame, style)[geometry.point_row]
    marks = _stacked(geometry.point_xy, rule, style)
    _remembered.put(frame, (style, marks))
    return marks


def drawn_at(marks: Marks, viewport: Viewport) -> NDArray[np.float64]:
    """Return where each mark is drawn, in pixels, shape (n, 2)."""
    px = viewport.to_px(marks.xy)
    if len(marks.beside_mm):
        px += marks.beside_mm * (size_factor(viewport) * viewport.px_per_mm)
    return px


def spots_in_view(marks: Marks, style: Style, index: int, viewport: Viewport) -> Spots:
    """Return the marks of one rule that may be seen: far out, a hollow one stands for neighbours.

    Rings that overlap along a street make a dark band that hides what they ring. Of those in one
    cell of the map, as large as a ring, the one of the first rule is kept; the cells lie fixed on
    the ground, so that panning changes nothing.
    """
    room_m = (2 * largest_mm(style, viewport) + 2) * viewport.scale / 1000
    spots = marks.spots[index].between(viewport.bounds, room_m)
    if not crowded(viewport) or style.rules[index].symbol.fill is not None:
        return spots
    cell_m = largest_mm(style, viewport) * viewport.scale / 1000
    hollow = [rule.symbol.fill is None for rule in style.rules[: index + 1]]
    before = [marks.spots[i].xy for i in range(index) if hollow[i]]
    return spots.only(_stands_for_cell(spots.xy, before, cell_m))


def largest_mm(style: Style, viewport: Viewport) -> float:
    """Return the size of a style's largest marker in `viewport`."""
    return max(rule.symbol.size_mm for rule in style.rules) * size_factor(viewport)


def _stands_for_cell(
    xy: NDArray[np.float64], before: list[NDArray[np.float64]], cell_m: float
) -> NDArray[np.bool_]:
    """Say which places are the first in their cell, and no earlier rule's is in it."""
    cells = _cells(xy, cell_m)
    _, first = np.unique(cells, return_index=True)
    chosen = np.zeros(len(xy), dtype=bool)
    chosen[first] = True
    for earlier in before:
        chosen &= ~np.isin(cells, _cells(earlier, cell_m))
    return chosen


def _cells(xy: NDArray[np.float64], cell_m: float) -> NDArray[np.complex128]:
    cell = np.floor(xy / cell_m)
    whole: NDArray[np.complex128] = cell[:, 0] + 1j * cell[:, 1]
    return whole


def _stacked(xy: NDArray[np.float64], rule: NDArray[np.int32], style: Style) -> Marks:
    """Find what looks alike at the same place; only symbols that hide others need a ring."""
    hides = np.array([style_rule.symbol.fill is not None for style_rule in style.rules])
    drawn = np.flatnonzero(rule != NO_RULE)
    drawn = drawn[by_place(xy[drawn], rule[drawn])]
    new_place = ~same_as_before(xy[drawn])
    new_mark = new_place | (np.diff(rule[drawn], prepend=NO_RULE) != 0)
    mark = np.cumsum(new_mark) - 1
    first = drawn[new_mark]
    place = (np.cumsum(new_place) - 1)[new_mark]
    beside_mm = _rings(place, hides[rule[first]], style)
    order, placed, beside_mm, spots = spots_of(xy[first], rule[first], beside_mm, len(hides))
    position = np.empty(len(order), dtype=np.int64)
    position[order] = np.arange(len(order))
    mark_of_point = np.full(len(xy), -1, dtype=np.int64)
    mark_of_point[drawn] = position[mark]
    again = _repeated(spots, np.bincount(mark, minlength=len(order))[order], hides)
    return Marks(placed, rule[first][order], beside_mm, spots, again, mark_of_point)


def _repeated(
    spots: tuple[Spots, ...], count: NDArray[np.int64], hides: NDArray[np.bool_]
) -> tuple[tuple[Spots, ...], ...]:
    """Return, for each rule of rings, the places that have more than one, and more than two."""
    found = []
    for index, own in enumerate(np.split(count, np.cumsum([len(x) for x in spots])[:-1])):
        levels = range(1, min(int(own.max(initial=1)), _MOST_RINGS)) if not hides[index] else ()
        found.append(tuple(spots[index].only(own > level) for level in levels))
    return tuple(found)


def _rings(place: NDArray[np.int64], hides: NDArray[np.bool_], style: Style) -> NDArray[np.float32]:
    """Return how far beside its place each mark stands, (n, 2) mm; (0, 2) where none does.

    `place` (n,) is sorted; of each place those that would hide another go round in a ring.
    """
    crowd = place[hides]
    slots = np.bincount(crowd)[crowd] if len(crowd) else crowd
    if not (slots > 1).any():
        return np.empty((0, 2), dtype=np.float32)
    slot = np.arange(len(crowd)) - np.searchsorted(crowd, crowd)
    turn = 2 * np.pi / slots
    largest = max(rule.symbol.size_mm for rule in style.rules)
    reach_mm = np.where(slots > 1, _RING_TIGHTNESS * largest / 2 / np.sin(turn / 2), 0.0)
    angle = slot * turn - np.pi / 2
    beside = np.zeros((len(place), 2), dtype=np.float32)
    beside[hides] = reach_mm[:, None] * np.column_stack([np.cos(angle), np.sin(angle)])
    return beside
