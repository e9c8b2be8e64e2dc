"""The table ``layer_styles``: how QGIS finds each layer's colours."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import pyarrow as pa
import shapely
from pyogrio.raw import write_arrow

from gisapp.io.project_frames import GEOMETRY_COLUMN
from gisapp.io.qml import Nature, to_qml
from gisapp.io.sld import to_sld

if TYPE_CHECKING:
    from gisapp.core.layer import Layer
    from gisapp.core.project import Project
    from gisapp.io.project_book import Stored

_OWNER = "gisapp"
_NATURES: tuple[Nature, ...] = ("point", "line", "area")
_SCHEMA = pa.schema(
    [
        *((name, pa.string()) for name in ("f_table_catalog", "f_table_schema", "f_table_name",
          "f_geometry_column", "styleName", "styleQML", "styleSLD")),
        ("useAsDefault", pa.bool_()),
        *((name, pa.string()) for name in ("description", "owner", "ui")),
        ("update_time", pa.timestamp("ms", "UTC")),
    ]
)  # fmt: skip


def create_geopackage(path: Path) -> None:
    """Make a GeoPackage that holds QGIS's table of styles, empty, and nothing else."""
    write_arrow(
        _SCHEMA.empty_table(),
        path,
        layer="layer_styles",
        driver="GPKG",
        layer_options={"FID": "id"},
    )


def write_styles(
    connection: sqlite3.Connection, project: Project, stored: Sequence[Stored]
) -> None:
    """Put the styles of the project's layers in the place of those gisapp wrote earlier."""
    connection.execute("DELETE FROM layer_styles WHERE owner = ?", (_OWNER,))
    connection.executemany(
        "INSERT INTO layer_styles (f_table_catalog, f_table_schema, f_table_name, "
        "f_geometry_column, styleName, styleQML, styleSLD, useAsDefault, description, owner, "
        "update_time) VALUES ('', '', ?, ?, ?, ?, ?, 1, '', ?, "
        "strftime('%Y-%m-%dT%H:%M:%fZ', 'now'))",
        [_row(layer, place) for layer, place in zip(project.layers, stored, strict=True)],
    )


def _row(layer: Layer, place: Stored) -> tuple[str, ...]:
    nature = _NATURES[max(0, shapely.get_dimensions(layer.frame.geometry.array).max(initial=0))]
    names = {x.name: x.stored for x in place.columns}
    return (
        place.table,
        GEOMETRY_COLUMN,
        layer.style.name,
        to_qml(layer.style, nature, names),
        to_sld(layer.style, nature, names),
        _OWNER,
    )
