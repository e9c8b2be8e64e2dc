"""How long patterns take, against esda's own permutations and ``geopandas.sjoin_nearest``.

    python benchmarks/patterns.py [POINTS]

The answers must be those of the peers: Gi* and local Moran are esda's; the p of units without ties
differ from twice esda's (of 9,999 draws of its own) by chance alone; distances are equal.
Only the ratios of one run mean anything: machines differ, and are noisy.
"""

from __future__ import annotations

import sys
import warnings
from time import perf_counter

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from gisapp.analysis.counting_units import counting_units
from gisapp.analysis.distances import nearest_m
from gisapp.analysis.patterns import PERMUTATIONS, SEED, local_patterns, neighbours
from gisapp.analysis.subjects import gather
from gisapp.core.layer import Layer
from gisapp.core.progress import SILENT
from gisapp.core.project import DEFAULT_CRS, Project
from gisapp.core.style import Style

WIDTH_M = 17_500.0
CELL_M = 250.0
SUPPORT_AREAS = 100
RNG = np.random.default_rng(20261101)


def layer(kind: str, shapes: np.ndarray, **columns: str) -> Layer:
    ids = pd.Series([f"{kind}{i}" for i in range(len(shapes))], dtype="str")
    frame = gpd.GeoDataFrame({"id": ids, **columns}, geometry=shapes, crs=DEFAULT_CRS)
    return Layer(kind, kind, frame, Style("plain", ()))


def local_statistics() -> None:
    """Ask 6,000 hexagons where a clustered value stands out."""
    area = np.array([shapely.box(0, 0, WIDTH_M, WIDTH_M)], dtype=object)
    units = counting_units(Project(layers=(layer("admin", area),)), "hexagons", CELL_M)
    centres = shapely.get_coordinates(shapely.centroid(units.polygons))
    values = RNG.gamma(2.0, 3.0, len(units)) + 9 * (np.hypot(*(centres - 4000).T) < 1200)
    began = perf_counter()
    near = neighbours(units.polygons)
    found = local_patterns(values, near, SEED, SILENT)
    first_s = perf_counter() - began
    began = perf_counter()
    local_patterns(values, neighbours(units.polygons), SEED, SILENT)
    ours_s = perf_counter() - began
    print(f"{len(units)} units: {ours_s:.2f} s; {first_s:.2f} s with importing esda")
    from esda.getisord import G_Local
    from libpysal.graph import Graph

    graph = Graph.from_arrays(near.unit, near.other, np.ones(len(near.unit)))
    for turn in ("with compiling", "again"):
        began = perf_counter()
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            peer = G_Local(values, graph, "B", PERMUTATIONS, star=True, n_jobs=1, seed=SEED,
                           keep_simulations=False)  # fmt: skip
        print(f"  esda's permutations, {turn}: {perf_counter() - began:.2f} s")
    unusual = found.p <= 0.1
    apart = np.abs(np.minimum(1.0, 2 * peer.p_sim) - found.p)[unusual].max()
    print(f"  Gi* equal: {np.allclose(peer.Zs, found.gi_z)}; p at most {apart:.3f} apart")


def distances(n: int) -> None:
    """Ask n points how far the nearest of the support areas is."""
    corners = RNG.uniform(0, WIDTH_M - 200, (SUPPORT_AREAS, 2))
    shapes = np.array([shapely.box(x, y, x + 200, y + 200) for x, y in corners], dtype=object)
    points = layer("businesses", shapely.points(RNG.uniform(0, WIDTH_M, (n, 2))))
    support = layer("support_areas", shapes)
    subjects = gather(Project(layers=(points,)), "businesses")
    began = perf_counter()
    metres = nearest_m(subjects, shapes)
    ours_s = perf_counter() - began
    began = perf_counter()
    peer = gpd.sjoin_nearest(points.frame, support.frame, distance_col="metres")
    peer_s = perf_counter() - began
    same = np.array_equal(peer["metres"].groupby(level=0).first().to_numpy(), metres)
    print(f"{n} points to {SUPPORT_AREAS} areas: {ours_s:.2f} s, sjoin_nearest {peer_s:.2f} s; "
          f"equal: {same}")  # fmt: skip


if __name__ == "__main__":
    local_statistics()
    distances(int(sys.argv[1]) if len(sys.argv) > 1 else 200_000)
