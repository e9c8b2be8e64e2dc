"""Places in an order that finds a view's without looking at all of them."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from gisapp.render.viewport import Bounds, Viewport

# So many marks a column: few enough to skip most, so many that there are not too many columns.
_COLUMN = 2048


@dataclass(frozen=True, eq=False)
class Spots:
    """n places, the topmost mark first: columns from west to east, in each from south to north.

    `xy` (n, 2) metres; `beside_mm` (n, 2), or (0, 2) where none is moved, is how far right and
    down of it a mark stands at full size; `starts` (c + 1,) tells the columns, `reach` (c, 2)
    their west and east edges.
    """

    xy: NDArray[np.float64]
    beside_mm: NDArray[np.float32]
    starts: NDArray[np.int64]
    reach: NDArray[np.float64]

    def __len__(self) -> int:
        return len(self.xy)

    def between(self, bounds: Bounds, room_m: float) -> Spots:
        """Return the columns that come within `room_m` of `bounds`, without copying a place."""
        met = (self.reach[:, 1] >= bounds[0] - room_m) & (self.reach[:, 0] <= bounds[2] + room_m)
        columns = np.flatnonzero(met)
        if not len(columns):
            return self._part(0, 0)
        # Columns follow each other from west to east, so those met do too.
        return self._part(int(columns[0]), int(columns[-1]) + 1)

    def only(self, chosen: NDArray[np.bool_]) -> Spots:
        """Return some of the places."""
        kept = np.concatenate([[0], np.cumsum(chosen)])
        beside = self.beside_mm[chosen] if len(self.beside_mm) else self.beside_mm
        return Spots(self.xy[chosen], beside, kept[self.starts], self.reach)

    def px(self, viewport: Viewport, factor: float) -> NDArray[np.float64]:
        """Return where the marks stand in pixels, (n, 2), where they are drawn `factor` as large.

        Of several on one pixel only the topmost is given: it hides the others.
        """
        px = viewport.to_px(self.xy)
        if len(self.beside_mm):
            px += self.beside_mm * (factor * viewport.px_per_mm)
        cell = np.floor(px).astype(np.int64)
        _, first = np.unique((cell[:, 1] << 32) + cell[:, 0], return_index=True)
        alone: NDArray[np.float64] = px[np.sort(first)]
        return alone

    def _part(self, first: int, after: int) -> Spots:
        low, high = self.starts[first], self.starts[after]
        beside = self.beside_mm[low:high] if len(self.beside_mm) else self.beside_mm
        starts = self.starts[first : after + 1] - low
        return Spots(self.xy[low:high], beside, starts, self.reach[first:after])


def by_place(xy: NDArray[np.float64], group: NDArray[np.int32]) -> NDArray[np.intp]:
    """Return the order of places from west to east, from south to north, and by group."""
    # Complex numbers are sorted by both parts at once, in a third of the time; not the group's.
    order = np.argsort(xy[:, 0] + 1j * xy[:, 1])
    if same_as_before(xy[order]).any():
        order = np.lexsort((group, xy[:, 1], xy[:, 0]))
    return order


def same_as_before(xy: NDArray[np.float64]) -> NDArray[np.bool_]:
    """Say of places in order which are that of the one before, shape (n,)."""
    same = np.zeros(len(xy), dtype=bool)
    same[1:] = (xy[1:] == xy[:-1]).all(axis=1)
    return same


def spots_of(
    xy: NDArray[np.float64], group: NDArray[np.int32], beside_mm: NDArray[np.float32], groups: int
) -> tuple[NDArray[np.intp], NDArray[np.float64], NDArray[np.float32], tuple[Spots, ...]]:
    """Put places in the order of `Spots`, group by group.

    Parameters
    ----------
    xy : ndarray, shape (n, 2)
        Metres, in the order of `by_place`: then the answer depends on no other order.
    group : ndarray of int, shape (n,)
        Below `groups`.
    beside_mm : ndarray, shape (n, 2) or (0, 2)

    Returns
    -------
    ndarray of int, shape (n,)
        The order, the first group first.
    ndarray, ndarray
        `xy` and `beside_mm` in it.
    tuple of Spots
        Each group's, without copies.
    """
    columns = len(xy) // _COLUMN + 1
    column = group.astype(np.int64) * columns + np.arange(len(xy)) // _COLUMN
    order = np.argsort(column + 1j * xy[:, 1])
    placed, moved = xy[order], beside_mm[order] if len(beside_mm) else beside_mm
    column = column[order]
    edges = np.searchsorted(column, np.arange(groups + 1) * columns).tolist()
    spots = tuple(
        _spots(placed[a:b], moved[a:b] if len(moved) else moved, column[a:b])
        for a, b in pairwise(edges)
    )
    return order, placed, moved, spots


def _spots(
    xy: NDArray[np.float64], beside_mm: NDArray[np.float32], column: NDArray[np.int64]
) -> Spots:
    if not len(xy):
        return Spots(xy, beside_mm, np.zeros(1, dtype=np.int64), np.empty((0, 2)))
    first = np.flatnonzero(np.diff(column, prepend=-1))
    x = xy[:, 0]
    reach = np.column_stack([np.minimum.reduceat(x, first), np.maximum.reduceat(x, first)])
    return Spots(xy, beside_mm, np.append(first, len(xy)).astype(np.int64), reach)
