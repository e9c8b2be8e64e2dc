"""Tiles as images: decoded with limits, the last used ones kept."""

from __future__ import annotations

import threading
from collections import OrderedDict
from typing import TYPE_CHECKING

from PySide6.QtCore import QBuffer, QByteArray, QIODevice
from PySide6.QtGui import QImage, QImageReader

from gisapp.io.tiles.source import is_picture

if TYPE_CHECKING:
    from gisapp.io.tiles.source import TileId

# A screen of 4K takes some 150 tiles, a sheet of A3 some 100; 64 MB in all.
KEPT = 256
_SIDE_MAX_PX = 1024
_FORMATS = frozenset({b"png", b"jpeg", b"webp"})


class TileImages:
    """The decoded tiles of one source; safe from several threads.

    `broken` counts tiles that were no picture of a tile's size; they are not asked for again.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._images: OrderedDict[TileId, QImage] = OrderedDict()
        self._empty: set[TileId] = set()
        self.broken = 0

    def get(self, tile: TileId) -> QImage | None:
        """Return a tile's image where it is at hand."""
        with self._lock:
            image = self._images.get(tile)
            if image is not None:
                self._images.move_to_end(tile)
            return image

    def settled(self, tile: TileId) -> bool:
        """Say whether asking for the tile brings nothing new."""
        with self._lock:
            return tile in self._images or tile in self._empty

    def take(self, tile: TileId, content: bytes | None) -> None:
        """Decode and keep what came for a tile; None: there is nothing."""
        image = None if content is None else decoded(content)
        with self._lock:
            if image is None:
                self._empty.add(tile)
                self.broken += content is not None
                return
            self._images[tile] = image
            while len(self._images) > KEPT:
                self._images.popitem(last=False)


def decoded(content: bytes) -> QImage | None:
    """Return a tile's picture; None for what is none, or is larger than any tile."""
    if not is_picture(content):
        return None
    buffer = QBuffer()
    buffer.setData(QByteArray(content))
    buffer.open(QIODevice.OpenModeFlag.ReadOnly)
    reader = QImageReader(buffer)
    size = reader.size()
    fits = 0 < size.width() <= _SIDE_MAX_PX and 0 < size.height() <= _SIDE_MAX_PX
    if not fits or bytes(reader.format().data()) not in _FORMATS:
        return None
    image = reader.read()
    if image.isNull():
        return None
    return image.convertToFormat(QImage.Format.Format_ARGB32_Premultiplied)
