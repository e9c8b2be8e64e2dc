"""OpenStreetMap extracts (PBF, XML): points, roads, other lines, areas, with their tags."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pyarrow.compute as pc

from gisapp.core.words import _
from gisapp.io.readers.contents import Reading, ReadTable, Tick, Unreadable
from gisapp.io.readers.gdal import confined
from gisapp.io.readers.vector import read_vector
from gisapp.io.readers.xmlguard import check_place, count_elements

if TYPE_CHECKING:
    from pathlib import Path

_NAMES = {
    "points": "points",
    "lines": "lines",
    "multilinestrings": "routes",
    "multipolygons": "areas",
    "other_relations": "relations",
}
_ROAD_TAG = "highway"


def read_streetmap(path: Path, tick: Tick) -> Reading:
    """Read one extract; roads are the lines tagged ``highway``.

    Raises
    ------
    Unreadable
        Where it is damaged, or holds nothing that can be drawn.
    """
    if path.suffix == ".osm":
        count_elements(path, tick, check_place("node"))
    # Ways need the places of their nodes, which large extracts have no room for in memory.
    confined().set_gdal_config_options({"CPL_TMPDIR": str(path.parent)})
    uncounted = dict.fromkeys(_NAMES, 0)  # to count would be to read it once more for each layer
    reading = read_vector(path, "OSM", None, tick, counted=uncounted, TAGS_FORMAT="JSON")
    tables = []
    for table in reading.tables:
        table.name = _NAMES.get(table.name, table.name)
        tables += _roads_apart(table) if table.name == "lines" else [table]
    reading.tables = [_said(table) for table in tables if table.columns.num_rows]
    if not reading.tables:
        raise Unreadable(
            _("it holds no points, lines or areas"),
            _("Extract the area again, with the nodes of its ways."),
        )
    return reading


def _roads_apart(lines: ReadTable) -> list[ReadTable]:
    if _ROAD_TAG not in lines.columns.column_names:
        return [lines]
    road = pc.is_valid(lines.columns.column(_ROAD_TAG))
    return [_chosen(lines, "roads", road), _chosen(lines, "lines", pc.invert(road))]


def _chosen(table: ReadTable, name: str, rows: Any) -> ReadTable:
    columns, wkb = table.columns.filter(rows), table.wkb.filter(rows)
    return ReadTable(name, columns, wkb, table.geometry_type, table.crs)


def _said(table: ReadTable) -> ReadTable:
    """Leave out the tags that none of the rows carries."""
    empty = [x for x in table.columns.column_names if table.columns.column(x).null_count
             == table.columns.num_rows]  # fmt: skip
    table.columns = table.columns.drop_columns(empty)
    return table
