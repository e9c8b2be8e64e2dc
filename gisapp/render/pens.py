"""A style's symbol in Qt's terms: pens, brushes, hatches, markers. Light to import."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

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

if TYPE_CHECKING:
    from gisapp.core.style import Shape, Symbol
    from gisapp.render.legend import Nature

# Lines this far apart, measured along the axes, read as a tint at arm's length.
HATCH_SPACING_MM = 2.0
HATCH_LINE_MM = 0.3


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
        pen.setDashPattern([max(mm / symbol.stroke_mm, 0.01) for mm in _even(symbol.dash_mm)])
    return pen


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
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    draw_hatch(painter, symbol, QRectF(0, 0, side, side), float(side), px_per_mm)
    painter.end()
    return QBrush(tile)


def draw_hatch(
    painter: QPainter, symbol: Symbol, box: QRectF, spacing_px: float, px_per_mm: float
) -> None:
    """Draw the hatch's lines or dots over `box`; they meet those of any other box."""
    colour = hatch_colour(symbol)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.setPen(QPen(colour, max(1.0, HATCH_LINE_MM * px_per_mm)))
    if symbol.hatch in ("diagonal", "cross"):
        _diagonals(painter, box, spacing_px, rising=True)
    if symbol.hatch in ("back", "cross"):
        _diagonals(painter, box, spacing_px, rising=False)
    if symbol.hatch == "dots":
        _dots(painter, box, spacing_px, QBrush(colour), HATCH_LINE_MM * px_per_mm)


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


def paint_marker(
    painter: QPainter, symbol: Symbol, x_px: float, y_px: float, px_per_mm: float
) -> None:
    """Paint one marker with its middle at `x_px`, `y_px`."""
    painter.save()
    painter.translate(x_px, y_px)
    painter.setPen(pen_of(symbol, px_per_mm))
    painter.setBrush(solid_brush(symbol))
    painter.drawPath(marker_path(symbol.shape, symbol.size_mm * px_per_mm))
    painter.restore()


def paint_area(painter: QPainter, symbol: Symbol, polygon: QPolygonF, px_per_mm: float) -> None:
    """Paint one area without holes, filled, hatched and outlined as the symbol says."""
    path = QPainterPath()
    path.addPolygon(polygon)
    path.closeSubpath()
    paint_path(painter, symbol, path, px_per_mm)


def paint_path(painter: QPainter, symbol: Symbol, path: QPainterPath, px_per_mm: float) -> None:
    """Fill, hatch and outline a path; the hatch is lines, as a tile is coarse on paper."""
    painter.setBrush(solid_brush(symbol))
    painter.setPen(Qt.PenStyle.NoPen)
    painter.drawPath(path)
    if symbol.hatch:
        painter.save()
        painter.setClipPath(path, Qt.ClipOperation.IntersectClip)
        box = path.boundingRect().intersected(painter.clipBoundingRect())
        draw_hatch(painter, symbol, box, HATCH_SPACING_MM * px_per_mm, px_per_mm)
        painter.restore()
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
        paint_area(painter, symbol, QPolygonF(box), px_per_mm)
    else:
        painter.setPen(pen_of(symbol, px_per_mm))
        painter.drawLine(QPointF(box.left(), middle.y()), QPointF(box.right(), middle.y()))


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


def _diagonals(painter: QPainter, box: QRectF, spacing: float, *, rising: bool) -> None:
    """Draw the lines x ± y = k · spacing that cross `box`."""
    sign = 1.0 if rising else -1.0
    corners = [box.left() + sign * box.top(), box.right() + sign * box.bottom()]
    corners += [box.left() + sign * box.bottom(), box.right() + sign * box.top()]
    for k in range(math.floor(min(corners) / spacing), math.ceil(max(corners) / spacing) + 1):
        level = k * spacing
        y_left, y_right = sign * (level - box.left()), sign * (level - box.right())
        painter.drawLine(QPointF(box.left(), y_left), QPointF(box.right(), y_right))


def _dots(painter: QPainter, box: QRectF, spacing: float, brush: QBrush, radius: float) -> None:
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(brush)
    for i in range(math.floor(box.left() / spacing), math.ceil(box.right() / spacing) + 1):
        for j in range(math.floor(box.top() / spacing), math.ceil(box.bottom() / spacing) + 1):
            painter.drawEllipse(QPointF((i + 0.5) * spacing, (j + 0.5) * spacing), radius, radius)
