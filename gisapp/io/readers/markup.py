"""KML, GPX and GML: looked through first, then read through GDAL."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from gisapp.core.words import _
from gisapp.io.readers.text import last_break_warning
from gisapp.io.readers.vector import read_vector
from gisapp.io.readers.xmlguard import check_place, count_elements, tags_inside

if TYPE_CHECKING:
    from collections import Counter
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from gisapp.io.readers.contents import Reading, Tick

_DRIVERS = {"kml": "LIBKML", "gpx": "GPX", "gml": "GML"}
# Columns of every layer that LIBKML reads: how a placemark is drawn, and what it may say.
_LOOKS = frozenset(
    {"altitudeMode", "tessellate", "extrude", "visibility", "drawOrder", "icon", "snippet"}
)
_ALWAYS_THERE = frozenset({"id", "Name", "description", "timestamp", "begin", "end"})
_POINTS = {"wpt": "waypoints", "rtept": "route_points", "trkpt": "track_points"}
_LONGEST_PREFIX = 64
_OVERLAYS = ("GroundOverlay", "ScreenOverlay", "PhotoOverlay")


def read_markup(path: Path, kind: str, tick: Tick) -> Reading:
    """Read one file of `kind` ``kml``, ``gpx`` or ``gml``.

    Raises
    ------
    Unreadable
        Where it is malformed, declares entities or the driver refuses it.
    """
    root: dict[str, str] = {}

    def keep_first(_name: str, attributes: dict[str, str]) -> None:
        if not root:
            root.update(attributes)

    elements = count_elements(path, tick, check_place(*_POINTS) if kind == "gpx" else keep_first)
    if elements["Model"] and elements["MultiGeometry"]:
        _hide_models(path, tick)
    reading = read_vector(path, _DRIVERS[kind], None, tick)
    reading.warnings += last_break_warning(path)
    if kind == "gpx":
        reading.warnings += _gpx_warnings(elements, reading)
    if kind == "gml":
        reading.warnings += _gml_warnings(elements, root, reading)
    if kind == "kml":
        for table in reading.tables:
            table.columns = _said(table.columns)
        reading.warnings += _kml_warnings(elements, reading)
    return reading


def _hide_models(path: Path, tick: Tick) -> None:
    """Give models among other geometries a name that the driver passes over; it dies of them.

    `path` is a link or a copy of ours, and becomes a file of its own.
    """
    content = bytearray(path.read_bytes())
    for place in tags_inside(path, "Model", "MultiGeometry", tick):
        start = content.find(b"Model", place, place + _LONGEST_PREFIX)
        if start >= 0:
            content[start : start + 5] = b"Mesh_"
    path.unlink()
    path.write_bytes(content)


def _gpx_warnings(elements: Counter[str], reading: Reading) -> list[str]:
    held = sum(elements[name] for name in _POINTS)
    read = sum(t.columns.num_rows for t in reading.tables if t.name in _POINTS.values())
    if read >= held:
        return []
    return [_("Of {n} points {read} could be read.").format(n=held, read=read)]


def _gml_warnings(
    elements: Counter[str], root: Mapping[str, str], reading: Reading
) -> Iterator[str]:
    held = elements["featureMember"] + elements["member"]
    read = sum(table.columns.num_rows for table in reading.tables)
    if read < held:
        yield _("Of {n} features {read} could be read.").format(n=held, read=read)
    matched, returned = root.get("numberMatched", ""), root.get("numberReturned", "")
    more = matched.isdecimal() and returned.isdecimal() and int(matched) > int(returned)
    if more or "next" in root:
        yield _("It is one page of what a service has; the other features are not in it.")


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


def _kml_warnings(elements: Counter[str], reading: Reading) -> list[str]:
    warnings = []
    if elements["NetworkLink"]:
        warnings.append(
            _("Network links that were not followed: {n}.").format(n=elements["NetworkLink"])
        )
    if overlays := sum(elements[name] for name in _OVERLAYS):
        warnings.append(_("Images laid over the map that were left out: {n}.").format(n=overlays))
    read = sum(table.columns.num_rows for table in reading.tables)
    if read < elements["Placemark"]:
        warnings.append(
            _("Of {n} placemarks {read} could be read.").format(n=elements["Placemark"], read=read)
        )
    if not reading.tables:
        warnings.append(_("It holds no placemarks."))
    return warnings
