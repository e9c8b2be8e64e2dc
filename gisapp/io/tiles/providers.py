"""Who gives tiles on the internet: the catalogue of xyzservices, as far as gisapp can use it."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from gisapp.core.errors import GisappError
from gisapp.core.words import _
from gisapp.io.tiles.source import (
    MAX_ZOOM,
    WORLD,
    LonLatBounds,
    TileId,
    plain_attribution,
)

if TYPE_CHECKING:
    from collections.abc import Mapping

    from xyzservices import TileProvider

# What most will want, first: streets, plain ground, imagery, relief.
RECOMMENDED = (
    "OpenStreetMap.Mapnik",
    "OpenStreetMap.HOT",
    "Esri.WorldGrayCanvas",
    "Esri.WorldImagery",
    "Esri.WorldTopoMap",
    "OpenTopoMap",
    "CyclOSM",
)
_LATEST_WITHOUT_LIMIT = 18


@dataclass(frozen=True)
class Provider:
    """One layer of tiles that can be asked for without a key."""

    name: str
    attribution: str
    min_zoom: int
    max_zoom: int
    bounds: LonLatBounds
    template: str

    @property
    def host(self) -> str:
        """Whom a request goes to."""
        return urlsplit(self.url(TileId(0, 0, 0))).hostname or ""

    def url(self, tile: TileId) -> str:
        """Return the address of one tile."""
        marks = {"{z}": tile.z, "{x}": tile.x, "{y}": tile.y}
        address = self.template
        for mark, value in marks.items():
            address = address.replace(mark, str(value))
        return address


@cache
def providers() -> Mapping[str, Provider]:
    """Return every provider that gisapp can use, the recommended ones first, then by name.

    Left out are those that need a key, another grid than web mercator, or an unencrypted line.
    """
    import xyzservices

    entries = xyzservices.providers.flatten()
    usable = {
        name: provider
        for name, entry in entries.items()
        if (provider := _usable(name, entry)) is not None
    }
    order = [*(x for x in RECOMMENDED if x in usable), *sorted(usable)]
    return {name: usable[name] for name in dict.fromkeys(order)}


def provider(name: str) -> Provider:
    """Return the provider called `name`.

    Raises
    ------
    GisappError
        Where there is none of that name that gisapp can use.
    """
    found = providers().get(name)
    if found is None:
        raise GisappError(
            _("There is no tile provider called {name} that gisapp can use.").format(name=name),
            _("Choose another basemap in the map menu."),
        )
    return found


def _usable(name: str, entry: TileProvider) -> Provider | None:
    other_grid = {"crs", "tms", "tileSize", "zoomOffset", "time"} & set(entry)
    if other_grid or entry.requires_token() or entry.get("status") == "broken":
        return None
    template = entry.build_url(x="{x}", y="{y}", z="{z}", fill_subdomain=True)
    plain = all(template.count(mark) == 1 for mark in ("{x}", "{y}", "{z}"))
    if not plain or template.count("{") != 3 or not template.startswith("https://"):
        return None
    return Provider(
        name=name,
        attribution=plain_attribution(entry["attribution"]),
        min_zoom=int(entry.get("min_zoom", 0)),
        max_zoom=min(int(entry.get("max_zoom", _LATEST_WITHOUT_LIMIT)), MAX_ZOOM),
        bounds=_bounds(entry),
        template=template,
    )


def _bounds(entry: TileProvider) -> LonLatBounds:
    if "bounds" not in entry:
        return WORLD
    (south, west), (north, east) = entry["bounds"]
    return float(west), float(south), float(east), float(north)
