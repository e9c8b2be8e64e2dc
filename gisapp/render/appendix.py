"""Pages for what found no room on a sheet: the whole legend, and every note unshortened."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtCore import QRectF

from gisapp.core.words import _
from gisapp.render.columns import Line, Setting, flowed
from gisapp.render.layout import MARGIN_MM
from gisapp.render.legend import legend
from gisapp.render.legend_box import legend_lines
from gisapp.render.page import GAP_MM, Arrangement, Column, body_between, viewport_of
from gisapp.render.sheet import paint_columns, paint_surround
from gisapp.render.text import INK, Hand, Writer, measuring

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from PySide6.QtGui import QPainter

    from gisapp.render.sheet import Placed

_HEADING = Hand(3.4, bold=True)
_TEXT = Hand(2.6, colour=INK)
_COLUMN_MM = 58.0
_ENDLESS = 1_000_000  # lines of one text


@dataclass(frozen=True)
class Overflow:
    """One page of columns, between the head and the foot of the sheet that they belong to."""

    place: Arrangement
    columns: tuple[Column, ...]


def appendix(sheet: Placed) -> list[Overflow]:
    """Return the pages that hold all of what a sheet has to say."""
    place = sheet.arrangement
    mm = place.px_per_mm
    margin, gap = MARGIN_MM * mm, GAP_MM * mm
    paper = QRectF(0, 0, place.width_px, place.height_px)
    inner = paper.adjusted(margin, margin, -margin, -margin)
    body = body_between(place.head, place.foot, inner, mm)
    count = max(int((body.width() + gap) / (_COLUMN_MM * mm + gap)), 1)
    width = (body.width() - (count - 1) * gap) / count
    with measuring(mm) as writer:
        setting = Setting(writer, width, most=_ENDLESS)
        dealt = flowed(setting, list(_lines(sheet, setting)), body.height())
    lefts = [body.left() + i * (width + gap) for i in range(count)]
    columns = [
        Column(QRectF(lefts[i % count], body.top(), width, body.height()), tuple(lines))
        for i, lines in enumerate(dealt)
    ]
    return [
        Overflow(place, tuple(columns[first : first + count]))
        for first in range(0, len(columns), count)
    ]


def paint_appendix(painter: QPainter, page: Overflow, folio: str) -> None:
    """Paint one page of it."""
    writer = Writer(painter, page.place.px_per_mm)
    paint_surround(writer, page.place, folio)
    paint_columns(writer, page.columns, 1.0, _ENDLESS)


def _lines(sheet: Placed, setting: Setting) -> Iterator[Line]:
    page, place = sheet.page, sheet.arrangement
    yield from _wrapped(page.text.title, _HEADING, setting)
    yield from page.figures
    yield Line(_("Legend"), _HEADING, 4.0, heads=True)
    yield from legend_lines(legend(page.layers, viewport_of(page, place.map, place.px_per_mm)))
    yield Line(_("Notes"), _HEADING, 4.0, heads=True)
    for note in filter(None, page.text.notes):
        first, *rest = _wrapped(note, _TEXT, setting)
        yield Line(first.text, first.hand, 1.6)
        yield from rest


def _wrapped(text: str, hand: Hand, setting: Setting) -> Sequence[Line]:
    """Break a text into lines of its own, so that it can go on in the next column."""
    return [Line(one, hand, 0.0) for one in setting.writer.lines(text, hand, setting.width)]
