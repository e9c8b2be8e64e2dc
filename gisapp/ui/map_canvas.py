"""The map: drag, wheel and keys move it; a worker draws it; a click asks what is there.

The last picture is moved and scaled at once. A change of scale or of the layers makes the picture
under way worthless, so it is cancelled; while the map is dragged it is let finish, because it is
still better than the one before.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import shapely
from PySide6.QtCore import QPointF, QRectF, Qt, QTimer, Signal
from PySide6.QtGui import (
    QColor,
    QFocusEvent,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
    QResizeEvent,
    QWheelEvent,
)
from PySide6.QtWidgets import QApplication, QWidget

from gisapp.core.words import _
from gisapp.render.viewport import Bounds, Viewport
from gisapp.ui import theme
from gisapp.ui.map_marks import paint_marks, paint_scale_bar
from gisapp.ui.map_picture import (
    PAPER,
    Picture,
    at_least_a_street,
    draw_picture,
    extent_of,
    place_of,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

    import geopandas as gpd
    from shapely.geometry.base import BaseGeometry

    from gisapp.core.layer import Layer
    from gisapp.core.project import MapView
    from gisapp.ui.jobs import Job, Jobs

WHEEL_NOTCH = 120.0
ZOOM_STEP = 1.5
PAN_STEP = 0.2
MM_PER_INCH = 25.4


class MapCanvas(QWidget):
    """Shows layers through a viewport.

    Signals
    -------
    moved : the viewport changed
    pointed : the pointer is at x, y (metres)
    asked : the user clicked at x, y (pixels of the viewport)
    drawn : the picture on screen is that of the present view
    """

    moved = Signal(object)
    pointed = Signal(float, float)
    asked = Signal(float, float)
    drawn = Signal()

    def __init__(self, jobs: Jobs, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMouseTracking(True)
        self.setMinimumSize(240, 200)
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self._jobs = jobs
        self._layers: tuple[Layer, ...] = ()
        self._viewport: Viewport | None = None
        self._picture: Picture | None = None
        self._job: Job[Picture] | None = None
        self._marked: tuple[BaseGeometry, ...] = ()
        self._fitted: Bounds | None = None
        self._pressed: QPointF | None = None
        self._dragging = False
        self._keyed = False
        self._soon = QTimer(self, singleShot=True, interval=0)
        self._soon.timeout.connect(self._draw)
        self.retranslate()

    def retranslate(self) -> None:
        """Take the words of the language in force."""
        self.setAccessibleName(_("Map"))
        self.setAccessibleDescription(
            _("Arrow keys move the map, plus and minus zoom, Enter tells what is at its centre.")
        )

    @property
    def viewport(self) -> Viewport | None:
        """The present view in pixels of the screen; None before the first extent is known."""
        return self._viewport

    @property
    def is_current(self) -> bool:
        """Whether the picture on screen is that of the present view and layers."""
        return self._picture is not None and self._picture.viewport == self._viewport

    def show_layers(self, layers: Sequence[Layer]) -> None:
        """Draw `layers` (the first on top) from now on."""
        self._layers = tuple(layers)
        if self._viewport is None:
            self.zoom_all()
        self._stop()
        self._soon.start()

    def forget_view(self) -> None:
        """Show the whole of the layers that come next, as if they were the first."""
        self._viewport = self._picture = self._fitted = None

    def mark(self, geometries: Sequence[BaseGeometry]) -> None:
        """Mark `geometries` (metres) over the map; none takes the marks away."""
        self._marked = tuple(geometries)
        self.update()

    @property
    def has_marks(self) -> bool:
        """Whether anything is marked."""
        return bool(self._marked)

    def zoom_to_marks(self) -> None:
        """Show what is marked."""
        if self._marked:
            self.zoom_to(at_least_a_street(shapely.total_bounds(self._marked)))

    def zoom_all(self) -> None:
        """Show everything that is visible; of nothing visible, every layer."""
        shown = [layer.frame for layer in self._layers if layer.visible]
        self.zoom_to_frames(shown or [layer.frame for layer in self._layers])

    def zoom_to_frames(self, frames: Sequence[gpd.GeoDataFrame]) -> None:
        """Show the whole of some layers' frames."""
        bounds = extent_of(frames)
        if bounds is not None:
            self.zoom_to(bounds)

    def zoom_to(self, bounds: Bounds) -> None:
        """Show `bounds` (metres) whole, and keep doing so on a resize until the map is moved."""
        self._look(Viewport.fitting(bounds, *self._size_px(), self._px_per_mm()))
        self._fitted = bounds

    def look_at(self, view: MapView) -> None:
        """Show the view that a project keeps."""
        self._look(Viewport.of_view(view, *self._size_px(), self._px_per_mm()))

    def zoom(self, factor: float, at: QPointF | None = None) -> None:
        """Come `factor` times nearer, keeping the place under `at` (default: the centre)."""
        if self._viewport is None:
            return
        spot = None if at is None else self._device_px(at)
        self._look(self._viewport.zoomed(factor, spot))

    def zoom_in(self) -> None:
        """Come one step nearer."""
        self.zoom(ZOOM_STEP)

    def zoom_out(self) -> None:
        """Go one step away."""
        self.zoom(1 / ZOOM_STEP)

    def pan(self, dx_px: float, dy_px: float) -> None:
        """Move the map's content by so many pixels of the viewport."""
        if self._viewport is not None:
            self._look(self._viewport.panned(dx_px, dy_px))

    def ask_at_center(self) -> None:
        """Ask what is at the centre of the map, as a click there would."""
        width, height = self._size_px()
        self.asked.emit(width / 2, height / 2)

    def _look(self, viewport: Viewport) -> None:
        was, self._viewport = self._viewport, viewport
        self._fitted = None
        if was is None or was.metres_per_px != viewport.metres_per_px:
            self._stop()
        self._soon.start()
        self.update()
        self.moved.emit(viewport)

    def _device_px(self, at: QPointF) -> tuple[float, float]:
        return at.x() * self.devicePixelRatioF(), at.y() * self.devicePixelRatioF()

    def _size_px(self) -> tuple[int, int]:
        ratio = self.devicePixelRatioF()
        return max(round(self.width() * ratio), 1), max(round(self.height() * ratio), 1)

    def _px_per_mm(self) -> float:
        return self.logicalDpiX() * self.devicePixelRatioF() / MM_PER_INCH

    def _stop(self) -> None:
        if self._job is not None:
            self._jobs.cancel(self._job)

    def _draw(self) -> None:
        drawing = self._job is not None and self._job.under_way
        if drawing or self._viewport is None or not self.isVisible():
            return
        layers, viewport = self._layers, self._viewport
        self._job = self._jobs.start(
            lambda progress: draw_picture(layers, viewport, progress),
            title=_("Drawing the map"),
            done=self._take,
        )

    def _take(self, picture: Picture) -> None:
        self._picture = picture
        self.update()
        if picture.viewport == self._viewport:
            self.drawn.emit()
        else:
            self._draw()

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Blit the last picture where it now belongs, then the marks."""
        painter = QPainter(self)
        painter.fillRect(self.rect(), PAPER)
        if self._viewport is not None:
            painter.save()
            ratio = self.devicePixelRatioF()
            painter.scale(1 / ratio, 1 / ratio)
            self._paint_map(painter, self._viewport)
            painter.restore()
        if self.hasFocus() and self._keyed:
            self._paint_focus(painter)

    def _paint_map(self, painter: QPainter, viewport: Viewport) -> None:
        if self._picture is not None:
            moved = self._picture.viewport.metres_per_px != viewport.metres_per_px
            painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, moved)
            painter.drawImage(place_of(self._picture, viewport), self._picture.image)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        paint_marks(painter, self._marked, viewport)
        paint_scale_bar(painter, viewport, self.font())

    def _paint_focus(self, painter: QPainter) -> None:
        painter.setPen(QPen(QColor(theme.ACCENT), 2))
        painter.drawRect(QRectF(self.rect()).adjusted(1, 1, -1, -1))
        center = QPointF(self.width() / 2, self.height() / 2)
        for arm in (QPointF(9, 0), QPointF(0, 9)):
            painter.drawLine(center - arm, center + arm)

    def resizeEvent(self, _event: QResizeEvent) -> None:
        """Keep the fitted extent, else the centre, in the new size."""
        if self._fitted is not None:
            self.zoom_to(self._fitted)
        elif self._viewport is not None:
            self._look(self._viewport.resized(*self._size_px()))

    def showEvent(self, _event: Any) -> None:
        """Draw what was asked for while the map was hidden."""
        self._soon.start()

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Zoom at the pointer."""
        self.zoom(ZOOM_STEP ** (event.angleDelta().y() / WHEEL_NOTCH), event.position())
        event.accept()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Begin a click or a drag."""
        if event.button() in (Qt.MouseButton.LeftButton, Qt.MouseButton.MiddleButton):
            self._pressed, self._dragging, self._keyed = event.position(), False, False

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Tell where the pointer is; drag the map."""
        here = event.position()
        if self._pressed is not None:
            way = here - self._pressed
            if self._dragging or way.manhattanLength() >= QApplication.startDragDistance():
                self._dragging, self._pressed = True, here
                self.setCursor(Qt.CursorShape.ClosedHandCursor)
                self.pan(*self._device_px(way))
        if self._viewport is not None:
            ((x, y),) = self._viewport.to_map(np.array([self._device_px(here)]))
            self.pointed.emit(float(x), float(y))

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """End a drag, or take the click as a question."""
        clicked = self._pressed is not None and not self._dragging
        self._pressed, self._dragging = None, False
        self.unsetCursor()
        if clicked and event.button() == Qt.MouseButton.LeftButton:
            self.asked.emit(*self._device_px(event.position()))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Move, zoom and ask without a mouse."""
        width, height = self._size_px()
        moves = {
            Qt.Key.Key_Left: lambda: self.pan(width * PAN_STEP, 0),
            Qt.Key.Key_Right: lambda: self.pan(-width * PAN_STEP, 0),
            Qt.Key.Key_Up: lambda: self.pan(0, height * PAN_STEP),
            Qt.Key.Key_Down: lambda: self.pan(0, -height * PAN_STEP),
            Qt.Key.Key_Plus: self.zoom_in,
            Qt.Key.Key_Equal: self.zoom_in,
            Qt.Key.Key_Minus: self.zoom_out,
            Qt.Key.Key_Home: self.zoom_all,
            Qt.Key.Key_Return: self.ask_at_center,
            Qt.Key.Key_Enter: self.ask_at_center,
        }
        move = moves.get(Qt.Key(event.key()))
        if move is None:
            super().keyPressEvent(event)
            return
        self._keyed = True
        move()
        self.update()

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Frame the map and show what Enter asks about where the keyboard brought the focus."""
        by_key = (Qt.FocusReason.TabFocusReason, Qt.FocusReason.BacktabFocusReason)
        self._keyed = event.reason() in by_key
        super().focusInEvent(event)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Take the frame and the cross at the centre away."""
        self._keyed = False
        super().focusOutEvent(event)
