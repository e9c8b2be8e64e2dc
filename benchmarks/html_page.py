"""How large the HTML map is, how soon it can be used and how smoothly it moves.

    python benchmarks/html_page.py [FEATURES]…

1,000, 10,000 and 100,000 assessed businesses with ten columns, over zones, evictions and admin
areas, as internal map. Beside it, in the same run, folium's own ways: FastMarkerCluster (places
without popups) at every size, GeoJson with popups up to 10,000. The page is opened in the web
engine without a network; a frame is one move by ten pixels with everything drawn again.
"""

from __future__ import annotations

import sys
import tempfile
from dataclasses import replace
from pathlib import Path
from time import perf_counter
from typing import TYPE_CHECKING

import folium
import geopandas as gpd
import numpy as np
import pandas as pd
from folium.plugins import FastMarkerCluster

sys.path.insert(0, str(Path(__file__).parents[1] / "tests"))
from helpers.browser import visit
from helpers.people import people_project

from gisapp.export import write
from gisapp.privacy.redact import redact

if TYPE_CHECKING:
    from gisapp.core.project import Project

SIZES = (1_000, 10_000, 100_000)
MOST_GEOJSON = 10_000
PAN = """(function () {
  const times = [];
  for (let i = 0; i < 20; i++) {
    const start = performance.now();
    map_gisapp.panBy([i % 2 ? -10 : 10, 0], { animate: false });
    map_gisapp.getContainer().querySelector('canvas').getContext('2d').getImageData(0, 0, 1, 1);
    times.push(performance.now() - start);
  }
  return times.sort((a, b) => a - b)[18]; })()"""


def main(sizes: list[int]) -> None:
    print(f"{'features':>9} {'way':<20}{'MB':>8}{'write s':>9}{'ready s':>9}{'pan p95 ms':>12}")
    with tempfile.TemporaryDirectory() as folder:
        for n in sizes:
            ours(n, Path(folder) / f"{n}.html")
            cluster(n, Path(folder) / f"{n}-cluster.html")
            if n <= MOST_GEOJSON:
                geojson(n, Path(folder) / f"{n}-geojson.html")


def businesses(n: int) -> Project:
    """A project with `n` assessed businesses; what belongs to people is small beside them."""
    project = people_project(200, 300)
    layer = project.layer("assessed_businesses")
    rng = np.random.default_rng(20261101)
    chosen = layer.frame.iloc[rng.integers(0, len(layer.frame), n)].reset_index(drop=True)
    west, south, east, north = layer.frame.total_bounds
    places = gpd.points_from_xy(rng.uniform(west, east, n), rng.uniform(south, north, n))
    ids = pd.Series([f"B{i:06d}" for i in range(n)], dtype="str")
    frame = chosen.assign(id=ids).set_geometry(places, crs=layer.frame.crs)
    others = tuple(x for x in project.layers if x.kind not in ("conflicts", "businesses"))
    grown = replace(project, layers=others)
    return grown.with_layer(replace(layer, frame=frame, visible=True))


def ours(n: int, path: Path) -> None:
    release = redact(businesses(n), "internal")
    start = perf_counter()
    write(release, path, lang="en")
    took = perf_counter() - start
    seen = visit(path, [PAN])
    errors = [said for said in seen.console if "readback" not in said]  # that is `PAN`'s own doing
    if errors or seen.requests:
        raise SystemExit(f"the page complained: {errors} {seen.requests}")
    tell(n, "gisapp", path, took, seen.ready_ms, seen.answers[0])


def places(n: int) -> gpd.GeoDataFrame:
    return businesses(n).layer("assessed_businesses").frame.to_crs("EPSG:4326")


def cluster(n: int, path: Path) -> None:
    frame = places(n)
    start = perf_counter()
    map_ = folium.Map(tiles=None, maxZoom=20)
    points = np.column_stack([frame.geometry.y, frame.geometry.x]).tolist()
    FastMarkerCluster(points).add_to(map_)
    map_.save(path)
    tell(n, "FastMarkerCluster", path, perf_counter() - start)


def geojson(n: int, path: Path) -> None:
    frame = places(n)
    start = perf_counter()
    map_ = folium.Map(tiles=None)
    columns = [c for c in frame.columns if c != "geometry"]
    folium.GeoJson(frame, popup=folium.GeoJsonPopup(columns)).add_to(map_)
    map_.save(path)
    tell(n, "GeoJson", path, perf_counter() - start)


def tell(
    n: int, way: str, path: Path, write_s: float, ready_ms: float | None = None,
    pan_ms: float | None = None,
) -> None:  # fmt: skip
    ready = f"{ready_ms / 1000:9.1f}" if ready_ms is not None else f"{'–':>9}"
    pan = f"{pan_ms:12.1f}" if pan_ms is not None else f"{'–':>12}"
    print(
        f"{n:>9,} {way:<20}{path.stat().st_size / 1e6:8.2f}{write_s:9.2f}{ready}{pan}", flush=True
    )


if __name__ == "__main__":
    main([int(x) for x in sys.argv[1:]] or list(SIZES))
