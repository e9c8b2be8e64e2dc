"""Cut the bundled outlines from QGIS's world map: ``python layers/make_basemap WORLD_MAP.gpkg``.

`WORLD_MAP.gpkg` lies in Debian's package ``qgis-common`` as ``world_map.gpkg``; it was made from
Natural Earth 4.1.0, which is in the public domain. ``layers/basemap/README.md`` tells the rest.
"""

import sys
from pathlib import Path

import geopandas as gpd
import shapely

BASEMAP = Path(__file__).parents[1] / "basemap" / "outlines.parquet"
# Indonesia and what a map of it shows of its neighbours: west, south, east, north.
WINDOW = (92.0, -13.0, 143.0, 9.0)
# About a metre: far finer than the outlines are true.
GRID_DEGREES = 1e-5


def make_outlines(world_map: Path) -> gpd.GeoDataFrame:
    """Return provinces and states in the window, in WGS 84, with `name` and `country`."""
    states = gpd.read_file(world_map, layer="states_provinces", bbox=WINDOW)
    states = states.rename(columns={"adm0_a3": "country"})[["name", "country", "geometry"]]
    cut = shapely.intersection(states.geometry.array, shapely.box(*WINDOW))
    states["geometry"] = shapely.set_precision(cut, GRID_DEGREES)
    states = states[~states.geometry.is_empty].explode(ignore_index=True)
    states = states[states.geometry.geom_type == "Polygon"]
    return states.dissolve(["country", "name"], as_index=False, dropna=False).sort_values(
        ["country", "name"], ignore_index=True
    )


if __name__ == "__main__":
    BASEMAP.parent.mkdir(exist_ok=True)
    outlines = make_outlines(Path(sys.argv[1]))
    outlines.to_parquet(BASEMAP, compression="zstd", index=False)
    print(f"{BASEMAP}: {len(outlines)} areas, {BASEMAP.stat().st_size} bytes")
