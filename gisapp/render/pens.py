"""A style's symbol in Qt's terms: pens, brushes, hatches, markers. Imports no pandas."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import (
    QBrush,
    QColor,
    QImage,
    QPainter,
    QPainterPath,
    QPen,
    QPolygonF,
)

from gisapp.core.style import HATCH_LINE_MM, HATCH_SPACING_MM
from gisapp.io.icons import ICON_GRID, icon_strokes
from gisapp.render.hatching import hatch_dots, hatch_lines
from gisapp.render.qt_arrays import fill_polygon

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from gisapp.core.style import Shape, Symbol
    from gisapp.render.legend import Nature


def fill_colour(symbol: Symbol) -> QColor:
    """Return the fill with its opacity; the symbol must have one."""
    colour = QColor(symbol.fill)
    colour.setAlphaF(symbol.fill_opacity)
    return colour


def pen_of(symbol: Symbol, px_per_mm: float) -> QPen:
    """Return the pen of the outline; no pen where the symbol has no stroke."""
    if symbol.stroke is None or symbol.stroke_mm <= 0:
        return QPen(Qt.PenStyle.NoPen)
    width_px = symbol.stroke_mm * px_per_mm
    pen = QPen(QColor(symbol.stroke), width_px)
    pen.setJoinStyle(Qt.PenJoinStyle.RoundJoin)
    pen.setCapStyle(Qt.PenCapStyle.FlatCap)
    if symbol.dash_mm:
        pen.setDashPattern([length / width_px for length in dashes_px(symbol, px_per_mm)])
    return pen


def dashes_px(symbol: Symbol, px_per_mm: float) -> list[float]:
    """Return the lengths of dashes and gaps in turn, in pixels; none for a solid outline."""
    least_mm = 0.01 * symbol.stroke_mm
    return [max(mm, least_mm) * px_per_mm for mm in _even(symbol.dash_mm)]


def solid_brush(symbol: Symbol) -> QBrush:
    """Return the plain fill; no brush where there is none."""
    return QBrush(Qt.BrushStyle.NoBrush) if symbol.fill is None else QBrush(fill_colour(symbol))


def hatch_colour(symbol: Symbol) -> QColor:
    """Return the colour of the hatch's lines: the stroke's, else the fill's."""
    return QColor(symbol.stroke or symbol.fill)


def hatched_brush(symbol: Symbol, px_per_mm: float) -> QBrush:
    """Return fill and hatch as one seamless tile, for raster devices."""
    side = max(4, round(HATCH_SPACING_MM * px_per_mm))
    tile = QImage(side, side, QImage.Format.Format_ARGB32_Premultiplied)
    tile.fill(Qt.GlobalColor.transparent if symbol.fill is None else fill_colour(symbol))
    painter = QPainter(tile)
    try:
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        # Beyond the tile's edges, so that lines do not end at them.
        beyond = QRectF(-side, -side, 3 * side, 3 * side)
        draw_hatch(painter, symbol, [_corners_of(beyond)], side, px_per_mm)
    finally:
        painter.end()
    return QBrush(tile)


def draw_hatch(
    painter: QPainter,
    symbol: Symbol,
    rings: Sequence[NDArray[np.float64]],
    spacing_px: float,
    px_per_mm: float,
) -> None:
    """Draw the hatch's lines or dots inside an area, its rings (n, 2) in pixels."""
    colour = hatch_colour(symbol)
    if symbol.hatch == "dots":
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(colour)
        radius = HATCH_LINE_MM * px_per_mm
        for x, y in hatch_dots(rings, spacing_px).tolist():
            painter.drawEllipse(QPointF(x, y), radius, radius)
        return
    painter.setPen(QPen(colour, max(1.0, HATCH_LINE_MM * px_per_mm)))
    for (x0, y0), (x1, y1) in hatch_lines(rings, symbol.hatch, spacing_px).tolist():
        painter.drawLine(QPointF(x0, y0), QPointF(x1, y1))


def marker_path(shape: Shape, size_px: float) -> QPainterPath:
    """Return a marker's outline around the origin.

    `size_px` is a circle's diameter; the other shapes are made to look as large.
    """
    half = size_px / 2
    path = QPainterPath()
    if shape == "circle":
        path.addEllipse(QPointF(0, 0), half, half)
    else:
        path.addPolygon(QPolygonF([QPointF(x * half, y * half) for x, y in _CORNERS[shape]]))
        path.closeSubpath()
    return path


def icon_path(name: str, size_px: float) -> QPainterPath:
    """Return a drawing's outline, `size_px` wide, with its middle at the origin."""
    scale, middle = size_px / ICON_GRID, size_px / 2
    path = QPainterPath()
    for command, numbers in icon_strokes(name):
        places = [number * scale - middle for number in numbers]
        if command == "M":
            path.moveTo(*places)
        elif command == "L":
            path.lineTo(*places)
        elif command == "C":
            path.cubicTo(*places)
        else:
            path.closeSubpath()
    return path


def marker_of(symbol: Symbol, px_per_mm: float) -> QPainterPath:
    """Return the outline of a point symbol around the origin: its icon, else its shape."""
    size_px = symbol.size_mm * px_per_mm
    return icon_path(symbol.icon, size_px) if symbol.icon else marker_path(symbol.shape, size_px)


def paint_marker(
    painter: QPainter, symbol: Symbol, x_px: float, y_px: float, px_per_mm: float
) -> None:
    """Paint one marker with its middle at `x_px`, `y_px`."""
    painter.save()
    painter.translate(x_px, y_px)
    draw_marker(painter, symbol, marker_of(symbol, px_per_mm), px_per_mm)
    painter.restore()


def draw_marker(painter: QPainter, symbol: Symbol, path: QPainterPath, px_per_mm: float) -> None:
    """Draw a marker's `path`; the stroke of an icon lies behind it, as a halo."""
    painter.setPen(pen_of(symbol, px_per_mm))
    if symbol.icon:
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawPath(path)
        painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(solid_brush(symbol))
    painter.drawPath(path)


def path_of(rings: Sequence[NDArray[np.float64]]) -> QPainterPath:
    """Return closed rings, each (n, 2) in pixels, as one path; those inside are holes."""
    path, polygon = QPainterPath(), QPolygonF()
    for ring in rings:
        fill_polygon(polygon, ring)
        path.addPolygon(polygon)
        path.closeSubpath()
    return path


def paint_area(
    painter: QPainter, symbol: Symbol, rings: Sequence[NDArray[np.float64]], px_per_mm: float
) -> None:
    """Fill, hatch and outline one area: its shell and its holes, each (n, 2) in pixels."""
    path = path_of(rings)
    painter.setBrush(solid_brush(symbol))
    painter.setPen(Qt.PenStyle.NoPen)
    painter.drawPath(path)
    if symbol.hatch:
        draw_hatch(painter, symbol, rings, HATCH_SPACING_MM * px_per_mm, px_per_mm)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.setPen(pen_of(symbol, px_per_mm))
    painter.drawPath(path)


def paint_swatch(
    painter: QPainter, symbol: Symbol, nature: Nature, box: QRectF, px_per_mm: float
) -> None:
    """Paint a legend's sample of a symbol into `box`, at the size it has on the map."""
    middle = box.center()
    if nature == "point":
        paint_marker(painter, symbol, middle.x(), middle.y(), px_per_mm)
    elif nature == "area":
        paint_area(painter, symbol, [_corners_of(box)], px_per_mm)
    else:
        painter.setPen(pen_of(symbol, px_per_mm))
        painter.drawLine(QPointF(box.left(), middle.y()), QPointF(box.right(), middle.y()))


def _corners_of(box: QRectF) -> NDArray[np.float64]:
    left, top, right, bottom = box.left(), box.top(), box.right(), box.bottom()
    return np.array([(left, top), (right, top), (right, bottom), (left, bottom)])


def _star(points: int, inner: float) -> list[tuple[float, float]]:
    corners = []
    for i in range(2 * points):
        angle, reach = math.pi * i / points - math.pi / 2, 1.25 if i % 2 == 0 else inner
        corners.append((reach * math.cos(angle), reach * math.sin(angle)))
    return corners


def _cross(arm: float, thickness: float) -> list[tuple[float, float]]:
    """Return an upright cross turned by 45°: an ×."""
    a, t = arm, thickness
    upright = [(-t, -a), (t, -a), (t, -t), (a, -t), (a, t), (t, t), (t, a), (-t, a)]
    upright += [(-t, t), (-a, t), (-a, -t), (-t, -t)]
    turn = math.sqrt(0.5)
    return [((x - y) * turn, (x + y) * turn) for x, y in upright]


# Corners for a marker of half size 1, scaled so that areas look alike.
_CORNERS: dict[Shape, list[tuple[float, float]]] = {
    "square": [(-0.89, -0.89), (0.89, -0.89), (0.89, 0.89), (-0.89, 0.89)],
    "triangle": [(0, -1.2), (1.1, 0.8), (-1.1, 0.8)],
    "diamond": [(0, -1.25), (1.25, 0), (0, 1.25), (-1.25, 0)],
    "star": _star(5, 0.55),
    "cross": _cross(1.25, 0.38),
}


def _even(dashes: tuple[float, ...]) -> tuple[float, ...]:
    return dashes if len(dashes) % 2 == 0 else dashes * 2
