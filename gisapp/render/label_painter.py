"""Writing the names that find room, with QPainter."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPainter, QPainterPath, QPen, QTransform

from gisapp.render.batch_painter import is_raster
from gisapp.render.batches import ClusterBatch, PointBatch
from gisapp.render.label_placing import place_labels
from gisapp.render.text import unhinted

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from gisapp.core.style import Labels
    from gisapp.render.label_places import Box, Measure, Run
    from gisapp.render.label_placing import PlacedLabel
    from gisapp.render.scene import Scene

# Names are measured at this size whatever the device, so that they stand alike on all of them.
_MEASURED_PX = 200
_HALO_ALPHA = 220
# Pixels round letters: a box is a little larger than measured.
_SLACK = 1.04


def paint_names(painter: QPainter, scene: Scene) -> None:
    """Write the scene's names where they find room."""
    if not scene.labels:
        return
    viewport = scene.viewport
    placed = place_labels(
        scene.labels,
        _measurer(viewport.px_per_mm),
        viewport.width_px,
        viewport.height_px,
        viewport.px_per_mm,
        _marks(scene),
        _circles(scene),
    )
    writer = _Writer(painter, viewport.px_per_mm)
    for one in placed:
        writer.write(one)


def _marks(scene: Scene) -> NDArray[np.float64]:
    found = [batch.xy for batch in scene.batches if isinstance(batch, PointBatch)]
    return np.concatenate([np.empty((0, 2)), *found])


def _circles(scene: Scene) -> list[Box]:
    """Return the boxes of the circles of crowds, whose numbers no name may cover."""
    return [
        (x - r, y - r, x + r, y + r)
        for batch in scene.batches
        if isinstance(batch, ClusterBatch)
        for (x, y), r in zip(batch.xy.tolist(), batch.radius_px.tolist(), strict=True)
    ]


def _font(look: Labels, size_px: float) -> QFont:
    font = QFont()
    font.setPixelSize(max(1, round(size_px)))
    font.setWeight(QFont.Weight.DemiBold if look.bold else QFont.Weight.Normal)
    return font


def _measurer(px_per_mm: float) -> Measure:
    """Return what measures names in pixels of a device; each text is measured once."""
    fonts: dict[bool, QFontMetricsF] = {}
    known: dict[tuple[str, bool], tuple[float, float]] = {}

    def measure(text: str, look: Labels) -> tuple[float, float]:
        if look.bold not in fonts:
            fonts[look.bold] = QFontMetricsF(unhinted(_font(look, _MEASURED_PX)))
        key = text, look.bold
        if key not in known:
            metrics = fonts[look.bold]
            known[key] = metrics.horizontalAdvance(text), metrics.height()
        scale = _SLACK * look.size_mm * px_per_mm / _MEASURED_PX
        return known[key][0] * scale, known[key][1] * scale

    return measure


class _Writer:
    """Writes names on one painter; fonts are made once a look."""

    def __init__(self, painter: QPainter, px_per_mm: float) -> None:
        self._painter = painter
        self._px_per_mm = px_per_mm
        self._on_paper = not is_raster(painter)
        self._fonts: dict[Labels, tuple[QFont, QFontMetricsF]] = {}

    def write(self, placed: PlacedLabel) -> None:
        """Write one name: the halo of all its letters below all of them."""
        look = placed.label.look
        font, metrics = self._font_of(look)
        self._painter.setFont(font)
        if look.halo is not None:
            self._draw_halo(placed, font, metrics)
        self._painter.setPen(QColor(look.colour))
        for run in placed.runs:
            self._draw_run(run, metrics)

    def _font_of(self, look: Labels) -> tuple[QFont, QFontMetricsF]:
        if look not in self._fonts:
            font = _font(look, look.size_mm * self._px_per_mm)
            if self._on_paper:
                unhinted(font)
            self._fonts[look] = font, QFontMetricsF(font, self._painter.device())
        return self._fonts[look]

    def _draw_halo(self, placed: PlacedLabel, font: QFont, metrics: QFontMetricsF) -> None:
        look = placed.label.look
        colour = QColor(look.halo)
        colour.setAlpha(_HALO_ALPHA)
        pen = QPen(colour, look.halo_mm * self._px_per_mm)
        pen.setJoinStyle(Qt.PenJoinStyle.RoundJoin)
        outline = QPainterPath()
        for run in placed.runs:
            letters = QPainterPath()
            letters.addText(_baseline(run.text, metrics), font, run.text)
            outline.addPath(QTransform().translate(run.x, run.y).rotate(run.turn_deg).map(letters))
        self._painter.strokePath(outline, pen)

    def _draw_run(self, run: Run, metrics: QFontMetricsF) -> None:
        start = _baseline(run.text, metrics)
        if run.turn_deg == 0:  # each change of state is a group of its own in SVG
            self._painter.drawText(QPointF(run.x, run.y) + start, run.text)
            return
        self._painter.save()
        self._painter.translate(run.x, run.y)
        self._painter.rotate(run.turn_deg)
        self._painter.drawText(start, run.text)
        self._painter.restore()


def _baseline(text: str, metrics: QFontMetricsF) -> QPointF:
    """Return where a text starts whose box has its middle at the origin."""
    return QPointF(-metrics.horizontalAdvance(text) / 2, (metrics.ascent() - metrics.descent()) / 2)
