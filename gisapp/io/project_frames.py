"""Frames to tables of a GeoPackage and back, through Arrow, without losing a type or a name."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import count, islice
from pathlib import Path
from typing import TYPE_CHECKING, Any

import geopandas as gpd
import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
import shapely
from pyogrio.raw import read_arrow

from gisapp.io.frame_writing import write_rows
from gisapp.io.project_db import GEOMETRY_COLUMN, distinct

if TYPE_CHECKING:
    from numpy.typing import NDArray

ID_COLUMN = "fid"
_GEOMETRY = "geometry"
_AT_ONCE = 5_000
_DTYPES = re.compile(
    r"str|string|object|bool|boolean|u?int(8|16|32|64)|U?Int(8|16|32|64)|[fF]loat(32|64)"
)
_GEOMETRY_TYPES = {0: "Point", 1: "LineString", 3: "Polygon", 4: "MultiPoint",
                   5: "MultiLineString", 6: "MultiPolygon"}  # fmt: skip


@dataclass(frozen=True)
class Column:
    """One column of a frame: its name, the name it is stored under, its dtype."""

    name: str
    stored: str
    dtype: str


def columns_of(frame: pd.DataFrame) -> tuple[Column, ...]:
    """Name the columns of `frame` so that SQLite, which ignores case, can tell them apart.

    Raises
    ------
    TypeError
        For a dtype that a project does not hold (dates are ISO text).
    """
    geometry = frame.geometry.name if isinstance(frame, gpd.GeoDataFrame) else None
    taken = [GEOMETRY_COLUMN, ID_COLUMN]
    columns = []
    for name, dtype in frame.dtypes.items():
        if name == geometry:
            columns.append(Column(str(name), GEOMETRY_COLUMN, _GEOMETRY))
            continue
        if not _DTYPES.fullmatch(str(dtype)):
            raise TypeError(f"a project does not hold {dtype} (column {name!r})")
        stored = distinct(str(name), taken, "column")
        taken.append(stored)
        columns.append(Column(str(name), stored, str(dtype)))
    return tuple(columns)


def write_frame(
    path: Path, table: str, frame: pd.DataFrame, columns: Sequence[Column], crs: str = ""
) -> None:
    """Add `frame` to the GeoPackage `path` as `table`.

    A GeoDataFrame becomes a feature table with a spatial index, another frame an attribute table.

    Parameters
    ----------
    path : Path
        Plainly named (see `leftovers.plainly_named`); made where it is missing.
    table : str
        A name that no other table of the file has.
    frame : DataFrame
    columns : sequence of Column
        As `columns_of` gives them for `frame`.
    crs : str
        Of a GeoDataFrame.
    """
    arrays = {x.stored: _to_arrow(frame[x.name], x) for x in columns}
    options = {"FID": ID_COLUMN}
    features: dict[str, str] = {}
    if isinstance(frame, gpd.GeoDataFrame):
        options["GEOMETRY_NAME"] = GEOMETRY_COLUMN
        features = {
            "geometry_name": GEOMETRY_COLUMN,
            "geometry_type": geometry_type(frame.geometry.array),
            "crs": crs,
        }
    write_rows(path, table, pa.table(arrays), layer_options=options, **features)


def read_frame(path: Path, table: str, columns: Sequence[Column]) -> pd.DataFrame:
    """Read an attribute table back as the frame that was written.

    Columns and rows that another program has added are kept, columns it took away are gone.

    Raises
    ------
    pyogrio.errors.DataSourceError, DataLayerError
        Where GDAL cannot read the table.
    """
    return pd.DataFrame(_read_columns(path, table, columns, None))


def read_features(path: Path, table: str, columns: Sequence[Column], crs: str) -> gpd.GeoDataFrame:
    """Read a feature table back, as `read_frame` does; `crs` is that of the project."""
    geometry = next((x.name for x in columns if x.dtype == _GEOMETRY), None)
    if geometry is None:
        raise ValueError(f"{table} has no geometry")
    data = _read_columns(path, table, columns, crs)
    return gpd.GeoDataFrame(_with_ids(data), geometry=geometry, crs=crs)


def _read_columns(
    path: Path, table: str, columns: Sequence[Column], crs: str | None
) -> dict[str, Any]:
    _meta, arrow = read_arrow(path, layer=table)
    known = {x.stored: x for x in columns}
    there = set(arrow.column_names)
    data = {
        x.name: _from_arrow(arrow.column(x.stored), x.dtype, crs)
        for x in columns
        if x.stored in there
    }
    for name in arrow.column_names:
        if name not in known:
            data[distinct(name, data, "column")] = _foreign(arrow.column(name))
    return data


def geometry_type(geometries: Iterable[Any]) -> str:
    """Return the one type of all `geometries` as GDAL names it, else ``Unknown``."""
    types = set(np.unique(shapely.get_type_id(np.asarray(geometries, dtype=object))).tolist())
    types.discard(-1)
    return _GEOMETRY_TYPES.get(types.pop(), "Unknown") if len(types) == 1 else "Unknown"


def _to_arrow(values: pd.Series[Any], column: Column) -> pa.Array | pa.ChunkedArray:
    if column.dtype == _GEOMETRY:
        return _wkb(np.asarray(values.array, dtype=object))
    array = pa.array(values, from_pandas=True)
    if pa.types.is_null(array.type):
        return array.cast(pa.string())
    if pa.types.is_string(array.type) or pa.types.is_large_string(array.type):
        # SQLite's text ends at a NUL for most readers; what follows it would be lost unseen.
        return pc.replace_substring(array, "\0", "")
    return array


def _wkb(geometry: NDArray[np.object_]) -> pa.ChunkedArray:
    """Write geometries in pieces, for the reason of `_geometries`."""
    pieces = [
        pa.array(shapely.to_wkb(geometry[first : first + _AT_ONCE], flavor="iso"), pa.binary())
        for first in range(0, len(geometry), _AT_ONCE)
    ]
    return pa.chunked_array(pieces, pa.binary())


def _geometries(values: pa.ChunkedArray) -> NDArray[np.object_]:
    """Read geometries in pieces: Shapely holds the interpreter, and a window may be open."""
    pieces = [
        shapely.from_wkb(values.slice(first, _AT_ONCE).to_numpy())
        for first in range(0, len(values), _AT_ONCE)
    ]
    return np.concatenate([np.empty(0, dtype=object), *pieces])


def _from_arrow(values: pa.ChunkedArray, dtype: str, crs: str | None) -> Any:
    if dtype == _GEOMETRY:
        return gpd.array.GeometryArray(_geometries(values), crs=crs)
    if not _DTYPES.fullmatch(dtype):
        raise ValueError(dtype)
    if dtype == "object":
        return np.array([*values.to_pylist(), None], dtype=object)[:-1]
    if values.null_count and dtype.startswith(("int", "uint", "bool")):
        # Only rows that another program has added lack such a value.
        dtype = "boolean" if dtype == "bool" else dtype.replace("u", "U").replace("i", "I", 1)
    wanted = pd.api.types.pandas_dtype(dtype)
    if isinstance(wanted, pd.api.extensions.ExtensionDtype):
        return wanted.__from_arrow__(values)  # type: ignore[attr-defined]  # pandas documents it
    return values.to_numpy().astype(wanted, copy=False)


def _foreign(values: pa.ChunkedArray) -> Any:
    kinds: tuple[tuple[Any, str], ...] = (
        (pa.types.is_boolean, "boolean"),
        (pa.types.is_integer, "Int64"),
        (pa.types.is_floating, "float64"),
    )
    dtype = next((name for holds, name in kinds if holds(values.type)), "str")
    if dtype == "Int64":
        values = values.cast(pa.int64())
    elif dtype == "str":
        values = pa.chunked_array([pa.array(map(_text, values.to_pylist()), pa.string())])
    return _from_arrow(values, dtype, None)


def _text(value: object) -> str | None:
    return None if value is None else str(value)


def _with_ids(data: dict[str, Any]) -> dict[str, Any]:
    """Give an id of their own to rows that another program has added without one."""
    ids = pd.Series(data["id"], copy=True)
    doubtful = ids.isna() | ids.duplicated()
    if not doubtful.any():
        return data
    taken = set(ids)
    fresh = (x for n in count(1) if (x := f"added-{n}") not in taken)
    ids.loc[doubtful] = list(islice(fresh, int(doubtful.sum())))
    return {**data, "id": ids.array}
