"""Charts with a row a thing: bars with intervals, and tornados."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtCore import QLineF, QRectF

from gisapp.core.words import _
from gisapp.render.chart_parts import (
    BLUE,
    GAP_MM,
    SMALL,
    TEXT,
    VERMILION,
    Axis,
    Painted,
    fill,
    fitting_axis,
    line_pen,
    mm,
    paint_value_axis,
    write_centred,
)
from gisapp.render.text import INK

if TYPE_CHECKING:
    from gisapp.render.charts import Bar, Bars, Swing, Tornado
    from gisapp.render.text import Writer

_BAR_MM = 4.0
_WHISKER_MM = 1.1
_LABELS_SHARE = 0.34
_ENDS_SHARE = 0.45


@dataclass(frozen=True)
class _Row:
    """Where a row lies: labels from `x`, the plot's axis, the column at the right."""

    x: float
    label_width: float
    value_width: float
    axis: Axis
    top: float
    bottom: float

    @property
    def middle(self) -> float:
        return (self.top + self.bottom) / 2

    @property
    def whole(self) -> QRectF:
        right = self.axis.right + self.value_width
        return QRectF(self.x, self.top, right - self.x, self.bottom - self.top)


def paint_bars(writer: Writer, chart: Bars, x: float, y: float, width: float) -> Painted:
    """Draw the bars from `y` down: label, bar with its interval, value."""
    gap, most = mm(writer, GAP_MM), width * _LABELS_SHARE
    texts = [chart.bar_text(bar) for bar in chart.bars]
    label_width = min(_widest(writer, [bar.label for bar in chart.bars]), most)
    value_width = min(_widest(writer, texts), most) + gap
    left, right = x + label_width + 2 * gap, x + width - value_width
    axis = fitting_axis(writer, chart.extent(), chart.decimals, left, right)
    rows = []
    top = y
    for bar, text in zip(chart.bars, texts, strict=True):
        heights = (
            writer.height(bar.label, TEXT, label_width),
            writer.height(text, TEXT, value_width - gap),
            mm(writer, _BAR_MM),
        )
        rows.append(_Row(x, label_width, value_width, axis, top, top + max(heights) + gap))
        top = rows[-1].bottom
    bottom = paint_value_axis(writer, axis, y, top)
    for row, bar, text in zip(rows, chart.bars, texts, strict=True):
        _paint_bar(writer, row, bar, text, gap)
    return Painted(bottom, [row.whole for row in rows])


def _paint_bar(writer: Writer, row: _Row, bar: Bar, text: str, gap: float) -> None:
    _write_beside(writer, bar.label, row.x, row.label_width, row.middle)
    _write_beside(writer, text, row.axis.right + gap, row.value_width - gap, row.middle)
    if bar.value is None:
        return
    ends = sorted((row.axis.at(0.0), row.axis.at(bar.value)))
    half = mm(writer, _BAR_MM) / 2
    fill(writer, QRectF(ends[0], row.middle - half, ends[1] - ends[0], 2 * half), BLUE)
    if bar.ends is not None:
        low, high = map(row.axis.at, bar.ends)
        _paint_whisker(writer, low, high, row.middle)


def _paint_whisker(writer: Writer, low: float, high: float, y: float) -> None:
    """Draw an interval with its ends; light around it, so that it shows on its bar."""
    half = mm(writer, _WHISKER_MM)
    lines = [
        QLineF(low, y, high, y),
        QLineF(low, y - half, low, y + half),
        QLineF(high, y - half, high, y + half),
    ]
    for pen in (line_pen(writer, "#ffffff", 0.9), line_pen(writer, INK, 0.4)):
        writer.painter.setPen(pen)
        writer.painter.drawLines(lines)


def paint_tornado(writer: Writer, chart: Tornado, x: float, y: float, width: float) -> Painted:
    """Draw the swings from `y` down: the parameter with its settings, and how far it moves."""
    gap = mm(writer, GAP_MM)
    texts = [chart.swing_text(swing) for swing in chart.swings]
    widest = max(
        _widest(writer, [swing.label for swing in chart.swings]),
        max((writer.width(text, SMALL) for text in texts), default=0.0),
    )
    label_width = min(widest + 1.0, width * _ENDS_SHARE)
    left, right = x + label_width + 3 * gap, x + width - 3 * gap
    axis = fitting_axis(writer, chart.extent(), chart.decimals, left, right)
    base = _("base: {value}").format(value=chart.value_text(chart.base))
    head = writer.metrics(SMALL).lineSpacing()
    rows = []
    top = y + head
    for swing, text in zip(chart.swings, texts, strict=True):
        written = writer.height(swing.label, TEXT, label_width)
        written += writer.height(text, SMALL, label_width)
        height = max(written, mm(writer, _BAR_MM)) + 1.5 * gap
        rows.append(_Row(x, label_width, 3 * gap, axis, top, top + height))
        top = rows[-1].bottom
    bottom = paint_value_axis(writer, axis, y + head, top)
    for row, swing, text in zip(rows, chart.swings, texts, strict=True):
        _paint_swing(writer, row, swing, text, chart.base)
    at = axis.at(chart.base)
    writer.painter.setPen(line_pen(writer, INK, 0.4))
    writer.painter.drawLine(QLineF(at, y + head, at, top))
    half = writer.width(base, SMALL) / 2
    write_centred(writer, base, SMALL, min(max(at, x + half), x + width - half), y)
    return Painted(bottom, [row.whole for row in rows])


def _paint_swing(writer: Writer, row: _Row, swing: Swing, text: str, base: float) -> None:
    end = writer.write(swing.label, TEXT, row.x, row.top, row.label_width)
    writer.write(text, SMALL, row.x, end, row.label_width)
    half, at = mm(writer, _BAR_MM) / 2, row.axis.at(base)
    middle = (row.top + row.bottom) / 2 - mm(writer, GAP_MM) / 2
    for value, colour in ((min(swing.low, base), BLUE), (max(swing.high, base), VERMILION)):
        ends = sorted((at, row.axis.at(value)))
        fill(writer, QRectF(ends[0], middle - half, ends[1] - ends[0], 2 * half), colour)


def _write_beside(writer: Writer, text: str, x: float, width: float, middle: float) -> None:
    """Write text wrapped to `width` with its middle at a height."""
    writer.write(text, TEXT, x, middle - writer.height(text, TEXT, width) / 2, width)


def _widest(writer: Writer, texts: list[str]) -> float:
    """Return the width that the widest text needs; a pixel more, as wrapping rounds."""
    return max((writer.width(text, TEXT) for text in texts), default=0.0) + 1.0
