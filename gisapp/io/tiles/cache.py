"""Tiles from the internet kept on disk: within a limit, the least recently used go first.

The file may be shared by several windows and may break; a tile that cannot be kept or found is
only asked for again.
"""

from __future__ import annotations

import contextlib
import sqlite3
import threading
import time
from dataclasses import dataclass
from itertools import accumulate
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from gisapp.io.tiles.source import TileId

Answer = TypeVar("Answer")

_SCHEMA = """
CREATE TABLE IF NOT EXISTS tiles (
    source TEXT, z INTEGER, x INTEGER, y INTEGER,
    content BLOB NOT NULL, etag TEXT NOT NULL, fresh_until REAL NOT NULL, used_at REAL NOT NULL,
    PRIMARY KEY (source, z, x, y)
);
CREATE INDEX IF NOT EXISTS tiles_by_use ON tiles (used_at);
"""
_AT = "source = ? AND z = ? AND x = ? AND y = ?"
# Making room down to this share of the limit spares doing so for every tile.
_ROOM = 0.9
# What a row takes besides its picture.
_ROW_BYTES = 150
_USED_AGAIN_S = 600.0


@dataclass(frozen=True)
class CachedTile:
    """A tile as it was received; past `fresh_until` (seconds since 1970) it is asked for anew."""

    content: bytes
    etag: str
    fresh_until: float


class TileCache:
    """Tiles of all sources in one SQLite file of at most `limit_mb`; safe from several threads."""

    def __init__(self, path: Path, limit_mb: float, now: Callable[[], float] = time.time) -> None:
        self._path, self._limit, self._now = path, int(limit_mb * 2**20), now
        self._lock = threading.Lock()
        self._connection: sqlite3.Connection | None = None
        self._closed = False

    def get(self, source: str, tile: TileId) -> CachedTile | None:
        """Return a kept tile, stale or fresh."""
        with self._lock:
            return self._tried(lambda db: self._get(db, (source, *tile)))

    def put(self, source: str, tile: TileId, kept: CachedTile) -> None:
        """Keep a tile in the place of the one that was kept, and make room."""
        with self._lock:
            self._tried(lambda db: self._put(db, (source, *tile), kept))

    def size_bytes(self) -> int:
        """Return what the kept tiles take."""
        with self._lock:
            return self._tried(_size) or 0

    def clear(self) -> None:
        """Forget every tile and give the disk back."""
        with self._lock:
            self._tried(lambda db: db.executescript("DELETE FROM tiles; VACUUM;"))

    def close(self) -> None:
        """Let the file go; after it nothing is found and nothing kept."""
        with self._lock:
            self._closed = True
            self._close()

    def _tried(self, work: Callable[[sqlite3.Connection], Answer]) -> Answer | None:
        """Do `work`; where the file is broken, begin a new one; where it is busy, do without."""
        if self._closed:  # by a thread that was asked before and comes late
            return None
        try:
            return work(self._opened())
        except sqlite3.OperationalError:  # locked, full, read-only: the next tile may fare better
            self._close()
        except sqlite3.DatabaseError:
            self._close()
            with contextlib.suppress(OSError):
                self._path.unlink()
        except OSError:
            self._close()
        return None

    def _opened(self) -> sqlite3.Connection:
        if self._connection is None:
            self._path.parent.mkdir(parents=True, exist_ok=True)
            connection = sqlite3.connect(self._path, timeout=1.0, check_same_thread=False)
            connection.isolation_level = None
            self._connection = connection
            connection.execute("PRAGMA auto_vacuum=FULL")
            connection.execute("PRAGMA synchronous=OFF")  # losing a tile costs asking for it again
            connection.executescript(_SCHEMA)
        return self._connection

    def _close(self) -> None:
        if self._connection is not None:
            self._connection.close()
            self._connection = None

    def _get(self, db: sqlite3.Connection, at: tuple[str, int, int, int]) -> CachedTile | None:
        row = db.execute(
            f"SELECT content, etag, fresh_until, used_at FROM tiles WHERE {_AT}",  # noqa: S608
            at,
        ).fetchone()
        if row is None:
            return None
        content, etag, fresh_until, used_at = row
        if self._now() - used_at > _USED_AGAIN_S:
            db.execute(f"UPDATE tiles SET used_at = ? WHERE {_AT}", (self._now(), *at))  # noqa: S608
        return CachedTile(bytes(content), str(etag), float(fresh_until))

    def _put(self, db: sqlite3.Connection, at: tuple[str, int, int, int], kept: CachedTile) -> None:
        db.execute(
            "INSERT OR REPLACE INTO tiles VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
            (*at, kept.content, kept.etag, kept.fresh_until, self._now()),
        )
        if _size(db) > self._limit:
            self._make_room(db)

    def _make_room(self, db: sqlite3.Connection) -> None:
        """Forget what was used longest ago until the rest takes `_ROOM` of the limit."""
        excess = _size(db) - self._limit * _ROOM
        oldest = db.execute("SELECT rowid, length(content) FROM tiles ORDER BY used_at").fetchall()
        sizes = accumulate(size + _ROW_BYTES for _row, size in oldest)
        gone = [
            (row,)
            for (row, _bytes), before in zip(oldest, (0, *sizes), strict=False)
            if before < excess
        ]
        with db:
            db.execute("BEGIN")
            db.executemany("DELETE FROM tiles WHERE rowid = ?", gone)


def _size(db: sqlite3.Connection) -> int:
    (pages,), (page_bytes,) = (
        db.execute(f"PRAGMA {name}").fetchone() for name in ("page_count", "page_size")
    )
    return int(pages * page_bytes)
