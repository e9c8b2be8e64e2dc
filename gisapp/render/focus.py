"""What tells a reader of an atlas where a page is: its area set off, and a small map."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np
import shapely
from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPainterPath, QPen, QPolygonF

from gisapp.render.qt_arrays import fill_polygon
from gisapp.render.text import HAIRLINE, INK, Writer
from gisapp.render.viewport import Viewport

if TYPE_CHECKING:
    from shapely.geometry.base import BaseGeometry

_VEIL = QColor(255, 255, 255, 150)
_OUTLINE_MM = 0.8
_HERE = QColor("#1f5a8a")
_ELSEWHERE = QColor("#e4e7eb")


def paint_focus(painter: QPainter, area: BaseGeometry, viewport: Viewport) -> None:
    """Mute what lies outside `area` and draw its border."""
    inside = _path(area, viewport)
    outside = QPainterPath()
    outside.addRect(QRectF(-1, -1, viewport.width_px + 2, viewport.height_px + 2))
    outside.addPath(inside)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.fillPath(outside, _VEIL)
    pen = QPen(QColor(INK), _OUTLINE_MM * viewport.px_per_mm)
    pen.setJoinStyle(Qt.PenJoinStyle.RoundJoin)
    painter.strokePath(inside, pen)


def paint_locator(
    writer: Writer, box: QRectF, areas: Sequence[BaseGeometry], here: BaseGeometry
) -> None:
    """Paint all the areas of an atlas into `box`, the one of this page set off."""
    mm, painter = writer.px_per_mm, writer.painter
    bounds = shapely.total_bounds(np.array([*areas, here], dtype=object))
    size = max(1, round(box.width())), max(1, round(box.height()))
    viewport = Viewport.fitting(tuple(bounds.tolist()), *size, mm, margin=0.06)
    painter.save()
    painter.translate(box.topLeft())
    for fill, stroke, shapes in ((_ELSEWHERE, HAIRLINE, areas), (_HERE, _HERE, [here])):
        for shape in shapes:
            path = _path(shape, viewport)
            painter.fillPath(path, fill)
            painter.strokePath(path, QPen(QColor(stroke), 0.2 * mm))
    painter.restore()
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.setPen(QPen(QColor(HAIRLINE), 0.25 * mm))
    painter.drawRect(box)


def _path(area: BaseGeometry, viewport: Viewport) -> QPainterPath:
    """Return the polygons of `area` in pixels; holes stay open."""
    seen = shapely.simplify(area, viewport.metres_per_px / 2, preserve_topology=False)
    path = QPainterPath()
    path.setFillRule(Qt.FillRule.OddEvenFill)
    parts = shapely.get_parts(seen)
    for ring in shapely.get_rings(parts[shapely.get_dimensions(parts) == 2]):
        polygon = QPolygonF()
        fill_polygon(polygon, viewport.to_px(shapely.get_coordinates(ring)))
        path.addPolygon(polygon)
        path.closeSubpath()
    return path
