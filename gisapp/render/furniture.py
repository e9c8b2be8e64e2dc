"""What stands on a map to read it by: scale bar, north arrow, coordinates, attribution."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QColor, QPainter, QPen, QPolygonF

from gisapp.core.words import _
from gisapp.render.graticule import crossing
from gisapp.render.qt_arrays import fill_polygon
from gisapp.render.scale import distance_text, scale_bar, scale_text
from gisapp.render.text import INK, MUTED, Hand, Writer

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from gisapp.render.graticule import Edge, GridLine
    from gisapp.render.viewport import Viewport

_SHARE_OF_WIDTH = 0.3
_MOST_MM = 50.0
_BAR_MM = 1.1
_VEIL = QColor(255, 255, 255, 225)
_WRITING = Hand(2.4)
_COORDINATE = Hand(2.0, colour=MUTED)
_TICK_MM = 2.0
_GRID = QColor(31, 41, 51, 110)
_RATIO = Hand(2.8, bold=True)
_SMALL_PRINT = Hand(1.9)
# The scale bar has a third of the width; the two stand beside each other.
_ATTRIBUTION_WIDTH = 0.55
_ATTRIBUTION_LINES = 5


def paint_scale_bar(
    writer: Writer, viewport: Viewport, margin_mm: float = 3.0, *, scale: bool = False
) -> None:
    """Paint a bar of a round length into the lower left corner of the map, in two halves.

    With `scale` the scale stands above it, which holds for paper printed at its own size.
    """
    mm = viewport.px_per_mm
    most_px = min(viewport.width_px * _SHARE_OF_WIDTH, _MOST_MM * mm)
    bar = scale_bar(viewport.metres_per_px, most_px)
    labels = ["0", distance_text(bar.length_m / 2), distance_text(bar.length_m)]
    if sum(writer.width(f" {text} ", _WRITING) for text in labels[1:]) > bar.length_px:
        labels[1] = ""
    text_height = writer.metrics(_WRITING).height()
    half_text = writer.width(labels[2], _WRITING) / 2
    x, bottom = margin_mm * mm + 1.5 * mm, viewport.height_px - margin_mm * mm
    top = bottom - (_BAR_MM + 1.0) * mm - text_height
    ratio = scale_text(viewport.scale) if scale else ""
    ratio_top = top - writer.metrics(_RATIO).height() - 0.5 * mm if scale else top
    width = max(bar.length_px + half_text, writer.width(ratio, _RATIO)) + 3 * mm
    veil = QRectF(x - 1.5 * mm, ratio_top - mm, width, bottom - ratio_top + 2 * mm)
    writer.painter.fillRect(veil, _VEIL)
    if ratio:
        writer.write(ratio, _RATIO, x, ratio_top, width)
    _paint_bar(writer, x, bottom, bar.length_px)
    for i, label in enumerate(labels):
        middle = x + i * bar.length_px / 2
        right = middle + (writer.width(label, _WRITING) / 2 if i else writer.width(label, _WRITING))
        writer.write_line(label, _WRITING, right, top)


def _paint_bar(writer: Writer, x: float, bottom: float, length_px: float) -> None:
    mm, painter = writer.px_per_mm, writer.painter
    painter.setPen(QPen(QColor(INK), 0.2 * mm))
    for i, fill in enumerate((INK, "#ffffff")):
        painter.setBrush(QColor(fill))
        left = x + i * length_px / 2
        painter.drawRect(QRectF(left, bottom - _BAR_MM * mm, length_px / 2, _BAR_MM * mm))


def paint_attribution(writer: Writer, viewport: Viewport, text: str) -> None:
    """Write whose the basemap is into the lower right corner of the map."""
    mm = viewport.px_per_mm
    width = _ATTRIBUTION_WIDTH * viewport.width_px
    written = writer.shortened(text, _SMALL_PRINT, width, _ATTRIBUTION_LINES)
    width = min(writer.width(written, _SMALL_PRINT) + 0.5 * mm, width)
    height = writer.height(written, _SMALL_PRINT, width)
    left, top = viewport.width_px - width - mm, viewport.height_px - height - 0.5 * mm
    veil = QRectF(left - mm, top - 0.5 * mm, width + 2 * mm, height + mm)
    writer.painter.fillRect(veil, _VEIL)
    writer.write(written, _SMALL_PRINT, left, top, width)


def paint_grid(painter: QPainter, lines: Sequence[GridLine], viewport: Viewport) -> None:
    """Paint the lines of a graticule across the map, thin enough to read the map through them."""
    painter.setPen(QPen(_GRID, 0.13 * viewport.px_per_mm))
    for line in lines:
        polygon = QPolygonF()
        fill_polygon(polygon, line.px)
        painter.drawPolyline(polygon)


def paint_coordinates(writer: Writer, frame: QRectF, lines: Sequence[GridLine]) -> None:
    """Mark where a graticule meets the frame, with coordinates outside its left and lower edge."""
    mm, painter = writer.px_per_mm, writer.painter
    width, height = round(frame.width()), round(frame.height())
    painter.setPen(QPen(QColor(MUTED), 0.2 * mm))
    for line, edge, at in _crossings(lines, width, height):
        x = {"left": frame.left(), "right": frame.right()}.get(edge, frame.left() + at)
        y = {"top": frame.top(), "bottom": frame.bottom()}.get(edge, frame.top() + at)
        inward_x = {"left": 1.0, "right": -1.0}.get(edge, 0.0) * _TICK_MM * mm
        inward_y = {"top": 1.0, "bottom": -1.0}.get(edge, 0.0) * _TICK_MM * mm
        painter.drawLine(QPointF(x - inward_x / 2, y - inward_y / 2), QPointF(x, y))
        if (line.axis, edge) in (("x", "bottom"), ("y", "left")):
            _write_coordinate(writer, line.text, x, y, frame, upright=edge == "left")
            painter.setPen(QPen(QColor(MUTED), 0.2 * mm))


def _crossings(
    lines: Sequence[GridLine], width: int, height: int
) -> Iterator[tuple[GridLine, Edge, float]]:
    edges: dict[str, tuple[Edge, ...]] = {"x": ("top", "bottom"), "y": ("left", "right")}
    for line in lines:
        for edge in edges[line.axis]:
            at = crossing(line, edge, width, height)
            if at is not None:
                yield line, edge, at


def _write_coordinate(
    writer: Writer, text: str, x: float, y: float, frame: QRectF, *, upright: bool
) -> None:
    """Write a coordinate below (x, y), or left of it and turned; not beyond the frame's corners."""
    mm, painter, metrics = writer.px_per_mm, writer.painter, writer.metrics(_COORDINATE)
    half = writer.width(text, _COORDINATE) / 2
    if upright:
        y = min(max(y, frame.top() + half), frame.bottom() - half)
        painter.save()
        painter.translate(x - 1.4 * mm - metrics.height(), y)
        painter.rotate(-90)
        writer.write_line(text, _COORDINATE, half, 0.0)
        painter.restore()
        return
    x = min(max(x, frame.left() + half), frame.right() - half)
    writer.write_line(text, _COORDINATE, x + half, y + 1.2 * mm)


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
