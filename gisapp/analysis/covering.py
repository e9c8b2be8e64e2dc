"""Which polygons cover which points: as GEOS's ``intersects`` says, a boundary covers."""

from __future__ import annotations

import os
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
import shapely

from gisapp.core.compiled import Compiled

if TYPE_CHECKING:
    from gisapp.analysis.columns import Floats, Geometries, Ints

KERNELS = Compiled("gisapp.analysis.kernels_cover")
# Below this many points GEOS's tree has answered before the kernels would be loaded.
_MANY_POINTS = 200_000
_POINTS_A_CELL = 4
_SHARES_A_CORE = 4


@dataclass(frozen=True, eq=False)
class Rings:
    """Polygons as ragged arrays: p parts of rings of m vertices, in metres.

    `ring_starts` (rings + 1,) and `part_starts` (p + 1,) say where the vertices of a ring and the
    rings of a part begin; `area` (p,) is the polygon that a part belongs to, `bounds` (p, 4) its
    box, `xy` (m, 2).
    """

    xy: Floats
    ring_starts: Ints
    part_starts: Ints
    area: Ints
    bounds: Floats

    @classmethod
    def of(cls, polygons: Geometries) -> Rings:
        """Read the coordinates of polygons and multipolygons, shape (n,)."""
        parts, area = shapely.get_parts(polygons, return_index=True)
        rings, part = shapely.get_rings(parts, return_index=True)
        xy, ring = shapely.get_coordinates(rings, return_index=True)
        return cls(
            xy, _starts(ring, len(rings)), _starts(part, len(parts)), area, shapely.bounds(parts)
        )


def _starts(member: Ints, n: int) -> Ints:
    return np.concatenate([[0], np.cumsum(np.bincount(member, minlength=n))]).astype(np.int64)


class _Grid(NamedTuple):
    """Where a grid of points lies: its corner, the width of its cells, their number."""

    west: float
    south: float
    size_m: float
    columns: int
    rows: int


def covered(xy: Floats, points: Geometries, polygons: Geometries) -> tuple[Ints, Ints]:
    """Pair points with the polygons that they intersect.

    Parameters
    ----------
    xy : ndarray, shape (n, 2)
        Metres, finite.
    points : ndarray of geometries, shape (n,)
        The same points.
    polygons : ndarray of geometries, shape (m,)
        Valid.

    Returns
    -------
    point, polygon : ndarray of int, shape (k,)
        Sorted by point, then polygon.
    """
    kernels = KERNELS.load() if KERNELS.ready or len(xy) >= _MANY_POINTS else None
    if kernels is None or not len(xy):
        polygon, point = shapely.STRtree(points).query(polygons, predicate="intersects")
        order = np.lexsort((polygon, point))
        return point[order], polygon[order]
    return covered_by_kernels(kernels, xy, polygons)


def covered_by_kernels(kernels: Any, xy: Floats, polygons: Geometries) -> tuple[Ints, Ints]:
    """Answer as `covered` does, on every core; what rounding leaves open is asked of GEOS."""
    rings, grid = Rings.of(polygons), _grid_of(xy)
    order, x, y, starts = kernels.sort_into_grid(xy[:, 0].copy(), xy[:, 1].copy(), *grid)

    def share(first: int, last: int) -> tuple[Ints, Ints, Any]:
        most = kernels.count_candidates(first, last, rings.bounds, starts, *grid)
        place, part, sure = np.empty(most, np.int64), np.empty(most, np.int64), np.empty(most, bool)
        n = kernels.cover(
            first, last, rings.part_starts, rings.ring_starts, rings.xy, rings.bounds,
            x, y, starts, *grid, place, part, sure,
        )  # fmt: skip
        return order[place[:n]], rings.area[part[:n]], sure[:n]

    n_cores = os.cpu_count() or 1
    cuts = np.linspace(0, len(rings.area), n_cores * _SHARES_A_CORE + 1).astype(int)
    with ThreadPoolExecutor(max_workers=n_cores) as cores:
        found = list(cores.map(share, cuts[:-1].tolist(), cuts[1:].tolist()))
    point, polygon, sure = (np.concatenate(x) for x in zip(*found, strict=True))
    open_pairs = np.flatnonzero(~sure)
    where = xy[point[open_pairs]]
    sure[open_pairs] = shapely.intersects_xy(polygons[polygon[open_pairs]], where)
    point, polygon = kernels.sort_by_subject(point[sure], polygon[sure], len(xy))
    return _once(point, polygon)


def _once(point: Ints, polygon: Ints) -> tuple[Ints, Ints]:
    """Keep a pair once where two parts of a polygon touch at the point."""
    first = np.ones(len(point), dtype=bool)
    first[1:] = (point[1:] != point[:-1]) | (polygon[1:] != polygon[:-1])
    return point[first], polygon[first]


def _grid_of(xy: Floats) -> _Grid:
    """Lay a grid over points so that a cell holds a few of them on average."""
    west, south = xy.min(axis=0)
    width, height = xy.max(axis=0) - (west, south)
    longer = max(width, height, 1e-3)
    cells = max(len(xy) / _POINTS_A_CELL, 1.0)
    size_m = max(np.sqrt(width * height / cells), longer / cells, longer / 30_000)
    return _Grid(west, south, size_m, int(width / size_m) + 1, int(height / size_m) + 1)
