"""How far each subject lies from borders, and how deep in a union: asked of compiled kernels.

`uncertainty` asks GEOS where subjects are few; the answers agree.
"""

from __future__ import annotations

import os
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from gisapp.analysis.covering import rings_of
from gisapp.core.compiled import Compiled
from gisapp.core.memory import FrameMemory

if TYPE_CHECKING:
    from collections.abc import Callable

    from gisapp.analysis.columns import Bools, Floats, Geometries, Ints

KERNELS = Compiled("gisapp.analysis.kernels_margin")
# Below this many subjects GEOS has answered before the kernels would be loaded.
MANY_SUBJECTS = 20_000
_EDGES_A_CELL = 8
# In so many cells an edge may stand on average, before they are made wider.
_CELLS_AN_EDGE = 8
_SHARES_A_CORE = 8


class _Grid(NamedTuple):
    """Where a grid of edges lies: its corner, the width of its cells, their number."""

    west: float
    south: float
    size_m: float
    columns: int
    rows: int


@dataclass(frozen=True, eq=False)
class Edges:
    """The edges of n polygons, sorted into a grid: see `kernels_margin.edges_of`, `sort_edges`.

    `area_starts`, shape (n + 1,), says where the edges of each polygon begin.
    """

    edges: Floats
    area: Ints
    area_starts: Ints
    starts: Ints
    members: Ints
    grid: _Grid

    @classmethod
    def of(cls, kernels: Any, polygons: Geometries) -> Edges:
        """Read the edges of polygons, shape (n,), at least one of them not empty."""
        rings = rings_of(polygons)
        edges, area = kernels.edges_of(rings.ring_starts, rings.part_starts, rings.area, rings.xy)
        grid = _grid_of(edges)
        starts, members = kernels.sort_edges(edges, *grid)
        counts = np.bincount(area, minlength=len(polygons))
        return cls(edges, area, np.append(0, np.cumsum(counts)), starts, members, grid)


_EDGES: FrameMemory[Edges] = FrameMemory()


def _edges_of(kernels: Any, polygons: Geometries) -> Edges:
    known = _EDGES.get(polygons)
    if known is None:
        known = Edges.of(kernels, polygons)
        _EDGES.put(polygons, known)
    return known


def _grid_of(edges: Floats) -> _Grid:
    """Lay a grid over edges so that a cell holds a few of them and an edge lies in few cells."""
    low = np.minimum(edges[:, :2], edges[:, 2:])
    size = np.maximum(edges[:, :2], edges[:, 2:]) - low
    west, south = low.min(axis=0)
    width, height = edges.reshape(-1, 2).max(axis=0) - (west, south)
    longer = max(width, height, 1e-3)
    cells = max(len(edges) / _EDGES_A_CELL, 1.0)
    size_m = max(float(np.sqrt(width * height / cells)), longer / cells, longer / 30_000)
    while (size // size_m + 1).prod(axis=1).sum() > _CELLS_AN_EDGE * len(edges):
        size_m *= 2
    return _Grid(west, south, size_m, int(width / size_m) + 1, int(height / size_m) + 1)


def borders_in_reach(
    kernels: Any, x: Floats, y: Floats, reach_m: Floats, polygons: Geometries
) -> tuple[Ints, Ints, Floats]:
    """Pair points, shape (n,), with the polygons, shape (m,), whose border lies in their reach.

    Returns
    -------
    point, polygon : ndarray of int, shape (k,)
        Sorted by point.
    border_m : ndarray of float, shape (k,)
    """
    if not len(rings_of(polygons).xy):
        return np.empty(0, np.int64), np.empty(0, np.int64), np.empty(0)
    known = _edges_of(kernels, polygons)

    def share(first: int, last: int) -> tuple[Ints, Ints, Floats]:
        found: tuple[Ints, Ints, Floats] = kernels.borders_in_reach(
            first, last, x, y, reach_m, known.edges, known.area, len(polygons),
            known.starts, known.members, *known.grid,
        )  # fmt: skip
        return found

    shares = _on_every_core(share, len(x))
    point, polygon, border_m = (np.concatenate(part) for part in zip(*shares, strict=True))
    return point.astype(np.int64), polygon.astype(np.int64), border_m


def depths_in_union(
    kernels: Any,
    xy: tuple[Floats, Floats],
    limit_m: Floats,
    pairs: tuple[Ints, Ints, Floats, Bools],
    polygons: Geometries,
) -> Floats:
    """Return how deep points lie in the union of their polygons, shape (n,), up to their limit.

    Parameters
    ----------
    kernels : module
    xy : pair of ndarray of float, shape (n,)
        Metres.
    limit_m : ndarray of float, shape (n,)
        Beyond it any answer serves.
    pairs : arrays of shape (k,)
        Point (ascending), polygon, distance to its border, whether it covers the point.
    polygons : ndarray of geometries, shape (m,)
    """
    if not len(limit_m):
        return np.empty(0)
    known = _edges_of(kernels, polygons)
    point, polygon, border_m, inside = pairs
    starts = np.append(0, np.cumsum(np.bincount(point, minlength=len(limit_m))))
    depth_m = np.empty(len(limit_m))

    def share(first: int, last: int) -> None:
        kernels.depths(
            first, last, *xy, limit_m, starts, polygon, border_m, inside,
            known.edges, known.area, known.area_starts, len(polygons),
            known.starts, known.members, *known.grid, depth_m,
        )  # fmt: skip

    _on_every_core(share, len(limit_m))
    return depth_m


def _on_every_core(share: Callable[[int, int], Any], n: int) -> list[Any]:
    """Answer 0…n−1 in shares; the kernels let go of the interpreter."""
    n_cores = os.cpu_count() or 1
    cuts = np.linspace(0, n, n_cores * _SHARES_A_CORE + 1).astype(int).tolist()
    with ThreadPoolExecutor(max_workers=n_cores) as cores:
        return list(cores.map(share, cuts[:-1], cuts[1:]))
