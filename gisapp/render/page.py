"""What one page of a map has to show, and where on its sheet each part of it lies."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from PySide6.QtCore import QRectF

from gisapp.render.columns import MOST_LINES, Line, Setting, balanced, flowed, height_of
from gisapp.render.layout import MARGIN_MM, Layout, round_scale
from gisapp.render.legend_box import LEAST_SHRINK, cut
from gisapp.render.text import MUTED, Hand, Writer
from gisapp.render.viewport import Viewport

if TYPE_CHECKING:
    from shapely.geometry.base import BaseGeometry

    from gisapp.core.layer import Layer
    from gisapp.render.viewport import Bounds

GAP_MM = 5.0
_COLUMN_MM = 58.0
_MOST_COLUMNS = 3
_LEAST_MAP_MM = 70.0
_LOCATOR_MM = 38.0
_FREE = 0.03  # of the map's width and height, on each side of what it must show
_CLOSEST = 2_000.0  # the scale of a single point
_MOST_OF_BODY = 0.5
_MOST_FOOT = 0.24
# Room for the coordinates written outside the frame.
_COORDINATES_MM = 4.0

_TITLES = tuple(Hand(mm, bold=True) for mm in (5.6, 5.0, 4.4, 3.8))
_TITLE_LINES = 2
_SUBTITLE = Hand(3.1, colour=MUTED)
NOTE = Hand(2.3, colour=MUTED)


@dataclass(frozen=True)
class SheetText:
    """What is written around the map: below the title a line, at the foot paragraphs."""

    title: str
    subtitle: str
    notes: tuple[str, ...]


NO_TEXT = SheetText("", "", ())


@dataclass(frozen=True, eq=False)
class Page:
    """What one page shows.

    Parameters
    ----------
    layers : tuple of Layer
        In drawing order, the first on top.
    bounds : tuple of float
        What the map must show, in metres of `crs`.
    scale : float, optional
        The denominator; else the nearest round one that shows `bounds`.
    figures : tuple of Line
        What stands above the legend.
    focus : geometry, optional
        The area that the page is about: what lies outside it is muted.
    areas : tuple of geometry
        All the areas of an atlas: a small map shows where among them `focus` lies.
    folio : str
        The page's number; empty where there is one page.
    whole_legend : bool
        Else what is in view, because another page has the whole.
    """

    layers: tuple[Layer, ...]
    crs: str
    text: SheetText
    bounds: Bounds
    scale: float | None = None
    figures: tuple[Line, ...] = ()
    focus: BaseGeometry | None = None
    areas: tuple[BaseGeometry, ...] = ()
    folio: str = ""
    whole_legend: bool = True


@dataclass(frozen=True)
class Column:
    """Lines and the box that they are set in."""

    box: QRectF
    lines: tuple[Line, ...]


@dataclass(frozen=True)
class Arrangement:
    """Where the parts of a page lie, in pixels; no two boxes overlap.

    `cut` says that not everything found its room: what was elided or left out says so itself. Of
    two arrangements the one of less `cost` is better.
    """

    size_mm: tuple[float, float]
    width_px: int
    height_px: int
    px_per_mm: float
    head: tuple[Column, ...]
    map: QRectF
    columns: tuple[Column, ...]
    shrink: float
    foot: tuple[Column, ...]
    foot_lines: int
    locator: QRectF | None
    cut: bool
    cost: tuple[bool, float, float]

    def boxes(self) -> list[QRectF]:
        """Return the boxes of all parts."""
        parts = (*self.head, *self.columns, *self.foot)
        return [self.map, *(x.box for x in parts), *([self.locator] if self.locator else [])]


def arranged(
    writer: Writer, page: Page, layout: Layout, lines: Sequence[Line], size_mm: tuple[float, float]
) -> Arrangement:
    """Place a page's parts on a sheet so that its map is as large as can be.

    Parameters
    ----------
    lines : sequence of Line
        The page's figures and legend.
    size_mm : tuple of float
        Width and height of the sheet.
    """
    mm = writer.px_per_mm
    margin = MARGIN_MM * mm
    paper = QRectF(0, 0, round(size_mm[0] * mm), round(size_mm[1] * mm))
    inner = paper.adjusted(margin, margin, -margin, -margin)
    head, head_cut = _head(writer, page.text, inner)
    foot, foot_lines, foot_cut = _foot(writer, page.text.notes, inner)
    body = body_between(head, foot, inner, mm)
    found = min(bodies(writer, page, layout, lines, body), key=lambda one: one.cost)
    return Arrangement(
        size_mm,
        round(paper.width()),
        round(paper.height()),
        mm,
        head,
        found.map,
        found.columns,
        found.shrink,
        foot,
        foot_lines,
        found.locator,
        found.cut or head_cut or foot_cut,
        found.cost,
    )


def body_between(
    head: Sequence[Column], foot: Sequence[Column], inner: QRectF, px_per_mm: float
) -> QRectF:
    """Return the room between a page's head and its foot."""
    top = max(column.box.bottom() for column in head) + 3 * px_per_mm
    bottom = min((column.box.top() for column in foot), default=inner.bottom()) - 4 * px_per_mm
    return QRectF(inner.left(), top, inner.width(), bottom - top)


@dataclass(frozen=True)
class Body:
    """One way to place map, legend and locator; the least `cost` is the best."""

    map: QRectF
    columns: tuple[Column, ...]
    shrink: float
    locator: QRectF | None
    cut: bool
    cost: tuple[bool, float, float] = (False, 0.0, 0.0)


def bodies(
    writer: Writer, page: Page, layout: Layout, lines: Sequence[Line], body: QRectF
) -> Iterator[Body]:
    """Give the ways to place map and legend in `body`."""
    made = []
    if layout.legend != "below":
        made += list(_beside(writer, page, lines, body))
    if layout.legend != "side":
        made += list(_below(writer, page, lines, body))
    for one in made:
        frame = one.map
        if layout.graticule != "none":
            room = _COORDINATES_MM * writer.px_per_mm
            frame = frame.adjusted(room, 0, 0, -room)
        yield replace(one, map=frame, cost=(one.cut, *_cost(page, frame, writer, one.shrink)))


def viewport_of(page: Page, frame: QRectF, px_per_mm: float) -> Viewport:
    """Return what a page's map shows in `frame`."""
    width, height = max(1, round(frame.width())), max(1, round(frame.height()))
    min_x, min_y, max_x, max_y = page.bounds
    scale = page.scale or round_scale(fitting_scale(page.bounds, frame, px_per_mm))
    metres_per_px = scale / 1000 / px_per_mm
    center = (min_x + max_x) / 2, (min_y + max_y) / 2
    return Viewport(*center, metres_per_px, width, height, px_per_mm)


def fitting_scale(bounds: Bounds, frame: QRectF, px_per_mm: float) -> float:
    """Return the denominator at which `bounds` just fits into `frame`."""
    min_x, min_y, max_x, max_y = bounds
    room = 1 - 2 * _FREE
    across, up = max(frame.width(), 1) * room, max(frame.height(), 1) * room
    metres_per_px = max((max_x - min_x) / across, (max_y - min_y) / up)
    return metres_per_px * px_per_mm * 1000 or _CLOSEST


def refilled(writer: Writer, arrangement: Arrangement, lines: Sequence[Line]) -> Arrangement:
    """Return the arrangement with other lines in its columns."""
    boxes = [column.box for column in arrangement.columns]
    columns, shrink, left_out = _filled(writer, lines, boxes)
    return replace(arrangement, columns=columns, shrink=shrink, cut=arrangement.cut or left_out)


def _cost(page: Page, frame: QRectF, writer: Writer, shrink: float) -> tuple[float, float]:
    """Return what is less where the map is of a larger scale, and then where it is larger.

    Writing that must be shrunk weighs as much as a smaller scale.
    """
    scale = page.scale or round_scale(fitting_scale(page.bounds, frame, writer.px_per_mm))
    return scale / shrink, -frame.width() * frame.height()


def _beside(writer: Writer, page: Page, lines: Sequence[Line], body: QRectF) -> Iterator[Body]:
    """Give the map with one column or more at its right."""
    mm = writer.px_per_mm
    for count in range(1, _MOST_COLUMNS + 1):
        width = body.width() - count * (_COLUMN_MM + GAP_MM) * mm
        if count > 1 and width < _LEAST_MAP_MM * mm:
            return
        locator, height = None, body.height()
        left = body.right() - _COLUMN_MM * mm
        if page.areas and page.focus is not None:
            locator = QRectF(left, body.bottom() - _LOCATOR_MM * mm, _COLUMN_MM * mm, 0)
            locator.setBottom(body.bottom())
            height -= (_LOCATOR_MM + GAP_MM) * mm
        step = (_COLUMN_MM + GAP_MM) * mm
        boxes = [
            QRectF(left - (count - 1 - i) * step, body.top(), _COLUMN_MM * mm, height)
            for i in range(count)
        ]
        columns, shrink, left_out = _filled(writer, lines, boxes)
        frame = QRectF(body.left(), body.top(), width, body.height())
        yield Body(frame, columns, shrink, locator, left_out)


def _below(writer: Writer, page: Page, lines: Sequence[Line], body: QRectF) -> Iterator[Body]:
    """Give the map with the legend in columns under it, the locator in the last of them."""
    mm = writer.px_per_mm
    gap = GAP_MM * mm
    count = max(int((body.width() + gap) / (_COLUMN_MM * mm + gap)), 1)
    width = (body.width() - (count - 1) * gap) / count
    located = bool(page.areas) and page.focus is not None
    for_lines = max(count - located, 1)
    most = body.height() * _MOST_OF_BODY
    height = min(balanced(Setting(writer, width), lines, for_lines) + 1, most)
    if located:
        height = min(max(height, _LOCATOR_MM * mm), most)
    top = body.bottom() - height
    lefts = [body.left() + i * (width + gap) for i in range(count)]
    boxes = [QRectF(left, top, width, height) for left in lefts[:for_lines]]
    columns, shrink, left_out = _filled(writer, lines, boxes)
    locator = QRectF(lefts[-1], top, width, min(height, _LOCATOR_MM * mm)) if located else None
    frame = QRectF(body.left(), body.top(), body.width(), body.height() - height - gap)
    yield Body(frame, columns, shrink, locator, left_out)


def _filled(
    writer: Writer, lines: Sequence[Line], boxes: Sequence[QRectF]
) -> tuple[tuple[Column, ...], float, bool]:
    """Flow lines through boxes of one size, smaller where they must be; say what found no room."""
    width, height = boxes[0].width(), boxes[0].height()
    setting, dealt = Setting(writer, width), [list(lines)]
    for step in range(round((1 - LEAST_SHRINK) / 0.05) + 1):
        setting = Setting(writer, width, 1 - 0.05 * step)
        dealt = flowed(setting, lines, height)
        if len(dealt) <= len(boxes) and all(height_of(setting, c) <= height + 1 for c in dealt):
            return _columns(boxes, dealt), setting.shrink, False
    last = [line for column in dealt[len(boxes) - 1 :] for line in column]
    kept = [cut(setting, column, height) for column in (*dealt[: len(boxes) - 1], last)]
    return _columns(boxes, kept), setting.shrink, True


def _columns(boxes: Sequence[QRectF], dealt: Sequence[Sequence[Line]]) -> tuple[Column, ...]:
    padded = [*dealt, *([()] * (len(boxes) - len(dealt)))]
    return tuple(Column(box, tuple(some)) for box, some in zip(boxes, padded, strict=True))


def _head(writer: Writer, text: SheetText, inner: QRectF) -> tuple[tuple[Column, ...], bool]:
    """Set the title as large as it fits into two lines, and the line below it."""
    mm, width = writer.px_per_mm, inner.width()
    fitting = (h for h in _TITLES if len(writer.lines(text.title, h, width)) <= _TITLE_LINES)
    hand = next(fitting, _TITLES[-1])
    setting = Setting(writer, width, most=_TITLE_LINES)
    columns, y, elided = [], inner.top(), False
    for line in (Line(text.title, hand), Line(text.subtitle, _SUBTITLE)):
        height = setting.height(line, first=True)
        elided |= setting.text(line) != line.text
        columns.append(Column(QRectF(inner.left(), y, width, height), (line,)))
        y += height + mm
    return tuple(columns), elided


def _foot(
    writer: Writer, notes: Sequence[str], inner: QRectF
) -> tuple[tuple[Column, ...], int, bool]:
    """Set the notes at the bottom, on wide paper in two columns; say how many lines each got."""
    mm, gap = writer.px_per_mm, GAP_MM * writer.px_per_mm
    lines = [Line(note, NOTE, 0.8) for note in notes if note]
    if not lines:
        return (), MOST_LINES, False
    count = 2 if inner.width() > 220 * mm and len(lines) > 1 else 1
    width = (inner.width() - (count - 1) * gap) / count
    for most in range(MOST_LINES, 0, -1):
        setting = Setting(writer, width, most=most)
        height = math.ceil(balanced(setting, lines, count)) + 1
        if height <= _MOST_FOOT * inner.height():
            break
    elided = any(setting.text(line) != line.text for line in lines)
    top = inner.bottom() - height
    boxes = [QRectF(inner.left() + i * (width + gap), top, width, height) for i in range(count)]
    return _columns(boxes, flowed(setting, lines, height)), most, elided
