"""Small projects for the analysis: every layer is a list of plain records."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import geopandas as gpd
import pandas as pd
import shapely

from gisapp.core.layer import Layer, Table
from gisapp.core.project import DEFAULT_CRS, Parameters, Project
from gisapp.core.style import Style

AS_OF = "2026-11-01"
PLAIN = Style("plain", ())
LAYERS = (
    "admin",
    "businesses",
    "households",
    "zoning",
    "evictions",
    "support_areas",
    "other",
    "sites",
)
TABLES = ("operates", "supports", "rules", "provisions", "codings")
NUMBERS = {
    "gps_precision_m", "net_income_idr_month", "income_idr_month", "members", "income_share",
    "stance", "capacity", "occupied",
}  # fmt: skip

Record = Mapping[str, Any]


def square(x: float, y: float, size: float = 100.0) -> shapely.Polygon:
    """A square whose lower left corner is (x, y)."""
    return shapely.box(x, y, x + size, y + size)


def point(x: float, y: float) -> shapely.Point:
    return shapely.Point(x, y)


def layer(kind: str, records: Sequence[Record], name: str = "", plan: str = "") -> Layer:
    """A layer of records; ``geometry`` is a shapely geometry or None."""
    geometry = [record.get("geometry") for record in records]
    rows = [{k: v for k, v in record.items() if k != "geometry"} for record in records]
    frame = gpd.GeoDataFrame(_typed(rows), geometry=geometry, crs=DEFAULT_CRS)
    return Layer(name or kind, kind, frame, PLAIN, plan=plan)


def table(kind: str, records: Sequence[Record], name: str = "") -> Table:
    return Table(name or kind, kind, _typed(records))


def _typed(rows: Sequence[Record]) -> pd.DataFrame:
    columns = sorted({column for row in rows for column in row} | {"id"})
    data = {
        c: pd.Series([row.get(c) for row in rows], dtype="float64" if c in NUMBERS else "str")
        for c in columns
    }
    return pd.DataFrame(data)


def project(
    *more: Layer, parameters: Parameters | None = None, **kinds: Iterable[Record]
) -> Project:
    """A project of records by kind of layer or table, and of ready-made layers."""
    kept = {kind: list(records) for kind, records in kinds.items()}
    layers = [layer(kind, kept[kind]) for kind in LAYERS if kind in kept]
    tables = {kind: table(kind, kept[kind]) for kind in TABLES if kind in kept}
    assert set(kept) <= {*LAYERS, *TABLES}
    return Project(
        layers=(*more, *layers), tables=tables, parameters=parameters or Parameters(AS_OF)
    )
