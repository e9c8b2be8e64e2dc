"""Painting one batch with QPainter: marks, outlines, circles with numbers, images."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import (
    QBrush,
    QColor,
    QFont,
    QFontMetricsF,
    QImage,
    QPaintEngine,
    QPainter,
    QPen,
    QPixmap,
    QPolygonF,
)

from gisapp.core.words import number
from gisapp.render.batches import ClusterBatch, ImageBatch, OutlineBatch, PointBatch
from gisapp.render.hatching import tile_origin
from gisapp.render.images import paint_image
from gisapp.render.pens import (
    draw_marker,
    hatched_brush,
    marker_of,
    paint_area,
    paint_marker,
    path_of,
    pen_of,
    solid_brush,
)
from gisapp.render.qt_arrays import draw_stamps, fill_polygon
from gisapp.render.text import unhinted

if TYPE_CHECKING:
    from gisapp.core.style import Symbol
    from gisapp.render.batches import Batch

# Of a circle's inner width, what its number may take, and of its radius the number's height.
_NUMBER_WIDTH = 0.8
_NUMBER_HEIGHT = 0.95


def paint_batch(painter: QPainter, batch: Batch, px_per_mm: float) -> None:
    """Paint one batch at full opacity."""
    if isinstance(batch, PointBatch):
        _paint_points(painter, batch, px_per_mm)
    elif isinstance(batch, OutlineBatch):
        _paint_outlines(painter, batch, px_per_mm)
    elif isinstance(batch, ClusterBatch):
        _paint_clusters(painter, batch, px_per_mm)
    elif isinstance(batch, ImageBatch):
        paint_image(painter, batch)


def is_raster(painter: QPainter) -> bool:
    """Tell pixels from paper: on pixels, symbols are stamped and hatches tiled."""
    return painter.paintEngine().type() == QPaintEngine.Type.Raster


def _paint_points(painter: QPainter, batch: PointBatch, px_per_mm: float) -> None:
    if is_raster(painter):
        stamp = QPixmap.fromImage(stamp_of(batch.symbol, px_per_mm))
        draw_stamps(painter, stamp, batch.xy)
        return
    marker = marker_of(batch.symbol, px_per_mm)
    # Moving the path, not the painter: each change of state is a group of its own in SVG.
    for x, y in batch.xy.tolist():
        draw_marker(painter, batch.symbol, marker.translated(x, y), px_per_mm)


def stamp_of(symbol: Symbol, px_per_mm: float) -> QImage:
    """Return the marker as a small picture of odd size, so that its middle is a pixel."""
    reach_px = (1.3 * symbol.size_mm / 2 + symbol.stroke_mm) * px_per_mm
    side = 2 * math.ceil(reach_px) + 1
    stamp = QImage(side, side, QImage.Format.Format_ARGB32_Premultiplied)
    stamp.fill(Qt.GlobalColor.transparent)
    painter = QPainter(stamp)
    try:
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        paint_marker(painter, symbol, side / 2, side / 2, px_per_mm)
    finally:
        painter.end()
    return stamp


def _paint_outlines(painter: QPainter, batch: OutlineBatch, px_per_mm: float) -> None:
    symbol = batch.symbol
    hatched = bool(symbol.hatch) and batch.closed
    if hatched and not is_raster(painter):
        for rings in batch.outline.parts():
            paint_area(painter, symbol, rings, px_per_mm)
    else:
        brush = solid_brush(symbol) if batch.closed else QBrush(Qt.BrushStyle.NoBrush)
        if hatched:
            brush = hatched_brush(symbol, px_per_mm)
            side_px = brush.textureImage().width()
            painter.setBrushOrigin(*tile_origin(batch.viewport, side_px))
        painter.setBrush(brush)
        painter.setPen(pen_of(symbol, px_per_mm))
        _draw_parts(painter, batch)
    _paint_specks(painter, batch)


def _draw_parts(painter: QPainter, batch: OutlineBatch) -> None:
    """Draw each part with the painter's pen and brush; only those with holes need a path."""
    draw = painter.drawPolygon if batch.closed else painter.drawPolyline
    polygon = QPolygonF()
    for rings in batch.outline.parts():
        if len(rings) > 1:
            painter.drawPath(path_of(rings))
        else:
            fill_polygon(polygon, rings[0])
            draw(polygon)


def _paint_specks(painter: QPainter, batch: OutlineBatch) -> None:
    """Paint what is smaller than a pixel as one, so that it does not vanish."""
    if not len(batch.outline.specks):
        return
    colour = batch.symbol.stroke or batch.symbol.fill
    if colour is None:
        return
    specks = QPolygonF()
    fill_polygon(specks, batch.outline.specks)
    painter.setPen(QPen(QColor(colour), 1))
    painter.drawPoints(specks)


def _paint_clusters(painter: QPainter, batch: ClusterBatch, px_per_mm: float) -> None:
    """Paint the smaller circles first, so that the larger number is the one that is read."""
    edge = QPen(QColor(batch.look.text), 0.2 * px_per_mm)
    for i in batch.count.argsort(kind="stable").tolist():
        middle, radius = QPointF(*batch.xy[i].tolist()), float(batch.radius_px[i])
        painter.setPen(edge)
        painter.setBrush(QColor(batch.look.fill))
        painter.drawEllipse(middle, radius, radius)
        painter.setPen(QColor(batch.look.text))
        _write_number(painter, number(int(batch.count[i])), middle, radius)


def _write_number(painter: QPainter, text: str, middle: QPointF, radius: float) -> None:
    """Write as large as the circle lets it be."""
    font = QFont()
    font.setWeight(QFont.Weight.DemiBold)
    height = _NUMBER_HEIGHT * radius
    font.setPixelSize(max(1, round(height)))
    width = QFontMetricsF(font, painter.device()).horizontalAdvance(text)
    most = _NUMBER_WIDTH * 2 * radius
    font.setPixelSize(max(1, round(height * min(1.0, most / max(width, 1.0)))))
    if not is_raster(painter):
        unhinted(font)
    metrics = QFontMetricsF(font, painter.device())
    painter.setFont(font)
    left = middle.x() - metrics.horizontalAdvance(text) / 2
    painter.drawText(QPointF(left, middle.y() + metrics.capHeight() / 2), text)
