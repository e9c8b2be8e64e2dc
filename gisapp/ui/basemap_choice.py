"""What can be chosen as a basemap and what that tells whom, without Qt."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gisapp.core.words import _
from gisapp.io.tiles.providers import RECOMMENDED, Provider, providers

if TYPE_CHECKING:
    from pathlib import Path

    from gisapp.io.tiles.source import LonLatBounds
    from gisapp.render.viewport import Viewport


def found_providers(query: str, around: LonLatBounds | None) -> list[Provider]:
    """Return the providers with every word of `query` in name or attribution that show `around`.

    The recommended ones come first; without a query they are all there is.
    """
    words = query.casefold().split()
    return [
        provider
        for provider in providers().values()
        if (words or provider.name in RECOMMENDED)
        and all(word in f"{provider.name} {provider.attribution}".casefold() for word in words)
        and (around is None or _meet(provider.bounds, around))
    ]


def what_it_learns(provider: Provider) -> str:
    """Return what a user must know before agreeing to ask `provider`."""
    return _(
        "To show this basemap, gisapp asks {host} for pictures of the part of the map you look "
        "at, whenever you look at a part that is not kept on this computer. So {host} learns "
        "your internet address (IP), which places you look at, how closely, and when. It "
        "learns nothing of your layers. Nobody is asked until you agree; you can take it back "
        "here at any time."
    ).format(host=provider.host)


def stored_path(path: Path, folder: Path | None) -> str:
    """Return how a project in `folder` names a tile file: from its folder where it lies in it."""
    path = path.resolve()
    if folder is not None and path.is_relative_to(folder.resolve()):
        return path.relative_to(folder.resolve()).as_posix()
    return str(path)


def seen_area(viewport: Viewport | None, crs: str) -> LonLatBounds | None:
    """Return what the map shows in degrees; None where nothing is shown."""
    from pyproj import Transformer

    if viewport is None:
        return None
    to_degrees = Transformer.from_crs(crs, "EPSG:4326", always_xy=True)
    west, south, east, north = to_degrees.transform_bounds(*viewport.bounds)
    return west, south, east, north


def _meet(one: LonLatBounds, other: LonLatBounds) -> bool:
    return one[0] < other[2] and other[0] < one[2] and one[1] < other[3] and other[1] < one[3]
