"""The legend on paper: layers, swatches, labels and counts in a column."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from PySide6.QtCore import QRectF

from gisapp.core.words import _, ngettext, number
from gisapp.render.swatch import paint_sample
from gisapp.render.text import MUTED, Hand, Writer

if TYPE_CHECKING:
    from gisapp.render.legend import LegendEntry, LegendLayer

_SWATCH_MM = (5.5, 3.2)
_GAP_MM = 1.6
_TITLE_MM = 2.9
_ENTRY_MM = 2.6
# Smaller writing than this is not legible on paper.
_LEAST_SHRINK = 0.75


@dataclass(frozen=True)
class _Line:
    """One thing in the column: a layer's title, one of its entries, or a remark."""

    text: str
    hand: Hand
    above_mm: float
    entry: LegendEntry | None = None


@dataclass(frozen=True)
class _Column:
    """How wide the column is and how far it is shrunk to fit."""

    writer: Writer
    width: float
    shrink: float

    def mm(self, length: float) -> float:
        """Return millimetres in pixels, shrunk."""
        return length * self.writer.px_per_mm * self.shrink

    def hand(self, line: _Line) -> Hand:
        """Return the line's writing, shrunk."""
        return replace(line.hand, size_mm=line.hand.size_mm * self.shrink)

    def text_width(self, line: _Line) -> float:
        """Return the room for the line's text, between the swatch and the count."""
        if line.entry is None:
            return self.width
        count = self.writer.width(number(line.entry.total), self.hand(line))
        return self.width - self.mm(_SWATCH_MM[0] + 2 * _GAP_MM) - count

    def height(self, line: _Line) -> float:
        """Return the height of the line with the space above it."""
        text = self.writer.height(line.text, self.hand(line), self.text_width(line))
        swatch = 0.0
        if line.entry is not None:
            size_mm = line.entry.symbol.size_mm if line.entry.nature == "point" else _SWATCH_MM[1]
            swatch = max(size_mm, _SWATCH_MM[1]) * self.writer.px_per_mm
        return self.mm(line.above_mm) + max(text, swatch)


def paint_legend(
    writer: Writer, layers: Sequence[LegendLayer], x: float, y: float, width: float, height: float
) -> float:
    """Paint the legend into a column; return where it ends.

    Where it is too long it is written smaller; what then still finds no room is left out from
    the end, and the last line says how much.

    Parameters
    ----------
    writer : Writer
    layers : sequence of LegendLayer
        The top one first.
    x, y, width, height : float
        The column's upper left corner and its room, in pixels.

    Returns
    -------
    float
        The y below the last line, in pixels.
    """
    lines = [line for layer in layers for line in _lines(layer)]
    column = _Column(writer, width, 1.0)
    while _total(column, lines) > height and column.shrink > _LEAST_SHRINK:
        column = replace(column, shrink=column.shrink - 0.05)
    for line in _that_fit(column, lines, height):
        _paint_line(column, line, x, y)
        y += column.height(line)
    return y


def _lines(layer: LegendLayer) -> list[_Line]:
    lines = [_Line(layer.title, Hand(_TITLE_MM, bold=True), 2.6)]
    for entry in layer.entries:
        if entry.note:
            continue  # not drawn at this scale
        hand = Hand(_ENTRY_MM, colour=MUTED) if entry.is_empty else Hand(_ENTRY_MM)
        lines.append(_Line(entry.label, hand, 1.0, entry))
    lines += [_Line(text, Hand(_ENTRY_MM, colour=MUTED), 1.0) for text in _remarks(layer)]
    return lines


def _remarks(layer: LegendLayer) -> list[str]:
    remarks = list(layer.notes)
    if layer.without_place:
        n = layer.without_place
        text = ngettext("{n} without a location", "{n} without a location", n)
        remarks.append(text.format(n=number(n)))
    if layer.without_rule:
        n = layer.without_rule
        text = ngettext("{n} that the style does not draw", "{n} that the style does not draw", n)
        remarks.append(text.format(n=number(n)))
    return remarks


def _that_fit(column: _Column, lines: list[_Line], height: float) -> list[_Line]:
    if _total(column, lines) <= height:
        return lines
    fitting = list(lines)
    while fitting:
        fitting.pop()
        left_out = sum(line.entry is not None for line in lines[len(fitting) :])
        text = _("… and {n} more").format(n=number(left_out))
        last = _Line(text, Hand(_ENTRY_MM, colour=MUTED), 1.0)
        if _total(column, [*fitting, last]) <= height:
            return [*fitting, last]
    return []


def _total(column: _Column, lines: list[_Line]) -> float:
    return sum(column.height(line) for line in lines)


def _paint_line(column: _Column, line: _Line, x: float, y: float) -> None:
    writer, hand = column.writer, column.hand(line)
    top, bottom = y + column.mm(line.above_mm), y + column.height(line)
    text_height = writer.height(line.text, hand, column.text_width(line))
    text_top = (top + bottom - text_height) / 2
    if line.entry is None:
        writer.write(line.text, hand, x, top, column.width)
        return
    swatch_width, swatch_height = (mm * writer.px_per_mm for mm in _SWATCH_MM)
    box = QRectF(x, (top + bottom - swatch_height) / 2, swatch_width, swatch_height)
    entry = line.entry
    paint_sample(writer.painter, entry.symbol, entry.nature, entry.ramp, box, writer.px_per_mm)
    text_x = x + column.mm(_SWATCH_MM[0] + _GAP_MM)
    writer.write(line.text, hand, text_x, text_top, column.text_width(line))
    writer.write_line(number(line.entry.total), hand, x + column.width, text_top)
