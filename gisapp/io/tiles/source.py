"""What every source of tiles offers, whatever it reads."""

from __future__ import annotations

import html
import re
from typing import NamedTuple, Protocol

from gisapp.core.errors import GisappError
from gisapp.core.words import _

# A tile of 512 × 512 pixels as PNG has some 200 kB; what is larger is no tile.
MAX_TILE_BYTES = 2 * 2**20
MAX_ZOOM = 24
_ATTRIBUTION_MAX = 300

LonLatBounds = tuple[float, float, float, float]


class TileId(NamedTuple):
    """A tile in the scheme of the web: `y` grows downward from the north."""

    z: int
    x: int
    y: int

    def ancestor(self, levels: int) -> TileId:
        """Return the tile `levels` zoom levels up that holds this one."""
        return TileId(self.z - levels, self.x >> levels, self.y >> levels)


class TileSource(Protocol):
    """Tiles of the web mercator grid; safe to ask from several threads.

    Attributes
    ----------
    title : str
        What a user calls it.
    min_zoom, max_zoom : int
        The levels it has.
    tile_px : int
        Side of a tile in pixels.
    bounds : tuple of float
        West, south, east, north in degrees: outside it has nothing.
    attribution : str
        Plain text to be written on the map; may be empty.
    """

    title: str
    min_zoom: int
    max_zoom: int
    tile_px: int
    bounds: LonLatBounds
    attribution: str

    def tile(self, tile: TileId) -> bytes | None:
        """Return the picture (PNG, JPEG or WebP) of one tile; None where there is none.

        Raises
        ------
        GisappError
            Where the source cannot be read now.
        """

    def close(self) -> None:
        """Let its file or connections go."""


WORLD: LonLatBounds = (-180.0, -85.0511287798066, 180.0, 85.0511287798066)


def is_picture(content: bytes) -> bool:
    """Tell PNG, JPEG and WebP from all else by their first bytes."""
    return content.startswith((b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff")) or (
        content[:4] == b"RIFF" and content[8:12] == b"WEBP"
    )


def plain_attribution(text: str) -> str:
    """Return an attribution without the markup that tile files and catalogues carry."""
    plain = html.unescape(re.sub(r"<[^<>]*>", " ", text)).replace("(C)", "©")
    return " ".join(plain.split())[:_ATTRIBUTION_MAX]


def vector_tiles_refused(path: object) -> GisappError:
    """Return the error for a file whose tiles are no pictures."""
    return GisappError(
        _("{path} holds vector tiles, which gisapp cannot draw.").format(path=path),
        _("Choose a file of raster tiles (PNG, JPEG or WebP), or have this one rendered to some."),
    )


def unreadable_tiles(path: object, reason: object) -> GisappError:
    """Return the error for a tile file that cannot be read."""
    return GisappError(
        _("{path} cannot be read as map tiles: {reason}.").format(path=path, reason=reason),
        _("Choose another MBTiles or PMTiles file, or another basemap."),
    )
