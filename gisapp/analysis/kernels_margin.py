"""How far each subject lies from where its finding changes, compiled: edges of polygons in a grid.

A subject looks only at the edges in its reach. Where several polygons hold it or its like, the
boundary of their union is what of their edges no other of them covers. No geometry is made.

Imported by `core.compiled` only: numba takes half a second.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from gisapp.analysis.kernels_cover import compiled

Array = Any  # numba compiles for the dtypes that the docstrings give

# Neighbouring polygons meet within this: `uncertainty.SLIT_M`.
_SLIT_M = 0.01
# Below this tangent two edges run along each other, and the gap between them may be a slit.
_ALONG = 0.1
# A subject closer to a polygon's border is not known to be on either side of it.
_ON_BORDER_M = 1e-6


@compiled
def edges_of(ring_starts: Array, part_starts: Array, area: Array, xy: Array) -> tuple[Array, Array]:
    """List the edges of polygons, each with its outer side to its right.

    Parameters
    ----------
    ring_starts, part_starts, area, xy
        Polygons as `covering.Rings` has them.

    Returns
    -------
    edges : float64 (e, 4)
        x1, y1, x2, y2, metres.
    edge_area : int32 (e,)
        The polygon of each.
    """
    n = ring_starts[-1] - (len(ring_starts) - 1)
    edges, edge_area = np.empty((n, 4)), np.empty(n, np.int32)
    e = 0
    for part in range(len(part_starts) - 1):
        for ring in range(part_starts[part], part_starts[part + 1]):
            first, last = ring_starts[ring], ring_starts[ring + 1] - 1
            twice_m2 = 0.0
            for v in range(first, last):
                x1, y1 = xy[v, 0] - xy[first, 0], xy[v, 1] - xy[first, 1]
                x2, y2 = xy[v + 1, 0] - xy[first, 0], xy[v + 1, 1] - xy[first, 1]
                twice_m2 += x1 * y2 - x2 * y1
            # The first ring goes round the part, the others round its holes.
            as_drawn = (twice_m2 > 0) == (ring == part_starts[part])
            for v in range(first, last):
                a, b = (v, v + 1) if as_drawn else (v + 1, v)
                edges[e, 0], edges[e, 1] = xy[a, 0], xy[a, 1]
                edges[e, 2], edges[e, 3] = xy[b, 0], xy[b, 1]
                edge_area[e] = area[part]
                e += 1
    return edges, edge_area


@compiled
def _span(low: float, high: float, base: float, size_m: float, n: int) -> tuple[int, int]:
    """Return the first and last cell of `n` that a stretch touches, clipped to the grid."""
    first = int(max(0.0, min((low - base) / size_m, n - 1.0)))
    last = int(max(0.0, min((high - base) / size_m, n - 1.0)))
    return first, last


@compiled
def sort_edges(
    edges: Array, west: float, south: float, size_m: float, columns: int, rows: int
) -> tuple[Array, Array]:
    """Sort edges into the cells of a grid that their boxes touch.

    Returns
    -------
    starts : int64 (rows × columns + 1,)
    members : int32 (k,)
        The edges of each cell; one stands in several.
    """
    starts = np.zeros(rows * columns + 1, np.int64)
    for turn in range(2):
        if turn:
            for k in range(rows * columns):
                starts[k + 1] += starts[k]
            members = np.empty(starts[-1], np.int32)
        for e in range(len(edges)):
            x1, y1, x2, y2 = edges[e]
            a, b = _span(min(x1, x2), max(x1, x2), west, size_m, columns)
            low, high = _span(min(y1, y2), max(y1, y2), south, size_m, rows)
            for row in range(low, high + 1):
                for k in range(row * columns + a, row * columns + b + 1):
                    if turn:
                        starts[k] -= 1
                        members[starts[k]] = e
                    else:
                        starts[k] += 1
    return starts, members


@compiled
def _distance_m(px: float, py: float, x1: float, y1: float, x2: float, y2: float) -> float:
    """Return the distance of a point from an edge."""
    dx, dy = x2 - x1, y2 - y1
    length_m2 = dx * dx + dy * dy
    t = ((px - x1) * dx + (py - y1) * dy) / length_m2 if length_m2 > 0 else 0.0
    t = max(0.0, min(1.0, t))
    return math.hypot(px - x1 - t * dx, py - y1 - t * dy)


@compiled
def borders_in_reach(
    first: int, last: int, x: Array, y: Array, reach_m: Array,
    edges: Array, edge_area: Array, n_areas: int, starts: Array, members: Array,
    west: float, south: float, size_m: float, columns: int, rows: int,
) -> tuple[Array, Array, Array]:  # fmt: skip
    """Pair the points `first`…`last` with the polygons whose border lies in their reach.

    Parameters
    ----------
    x, y, reach_m : float64 (n,)
    edges, edge_area, starts, members, west, south, size_m, columns, rows
        As `edges_of` and `sort_edges` give them.

    Returns
    -------
    point, area : int32 (k,)
        Sorted by point.
    border_m : float64 (k,)
    """
    size = 16 * (last - first) + 16
    point, area, border_m = np.empty(size, np.int32), np.empty(size, np.int32), np.empty(size)
    seen, slot = np.full(n_areas, -1, np.int32), np.empty(n_areas, np.int64)
    found = 0
    for i in range(first, last):
        r = reach_m[i]
        a, b = _span(x[i] - r, x[i] + r, west, size_m, columns)
        low, high = _span(y[i] - r, y[i] + r, south, size_m, rows)
        for row in range(low, high + 1):
            for k in range(starts[row * columns + a], starts[row * columns + b + 1]):
                e = members[k]
                x1, y1, x2, y2 = edges[e]
                d = _distance_m(x[i], y[i], x1, y1, x2, y2)
                if d > r:
                    continue
                polygon = edge_area[e]
                if seen[polygon] != i:
                    if found == len(point):
                        point = np.concatenate((point, np.empty_like(point)))
                        area = np.concatenate((area, np.empty_like(area)))
                        border_m = np.concatenate((border_m, np.empty_like(border_m)))
                    seen[polygon], slot[polygon] = i, found
                    point[found], area[found], border_m[found] = i, polygon, d
                    found += 1
                elif d < border_m[slot[polygon]]:
                    border_m[slot[polygon]] = d
    return point[:found], area[:found], border_m[:found]


@compiled
def depths(
    first: int, last: int, x: Array, y: Array, limit_m: Array,
    pair_starts: Array, pair_area: Array, pair_border_m: Array, pair_inside: Array,
    edges: Array, edge_area: Array, area_starts: Array, n_areas: int,
    starts: Array, members: Array,
    west: float, south: float, size_m: float, columns: int, rows: int, depth_m: Array,
) -> None:  # fmt: skip
    """Find how deep the points `first`…`last` lie in the union of the polygons paired with each.

    Parameters
    ----------
    x, y : float64 (n,)
    limit_m : float64 (n,)
        Beyond it any answer serves.
    pair_starts : int64 (n + 1,)
    pair_area, pair_border_m, pair_inside : (k,)
        The polygons of each point, its distance to their border, whether they cover it.
    edges, edge_area, starts, members, west, south, size_m, columns, rows
        As `edges_of` and `sort_edges` give them.
    area_starts : int64 (n_areas + 1,)
        Where the edges of each polygon begin.
    depth_m : float64 (n,)
        Filled; at most `limit_m`.
    """
    pair_of = np.full(n_areas, -1, np.int64)
    for i in range(first, last):
        begin, end = pair_starts[i], pair_starts[i + 1]
        for k in range(begin, end):
            pair_of[pair_area[k]] = k
        near, away_m = _edges_near(
            x[i], y[i], limit_m[i], pair_of, edges, edge_area,
            starts, members, west, south, size_m, columns, rows,
        )  # fmt: skip
        best_m = limit_m[i]
        for at in np.argsort(away_m):
            if away_m[at] >= best_m:
                break
            bare_m = _bare_m(
                x[i], y[i], best_m, near[at], near, begin, end, pair_of, pair_area,
                pair_border_m, pair_inside, edges, edge_area, area_starts,
            )  # fmt: skip
            best_m = min(best_m, bare_m)
        depth_m[i] = best_m
        for k in range(begin, end):
            pair_of[pair_area[k]] = -1


@compiled
def _edges_near(
    px: float, py: float, limit_m: float, pair_of: Array, edges: Array, edge_area: Array,
    starts: Array, members: Array,
    west: float, south: float, size_m: float, columns: int, rows: int,
) -> tuple[Array, Array]:  # fmt: skip
    """Return the edges of a point's polygons within its limit, each once, and how far they are."""
    r = limit_m + 2 * _SLIT_M
    a, b = _span(px - r, px + r, west, size_m, columns)
    low, high = _span(py - r, py + r, south, size_m, rows)
    near, away_m = np.empty(64, np.int32), np.empty(64)
    n = 0
    for row in range(low, high + 1):
        for column in range(a, b + 1):
            cell = row * columns + column
            for k in range(starts[cell], starts[cell + 1]):
                e = members[k]
                if pair_of[edge_area[e]] < 0:
                    continue
                x1, y1, x2, y2 = edges[e]
                first_column, _c = _span(min(x1, x2), max(x1, x2), west, size_m, columns)
                first_row, _r = _span(min(y1, y2), max(y1, y2), south, size_m, rows)
                if column != max(a, first_column) or row != max(low, first_row):
                    continue  # it stands in several of the cells
                d = _distance_m(px, py, x1, y1, x2, y2)
                if d > r:
                    continue
                if n == len(near):
                    near = np.concatenate((near, np.empty_like(near)))
                    away_m = np.concatenate((away_m, np.empty_like(away_m)))
                near[n], away_m[n] = e, d
                n += 1
    return near[:n], away_m[:n]


@compiled
def _bare_m(
    px: float, py: float, limit_m: float, e: int, near: Array, begin: int, end: int,
    pair_of: Array, pair_area: Array, pair_border_m: Array, pair_inside: Array,
    edges: Array, edge_area: Array, area_starts: Array,
) -> float:  # fmt: skip
    """Return the distance of a point from what of an edge no other polygon covers, or infinity.

    A place of the edge is covered where the place a slit's width to its outside is: neighbours
    that share an edge, or nearly, cover each other's; two polygons on the same side do not.
    """
    x1, y1, x2, y2 = edges[e]
    dx, dy = x2 - x1, y2 - y1
    length_m = math.hypot(dx, dy)
    if length_m == 0:
        return np.inf
    out_x, out_y = dy / length_m * _SLIT_M, -dx / length_m * _SLIT_M
    middle = ((px - x1) * dx + (py - y1) * dy) / length_m**2
    away_m = abs((px - x1) * dy - (py - y1) * dx) / length_m
    half = math.sqrt(max(0.0, limit_m * limit_m - away_m * away_m)) / length_m
    t0, t1 = max(0.0, middle - half), min(1.0, middle + half)
    if t0 > t1:
        return np.inf
    cuts, places = _cuts(
        x1 + out_x, y1 + out_y, dx, dy, t0, t1, edge_area[e], near, edges, edge_area
    )
    order = np.argsort(cuts)
    best_m = np.inf
    for k in range(len(cuts) - 1):
        one, next_one = order[k], order[k + 1]
        if (cuts[next_one] - cuts[one]) * length_m < _least_gap_m(one, next_one):
            continue
        t = (cuts[one] + cuts[next_one]) / 2
        ends = places[one], places[next_one]
        nearest = max(min(ends), min(max(ends), middle))
        d = math.hypot(px - x1 - nearest * dx, py - y1 - nearest * dy)
        if d >= best_m:
            continue
        if not _covered(
            px, py, x1 + out_x + t * dx, y1 + out_y + t * dy, edge_area[e], near, begin, end,
            pair_of, pair_area, pair_border_m, pair_inside, edges, edge_area, area_starts,
        ):  # fmt: skip
            best_m = d
    return best_m


@compiled
def _least_gap_m(cut: int, next_cut: int) -> float:
    """Return how long what lies between two of `_cuts` must be to be no artefact.

    Where two other polygons meet, both cross here: between them there is a slit, or nothing.
    """
    return _SLIT_M if min(cut, next_cut) > 1 else _ON_BORDER_M


@compiled
def _cuts(
    x: float, y: float, dx: float, dy: float, t0: float, t1: float, own: int,
    near: Array, edges: Array, edge_area: Array,
) -> tuple[Array, Array]:  # fmt: skip
    """Return where other polygons' edges cross a stretch beside an edge, and its two ends.

    The second array says where on the edge itself, unless the two run along each other.
    """
    cuts, places = np.empty(len(near) + 2), np.empty(len(near) + 2)
    cuts[0], cuts[1] = t0, t1
    places[0], places[1] = t0, t1
    n = 2
    length_m = math.hypot(dx, dy)
    for other in near:
        if edge_area[other] == own:
            continue
        ax, ay, bx, by = edges[other]
        fx, fy = bx - ax, by - ay
        turn = dx * fy - dy * fx
        if turn == 0:
            continue
        t = ((ax - x) * fy - (ay - y) * fx) / turn
        u = ((ax - x) * dy - (ay - y) * dx) / turn
        if t <= t0 or t >= t1 or u < 0 or u > 1:
            continue
        place, along = t, dx * fx + dy * fy
        if abs(turn) > _ALONG * abs(along):
            # As far as the slit's width shifts the crossing along the edge.
            place = t + _SLIT_M * along / turn / length_m
        cuts[n], places[n] = t, max(t0, min(t1, place))
        n += 1
    return cuts[:n], places[:n]


@compiled
def _covered(
    px: float, py: float, qx: float, qy: float, own: int, near: Array, begin: int, end: int,
    pair_of: Array, pair_area: Array, pair_border_m: Array, pair_inside: Array,
    edges: Array, edge_area: Array, area_starts: Array,
) -> bool:  # fmt: skip
    """Whether a place q is covered by a polygon other than `own`.

    It is on the other side of a polygon's border than the point p where the way between them
    crosses it an odd number of times.
    """
    crossings = np.zeros(end - begin, np.int64)
    for e in near:
        ax, ay, bx, by = edges[e]
        a_left = (qx - px) * (ay - py) - (qy - py) * (ax - px) > 0
        b_left = (qx - px) * (by - py) - (qy - py) * (bx - px) > 0
        if a_left == b_left:
            continue
        p_left = (bx - ax) * (py - ay) - (by - ay) * (px - ax) > 0
        q_left = (bx - ax) * (qy - ay) - (by - ay) * (qx - ax) > 0
        if p_left != q_left:
            crossings[pair_of[edge_area[e]] - begin] += 1
    for k in range(begin, end):
        if pair_area[k] == own:
            continue
        if pair_border_m[k] > _ON_BORDER_M:
            covers = pair_inside[k] != (crossings[k - begin] % 2 == 1)
        else:
            area = pair_area[k]
            covers = _within(qx, qy, edges, area_starts[area], area_starts[area + 1])
        if covers:
            return True
    return False


@compiled
def _within(qx: float, qy: float, edges: Array, begin: int, end: int) -> bool:
    """Whether the edges `begin`…`end` go round a place."""
    inside = False
    for e in range(begin, end):
        x1, y1, x2, y2 = edges[e]
        if (y1 > qy) != (y2 > qy):
            left = (x1 - qx) * (y2 - qy) - (y1 - qy) * (x2 - qx) > 0
            if left == (y2 > qy):
                inside = not inside
    return inside
