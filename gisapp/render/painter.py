"""Painting a scene with QPainter: screen, PNG, SVG and PDF by the same code."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import (
    QBrush,
    QColor,
    QFont,
    QFontMetricsF,
    QPaintEngine,
    QPainter,
    QPainterPath,
    QPen,
    QPixmap,
    QPolygonF,
)

from gisapp.core.progress import SILENT
from gisapp.render.batches import ImageBatch, OutlineBatch, PointBatch
from gisapp.render.hatching import tile_origin
from gisapp.render.images import paint_image
from gisapp.render.labels import place_labels
from gisapp.render.pens import (
    hatched_brush,
    marker_path,
    paint_area,
    paint_marker,
    path_of,
    pen_of,
    solid_brush,
)
from gisapp.render.qt_arrays import draw_stamps, fill_polygon
from gisapp.render.text import INK, unhinted

if TYPE_CHECKING:
    from gisapp.core.progress import Progress
    from gisapp.core.style import Symbol
    from gisapp.render.batches import Batch
    from gisapp.render.scene import Scene

LABEL_MM = 2.8
_HALO_MM = 0.7


def paint(painter: QPainter, scene: Scene, progress: Progress = SILENT) -> None:
    """Paint `scene` at the painter's origin; the background stays what it is.

    May run outside the GUI thread where the painter works on a QImage.

    Raises
    ------
    Cancelled
        Where `progress` says so, between two batches.
    """
    paint_groups(painter, scene, progress)
    paint_labels(painter, scene)


def paint_groups(painter: QPainter, scene: Scene, progress: Progress = SILENT) -> None:
    """Paint everything but the names; raises `Cancelled` where `progress` says so."""
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    try:
        for done, batch in enumerate(scene.batches):
            progress.step(done, len(scene.batches), "")
            paint_batch(painter, batch, scene.viewport.px_per_mm)
    finally:
        painter.restore()


def paint_batch(painter: QPainter, batch: Batch, px_per_mm: float) -> None:
    """Paint one batch at full opacity."""
    if isinstance(batch, PointBatch):
        _paint_points(painter, batch, px_per_mm)
    elif isinstance(batch, OutlineBatch):
        _paint_outlines(painter, batch, px_per_mm)
    elif isinstance(batch, ImageBatch):
        paint_image(painter, batch)


def paint_labels(painter: QPainter, scene: Scene) -> None:
    """Paint the names that find room."""
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    try:
        _paint_labels(painter, scene)
    finally:
        painter.restore()


def is_raster(painter: QPainter) -> bool:
    """Tell pixels from paper: on pixels, symbols are stamped and hatches tiled."""
    return painter.paintEngine().type() == QPaintEngine.Type.Raster


def _paint_points(painter: QPainter, batch: PointBatch, px_per_mm: float) -> None:
    if is_raster(painter):
        draw_stamps(painter, _stamp(batch.symbol, px_per_mm), batch.xy)
        return
    painter.setPen(pen_of(batch.symbol, px_per_mm))
    painter.setBrush(solid_brush(batch.symbol))
    marker = marker_path(batch.symbol.shape, batch.symbol.size_mm * px_per_mm)
    # Moving the path, not the painter: each change of state is a group of its own in SVG.
    for x, y in batch.xy.tolist():
        painter.drawPath(marker.translated(x, y))


def _stamp(symbol: Symbol, px_per_mm: float) -> QPixmap:
    """Return the marker as a small picture of odd size, so that its middle is a pixel."""
    reach_px = (1.3 * symbol.size_mm / 2 + symbol.stroke_mm) * px_per_mm
    side = 2 * math.ceil(reach_px) + 1
    stamp = QPixmap(side, side)
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


def label_font(px_per_mm: float) -> QFont:
    """Return the font of names on the map."""
    font = QFont()
    font.setPixelSize(max(1, round(LABEL_MM * px_per_mm)))
    font.setWeight(QFont.Weight.DemiBold)
    return font


def _paint_labels(painter: QPainter, scene: Scene) -> None:
    if not scene.labels:
        return
    viewport = scene.viewport
    font = label_font(viewport.px_per_mm)
    if not is_raster(painter):
        unhinted(font)
    metrics = QFontMetricsF(font)
    placed = place_labels(
        scene.labels,
        lambda text: (metrics.horizontalAdvance(text), metrics.height()),
        viewport.width_px,
        viewport.height_px,
    )
    painter.setFont(font)
    halo = QPen(QColor(255, 255, 255, 220), _HALO_MM * viewport.px_per_mm)
    halo.setJoinStyle(Qt.PenJoinStyle.RoundJoin)
    for label in placed:
        baseline = QPointF(label.x, label.y + metrics.ascent())
        outline = QPainterPath()
        outline.addText(baseline, font, label.text)
        painter.strokePath(outline, halo)
        painter.setPen(QColor(INK))
        painter.drawText(baseline, label.text)
