"""Lines of text with samples and numbers, flowing from the top of one column to the next."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from PySide6.QtCore import QRectF

from gisapp.render.swatch import paint_sample

if TYPE_CHECKING:
    from gisapp.render.legend import LegendEntry
    from gisapp.render.text import Hand, Writer

_SAMPLE_MM = (5.5, 3.2)
_GAP_MM = 1.6
# A name longer than this would leave no room for any other.
MOST_LINES = 6
_ROUNDING = 1e-6


@dataclass(frozen=True)
class Line:
    """One thing in a column: a heading, a legend entry, a number with its name, a remark.

    Parameters
    ----------
    values : tuple of str
        Numbers at the right, the last at the column's edge.
    slot_mm : float
        Room of each number but the last where several stand under each other; 0: its own width.
    entry : LegendEntry, optional
        Whose sample stands before the text.
    heads : bool
        Whether it stays with the line that follows.
    again : tuple of Line
        What is repeated above it where it begins a further column.
    """

    text: str
    hand: Hand
    above_mm: float = 1.0
    values: tuple[str, ...] = ()
    slot_mm: float = 0.0
    entry: LegendEntry | None = None
    heads: bool = False
    again: tuple[Line, ...] = ()


@dataclass(frozen=True)
class Setting:
    """How lines are set: how wide their column is, in pixels, and how far they are shrunk.

    A text that wraps into more than `most` lines is elided.
    """

    writer: Writer
    width: float
    shrink: float = 1.0
    most: int = MOST_LINES

    def mm(self, length: float) -> float:
        """Return millimetres in pixels, shrunk."""
        return length * self.writer.px_per_mm * self.shrink

    def hand(self, line: Line) -> Hand:
        """Return the line's writing, shrunk."""
        return replace(line.hand, size_mm=line.hand.size_mm * self.shrink)

    def slot(self, line: Line, value: str) -> float:
        """Return the room of one of the line's numbers."""
        return max(self.mm(line.slot_mm), self.writer.width(value, self.hand(line)))

    def indent(self, line: Line) -> float:
        """Return where the text begins."""
        if line.entry is None:
            return 0.0
        return _SAMPLE_MM[0] * self.writer.px_per_mm + self.mm(_GAP_MM)

    def text_width(self, line: Line) -> float:
        """Return the room for the line's text, between the sample and the numbers."""
        numbers = sum(self.slot(line, value) for value in line.values)
        gap = self.mm(_GAP_MM) if line.values else 0.0
        return max(self.width - self.indent(line) - numbers - gap, self.mm(8.0))

    def text(self, line: Line) -> str:
        """Return the line's text as far as it has room, elided beyond that."""
        return self.writer.shortened(line.text, self.hand(line), self.text_width(line), self.most)

    def height(self, line: Line, *, first: bool = False) -> float:
        """Return the height of the line with the space above it; the `first` needs none."""
        text = self.writer.height(self.text(line), self.hand(line), self.text_width(line))
        if line.values:
            text = max(text, self.writer.metrics(self.hand(line)).lineSpacing())
        return (0.0 if first else self.mm(line.above_mm)) + max(text, self._sample(line))

    def _sample(self, line: Line) -> float:
        if line.entry is None:
            return 0.0
        size_mm = line.entry.symbol.size_mm if line.entry.nature == "point" else _SAMPLE_MM[1]
        return max(size_mm, _SAMPLE_MM[1]) * self.writer.px_per_mm


def height_of(setting: Setting, lines: Sequence[Line]) -> float:
    """Return how high lines are in one column."""
    return sum(setting.height(line, first=i == 0) for i, line in enumerate(lines))


def flowed(setting: Setting, lines: Sequence[Line], height: float) -> list[list[Line]]:
    """Deal lines out to as many columns of `height` as they need.

    A heading goes where the line after it goes. What is higher than a column has one of its own.
    """
    dealt = _dealt(_measured(setting, lines), height)[0]
    columns = [[lines[i] for i in column] for column in dealt]
    return [columns[0], *([*column[0].again, *column] for column in columns[1:])]


def balanced(setting: Setting, lines: Sequence[Line], count: int) -> float:
    """Return the least height at which `count` columns hold all the lines."""
    measured = _measured(setting, lines)
    low, high = 0.0, height_of(setting, lines)
    while high - low > setting.writer.px_per_mm / 4:
        middle = (low + high) / 2
        columns, highest = _dealt(measured, middle)
        fits = len(columns) <= count and highest <= middle
        low, high = (low, middle) if fits else (middle, high)
    return high


@dataclass(frozen=True)
class _Chunk:
    """Lines that stay together, by their index, and their height with the space above it.

    `begun` is their height where they begin a further column.
    """

    lines: tuple[int, ...]
    height: float
    begun: float


def _measured(setting: Setting, lines: Sequence[Line]) -> list[_Chunk]:
    chunks: list[list[int]] = []
    for i in range(len(lines)):
        if i and lines[i - 1].heads:
            chunks[-1].append(i)
        else:
            chunks.append([i])
    return [
        _Chunk(
            tuple(chunk),
            sum(setting.height(lines[i]) for i in chunk),
            height_of(setting, [*lines[chunk[0]].again, *(lines[i] for i in chunk)]),
        )
        for chunk in chunks
    ]


def _dealt(chunks: Sequence[_Chunk], height: float) -> tuple[list[list[int]], float]:
    """Return each column's lines, and how high the highest column is."""
    columns: list[list[int]] = [[]]
    used, highest = 0.0, 0.0
    for chunk in chunks:
        if columns[-1] and used + chunk.height > height + _ROUNDING:
            columns.append([])
            used = 0.0
        used += chunk.height if columns[-1] else chunk.begun
        columns[-1] += chunk.lines
        highest = max(highest, used)
    return columns, highest


def paint_lines(setting: Setting, lines: Sequence[Line], x: float, y: float) -> float:
    """Paint lines down from `y`; return where they end."""
    for i, line in enumerate(lines):
        _paint_line(setting, line, x, y, first=i == 0)
        y += setting.height(line, first=i == 0)
    return y


def _paint_line(setting: Setting, line: Line, x: float, y: float, *, first: bool) -> None:
    writer, hand, text = setting.writer, setting.hand(line), setting.text(line)
    top = y + (0.0 if first else setting.mm(line.above_mm))
    bottom = y + setting.height(line, first=first)
    text_height = writer.height(text, hand, setting.text_width(line))
    if line.values:
        text_height = max(text_height, writer.metrics(hand).lineSpacing())
    text_top = (top + bottom - text_height) / 2
    if line.entry is not None:
        width, height = (mm * writer.px_per_mm for mm in _SAMPLE_MM)
        box = QRectF(x, (top + bottom - height) / 2, width, height)
        entry = line.entry
        paint_sample(writer.painter, entry.symbol, entry.nature, entry.ramp, box, writer.px_per_mm)
    writer.write(text, hand, x + setting.indent(line), text_top, setting.text_width(line))
    right = x + setting.width
    for value in reversed(line.values):
        writer.write_line(value, hand, right, text_top)
        right -= setting.slot(line, value)
