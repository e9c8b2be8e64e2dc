"""The legend on paper: layers, samples, labels and counts as lines of a column."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from gisapp.core.words import _, ngettext, number
from gisapp.render.columns import Line, Setting, height_of, paint_lines
from gisapp.render.text import MUTED, Hand, Writer

if TYPE_CHECKING:
    from gisapp.render.legend import LegendEntry, LegendLayer

_TITLE = Hand(2.9, bold=True)
_ENTRY = Hand(2.6)
_REMARK = Hand(2.6, colour=MUTED)
_HEAD = Hand(2.2, colour=MUTED)
_MORE = "…"  # as high as what is written in its place
_SLOT_MM = 11.0
_ABOVE_MM = 2.6
# Smaller writing than this is not legible on paper.
LEAST_SHRINK = 0.75


def legend_lines(layers: Sequence[LegendLayer]) -> list[Line]:
    """Return the legend's lines, the top layer's first.

    Where the map shows less than all features, each entry tells how many show and how many there
    are, and the first line names the two.
    """
    entries = [entry for layer in layers for entry in layer.entries if not entry.note]
    partly = any(entry.in_view not in (None, entry.total) for entry in entries)
    heads = (_head(_("in view"), _("total")),) if partly else ()
    return [*heads, *(line for layer in layers for line in _lines(layer, heads, partly=partly))]


def lines_in_view(layers: Sequence[LegendLayer]) -> list[Line]:
    """Return the lines of what a map shows, with counts in view; the rest stands elsewhere."""
    heads = (_head(_("in view")),)
    lines = [*heads]
    for layer in layers:
        seen = tuple(replace(e, total=e.in_view) for e in layer.entries if e.in_view)
        if seen:
            lines += _lines(replace(layer, entries=seen, without_place=0, without_rule=0), heads)
    return lines


def _head(*names: str) -> Line:
    return Line("", _HEAD, _ABOVE_MM, names, _SLOT_MM, heads=True)


def paint_legend(
    writer: Writer, layers: Sequence[LegendLayer], x: float, y: float, width: float, height: float
) -> float:
    """Paint the legend into a column, with the space of a heading above it; return where it ends.

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
    lines = legend_lines(layers)
    setting = Setting(writer, width)
    above = _ABOVE_MM * writer.px_per_mm
    while height_of(setting, lines) > height - above and setting.shrink > LEAST_SHRINK:
        setting = replace(setting, shrink=setting.shrink - 0.05)
    above = setting.mm(_ABOVE_MM)
    return paint_lines(setting, cut(setting, lines, height - above), x, y + above)


def cut(setting: Setting, lines: Sequence[Line], height: float) -> list[Line]:
    """Return the lines that find room in `height`; the last says how many entries do not."""
    if height_of(setting, lines) <= height:
        return list(lines)
    below = [0.0]  # where each line ends, the first at the top
    for i, line in enumerate(lines):
        below.append(below[-1] + setting.height(line, first=i == 0))
    told = setting.height(Line(_MORE, _REMARK))
    n = bisect_right(below, height - told) - 1
    while n > 0 and lines[n - 1].heads:
        n -= 1
    left_out = sum(not line.heads for line in lines[max(n, 0) :])
    last = Line(_("… and {n} more").format(n=number(left_out)), _REMARK)
    return [*lines[: max(n, 0)], last] if told <= height else []


def _lines(layer: LegendLayer, heads: tuple[Line, ...], *, partly: bool = False) -> list[Line]:
    """Return a layer's title and what is below it; further columns begin with `heads`."""
    title = Line(layer.title, _TITLE, _ABOVE_MM, heads=True, again=heads)
    continued = _("{title}, continued").format(title=layer.title)
    again = (*heads, replace(title, text=continued, again=()))
    # An entry with a note is not drawn at this scale.
    lines = [_line(entry, partly=partly) for entry in layer.entries if not entry.note]
    lines += [Line(text, _REMARK) for text in _remarks(layer)]
    below = [replace(line, again=again) for line in lines]
    return [title, *below] if below else [replace(title, heads=False)]


def _line(entry: LegendEntry, *, partly: bool) -> Line:
    hand = _REMARK if entry.is_empty else _ENTRY
    if not partly or entry.in_view is None:
        return Line(entry.label, hand, values=(number(entry.total),), entry=entry)
    values = (number(entry.in_view), number(entry.total))
    return Line(entry.label, hand, values=values, slot_mm=_SLOT_MM, entry=entry)


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
