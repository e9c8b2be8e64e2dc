"""The bundled outlines of provinces, true to some kilometres."""

from __future__ import annotations

from functools import cache

import geopandas as gpd

from gisapp.io.bundled import bundled

ATTRIBUTION = "Natural Earth"


@cache
def provinces() -> gpd.GeoDataFrame:
    """Return Indonesia's provinces and their neighbours with ``name``, in EPSG:4326."""
    return gpd.read_parquet(bundled("layers") / "basemap" / "outlines.parquet")
