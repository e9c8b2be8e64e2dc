"""How long an import takes and how much memory, against geopandas in the same run.

    python benchmarks/importing.py [FOLDER]

A million points as GeoPackage and as CSV, and a hundred thousand polygons of thirty corners. The
peers do what any import has to: read, reproject, and say which polygons are valid. Ours reads in
a confined process, looks for personal data in every cell, checks ids, places and codes as well.
Each case is a process of its own. Only the ratios of one run mean anything.
"""

from __future__ import annotations

import gc
import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from time import perf_counter

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

POINTS, POLYGONS, VERTICES = 1_000_000, 100_000, 30
SEED = 20261101
WEST, SOUTH, EAST, NORTH = 106.83, -6.37, 106.92, -6.28
CRS = "EPSG:32748"
CASES = {"points.gpkg": "businesses", "points.csv": "businesses", "polygons.gpkg": "zoning"}


def make(folder: Path) -> None:
    """Write the files of `CASES`."""
    rng = np.random.default_rng(SEED)
    x, y = rng.uniform(WEST, EAST, POINTS), rng.uniform(SOUTH, NORTH, POINTS)
    stalls = pd.DataFrame(
        {
            "id": [f"U{i:07d}" for i in range(POINTS)],
            "jenis_usaha": rng.choice(["warung makan", "kelontong", "bengkel", "jasa"], POINTS),
            "bentuk": rng.choice(["pkl", "warung", "kios"], POINTS),
            "kbli": rng.choice(["56102", "47111"], POINTS),
            "pekerja": rng.integers(1, 6, POINTS),
            "laba_bersih_bulan": rng.integers(5, 90, POINTS) * 100_000,
            "presisi_m": rng.uniform(3, 20, POINTS).round(1),
        }
    )
    placed = gpd.GeoDataFrame(stalls, geometry=shapely.points(x, y), crs=4326)
    placed.to_file(folder / "points.gpkg", layer="points", use_arrow=True)
    stalls.assign(lat=y.round(7), lon=x.round(7)).to_csv(
        folder / "points.csv", index=False, sep=";"
    )
    centre = np.stack([rng.uniform(WEST, EAST, POLYGONS), rng.uniform(SOUTH, NORTH, POLYGONS)], 1)
    angle = np.linspace(0, 2 * np.pi, VERTICES, endpoint=False)
    radius = 0.0006 * rng.uniform(0.7, 1.0, (POLYGONS, VERTICES))
    ring = centre[:, None] + np.stack([radius * np.cos(angle), radius * np.sin(angle)], -1)
    zones = {
        "NAMOBJ": [f"Z{i}" for i in range(POLYGONS)],
        "KODSZN": rng.choice(["R-1", "K-1", "H-2"], POLYGONS),
    }
    gpd.GeoDataFrame(zones, geometry=shapely.polygons(ring), crs=4326).to_file(
        folder / "polygons.gpkg", layer="polygons", use_arrow=True
    )


def ours(path: Path) -> dict[str, float]:
    from gisapp.io.child import POOL
    from gisapp.io.importer import import_layer
    from gisapp.io.project_file import create_project
    from gisapp.io.reading import read_source

    project = create_project()
    small = path.with_name("small.csv")
    small.write_text("id,lat,lon\n1,-6.3,106.9\n")
    import_layer(project, read_source(small), "other")  # the child is warm, as in a window
    start = perf_counter()
    source = read_source(path)
    read = perf_counter()
    layer = import_layer(project, source, CASES[path.name])
    end = perf_counter()
    report = layer.report
    if report is None or report.accepted != report.rows_read:
        raise SystemExit(f"{path.name}: {report}")
    children = Path(f"/proc/self/task/{os.getpid()}/children").read_text().split()
    child = sum(map(peak_mb, children))
    POOL.stop()
    return {"seconds": end - start, "reading": read - start, "child MB": child}


def peak_mb(process: str) -> float:
    """Return the most memory that a process has had (what getrusage says, a child inherits)."""
    status = Path(f"/proc/{process}/status").read_text()
    return int(status.partition("VmHWM:")[2].split()[0]) / 1024


def geopandas_plain(path: Path) -> dict[str, float]:
    return _peer(path, use_arrow=False)


def geopandas_arrow(path: Path) -> dict[str, float]:
    return _peer(path, use_arrow=True)


def _peer(path: Path, *, use_arrow: bool) -> dict[str, float]:
    start = perf_counter()
    if path.suffix == ".csv":
        engine = "pyarrow" if use_arrow else "c"
        table = pd.read_csv(path, sep=";", dtype=str, engine=engine)
        places = gpd.points_from_xy(table["lon"].astype(float), table["lat"].astype(float))
        frame = gpd.GeoDataFrame(table, geometry=places, crs=4326)
    else:
        frame = gpd.read_file(path, use_arrow=use_arrow)
    frame = frame.to_crs(CRS)
    frame.geometry.is_valid.all()
    return {"seconds": perf_counter() - start}


WAYS: dict[str, Callable[[Path], dict[str, float]]] = {
    "gisapp": ours,
    "geopandas": geopandas_plain,
    "geopandas, Arrow": geopandas_arrow,
}


def alone(way: str, path: Path) -> dict[str, float]:
    """Run one way in a process of its own; adds that process's peak."""
    said = subprocess.run(
        [sys.executable, __file__, "--way", way, str(path)],
        stdout=subprocess.PIPE, check=True, text=True,
    )  # fmt: skip
    answer: dict[str, float] = json.loads(said.stdout)
    return answer


def measure(folder: Path) -> None:
    print(f"{'':<16}{'':<18}{'s':>7}{'rows/s':>12}{'ratio':>8}{'MB':>8}{'child':>8}")
    for name in CASES:
        rows = POLYGONS if "polygons" in name else POINTS
        plain = 0.0
        for way in ("geopandas", "geopandas, Arrow", "gisapp"):
            found = min((alone(way, folder / name) for _ in range(3)), key=lambda x: x["seconds"])
            plain = plain or found["seconds"]
            child = f"{found['child MB']:.0f}" if "child MB" in found else ""
            print(
                f"{name:<16}{way:<18}{found['seconds']:>7.2f}{rows / found['seconds']:>12,.0f}"
                f"{plain / found['seconds']:>7.1f}×{found['MB']:>8.0f}{child:>8}",
                flush=True,
            )


def main() -> None:
    if sys.argv[1:2] == ["--way"]:
        gc.set_threshold(100_000)  # as the program has it
        answer = WAYS[sys.argv[2]](Path(sys.argv[3]))
        answer["MB"] = peak_mb("self")
        print(json.dumps(answer))
        return
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(sys.argv[1] if len(sys.argv) > 1 else scratch)
        if not (folder / "polygons.gpkg").exists():
            make(folder)
        measure(folder)


if __name__ == "__main__":
    main()
