"""The one door to a basemap's tiles: nothing is opened or asked that its user did not allow.

A project comes from anybody. That it names a provider or a file is a wish, not a permission: the
permission is the user's (`choices`). Only a file in the project's own folder is opened without,
because it came along with the project as its other files did.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from gisapp.core.causes import why
from gisapp.core.errors import GisappError
from gisapp.core.words import _
from gisapp.io.folders import cache_folder
from gisapp.io.tiles.cache import TileCache
from gisapp.io.tiles.mbtiles import MBTiles
from gisapp.io.tiles.online import OnlineTiles
from gisapp.io.tiles.pmtiles import PMTiles
from gisapp.io.tiles.providers import provider
from gisapp.io.tiles.source import unreadable_tiles

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from gisapp.core.basemap import Basemap
    from gisapp.io.tiles.choices import BasemapChoices
    from gisapp.io.tiles.source import TileSource

_MAGIC: Mapping[bytes, Callable[[Path], TileSource]] = {
    b"SQLite format 3\x00": MBTiles,
    b"PMTiles": PMTiles,
}


def open_basemap(
    basemap: Basemap, choices: BasemapChoices, folder: Path | None, *, asks: bool = True
) -> TileSource | None:
    """Return the tiles of a basemap; None for one that has no tiles.

    Parameters
    ----------
    basemap : Basemap
    choices : BasemapChoices
        What the user of this machine allowed.
    folder : Path, optional
        Where the project lies; None for one that was never saved.
    asks : bool
        Whether a provider that the user agreed to may be asked; else only its kept tiles show.

    Raises
    ------
    GisappError
        Where the user has not allowed it, and where it is not there or cannot be read.
    """
    if basemap.kind == "tiles":
        return _online(basemap.name, choices, asks=asks)
    if basemap.kind == "file":
        return _chosen_file(basemap.name, choices, folder)
    return None


def open_tile_file(path: Path) -> TileSource:
    """Return the tiles of an MBTiles or PMTiles file; the content says which it is.

    Raises
    ------
    GisappError
        Where it is neither, is damaged, or holds vector tiles.
    """
    try:
        with path.open("rb") as file:
            head = file.read(16)
    except OSError as error:
        raise unreadable_tiles(path, why(error)) from error
    for magic, kind in _MAGIC.items():
        if head.startswith(magic):
            return kind(path)
    raise unreadable_tiles(path, _("it is neither MBTiles nor PMTiles"))


def tile_cache(choices: BasemapChoices) -> TileCache:
    """Return the tiles that were kept on this machine."""
    return TileCache(cache_folder() / "tiles.sqlite", choices.cache_mb)


def _online(name: str, choices: BasemapChoices, *, asks: bool) -> TileSource:
    if asks and not choices.allows_provider(name):
        raise GisappError(
            _(
                "The basemap of this project, {name}, comes from the internet and was not asked "
                "for: you have not agreed to that."
            ).format(name=name),
            _("Choose it under Map › Basemap to be told what its provider learns, and agree."),
        )
    return OnlineTiles(provider(name), tile_cache(choices), asks=asks)


def _chosen_file(name: str, choices: BasemapChoices, folder: Path | None) -> TileSource:
    path = Path(name)
    # Only compared, not looked for: merely resolving a share's path would call its server.
    allowed = str(path) in choices.files
    if not allowed and folder is not None and not path.is_absolute() and "\0" not in name:
        path = (folder / path).resolve()
        allowed = path.is_relative_to(folder.resolve())
    if not allowed:
        raise GisappError(
            _(
                "The basemap of this project, {path}, was not opened: it lies outside the "
                "project's folder and you have not chosen it."
            ).format(path=name),
            _("Choose the file under Map › Basemap, or put it into the project's folder."),
        )
    return open_tile_file(path)
