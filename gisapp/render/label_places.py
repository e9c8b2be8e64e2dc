"""Where one name may stand: around a point, in an area, along a line. Pixels, no Qt."""

from __future__ import annotations

import math
import unicodedata
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

from gisapp.core.style import Labels

if TYPE_CHECKING:
    from gisapp.render.label_lines import Way
    from gisapp.render.labels import Label

Box = tuple[float, float, float, float]
# A text's width and height in pixels, as the painter's font has it.
Measure = Callable[[str, Labels], tuple[float, float]]

# An area may be a little narrower than its name, which then reaches over its border.
_WIDER_THAN_AREA = 1.3
# Names on a line that strays less than this share of their height are written straight.
_STRAIGHT = 0.25
# Letters next to each other turn by no more than this, and all together by no more than that.
_SHARPEST_DEG = 22.0
_MOST_TURNED_DEG = 80.0
# On a long line a name comes again after this many of its heights.
_REPEATED_HEIGHTS = 45.0
_TRIED_ALONG = (0.0, -0.12, 0.12, -0.24, 0.24, -0.36, 0.36)


@dataclass(frozen=True)
class Run:
    """Letters on one baseline: the middle of their box in pixels, turned clockwise."""

    text: str
    x: float
    y: float
    turn_deg: float = 0.0


@dataclass(frozen=True)
class Place:
    """One way to write a name: its runs, and the boxes that it takes."""

    runs: tuple[Run, ...]
    boxes: tuple[Box, ...]


def places(label: Label, measure: Measure) -> Iterator[Place]:
    """Give the places of a name that stands once, the best first."""
    width, height = measure(label.text, label.look)
    if label.gap_px:
        yield from _around(label, width, height)
    elif width <= _WIDER_THAN_AREA * label.room_px or label.look.priority > 0:
        for dy in (0.0, -height, height):
            yield _upright(label.text, label.x, label.y + dy, width, height)


def stretches(label: Label, way: Way, measure: Measure) -> Iterator[Iterator[Place]]:
    """Give, for each time that a name is repeated along its line, its places, the best first."""
    width, height = measure(label.text, label.look)
    room = way.length - width
    if room < 0:
        return
    times = 1 + int(room // (_REPEATED_HEIGHTS * height + width))
    share = way.length / times
    for n in range(times):
        yield _along_stretch(label, way, measure, (n + 0.5) * share, share)


def _along_stretch(
    label: Label, way: Way, measure: Measure, middle: float, share: float
) -> Iterator[Place]:
    width, _ = measure(label.text, label.look)
    for shift in _TRIED_ALONG:
        centre = middle + shift * share
        start, stop = centre - width / 2, centre + width / 2
        if start < 0 or stop > way.length:
            continue
        place = _along(label, way, measure, start, stop)
        if place is not None:
            yield place


def _along(label: Label, way: Way, measure: Measure, start: float, stop: float) -> Place | None:
    if way.at(stop)[0] < way.at(start)[0]:  # it would stand on its head
        way, start, stop = way.turned(), way.length - stop, way.length - start
    _, height = measure(label.text, label.look)
    if way.strays(start, stop) <= _STRAIGHT * height:
        runs = [_run(label.text, way, start, stop)]
    elif _has_separate_letters(label.text):
        runs = _letters(label, way, measure, start)
        if not _is_gentle(runs):
            return None
    else:
        return None
    return Place(tuple(runs), tuple(_chain(way, start, stop, height)))


def _run(text: str, way: Way, start: float, stop: float) -> Run:
    (x0, y0), (x1, y1) = way.at(start), way.at(stop)
    x, y = (x0 + x1) / 2, (y0 + y1) / 2
    return Run(text, x, y, math.degrees(math.atan2(y1 - y0, x1 - x0)))


def _letters(label: Label, way: Way, measure: Measure, start: float) -> list[Run]:
    text, look = label.text, label.look
    ends = [start + measure(text[: i + 1], look)[0] for i in range(len(text))]
    return [
        _run(letter, way, before, after)
        for letter, before, after in zip(text, [start, *ends], ends, strict=False)
        if letter != " "
    ]


def _has_separate_letters(text: str) -> bool:
    """Say whether each character stands for itself: no Arabic, no loose accents, no emoji."""
    return all(
        unicodedata.bidirectional(c) not in ("R", "AL", "AN", "NSM") and ord(c) < 0x2E80
        for c in text
    )


def _is_gentle(runs: list[Run]) -> bool:
    turns = [run.turn_deg for run in runs]
    steps = [abs(b - a) for a, b in pairwise(turns)]
    upright = all(-95 < turn < 95 for turn in turns)
    return upright and max(steps) <= _SHARPEST_DEG and max(turns) - min(turns) <= _MOST_TURNED_DEG


def _chain(way: Way, start: float, stop: float, height: float) -> Iterator[Box]:
    """Cover the stretch of a way with squares."""
    steps = max(1, math.ceil((stop - start) / (height / 2)))
    for i in range(steps + 1):
        x, y = way.at(start + (stop - start) * i / steps)
        yield (x - height / 2, y - height / 2, x + height / 2, y + height / 2)


def _upright(text: str, x: float, y: float, width: float, height: float) -> Place:
    box = (x - width / 2, y - height / 2, x + width / 2, y + height / 2)
    return Place((Run(text, x, y),), (box,))


def _around(label: Label, width: float, height: float) -> Iterator[Place]:
    """Eight positions in the order that map readers prefer (Imhof 1975; Yoeli 1972)."""
    gap = label.gap_px
    beside, above = gap + width / 2, gap + height / 2
    slant_x, slant_y = 0.7 * gap + width / 2, 0.5 * gap + height / 2
    offsets = [(slant_x, -slant_y), (slant_x, slant_y), (-slant_x, -slant_y), (-slant_x, slant_y)]
    offsets += [(beside, 0), (0, -above), (-beside, 0), (0, above)]
    for dx, dy in offsets:
        yield _upright(label.text, label.x + dx, label.y + dy, width, height)
