"""A sheet: title, map, legend, scale bar, sources. The same on PNG, SVG and PDF."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPen

from gisapp.core.progress import SILENT
from gisapp.render.furniture import paint_attribution, paint_north_arrow, paint_scale_bar
from gisapp.render.geometry import total_bounds
from gisapp.render.legend import legend
from gisapp.render.legend_box import paint_legend
from gisapp.render.painter import paint
from gisapp.render.scene import build_scene
from gisapp.render.text import HAIRLINE, MUTED, Hand, Writer
from gisapp.render.viewport import Viewport

if TYPE_CHECKING:
    from gisapp.core.layer import Layer
    from gisapp.core.progress import Progress
    from gisapp.render.basemap import Under

_MARGIN_MM = 11.0
_LEGEND_MM = 58.0
_GAP_MM = 5.0
_A4_MM = (210.0, 297.0)

_TITLE = Hand(5.6, bold=True)
_SUBTITLE = Hand(3.1, colour=MUTED)
_NOTE = Hand(2.3, colour=MUTED)
_TITLE_LINES = 2
# A notice longer than this would leave no room for the map.
_NOTE_LINES = 8


@dataclass(frozen=True)
class Sheet:
    """The page in device pixels."""

    width_px: int
    height_px: int
    px_per_mm: float


@dataclass(frozen=True)
class SheetText:
    """What is written around the map: below the title a line, at the foot paragraphs."""

    title: str
    subtitle: str
    notes: tuple[str, ...]


def a4(layers: Sequence[Layer], px_per_mm: float) -> Sheet:
    """Return an A4 sheet, upright where the layers' extent is taller than wide."""
    bounds = total_bounds([layer.frame for layer in layers if layer.visible])
    upright = bounds is None or bounds[3] - bounds[1] >= bounds[2] - bounds[0]
    width_mm, height_mm = _A4_MM if upright else _A4_MM[::-1]
    return Sheet(round(width_mm * px_per_mm), round(height_mm * px_per_mm), px_per_mm)


def paint_sheet(
    painter: QPainter,
    sheet: Sheet,
    layers: Sequence[Layer],
    text: SheetText,
    progress: Progress = SILENT,
    under: Under | None = None,
) -> None:
    """Paint a whole sheet; the map shows all of the visible layers.

    Parameters
    ----------
    painter : QPainter
        At the upper left corner of the page.
    sheet : Sheet
        As `a4` gives it.
    layers : sequence of Layer
        In drawing order, the first on top.
    text : SheetText
    progress : Progress
        Told while the map is worked out and painted; may raise `Cancelled`.
    under : callable, optional
        Works out what lies below the layers.
    """
    writer, mm = Writer(painter, sheet.px_per_mm), sheet.px_per_mm
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.fillRect(QRectF(0, 0, sheet.width_px, sheet.height_px), QColor("#ffffff"))
    left, width = _MARGIN_MM * mm, sheet.width_px - 2 * _MARGIN_MM * mm
    top = _paint_head(writer, text, left, width) + 3 * mm
    bottom = _paint_foot(writer, text, left, width, sheet) - 4 * mm
    paint_map(writer, layers, QRectF(left, top, width, bottom - top), progress, under)


def paint_map(
    writer: Writer,
    layers: Sequence[Layer],
    box: QRectF,
    progress: Progress = SILENT,
    under: Under | None = None,
) -> None:
    """Paint the framed map with scale bar and arrow, and the legend to its right."""
    mm = writer.px_per_mm
    map_width = box.width() - (_LEGEND_MM + _GAP_MM) * mm
    frame = QRectF(box.left(), box.top(), map_width, box.height())
    viewport = _viewport(layers, frame, mm)
    _paint_framed(writer, layers, viewport, frame, progress, under)
    paint_legend(
        writer,
        legend(layers, viewport),
        frame.right() + _GAP_MM * mm,
        box.top() - 2.6 * mm,
        _LEGEND_MM * mm,
        box.height() + 2.6 * mm,
    )


def _viewport(layers: Sequence[Layer], frame: QRectF, px_per_mm: float) -> Viewport:
    bounds = total_bounds([layer.frame for layer in layers if layer.visible])
    size = max(1, round(frame.width())), max(1, round(frame.height()))
    return Viewport.fitting(bounds or (0.0, 0.0, 1000.0, 1000.0), *size, px_per_mm)


def _paint_framed(
    writer: Writer,
    layers: Sequence[Layer],
    viewport: Viewport,
    frame: QRectF,
    progress: Progress,
    under: Under | None,
) -> None:
    painter = writer.painter
    ground = under(viewport, progress) if under else None
    scene = build_scene(layers, viewport, progress)
    painter.save()
    painter.setClipRect(frame)
    painter.translate(frame.topLeft())
    if ground is not None:
        paint(painter, ground.scene, progress)
    paint(painter, scene, progress)
    if ground is not None and ground.attribution:
        paint_attribution(writer, viewport, ground.attribution)
    paint_scale_bar(writer, viewport)
    paint_north_arrow(writer, viewport)
    painter.restore()
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.setPen(QPen(QColor(HAIRLINE), 0.25 * writer.px_per_mm))
    painter.drawRect(frame)


def _paint_head(writer: Writer, text: SheetText, left: float, width: float) -> float:
    mm = writer.px_per_mm
    title = writer.shortened(text.title, _TITLE, width, _TITLE_LINES)
    y = writer.write(title, _TITLE, left, _MARGIN_MM * mm, width)
    subtitle = writer.shortened(text.subtitle, _SUBTITLE, width, _TITLE_LINES)
    return writer.write(subtitle, _SUBTITLE, left, y + 1 * mm, width)


def _paint_foot(writer: Writer, text: SheetText, left: float, width: float, sheet: Sheet) -> float:
    """Write the notes at the bottom of the sheet; return where they begin."""
    mm = writer.px_per_mm
    notes = [writer.shortened(note, _NOTE, width, _NOTE_LINES) for note in text.notes if note]
    height = sum(writer.height(note, _NOTE, width) + 0.8 * mm for note in notes)
    top = sheet.height_px - _MARGIN_MM * mm - height
    y = top
    for note in notes:
        y = writer.write(note, _NOTE, left, y, width) + 0.8 * mm
    writer.painter.setPen(QPen(QColor(HAIRLINE), 0.2 * mm))
    line_y = top - 1.5 * mm
    writer.painter.drawLine(QPointF(left, line_y), QPointF(left + width, line_y))
    return line_y
