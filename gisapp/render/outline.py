"""What of a layer's lines and areas an image needs: in pixels, decimated, cut where they go far."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np
import shapely

from gisapp.render.geometry import Parts, clipped, lies_within, parts_of, selected, starts_of

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from gisapp.render.viewport import Bounds, Viewport

# Half a pixel: finer than antialiasing lets an eye see.
_GRID_PX = 0.5
# Outlines that reach further than this many view widths beyond the view are cut before drawing,
# because dashes and hatches are otherwise worked out along kilometres that nobody sees.
REACH_VIEWS = 2.0


@dataclass(frozen=True, eq=False)
class Outline:
    """Parts in pixels, decimated: `xy` (m, 2), ring starts (r + 1,), part starts (p + 1,) in rings.

    `specks` (k, 2) are the places of parts that are smaller than a pixel.
    """

    xy: NDArray[np.float64]
    ring_starts: NDArray[np.int64]
    part_starts: NDArray[np.int64]
    specks: NDArray[np.float64]

    def parts(self) -> Iterator[list[NDArray[np.float64]]]:
        """Give each part's rings, the shell first, each (n, 2)."""
        rings = self.ring_starts.tolist()
        for first, after in pairwise(self.part_starts.tolist()):
            yield [self.xy[rings[i] : rings[i + 1]] for i in range(first, after)]


def outline(parts: Parts, chosen: NDArray[np.intp], viewport: Viewport) -> Outline:
    """Return some parts, by their index, in pixels.

    Vertices that fall on the half pixel of the one before are left out; parts of which one vertex
    remains become specks.
    """
    near, cut = cut_where_far(parts, chosen, viewport, REACH_VIEWS)
    whole = _decimated(selected(parts, near), viewport)
    return whole if cut is None else _joined(_decimated(cut, viewport), whole)


def cut_where_far(
    parts: Parts, chosen: NDArray[np.intp], viewport: Viewport, reach_views: float
) -> tuple[NDArray[np.intp], Parts | None]:
    """Tell parts that reach further than so many view widths beyond the view, and cut those.

    Returns
    -------
    ndarray of int
        The others, in their order.
    Parts or None
        What of the far ones is near, to be painted below the others; None where there are none.
    """
    far = ~lies_within(parts.bounds[chosen], _widened(viewport.bounds, reach_views))
    if not far.any():
        return chosen, None
    return chosen[~far], _cut(parts, chosen[far], viewport)


def _cut(parts: Parts, far: NDArray[np.intp], viewport: Viewport) -> Parts:
    window = _widened(viewport.bounds, REACH_VIEWS / 2)
    pieces, owner = shapely.get_parts(clipped(parts.shapes(far), window), return_index=True)
    wanted = shapely.GeometryType.POLYGON if parts.closed else shapely.GeometryType.LINESTRING
    fits = (shapely.get_type_id(pieces) == wanted) & ~shapely.is_empty(pieces)
    return parts_of(pieces[fits], parts.row[far[owner[fits]]], closed=parts.closed)


def _decimated(parts: Parts, viewport: Viewport) -> Outline:
    xy = viewport.to_px(parts.xy)
    grid = np.rint(xy / _GRID_PX).astype(np.int32)
    kept = np.ones(len(xy), dtype=bool)
    kept[1:] = (grid[1:] != grid[:-1]).any(axis=1)
    kept[parts.ring_starts[:-1]] = True
    lengths = _sums(kept, parts.ring_starts)
    drawn = lengths >= 2
    shells = parts.part_starts[:-1]
    specks = ~drawn[shells]
    # Without its shell a part has no holes to draw either.
    drawn &= np.repeat(~specks, np.diff(parts.part_starts))
    kept &= np.repeat(drawn, np.diff(parts.ring_starts))
    ring_counts = _sums(drawn, parts.part_starts)
    return Outline(
        xy[kept],
        starts_of(lengths[drawn]),
        starts_of(ring_counts[ring_counts > 0]),
        xy[parts.ring_starts[shells[specks]]],
    )


def _joined(below: Outline, above: Outline) -> Outline:
    return Outline(
        np.concatenate([below.xy, above.xy]),
        np.concatenate([below.ring_starts, above.ring_starts[1:] + below.ring_starts[-1]]),
        np.concatenate([below.part_starts, above.part_starts[1:] + below.part_starts[-1]]),
        np.concatenate([below.specks, above.specks]),
    )


def _sums(flags: NDArray[np.bool_], starts: NDArray[np.int64]) -> NDArray[np.int64]:
    total = starts_of(flags.astype(np.int64))
    sums: NDArray[np.int64] = np.diff(total[starts])
    return sums


def _widened(bounds: Bounds, views: float) -> Bounds:
    min_x, min_y, max_x, max_y = bounds
    # As far on all sides: a strip of a view is to be cut no closer than the view.
    reach = max(max_x - min_x, max_y - min_y) * views
    return min_x - reach, min_y - reach, max_x + reach, max_y + reach
