"""Crowded points as one circle with their number. No Qt."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from gisapp.render.batches import ClusterBatch
from gisapp.render.geometry import points_within

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from gisapp.core.style import Clusters
    from gisapp.render.viewport import Viewport

# A cell gives its points at most to a neighbour, which looks at its own neighbours: what happens
# beyond this many cells changes nothing in view.
_MARGIN_CELLS = 4
_NEIGHBOURS = [(dx, dy) for dx in (-1, 0, 1) for dy in (-1, 0, 1) if (dx, dy) != (0, 0)]
# A circle of two points is this share of the largest, which is as wide as the radius.
_LEAST_SHARE = 0.6


@dataclass(frozen=True, eq=False)
class Crowds:
    """Which of n points stand together: `crowd` (n,), −1 for those alone.

    `xy` (k, 2) are the crowds' middles in metres, `count` (k,) their points.
    """

    crowd: NDArray[np.int64]
    xy: NDArray[np.float64]
    count: NDArray[np.int64]


def crowds(xy: NDArray[np.float64], radius_m: float) -> Crowds:
    """Find which points are drawn together.

    The ground is cut into cells as wide as the radius; a cell whose middle is nearer than that to
    the middle of a fuller neighbour joins it, unless the neighbour itself joins another. This
    depends on the points' places alone, not on their order or on what is in view.

    Parameters
    ----------
    xy : ndarray, shape (n, 2)
        Metres, finite.
    radius_m : float
        On the ground, > 0.
    """
    if not len(xy):
        return Crowds(np.empty(0, dtype=np.int64), np.empty((0, 2)), np.empty(0, dtype=np.int64))
    place = np.floor(xy / radius_m).astype(np.int64)
    key, cell = np.unique(_key(place), return_inverse=True)
    count = np.bincount(cell, minlength=len(key))
    middle = _middles(xy, cell, count)
    cell = _joined(key, count, middle, radius_m)[cell]
    total = np.bincount(cell, minlength=len(key))
    several = np.flatnonzero(total > 1)
    number = np.full(len(key), -1, dtype=np.int64)
    number[several] = np.arange(len(several))
    return Crowds(number[cell], _middles(xy, cell, total)[several], total[several])


def clusters(
    xy: NDArray[np.float64], look: Clusters, viewport: Viewport
) -> tuple[NDArray[np.bool_], ClusterBatch | None]:
    """Return which points (n,) are drawn by the rules, being alone and near the view, and the rest.

    Parameters
    ----------
    xy : ndarray, shape (n, 2)
        Metres: the points that some rule draws.
    """
    radius_m = look.radius_mm * viewport.scale / 1000
    min_x, min_y, max_x, max_y = viewport.bounds
    margin = _MARGIN_CELLS * radius_m
    near = np.flatnonzero(
        points_within(xy, (min_x - margin, min_y - margin, max_x + margin, max_y + margin))
    )
    found = crowds(xy[near], radius_m)
    alone = np.zeros(len(xy), dtype=bool)
    alone[near[found.crowd < 0]] = True
    px = viewport.to_px(found.xy)
    reach = look.radius_mm * viewport.px_per_mm
    seen = points_within(
        px, (-reach, -reach, viewport.width_px + reach, viewport.height_px + reach)
    )
    if not seen.any():
        return alone, None
    count = found.count[seen]
    share = np.minimum(_LEAST_SHARE + (1 - _LEAST_SHARE) * np.log10(count) / 4, 1.0)
    return alone, ClusterBatch(look, px[seen], share * reach / 2, count)


def _key(place: NDArray[np.int64]) -> NDArray[np.int64]:
    key: NDArray[np.int64] = (place[:, 0] << 32) + place[:, 1]
    return key


def _middles(
    xy: NDArray[np.float64], cell: NDArray[np.intp], count: NDArray[np.intp]
) -> NDArray[np.float64]:
    """Return each cell's mean place; summed in whole millimetres, so that order cannot matter."""
    sums = [np.bincount(cell, weights=np.rint(v * 1000), minlength=len(count)) for v in xy.T]
    middles: NDArray[np.float64] = np.column_stack(sums) / (1000 * np.maximum(count, 1)[:, None])
    return middles


def _joined(
    key: NDArray[np.int64], count: NDArray[np.intp], middle: NDArray[np.float64], radius_m: float
) -> NDArray[np.intp]:
    """Return, for each cell, the cell that it is drawn with; `key` (k,) is sorted."""
    own = np.arange(len(key))
    best = own.copy()
    for dx, dy in _NEIGHBOURS:
        wanted = key + (dx << 32) + dy
        other = np.minimum(np.searchsorted(key, wanted), len(key) - 1)
        near = key[other] == wanted
        near &= np.hypot(*(middle - middle[other]).T) < radius_m
        fuller = (count[other] > count[best]) | ((count[other] == count[best]) & (other < best))
        best = np.where(near & fuller, other, best)
    stays = best == own
    return np.where(stays[best], best, own)
