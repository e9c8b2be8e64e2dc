"""How long zoning × evictions takes, against other overlays in the same run.

    python benchmarks/overlaying.py [S] [M] [L]

Peers: ``geopandas.overlay``; QGIS's intersection (where it is installed, memory layers with an
index); SedonaDB where it can be imported. All areas are compared to 1e-6. Only ratios
of one run mean anything: machines differ, and are noisy.
"""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from statistics import median
from time import perf_counter

import geopandas as gpd
import numpy as np
import shapely

from gisapp.analysis.overlay import KERNELS, intersections, pair_areas

EXTENT_M = (705_900.0, 9_295_200.0, 709_700.0, 9_304_700.0)  # Ciracas, EPSG:32748
VERTICES = 30
SIZES = {"S": 300, "M": 10_000, "L": 100_000}
RUNS = 3
CLOSE = 1e-6


def polygons(rng: np.random.Generator, n: int, cover: float) -> np.ndarray:
    """Wobbly discs that cover the extent about `cover` times over."""
    west, south, east, north = EXTENT_M
    radius = np.sqrt(cover * (east - west) * (north - south) / (np.pi * n))
    angle = np.linspace(0, 2 * np.pi, VERTICES, endpoint=False)
    r = radius * rng.uniform(0.6, 1.4, (n, VERTICES))
    centre = rng.uniform((west, south), (east, north), (n, 2))[:, None, :]
    return shapely.polygons(centre + np.stack([r * np.cos(angle), r * np.sin(angle)], axis=-1))


def frame(geometry: np.ndarray) -> gpd.GeoDataFrame:
    return gpd.GeoDataFrame({"number": range(len(geometry))}, geometry=geometry, crs="EPSG:32748")


def seconds(work: Callable[[], object]) -> float:
    times = []
    for _run in range(RUNS):
        start = perf_counter()
        work()
        times.append(perf_counter() - start)
    return median(times)


def agreed(name: str, area_m2: float, expected_m2: float) -> None:
    """Stop where two overlays find other areas."""
    if abs(area_m2 - expected_m2) > CLOSE * expected_m2:
        raise SystemExit(f"{name}: {area_m2} m² instead of {expected_m2}")


def same_pairs(zoning: np.ndarray, evictions: np.ndarray, peer: gpd.GeoDataFrame) -> None:
    """Stop where a pair's area differs from geopandas's."""
    ours = pair_areas(zoning, evictions)
    key = ours.left * len(evictions) + ours.right
    theirs = peer.assign(key=peer["number_1"] * len(evictions) + peer["number_2"], m2=peer.area)
    expected = theirs.groupby("key")["m2"].sum().reindex(key)
    if expected.isna().any():
        raise SystemExit(f"{int(expected.isna().sum())} pairs that geopandas does not have")
    off = np.abs(ours.area_m2 - expected.to_numpy()) / np.maximum(expected.to_numpy(), 1.0)
    print(f"  {len(key)} pairs, the furthest off by {off.max():.1e} of its area")
    if off.max() > CLOSE:
        raise SystemExit("an area is further off than 1e-6")


def qgis_s(zoning: gpd.GeoDataFrame, evictions: gpd.GeoDataFrame, expected_m2: float) -> float:
    """Return QGIS's own time; NaN where there is none."""
    python = shutil.which("python3", path="/usr/bin")
    if python is None or not Path("/usr/share/qgis").is_dir():
        return np.nan
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "layers.gpkg"
        zoning.to_file(path, layer="zoning")
        evictions.to_file(path, layer="evictions")
        command = [python, str(Path(__file__).with_name("qgis_overlay.py")), str(path)]
        done = subprocess.run(
            [*command, "zoning", "evictions"], capture_output=True, text=True, check=True
        )
    answer = json.loads(done.stdout.splitlines()[-1])
    agreed("QGIS", answer["area_m2"], expected_m2)
    return float(answer["seconds"])


def sedona_s(zoning: gpd.GeoDataFrame, evictions: gpd.GeoDataFrame, expected_m2: float) -> float:
    """Return SedonaDB's time; NaN where it is not here."""
    try:
        import sedonadb
    except ImportError:
        return np.nan
    engine = sedonadb.connect()
    for table, rows in (("z", zoning), ("e", evictions)):
        engine.create_data_frame(rows.rename_geometry("g")).to_view(table)
    query = (
        "select sum(st_area(st_intersection(z.g, e.g))) as m2 "
        "from z join e on st_intersects(z.g, e.g)"
    )
    agreed("SedonaDB", float(engine.sql(query).to_pandas()["m2"].iloc[0]), expected_m2)
    return seconds(lambda: engine.sql(query).to_pandas())


def measure(size: str) -> None:
    rng = np.random.default_rng(20261101)
    zoning, evictions = polygons(rng, SIZES[size], 1.2), polygons(rng, SIZES[size] // 10, 0.15)
    z, e = frame(zoning), frame(evictions)
    peer = gpd.overlay(z, e, how="intersection")
    same_pairs(zoning, evictions, peer)
    agreed("ours", float(intersections(zoning, evictions)[0].area_m2.sum()), peer.area.sum())
    theirs_s = seconds(lambda: gpd.overlay(z, e, how="intersection"))
    rows = {
        "areas of pairs": seconds(lambda: pair_areas(zoning, evictions)),
        "with the polygons": seconds(lambda: intersections(zoning, evictions)),
        "geopandas.overlay": theirs_s,
        "QGIS intersection": qgis_s(z, e, peer.area.sum()),
        "SedonaDB": sedona_s(z, e, peer.area.sum()),
    }
    for name, took_s in rows.items():
        if np.isfinite(took_s):
            print(f"{size} {name:<26}{took_s * 1000:>10.0f}{theirs_s / took_s:>9.1f}×", flush=True)


def main() -> None:
    KERNELS.load()
    print(f"{'':<28}{'ms':>10}{'geopandas':>10}")
    for size in sys.argv[1:] or SIZES:
        measure(size)


if __name__ == "__main__":
    main()
