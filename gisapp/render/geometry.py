"""A layer's coordinates as flat arrays, held once."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import shapely

from gisapp.core.memory import FrameMemory
from gisapp.render.clipping import cut_polygon

if TYPE_CHECKING:
    import geopandas as gpd
    from numpy.typing import NDArray

    from gisapp.render.viewport import Bounds, Viewport

_POINT, _LINE, _LINEAR_RING, _POLYGON = 0, 1, 2, 3
# Beyond any map of the Earth; a feature with such a coordinate, or one that is none, has no place.
_FURTHEST_M = 1e12
# So many shapes are flattened within some milliseconds.
_AT_ONCE = 5_000


@dataclass(frozen=True, eq=False)
class Parts:
    """Lines or polygons as ragged arrays: p parts of r rings of m vertices.

    A line is a part of one ring. `row` (p,) is each part's row in the frame, `bounds` (p, 4) and
    `xy` (m, 2) are metres. Parts lie in the order in which they are painted: the larger first, so
    that no area buries a smaller one of its class, whatever the order of the rows.
    """

    xy: NDArray[np.float64]
    ring_starts: NDArray[np.int64]
    part_starts: NDArray[np.int64]
    row: NDArray[np.int32]
    bounds: NDArray[np.float64]
    closed: bool

    def shapes(self, chosen: NDArray[np.intp]) -> NDArray[np.object_]:
        """Return some of the parts, by their index, as geometries for GEOS, shape (n,)."""
        some = selected(self, chosen)
        if self.closed:
            offsets = (some.ring_starts, some.part_starts)
            return _from_ragged(shapely.GeometryType.POLYGON, some.xy, offsets)
        return _from_ragged(shapely.GeometryType.LINESTRING, some.xy, (some.ring_starts,))

    def overlapping(self, bounds: Bounds) -> NDArray[np.bool_]:
        """Return which parts' boxes meet `bounds`, the border included, shape (p,)."""
        return _overlaps(self.bounds, bounds)


@dataclass(frozen=True, eq=False)
class FrameGeometry:
    """A frame's geometries by their nature.

    `point_xy` (n, 2) in metres and `point_row` (n,), lines, polygons; `placed` (rows of the
    frame,) tells which rows have anything to draw; missing and empty ones have not, nor those
    with a coordinate that is not finite or beyond all maps.
    """

    point_xy: NDArray[np.float64]
    point_row: NDArray[np.int32]
    lines: Parts
    polygons: Parts
    placed: NDArray[np.bool_]

    @property
    def skipped(self) -> int:
        """How many rows cannot be drawn."""
        return int(np.count_nonzero(~self.placed))


_remembered: FrameMemory[FrameGeometry] = FrameMemory()


def geometry_of(frame: gpd.GeoDataFrame) -> FrameGeometry:
    """Return the frame's coordinates; remembered as long as the frame lives."""
    known = _remembered.get(frame)
    if known is None:
        known = _flatten(frame.geometry.to_numpy())
        _remembered.put(frame, known)
    return known


def total_bounds(frames: list[gpd.GeoDataFrame]) -> Bounds | None:
    """Return the extent of what can be drawn of `frames`, in metres; None where nothing can."""
    boxes = []
    for frame in frames:
        geometry = geometry_of(frame)
        boxes += [geometry.point_xy, geometry.lines.xy, geometry.polygons.xy]
    xy = [box for box in boxes if len(box)]
    if not xy:
        return None
    low = np.min([box.min(axis=0) for box in xy], axis=0)
    high = np.max([box.max(axis=0) for box in xy], axis=0)
    return float(low[0]), float(low[1]), float(high[0]), float(high[1])


def in_view(geometry: FrameGeometry, viewport: Viewport) -> NDArray[np.bool_]:
    """Return which rows of the frame show something inside the viewport, shape (rows,)."""
    seen = np.zeros(len(geometry.placed), dtype=bool)
    bounds = viewport.bounds
    seen[geometry.point_row[points_within(geometry.point_xy, bounds)]] = True
    window = shapely.box(*bounds)
    shapely.prepare(window)
    for parts in (geometry.lines, geometry.polygons):
        whole = lies_within(parts.bounds, bounds)
        doubtful = np.flatnonzero(_overlaps(parts.bounds, bounds) & ~whole)
        seen[parts.row[whole]] = True
        hit = shapely.intersects(window, parts.shapes(doubtful))
        seen[parts.row[doubtful[hit]]] = True
    return seen


def clipped(shapes: NDArray[np.object_], bounds: Bounds) -> NDArray[np.object_]:
    """Return what of `shapes` (n,) lies in `bounds`; also of such that GEOS calls invalid."""
    pieces = shapes.copy()
    crossing = ~lies_within(shapely.bounds(shapes), bounds)
    broken = crossing & (shapely.get_type_id(shapes) == _POLYGON)
    broken[broken] = ~shapely.is_valid(shapes[broken])
    crossing &= ~broken
    pieces[crossing] = shapely.clip_by_rect(pieces[crossing], *bounds)
    for place in np.flatnonzero(broken):
        pieces[place] = cut_polygon(pieces[place], bounds)
    return pieces


def points_within(xy: NDArray[np.float64], bounds: Bounds) -> NDArray[np.bool_]:
    """Return which of `xy` (n, 2) lie in `bounds`, the border included."""
    min_x, min_y, max_x, max_y = bounds
    x, y = xy[:, 0], xy[:, 1]
    inside: NDArray[np.bool_] = (x >= min_x) & (x <= max_x) & (y >= min_y) & (y <= max_y)
    return inside


def _flatten(shapes: NDArray[np.object_]) -> FrameGeometry:
    """Read the coordinates; of plain points, which may be millions, with one look at them."""
    if (shapely.get_type_id(shapes) == _POINT).all():
        xy = shapely.get_coordinates(shapes)
        if len(xy) == len(shapes) and (np.abs(xy) <= _FURTHEST_M).all():
            row, placed = np.arange(len(xy), dtype=np.int32), np.ones(len(xy), dtype=bool)
            none = _no_parts(closed=False), _no_parts(closed=True)
            return FrameGeometry(xy, row, *none, placed)
    return _flatten_any(shapes)


def _flatten_any(shapes: NDArray[np.object_]) -> FrameGeometry:
    placed = ~(shapely.is_missing(shapes) | shapely.is_empty(shapes))
    for first in range(0, len(shapes), _AT_ONCE):
        some = shapes[first : first + _AT_ONCE]
        coordinates, owner = shapely.get_coordinates(some, return_index=True)
        placed[first + owner[~(np.abs(coordinates) <= _FURTHEST_M).all(axis=1)]] = False
    row = np.flatnonzero(placed).astype(np.int32)
    parts = shapes[placed]
    while (shapely.get_type_id(parts) > _POLYGON).any():
        parts, index = shapely.get_parts(parts, return_index=True)
        full = ~shapely.is_empty(parts)
        parts, row = parts[full], row[index[full]]
    rings = shapely.get_type_id(parts) == _LINEAR_RING
    parts[rings] = _opened(parts[rings])
    nature = shapely.get_type_id(parts)
    points = nature == _POINT
    lines = nature == _LINE
    return FrameGeometry(
        shapely.get_coordinates(parts[points]),
        row[points],
        _line_parts(parts[lines], row[lines]),
        _polygon_parts(parts[nature == _POLYGON], row[nature == _POLYGON]),
        placed,
    )


def _opened(rings: NDArray[np.object_]) -> NDArray[np.object_]:
    """Return linear rings as lines, which is all that files know of them."""
    xy, owner = shapely.get_coordinates(rings, return_index=True)
    lines: NDArray[np.object_] = shapely.linestrings(xy, indices=owner)
    return lines


def parts_of(shapes: NDArray[np.object_], row: NDArray[np.int32], *, closed: bool) -> Parts:
    """Return polygons, or lines where not `closed`, of the rows `row` (n,) as flat arrays."""
    return _polygon_parts(shapes, row) if closed else _line_parts(shapes, row)


def _polygon_parts(shapes: NDArray[np.object_], row: NDArray[np.int32]) -> Parts:
    if not len(shapes):
        return _no_parts(closed=True)
    shapes, row, bounds = _largest_first(shapes, row)
    xy, (ring_starts, part_starts) = _ragged(shapes)
    return _parts(xy, ring_starts, part_starts, row, bounds, closed=True)


def _line_parts(shapes: NDArray[np.object_], row: NDArray[np.int32]) -> Parts:
    if not len(shapes):
        return _no_parts(closed=False)
    shapes, row, bounds = _largest_first(shapes, row)
    xy, (ring_starts,) = _ragged(shapes)
    return _parts(xy, ring_starts, np.arange(len(shapes) + 1), row, bounds, closed=False)


def _ragged(
    shapes: NDArray[np.object_],
) -> tuple[NDArray[np.float64], tuple[NDArray[np.int64], ...]]:
    """Flatten shapes of one kind in pieces: Shapely holds the interpreter, the window needs it."""
    pieces = [
        shapely.to_ragged_array(shapes[first : first + _AT_ONCE], include_z=False)
        for first in range(0, len(shapes), _AT_ONCE)
    ]
    levels = zip(*(offsets for _, _, offsets in pieces), strict=True)
    starts = tuple(starts_of(np.concatenate([np.diff(x) for x in level])) for level in levels)
    return np.concatenate([xy for _, xy, _ in pieces]), starts


def _largest_first(
    shapes: NDArray[np.object_], row: NDArray[np.int32]
) -> tuple[NDArray[np.object_], NDArray[np.int32], NDArray[np.float64]]:
    bounds = shapely.bounds(shapes)
    min_x, min_y, max_x, max_y = bounds.T
    with np.errstate(over="ignore"):  # coordinates beyond all measure
        size = (max_x - min_x) * (max_y - min_y)
    order = np.lexsort((min_x, min_y, -size))
    return shapes[order], row[order], bounds[order]


def _parts(
    xy: NDArray[np.float64],
    ring_starts: NDArray[np.int64],
    part_starts: NDArray[np.int64],
    row: NDArray[np.int32],
    bounds: NDArray[np.float64],
    *,
    closed: bool,
) -> Parts:
    starts = np.asarray(ring_starts, dtype=np.int64)
    rings = np.asarray(part_starts, dtype=np.int64)
    return Parts(np.ascontiguousarray(xy), starts, rings, row, bounds, closed)


def _no_parts(*, closed: bool) -> Parts:
    zero = np.zeros(1, dtype=np.int64)
    row = np.empty(0, dtype=np.int32)
    return Parts(np.empty((0, 2)), zero, zero, row, np.empty((0, 4)), closed)


def selected(parts: Parts, chosen: NDArray[np.intp]) -> Parts:
    """Return some of the parts, by their index."""
    if len(chosen) == len(parts.row) and (np.diff(chosen) > 0).all():
        return parts
    rings, ring_counts = _runs(parts.part_starts, chosen)
    vertices, ring_lengths = _runs(parts.ring_starts, rings)
    return Parts(
        parts.xy[vertices],
        starts_of(ring_lengths),
        starts_of(ring_counts),
        parts.row[chosen],
        parts.bounds[chosen],
        parts.closed,
    )


def _runs(
    starts: NDArray[np.int64], chosen: NDArray[np.intp]
) -> tuple[NDArray[np.intp], NDArray[np.int64]]:
    """Return the members of some runs, and how many each has."""
    first, lengths = starts[chosen], starts[chosen + 1] - starts[chosen]
    within = np.arange(lengths.sum()) - np.repeat(starts_of(lengths)[:-1], lengths)
    return np.repeat(first, lengths) + within, lengths


def _from_ragged(
    kind: shapely.GeometryType, xy: NDArray[np.float64], offsets: tuple[NDArray[np.int64], ...]
) -> NDArray[np.object_]:
    shapes: NDArray[np.object_] = shapely.from_ragged_array(kind, xy, offsets)
    return shapes


def starts_of(lengths: NDArray[np.int64]) -> NDArray[np.int64]:
    """Return where runs of these lengths start, and where the last one ends, shape (n + 1,)."""
    starts = np.zeros(len(lengths) + 1, dtype=np.int64)
    np.cumsum(lengths, out=starts[1:])
    return starts


def _overlaps(boxes: NDArray[np.float64], bounds: Bounds) -> NDArray[np.bool_]:
    min_x, min_y, max_x, max_y = bounds
    answer: NDArray[np.bool_] = (
        (boxes[:, 2] >= min_x)
        & (boxes[:, 0] <= max_x)
        & (boxes[:, 3] >= min_y)
        & (boxes[:, 1] <= max_y)
    )
    return answer


def lies_within(boxes: NDArray[np.float64], bounds: Bounds) -> NDArray[np.bool_]:
    """Return which boxes, (n, 4), lie whole in `bounds`."""
    min_x, min_y, max_x, max_y = bounds
    answer: NDArray[np.bool_] = (
        (boxes[:, 0] >= min_x)
        & (boxes[:, 2] <= max_x)
        & (boxes[:, 1] >= min_y)
        & (boxes[:, 3] <= max_y)
    )
    return answer
