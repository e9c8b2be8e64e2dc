"""What stands on a map to read it by: the scale bar and the north arrow."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QColor, QPen, QPolygonF

from gisapp.core.words import _
from gisapp.render.scale import distance_text, scale_bar
from gisapp.render.text import INK, Hand, Writer

if TYPE_CHECKING:
    from gisapp.render.viewport import Viewport

_SHARE_OF_WIDTH = 0.3
_MOST_MM = 50.0
_BAR_MM = 1.1
_VEIL = QColor(255, 255, 255, 225)
_WRITING = Hand(2.4)
_SMALL_PRINT = Hand(1.9)
_ATTRIBUTION_LINES = 5


def paint_scale_bar(writer: Writer, viewport: Viewport, margin_mm: float = 3.0) -> None:
    """Paint a bar of a round length into the lower left corner of the map, in two halves."""
    mm, painter = viewport.px_per_mm, writer.painter
    most_px = min(viewport.width_px * _SHARE_OF_WIDTH, _MOST_MM * mm)
    bar = scale_bar(viewport.metres_per_px, most_px)
    labels = ("0", distance_text(bar.length_m / 2), distance_text(bar.length_m))
    text_height = writer.metrics(_WRITING).height()
    half_text = writer.width(labels[2], _WRITING) / 2
    x, bottom = margin_mm * mm + 1.5 * mm, viewport.height_px - margin_mm * mm
    top = bottom - (_BAR_MM + 1.0) * mm - text_height
    veil = QRectF(x - 1.5 * mm, top - mm, bar.length_px + half_text + 3 * mm, bottom - top + 2 * mm)
    painter.fillRect(veil, _VEIL)
    painter.setPen(QPen(QColor(INK), 0.2 * mm))
    for i, fill in enumerate((INK, "#ffffff")):
        painter.setBrush(QColor(fill))
        left = x + i * bar.length_px / 2
        painter.drawRect(QRectF(left, bottom - _BAR_MM * mm, bar.length_px / 2, _BAR_MM * mm))
    for i, label in enumerate(labels):
        middle = x + i * bar.length_px / 2
        right = middle + (writer.width(label, _WRITING) / 2 if i else writer.width(label, _WRITING))
        writer.write_line(label, _WRITING, right, top)


def paint_attribution(writer: Writer, viewport: Viewport, text: str) -> None:
    """Write whose the basemap is into the lower right corner of the map."""
    mm = viewport.px_per_mm
    width = 0.6 * viewport.width_px
    written = writer.shortened(text, _SMALL_PRINT, width, _ATTRIBUTION_LINES)
    width = min(writer.width(written, _SMALL_PRINT) + 0.5 * mm, width)
    height = writer.height(written, _SMALL_PRINT, width)
    left, top = viewport.width_px - width - mm, viewport.height_px - height - 0.5 * mm
    veil = QRectF(left - mm, top - 0.5 * mm, width + 2 * mm, height + mm)
    writer.painter.fillRect(veil, _VEIL)
    writer.write(written, _SMALL_PRINT, left, top, width)


def paint_north_arrow(writer: Writer, viewport: Viewport, margin_mm: float = 3.0) -> None:
    """Paint an arrow to the top (grid north) into the upper right corner of the map."""
    mm, painter = viewport.px_per_mm, writer.painter
    letter = _("N")
    x, y = viewport.width_px - (margin_mm + 3.0) * mm, margin_mm * mm
    text_height = writer.metrics(_WRITING).height()
    painter.fillRect(QRectF(x - 3 * mm, y, 6 * mm, 8.5 * mm + text_height), _VEIL)
    writer.write_line(letter, _WRITING, x + writer.width(letter, _WRITING) / 2, y + 0.5 * mm)
    top = y + text_height + 0.8 * mm
    painter.setPen(QPen(QColor(INK), 0.2 * mm))
    for side, fill in ((-1.0, INK), (1.0, "#ffffff")):
        painter.setBrush(QColor(fill))
        corners = [(0.0, 0.0), (side * 2.0, 7.0), (0.0, 5.4)]
        painter.drawPolygon(QPolygonF([QPointF(x + u * mm, top + v * mm) for u, v in corners]))
