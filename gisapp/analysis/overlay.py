"""What polygons of two kinds share, pair by pair: the areas alone, or the shared polygons too."""

from __future__ import annotations

import os
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
import shapely

from gisapp.core.compiled import Compiled

if TYPE_CHECKING:
    from gisapp.analysis.columns import Bools, Floats, Geometries, Ints

KERNELS = Compiled("gisapp.analysis.kernels_overlay")
# Below this many pairs GEOS has answered before the kernels would be loaded.
_MANY_PAIRS = 5_000
# What rounding leaves where polygons only touch; a square millimetre is no area of anything.
NO_AREA_M2 = 1e-6
_SHARES_A_CORE = 4


@dataclass(frozen=True, eq=False)
class PairAreas:
    """The pairs that share an area: arrays of shape (k,), sorted by left, then right.

    `left` and `right` are row numbers, `area_m2` is what the two share.
    """

    left: Ints
    right: Ints
    area_m2: Floats

    def where(self, keep: Bools) -> PairAreas:
        """Return the pairs that `keep`, shape (k,), marks."""
        return PairAreas(self.left[keep], self.right[keep], self.area_m2[keep])


class _Edges(NamedTuple):
    """Signed edges as the kernels take them, and the polygons' boxes."""

    edges: Floats
    reach: Floats
    starts: Ints
    bounds: Floats


def pair_areas(left: Geometries, right: Geometries) -> PairAreas:
    """Find the pairs of polygons that share more than a border, and how much they share.

    Parameters
    ----------
    left, right : ndarray of geometries, shape (n,) and (m,)
        Polygons and multipolygons, valid.
    """
    pairs = _boxes_meet(left, right)
    kernels = KERNELS.load() if KERNELS.ready or len(pairs.left) >= _MANY_PAIRS else None
    if kernels is None or not len(pairs.left):
        area_m2 = np.asarray(shapely.area(shapely.intersection(*_paired(left, right, pairs))))
    else:
        area_m2 = areas_by_kernels(kernels, left, right, pairs)
    return _with_areas(pairs, area_m2)


def intersections(left: Geometries, right: Geometries) -> tuple[PairAreas, Geometries]:
    """Answer as `pair_areas` does, with the shared polygons, shape (k,).

    Where one polygon holds the other the shared one is the other, as it is; GEOS makes only the
    rest, on every core.
    """
    asked = ((left, right, "intersects"), (left, right, "contains"), (right, left, "contains"))
    with ThreadPoolExecutor(max_workers=os.cpu_count()) as cores:
        meet, holds, held = cores.map(lambda question: _related(*question), asked)
    n = max(len(right), 1)
    key = np.sort(meet[0] * n + meet[1])
    pairs = PairAreas(key // n, key % n, np.empty(len(key)))
    whole_right = np.isin(key, holds[0] * n + holds[1])
    whole_left = np.isin(key, held[1] * n + held[0])
    shared = np.where(whole_right, right[pairs.right], left[pairs.left])
    partial = np.flatnonzero(~whole_left & ~whole_right)

    def share(part: slice) -> None:
        rows = partial[part]
        shared[rows] = shapely.intersection(left[pairs.left[rows]], right[pairs.right[rows]])

    _on_every_core(share, len(partial))
    area_m2 = shapely.area(shared)
    return _with_areas(pairs, area_m2), polygonal(shared[area_m2 > NO_AREA_M2])


def polygonal(geometries: Geometries) -> Geometries:
    """Drop the lines and points that an intersection leaves where polygons also touch."""
    odd = np.flatnonzero(shapely.get_type_id(geometries) == shapely.GeometryType.GEOMETRYCOLLECTION)
    if not len(odd):
        return geometries
    made = geometries.copy()
    for row in odd:
        parts = shapely.get_parts(geometries[row])
        flat = parts[shapely.get_dimensions(parts) == 2]
        made[row] = flat[0] if len(flat) == 1 else shapely.multipolygons(shapely.get_parts(flat))
    return made


def areas_by_kernels(kernels: Any, left: Geometries, right: Geometries, pairs: PairAreas) -> Floats:
    """Return the area that each pair shares, shape (k,), as the compiled kernels find it."""
    with ThreadPoolExecutor(max_workers=os.cpu_count()) as cores:
        ours, theirs = cores.map(lambda polygons: _edges(kernels, polygons), (left, right))
    area_m2 = np.empty(len(pairs.left))

    def share(part: slice) -> None:
        kernels.pair_areas(
            pairs.left, pairs.right, part.start, part.stop, *ours[:3], *theirs[:3],
            ours.bounds, theirs.bounds, area_m2,
        )  # fmt: skip

    _on_every_core(share, len(area_m2))
    return area_m2


def _on_every_core(share: Any, n: int) -> None:
    """Have `share` work on slices of 0…n, at the same time: GEOS and numba let go of the GIL."""
    n_cores = os.cpu_count() or 1
    cuts = np.linspace(0, n, n_cores * _SHARES_A_CORE + 1).astype(int).tolist()
    with ThreadPoolExecutor(max_workers=n_cores) as cores:
        list(cores.map(share, map(slice, cuts[:-1], cuts[1:])))


def _related(left: Geometries, right: Geometries, predicate: str | None) -> tuple[Ints, Ints]:
    """Pair the polygons for which `predicate` holds, or whose boxes meet, in any order.

    The tree prepares each polygon that it is asked for: of the smaller kind, where either will do.
    """
    if predicate != "contains" and len(left) > len(right):
        other, one = shapely.STRtree(left).query(right, predicate=predicate)
        return one, other
    one, other = shapely.STRtree(right).query(left, predicate=predicate)
    return one, other


def _boxes_meet(left: Geometries, right: Geometries) -> PairAreas:
    """Pair the polygons whose boxes meet; their shared areas are not known yet."""
    one, other = _related(left, right, None)
    order = np.lexsort((other, one))
    return PairAreas(one[order], other[order], np.empty(len(one)))


def _with_areas(pairs: PairAreas, area_m2: Floats) -> PairAreas:
    return PairAreas(pairs.left, pairs.right, area_m2).where(area_m2 > NO_AREA_M2)


def _paired(left: Geometries, right: Geometries, pairs: PairAreas) -> tuple[Geometries, Geometries]:
    return left[pairs.left], right[pairs.right]


def _edges(kernels: Any, polygons: Geometries) -> _Edges:
    """Read polygons as the kernels take them."""
    kind, xy, offsets = shapely.to_ragged_array(polygons, include_z=False)
    rings, parts, *whole = (offset.astype(np.int64) for offset in offsets)
    single = kind == shapely.GeometryType.POLYGON
    starts = np.arange(len(polygons) + 1, dtype=np.int64) if single else whole[0]
    edges, reach, edge_starts = kernels.sorted_edges(xy, rings, parts, starts)
    return _Edges(edges, reach, edge_starts, shapely.bounds(polygons))
