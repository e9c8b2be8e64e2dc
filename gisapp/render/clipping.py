"""Cutting rings to a rectangle, whatever they do, in one pass: GEOS would first repair them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import shapely

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from gisapp.render.viewport import Bounds


def cut_polygon(polygon: shapely.Polygon, bounds: Bounds) -> shapely.Polygon:
    """Return what of a polygon lies in `bounds`, filled by the even-odd rule as it is painted.

    Each ring is cut by itself (Sutherland and Hodgman 1974); pieces hang together along the border
    of `bounds`, where an even number of edges cancel out. A ring that crosses itself a million
    times costs no more than another.
    """
    whole = [polygon.exterior, *polygon.interiors]
    rings = [cut_ring(shapely.get_coordinates(ring)[:-1], bounds) for ring in whole]
    rings = [ring for ring in rings if len(ring) >= 3]
    return shapely.Polygon(rings[0], rings[1:]) if rings else shapely.Polygon()


def cut_ring(xy: NDArray[np.float64], bounds: Bounds) -> NDArray[np.float64]:
    """Return a ring's vertices (n, 2), the last not repeating the first, cut to `bounds`."""
    min_x, min_y, max_x, max_y = bounds
    for axis, limit, side in ((0, min_x, 1), (0, max_x, -1), (1, min_y, 1), (1, max_y, -1)):
        xy = _cut_half_plane(xy, axis, limit, side)
    return xy


def _cut_half_plane(
    xy: NDArray[np.float64], axis: int, limit: float, side: int
) -> NDArray[np.float64]:
    beyond = side * (xy[:, axis] - limit)
    inside = beyond >= 0
    if inside.all():
        return xy
    after, beyond_after = np.roll(xy, -1, axis=0), np.roll(beyond, -1)
    crossing = inside != np.roll(inside, -1)
    share = np.zeros(len(xy))
    share[crossing] = beyond[crossing] / (beyond[crossing] - beyond_after[crossing])
    met = xy + share[:, None] * (after - xy)
    met[:, axis] = limit
    # Each vertex that stays, followed by the place where its edge leaves or enters.
    kept: NDArray[np.float64] = np.stack([xy, met], axis=1)[np.column_stack([inside, crossing])]
    return kept
