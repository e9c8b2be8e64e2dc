"""GeoJSON, whole or newline-delimited, feature by feature: numbers stay exact, faults are named."""

from __future__ import annotations

import re
from collections import Counter
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa
import shapely

from gisapp.core.words import _
from gisapp.io.readers.contents import Reading, ReadTable, Tick, Unreadable
from gisapp.io.readers.jsontext import JsonText
from gisapp.io.readers.properties import PropertyColumns
from gisapp.io.readers.shapes import GEOMETRY_TYPES, BadGeometry, Shapes
from gisapp.io.readers.text import last_break_warning, odd_encoding_warning, read_text

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

WGS84 = "EPSG:4326"
_CHUNK = 20_000
# As short names, URNs and (never fetched) addresses; versions stand between name and code.
_PREFIX = r"(?:urn:(?:x-)?ogc:def:crs:|https?://www\.opengis\.net/def/crs/)?"
_CODE = re.compile(_PREFIX + r"(EPSG|ESRI)[:/](?:[\d.]*[:/])*(\d+)", re.IGNORECASE)
_CRS84 = re.compile(_PREFIX + r"OGC[:/](?:[\d.]*[:/])?CRS84h?", re.IGNORECASE)
# Members that mean something elsewhere and make an object ambiguous here.
_MISPLACED = {
    "FeatureCollection": {"coordinates", "geometries", "geometry", "properties"},
    "Feature": {"coordinates", "geometries", "features"},
    "geometry": {"geometry", "properties", "features"},
}


def read_geojson(path: Path, name: str, tick: Tick) -> Reading:
    """Read one GeoJSON file.

    Parameters
    ----------
    path : Path
        The file: a feature collection, a feature, a geometry, or features line by line.
    name : str
        What its table shall be called, where it has no ``name`` itself.
    tick : callable
        Told the number of features as they come.

    Raises
    ------
    Unreadable
        Where it is not JSON, not GeoJSON, or none of its features can be read.
    """
    content, encoding = read_text(path)
    warnings = [*odd_encoding_warning(encoding), *last_break_warning(path)]
    text = JsonText(content)
    features = _Features(tick)
    for item in _items(text):
        features.add(item)
    features.check_root(text)
    table = features.finish(_own_name(text.members) or name)
    table.crs, crs_warnings = _crs_of(text.members)
    odd = [*_page_warning(text.members), *features.warnings()]
    return Reading("GeoJSON", [table], [*warnings, *crs_warnings, *odd])


def _items(text: JsonText) -> Iterator[Any]:
    """Yield the features of a collection, or the objects that stand one after the other."""
    alone = True
    for item in text.items("features"):
        if alone and not text.streamed:
            yield text.members
        alone = False
        yield item
    if alone and not text.streamed and text.members.get("type") != "FeatureCollection":
        yield text.members


def _own_name(members: dict[str, Any]) -> str:
    name = members.get("name")
    return name if isinstance(name, str) and members.get("type") == "FeatureCollection" else ""


class _Features:
    """Collects features chunk by chunk, and what is wrong with them."""

    def __init__(self, tick: Tick) -> None:
        self._tick = tick
        self._shapes = Shapes()
        self._columns = PropertyColumns()
        self._oddities: Counter[str] = Counter()
        self._unreadable: dict[int, str] = {}
        self._seen = 0
        self._geometries: list[Any] = []
        self._properties: list[dict[str, Any]] = []
        self._numbers: list[int] = []
        self._wkb: list[Any] = []
        self._kept: list[int] = []

    def add(self, item: Any) -> None:
        """Take one feature, or a geometry that stands for one, in."""
        self._seen += 1
        try:
            geometry, properties = self._parts(item)
        except BadGeometry as error:
            self._unreadable[self._seen] = str(error)
            return
        self._geometries.append(geometry)
        self._properties.append(properties)
        self._numbers.append(self._seen)
        if len(self._geometries) >= _CHUNK:
            self._flush()

    def _parts(self, item: Any) -> tuple[Any, dict[str, Any]]:
        kind = item.get("type") if isinstance(item, dict) else None
        if kind in GEOMETRY_TYPES:
            self._note_misplaced(item, "geometry")
            return item, {}
        if kind != "Feature":
            raise BadGeometry(_("it is not a feature: its type is “{kind}”").format(kind=str(kind)))
        self._note_misplaced(item, "Feature")
        properties = item.get("properties", ())
        if not isinstance(properties, dict):
            if properties is not None:
                self._oddities[_("Features without an object of properties")] += 1
            properties = {}
        return item.get("geometry"), self._with_id(item, properties)

    def _with_id(self, item: dict[str, Any], properties: dict[str, Any]) -> dict[str, Any]:
        if "geometry" not in item:
            self._oddities[_("Features without a geometry member")] += 1
        identifier = item.get("id")
        if isinstance(identifier, dict | list | bool):
            self._oddities[_("Features whose id is neither text nor a number")] += 1
        elif identifier is not None and "id" not in properties:
            return {"id": identifier, **properties}
        return properties

    def _note_misplaced(self, item: dict[str, Any], role: str) -> None:
        for name in _MISPLACED[role] & item.keys():
            self._oddities[_("Objects with a misplaced member “{name}”").format(name=name)] += 1

    def _flush(self) -> None:
        shapes, faults = self._shapes.make_many(self._geometries)
        keep = [i for i in range(len(shapes)) if i not in faults]
        self._unreadable.update({self._numbers[i]: reason for i, reason in faults.items()})
        self._columns.extend([self._properties[i] for i in keep])
        wkb = shapely.to_wkb(shapes[keep])
        self._wkb.append(pa.array(wkb, pa.binary()))
        self._kept.extend(self._numbers[i] for i in keep)
        self._geometries, self._properties, self._numbers = [], [], []
        self._tick(self._seen, 0)

    def check_root(self, text: JsonText) -> None:
        """Refuse what is not GeoJSON; note what is odd about the outermost object."""
        kind = text.members.get("type")
        if kind not in ("FeatureCollection", "Feature", *GEOMETRY_TYPES):
            raise Unreadable(
                _("it is JSON, but its type is “{kind}”, which GeoJSON does not know").format(
                    kind=str(kind)[:40]
                ),
                _("Choose a GeoJSON file: its type is FeatureCollection, Feature or a geometry."),
            )
        if kind == "FeatureCollection":
            if not text.streamed:
                raise Unreadable(
                    _("it has no list of features"), _("Save it again as a GeoJSON collection.")
                )
            self._note_misplaced(text.members, kind)
        elif text.streamed:
            self._oddities[
                _("Objects with a misplaced member “{name}”").format(name="features")
            ] += 1
        for name in text.repeated:
            self._oddities[_("Members that stand twice (“{name}”)").format(name=name)] += 1
        if _bad_bbox(text.members.get("bbox")):
            self._oddities[_("Bounding boxes that are not 4 or 6 numbers")] += 1

    def finish(self, name: str) -> ReadTable:
        """Close the table; refuse where not one feature could be read."""
        if self._geometries:
            self._flush()
        if self._seen and len(self._unreadable) == self._seen:
            raise Unreadable(
                _("none of its {n} features is one: {reason}").format(
                    n=self._seen, reason=next(iter(self._unreadable.values()))
                ),
                _("Correct the file, or save it again in the program that made it."),
            )
        return ReadTable(
            name=name,
            columns=self._columns.finish(),
            wkb=pa.chunked_array(self._wkb, type=pa.binary()),
            geometry_type=self._shapes.types.pop() if len(self._shapes.types) == 1 else "Unknown",
            unreadable=self._unreadable,
            row_numbers=np.array(self._kept, np.int64) if self._unreadable else None,
        )

    def warnings(self) -> list[str]:
        """Say what was odd."""
        oddities = self._oddities + self._shapes.oddities
        sentences = [
            _("{what}: {n}.").format(what=what, n=n) for what, n in sorted(oddities.items())
        ]
        if self._unreadable:
            row, reason = next(iter(sorted(self._unreadable.items())))
            sentences.append(
                _("Features that cannot be read: {n} (first: number {row}, {reason}).").format(
                    n=len(self._unreadable), row=row, reason=reason
                )
            )
        if self._columns.too_long_integers:
            sentences.append(
                _("Whole numbers of more than 64 bits are kept as text: {columns}.").format(
                    columns=", ".join(sorted(self._columns.too_long_integers))
                )
            )
        return sentences


def _bad_bbox(bbox: Any) -> bool:
    if bbox is None:
        return False
    numbers = isinstance(bbox, list) and all(type(x) in (int, float) for x in bbox)
    return not numbers or len(bbox) not in (4, 6)


def _crs_of(members: dict[str, Any]) -> tuple[str, list[str]]:
    """Read the ``crs`` member of GeoJSON 2008; without one it is WGS 84 (RFC 7946)."""
    if "crs" not in members:
        return WGS84, []
    crs = members["crs"]
    name = _crs_name(crs) if isinstance(crs, dict) else ""
    if _CRS84.fullmatch(name):
        return WGS84, []
    match = _CODE.fullmatch(name)
    if match and _exists(*match.groups()):
        return ":".join(match.groups()).upper(), []
    return "", [
        _("The coordinate system “{name}” is not known; choose the right one.").format(
            name=name[:80] or "null"
        )
    ]


def _crs_name(crs: dict[str, Any]) -> str:
    properties = crs.get("properties")
    if not isinstance(properties, dict):
        return ""
    if crs.get("type") == "EPSG":  # GeoJSON before 2008
        return f"EPSG:{properties.get('code')}"
    return str(properties.get("name", "")) if crs.get("type") == "name" else ""


def _exists(authority: str, code: str) -> bool:
    from pyproj import CRS  # 0.1 s: only where a file names a coordinate system
    from pyproj.exceptions import CRSError

    try:
        CRS.from_authority(authority.upper(), code)
    except CRSError:
        return False
    return True


def _page_warning(members: dict[str, Any]) -> list[str]:
    """Say that a service gave a part of its features (OGC API Features, 7.15.7)."""
    whole, part = members.get("numberMatched"), members.get("numberReturned")
    if isinstance(whole, int) and isinstance(part, int) and whole > part:
        sentence = _("It is one page of {n} features that a service has; the others are not in it.")
        return [sentence.format(n=whole)]
    return []
