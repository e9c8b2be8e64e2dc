"""Keeps the map's pictures and has a worker draw what they lack, the newest wish first."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Protocol

from PySide6.QtCore import QObject, QTimer, Signal

from gisapp.core.words import _
from gisapp.ui.map_frames import Shown, Wanted, Work, is_current, is_worthless, next_work
from gisapp.ui.map_picture import Drawn, Picture, draw

if TYPE_CHECKING:
    from PySide6.QtCore import SignalInstance
    from PySide6.QtGui import QImage

    from gisapp.core.layer import Layer
    from gisapp.render.viewport import Viewport
    from gisapp.ui.jobs import Job, Jobs

# Qt lays text out with the interpreter held: names wait until the map has come to rest.
REST_MS = 80


class Basemap(Protocol):
    """What lies below the layers."""

    @property
    def changed(self) -> SignalInstance:
        """Says that `picture` would show more, or something else."""

    @property
    def attribution(self) -> str:
        """What is written on the map."""

    def picture(self, viewport: Viewport) -> QImage | None:
        """Draw what is at hand in a viewport; called on a worker, and never waits."""


class MapDrawing(QObject):
    """Brings the pictures up to what is wanted, one piece of work at a time.

    Signals
    -------
    changed : a picture is new
    drawn : the pictures show what is wanted
    """

    changed = Signal()
    drawn = Signal()

    def __init__(self, jobs: Jobs, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._jobs = jobs
        self._wanted: Wanted | None = None
        self._basemap: Basemap | None = None
        self._changes_of_basemap = 0
        self._job: Job[Drawn] | None = None
        self._work: Work | None = None
        self.forget()
        self._soon = QTimer(self, singleShot=True, interval=0)
        self._soon.timeout.connect(self._go_on)
        self._rest = QTimer(self, singleShot=True, interval=REST_MS)
        self._rest.timeout.connect(self._go_on)

    @property
    def pictures(self) -> tuple[Picture, ...]:
        """The pictures at hand, the lowest first: basemap, ground, names."""
        return tuple(x for x in (self._under, self._ground, self._names) if x is not None)

    @property
    def basemap(self) -> Basemap | None:
        """What lies below the layers."""
        return self._basemap

    @property
    def is_current(self) -> bool:
        """Whether the pictures show what is wanted, in full."""
        return self._wanted is not None and is_current(self._wanted, self._shown)

    def forget(self) -> None:
        """Drop every picture and stop: what comes next is another map."""
        self._stop()
        self._wanted = None
        self._shown, self._last_full_s = Shown(), math.inf
        self._under: Picture | None = None
        self._ground: Picture | None = None
        self._names: Picture | None = None

    def lay_under(self, basemap: Basemap | None) -> None:
        """Draw `basemap` below the layers from now on; None draws nothing there."""
        if self._basemap is not None:
            self._basemap.changed.disconnect(self._renew_basemap)
        self._stop()
        self._basemap, self._under = basemap, None
        if basemap is not None:
            basemap.changed.connect(self._renew_basemap)
        self._renew_basemap()
        self.changed.emit()

    def want(self, layers: tuple[Layer, ...], viewport: Viewport) -> None:
        """Draw `layers` in `viewport` as soon as may be, and drop what this makes worthless."""
        basemap = self._changes_of_basemap if self._basemap is not None else None
        was, self._wanted = self._wanted, Wanted(layers, viewport, basemap)
        if self._wanted == was:
            return
        if self._work is not None and is_worthless(self._work, self._wanted):
            self._stop()
        self._soon.start()
        if was is not None and was.viewport != viewport:
            self._rest.start()

    def _renew_basemap(self) -> None:
        self._changes_of_basemap += 1
        if self._wanted is not None:
            self.want(self._wanted.layers, self._wanted.viewport)

    def _stop(self) -> None:
        if self._job is not None:
            self._jobs.cancel(self._job)
        self._job = self._work = None

    def _go_on(self) -> None:
        if self._wanted is None or self._work is not None:
            return
        work = next_work(self._wanted, self._shown, self._last_full_s)
        if work is None or (work.kind == "names" and self._rest.isActive()):
            return
        ground, under = self._ground, self._basemap.picture if self._basemap else None
        self._work = work
        job = self._jobs.start(
            lambda progress: draw(work, ground, under, progress),
            title=_("Drawing the map"),
            done=self._take,
            failed=self._fail,
        )
        # A worker that runs at once has already taken its answer.
        self._job = job if job.under_way else None

    def _take(self, drawn: Drawn) -> None:
        self._job = self._work = None
        self._keep(drawn)
        self.changed.emit()
        if self.is_current:
            self.drawn.emit()
        else:
            self._go_on()

    def _fail(self, error: Exception) -> None:
        self._job = self._work = None
        self._rest.stop()  # which would try, and fail, once more
        self._jobs.failed.emit(error)

    def _keep(self, drawn: Drawn) -> None:
        work, was = drawn.work, self._shown
        ground, coarse, basemap, names = was.ground, was.coarse, was.basemap, was.names
        if drawn.ground is not None:
            self._ground, ground, coarse = drawn.ground, work.wanted, work.kind == "coarse"
        if drawn.basemap is not None:
            self._under, basemap = drawn.basemap, work.wanted
        if drawn.names is not None:
            self._names, names = drawn.names, work.wanted
        self._shown = Shown(ground, coarse, basemap, names)
        if work.kind == "full":
            self._last_full_s = drawn.took_s
