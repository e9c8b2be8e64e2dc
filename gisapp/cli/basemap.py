"""The basemap of a picture made without a window: nobody is asked unless the user said so here."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

from gisapp.cli.printing import note
from gisapp.core.errors import GisappError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from gisapp.core.basemap import Basemap
    from gisapp.io.tiles.source import TileSource

_PICTURES = frozenset({".png", ".svg", ".pdf"})


@contextmanager
def tiles_for(
    file: Path, basemap: Basemap, project: Path, *, asks: bool
) -> Iterator[TileSource | None]:
    """Give the tiles of the `project`'s basemap for a picture to be written to `file`.

    Parameters
    ----------
    asks : bool
        Whether its provider may be asked, if the user agreed to that in the window. Else tiles of
        a file or such as were kept are shown, and what cannot be shown is noted.

    Raises
    ------
    GisappError
        Where asking is wanted and not allowed, or the basemap cannot be read then.
    """
    from gisapp.io.tiles.choices import load_choices
    from gisapp.io.tiles.opening import open_basemap

    tiles = None
    if file.suffix.lower() in _PICTURES:
        try:
            tiles = open_basemap(basemap, load_choices(), project.resolve().parent, asks=asks)
        except GisappError as error:
            if asks:
                raise
            note(error)
    try:
        yield tiles
    finally:
        if tiles is not None:
            tiles.close()
