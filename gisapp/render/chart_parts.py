"""What the charts are drawn with: writing, colours, lines, and an axis of values."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

from PySide6.QtCore import QLineF, QRectF, Qt
from PySide6.QtGui import QColor, QPen

from gisapp.core.words import number
from gisapp.render.charts import tick_decimals, ticks
from gisapp.render.text import HAIRLINE, MUTED, Hand, Writer

if TYPE_CHECKING:
    from collections.abc import Sequence

TITLE = Hand(3.4, bold=True)
TEXT = Hand(2.9)
SMALL = Hand(2.6, colour=MUTED)
# Okabe and Ito's (2008) first, then darker ones: each at least 0.08 from the others in OKLab in
# every vision, and 3:1 from paper.
BLUE, VERMILION = "#0072b2", "#d55e00"
COLOURS = (BLUE, VERMILION, "#009e73", "#882255", "#7a5a00", "#1f2933", "#332288")
GAP_MM = 1.6
_GRID = "#d5dbe2"
_MOST_TICKS = 8


class Painted(NamedTuple):
    """Where a part of a chart ends, and the place of each of its marks, in pixels."""

    bottom: float
    marks: list[QRectF]


@dataclass(frozen=True)
class Axis:
    """Values as places from `left` to `right` (or bottom to top), in pixels."""

    ticks: tuple[float, ...]
    texts: tuple[str, ...]
    left: float
    right: float

    def at(self, value: float) -> float:
        """Return the place of a value."""
        low, high = self.ticks[0], self.ticks[-1]
        return self.left + (value - low) / (high - low) * (self.right - self.left)


def axis_of(
    extent: tuple[float, float], decimals: int, left: float, right: float, most: int
) -> Axis:
    """Make an axis with round numbers; things that are counted have no tick between them."""
    marks = ticks(*extent, most, least_step=10.0**-decimals)
    places = tick_decimals(marks)
    return Axis(marks, tuple(number(mark, places) for mark in marks), left, right)


def fitting_axis(
    writer: Writer, extent: tuple[float, float], decimals: int, left: float, right: float
) -> Axis:
    """Make an axis from left to right whose numbers do not touch."""
    for most in range(_MOST_TICKS, 2, -1):
        axis = axis_of(extent, decimals, left, right, most)
        widest = max(writer.width(text, SMALL) for text in axis.texts)
        if (widest + mm(writer, GAP_MM)) * (len(axis.texts) - 1) <= right - left:
            return axis
    return axis_of(extent, decimals, left, right, 2)


def paint_value_axis(writer: Writer, axis: Axis, top: float, bottom: float) -> float:
    """Draw hairlines from `top` to `bottom` and write the values below; return where it ends."""
    writer.painter.setPen(line_pen(writer, _GRID, 0.2))
    for mark in axis.ticks:
        writer.painter.drawLine(QLineF(axis.at(mark), top, axis.at(mark), bottom))
    y = bottom + mm(writer, 0.6)
    for mark, text in zip(axis.ticks, axis.texts, strict=True):
        write_centred(writer, text, SMALL, axis.at(mark), y)
    return y + writer.metrics(SMALL).lineSpacing()


def write_centred(writer: Writer, text: str, hand: Hand, x: float, y: float) -> None:
    """Write one line whose middle is at `x`."""
    writer.write_line(text, hand, x + writer.width(text, hand) / 2, y)


def fill(writer: Writer, rect: QRectF, colour: str) -> None:
    """Fill a rectangle without an outline."""
    writer.painter.setPen(Qt.PenStyle.NoPen)
    writer.painter.setBrush(QColor(colour))
    writer.painter.drawRect(rect)


def line_pen(
    writer: Writer, colour: str = HAIRLINE, width_mm: float = 0.25, dash_mm: Sequence[float] = ()
) -> QPen:
    """Return a pen; lines end flat, so that they are as long as what they show."""
    width = max(mm(writer, width_mm), 1.0)
    pen = QPen(QColor(colour), width)
    pen.setCapStyle(Qt.PenCapStyle.FlatCap)
    pen.setJoinStyle(Qt.PenJoinStyle.MiterJoin)
    if dash_mm:
        pen.setDashPattern([mm(writer, length) / width for length in dash_mm])
    return pen


def mm(writer: Writer, length_mm: float) -> float:
    """Return a length on paper in the writer's pixels."""
    return length_mm * writer.px_per_mm
