"""Charts of values that hold from date to date."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from PySide6.QtCore import QLineF, QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPolygonF

from gisapp.core.words import day, month
from gisapp.render.chart_parts import (
    COLOURS,
    GAP_MM,
    SMALL,
    TEXT,
    Axis,
    Painted,
    axis_of,
    line_pen,
    mm,
    write_centred,
)
from gisapp.render.charts import date_ticks

if TYPE_CHECKING:
    from PySide6.QtGui import QPen

    from gisapp.render.charts import Event, Line, Steps
    from gisapp.render.text import Writer

_DASHES_MM: tuple[tuple[float, ...], ...] = ((), (2.4, 1.2), (0.8, 0.8))
_LEAST_HEIGHT_MM = 42.0
_MOST_HEIGHT_MM = 62.0  # so that the axis of dates is in sight with the table below
_HEIGHT_SHARE = 0.42
_NAMES_SHARE = 0.28
_SAMPLE_MM = 5.0
_VALUE_TICKS = 6
_EVENT_COLOUR = "#4a5563"


@dataclass(frozen=True)
class _Plot:
    """Two axes: days from left to right, values from the bottom up."""

    chart: Steps
    first: int
    last: int
    left: float
    right: float
    values: Axis

    def x(self, iso_date: str) -> float:
        return self.x_of(date.fromisoformat(iso_date).toordinal())

    def x_of(self, ordinal: int) -> float:
        share = (ordinal - self.first) / (self.last - self.first)
        return self.left + share * (self.right - self.left)


def paint_steps(writer: Writer, chart: Steps, x: float, y: float, width: float) -> Painted:
    """Draw the lines from `y` down, each with its name at the right, above an axis of dates."""
    gap = mm(writer, GAP_MM)
    names = [line.label for line in chart.lines] if len(chart.lines) > 1 else []
    sample = mm(writer, _SAMPLE_MM) + gap
    widest = max((writer.width(name, TEXT) + 1.0 for name in names), default=0.0)
    name_width = min(widest, width * _NAMES_SHARE - sample)
    right = x + width - (name_width + sample + gap if names else 2 * gap)
    named = sum(writer.height(name, TEXT, name_width) for name in names)
    least, most = mm(writer, _LEAST_HEIGHT_MM), mm(writer, _MOST_HEIGHT_MM)
    height = max(least, min(width * _HEIGHT_SHARE, most), named)
    top = y + writer.metrics(SMALL).lineSpacing() / 2
    plot = _plot(writer, chart, x, right, top, top + height)
    bottom = _paint_axes(writer, plot)
    marks = [
        mark
        for place, line in enumerate(chart.lines)
        for mark in _paint_line(writer, plot, line, _pen(writer, place))
    ]
    marks += [_paint_event(writer, plot, event) for event in chart.events]
    if names:
        _write_names(writer, plot, right + gap, name_width, top + height)
    return Painted(bottom, marks)


def _plot(writer: Writer, chart: Steps, x: float, right: float, top: float, bottom: float) -> _Plot:
    values = axis_of(chart.extent(), chart.decimals, bottom, top, _VALUE_TICKS)
    widest = max(writer.width(text, SMALL) for text in values.texts)
    return _Plot(chart, *chart.days(), x + widest + mm(writer, GAP_MM), right, values)


def _pen(writer: Writer, place: int) -> QPen:
    """Return the pen of a line: another colour each, another dash where colours begin anew."""
    dash_mm = _DASHES_MM[place // len(COLOURS) % len(_DASHES_MM)]
    return line_pen(writer, COLOURS[place % len(COLOURS)], 0.6, dash_mm)


def _paint_axes(writer: Writer, plot: _Plot) -> float:
    values, line_height = plot.values, writer.metrics(SMALL).lineSpacing()
    writer.painter.setPen(line_pen(writer, "#d5dbe2", 0.2))
    for mark in values.ticks:
        writer.painter.drawLine(QLineF(plot.left, values.at(mark), plot.right, values.at(mark)))
    for mark, text in zip(values.ticks, values.texts, strict=True):
        end = plot.left - mm(writer, GAP_MM) / 2
        writer.write_line(text, SMALL, end, values.at(mark) - line_height / 2)
    bottom = values.left + mm(writer, 1.0)
    for at, text in _dates(writer, plot):
        writer.painter.setPen(line_pen(writer))
        writer.painter.drawLine(QLineF(at, values.left, at, bottom))
        half = writer.width(text, SMALL) / 2
        inside = max(at, plot.left + half - mm(writer, GAP_MM))
        write_centred(
            writer, text, SMALL, min(inside, plot.right + mm(writer, GAP_MM) - half), bottom
        )
    return bottom + line_height


def _dates(writer: Writer, plot: _Plot) -> list[tuple[float, str]]:
    """Return where dates are written, and how; the first and last day where no month begins."""
    slot = writer.width(month("2028-09-01"), SMALL) + 2 * mm(writer, GAP_MM)
    most = max(int((plot.right - plot.left) / slot), 1)
    found = date_ticks(plot.first, plot.last, most)
    if found:
        return [(plot.x_of(x), month(date.fromordinal(x).isoformat())) for x in found]
    return [(plot.left, day(date.fromordinal(plot.first).isoformat()))]


def _paint_line(writer: Writer, plot: _Plot, line: Line, pen: QPen) -> list[QRectF]:
    """Draw one line, with gaps where nothing is known; return the place of each step."""
    half, marks = mm(writer, 1.2), []
    corners: list[QPointF] = []
    writer.painter.setPen(pen)
    writer.painter.setBrush(Qt.BrushStyle.NoBrush)
    for since, until, value in plot.chart.spans(line):
        start, end = plot.x(since), plot.x(until)
        if value is None:
            writer.painter.drawPolyline(QPolygonF(corners))
            corners = []
            top, bottom = sorted((plot.values.left, plot.values.right))
            marks.append(QRectF(start, top, end - start, bottom - top))
            continue
        y = plot.values.at(value)
        corners += [QPointF(start, y), QPointF(end, y)]
        marks.append(QRectF(start, y - half, end - start, 2 * half))
    writer.painter.drawPolyline(QPolygonF(corners))
    return marks


def _paint_event(writer: Writer, plot: _Plot, event: Event) -> QRectF:
    """Draw a dotted line at an event's day with a wedge on the axis; return the wedge's place."""
    at, floor, half = plot.x(event.on), plot.values.left, mm(writer, 1.2)
    writer.painter.setPen(line_pen(writer, _EVENT_COLOUR, 0.25, (0.8, 1.2)))
    writer.painter.drawLine(QLineF(at, floor, at, plot.values.right))
    writer.painter.setPen(Qt.PenStyle.NoPen)
    writer.painter.setBrush(QColor(_EVENT_COLOUR))
    corners = [QPointF(at - half, floor), QPointF(at + half, floor), QPointF(at, floor - 2 * half)]
    writer.painter.drawPolygon(QPolygonF(corners))
    return QRectF(at - half, floor - 2 * half, 2 * half, 2 * half)


def _write_names(writer: Writer, plot: _Plot, x: float, width: float, bottom: float) -> None:
    """Write each line's name beside its end, or as near to it as the others leave room."""
    sample, gap = mm(writer, _SAMPLE_MM), mm(writer, GAP_MM)
    half_line = writer.metrics(TEXT).lineSpacing() / 2
    wanted = sorted(
        (plot.values.at(_last_value(line)) - half_line, place)
        for place, line in enumerate(plot.chart.lines)
    )
    heights = [writer.height(plot.chart.lines[i].label, TEXT, width) for _y, i in wanted]
    for (_y, place), top in zip(
        wanted, _apart([y for y, _i in wanted], heights, bottom), strict=True
    ):
        writer.painter.setPen(_pen(writer, place))
        writer.painter.drawLine(QLineF(x, top + half_line, x + sample, top + half_line))
        writer.write(plot.chart.lines[place].label, TEXT, x + sample + gap, top, width)


def _last_value(line: Line) -> float:
    return next((s.value for s in reversed(line.steps) if s.value is not None), 0.0)


def _apart(tops: list[float], heights: list[float], bottom: float) -> list[float]:
    """Move what is written down, then back up from `bottom`, so that nothing overlaps."""
    placed: list[float] = []
    for top, _height in zip(tops, heights, strict=True):
        end = placed[-1] + heights[len(placed) - 1] if placed else top
        placed.append(max(top, end))
    limit = bottom
    for i in range(len(placed) - 1, -1, -1):
        placed[i] = min(placed[i], limit - heights[i])
        limit = placed[i]
    return placed
