"""Bringing tiles in the background, the newest wish first, so that nobody waits for a server."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

from gisapp.core.errors import GisappError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from gisapp.io.tiles.source import TileId, TileSource

WORKERS = 2


class Fetcher:
    """Asks one source for tiles on threads of its own.

    The threads are daemons: a dead server must not hold up the end of the program.

    Parameters
    ----------
    source : TileSource
        Closed by the last worker after `close`.
    arrived : callable
        Gets a tile and its content (None: the source has none), on a worker.
    failed : callable
        Gets what the source raised, on a worker; the other wishes are dropped then.
    """

    def __init__(
        self,
        source: TileSource,
        arrived: Callable[[TileId, bytes | None], None],
        failed: Callable[[GisappError], None],
    ) -> None:
        self._source, self._arrived, self._failed = source, arrived, failed
        self._wanted: list[TileId] = []
        self._under_way: set[TileId] = set()
        self._change = threading.Condition()
        self._telling = threading.Lock()
        self._closed = False
        self._workers: list[threading.Thread] = []

    def want(self, tiles: Iterable[TileId]) -> None:
        """Ask for `tiles`, the first one first; earlier wishes not begun are dropped."""
        with self._change:
            self._wanted = [tile for tile in tiles if tile not in self._under_way][::-1]
            if self._wanted and not self._workers and not self._closed:
                self._start()
            self._change.notify_all()

    @property
    def idle(self) -> bool:
        """Whether nothing is wished for or under way."""
        with self._change:
            return not self._wanted and not self._under_way

    def close(self) -> None:
        """Stop asking; after it nothing is told any more."""
        with self._change:
            self._closed, self._wanted = True, []
            self._change.notify_all()
            if not self._workers:
                self._source.close()
        with self._telling:  # what is being told is told to the end
            pass

    def _start(self) -> None:
        self._workers = [
            threading.Thread(target=self._work, name=f"tiles-{n}", daemon=True)
            for n in range(WORKERS)
        ]
        for worker in self._workers:
            worker.start()

    def _work(self) -> None:
        while (tile := self._next()) is not None:
            try:
                content = self._source.tile(tile)
            except GisappError as error:
                self._fail(tile, error)
            else:
                self._deliver(tile, content)
        with self._change:
            self._workers.remove(threading.current_thread())
            if not self._workers:
                self._source.close()

    def _next(self) -> TileId | None:
        with self._change:
            while not self._wanted and not self._closed:
                self._change.wait()
            if self._closed:
                return None
            tile = self._wanted.pop()
            self._under_way.add(tile)
            return tile

    def _deliver(self, tile: TileId, content: bytes | None) -> None:
        with self._telling:
            if not self._closed:
                self._arrived(tile, content)
        with self._change:
            self._under_way.discard(tile)

    def _fail(self, tile: TileId, error: GisappError) -> None:
        with self._change:
            self._under_way.discard(tile)
            self._wanted = []
        with self._telling:
            if not self._closed:
                self._failed(error)
