"""GeoParquet, and Parquet tables without geometries, through pyarrow."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import shapely

from gisapp.core.words import _
from gisapp.io.readers.contents import Reading, ReadTable, Tick, Unreadable
from gisapp.io.readers.vector import plain_columns, sound_wkb

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

# GeoParquet 1.1: what a column without a `crs` is in.
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
    try:
        table, geo = _contents(path, tick)
        column, meta = _primary(geo, table)
        notes: list[str] = []
        wkb = None if meta is None else _wkb(table.column(column), meta, name, notes)
        left = {column, *_coverings(geo), *_other_geometries(geo, column, name, notes)}
    except (pa.ArrowException, OSError, ValueError, KeyError, TypeError) as error:
        if isinstance(error, MemoryError):
            raise
        raise Unreadable(
            _("it is damaged or no Parquet file that is read here"),
            _("Copy it again, or save it again as GeoPackage in the program that made it."),
        ) from error
    kept = table.select([x for x in table.column_names if meta is None or x not in left])
    columns = plain_columns(kept, name, notes)
    crs = "" if meta is None else _crs(meta)
    kind = "" if meta is None else "/".join(meta.get("geometry_types") or [])
    driver = "Parquet" if meta is None else "GeoParquet"
    return Reading(driver, [ReadTable(name, columns, wkb, kind, crs)], notes)


def _contents(path: Path, tick: Tick) -> tuple[Any, Mapping[str, Any]]:
    with pq.ParquetFile(path) as file:
        batches, rows = [], 0
        for batch in file.iter_batches(batch_size=20_000):
            batches.append(batch)
            rows += batch.num_rows
            tick(rows, file.metadata.num_rows)
        stated = (file.metadata.metadata or {}).get(b"geo", b"{}")
        return pa.Table.from_batches(batches, schema=file.schema_arrow), json.loads(stated)


def _primary(geo: Mapping[str, Any], table: Any) -> tuple[str, Mapping[str, Any] | None]:
    """Return the geometry column and what is said of it; no column for a plain table."""
    column = geo.get("primary_column", "")
    if column not in table.column_names:
        return "", None
    return column, geo["columns"][column]


def _coverings(geo: Mapping[str, Any]) -> set[str]:
    """Return the columns that only repeat the boxes of geometries."""
    boxes = [x.get("covering", {}).get("bbox", {}) for x in geo.get("columns", {}).values()]
    return {str(place[0]) for box in boxes for place in box.values()}


def _other_geometries(
    geo: Mapping[str, Any], column: str, name: str, notes: list[str]
) -> list[str]:
    others = [x for x in geo.get("columns", {}) if x != column]
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
    if stated is None:
        return ""
    known = stated.get("id", {})
    code = f"{known.get('authority')}:{known.get('code')}"
    return code if "None" not in code else json.dumps(stated)
