"""ArcGIS feature services (FeatureServer, and MapServer layers that can be queried)."""

from __future__ import annotations

import json
import re
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

from gisapp.core.errors import GisappError
from gisapp.core.words import _
from gisapp.io.services.collecting import GEOJSON_HEAD, Collection, features_of
from gisapp.io.services.hosts import host_of
from gisapp.io.services.http import login_needed
from gisapp.io.services.service import (
    Listing,
    ServiceLayer,
    Stepping,
    as_layer,
    dicts,
    incomplete,
    member,
)

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from gisapp.core.progress import Progress
    from gisapp.io.services.http import Door, Tick
    from gisapp.io.services.service import Bounds
    from gisapp.io.source import RawTable

MARK = re.compile(r"^(?P<service>.+/(?:FeatureServer|MapServer))(?:/(?P<layer>\d+))?(?:/|\?|$)")
MOST_FEATURES_A_PAGE = 2000
_USUAL_PAGE = 1000
_GEOMETRIES = {
    "esriGeometryPoint": "Point",
    "esriGeometryMultipoint": "MultiPoint",
    "esriGeometryPolyline": "MultiLineString",
    "esriGeometryPolygon": "MultiPolygon",
}
_WITH_ROWS = frozenset({"Feature Layer", "Table"})
_DATE = "esriFieldTypeDate"
_CURVES = ("curveRings", "curvePaths")
_TOKEN_ERRORS = frozenset({401, 403, 498, 499})
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


class ArcgisService:
    """A feature service, or one layer of it."""

    def __init__(self, door: Door, url: str) -> None:
        match = MARK.match(url)
        if match is None:
            raise door.no_service()
        self._door, self._service, self._layer = door, match["service"], match["layer"]

    def listing(self, tick: Tick) -> Listing:
        """List the layers that have rows; of one layer, count them."""
        if self._layer is None:
            answer = self._ask(f"{self._service}/layers", {}, tick)
            infos = [*dicts(answer, "layers"), *dicts(answer, "tables")]
            return Listing(tuple(self._named(x) for x in infos if x.get("type") in _WITH_ROWS))
        url = f"{self._service}/{self._layer}"
        info = self._ask(url, {}, tick)
        return Listing((self._named(info, self._count(url, None, tick)),), alone=True)

    def fetch(
        self, layer: ServiceLayer, bounds: Bounds | None, folder: Path, progress: Progress
    ) -> Path:
        """Bring a layer page by page, as GeoJSON where the server writes it."""
        tick = Stepping(progress, layer)
        info = self._ask(layer.address, {}, tick)
        tick.total = self._count(layer.address, bounds, tick)
        collection = Collection(folder, _stamp(info, tick.total, bounds))
        query = _query(info, bounds)
        pages = self._by_offset if _can_page(info) else self._by_number
        tick.done = collection.done
        for features in pages(layer.address, info, query, collection, tick):
            collection.add([_with_dates(x, info) for x in features])
            tick.done = collection.done
            tick()
        if collection.done != tick.total:
            collection.clear()
            raise incomplete(self._door.host, collection.done, tick.total)
        return collection.finish(folder / "layer.json", _head(info, query["f"]))

    def tables(self, read: tuple[RawTable, ...], layer: ServiceLayer) -> tuple[RawTable, ...]:
        """Return the file's one table under the layer's name."""
        return as_layer(read, layer)

    def _by_offset(
        self,
        url: str,
        info: Mapping[str, Any],
        query: dict[str, Any],
        collection: Collection,
        tick: Stepping,
    ) -> Iterator[list[dict[str, Any]]]:
        while collection.done < tick.total:
            place = {"resultOffset": collection.done, "resultRecordCount": _page(info)}
            features, _more = self._features(url, {**query, **place}, tick)
            if not features:
                return
            yield features

    def _by_number(
        self,
        url: str,
        info: Mapping[str, Any],
        query: dict[str, Any],
        collection: Collection,
        tick: Stepping,
    ) -> Iterator[list[dict[str, Any]]]:
        """Ask by ranges of object ids: servers before 10.3 know no offset."""
        answer = self._ask(f"{url}/query", {**query, "f": "json", "returnIdsOnly": "true"}, tick)
        name, numbers = answer.get("objectIdFieldName"), answer.get("objectIds") or []
        if not (isinstance(name, str) and isinstance(numbers, list)) or not all(
            isinstance(x, int) for x in numbers
        ):
            raise self._door.no_service()
        numbers.sort()
        size = _page(info)
        while part := numbers[collection.done : collection.done + size]:
            where = f"{name} >= {part[0]} AND {name} <= {part[-1]}"
            features, more = self._features(url, {**query, "where": where}, tick)
            if more and size > 1:
                size //= 2
                continue
            if len(features) != len(part):
                return
            yield features

    def _features(
        self, url: str, query: Mapping[str, Any], tick: Tick
    ) -> tuple[list[dict[str, Any]], bool]:
        """Return a page, and whether the server cut it short."""
        answer = self._ask(f"{url}/query", query, tick)
        features = features_of(answer)
        if features is None:
            raise self._door.no_service()
        if any(name in member(x, "geometry") for x in features for name in _CURVES):
            raise GisappError(
                _("The layer holds arcs and curves, which are not read."),
                _("Ask its owner to publish it with straight segments."),
            )
        said = {**answer, **member(answer, "properties")}
        return features, bool(said.get("exceededTransferLimit"))

    def _count(self, url: str, bounds: Bounds | None, tick: Tick) -> int:
        query = {"where": "1=1", **_within(bounds), "returnCountOnly": "true"}
        count = self._ask(f"{url}/query", query, tick).get("count")
        if not isinstance(count, int) or count < 0:
            raise self._door.no_service()
        return count

    def _ask(self, url: str, params: Mapping[str, Any], tick: Tick) -> dict[str, Any]:
        """Ask for JSON; an ArcGIS server answers 200 to what it refuses."""
        answer = self._door.json(url, {"f": "json", **params}, tick)
        if not isinstance(answer, dict):
            raise self._door.no_service()
        if error := member(answer, "error"):
            if error.get("code") in _TOKEN_ERRORS:
                raise login_needed(self._door.host)
            raise GisappError(
                _("{host} refuses: {reason}.").format(
                    host=host_of(url), reason=str(error.get("message"))[:200].rstrip(".")
                ),
                _("Check the address and the layer's number, or try again later."),
            )
        return answer

    def _named(self, info: Mapping[str, Any], features: int | None = None) -> ServiceLayer:
        number = info.get("id")
        if not isinstance(number, int):
            raise self._door.no_service()
        reference = member(member(info, "extent"), "spatialReference")
        code = reference.get("latestWkid") or reference.get("wkid")
        return ServiceLayer(
            name=str(info.get("name") or number),
            address=f"{self._service}/{number}",
            features=features,
            geometry=_GEOMETRIES.get(str(info.get("geometryType")), "table"),
            crs=f"EPSG:{code}" if isinstance(code, int) else "",
            columns=tuple(x["name"] for x in _fields(info)),
        )


def _can_page(info: Mapping[str, Any]) -> bool:
    can = member(info, "advancedQueryCapabilities")
    return bool(can.get("supportsPagination") or info.get("supportsPagination"))


def _page(info: Mapping[str, Any]) -> int:
    most = info.get("maxRecordCount")
    return min(most if isinstance(most, int) and most > 0 else _USUAL_PAGE, MOST_FEATURES_A_PAGE)


def _query(info: Mapping[str, Any], bounds: Bounds | None) -> dict[str, Any]:
    writes_geojson = "geojson" in str(info.get("supportedQueryFormats")).lower()
    query = {
        "where": "1=1",
        "outFields": "*",
        "outSR": 4326,
        "f": "geojson" if writes_geojson else "json",
        **_within(bounds),
    }
    if _can_page(info) and (key := _key_field(info)):
        query["orderByFields"] = key  # pages of an unordered answer may overlap
    return query


def _key_field(info: Mapping[str, Any]) -> str:
    named = [x.get("name") for x in _fields(info) if x.get("type") == "esriFieldTypeOID"]
    return str(info.get("objectIdField") or (named[0] if named else ""))


def _within(bounds: Bounds | None) -> dict[str, Any]:
    if bounds is None:
        return {}
    return {
        "geometry": ",".join(map(str, bounds)),
        "geometryType": "esriGeometryEnvelope",
        "inSR": 4326,
        "spatialRel": "esriSpatialRelIntersects",
    }


def _stamp(info: Mapping[str, Any], count: int, bounds: Bounds | None) -> str:
    """Say what the layer is now: pages of another state do not belong to it.

    One that does not tell when it was edited is taken for the same on the same day only.
    """
    edited = member(info, "editingInfo").get("lastEditDate") or datetime.now(UTC).date().isoformat()
    columns = [x.get("name") for x in _fields(info)]
    return json.dumps([edited, count, columns, bounds, _query(info, bounds)["f"]])


def _head(info: Mapping[str, Any], form: str) -> dict[str, Any]:
    if form == "geojson":
        return GEOJSON_HEAD
    types = {_DATE: "esriFieldTypeString"}  # they are written as ISO text
    fields = [{"name": x["name"], "type": types.get(x["type"], x["type"])} for x in _fields(info)]
    return {
        "geometryType": info.get("geometryType"),
        "spatialReference": {"wkid": 4326},
        "fields": fields,
    }


def _fields(info: Mapping[str, Any]) -> list[dict[str, Any]]:
    return [
        x
        for x in dicts(info, "fields")
        if isinstance(x.get("name"), str) and isinstance(x.get("type"), str)
    ]


def _with_dates(feature: dict[str, Any], info: Mapping[str, Any]) -> dict[str, Any]:
    """Write dates, which ArcGIS gives as milliseconds since 1970, as ISO text."""
    part = "properties" if "properties" in feature else "attributes"
    values = feature.get(part)
    dates = [x["name"] for x in _fields(info) if x["type"] == _DATE]
    if not dates or not isinstance(values, dict):
        return feature
    written = {x: _iso(values[x]) for x in dates if isinstance(values.get(x), int | float)}
    return {**feature, part: {**values, **written}}


def _iso(milliseconds: float) -> str:
    try:
        moment = _EPOCH + timedelta(milliseconds=milliseconds)
    except OverflowError:
        return str(milliseconds)
    text = moment.isoformat(timespec="seconds").removesuffix("+00:00")
    return text.removesuffix("T00:00:00")
