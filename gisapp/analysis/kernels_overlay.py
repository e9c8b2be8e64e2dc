"""The area that two polygons share, compiled: without making the shared polygon.

The region below an edge, counted + or − by the edge's direction, adds up to the polygon. So the
area of A ∩ B is the sum, over the edges of A and of B, of the signed area below both, which is an
integral of the lower of two straight lines. Holes, parts, shared edges and touching corners need no
case of their own; heights are taken from the pair's own lowest point, so that no digits are lost
to coordinates of ten million metres.

Imported by `core.compiled` only: numba takes half a second.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from gisapp.analysis.kernels_cover import compiled

# Up to here sorting by insertion is quicker than calling a sort.
_FEW_EDGES = 64

Array = Any  # numba compiles for the dtypes that the docstrings give


@compiled
def _ring_sign(xy: Array, first: int, last: int, outer: bool) -> float:
    """Return what makes a ring's edges count as if an outer ring went left and a hole right."""
    twice = 0.0
    for v in range(first, last - 1):
        twice += (xy[v, 0] - xy[first, 0]) * (xy[v + 1, 1] - xy[first, 1])
        twice -= (xy[v + 1, 0] - xy[first, 0]) * (xy[v, 1] - xy[first, 1])
    return 1.0 if (twice > 0) == outer else -1.0


@compiled
def sorted_edges(
    xy: Array, ring_starts: Array, part_starts: Array, polygon_starts: Array
) -> tuple[Array, Array, Array]:
    """Turn polygons into signed edges, sorted by their left end.

    Parameters
    ----------
    xy : float64 (m, 2)
    ring_starts, part_starts, polygon_starts : int64
        Where the vertices of a ring, the rings of a part and the parts of a polygon begin.

    Returns
    -------
    edges : float64 (e, 5)
        x and y of the left end, of the right end (further right), and the sign, polygon by polygon.
    reach : float64 (e,)
        The furthest right that an edge up to this one goes, among those of the same polygon.
    starts : int64 (polygons + 1,)
        Where the edges of each polygon begin.
    """
    n = len(polygon_starts) - 1
    edges, reach = np.empty((len(xy), 5)), np.empty(len(xy))
    starts = np.zeros(n + 1, np.int64)
    unsorted = np.empty((_most_vertices(ring_starts, part_starts, polygon_starts), 5))
    for polygon in range(n):
        e, begin = 0, starts[polygon]
        for part in range(polygon_starts[polygon], polygon_starts[polygon + 1]):
            for ring in range(part_starts[part], part_starts[part + 1]):
                a, b = ring_starts[ring], ring_starts[ring + 1]
                sign = _ring_sign(xy, a, b, ring == part_starts[part])
                e = _put_ring(xy, a, b, sign, unsorted, e)
        order = _order_by_left_end(unsorted, e)
        furthest = -np.inf
        for k in range(e):
            edges[begin + k] = unsorted[order[k]]
            furthest = max(furthest, edges[begin + k, 2])
            reach[begin + k] = furthest
        starts[polygon + 1] = begin + e
    return edges[: starts[n]], reach[: starts[n]], starts


@compiled
def _most_vertices(ring_starts: Array, part_starts: Array, polygon_starts: Array) -> int:
    """Return how many vertices the polygon with the most of them has."""
    most = 0
    for polygon in range(len(polygon_starts) - 1):
        first = ring_starts[part_starts[polygon_starts[polygon]]]
        last = ring_starts[part_starts[polygon_starts[polygon + 1]]]
        most = max(most, last - first)
    return most


@compiled
def _order_by_left_end(edges: Array, n: int) -> Array:
    """Return the first `n` rows in the order of their left ends, int64 (n,)."""
    if n > _FEW_EDGES:
        return np.argsort(edges[:n, 0])
    order = np.arange(n)
    for k in range(1, n):
        place = k
        while place > 0 and edges[order[place - 1], 0] > edges[k, 0]:
            order[place] = order[place - 1]
            place -= 1
        order[place] = k
    return order


@compiled
def _put_ring(xy: Array, a: int, b: int, sign: float, edges: Array, e: int) -> int:
    """Write a ring's edges from row `e` on, upright ones left out; return the next free row."""
    for v in range(a, b - 1):
        x1, y1, x2, y2 = xy[v, 0], xy[v, 1], xy[v + 1, 0], xy[v + 1, 1]
        if x1 < x2:
            edges[e, 0], edges[e, 1], edges[e, 2], edges[e, 3], edges[e, 4] = x1, y1, x2, y2, -sign
            e += 1
        elif x2 < x1:
            edges[e, 0], edges[e, 1], edges[e, 2], edges[e, 3], edges[e, 4] = x2, y2, x1, y1, sign
            e += 1
    return e


@compiled
def _first_reaching(reach: Array, begin: int, end: int, x: float) -> int:
    """Return the first place in `begin`…`end` whose reach goes beyond `x`."""
    while begin < end:
        middle = (begin + end) // 2
        if reach[middle] > x:
            end = middle
        else:
            begin = middle + 1
    return begin


@compiled
def _below_both(
    x1: float, y1: float, x2: float, y2: float,
    u1: float, v1: float, u2: float, v2: float, base: float,
) -> float:  # fmt: skip
    """Return the area below two edges, (x, y) and (u, v), and above `base`, where both are."""
    left, right = max(x1, u1), min(x2, u2)
    width = right - left
    if width <= 0:
        return 0.0
    a_slope, b_slope = (y2 - y1) / (x2 - x1), (v2 - v1) / (u2 - u1)
    a1, b1 = y1 - base + (left - x1) * a_slope, v1 - base + (left - u1) * b_slope
    a2, b2 = y2 - base - (x2 - right) * a_slope, v2 - base - (u2 - right) * b_slope
    at_left, at_right = a1 - b1, a2 - b2
    low1, low2 = min(a1, b1), min(a2, b2)
    if (at_left < 0) == (at_right < 0) or at_left == 0 or at_right == 0:
        return 0.5 * width * (low1 + low2)
    t = at_left / (at_left - at_right)
    crossing = a1 + t * (a2 - a1)
    return 0.5 * width * (t * (low1 + crossing) + (1 - t) * (crossing + low2))


@compiled
def pair_areas(
    left: Array, right: Array, first: int, last: int,
    edges: Array, reach: Array, starts: Array,
    other_edges: Array, other_reach: Array, other_starts: Array,
    bounds: Array, other_bounds: Array, area_m2: Array,
) -> None:  # fmt: skip
    """Work out the shared areas of the pairs `first`…`last`.

    Parameters
    ----------
    left, right : int64 (k,)
        A polygon of the first and of the second kind.
    edges, reach, starts, other_edges, other_reach, other_starts
        As `sorted_edges` gives them.
    bounds, other_bounds : float64 (polygons, 4)
    area_m2 : float64 (k,)
        Filled.
    """
    for k in range(first, last):
        i, j = left[k], right[k]
        west = max(bounds[i, 0], other_bounds[j, 0])
        east = min(bounds[i, 2], other_bounds[j, 2])
        base = min(bounds[i, 1], other_bounds[j, 1])
        total = 0.0
        b_first = _first_reaching(other_reach, other_starts[j], other_starts[j + 1], west)
        a_first = _first_reaching(reach, starts[i], starts[i + 1], west)
        for a in range(a_first, starts[i + 1]):
            x1, y1, x2, y2 = edges[a, 0], edges[a, 1], edges[a, 2], edges[a, 3]
            if x1 >= east:
                break
            while b_first < other_starts[j + 1] and other_reach[b_first] <= x1:
                b_first += 1
            below = 0.0
            for b in range(b_first, other_starts[j + 1]):
                if other_edges[b, 0] >= x2:
                    break
                below += other_edges[b, 4] * _below_both(
                    x1, y1, x2, y2, other_edges[b, 0], other_edges[b, 1],
                    other_edges[b, 2], other_edges[b, 3], base,
                )  # fmt: skip
            total += edges[a, 4] * below
        area_m2[k] = max(total, 0.0)
