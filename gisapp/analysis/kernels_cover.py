"""Which polygons cover which points, compiled: a grid of points, and polygons row by row.

Points are sorted into the cells of a grid, row by row, so that the points between two columns of
a row lie side by side. A polygon's edges are sorted by the rows that they touch; each point of a
row is then tested against the edges of its row alone, by how many cross the ray to its right.
An orientation closer to zero than its rounding error could be (Shewchuk, 1997, "Adaptive
Precision Floating-Point Arithmetic and Fast Robust Geometric Predicates") is not decided here.

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
def count_candidates(
    first: int, last: int, bounds: Array, starts: Array,
    west: float, south: float, size_m: float, columns: int, rows: int,
) -> int:  # fmt: skip
    """Return how many points lie in the cells that the boxes of parts `first`…`last` touch."""
    count = 0
    for part in range(first, last):
        a, b, low, high = _cells(bounds[part], west, south, size_m, columns, rows)
        for row in range(low, high + 1):
            count += starts[row * columns + b + 1] - starts[row * columns + a]
    return count


@compiled
def _rows_of_edge(
    y1: float, y2: float, south: float, size_m: float, low: int, high: int
) -> tuple[int, int]:
    """Return the first and last row, within `low`…`high`, that an edge touches."""
    bottom, top = min(y1, y2), max(y1, y2)
    first = max(low, int(max(0.0, (bottom - south) / size_m)))
    last = int(min(float(high), (top - south) / size_m)) if top >= south else low - 1
    return first, last


@compiled
def _edges_by_row(
    ring_starts: Array, xy: Array, first_ring: int, last_ring: int,
    south: float, size_m: float, low: int, high: int,
) -> tuple[Array, Array]:  # fmt: skip
    """Sort the edges of a part's rings by the rows that they touch.

    Returns
    -------
    edges : float64 (e, 4)
        x1, y1, x2, y2; an edge stands once for each row.
    starts : int64 (rows + 1,)
        Where each row's edges begin.
    """
    starts = np.zeros(high - low + 2, np.int64)
    for ring in range(first_ring, last_ring):
        for v in range(ring_starts[ring], ring_starts[ring + 1] - 1):
            a, b = _rows_of_edge(xy[v, 1], xy[v + 1, 1], south, size_m, low, high)
            for row in range(a, b + 1):
                starts[row - low + 1] += 1
    for row in range(high - low + 1):
        starts[row + 1] += starts[row]
    edges = np.empty((starts[high - low + 1], 4))
    free = starts[:-1].copy()
    for ring in range(first_ring, last_ring):
        for v in range(ring_starts[ring], ring_starts[ring + 1] - 1):
            a, b = _rows_of_edge(xy[v, 1], xy[v + 1, 1], south, size_m, low, high)
            for row in range(a, b + 1):
                edge = edges[free[row - low]]
                free[row - low] += 1
                edge[0], edge[1], edge[2], edge[3] = xy[v, 0], xy[v, 1], xy[v + 1, 0], xy[v + 1, 1]
    return edges, starts


@compiled
def _holds(px: float, py: float, edges: Array, begin: int, end: int) -> int:
    """Say whether edges `begin`…`end` go round a point: 0 no, 1 yes, 2 too close to say."""
    inside = 0
    for e in range(begin, end):
        x1, y1, x2, y2 = edges[e, 0], edges[e, 1], edges[e, 2], edges[e, 3]
        if (y1 > py) != (y2 > py):
            if x1 > px and x2 > px:
                inside = 1 - inside
            elif x1 >= px or x2 >= px:
                left, right = (x1 - px) * (y2 - py), (y1 - py) * (x2 - px)
                if abs(left - right) <= _ERROR * (abs(left) + abs(right)):
                    return 2
                if (left > right) == (y2 > y1):
                    inside = 1 - inside
        elif py in (y1, y2):
            at_corner = (y1 == py and x1 == px) or (y2 == py and x2 == px)
            if at_corner or (y1 == y2 and min(x1, x2) <= px <= max(x1, x2)):
                return 2
    return inside


@compiled
def cover(
    first: int, last: int, part_starts: Array, ring_starts: Array, xy: Array, bounds: Array,
    sorted_x: Array, sorted_y: Array, starts: Array,
    west: float, south: float, size_m: float, columns: int, rows: int,
    place: Array, part_of: Array, sure: Array,
) -> int:  # fmt: skip
    """Find the points that the parts `first`…`last` cover.

    Parameters
    ----------
    part_starts, ring_starts, xy, bounds
        Polygons as ragged arrays: the rings of a part, the vertices of a ring (closed), (m, 2)
        and (p, 4) metres.
    sorted_x, sorted_y, starts, west, south, size_m, columns, rows
        As `sort_into_grid` gives them.
    place, part_of : int64, sure : bool
        Filled with a point's place in the sorted points, a part, and whether it surely covers it;
        as long as `count_candidates` says.

    Returns
    -------
    int
        How many of them are filled.
    """
    found = 0
    for part in range(first, last):
        a, b, low, high = _cells(bounds[part], west, south, size_m, columns, rows)
        if high < low:
            continue
        min_x, min_y, max_x, max_y = bounds[part]
        edges, row_starts = _edges_by_row(
            ring_starts, xy, part_starts[part], part_starts[part + 1], south, size_m, low, high
        )
        for row in range(low, high + 1):
            begin, end = row_starts[row - low], row_starts[row - low + 1]
            for i in range(starts[row * columns + a], starts[row * columns + b + 1]):
                px, py = sorted_x[i], sorted_y[i]
                if px < min_x or px > max_x or py < min_y or py > max_y:
                    continue
                holds = _holds(px, py, edges, begin, end)
                if holds:
                    place[found], part_of[found], sure[found] = i, part, holds == 1
                    found += 1
    return found


@compiled
def sort_by_subject(subject: Array, area: Array, n: int) -> tuple[Array, Array]:
    """Sort pairs, which come by area, by subject (0…n−1) and then area; int64 (k,) each."""
    starts = np.zeros(n + 1, np.int64)
    for s in subject:
        starts[s + 1] += 1
    for i in range(n):
        starts[i + 1] += starts[i]
    by_subject, by_area = np.empty(len(subject), np.int64), np.empty(len(area), np.int64)
    for k in range(len(subject)):
        place = starts[subject[k]]
        starts[subject[k]] += 1
        by_subject[place], by_area[place] = subject[k], area[k]
    return by_subject, by_area
