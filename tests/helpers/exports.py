"""Reading an export as an adversary would: every byte, unpacked."""

import json
import re
import sqlite3
import zipfile
import zlib
from contextlib import closing

import geopandas as gpd
import numpy as np
import pyogrio
import shapely

PDF_STREAM = re.compile(rb"stream\r?\n(.*?)endstream", re.DOTALL)


def readable(path):
    """The file's bytes, those of its parts unpacked after them."""
    raw = path.read_bytes()
    if zipfile.is_zipfile(path):
        with zipfile.ZipFile(path) as archive:
            return raw + b"".join(archive.read(name) for name in archive.namelist())
    if raw.startswith(b"%PDF"):
        return raw + b"".join(_inflated(found[1]) for found in PDF_STREAM.finditer(raw))
    return raw


def _inflated(stream):
    try:
        return zlib.decompress(stream)
    except zlib.error:
        return stream


def page_data(path):
    """The data block of an HTML map."""
    page = path.read_text("utf-8")
    block = page.split('<script id="gisapp-data" type="application/json">')[1]
    return json.loads(block.split("</script>")[0])


def unpacked(steps):
    """Coordinates in degrees of a page's packed list, shape (n, 2)."""
    return np.cumsum(np.array(steps, dtype=float).reshape(-1, 2), axis=0) / 1e6


def exported_points(path, crs):
    """Every point that an export draws or holds, in `crs`, shape (n, 2)."""
    if path.suffix == ".html":
        layers = page_data(path)["layers"]
        degrees = np.vstack([np.empty((0, 2)), *(unpacked(x["points"]["xy"]) for x in layers)])
    elif path.suffix == ".geojson":
        shapes = [f["geometry"] for f in json.loads(path.read_text("utf-8"))["features"]]
        points = [s["coordinates"] for s in shapes if s and s["type"] == "Point"]
        degrees = np.array(points, dtype=float).reshape(-1, 2)
    else:
        return _geopackage_points(path)
    return shapely.get_coordinates(
        gpd.GeoSeries(gpd.points_from_xy(*degrees.T), crs="EPSG:4326").to_crs(crs).to_numpy()
    )


def _geopackage_points(path):
    frames = [pyogrio.read_dataframe(path, layer=name) for name, kind in pyogrio.list_layers(path)
              if kind]  # fmt: skip
    points = [f.geometry[f.geom_type == "Point"].get_coordinates().to_numpy() for f in frames]
    return np.vstack([np.empty((0, 2)), *points])


def table_names(path):
    with closing(sqlite3.connect(path)) as connection:
        return {row[0] for row in connection.execute("SELECT name FROM sqlite_master")}
