"""How long a dragged polygon takes to be counted, against GEOS's prepared `contains`.

    python benchmarks/what_if.py [S] [M] [L]

A polygon of 30 corners, 250 m or 2 km wide, is dragged over the extent (`dragged`: a thousand
small steps) or set down anywhere (`fresh`). The peer only finds the points; ours also counts
businesses, families (each once), workers and income per kelurahan, all and newly affected.
`cpu p99` is the processor's time: on a machine that others use, the clock also counts theirs.
"""

from __future__ import annotations

import sys
import tracemalloc
from collections.abc import Iterator
from time import perf_counter, thread_time

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from gisapp.analysis.study import study
from gisapp.analysis.what_if import WhatIf
from gisapp.core.layer import Layer, Table
from gisapp.core.project import DEFAULT_CRS, Parameters, Project
from gisapp.core.style import Style

AS_OF = "2026-11-01"
EXTENT_M = (705_900.0, 9_295_200.0, 709_700.0, 9_304_700.0)  # Ciracas, EPSG:32748
SIZES = {"S": 5_000, "M": 100_000, "L": 1_000_000}
WIDTHS_M = (250.0, 2_000.0)
STEPS, PEER_STEPS = 1_000, 20
WARM_STEPS = 20


def places(rng: np.random.Generator, n: int) -> np.ndarray:
    west, south, east, north = EXTENT_M
    return shapely.points(rng.uniform(west, east, n), rng.uniform(south, north, n))


def layer(kind: str, columns: dict[str, object], geometry: np.ndarray) -> Layer:
    frame = pd.DataFrame({"id": [f"{kind[0]}{i:07d}" for i in range(len(geometry))], **columns})
    return Layer(
        kind, kind, gpd.GeoDataFrame(frame, geometry=geometry, crs=DEFAULT_CRS), Style("", ())
    )


def town(n: int) -> Project:
    """Half businesses, half families, three businesses for every four families, five kelurahan."""
    rng = np.random.default_rng(20261101)
    west, south, east, north = EXTENT_M
    cuts = np.linspace(south, north, 6)
    half = n // 2
    businesses = {
        "workers": rng.choice([1.0, 2.0, 3.0, np.nan], half),
        "net_income_idr_month": np.where(
            rng.random(half) < 0.1, np.nan, rng.uniform(5e5, 6e6, half)
        ),
    }
    evictions = shapely.buffer(places(rng, 40), 60.0)
    operates = pd.DataFrame(
        {
            "household_id": [f"h{i:07d}" for i in rng.integers(0, half, 3 * half // 4)],
            "business_id": [f"b{i:07d}" for i in rng.integers(0, half, 3 * half // 4)],
            "income_share": rng.choice([0.5, 1.0], 3 * half // 4),
        }
    )
    return Project(
        layers=(
            layer("businesses", businesses, places(rng, half)),
            layer("households", {"members": [4.0] * half}, places(rng, half)),
            layer("evictions", {"stage": "sp1", "valid_from": "2026-01-01"}, evictions),
            layer("admin", {"code": [f"0{k}" for k in range(5)]},
                  shapely.box(west, cuts[:-1], east, cuts[1:])),
        ),
        tables={"operates": Table("operates", "operates", operates)},
        parameters=Parameters(as_of=AS_OF),
    )  # fmt: skip


def shape(rng: np.random.Generator, width_m: float) -> np.ndarray:
    """The corners of a wobbly, not convex polygon around the origin."""
    angle = np.linspace(0, 2 * np.pi, 30, endpoint=False)
    r = width_m / 2 * rng.uniform(0.7, 1.0, 30)
    return np.column_stack([r * np.cos(angle), r * np.sin(angle)])


def dragged(rng: np.random.Generator, width_m: float) -> Iterator[shapely.Polygon]:
    west, south, east, north = EXTENT_M
    corners, at = shape(rng, width_m), np.array([(west + east) / 2, (south + north) / 2])
    while True:
        at = np.clip(at + rng.normal(0, 15, 2), (west, south), (east, north))
        yield shapely.Polygon(corners + at)


def fresh(rng: np.random.Generator, width_m: float) -> Iterator[shapely.Polygon]:
    west, south, east, north = EXTENT_M
    while True:
        at = rng.uniform((west, south), (east, north))
        yield shapely.Polygon(shape(rng, width_m) + at)


def line(name: str, times_ms: np.ndarray, cpu_ms: np.ndarray, points: float) -> str:
    p50, p99 = np.percentile(times_ms, [50, 99])
    return f"{name:<28}{p50:>10.3f}{p99:>10.3f}{np.percentile(cpu_ms, 99):>10.3f}{points:>12.0f}"


def measure(size: str) -> None:
    found = study(town(SIZES[size]))
    tracemalloc.start()
    start = perf_counter()
    ask = WhatIf.of(found)
    built_s = perf_counter() - start
    kept_mb = tracemalloc.get_traced_memory()[0] / 1e6
    tracemalloc.stop()
    print(f"{size}: index of {len(ask.index.x)} points in {built_s:.2f} s, {kept_mb:.0f} MB")
    xy = np.column_stack([ask.index.x, ask.index.y])
    for width_m in WIDTHS_M:
        for kind in (dragged, fresh):
            moves = kind(np.random.default_rng(7), width_m)
            times, cpu, counted = [], [], []
            for step in range(STEPS + WARM_STEPS):
                polygon = next(moves)
                start, began = perf_counter(), thread_time()
                answer = ask.affected(polygon)
                if step >= WARM_STEPS:
                    cpu.append((thread_time() - began) * 1000)
                    times.append((perf_counter() - start) * 1000)
                    counted.append(answer.inside.businesses.sum())
                if step < PEER_STEPS:
                    check(ask, xy, polygon, int(answer.inside.businesses.sum()))
            print(line(f"{size} {width_m:.0f} m {kind.__name__}", np.array(times), np.array(cpu),
                       2 * float(np.mean(counted))), flush=True)  # fmt: skip
        print(line(f"{size} {width_m:.0f} m prepared contains", *peer_ms(xy, width_m), np.nan))


def check(ask: WhatIf, xy: np.ndarray, polygon: shapely.Polygon, businesses: int) -> None:
    """Stop where GEOS counts other businesses."""
    inside = shapely.intersects_xy(polygon, xy[:, 0], xy[:, 1])
    expected = int(ask.index.values[inside, 0].sum())
    if expected != businesses:
        raise SystemExit(f"{businesses} businesses where GEOS finds {expected}")


def peer_ms(xy: np.ndarray, width_m: float) -> tuple[np.ndarray, np.ndarray]:
    """How long GEOS takes to find the points in a prepared polygon."""
    moves, times, cpu = dragged(np.random.default_rng(7), width_m), [], []
    for _step in range(PEER_STEPS):
        polygon = next(moves)
        start, began = perf_counter(), thread_time()
        shapely.prepare(polygon)
        shapely.contains_xy(polygon, xy[:, 0], xy[:, 1])
        cpu.append((thread_time() - began) * 1000)
        times.append((perf_counter() - start) * 1000)
    return np.array(times), np.array(cpu)


def main() -> None:
    print(f"{'ms':<28}{'p50':>10}{'p99':>10}{'cpu p99':>10}{'points':>12}")
    for size in sys.argv[1:] or SIZES:
        measure(size)


if __name__ == "__main__":
    main()
