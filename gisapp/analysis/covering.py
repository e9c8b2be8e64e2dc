"""Which polygons cover which points: as GEOS's ``intersects`` says, a boundary covers."""

from __future__ import annotations

import os
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
import shapely

from gisapp.core.compiled import Compiled
from gisapp.core.memory import FrameMemory

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
        if _plain(polygons):
            ring_starts = _starts(shapely.get_num_coordinates(polygons))
            each = np.arange(len(polygons) + 1)
            xy = shapely.get_coordinates(polygons)
            return cls(xy, ring_starts, each, each[:-1], shapely.bounds(polygons))
        parts, area = shapely.get_parts(polygons, return_index=True)
        rings, part = shapely.get_rings(parts, return_index=True)
        xy, ring = shapely.get_coordinates(rings, return_index=True)
        in_ring = np.bincount(ring, minlength=len(rings))
        in_part = np.bincount(part, minlength=len(parts))
        return cls(xy, _starts(in_ring), _starts(in_part), area, shapely.bounds(parts))


_RINGS: FrameMemory[Rings] = FrameMemory()


def rings_of(polygons: Geometries) -> Rings:
    """Return the coordinates of `polygons`, shape (n,), remembered for as long as it lives."""
    known = _RINGS.get(polygons)
    if known is None:
        known = Rings.of(polygons)
        _RINGS.put(polygons, known)
    return known


def _plain(polygons: Geometries) -> bool:
    """Whether all are one ring each, so that their coordinates are those of the rings."""
    alone = shapely.get_type_id(polygons) == shapely.GeometryType.POLYGON
    return bool((alone & (shapely.get_num_interior_rings(polygons) == 0)).all())


def _starts(counts: Ints) -> Ints:
    return np.concatenate([[0], np.cumsum(counts)]).astype(np.int64)


class _Grid(NamedTuple):
    """Where a grid of points lies: its corner, the width of its cells, their number."""

    west: float
    south: float
    size_m: float
    columns: int
    rows: int


class _Sorted(NamedTuple):
    """Points sorted into a grid: see `kernels_cover.sort_into_grid`."""

    order: Ints
    x: Floats
    y: Floats
    starts: Ints
    grid: _Grid


@dataclass(frozen=True, eq=False)
class Points:
    """Points in one project's CRS.

    Parameters
    ----------
    geometries : ndarray of geometries, shape (n,)
        None of them missing or empty.
    x, y : ndarray of float, shape (n,)
        The same points, metres, finite.
    """

    geometries: Geometries
    x: Floats
    y: Floats

    def __len__(self) -> int:
        return len(self.x)

    @cached_property
    def sorted(self) -> _Sorted:
        """The points in a grid whose cells hold a few of them on average."""
        grid = _grid_of(self.x, self.y)
        order, x, y, starts = KERNELS.load().sort_into_grid(self.x, self.y, *grid)
        return _Sorted(order, x, y, starts, grid)


def covered(points: Points, polygons: Geometries) -> tuple[Ints, Ints]:
    """Pair points with the polygons that they intersect.

    A pure function: any parts of the points, answered apart, are the whole's answer in parts.

    Parameters
    ----------
    points : Points
    polygons : ndarray of geometries, shape (m,)
        Valid.

    Returns
    -------
    point, polygon : ndarray of int, shape (k,)
        Sorted by point, then polygon.
    """
    kernels = KERNELS.load() if KERNELS.ready or len(points) >= _MANY_POINTS else None
    if kernels is None or not len(points):
        polygon, point = shapely.STRtree(points.geometries).query(polygons, predicate="intersects")
        order = np.lexsort((polygon, point))
        return point[order], polygon[order]
    return covered_by_kernels(kernels, points, polygons)


def covered_by_kernels(kernels: Any, points: Points, polygons: Geometries) -> tuple[Ints, Ints]:
    """Answer as `covered` does, on every core; what rounding leaves open is asked of GEOS."""
    rings = rings_of(polygons)
    order, x, y, starts, grid = points.sorted
    visited = kernels.visiting_order(rings.bounds, *grid)

    def share(parts: Ints) -> tuple[Ints, Ints, Any]:
        most = kernels.count_candidates(parts, rings.bounds, starts, *grid)
        place, part = np.empty(most, np.int32), np.empty(most, np.int32)
        sure = np.empty(most, np.bool_)
        n = kernels.cover(
            parts, rings.part_starts, rings.ring_starts, rings.xy, rings.bounds,
            x, y, starts, *grid, place, part, sure,
        )  # fmt: skip
        return order[place[:n]], rings.area[part[:n]], sure[:n]

    n_cores = os.cpu_count() or 1
    with ThreadPoolExecutor(max_workers=n_cores) as cores:
        found = list(cores.map(share, np.array_split(visited, n_cores * _SHARES_A_CORE)))
    point, polygon, sure = (np.concatenate(x) for x in zip(*found, strict=True))
    if not sure.all():
        unsure = np.flatnonzero(~sure)
        at = points.geometries[point[unsure]]
        sure[unsure] = shapely.intersects(polygons[polygon[unsure]], at)
        point, polygon = point[sure], polygon[sure]
    answer: tuple[Ints, Ints] = kernels.sort_pairs(point, polygon, len(points))
    return answer


def _grid_of(x: Floats, y: Floats) -> _Grid:
    """Lay a grid over points so that a cell holds a few of them on average."""
    west, south = x.min(), y.min()
    width, height = x.max() - west, y.max() - south
    longer = max(width, height, 1e-3)
    cells = max(len(x) / _POINTS_A_CELL, 1.0)
    size_m = max(np.sqrt(width * height / cells), longer / cells, longer / 30_000)
    return _Grid(west, south, size_m, int(width / size_m) + 1, int(height / size_m) + 1)
