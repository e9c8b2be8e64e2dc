"""What lies over the map's picture: marks around the chosen features, and the scale bar."""

from __future__ import annotations

from typing import TYPE_CHECKING

import shapely
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPainter, QPen, QPolygonF

from gisapp.render.scale import scale_bar
from gisapp.ui import theme

if TYPE_CHECKING:
    from collections.abc import Sequence

    from shapely.geometry.base import BaseGeometry

    from gisapp.render.viewport import Viewport

RING_MM = 2.4
HALO_MM, LINE_MM = 1.2, 0.6
BAR_SHARE = 0.2


def paint_marks(painter: QPainter, geometries: Sequence[BaseGeometry], viewport: Viewport) -> None:
    """Ring the points and outline the polygons, in a colour no style uses over a dark halo."""
    for colour, width_mm in ((theme.INK, HALO_MM), (theme.HIGHLIGHT, LINE_MM)):
        pen = QPen(QColor(colour), width_mm * viewport.px_per_mm)
        pen.setJoinStyle(Qt.PenJoinStyle.RoundJoin)
        painter.setPen(pen)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        for geometry in geometries:
            _outline(painter, geometry, viewport)


def _outline(painter: QPainter, geometry: BaseGeometry, viewport: Viewport) -> None:
    radius = RING_MM * viewport.px_per_mm
    for part in shapely.get_parts(geometry):
        if shapely.get_dimensions(part) == 0:
            painter.drawEllipse(_pixels(part, viewport)[0], radius, radius)
            continue
        for ring in shapely.get_rings(part):
            painter.drawPolyline(QPolygonF(_pixels(ring, viewport)))


def _pixels(geometry: BaseGeometry, viewport: Viewport) -> list[QPointF]:
    return [QPointF(x, y) for x, y in viewport.to_px(shapely.get_coordinates(geometry))]


def paint_scale_bar(painter: QPainter, viewport: Viewport, font: QFont) -> None:
    """Paint a bar of a round length in the lower left corner."""
    bar = scale_bar(viewport.metres_per_px, BAR_SHARE * viewport.width_px)
    unit = viewport.px_per_mm
    painter.setFont(font)
    metrics = QFontMetricsF(font)
    left, bottom = 4 * unit, viewport.height_px - 4 * unit
    width = max(bar.length_px, metrics.horizontalAdvance(bar.text)) + 2 * unit
    height = metrics.height() + 3 * unit
    box = QRectF(left - unit, bottom + unit - height, width, height)
    painter.fillRect(box, QColor(255, 255, 255, 215))
    painter.setPen(QPen(QColor(theme.INK), 0.4 * unit))
    ends = (QPointF(left, bottom - unit), QPointF(left, bottom))
    across = QPointF(bar.length_px, 0)
    painter.drawPolyline([ends[0], ends[1], ends[1] + across, ends[0] + across])
    painter.drawText(QPointF(left, bottom - 1.6 * unit), bar.text)
