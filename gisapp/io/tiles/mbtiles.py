"""MBTiles 1.3: tiles in SQLite, rows counted from the south. The file is not trusted."""

from __future__ import annotations

import math
import sqlite3
import threading
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from gisapp.core.words import _
from gisapp.io.tiles.source import (
    MAX_TILE_BYTES,
    MAX_ZOOM,
    WORLD,
    LonLatBounds,
    TileId,
    is_picture,
    plain_attribution,
    unreadable_tiles,
    vector_tiles_refused,
)

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

_RASTER = frozenset({"png", "jpg", "jpeg", "webp", "image/png", "image/jpeg", "image/webp"})
# A row of tiles made by a view may claim any size; this much is ever held.
_VALUE_MAX_BYTES = 4 * MAX_TILE_BYTES
# Attributions and names are short; vector tiles say megabytes here.
_SAID_MAX = 2_000
# SQLite steps before a query is given up: a view that recurses would otherwise never end.
_STEPS, _PATIENCE = 100_000, 100


class MBTiles:
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
        with _refusing(path):
            self._connection = _opened(path)
            try:
                self._understand()
            except BaseException:
                self._connection.close()
                raise

    def tile(self, tile: TileId) -> bytes | None:
        """Return the picture of one tile; None where the file has none."""
        query = (
            "SELECT tile_data FROM tiles WHERE zoom_level = ? AND tile_column = ? "
            "AND tile_row = ? AND length(tile_data) <= ?"
        )
        row = 2**tile.z - 1 - tile.y
        with _refusing(self.path):
            return _picture(self._ask(query, tile.z, tile.x, row, MAX_TILE_BYTES))

    def close(self) -> None:
        """Let the file go."""
        with self._lock:
            self._connection.close()

    def _understand(self) -> None:
        """Read what the file says of itself; where it is silent, look at its tiles."""
        stated = self._ask(
            "SELECT substr(name, 1, ?1), substr(value, 1, ?1) FROM metadata LIMIT 100", _SAID_MAX
        )
        meta = {str(name): str(value) for name, value in stated}
        sample = self._ask("SELECT tile_data FROM tiles LIMIT 1")
        pictures = not sample or is_picture(_picture(sample) or b"")
        if meta.get("format", "png").lower() not in _RASTER or not pictures:
            raise vector_tiles_refused(self.path)
        (levels,) = self._ask("SELECT min(zoom_level), max(zoom_level) FROM tiles")
        self.min_zoom, self.max_zoom = (min(max(int(z or 0), 0), MAX_ZOOM) for z in levels)
        self.bounds = _bounds(meta)
        self.title = meta.get("name", "").strip()[:80] or self.title
        self.attribution = plain_attribution(meta.get("attribution", ""))

    def _ask(self, query: str, *values: int) -> list[tuple[Any, ...]]:
        with self._lock:
            tries = iter(range(_PATIENCE))
            self._connection.set_progress_handler(lambda: next(tries, None) is None, _STEPS)
            return self._connection.execute(query, values).fetchall()


def _picture(rows: list[tuple[Any, ...]]) -> bytes | None:
    return rows[0][0] if rows and isinstance(rows[0][0], bytes) else None


def _opened(path: Path) -> sqlite3.Connection:
    uri = path.absolute().as_uri() + "?mode=ro&immutable=1"
    connection = sqlite3.connect(uri, uri=True, check_same_thread=False)
    connection.setlimit(sqlite3.SQLITE_LIMIT_LENGTH, _VALUE_MAX_BYTES)
    connection.execute("PRAGMA trusted_schema=OFF")
    connection.execute("PRAGMA cell_size_check=ON")
    return connection


def _bounds(meta: Mapping[str, str]) -> LonLatBounds:
    try:
        west, south, east, north = map(float, meta.get("bounds", "").split(","))
    except ValueError:
        return WORLD
    sane = all(map(math.isfinite, (west, south, east, north))) and west < east and south < north
    return (west, south, east, north) if sane else WORLD


@contextmanager
def _refusing(path: Path) -> Iterator[None]:
    try:
        yield
    except (sqlite3.Error, ValueError, TypeError, OverflowError) as error:
        raise unreadable_tiles(
            path, _("it is damaged, or not of the kind that it seems")
        ) from error
