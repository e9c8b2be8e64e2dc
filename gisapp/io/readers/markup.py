"""KML, GPX and GML: looked through first, then read through GDAL."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from gisapp.core.words import _
from gisapp.io.readers.text import last_break_warning
from gisapp.io.readers.vector import read_vector
from gisapp.io.readers.xmlguard import count_elements

if TYPE_CHECKING:
    from collections import Counter
    from pathlib import Path

    from gisapp.io.readers.contents import Reading, Tick

_DRIVERS = {"kml": "LIBKML", "gpx": "GPX", "gml": "GML"}
# Columns of every layer that LIBKML reads: how a placemark is drawn, and what it may say.
_LOOKS = frozenset(
    {"altitudeMode", "tessellate", "extrude", "visibility", "drawOrder", "icon", "snippet"}
)
_ALWAYS_THERE = frozenset({"id", "Name", "description", "timestamp", "begin", "end"})
_OVERLAYS = ("GroundOverlay", "ScreenOverlay", "PhotoOverlay")


def read_markup(path: Path, kind: str, layer: str | None, tick: Tick) -> Reading:
    """Read one file of `kind` ``kml``, ``gpx`` or ``gml``.

    Raises
    ------
    Unreadable
        Where it is malformed, declares entities or the driver refuses it.
    """
    elements = count_elements(path, tick)
    reading = read_vector(path, _DRIVERS[kind], layer, tick)
    reading.warnings += last_break_warning(path)
    if kind == "kml":
        for table in reading.tables:
            table.columns = _said(table.columns)
        reading.warnings += _kml_warnings(elements, reading, complete=layer is None)
    return reading


def _said(columns: Any) -> Any:
    """Leave out what the driver adds to every placemark, where the file says nothing there."""
    return columns.drop_columns(
        [
            name
            for name in columns.column_names
            if name in _LOOKS
            or (name in _ALWAYS_THERE and columns.column(name).null_count == columns.num_rows)
        ]
    )


def _kml_warnings(elements: Counter[str], reading: Reading, *, complete: bool) -> list[str]:
    warnings = []
    if elements["NetworkLink"]:
        warnings.append(
            _("Network links that were not followed: {n}.").format(n=elements["NetworkLink"])
        )
    if overlays := sum(elements[name] for name in _OVERLAYS):
        warnings.append(_("Images laid over the map that were left out: {n}.").format(n=overlays))
    read = sum(table.columns.num_rows for table in reading.tables)
    if complete and read < elements["Placemark"]:
        warnings.append(
            _("Of {n} placemarks {read} could be read.").format(n=elements["Placemark"], read=read)
        )
    if not reading.tables:
        warnings.append(_("It holds no placemarks."))
    return warnings
