"""The map: drag, wheel and keys move it; a click asks what is there.

The pictures at hand are moved and scaled at once, by blitting alone; `map_drawing` has a worker
bring them up to date, `map_frames` decides what it draws next.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import shapely
from PySide6.QtCore import QEvent, QPointF, QRectF, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QFocusEvent,
    QFont,
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
from gisapp.ui.map_drawing import Basemap, MapDrawing
from gisapp.ui.map_frames import whole_px
from gisapp.ui.map_marks import Marks, paint_attribution, paint_scale_bar
from gisapp.ui.map_picture import PAPER, at_least_a_street, blit, extent_of

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
        self._measuring: Job[Bounds | None] | None = None
        self._drawing = MapDrawing(jobs, self)
        self._drawing.changed.connect(self.update)
        self._drawing.drawn.connect(self.drawn)
        self._layers: tuple[Layer, ...] = ()
        self._viewport: Viewport | None = None
        self._marks = Marks()
        self._fitted: Bounds | None = None
        self._pressed: QPointF | None = None
        self._dragging = False
        self._keyed = False
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
        return self._drawing.is_current

    def show_layers(self, layers: Sequence[Layer]) -> None:
        """Draw `layers` (the first on top) from now on."""
        self._layers = tuple(layers)
        if self._viewport is None:
            self.zoom_all()
        self._draw()

    def lay_under(self, basemap: Basemap | None) -> None:
        """Show `basemap` below the layers from now on."""
        self._drawing.lay_under(basemap)

    def forget_view(self) -> None:
        """Show the whole of the layers that come next, as if they were the first."""
        self._viewport = self._fitted = None
        self._stop_measuring()
        self._drawing.forget()
        self.update()

    def mark(self, geometries: Sequence[BaseGeometry]) -> None:
        """Mark `geometries` (metres) over the map; none takes the marks away."""
        self._marks = Marks(geometries)
        self.update()

    @property
    def has_marks(self) -> bool:
        """Whether anything is marked."""
        return bool(self._marks.geometries)

    def zoom_to_marks(self) -> None:
        """Show what is marked."""
        if self.has_marks:
            self.zoom_to(at_least_a_street(shapely.total_bounds(self._marks.geometries)))

    def zoom_all(self) -> None:
        """Show everything that is visible; of nothing visible, every layer."""
        shown = [layer.frame for layer in self._layers if layer.visible]
        self.zoom_to_frames(shown or [layer.frame for layer in self._layers])

    def zoom_to_frames(self, frames: Sequence[gpd.GeoDataFrame]) -> None:
        """Show the whole of some layers' frames, once a worker has measured them."""
        self._stop_measuring()
        self._measuring = self._jobs.start(
            lambda _progress: extent_of(frames),
            title=_("Drawing the map"),
            done=lambda bounds: self.zoom_to(bounds) if bounds is not None else None,
        )

    def _stop_measuring(self) -> None:
        if self._measuring is not None:
            self._jobs.cancel(self._measuring)
        self._measuring = None

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
        """Move the map's content by so many pixels of the viewport, to whole pixels."""
        if self._viewport is not None:
            self._look(self._viewport.panned(*whole_px((dx_px, dy_px))))

    def ask_at_center(self) -> None:
        """Ask what is at the centre of the map, as a click there would."""
        width, height = self._size_px()
        self.asked.emit(width / 2, height / 2)

    def _look(self, viewport: Viewport) -> None:
        self._stop_measuring()
        self._viewport, self._fitted = viewport, None
        self._draw()
        self.update()
        self.moved.emit(viewport)

    def _device_px(self, at: QPointF) -> tuple[float, float]:
        return at.x() * self.devicePixelRatioF(), at.y() * self.devicePixelRatioF()

    def _device_font(self) -> QFont:
        font = QFont(self.font())
        font.setPixelSize(max(round(self.fontInfo().pixelSize() * self.devicePixelRatioF()), 1))
        return font

    def _size_px(self) -> tuple[int, int]:
        ratio = self.devicePixelRatioF()
        return max(round(self.width() * ratio), 1), max(round(self.height() * ratio), 1)

    def _px_per_mm(self) -> float:
        return self.logicalDpiX() * self.devicePixelRatioF() / MM_PER_INCH

    def _draw(self) -> None:
        if self._viewport is not None and self.isVisible():
            self._drawing.want(self._layers, self._viewport)

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Blit the pictures at hand where they now belong, then the marks."""
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
        for picture in self._drawing.pictures:
            blit(painter, picture, viewport)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        self._marks.paint(painter, viewport)
        paint_scale_bar(painter, viewport, self._device_font())
        if self._drawing.basemap is not None:
            text = self._drawing.basemap.attribution
            paint_attribution(painter, text, viewport, self._device_font())

    def _paint_focus(self, painter: QPainter) -> None:
        painter.setPen(QPen(QColor(theme.ACCENT), 2))
        painter.drawRect(QRectF(self.rect()).adjusted(1, 1, -1, -1))
        center = QPointF(self.width() / 2, self.height() / 2)
        for arm in (QPointF(9, 0), QPointF(0, 9)):
            painter.drawLine(center - arm, center + arm)

    def resizeEvent(self, _event: QResizeEvent) -> None:
        """Keep the fitted extent, else the centre, in the new size."""
        self._fit_screen()

    def event(self, event: QEvent) -> bool:
        """Also keep them on a screen of another density."""
        if event.type() == QEvent.Type.DevicePixelRatioChange:
            self._fit_screen()
        return super().event(event)

    def _fit_screen(self) -> None:
        size, px_per_mm = self._size_px(), self._px_per_mm()
        if self._fitted is not None:
            self.zoom_to(self._fitted)
        elif self._viewport is not None and self._viewport.px_per_mm == px_per_mm:
            self._look(self._viewport.resized(*size))
        elif self._viewport is not None:
            self._look(Viewport.of_view(self._viewport.view, *size, px_per_mm))

    def showEvent(self, _event: Any) -> None:
        """Draw what was asked for while the map was hidden."""
        self._draw()

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
                self._drag(way)
        if self._viewport is not None:
            ((x, y),) = self._viewport.to_map(np.array([self._device_px(here)]))
            self.pointed.emit(float(x), float(y))

    def _drag(self, way: QPointF) -> None:
        """Follow the pointer by whole device pixels; what is left over counts the next time."""
        if not self._dragging:
            self.setCursor(Qt.CursorShape.ClosedHandCursor)
        self._dragging = True
        moved = whole_px(self._device_px(way))
        assert self._pressed is not None
        self._pressed += QPointF(*moved) / self.devicePixelRatioF()
        if any(moved):
            self.pan(*moved)

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
