"""Fingerprints of the data that an assessment was made from."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

import geopandas as gpd
import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
import shapely

from gisapp.core.memory import FrameMemory

if TYPE_CHECKING:
    from collections.abc import Mapping

    from gisapp.analysis.columns import Floats, Geometries
    from gisapp.core.project import Project

KINDS = frozenset(
    {"admin", "businesses", "households", "zoning", "evictions", "support_areas"}
    | {"operates", "supports", "rules", "provisions", "codings"}
)


_KNOWN: FrameMemory[str] = FrameMemory()


def input_hashes(project: Project) -> Mapping[str, str]:
    """Return the SHA-256 of the rows of each layer and table that an assessment reads, by name.

    Rows with an ``id`` are taken in the order of their ids, so that the order they lie in
    changes nothing.
    """
    inputs = {x.name: x.frame for x in project.layers if x.kind in KINDS}
    inputs |= {name: t.frame for name, t in project.tables.items() if t.kind in KINDS}
    return {name: rows_sha256(frame) for name, frame in sorted(inputs.items())}


def rows_sha256(frame: pd.DataFrame) -> str:
    """Return the SHA-256 of a frame's column names and values as hexadecimal text."""
    known = _KNOWN.get(frame)
    if known is None:
        known = _rows_sha256(frame)
        _KNOWN.put(frame, known)
    return known


def _rows_sha256(frame: pd.DataFrame) -> str:
    if "id" in frame.columns:
        order = np.argsort(frame["id"].to_numpy(dtype=object), kind="stable")
        if (np.diff(order) != 1).any():
            frame = frame.iloc[order]
    digest = hashlib.sha256()
    for name in sorted(frame.columns):
        digest.update(f"\x1d{name}\x1d".encode())
        digest.update(_column_bytes(frame[name]))
    return digest.hexdigest()


def _column_bytes(column: pd.Series) -> bytes | memoryview:
    if isinstance(column, gpd.GeoSeries):
        return _shape_bytes(np.asarray(column.array, dtype=object))
    if pd.api.types.is_float_dtype(column.dtype):
        return (column.to_numpy(np.float64, na_value=np.nan) + 0.0).tobytes()
    if column.dtype == bool:
        return _joined_bytes(pc.if_else(pa.array(column), *map(_large, ("True", "False"))))
    written = column.astype("str")
    if isinstance(written.array, pd.arrays.ArrowStringArray):
        return _joined_bytes(pa.array(written.array, type=pa.large_string()))
    return "\x1e".join(written.fillna("\x00").tolist()).encode(errors="surrogatepass")


def _joined_bytes(texts: pa.LargeStringArray | pa.ChunkedArray) -> memoryview:
    """Return the texts with a separator between them, as they lie one after the other."""
    if isinstance(texts, pa.ChunkedArray):
        texts = texts.combine_chunks()
    ended = pc.binary_join_element_wise(texts.fill_null("\x00"), _large(""), _large("\x1e"))
    _validity, ends, written = ended.buffers()
    n = int(np.frombuffer(ends, dtype=np.int64)[len(ended)]) if len(ended) else 0
    return memoryview(written or b"")[: max(n - 1, 0)]


def _large(text: str) -> pa.LargeStringScalar:
    return pa.scalar(text, pa.large_string())


def _shape_bytes(shapes: Geometries) -> bytes:
    """Return the geometries as well-known binary with a separator between them."""
    kinds = shapely.get_type_id(shapes)
    plain = (kinds == shapely.GeometryType.POINT) & ~shapely.has_z(shapes) & ~shapely.has_m(shapes)
    if plain.all() and not shapely.is_empty(shapes).any():
        return _point_bytes(shapely.get_x(shapes), shapely.get_y(shapes))
    written = shapely.to_wkb(shapes)
    return b"\x1e".join(b"" if shape is None else shape for shape in written)


def _point_bytes(x: Floats, y: Floats) -> bytes:
    """Write what `shapely.to_wkb` writes of plain points, all at once."""
    layout = [("head", "S5"), ("x", "<f8"), ("y", "<f8"), ("end", "S1")]
    written = np.empty(len(x), dtype=layout)
    written["head"], written["end"] = b"\x01\x01\x00\x00\x00", b"\x1e"
    written["x"], written["y"] = x, y
    return written.tobytes()[:-1]
