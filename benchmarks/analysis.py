"""How long conformity, exposure and an assessment take, against other programs in the same run.

    python benchmarks/analysis.py [S] [M] [L] [curve] [--peers PYTHON] [--qgis PYTHON]

The peers only join points to polygons; ours also finds classes, ties and stages. "first" reads
every coordinate and text, "again" finds them remembered, as geopandas then finds its index. PYTHON
is an interpreter that has SedonaDB or DuckDB with its spatial extension, or QGIS; each counts the
pairs of the same two joins in memory, and must count as many. "curve" shows how the time grows with
points and with the polygons' vertices. Only the ratios of one run mean anything: machines differ,
and are noisy.
"""

from __future__ import annotations

import argparse
import json
import resource
import subprocess
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from statistics import median
from time import perf_counter

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from gisapp.analysis import covering
from gisapp.analysis.areas import evictions_in_force
from gisapp.analysis.assess import assess
from gisapp.analysis.conformity import PlanReader, conformity
from gisapp.analysis.exposure import exposure
from gisapp.analysis.plan import plan_in_use
from gisapp.analysis.remembering import MEMORY
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


def points(rng: np.random.Generator, n: int) -> np.ndarray:
    west, south, east, north = EXTENT_M
    return shapely.points(rng.uniform(west, east, n), rng.uniform(south, north, n))


def polygons(
    rng: np.random.Generator, n: int, cover: float, vertices: int = VERTICES
) -> np.ndarray:
    """Wobbly discs that cover the extent about `cover` times over."""
    west, south, east, north = EXTENT_M
    radius = np.sqrt(cover * (east - west) * (north - south) / (np.pi * n))
    angle = np.linspace(0, 2 * np.pi, vertices, endpoint=False)
    r = radius * rng.uniform(0.6, 1.4, (n, vertices))
    centre = shapely.get_coordinates(points(rng, n))[:, None, :]
    ring = centre + np.stack([r * np.cos(angle), r * np.sin(angle)], axis=-1)
    return shapely.polygons(ring)


def lists(rng: np.random.Generator, n: int) -> np.ndarray:
    """One list of activities for each sub-zone, as an RDTR has them."""
    chosen = rng.integers(0, len(ACTIVITIES), (n, 6))
    return np.array(["; ".join(ACTIVITIES[row]) for row in chosen], dtype=object)


def dataset(size: str) -> Project:
    """Make a seeded project of one size of `SIZES`."""
    return project_of(*SIZES[size])


def project_of(n_points: int, n_polygons: int, vertices: int = VERTICES) -> Project:
    """Make a seeded project with so many points and polygons."""
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
        layer("zoning", zoning, polygons(rng, n_polygons, 1.2, vertices)),
        layer("evictions", evictions, polygons(rng, n_evictions, 0.15, vertices)),
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


def unread(project: Project) -> Project:
    """The same project, of which nothing is remembered."""
    return replace(
        project,
        layers=tuple(replace(x, frame=x.frame.copy(deep=False)) for x in project.layers),
    )


def sjoin(project: Project) -> tuple[int, int]:
    """The two joins alone, as geopandas does them."""
    businesses = project.layer("businesses").frame
    found = [
        gpd.sjoin(businesses, project.layer(kind).frame, predicate="intersects")
        for kind in ("zoning", "evictions")
    ]
    return len(found[0]), len(found[1])


def seconds(work: Callable[[Project], object], projects: Iterator[Project]) -> float:
    """The median time over `projects`, of which each is made before the clock starts."""
    times = []
    for project in projects:
        start = perf_counter()
        work(project)
        times.append(perf_counter() - start)
    return median(times)


@dataclass(frozen=True)
class Outside:
    """Peers that run in other interpreters: engine to interpreter."""

    engines: dict[str, str]

    def rows(self, project: Project, expected: tuple[int, int]) -> Iterator[tuple[str, float]]:
        """Name and median seconds of each engine; says why where there is none."""
        if not self.engines:
            return
        with tempfile.TemporaryDirectory() as folder:
            for kind in ("businesses", "zoning", "evictions"):
                frame = project.layer(kind).frame[["id", "geometry"]]
                frame.to_file(Path(folder, f"{kind}.gpkg"), layer=kind)
                frame.to_parquet(Path(folder, f"{kind}.parquet"))
            for engine, python in self.engines.items():
                answer = ask(python, engine, folder)
                if "error" in answer:
                    print(f"  {engine}: {answer['error']}")
                    continue
                if tuple(answer["pairs"]) != expected:
                    raise SystemExit(f"{engine} found {answer['pairs']} pairs, not {expected}")
                yield f"{engine} {answer['version']}", answer["seconds"]


def ask(python: str, engine: str, folder: str) -> dict:
    """What an engine says of the project in `folder`."""
    script = Path(__file__).with_name("covering_peer.py")
    done = subprocess.run(
        [python, script, engine, folder, str(RUNS)], capture_output=True, text=True, check=False
    )
    if done.returncode:
        return {"error": done.stderr.strip().splitlines()[-1]}
    return json.loads(done.stdout.splitlines()[-1])


def measure(size: str, outside: Outside) -> None:
    project = dataset(size)
    pairs = ours(project)
    if pairs != sjoin(project):
        raise SystemExit(f"{size}: ours and geopandas.sjoin found different pairs")
    print(f"{size}: {pairs[0]} pairs with zoning, {pairs[1]} with evictions, counted alike by all")
    first_s = seconds(ours, (unread(project) for _run in range(RUNS)))
    again_s = seconds(ours, (project for _run in range(RUNS)))
    line("ours, first", first_s, first_s, again_s)
    line("ours, again", again_s, first_s, again_s)
    line("sjoin, first", seconds(sjoin, map(unread, [project] * RUNS)), first_s, again_s)
    line("sjoin, again", seconds(sjoin, iter([project] * RUNS)), first_s, again_s)
    for name, peer_s in outside.rows(project, pairs):
        line(name, peer_s, first_s, again_s)
    whole_s = seconds(assess_anew, (unread(project) for _run in range(1 if size == "L" else RUNS)))
    print(f"  {'the whole assessment':<28}{whole_s * 1000:>10.0f} ms")
    print(f"  {'largest memory so far':<28}{peak_mb():>10.0f} MB", flush=True)


def assess_anew(project: Project) -> None:
    MEMORY.forget()
    assess(project)


def line(name: str, took_s: float, first_s: float, again_s: float) -> None:
    """Print a time, and how many times as long it is as each of ours."""
    ratios = f"{took_s / first_s:>8.1f}× first{took_s / again_s:>8.1f}× again"
    print(f"  {name:<28}{took_s * 1000:>10.0f} ms{ratios}", flush=True)


def peak_mb() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def curve() -> None:
    """Print how the time of conformity and exposure grows, with the fitted exponent."""
    n_points = [10_000, 30_000, 100_000, 300_000, 1_000_000]
    grown("points, 10,000 polygons of 30", n_points, lambda n: project_of(n, 10_000))
    n_vertices = [10, 30, 100, 300, 1_000]
    grown("vertices, 200,000 points, 1,000", n_vertices, lambda n: project_of(200_000, 1_000, n))


def grown(what: str, sizes: list[int], make: Callable[[int], Project]) -> None:
    times = []
    for size in sizes:
        project = make(size)
        times.append(seconds(ours, (unread(project) for _run in range(RUNS))))
    exponent = np.polyfit(np.log(sizes), np.log(times), 1)[0]
    told = "  ".join(f"{n}: {t * 1000:.0f}" for n, t in zip(sizes, times, strict=True))
    print(f"{what} (ms): {told}; time ~ n^{exponent:.2f}", flush=True)


def main() -> None:
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("what", nargs="*", default=[*SIZES, "curve"])
    asked.add_argument("--peers", metavar="PYTHON")
    asked.add_argument("--qgis", metavar="PYTHON")
    chosen = asked.parse_args()
    engines = {"sedonadb": chosen.peers, "duckdb": chosen.peers, "qgis": chosen.qgis}
    outside = Outside({engine: python for engine, python in engines.items() if python})
    covering.KERNELS.load()
    ours(dataset("S"))  # compiles, where the machine has not yet
    for what in chosen.what:
        curve() if what == "curve" else measure(what, outside)


if __name__ == "__main__":
    main()
