"""Web feature services, 1.0 to 2.0: JSON page by page where it is offered, else GML."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qsl, urlsplit
from xml.etree import ElementTree

from gisapp.core.errors import GisappError
from gisapp.core.words import _
from gisapp.io.services.collecting import (
    GEOJSON_HEAD,
    Collection,
    features_of,
    refuse_beyond,
    repeating,
)
from gisapp.io.services.http import MOST_PAGE_BYTES, with_params
from gisapp.io.services.service import (
    Listing,
    ServiceLayer,
    Stepping,
    as_layer,
    incomplete,
    not_offered,
    nothing_there,
)

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from pathlib import Path

    from gisapp.core.progress import Progress
    from gisapp.io.services.http import Door, Tick
    from gisapp.io.services.service import Bounds
    from gisapp.io.source import RawTable

MARK = re.compile(r"[?&]service=wfs\b|/(?:wfs|ows)/?(?:\?|$)", re.IGNORECASE)
FEATURES_A_PAGE = 2000
_XML = "application/xml, text/xml;q=0.9"
_CRS = re.compile(r"EPSG(?:/0/|:[\d.]*:|:|#|\.xml#)(\d+)$", re.IGNORECASE)
_GEOMETRIES = {
    "Point": "Point",
    "MultiPoint": "MultiPoint",
    "Curve": "LineString",
    "LineString": "LineString",
    "MultiCurve": "MultiLineString",
    "MultiLineString": "MultiLineString",
    "Surface": "Polygon",
    "Polygon": "Polygon",
    "MultiSurface": "MultiPolygon",
    "MultiPolygon": "MultiPolygon",
    "Geometry": "Unknown",
}
_GML_TYPE = re.compile(r"gml:(\w+?)PropertyType$|gml:(\w+?)AssociationType$")
_GML = frozenset({"http://www.opengis.net/gml", "http://www.opengis.net/gml/3.2"})
_MEMBERS = frozenset({"member", "featureMember", "featureMembers"})
_REFUSAL = re.compile(rb"<(?:\w+:)?(?:Service)?ExceptionReport\b")
_HEAD_BYTES = 4096


@dataclass(frozen=True)
class _Capabilities:
    """What a server says of itself: its version, formats of features, and layers."""

    version: str
    formats: tuple[str, ...]
    layers: tuple[ServiceLayer, ...]

    @property
    def pages(self) -> bool:
        """Whether it can be asked from a feature on."""
        return self.version.startswith("2")

    @property
    def json(self) -> str:
        """Its name of GeoJSON; empty where it has none."""
        found = [x for x in self.formats if re.search(r"json", x) and "javascript" not in x]
        return min(found, key=lambda x: (x != "application/json", x), default="")


class WfsService:
    """A web feature service, or one feature type of it."""

    def __init__(self, door: Door, url: str) -> None:
        self._door = door
        self._expected: int | None = None
        asked = {k.lower(): v for k, v in parse_qsl(urlsplit(url).query)}
        self._layer = asked.get("typenames") or asked.get("typename") or ""
        # What belongs to the server (a map file, a workspace) stays in its address.
        own = [k for k, _value in parse_qsl(urlsplit(url).query, True) if k.lower() not in _ASKED]
        kept = {k: v for k, v in parse_qsl(urlsplit(url).query, True) if k in own}
        self._url = with_params(url.partition("?")[0], kept).rstrip("?")

    def listing(self, tick: Tick) -> Listing:
        """List the feature types; of one, count the features and name their properties."""
        capabilities = self._capabilities(tick)
        if not self._layer:
            return Listing(capabilities.layers)
        layer = self._one(capabilities, self._layer)
        described = self._described(layer, capabilities, tick)
        features = self._count(layer, capabilities, None, tick)
        return Listing((replace(described, features=features),), alone=True)

    def fetch(
        self, layer: ServiceLayer, bounds: Bounds | None, folder: Path, progress: Progress
    ) -> Path:
        """Bring a feature type in the format and by the pages that the server knows."""
        tick = Stepping(progress, layer)
        capabilities = self._capabilities(tick)
        count = self._count(layer, capabilities, bounds, tick)
        tick.total = count or 0
        query = {**_type(layer, capabilities), **_within(bounds, capabilities)}
        if not capabilities.pages:
            self._expected = count
            return self._fetch_whole(query, capabilities, folder, tick)
        if capabilities.json:
            return self._fetch_json(query, capabilities, folder, count, tick)
        return self._fetch_gml(layer, query, folder, count, tick)

    def tables(self, read: tuple[RawTable, ...], layer: ServiceLayer) -> tuple[RawTable, ...]:
        """Return the file's one table under the layer's name; refuse one that was cut short."""
        if self._expected is not None:
            self._compare(sum(len(x.columns) + len(x.unreadable) for x in read), self._expected)
        return as_layer(read, layer)

    def _fetch_whole(
        self, query: dict[str, Any], capabilities: _Capabilities, folder: Path, tick: Stepping
    ) -> Path:
        """Ask for everything at once: before 2.0 there are no pages."""
        form = capabilities.json
        as_json = {"outputFormat": form, "srsName": "EPSG:4326"} if form else {}
        path = folder / ("layer.json" if form else "layer.gml")
        asked = _params("GetFeature", capabilities.version, {**query, **as_json})
        with path.open("wb") as file:
            self._door.save(self._url, asked, file, tick)
        with path.open("rb") as file:
            if _REFUSAL.search(file.read(_HEAD_BYTES)):
                file.seek(0)
                self._parsed(file.read(MOST_PAGE_BYTES))
        return path

    def _fetch_json(
        self,
        query: dict[str, Any],
        capabilities: _Capabilities,
        folder: Path,
        count: int | None,
        tick: Stepping,
    ) -> Path:
        collection, head = Collection(folder), dict(GEOJSON_HEAD)
        query = {**query, "outputFormat": capabilities.json, "srsName": "EPSG:4326"}
        while count is None or collection.done < count:
            answer = self._page(query, collection.done, tick)
            features = features_of(answer)
            if features is None:
                raise self._door.no_service()
            if not features:
                break
            if "crs" in answer:
                head["crs"] = answer["crs"]
            collection.add(features)
            tick.done = collection.done
            tick()
        self._compare(collection.done, count)
        return collection.finish(folder / "layer.json", head)

    def _page(self, query: dict[str, Any], start: int, tick: Tick) -> Any:
        params = _params("GetFeature", "2.0.0", {**query, **_from(start)})
        content = self._door.text(self._url, params, tick, "application/json")
        if content.lstrip().startswith(b"<"):
            self._parsed(content)  # tells what the server refuses
        return self._door.parsed(content)

    def _fetch_gml(
        self,
        layer: ServiceLayer,
        query: dict[str, Any],
        folder: Path,
        count: int | None,
        tick: Stepping,
    ) -> Path:
        """Put the members of all pages into the first one's document, without holding them all."""
        path, done, last, closing = folder / "layer.gml", 0, b"", b""
        with path.open("wb") as file:
            while count is None or done < count:
                params = _params("GetFeature", "2.0.0", {**query, **_from(done)})
                page = self._parsed(self._door.text(self._url, params, tick, _XML))
                members = [x for x in page if _plain(x.tag) in _MEMBERS]
                if not members:
                    break
                if not closing:
                    opening, closing = _ends(page)
                    file.write(opening)
                written = _written(members)
                if written == last:
                    raise repeating()
                file.write(written)
                refuse_beyond(file.tell())
                last, done = written, done + len(members)
                tick.done = done
                tick()
            file.write(closing)
        self._compare(done, count)
        if not done:
            raise nothing_there(layer.name)
        return path

    def _compare(self, done: int, count: int | None) -> None:
        if count is not None and done != count:
            raise incomplete(self._door.host, done, count)

    def _capabilities(self, tick: Tick) -> _Capabilities:
        asked = _params("GetCapabilities", "2.0.0", {})
        root = self._parsed(self._door.text(self._url, asked, tick, _XML))
        if _plain(root.tag) != "WFS_Capabilities":
            raise self._door.no_service()
        layers = tuple(self._named(x) for x in root.iter() if _plain(x.tag) == "FeatureType")
        return _Capabilities(root.get("version", "1.0.0"), tuple(_formats(root)), layers)

    def _named(self, element: ElementTree.Element) -> ServiceLayer:
        texts = {_plain(x.tag): (x.text or "").strip() for x in element}
        stated = texts.get("DefaultCRS") or texts.get("DefaultSRS") or texts.get("SRS") or ""
        code = _CRS.search(stated)
        name = texts.get("Name", "")
        address = with_params(self._url, {"service": "WFS", "typeNames": name})
        return ServiceLayer(name, address, crs=f"EPSG:{code[1]}" if code else "")

    def _one(self, capabilities: _Capabilities, name: str) -> ServiceLayer:
        for layer in capabilities.layers:
            if name in (layer.name, layer.name.rpartition(":")[2]):
                return layer
        raise not_offered(name, tuple(x.name for x in capabilities.layers))

    def _described(
        self, layer: ServiceLayer, capabilities: _Capabilities, tick: Tick
    ) -> ServiceLayer:
        query = _params("DescribeFeatureType", capabilities.version, _type(layer, capabilities))
        root = self._parsed(self._door.text(self._url, query, tick, _XML))
        columns, geometry = [], "table"
        for element in (x for s in root.iter() if _plain(s.tag) == "sequence" for x in s):
            match = _GML_TYPE.search(element.get("type", ""))
            if match:
                geometry = _GEOMETRIES.get(match[1] or match[2], "Unknown")
            elif element.get("name"):
                columns.append(element.get("name", ""))
        return replace(layer, geometry=geometry, columns=tuple(columns))

    def _count(
        self, layer: ServiceLayer, capabilities: _Capabilities, bounds: Bounds | None, tick: Tick
    ) -> int | None:
        """Return the number of features; None where the server does not say."""
        if capabilities.version.startswith("1.0"):
            return None
        query = {**_type(layer, capabilities), **_within(bounds, capabilities)}
        asked = _params("GetFeature", capabilities.version, {**query, "resultType": "hits"})
        root = self._parsed(self._door.text(self._url, asked, tick, _XML))
        said = root.get("numberMatched") or root.get("numberOfFeatures") or ""
        return int(said) if re.fullmatch(r"[0-9]{1,15}", said) else None

    def _parsed(self, content: bytes) -> ElementTree.Element:
        """Parse XML that declares nothing of its own; raise what the server refuses."""
        if b"<!DOCTYPE" in content or b"<!ENTITY" in content or b"\0" in content:
            raise self._door.no_service()
        try:
            root = ElementTree.fromstring(content)  # it has no document type
        except (ElementTree.ParseError, LookupError, ValueError) as error:
            raise self._door.no_service() from error
        if "Exception" in _plain(root.tag):
            texts = " ".join(" ".join(root.itertext()).split())
            raise GisappError(
                _("{host} refuses: {reason}.").format(
                    host=self._door.host, reason=texts[:200].rstrip(".")
                ),
                _("Check the address and the layer's name, or try again later."),
            )
        return root


_ASKED = frozenset(
    {"service", "request", "version", "acceptversions", "typename", "typenames", "count"}
    | {"maxfeatures", "startindex", "outputformat", "srsname", "bbox", "resulttype"}
)


def _params(request: str, version: str, more: Mapping[str, Any]) -> dict[str, Any]:
    return {"service": "WFS", "version": version, "request": request, **more}


def _from(start: int) -> dict[str, int]:
    return {"startIndex": start, "count": FEATURES_A_PAGE}


def _type(layer: ServiceLayer, capabilities: _Capabilities) -> dict[str, str]:
    return {"typeNames" if capabilities.pages else "typeName": layer.name}


def _within(bounds: Bounds | None, capabilities: _Capabilities) -> dict[str, str]:
    if bounds is None:
        return {}
    west, south, east, north = bounds
    if capabilities.version.startswith("1.0"):
        return {"bbox": f"{west},{south},{east},{north},EPSG:4326"}
    # An EPSG code written as a URN puts the latitude first.
    return {"bbox": f"{south},{west},{north},{east},urn:ogc:def:crs:EPSG::4326"}


def _formats(root: ElementTree.Element) -> Iterator[str]:
    """Yield the names of the formats in which features are given."""
    for element in root.iter():
        if _plain(element.tag) == "ResultFormat":  # 1.0
            yield from (_plain(x.tag) for x in element)
        if element.get("name") == "outputFormat":
            yield from ((x.text or "").strip() for x in element.iter() if _plain(x.tag) == "Value")


def _ends(page: ElementTree.Element) -> tuple[bytes, bytes]:
    """Return what stands before and after the members of a collection.

    Readers know GML, and its identifiers, by its usual prefix.
    """
    # What the page says of itself, such as how many features it has, is not so of the whole.
    shell = ElementTree.Element(page.tag)
    for namespace in {_namespace(x.tag) for x in page.iter()} & _GML:
        ElementTree.register_namespace("gml", namespace)
        if namespace != _namespace(page.tag):
            shell.set("xmlns:gml", namespace)
    text = ElementTree.tostring(
        shell, encoding="utf-8", xml_declaration=True, short_empty_elements=False
    )
    opening, _mark, name = text.rpartition(b"</")
    return opening, b"</" + name + b"\n"


def _written(members: Sequence[ElementTree.Element]) -> bytes:
    return b"\n".join(ElementTree.tostring(x, encoding="utf-8") for x in members)


def _namespace(tag: str) -> str:
    return tag.partition("}")[0].lstrip("{")


def _plain(tag: str) -> str:
    """Return an element's name without its namespace."""
    return tag.rpartition("}")[2]
