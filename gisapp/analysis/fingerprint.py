"""Fingerprints of the data that an assessment was made from."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

if TYPE_CHECKING:
    from collections.abc import Mapping

    from gisapp.core.project import Project

KINDS = frozenset(
    {"admin", "businesses", "households", "zoning", "evictions", "support_areas"}
    | {"operates", "supports", "rules", "provisions", "codings"}
)


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
    if "id" in frame.columns:
        frame = frame.iloc[np.argsort(frame["id"].to_numpy(dtype=object), kind="stable")]
    digest = hashlib.sha256()
    for name in sorted(frame.columns):
        digest.update(f"\x1d{name}\x1d".encode())
        digest.update(_column_bytes(frame[name]))
    return digest.hexdigest()


def _column_bytes(column: pd.Series) -> bytes:
    if isinstance(column, gpd.GeoSeries):
        shapes = shapely.to_wkb(np.asarray(column.array, dtype=object))
        return b"\x1e".join(b"" if shape is None else shape for shape in shapes)
    if pd.api.types.is_float_dtype(column.dtype):
        return (column.to_numpy(np.float64, na_value=np.nan) + 0.0).tobytes()
    written = column.astype("str").fillna("\x00")
    return "\x1e".join(written.tolist()).encode(errors="surrogatepass")
