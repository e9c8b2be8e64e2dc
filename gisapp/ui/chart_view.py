"""Shows a chart: scrolls where it is larger, and reads its marks out to mouse and keyboard."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QPointF, QSize, Qt
from PySide6.QtGui import QColor, QHelpEvent, QKeyEvent, QPainter, QPaintEvent, QPen, QResizeEvent
from PySide6.QtWidgets import QFrame, QScrollArea, QSizePolicy, QToolTip, QWidget

from gisapp.render.chart_painter import Drawn, height_of, least_width_of, paint_chart
from gisapp.render.text import Writer
from gisapp.ui import theme

if TYPE_CHECKING:
    from gisapp.render.charts import Chart

_MARGIN_PX = 12
_MM_PER_INCH = 25.4
_NEXT = (Qt.Key.Key_Down, Qt.Key.Key_Right)
_PREVIOUS = (Qt.Key.Key_Up, Qt.Key.Key_Left)


class ChartView(QScrollArea):
    """A chart as wide as there is room and as high as it needs.

    Hovering tells a mark's value; with the focus on it, the arrow keys go from mark to mark.
    """

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.paper = _Paper(self)
        self.setWidget(self.paper)
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)

    def show_chart(self, chart: Chart | None) -> None:
        """Show a chart; None shows nothing."""
        self.paper.show_chart(chart)

    @property
    def chart(self) -> Chart | None:
        """What is shown."""
        return self.paper.chart


class _Paper(QWidget):
    """What the chart is painted on."""

    def __init__(self, area: QScrollArea) -> None:
        super().__init__()
        self.chart: Chart | None = None
        self._area = area
        self.drawn: Drawn | None = None
        self._current = -1
        policy = QSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)

    def show_chart(self, chart: Chart | None) -> None:
        self.chart, self.drawn, self._current = chart, None, -1
        self.setAccessibleName(chart.title if chart else "")
        self.setAccessibleDescription(chart.described() if chart else "")
        least = least_width_of(chart, self._px_per_mm) + 2 * _MARGIN_PX if chart else 0
        self.setMinimumWidth(round(least))
        self._fit()
        self.update()

    @property
    def _px_per_mm(self) -> float:
        return self.logicalDpiX() / _MM_PER_INCH

    def hasHeightForWidth(self) -> bool:
        return self.chart is not None

    def heightForWidth(self, width: int) -> int:
        if self.chart is None:
            return 0
        inner = max(width, self.minimumWidth()) - 2 * _MARGIN_PX
        return round(height_of(self.chart, inner, self._px_per_mm)) + 2 * _MARGIN_PX

    def sizeHint(self) -> QSize:
        width = max(self.minimumWidth(), self._area.viewport().width())
        return QSize(width, self.heightForWidth(width))

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        """Take the height that the chart needs at this width: the scroll area gives no less."""
        self.setMinimumHeight(self.heightForWidth(self.width()))
        self.updateGeometry()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.fillRect(event.rect(), QColor(theme.PAPER))
        if self.chart is not None:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            width = self.width() - 2 * _MARGIN_PX
            writer = Writer(painter, self._px_per_mm)
            self.drawn = paint_chart(writer, self.chart, _MARGIN_PX, _MARGIN_PX, width)
            self._mark_current(painter)
        painter.end()

    def _mark_current(self, painter: QPainter) -> None:
        if self.hasFocus() and self.drawn and 0 <= self._current < len(self.drawn.spots):
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(QPen(QColor(theme.ACCENT), 2.0))
            painter.drawRect(self.drawn.spots[self._current].place.adjusted(-2, -2, 2, 2))

    def event(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.ToolTip and isinstance(event, QHelpEvent):
            text = self.reading_at(QPointF(event.pos()))
            QToolTip.showText(event.globalPos(), text, self)
            return True
        return super().event(event)

    def reading_at(self, where: QPointF) -> str:
        """Return what the mark at a place says; of several the smallest one's."""
        spots = self.drawn.spots if self.drawn else ()
        hit = [spot for spot in spots if spot.place.contains(where)]
        least = min(hit, key=lambda s: s.place.width() * s.place.height(), default=None)
        return least.reading if least else ""

    def keyPressEvent(self, event: QKeyEvent) -> None:
        steps = {**dict.fromkeys(_NEXT, 1), **dict.fromkeys(_PREVIOUS, -1)}
        step = steps.get(Qt.Key(event.key()), 0)
        if not step or self.drawn is None or not self.drawn.spots:
            super().keyPressEvent(event)
            return
        self._current = min(max(self._current + step, 0), len(self.drawn.spots) - 1)
        spot = self.drawn.spots[self._current]
        self._area.ensureVisible(round(spot.place.center().x()), round(spot.place.center().y()))
        self.setAccessibleDescription(spot.reading)
        where = self.mapToGlobal(spot.place.center().toPoint())
        QToolTip.showText(where, spot.reading, self)
        self.update()
