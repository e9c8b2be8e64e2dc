"""OGC API – Features: collections whose items are linked page by page."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from gisapp.io.services.collecting import GEOJSON_HEAD, Collection, features_of, repeating
from gisapp.io.services.service import (
    Listing,
    ServiceLayer,
    Stepping,
    as_layer,
    dicts,
    incomplete,
)

if TYPE_CHECKING:
    from pathlib import Path

    from gisapp.core.progress import Progress
    from gisapp.io.services.http import Door, Tick
    from gisapp.io.services.service import Bounds
    from gisapp.io.source import RawTable

# Its landing page has no mark of its own: what no other service is, may be one.
MARK = re.compile(r"^(?P<service>.+?)(?:/collections(?:/(?P<layer>[^/?]+).*)?)?/?(?:\?.*)?$")
FEATURES_A_PAGE = 1000
_ITEMS = "application/geo+json, application/json;q=0.9"
_CRS84 = "EPSG:4326"


class OgcApiService:
    """A service of feature collections, or one collection of it."""

    def __init__(self, door: Door, url: str) -> None:
        match = MARK.match(url)
        assert match is not None
        self._door, self._layer = door, match["layer"]
        self._collections = f"{match['service']}/collections"

    def listing(self, tick: Tick) -> Listing:
        """List the collections; of one, count the items and name their properties."""
        if self._layer is None:
            answer = self._door.json(self._collections, {}, tick)
            if not isinstance(answer, dict) or not isinstance(answer.get("collections"), list):
                raise self._door.no_service()
            return Listing(tuple(map(self._named, _of_features(answer))))
        layer = self._named(self._door.json(f"{self._collections}/{self._layer}", {}, tick))
        return Listing((self._looked_into(layer, tick),), alone=True)

    def fetch(
        self, layer: ServiceLayer, bounds: Bounds | None, folder: Path, progress: Progress
    ) -> Path:
        """Follow the links from page to page until there is no next one."""
        collection, tick = Collection(folder), Stepping(progress, layer)
        within = {"bbox": ",".join(map(str, bounds))} if bounds else {}
        url, params = f"{layer.address}/items", {"limit": FEATURES_A_PAGE, **within}
        seen: set[str] = set()
        while url:
            if url in seen:
                raise repeating()
            seen.add(url)
            answer = self._door.json(url, params, tick, _ITEMS)
            features = features_of(answer)
            if features is None:
                raise self._door.no_service()
            matched = answer.get("numberMatched")
            tick.total = matched if isinstance(matched, int) else 0
            if features:
                collection.add(features)
            tick.done = collection.done
            tick()
            following = _link(answer, "next") if features else ""
            url, params = self._door.resolve(following, url) if following else "", {}
        if tick.total and collection.done != tick.total:
            raise incomplete(self._door.host, collection.done, tick.total)
        return collection.finish(folder / "layer.geojson", GEOJSON_HEAD)

    def tables(self, read: tuple[RawTable, ...], layer: ServiceLayer) -> tuple[RawTable, ...]:
        """Return the file's one table under the layer's name."""
        return as_layer(read, layer)

    def _named(self, collection: Any) -> ServiceLayer:
        name = collection.get("id") if isinstance(collection, dict) else None
        if not isinstance(name, str) or not name:
            raise self._door.no_service()
        return ServiceLayer(name, f"{self._collections}/{quote(name, safe='')}", crs=_CRS84)

    def _looked_into(self, layer: ServiceLayer, tick: Tick) -> ServiceLayer:
        answer = self._door.json(f"{layer.address}/items", {"limit": 1}, tick, _ITEMS)
        features = features_of(answer)
        if features is None:
            raise self._door.no_service()
        matched = answer.get("numberMatched")
        first = features[0] if features else {}
        geometry, properties = first.get("geometry"), first.get("properties")
        return ServiceLayer(
            layer.name,
            layer.address,
            features=matched if isinstance(matched, int) else None,
            geometry=str(geometry.get("type")) if isinstance(geometry, dict) else "",
            crs=layer.crs,
            columns=tuple(properties) if isinstance(properties, dict) else (),
        )


def _of_features(answer: dict[str, Any]) -> list[dict[str, Any]]:
    """Leave out coverages and other collections without items."""
    found = dicts(answer, "collections")
    return [x for x in found if x.get("itemType", "feature") == "feature" and _link(x, "items")]


def _link(answer: Any, relation: str) -> str:
    """Return where a link of an answer leads to; empty where there is none of this relation."""
    links = [x for x in dicts(answer, "links") if x.get("rel") == relation]
    links.sort(key=lambda x: "geo+json" not in str(x.get("type")))
    return str(links[0].get("href", "")) if links else ""
