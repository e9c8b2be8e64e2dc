"""GDAL, confined: only the drivers that are needed, no network, no side files."""

from __future__ import annotations

from functools import cache
from typing import Any

DRIVERS = frozenset(
    {
        "ESRI Shapefile",
        "GPKG",
        "FlatGeobuf",
        "LIBKML",
        "GPX",
        "GML",
        "ESRIJSON",
        "TopoJSON",
        "OpenFileGDB",
        "DXF",
        "OSM",
    }
)
_OPTIONS = {
    "CPL_VSIL_CURL_ALLOWED_FILENAME": "none",
    "GDAL_PAM_ENABLED": False,
    "GML_DOWNLOAD_SCHEMA": False,
    # Its own way of giving Arrow dies of features without a geometry (GDAL 3.12.4).
    "OGR_FLATGEOBUF_STREAM_BASE_IMPL": True,
    "GML_SKIP_RESOLVE_ELEMS": "ALL",
    "OGR_SQLITE_PRAGMA": "trusted_schema=OFF,cell_size_check=ON",
    "PROJ_NETWORK": False,
    "SHAPE_RESTORE_SHX": True,
}


@cache
def confined() -> Any:
    """Import pyogrio and take every other driver from it before a file is opened.

    GDAL picks a driver by content, whatever the file is called, and some of its drivers read
    other files or call servers that the content names.
    """
    import pyogrio
    from pyogrio._ogr import _register_drivers

    unwanted = set(pyogrio.list_drivers()) - DRIVERS
    pyogrio.set_gdal_config_options({**_OPTIONS, "GDAL_SKIP": ",".join(sorted(unwanted))})
    _register_drivers()  # registering again is when GDAL heeds GDAL_SKIP
    left = set(pyogrio.list_drivers()) - DRIVERS
    if left:
        raise RuntimeError(f"GDAL still has drivers that must not read foreign files: {left}")
    return pyogrio
