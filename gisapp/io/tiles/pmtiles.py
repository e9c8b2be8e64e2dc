"""PMTiles 3: tiles in one file behind a directory. The file is not trusted."""

from __future__ import annotations

import json
import re
import threading
import zlib
from collections import OrderedDict
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from pmtiles.tile import (
    Compression,
    Entry,
    MagicNumberNotFound,
    SpecVersionUnsupported,
    TileType,
    deserialize_directory,
    deserialize_header,
    find_tile,
    zxy_to_tileid,
)

from gisapp.core.causes import why
from gisapp.core.words import _
from gisapp.io.tiles.source import (
    MAX_TILE_BYTES,
    MAX_ZOOM,
    WORLD,
    TileId,
    plain_attribution,
    unreadable_tiles,
    vector_tiles_refused,
)

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

_RASTER = frozenset({TileType.PNG, TileType.JPEG, TileType.WEBP})
_HEADER_BYTES = 127
# What a directory or the metadata may unpack to; go-pmtiles writes directories of some 30 kB.
_UNPACKED_MAX = 2**20
_DEPTH = 4
_DIRECTORIES_KEPT = 16
# A number of 64 bits takes ten bytes; the library would read one of a mebibyte for minutes.
_ENDLESS_NUMBER = re.compile(rb"[\x80-\xff]{10}")
_DEGREES = 1e-7


class PMTiles:
    """The tiles of one file; see `TileSource`.

    Raises
    ------
    GisappError
        Where the file cannot be read or holds vector tiles.
    """

    tile_px = 256

    def __init__(self, path: Path) -> None:
        self.path, self.title = path, path.stem
        self._lock = threading.Lock()
        self._directories: OrderedDict[int, list[Entry]] = OrderedDict()
        with _refusing(path):
            self._file = path.open("rb")
            try:
                self._understand()
            except BaseException:
                self._file.close()
                raise

    def tile(self, tile: TileId) -> bytes | None:
        """Return the picture of one tile; None where the file has none."""
        with self._lock, _refusing(self.path):
            entry = self._entry(zxy_to_tileid(*tile))
            if entry is None or not 0 < entry.length <= MAX_TILE_BYTES:
                return None
            return self._read(self._header["tile_data_offset"] + entry.offset, entry.length)

    def close(self) -> None:
        """Let the file go."""
        with self._lock:
            self._file.close()

    def _understand(self) -> None:
        header = deserialize_header(self._read(0, _HEADER_BYTES))
        if header["tile_type"] not in _RASTER:
            raise vector_tiles_refused(self.path)
        self._header = header
        self.min_zoom, self.max_zoom = (
            min(header[name], MAX_ZOOM) for name in ("min_zoom", "max_zoom")
        )
        west, south, east, north = (
            header[name] * _DEGREES
            for name in ("min_lon_e7", "min_lat_e7", "max_lon_e7", "max_lat_e7")
        )
        self.bounds = (west, south, east, north) if west < east and south < north else WORLD
        meta = self._metadata()
        self.title = str(meta.get("name") or "").strip()[:80] or self.title
        self.attribution = plain_attribution(str(meta.get("attribution") or ""))

    def _metadata(self) -> dict[str, Any]:
        if not self._header["metadata_length"]:
            return {}
        packed = self._read(self._header["metadata_offset"], self._header["metadata_length"])
        gzipped = self._header["internal_compression"] == Compression.GZIP
        said = json.loads(_unpacked(packed) if gzipped else packed)
        return said if isinstance(said, dict) else {}

    def _entry(self, tile_id: int) -> Entry | None:
        """Follow the directories to the entry of a tile."""
        offset, length = self._header["root_offset"], self._header["root_length"]
        for _level in range(_DEPTH):
            entry = find_tile(self._directory(offset, length), tile_id)
            if entry is None or entry.run_length:
                return entry
            offset = self._header["leaf_directory_offset"] + entry.offset
            length = entry.length
        return None

    def _directory(self, offset: int, length: int) -> list[Entry]:
        if offset not in self._directories:
            packed = self._read(offset, length)
            if _ENDLESS_NUMBER.search(_unpacked(packed)):  # the library looks at no limit
                raise ValueError(_("it is no PMTiles file"))
            self._directories[offset] = deserialize_directory(packed)
            if len(self._directories) > _DIRECTORIES_KEPT:
                self._directories.popitem(last=False)
        return self._directories[offset]

    def _read(self, offset: int, length: int) -> bytes:
        if length > MAX_TILE_BYTES:
            raise ValueError(_("a part of it is too large"))
        self._file.seek(offset)
        content = self._file.read(length)
        if len(content) != length:
            raise ValueError(_("it is cut off"))
        return content


def _unpacked(packed: bytes) -> bytes:
    """Unpack one gzip member, and refuse a second: the library would unpack that, too."""
    unpacker = zlib.decompressobj(wbits=zlib.MAX_WBITS | 16)
    content = unpacker.decompress(packed, _UNPACKED_MAX)
    if not unpacker.eof or unpacker.unused_data:
        raise ValueError(_("a part of it is too large"))
    return content


@contextmanager
def _refusing(path: Path) -> Iterator[None]:
    foreign = (MagicNumberNotFound, SpecVersionUnsupported, EOFError, zlib.error, KeyError)
    try:
        yield
    except OSError as error:
        raise unreadable_tiles(path, why(error)) from error
    except (*foreign, ValueError, OverflowError, RecursionError) as error:
        ours = type(error) is ValueError  # raised above, in words
        raise unreadable_tiles(
            path, error if ours else _("it is damaged, or not of the kind that it seems")
        ) from error
