"""How long an assessment takes, against ``geopandas.sjoin`` in the same run.

    python benchmarks/assess.py [S] [M]

The peer only joins points to polygons; ours also finds classes, zones, stages and their lists.
Only the ratios of one run mean anything: machines differ, and are noisy.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from dataclasses import dataclass
from statistics import median
from time import perf_counter

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from gisapp.analysis.areas import evictions_in_force
from gisapp.analysis.assess import assess
from gisapp.analysis.conformity import PlanReader, conformity
from gisapp.analysis.exposure import exposure
from gisapp.analysis.plan import plan_in_use
from gisapp.analysis.subjects import gather
from gisapp.core.layer import Layer, Table
from gisapp.core.project import DEFAULT_CRS, Parameters, Project
from gisapp.core.style import Style

AS_OF = "2026-11-01"
SEED = 20261101
EXTENT_M = (705_900.0, 9_295_200.0, 709_700.0, 9_304_700.0)  # Ciracas, EPSG:32748
VERTICES = 30
SIZES = {"S": (5_000, 300), "M": (100_000, 10_000), "L": (1_000_000, 100_000)}
RUNS = 3
ACTIVITIES = np.array([f"Usaha {i}" for i in range(60)], dtype=object)
SUBZONES = np.array([f"Z-{i}" for i in range(40)], dtype=object)


@dataclass(frozen=True)
class Timing:
    """Median seconds, ours and the peer's."""

    name: str
    ours_s: float
    peer_s: float | None = None

    def line(self) -> str:
        if self.peer_s is None:
            return f"{self.name:<32}{self.ours_s * 1000:>10.0f}"
        ratio = self.peer_s / self.ours_s
        return (
            f"{self.name:<32}{self.ours_s * 1000:>10.0f}{self.peer_s * 1000:>12.0f}{ratio:>9.1f}×"
        )


def points(rng: np.random.Generator, n: int) -> np.ndarray:
    west, south, east, north = EXTENT_M
    return shapely.points(rng.uniform(west, east, n), rng.uniform(south, north, n))


def polygons(rng: np.random.Generator, n: int, cover: float) -> np.ndarray:
    """Wobbly discs that cover the extent about `cover` times over."""
    west, south, east, north = EXTENT_M
    radius = np.sqrt(cover * (east - west) * (north - south) / (np.pi * n))
    angle = np.linspace(0, 2 * np.pi, VERTICES, endpoint=False)
    r = radius * rng.uniform(0.6, 1.4, (n, VERTICES))
    centre = shapely.get_coordinates(points(rng, n))[:, None, :]
    ring = centre + np.stack([r * np.cos(angle), r * np.sin(angle)], axis=-1)
    return shapely.polygons(ring)


def lists(rng: np.random.Generator, n: int) -> np.ndarray:
    """One list of activities for each sub-zone, as an RDTR has them."""
    chosen = rng.integers(0, len(ACTIVITIES), (n, 6))
    return np.array(["; ".join(ACTIVITIES[row]) for row in chosen], dtype=object)


def dataset(size: str) -> Project:
    """Make a seeded project of one size of `SIZES`."""
    n_points, n_polygons = SIZES[size]
    rng = np.random.default_rng(SEED)
    n_evictions = n_polygons // 10
    businesses = {
        "activity": rng.choice(ACTIVITIES, n_points),
        "kbli": rng.choice(np.array(["47112", "56102", "45407", ""], dtype=object), n_points),
        "net_income_idr_month": rng.uniform(5e5, 6e6, n_points),
        "gps_precision_m": rng.uniform(3, 25, n_points),
    }
    zone = rng.integers(0, len(SUBZONES), n_polygons)
    zoning = {
        "KODSZN_1": SUBZONES[zone],
        **{column: lists(rng, len(SUBZONES))[zone] for column in ("IZN", "TBT", "BST")},
    }
    evictions = {
        "stage": rng.choice(["announced", "sp1", "sp2", "executed"], n_evictions),
        "valid_from": ["2026-01-01"] * n_evictions,
    }
    rules = {
        "subzone": SUBZONES[:10],
        "kbli_prefix": ["56", "47", "", "5610", "45"] * 2,
        "permission": list("XITBX") * 2,
    }
    layers = (
        layer("businesses", businesses, points(rng, n_points)),
        layer("zoning", zoning, polygons(rng, n_polygons, 1.2)),
        layer("evictions", evictions, polygons(rng, n_evictions, 0.15)),
    )
    return Project(
        layers=layers,
        tables={"rules": Table("rules", "rules", pd.DataFrame(rules))},
        parameters=Parameters(as_of=AS_OF),
    )


def layer(kind: str, columns: dict[str, object], geometry: np.ndarray) -> Layer:
    ids = [f"{kind[0].upper()}{i:06d}" for i in range(len(geometry))]
    frame = pd.DataFrame({"id": ids, **columns})
    return Layer(
        kind, kind, gpd.GeoDataFrame(frame, geometry=geometry, crs=DEFAULT_CRS), Style("", ())
    )


def ours(project: Project) -> tuple[int, int]:
    """Conformity and exposure of every business; returns how many pairs each found."""
    businesses = gather(project, "businesses")
    plan = plan_in_use(project, project.parameters, AS_OF)
    conforms = conformity(businesses, plan, PlanReader(plan, businesses))
    exposed = exposure(businesses, evictions_in_force(project, AS_OF))
    return len(conforms.pairs.subject), len(exposed.pairs.subject)


def peer(project: Project) -> tuple[int, int]:
    """The two joins alone, as geopandas does them."""
    businesses = project.layer("businesses").frame
    found = [
        gpd.sjoin(businesses, project.layer(kind).frame, predicate="intersects")
        for kind in ("zoning", "evictions")
    ]
    return len(found[0]), len(found[1])


def seconds(work: Callable[[], object]) -> float:
    times = []
    for _run in range(RUNS):
        start = perf_counter()
        work()
        times.append(perf_counter() - start)
    return median(times)


def measure(size: str) -> list[Timing]:
    project = dataset(size)
    if ours(project) != peer(project):
        raise SystemExit(f"{size}: ours and geopandas.sjoin found different pairs")
    return [
        Timing(
            f"{size} conformity and exposure",
            seconds(lambda: ours(project)),
            seconds(lambda: peer(project)),
        ),
        Timing(f"{size} the whole assessment", seconds(lambda: assess(project))),
    ]


def main() -> None:
    print(f"{'':<32}{'ours, ms':>10}{'sjoin, ms':>12}{'ratio':>10}")
    for size in sys.argv[1:] or SIZES:
        for timing in measure(size):
            print(timing.line(), flush=True)


if __name__ == "__main__":
    main()
