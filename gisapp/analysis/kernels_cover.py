"""Which polygons cover which points, compiled: a grid of points, and polygons row by row.

Points are sorted into the cells of a grid, row by row, so that the points between two columns of
a row lie side by side. The edges of a polygon of many are sorted by the bands of rows that they
touch; each point is then tested against the edges of its band alone, several at a time, by how
many cross the ray to its right. An orientation closer to zero than its rounding error could be
(Shewchuk, 1997, "Adaptive Precision Floating-Point Arithmetic and Fast Robust Geometric
Predicates") is not decided here.

Imported by `core.compiled` only: numba takes half a second.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeVar, cast

import numpy as np
from numba import njit

if TYPE_CHECKING:
    from collections.abc import Callable

    Function = TypeVar("Function", bound=Callable[..., Any])

Array = Any  # numba compiles for the dtypes that the docstrings give

# Four times Shewchuk's bound for the two products (3 + 16ε)ε.
_ERROR = 4 * 3.3306690738754716e-16
_FEW = 32
_EDGES_A_BAND = 32
# How often an edge stands in the bands of its polygon at most, on average.
_COPIES = 4
_BLOCK = 16


def compiled(function: Function) -> Function:
    """Compile `function` when it is first called; it lets go of the interpreter."""
    return cast("Function", njit(nogil=True, cache=True)(function))


@compiled
def sort_into_grid(
    x: Array, y: Array, west: float, south: float, size_m: float, columns: int, rows: int
) -> tuple[Array, Array, Array, Array]:
    """Sort points into a grid.

    Parameters
    ----------
    x, y : float64 (n,)
    west, south, size_m : float
        The grid's corner and the width of a cell.
    columns, rows : int

    Returns
    -------
    order : int64 (n,)
        The point at each place.
    sorted_x, sorted_y : float64 (n,)
    starts : int64 (rows × columns + 1,)
        The place at which each cell begins, row by row.
    """
    n = len(x)
    cell = np.empty(n, np.int64)
    starts = np.zeros(rows * columns + 1, np.int64)
    for i in range(n):
        column = min(int((x[i] - west) / size_m), columns - 1)
        row = min(int((y[i] - south) / size_m), rows - 1)
        cell[i] = row * columns + column
        starts[cell[i] + 1] += 1
    for k in range(rows * columns):
        starts[k + 1] += starts[k]
    free = starts[:-1].copy()
    order = np.empty(n, np.int64)
    sorted_x, sorted_y = np.empty(n), np.empty(n)
    for i in range(n):
        place = free[cell[i]]
        free[cell[i]] += 1
        order[place], sorted_x[place], sorted_y[place] = i, x[i], y[i]
    return order, sorted_x, sorted_y, starts


@compiled
def _cells(
    bounds: Array, west: float, south: float, size_m: float, columns: int, rows: int
) -> tuple[int, int, int, int]:
    """Return the first and last column and row that a box touches; an empty range where none."""
    min_x, min_y, max_x, max_y = bounds
    if not (max_x >= west and max_y >= south):  # so too where it is NaN
        return 0, -1, 0, -1
    if min_x > west + columns * size_m or min_y > south + rows * size_m:
        return 0, -1, 0, -1
    first_column = min(int(max(0.0, (min_x - west) / size_m)), columns - 1)
    last_column = int(min((max_x - west) / size_m, columns - 1.0))
    first_row = min(int(max(0.0, (min_y - south) / size_m)), rows - 1)
    last_row = int(min((max_y - south) / size_m, rows - 1.0))
    return first_column, last_column, first_row, last_row


@compiled
def visiting_order(
    bounds: Array, west: float, south: float, size_m: float, columns: int, rows: int
) -> Array:
    """Return the parts that meet the grid, sorted by the cell of their lower left corner.

    Neighbours one after the other find each other's points still in the processor's cache.
    """
    cell = np.empty(len(bounds), np.int64)
    starts = np.zeros(rows * columns + 1, np.int64)
    for part in range(len(bounds)):
        column, last_column, row, last_row = _cells(
            bounds[part], west, south, size_m, columns, rows
        )
        cell[part] = row * columns + column if last_row >= row and last_column >= column else -1
        if cell[part] >= 0:
            starts[cell[part] + 1] += 1
    for k in range(rows * columns):
        starts[k + 1] += starts[k]
    order = np.empty(starts[-1], np.int64)
    for part in range(len(bounds)):
        if cell[part] >= 0:
            order[starts[cell[part]]] = part
            starts[cell[part]] += 1
    return order


@compiled
def count_candidates(
    parts: Array, bounds: Array, starts: Array,
    west: float, south: float, size_m: float, columns: int, rows: int,
) -> int:  # fmt: skip
    """Return how many points lie in the cells that the boxes of some parts touch."""
    count = 0
    for part in parts:
        a, b, low, high = _cells(bounds[part], west, south, size_m, columns, rows)
        for row in range(low, high + 1):
            count += starts[row * columns + b + 1] - starts[row * columns + a]
    return count


@compiled
def _bands(xy: Array, first: int, last: int, height_m: float) -> int:
    """Return into how many bands the edges between vertices `first`…`last` are sorted.

    As many as leave few edges in each, unless the edges are so long that they stand in many.
    """
    n = last - first
    if n <= 2 * _EDGES_A_BAND or not height_m > 0:
        return 1
    climb_m = 0.0
    for v in range(first, last - 1):
        climb_m += abs(xy[v + 1, 1] - xy[v, 1])
    return max(1, int(n * min(1 / _EDGES_A_BAND, _COPIES * height_m / climb_m)))


@compiled
def _band(y: float, base: float, bands_a_metre: float, bands: int) -> int:
    """Return the band of a height; never a lower one for a greater height."""
    return max(0, min(int((y - base) * bands_a_metre), bands - 1))


@compiled
def _sort_edges(
    ring_starts: Array, xy: Array, first_ring: int, last_ring: int,
    base: float, bands_a_metre: float, bands: int, starts: Array, edges: Array,
) -> None:  # fmt: skip
    """Sort the edges of a part's rings by the bands that they touch.

    Fills `starts`, int64 (bands + 1,), with where each band's edges begin, and `edges`, float64
    (4, e), with their x1, y1, x2, y2; NaN, which no point is near, up to whole blocks.
    """
    starts[: bands + 1] = 0
    for ring in range(first_ring, last_ring):
        for v in range(ring_starts[ring], ring_starts[ring + 1] - 1):
            a = _band(min(xy[v, 1], xy[v + 1, 1]), base, bands_a_metre, bands)
            b = _band(max(xy[v, 1], xy[v + 1, 1]), base, bands_a_metre, bands)
            for band in range(a, b + 1):
                starts[band] += 1
    end = 0
    for band in range(bands):
        end += _whole_blocks(starts[band])
        starts[band] = end
    starts[bands] = end
    edges[:, :end] = np.nan
    for ring in range(first_ring, last_ring):
        for v in range(ring_starts[ring], ring_starts[ring + 1] - 1):
            a = _band(min(xy[v, 1], xy[v + 1, 1]), base, bands_a_metre, bands)
            b = _band(max(xy[v, 1], xy[v + 1, 1]), base, bands_a_metre, bands)
            for band in range(a, b + 1):
                starts[band] -= 1  # from a band's end down to its beginning
                _put(edges, starts[band], xy, v)
    for band in range(bands):
        starts[band] -= starts[band] % _BLOCK


@compiled
def _whole_blocks(n: int) -> int:
    """Round a number of edges up to blocks; the processor tests a block at a time."""
    return (n + _BLOCK - 1) // _BLOCK * _BLOCK


@compiled
def _put(edges: Array, e: int, xy: Array, v: int) -> None:
    edges[0, e], edges[1, e] = xy[v, 0], xy[v, 1]
    edges[2, e], edges[3, e] = xy[v + 1, 0], xy[v + 1, 1]


@compiled
def _copy_edges(
    ring_starts: Array, xy: Array, first_ring: int, last_ring: int, starts: Array, edges: Array
) -> None:
    """Put all edges of a part's rings into one band."""
    n = 0
    for ring in range(first_ring, last_ring):
        for v in range(ring_starts[ring], ring_starts[ring + 1] - 1):
            _put(edges, n, xy, v)
            n += 1
    starts[0], starts[1] = 0, _whole_blocks(n)
    edges[:, n : starts[1]] = np.nan


@compiled
def _holds(px: float, py: float, edges: Array, begin: int, end: int, rounding_m2: float) -> int:
    """Say whether edges `begin`…`end` go round a point: 0 no, 1 yes, 2 too close to say.

    `rounding_m2` is what rounding can change of an orientation at the most.
    """
    crossings, near = 0, 0
    # No branches, and no index that could count from the end: several edges are tested at once.
    for e in range(np.uint64(begin), np.uint64(end)):
        x1, y1, x2, y2 = edges[0, e], edges[1, e], edges[2, e], edges[3, e]
        turn_m2 = (x1 - px) * (y2 - py) - (y1 - py) * (x2 - px)
        starts_above, ends_above = y1 > py, y2 > py
        crossings += (starts_above != ends_above) & ((turn_m2 > 0) == ends_above)
        near += abs(turn_m2) <= rounding_m2
    return 2 if near and _beside(px, py, edges, begin, end) else crossings & 1


@compiled
def _beside(px: float, py: float, edges: Array, begin: int, end: int) -> bool:
    """Whether a point is too close to an edge, and not only to the line that it lies on."""
    for e in range(begin, end):
        x1, y1, x2, y2 = edges[0, e], edges[1, e], edges[2, e], edges[3, e]
        left, right = (x1 - px) * (y2 - py), (y1 - py) * (x2 - px)
        if (
            abs(left - right) <= _ERROR * (abs(left) + abs(right))
            and min(x1, x2) <= px <= max(x1, x2)
            and min(y1, y2) <= py <= max(y1, y2)
        ):
            return True
    return False


@compiled
def cover(
    parts: Array, part_starts: Array, ring_starts: Array, xy: Array, bounds: Array,
    sorted_x: Array, sorted_y: Array, starts: Array,
    west: float, south: float, size_m: float, columns: int, rows: int,
    place: Array, part_of: Array, sure: Array,
) -> int:  # fmt: skip
    """Find the points that some parts of polygons cover.

    Parameters
    ----------
    parts : int64 (k,)
    part_starts, ring_starts, xy, bounds
        Polygons as ragged arrays: the rings of a part, the vertices of a ring (closed), (m, 2)
        and (p, 4) metres.
    sorted_x, sorted_y, starts, west, south, size_m, columns, rows
        As `sort_into_grid` gives them.
    place, part_of : int32, sure : bool
        Filled with a point's place in the sorted points, a part, and whether it surely covers it;
        as long as `count_candidates` says.

    Returns
    -------
    int
        How many of them are filled.
    """
    found = 0
    edges, edge_starts = np.empty((4, 1024)), np.empty(1024, np.int64)
    for part in parts:
        min_x, min_y, max_x, max_y = bounds[part]
        first_ring, last_ring = part_starts[part], part_starts[part + 1]
        first, last = ring_starts[first_ring], ring_starts[last_ring]
        bands = _bands(xy, first, last, max_y - min_y)
        most = (_COPIES + 2) * (last - first) + (bands + 1) * _BLOCK
        if most > edges.shape[1]:
            edges, edge_starts = np.empty((4, most)), np.empty(most, np.int64)
        rounding_m2 = 2 * _ERROR * (max_x - min_x) * (max_y - min_y)
        bands_a_metre = bands / (max_y - min_y) if bands > 1 else 0.0
        if bands == 1:
            _copy_edges(ring_starts, xy, first_ring, last_ring, edge_starts, edges)
        else:
            _sort_edges(
                ring_starts, xy, first_ring, last_ring, min_y, bands_a_metre, bands,
                edge_starts, edges,
            )  # fmt: skip
        a, b, low, high = _cells(bounds[part], west, south, size_m, columns, rows)
        for row in range(low, high + 1):
            for i in range(starts[row * columns + a], starts[row * columns + b + 1]):
                px, py = sorted_x[i], sorted_y[i]
                if px < min_x or px > max_x or py < min_y or py > max_y:
                    continue
                band = _band(py, min_y, bands_a_metre, bands)
                begin, end = edge_starts[band], edge_starts[band + 1]
                holds = _holds(px, py, edges, begin, end, rounding_m2)
                if holds:
                    place[found], part_of[found], sure[found] = i, part, holds == 1
                    found += 1
    return found


@compiled
def sort_pairs(subject: Array, area: Array, n: int) -> tuple[Array, Array]:
    """Sort pairs by subject (0…n−1) and then area, each once; int32 (k,) in, int64 out.

    A pair comes twice where two parts of one area touch at the subject.
    """
    starts = np.zeros(n + 1, np.int64)
    for s in subject:
        starts[s + 1] += 1
    for i in range(n):
        starts[i + 1] += starts[i]
    by_subject = np.empty(len(area), np.int32)
    for k in range(len(subject)):
        by_subject[starts[subject[k]]] = area[k]
        starts[subject[k]] += 1
    subjects, areas = np.empty(len(area), np.int64), np.empty(len(area), np.int64)
    kept, begin = 0, 0
    for i in range(n):
        end = starts[i]
        if end - begin > _FEW:
            by_subject[begin:end].sort()
        else:
            _sort_few(by_subject, begin, end)
        for k in range(begin, end):
            if k == begin or by_subject[k] != by_subject[k - 1]:
                subjects[kept], areas[kept] = i, by_subject[k]
                kept += 1
        begin = end
    return subjects[:kept], areas[:kept]


@compiled
def _sort_few(values: Array, begin: int, end: int) -> None:
    """Sort a few values in place by insertion."""
    for k in range(begin + 1, end):
        value, at = values[k], k
        while at > begin and values[at - 1] > value:
            values[at] = values[at - 1]
            at -= 1
        values[at] = value
