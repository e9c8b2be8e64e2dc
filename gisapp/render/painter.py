"""Painting a scene with QPainter: screen, PNG, SVG and PDF by the same code."""

from __future__ import annotations

import itertools
import math
from typing import TYPE_CHECKING

from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import (
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
from gisapp.render.labels import place_labels
from gisapp.render.pens import (
    HATCH_SPACING_MM,
    draw_hatch,
    hatch_brush,
    marker_path,
    pen_of,
    solid_brush,
)
from gisapp.render.qt_arrays import draw_stamps, fill_polygon
from gisapp.render.scene import OutlineBatch, PointBatch, Scene

if TYPE_CHECKING:
    from gisapp.core.progress import Progress
    from gisapp.core.style import Symbol

LABEL_MM = 2.8
_HALO_MM = 0.7
_INK = QColor("#1f2933")


def paint(painter: QPainter, scene: Scene, progress: Progress = SILENT) -> None:
    """Paint `scene` at the painter's origin; the background stays what it is.

    May run outside the GUI thread where the painter works on a QImage.

    Raises
    ------
    Cancelled
        Where `progress` says so, between two batches.
    """
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    px_per_mm = scene.viewport.px_per_mm
    try:
        for done, batch in enumerate(scene.batches):
            progress.step(done, len(scene.batches), "")
            if isinstance(batch, PointBatch):
                _paint_points(painter, batch, px_per_mm)
            else:
                _paint_outlines(painter, batch, px_per_mm)
        _paint_labels(painter, scene)
    finally:
        painter.restore()


def paint_marker(
    painter: QPainter, symbol: Symbol, x_px: float, y_px: float, px_per_mm: float
) -> None:
    """Paint one marker with its middle at `x_px`, `y_px`; the legend's swatches are this too."""
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
    _paint_path(painter, symbol, path, px_per_mm)


def is_raster(painter: QPainter) -> bool:
    """Tell pixels from paper: on pixels, symbols are stamped and hatches tiled."""
    return painter.paintEngine().type() == QPaintEngine.Type.Raster


def _paint_points(painter: QPainter, batch: PointBatch, px_per_mm: float) -> None:
    if is_raster(painter):
        draw_stamps(painter, _stamp(batch.symbol, px_per_mm), batch.xy)
        return
    for x, y in batch.xy.tolist():
        paint_marker(painter, batch.symbol, x, y, px_per_mm)


def _stamp(symbol: Symbol, px_per_mm: float) -> QPixmap:
    """Return the marker as a small picture of odd size, so that its middle is a pixel."""
    reach_px = (1.3 * symbol.size_mm / 2 + symbol.stroke_mm) * px_per_mm
    side = 2 * math.ceil(reach_px) + 1
    stamp = QPixmap(side, side)
    stamp.fill(Qt.GlobalColor.transparent)
    painter = QPainter(stamp)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    paint_marker(painter, symbol, side / 2, side / 2, px_per_mm)
    painter.end()
    return stamp


def _paint_outlines(painter: QPainter, batch: OutlineBatch, px_per_mm: float) -> None:
    symbol, shape = batch.symbol, batch.outline
    hatched = bool(symbol.hatch and symbol.fill) and batch.closed
    if hatched and is_raster(painter):
        painter.setBrush(hatch_brush(symbol, px_per_mm))
    else:
        painter.setBrush(solid_brush(symbol))
    painter.setPen(pen_of(symbol, px_per_mm))
    by_path = hatched and not is_raster(painter)
    rings = shape.ring_starts.tolist()
    parts = shape.part_starts.tolist()
    scratch = QPolygonF()
    for first, after in itertools.pairwise(parts):
        if by_path or after - first > 1:
            path = _path_of(batch, rings[first : after + 1], scratch)
            if by_path:
                _paint_path(painter, symbol, path, px_per_mm)
            else:
                painter.drawPath(path)
            continue
        fill_polygon(scratch, shape.xy[rings[first] : rings[after]])
        if batch.closed:
            painter.drawPolygon(scratch)
        else:
            painter.drawPolyline(scratch)
    _paint_specks(painter, batch)


def _path_of(batch: OutlineBatch, rings: list[int], scratch: QPolygonF) -> QPainterPath:
    path = QPainterPath()
    for start, stop in itertools.pairwise(rings):
        fill_polygon(scratch, batch.outline.xy[start:stop])
        path.addPolygon(scratch)
        path.closeSubpath()
    return path


def _paint_path(painter: QPainter, symbol: Symbol, path: QPainterPath, px_per_mm: float) -> None:
    """Fill, hatch with real lines and outline; a tile of pixels would be coarse on paper."""
    painter.setBrush(solid_brush(symbol))
    painter.setPen(Qt.PenStyle.NoPen)
    painter.drawPath(path)
    if symbol.hatch and symbol.fill:
        painter.save()
        painter.setClipPath(path, Qt.ClipOperation.IntersectClip)
        box = path.boundingRect()
        if painter.hasClipping():
            box = box.intersected(painter.clipBoundingRect())
        draw_hatch(painter, symbol, box, HATCH_SPACING_MM * px_per_mm, px_per_mm)
        painter.restore()
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.setPen(pen_of(symbol, px_per_mm))
    painter.drawPath(path)


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
        painter.setPen(_INK)
        painter.drawText(baseline, label.text)
