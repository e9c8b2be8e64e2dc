"""The basemap on the screen: what is at hand at once, the rest when it has come."""

from __future__ import annotations

import threading
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer, Signal

from gisapp.core.basemap import Basemap
from gisapp.core.errors import GisappError
from gisapp.core.words import _

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from PySide6.QtGui import QImage

    from gisapp.io.tiles.fetching import Fetcher
    from gisapp.io.tiles.source import TileId, TileSource
    from gisapp.render.basemap import Tiles
    from gisapp.render.viewport import Viewport

    Open = Callable[[Basemap, Path | None], TileSource | None]

# Tiles come one by one; the picture is drawn anew for a handful of them.
GATHER_MS = 120
# When a provider that failed is asked again.
AGAIN_MS = 20_000


def open_allowed(basemap: Basemap, folder: Path | None) -> TileSource | None:
    """Open a basemap's tiles as far as the user of this machine allowed it.

    Raises
    ------
    GisappError
        As `open_basemap`.
    """
    from gisapp.io.tiles.choices import load_choices
    from gisapp.io.tiles.opening import open_basemap

    return open_basemap(basemap, load_choices(), folder)


@dataclass(frozen=True, eq=False)
class _Shown:
    """What was asked to be shown; another `turn` takes tiles that are opened anew."""

    basemap: Basemap
    crs: str
    folder: Path | None
    turn: int = 0


class BasemapPicture(QObject):
    """Draws one basemap after the other; `picture` may be asked from any thread.

    Signals
    -------
    changed : another basemap, or more of it than in the last picture
    failed : a GisappError that the user should read, once for each basemap
    """

    changed = Signal()
    failed = Signal(object)
    # Both with the turn of the tiles that they tell about: they may come late.
    _arrived = Signal(int)
    _refused = Signal(int, object)

    def __init__(self, open_tiles: Open = open_allowed, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._open = open_tiles
        self._lock = threading.Lock()
        self._shown = _Shown(Basemap("none"), "", None)
        self._opened: _Shown | None = None
        self._tiles: Tiles | None = None
        self._fetcher: Fetcher | None = None
        self._attribution = ""
        self._told = False
        self._gather = QTimer(self, singleShot=True, interval=GATHER_MS)
        self._gather.timeout.connect(self.changed)
        self._again = QTimer(self, singleShot=True, interval=AGAIN_MS)
        self._again.timeout.connect(self.changed)
        self._arrived.connect(self._gather_more)
        self._refused.connect(self._tell)

    @property
    def attribution(self) -> str:
        """What is to be written on the map for the last picture."""
        return self._attribution

    def show_basemap(self, basemap: Basemap, crs: str, folder: Path | None) -> None:
        """Draw `basemap` of a project in `crs` that lies in `folder` from now on."""
        # Without the lock, which a worker holds while it opens a file: the window must not wait.
        was = self._shown
        now = _Shown(basemap, crs, folder, was.turn)
        if was != now:
            self._shown = now if _same_tiles(was, now) else replace(now, turn=was.turn + 1)
            self._told = False
            self.changed.emit()

    def renew(self) -> None:
        """Open the basemap again: the user allowed more or less than before."""
        self._shown = replace(self._shown, turn=self._shown.turn + 1)
        self._told = False
        self.changed.emit()

    def picture(self, viewport: Viewport) -> QImage | None:
        """Return what is at hand of the basemap in `viewport`, and ask for what is missing."""
        from gisapp.render.basemap import ground_of, picture_of

        with self._lock:
            shown = self._shown
            self._open_shown(shown)
            tiles, fetcher = self._tiles, self._fetcher
        self._let_go()
        ground = ground_of(shown.basemap, tiles, viewport, shown.crs)
        self._attribution = ground.attribution
        if fetcher is not None:
            fetcher.want(ground.missing)
        return picture_of(ground)

    def close(self) -> None:
        """Stop asking for tiles and let files go."""
        self._shown = _Shown(Basemap("none"), "", None, self._shown.turn + 1)
        self._let_go()

    def _let_go(self) -> None:
        """Close tiles that are not shown any more; a worker that opens some does it after that."""
        if self._lock.acquire(blocking=False):
            try:
                if self._opened is not None and self._opened.turn != self._shown.turn:
                    self._close_tiles()
                    self._opened = None
            finally:
                self._lock.release()

    def _open_shown(self, shown: _Shown) -> None:
        """Open the tiles of `shown`, on the worker, where they are not those that are open."""
        from gisapp.io.tiles.fetching import Fetcher
        from gisapp.render.basemap import Tiles
        from gisapp.render.tile_images import TileImages

        opened, self._opened = self._opened, shown
        if opened is not None and opened.turn == shown.turn:
            return
        self._close_tiles()
        try:
            source = self._open(shown.basemap, shown.folder)
        except GisappError as error:
            self._refused.emit(shown.turn, error)
            return
        if source is not None:
            images = TileImages()
            self._tiles = Tiles(source, images)

            def arrived(tile: TileId, content: bytes | None) -> None:
                images.take(tile, content)
                self._arrived.emit(shown.turn)

            def failed(error: GisappError) -> None:
                self._refused.emit(shown.turn, error)

            self._fetcher = Fetcher(source, arrived, failed)

    def _close_tiles(self) -> None:
        if self._fetcher is not None:
            self._fetcher.close()
        self._tiles = self._fetcher = None

    def _gather_more(self, turn: int) -> None:
        if turn != self._shown.turn:
            return
        if not self._gather.isActive():
            self._gather.start()
        tiles = self._tiles
        if tiles is not None and tiles.images.broken:
            message = _("Some tiles of {name} are no pictures and were left out.")
            self._tell(
                turn,
                GisappError(
                    message.format(name=tiles.source.title),
                    _("Choose another basemap in the map menu if too much is missing."),
                ),
            )

    def _tell(self, turn: int, error: GisappError) -> None:
        if turn != self._shown.turn:
            return
        if not self._told:
            self._told = True
            self.failed.emit(error)
        self._again.start()


def _same_tiles(one: _Shown, other: _Shown) -> bool:
    """Say whether the same tiles serve both: the opacity changes, and undo makes equal values."""
    was, now = one.basemap, other.basemap
    return (was.kind, was.name, one.folder) == (now.kind, now.name, other.folder)
