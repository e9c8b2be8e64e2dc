"""GeoParquet, and Parquet tables without geometries, through pyarrow."""

from __future__ import annotations

import itertools
import json
import re
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import shapely

from gisapp.core.words import _
from gisapp.io.limits import MOST_ROWS
from gisapp.io.readers.contents import Reading, ReadTable, Tick, Unreadable
from gisapp.io.readers.vector import plain_columns, sound_wkb, too_many_rows

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

# GeoParquet 1.1: what a column without a `crs` is in.
_PLAIN_CRS = re.compile(r"\s*(?:[A-Za-z]+:\w+\s*$|[A-Z_]+\[|\{)")
_USUAL_NAMES = frozenset({"geometry", "geom", "the_geom", "wkb", "wkb_geometry", "shape"})
_DEFAULT_CRS = "OGC:CRS84"
_NATIVE = {
    "point": shapely.GeometryType.POINT,
    "linestring": shapely.GeometryType.LINESTRING,
    "polygon": shapely.GeometryType.POLYGON,
    "multipoint": shapely.GeometryType.MULTIPOINT,
    "multilinestring": shapely.GeometryType.MULTILINESTRING,
    "multipolygon": shapely.GeometryType.MULTIPOLYGON,
}


def read_parquet(path: Path, name: str, tick: Tick) -> Reading:
    """Read one Parquet file.

    Parameters
    ----------
    name : str
        What its table shall be called.
    tick : callable
        Told the number of rows as they come.

    Raises
    ------
    Unreadable
        Where it is damaged, or its geometries are in an encoding that is not read.
    """
    notes: list[str] = []
    try:
        table, stated = _contents(path, tick)
        table = _told_apart(table)
        geo = _geo(stated, table, notes)
        column = next(iter(geo), "")  # none: a plain table
        meta = geo.get(column)
        wkb = None if meta is None else _wkb(table.column(column), meta, name, notes)
    except (pa.ArrowException, OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        if isinstance(error, MemoryError):
            raise
        raise Unreadable(
            _("it is damaged or no Parquet file that is read here"),
            _("Copy it again, or save it again as GeoPackage in the program that made it."),
        ) from error
    left = {*_coverings(geo), *_other_geometries(geo, column, name, notes), column}
    kept = [x for x in table.column_names if x not in left]
    columns = plain_columns(table.select(kept), name, notes)
    if meta is None:
        return Reading("Parquet", [ReadTable(name, columns)], notes)
    kinds = meta.get("geometry_types")
    kind = "/".join(map(str, kinds)) if isinstance(kinds, list) else ""
    return Reading("GeoParquet", [ReadTable(name, columns, wkb, kind, _crs(meta))], notes)


def _contents(path: Path, tick: Tick) -> tuple[Any, Any]:
    """Read the whole table and what is said of its geometries (None where nothing is)."""
    with pq.ParquetFile(path) as file:
        expected = file.metadata.num_rows
        if expected > MOST_ROWS:
            raise too_many_rows(expected)
        batches, rows = [], 0
        for batch in file.iter_batches(batch_size=20_000):
            batches.append(batch)
            rows += batch.num_rows
            tick(rows, expected)
        stated = (file.metadata.metadata or {}).get(b"geo", b"null")
        return pa.Table.from_batches(batches, schema=file.schema_arrow), json.loads(stated)


def _told_apart(table: Any) -> Any:
    """Number columns of one name: Parquet allows them."""
    names: list[str] = []
    for name in table.column_names:
        number = next(n for n in itertools.count(1) if _numbered(name, n) not in names)
        names.append(_numbered(name, number))
    return table.rename_columns(names)


def _numbered(name: str, number: int) -> str:
    return name if number == 1 else f"{name}_{number}"


def _geo(stated: Any, table: Any, notes: list[str]) -> dict[str, dict[str, Any]]:
    """Give what is known of each geometry column, the one to be drawn first.

    Sources are GeoParquet's metadata, else GeoArrow's at the columns, else a usual name.
    """
    columns = stated.get("columns") if isinstance(stated, dict) else None
    if isinstance(columns, dict):
        primary = str(stated.get("primary_column"))
        known = {
            x: m for x, m in columns.items() if isinstance(m, dict) and x in table.column_names
        }
        return dict(sorted(known.items(), key=lambda item: item[0] != primary))
    if stated is not None:
        notes.append(_("What it says of its geometries cannot be read."))
    arrow = {f.name: _geoarrow(f.metadata or {}) for f in table.schema}
    if marked := {x: m for x, m in arrow.items() if m}:
        return marked
    usual = [f.name for f in table.schema if f.name.lower() in _USUAL_NAMES and _is_binary(f.type)]
    return {x: {"crs": None} for x in usual[:1]}


def _geoarrow(metadata: Mapping[bytes, bytes]) -> dict[str, Any]:
    """Give what a field's GeoArrow metadata say, in GeoParquet's words; empty where none."""
    extension = metadata.get(b"ARROW:extension:name", b"").decode("ascii", "replace")
    if not extension.startswith("geoarrow."):
        return {}
    encoding = extension.removeprefix("geoarrow.")
    try:
        said = json.loads(metadata.get(b"ARROW:extension:metadata", b"") or b"{}")
    except ValueError:
        said = {}
    crs = said.get("crs") if isinstance(said, dict) else None
    return {"encoding": "WKB" if encoding == "wkb" else encoding, "crs": crs}


def _is_binary(kind: Any) -> bool:
    return bool(pa.types.is_binary(kind) or pa.types.is_large_binary(kind))


def _coverings(geo: Mapping[str, Mapping[str, Any]]) -> set[str]:
    """Return the columns that only repeat the boxes of geometries."""
    coverings = [meta.get("covering") for meta in geo.values()]
    boxes = [x.get("bbox") for x in coverings if isinstance(x, dict)]
    places = [place for box in boxes if isinstance(box, dict) for place in box.values()]
    return {str(place[0]) for place in places if isinstance(place, list) and place}


def _other_geometries(
    geo: Mapping[str, Any], column: str, name: str, notes: list[str]
) -> list[str]:
    others = [x for x in geo if x != column]
    if others:
        text = _("Layer “{name}”: further geometry columns were left out: {columns}.")
        notes.append(text.format(name=name, columns=", ".join(others)))
    return others


def _wkb(column: Any, meta: Mapping[str, Any], name: str, notes: list[str]) -> Any:
    encoding = str(meta.get("encoding", "WKB"))
    if encoding == "WKB":
        binary = column.cast(pa.binary())
    elif encoding in _NATIVE:
        binary = pa.chunked_array([_native(column.combine_chunks(), _NATIVE[encoding])])
    else:
        raise Unreadable(
            _("its geometries are in the encoding “{encoding}”").format(encoding=encoding[:40]),
            _("Save it with geometries as WKB."),
        )
    return sound_wkb(binary, name, notes)


def _native(column: Any, kind: shapely.GeometryType) -> Any:
    """Return separated or interleaved coordinates under their lists as WKB."""
    missing = column.is_null().to_numpy(zero_copy_only=False)
    column, offsets = column.drop_null(), []
    while pa.types.is_list(column.type) or pa.types.is_large_list(column.type):
        starts = column.offsets.to_numpy()
        offsets.append((starts - starts[0]).astype(np.int64))
        column = column.flatten()
    if pa.types.is_struct(column.type):
        xy = np.column_stack([column.field(axis).to_numpy() for axis in ("x", "y")])
    else:
        xy = column.flatten().to_numpy().reshape(len(column), -1)[:, :2]
    shapes = np.full(len(missing), None, dtype=object)
    shapes[~missing] = shapely.from_ragged_array(kind, xy, tuple(reversed(offsets)) or None)
    return pa.array(shapely.to_wkb(shapes), pa.binary())


def _crs(meta: Mapping[str, Any]) -> str:
    if "crs" not in meta:
        return _DEFAULT_CRS
    stated = meta["crs"]
    if not stated:
        return ""
    known = stated.get("id") if isinstance(stated, dict) else None
    if isinstance(known, dict) and {"authority", "code"} <= known.keys():
        return f"{known['authority']}:{known['code']}"
    text = stated if isinstance(stated, str) else json.dumps(stated)
    return text if _is_known(text) else ""


def _is_known(crs: str) -> bool:
    """Say whether it is a code, WKT or PROJJSON of a system; PROJ's own strings may name files."""
    if not _PLAIN_CRS.match(crs):
        return False
    from pyproj import CRS
    from pyproj.exceptions import CRSError

    try:
        CRS.from_user_input(crs)
    except CRSError:
        return False
    return True
