"""Pages for what found no room on a sheet: the whole legend, and every note unshortened."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtCore import QRectF
from PySide6.QtGui import QColor, QPainter

from gisapp.core.words import _
from gisapp.render.columns import Line, Setting, flowed
from gisapp.render.layout import MARGIN_MM
from gisapp.render.legend import legend
from gisapp.render.legend_box import legend_lines
from gisapp.render.page import GAP_MM, Column, viewport_of
from gisapp.render.sheet import paint_columns, paint_folio
from gisapp.render.text import INK, Hand, Writer, measuring

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from gisapp.render.sheet import Placed

_HEADING = Hand(3.4, bold=True)
_TEXT = Hand(2.6, colour=INK)
_COLUMN_MM = 80.0
_ENDLESS = 1_000_000  # lines of one text


@dataclass(frozen=True)
class Overflow:
    """One page of columns, the size of the sheet that they belong to, in pixels."""

    width_px: int
    height_px: int
    px_per_mm: float
    columns: tuple[Column, ...]


def appendix(sheet: Placed) -> list[Overflow]:
    """Return the pages that hold all of what a sheet has to say."""
    place = sheet.arrangement
    mm = place.px_per_mm
    margin, gap = MARGIN_MM * mm, GAP_MM * mm
    inner = QRectF(0, 0, place.width_px, place.height_px).adjusted(margin, margin, -margin, -margin)
    count = max(int((inner.width() + gap) / (_COLUMN_MM * mm + gap)), 1)
    width = (inner.width() - (count - 1) * gap) / count
    with measuring(mm) as writer:
        setting = Setting(writer, width, most=_ENDLESS)
        dealt = flowed(setting, list(_lines(sheet, setting)), inner.height())
    boxes = [
        QRectF(inner.left() + i * (width + gap), inner.top(), width, inner.height())
        for i in range(count)
    ]
    return [
        Overflow(
            place.width_px,
            place.height_px,
            mm,
            tuple(
                Column(box, tuple(some))
                for box, some in zip(boxes, dealt[first : first + count], strict=False)
            ),
        )
        for first in range(0, len(dealt), count)
    ]


def paint_appendix(painter: QPainter, page: Overflow, folio: str) -> None:
    """Paint one page of it."""
    writer = Writer(painter, page.px_per_mm)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.fillRect(QRectF(0, 0, page.width_px, page.height_px), QColor("#ffffff"))
    paint_columns(writer, page.columns, 1.0, _ENDLESS)
    paint_folio(writer, folio, page.width_px, page.height_px)


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
