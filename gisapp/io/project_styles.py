"""The table ``layer_styles``: how QGIS finds each layer's colours."""

from __future__ import annotations

import sqlite3
from collections.abc import Container, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import pyarrow as pa
import shapely
from pyogrio.raw import write_arrow

from gisapp.core.style import Condition
from gisapp.io.project_db import GEOMETRY_COLUMN
from gisapp.io.qml import to_qml
from gisapp.io.sld import to_sld

if TYPE_CHECKING:
    import pandas as pd

    from gisapp.core.layer import Layer
    from gisapp.core.project import Project
    from gisapp.core.style import Style
    from gisapp.io.project_book import Stored
    from gisapp.io.qml_parts import Nature

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
        dataset_options={"VERSION": "1.2"},  # the newest that QGIS 3.22 reads without a warning
        # What is left of a file that is cut off still says that it was a project.
        layer_options={"FID": "id", "DESCRIPTION": "Styles of a gisapp project"},
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
    style = _reached(_fitting(layer.style, names), layer.frame)
    return (
        place.table,
        GEOMETRY_COLUMN,
        style.name,
        to_qml(style, nature, names),
        to_sld(style, nature, names),
        _OWNER,
    )


def _fitting(style: Style, columns: Container[str]) -> Style:
    """Leave out what asks for columns that a layer lacks: QGIS would draw nothing at all."""
    rules = tuple(
        replace(rule, when=tuple(x for x in rule.when if x.column in columns))
        for rule in style.rules
        if all(x.column in columns or x.op == "missing" for x in rule.when)
    )
    named = style.labels is not None and style.labels.column in columns
    heat = style.heat
    if heat is not None and heat.weight_column not in columns:
        heat = replace(heat, weight_column="")
    labels = style.labels if named else None
    return replace(style, rules=rules or style.rules, labels=labels, heat=heat)


def _reached(style: Style, frame: pd.DataFrame) -> Style:
    """Leave out, of classes of numbers, the rule for missing values where none is missing.

    QGIS has no such class: with one, its graduated renderer could not be used.
    """
    if style.classes is None or style.classes.column not in frame:
        return style
    column = frame[style.classes.column]
    unused = (Condition(style.classes.column, "missing"),)
    if column.isna().any():
        return style
    return replace(style, rules=tuple(x for x in style.rules if x.when != unused))
