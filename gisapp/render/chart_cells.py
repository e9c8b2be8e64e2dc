"""Charts of row × column: a value a cell, written on a colour that is darker for more."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QPointF, QRectF

from gisapp.core.colour import blended
from gisapp.render.chart_parts import GAP_MM, TEXT, Painted, fill, mm, write_centred
from gisapp.render.text import Hand

if TYPE_CHECKING:
    from gisapp.render.charts import Matrix
    from gisapp.render.text import Writer

# One hue from light to dark: lightness alone tells the order.
_LEAST, _MOST = "#e3eef8", "#08447a"
_NOTHING = "#f3f5f7"
_ON_DARK = Hand(TEXT.size_mm, colour="#ffffff")
_DARK_FROM = 0.5
_ROWS_SHARE = 0.34
_LEAST_CELL_MM = 9.0
_WIDEST_CELL_MM = 26.0
_TALLEST_HEAD_MM = 42.0


def paint_matrix(writer: Writer, chart: Matrix, x: float, y: float, width: float) -> Painted:
    """Draw the cells from `y` down, below the columns' names and beside the rows'."""
    gap = mm(writer, GAP_MM)
    widest = max((writer.width(name, TEXT) + 1.0 for name in chart.rows), default=0.0)
    row_width = min(widest, width * _ROWS_SHARE)
    left = x + row_width + gap
    room = (x + width - left) / max(len(chart.columns), 1)
    cell = min(max(room, _least_cell(writer, chart)), mm(writer, _WIDEST_CELL_MM))
    top = _paint_heads(writer, chart.columns, left, y, cell) + gap / 2
    marks = []
    for name, values in zip(chart.rows, chart.values, strict=True):
        text_height = writer.height(name, TEXT, row_width)
        height = max(text_height + gap, mm(writer, _LEAST_CELL_MM))
        writer.write(name, TEXT, x, top + (height - text_height) / 2, row_width)
        places = [QRectF(left + i * cell, top, cell, height) for i in range(len(values))]
        for place, value in zip(places, values, strict=True):
            _paint_cell(writer, chart, place, value)
        marks += places
        top += height
    return Painted(top, marks)


def least_width(writer: Writer, chart: Matrix) -> float:
    """Return the width below which cells would be too narrow for what stands in them."""
    cells = len(chart.columns) * _least_cell(writer, chart)
    return (cells + mm(writer, GAP_MM)) / (1 - _ROWS_SHARE)


def _least_cell(writer: Writer, chart: Matrix) -> float:
    texts = [chart.cell_text(value) for row in chart.values for value in row]
    widest = max((writer.width(text, TEXT) for text in texts), default=0.0)
    return max(widest + mm(writer, GAP_MM), mm(writer, _LEAST_CELL_MM))


def _paint_cell(writer: Writer, chart: Matrix, place: QRectF, value: float | None) -> None:
    line = mm(writer, 0.25)
    inner = place.adjusted(line, line, -line, -line)
    greatest = chart.greatest()
    share = value / greatest if value and greatest > 0 else 0.0
    fill(writer, inner, blended(_LEAST, _MOST, share) if value else _NOTHING)
    hand = _ON_DARK if share > _DARK_FROM else TEXT
    y = place.center().y() - writer.metrics(hand).lineSpacing() / 2
    write_centred(writer, chart.cell_text(value), hand, place.center().x(), y)


def _paint_heads(
    writer: Writer, names: tuple[str, ...], left: float, y: float, cell: float
) -> float:
    """Write the columns' names: across where their words fit into a cell, else upwards."""
    inner = cell - mm(writer, GAP_MM) / 2
    words = [word for name in names for word in name.split()]
    if all(writer.width(word, TEXT) < inner for word in words):
        bottom = y + max((writer.height(name, TEXT, inner) for name in names), default=0.0)
        for place, name in enumerate(names):
            for line, text in enumerate(reversed(writer.lines(name, TEXT, inner))):
                height = (line + 1) * writer.metrics(TEXT).lineSpacing()
                write_centred(writer, text, TEXT, left + (place + 0.5) * cell, bottom - height)
        return bottom
    widest = max(writer.width(name, TEXT) + 1.0 for name in names)
    length = min(widest, mm(writer, _TALLEST_HEAD_MM))
    for place, name in enumerate(names):
        thickness = writer.height(name, TEXT, length)
        _write_upwards(
            writer, name, left + (place + 0.5) * cell - thickness / 2, y + length, length
        )
    return y + length


def _write_upwards(writer: Writer, text: str, x: float, bottom: float, length: float) -> None:
    painter = writer.painter
    painter.save()
    painter.translate(QPointF(x, bottom))
    painter.rotate(-90)
    writer.write(text, TEXT, 0.0, 0.0, length)
    painter.restore()
