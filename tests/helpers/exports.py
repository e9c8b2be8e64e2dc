"""Reading an export as an adversary would: every byte, unpacked."""

import base64
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
    """The data block of an HTML map, its layers unpacked: each row's rule, each column's values,
    the points' rows and degrees, the rings of lines and areas in degrees.
    """
    page = path.read_text("utf-8")
    block = page.split('<script id="gisapp-data" type="application/json">')[1]
    data = json.loads(block.split("</script>")[0])
    for layer in data["layers"]:
        layer["rule"] = _numbers(layer["rule"]).tolist()
        layer["values"] = [_values(column, layer["count"]) for column in layer["values"]]
        points = layer["points"]
        row = np.cumsum(_numbers(points["row"])).tolist()
        layer["points"] = {"row": row, "degrees": _places(points) / 1e6}
        layer["areas"], layer["lines"] = _shapes(layer["areas"]), _shapes(layer["lines"])
    return data


def _numbers(packed):
    raw = np.frombuffer(base64.b64decode(packed["bytes"]), "<" + packed["type"])
    return raw.astype(np.float64 if packed["type"] == "f8" else np.int64)


def _values(column, count):
    """The values of a packed column, None where missing, written without looking at the packer."""
    if "texts" in column:
        at = _numbers(column["at"]) if "at" in column else np.arange(count) + 1
        return [column["texts"][i - 1] if i else None for i in at.tolist()]
    if "truths" in column:
        return [{0: False, 1: True, 2: None}[x] for x in _numbers(column["truths"]).tolist()]
    numbers, missing = _numbers(column["numbers"]).tolist(), column["missing"]
    return [None if x == missing or x != x else x / column["divide"] for x in numbers]


def _places(packed):
    return np.column_stack([_numbers(packed["x"]), _numbers(packed["y"])]) + packed["from"]


def _shapes(packed):
    rows = np.cumsum(_numbers(packed["row"])).tolist()
    vertices, rings = iter(_numbers(packed["vertices"]).tolist()), []
    firsts = _places(packed)
    steps = np.column_stack([_numbers(packed["dx"]), _numbers(packed["dy"])])
    begin = 0
    for first, n in zip(firsts, vertices, strict=True):
        own = np.vstack([first, steps[begin : begin + n - 1]])
        begin += n - 1
        rings.append(np.cumsum(own, axis=0) / 1e6)
    each = iter(rings)
    return [
        (row, [next(each) for _ in range(n)])
        for row, n in zip(rows, _numbers(packed["rings"]).tolist(), strict=True)
    ]


def exported_points(path, crs):
    """Every point that an export draws or holds, in `crs`, shape (n, 2)."""
    if path.suffix == ".html":
        layers = page_data(path)["layers"]
        degrees = np.vstack([np.empty((0, 2)), *(x["points"]["degrees"] for x in layers)])
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
