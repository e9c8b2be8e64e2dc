"""Map data in JSON that is not GeoJSON: TopoJSON and Esri JSON, through GDAL."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from gisapp.core.words import _
from gisapp.io.readers.contents import Reading, Tick, Unreadable
from gisapp.io.readers.isolation import link
from gisapp.io.readers.jsontext import JsonText
from gisapp.io.readers.text import read_text
from gisapp.io.readers.vector import read_vector

if TYPE_CHECKING:
    from pathlib import Path

_HEAD_BYTES = 65_536
_TOPOJSON = re.compile(rb'"type"\s*:\s*"Topology"')
_ESRI_JSON = re.compile(rb'"(?:geometryType|spatialReference|attributes|fieldAliases)"\s*:')
_FEATURE = re.compile(rb'"type"\s*:\s*"Feature')


def other_json_driver(path: Path) -> str:
    """Say which GDAL driver reads JSON that is map data but not GeoJSON; empty for GeoJSON."""
    with path.open("rb") as file:
        head = file.read(_HEAD_BYTES)
    if _FEATURE.search(head):
        return ""
    if _TOPOJSON.search(head):
        return "TopoJSON"
    return "ESRIJSON" if _ESRI_JSON.search(head) else ""


def read_other_json(path: Path, driver: str, scratch: Path, tick: Tick) -> Reading:
    """Read one file of `driver`, and compare what came with what it holds.

    Raises
    ------
    Unreadable
        Where it is not JSON or the driver refuses it.
    """
    members, items = _contents(path)
    reading = read_vector(link(path, scratch / "data.json"), driver, None, tick)
    held = len(items) if driver == "ESRIJSON" else _topology_size(members)
    read = sum(table.columns.num_rows for table in reading.tables)
    if read < held:
        sentence = _("Of {n} features {read} could be read.")
        reading.warnings.append(sentence.format(n=held, read=read))
    if members.get("exceededTransferLimit") is True:
        reading.warnings.append(
            _("It is one page of what a service has; the other features are not in it.")
        )
    return reading


def _contents(path: Path) -> tuple[dict[str, Any], list[Any]]:
    text = JsonText(read_text(path)[0])
    items = list(text.items("features"))
    return text.members, items


def _topology_size(members: dict[str, Any]) -> int:
    """Count the geometries of a topology's objects, those without a place among them."""
    objects = members.get("objects")
    if not isinstance(objects, dict):
        raise Unreadable(_("it has no objects"), _("Save it again as GeoJSON."))
    collections = [x.get("geometries") for x in objects.values() if isinstance(x, dict)]
    return sum(len(x) if isinstance(x, list) else 1 for x in collections)
