"""Charts as data: what is drawn, how it is read out, and where an axis has its ticks. No Qt.

`chart_painter` draws them. Every chart has marks, which its `readings` tell in words, in the order
in which they are drawn.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from gisapp.core.words import _, day, number

if TYPE_CHECKING:
    from collections.abc import Iterable

_ROUND = (1.0, 2.0, 5.0, 10.0)
# Months between two ticks of an axis of dates.
_MONTHS = (1, 2, 3, 6, 12, 24, 60, 120, 240, 600, 1200, 2400, 6000, 12000)


@dataclass(frozen=True, kw_only=True)
class Chart:
    """What every chart says of itself.

    Parameters
    ----------
    title : str
    unit : str
        What is counted or measured (``families``, ``Rp a month``); may be empty.
    note : str
        Small print below it: what the intervals are, what is left out.
    decimals : int
        Of its numbers.
    """

    title: str
    unit: str = ""
    note: str = ""
    decimals: int = 0

    def readings(self) -> tuple[str, ...]:
        """Return each mark in words."""
        raise NotImplementedError

    def value_text(self, value: float | None) -> str:
        """Return a value in the language in force."""
        return _("not known") if value is None else number(value, self.decimals)

    def described(self) -> str:
        """Return the whole chart in words, for those who do not see it."""
        title = f"{self.title} ({self.unit})" if self.unit else self.title
        return "\n".join(text for text in (title, *self.readings(), self.note) if text)


@dataclass(frozen=True)
class Bar:
    """A bar from zero to `value` (None: not known), with an interval where both ends are given."""

    label: str
    value: float | None
    low: float | None = None
    high: float | None = None

    @property
    def ends(self) -> tuple[float, float] | None:
        """The interval, where there is one that is more than the value itself."""
        if self.low is None or self.high is None or self.low == self.value == self.high:
            return None
        return self.low, self.high


@dataclass(frozen=True, kw_only=True)
class Bars(Chart):
    """Horizontal bars, from the first down."""

    bars: tuple[Bar, ...]

    def bar_text(self, bar: Bar) -> str:
        """Return a bar's value and interval."""
        value = self.value_text(bar.value)
        if bar.ends is None:
            return value
        return f"{value} ({'–'.join(map(self.value_text, bar.ends))})"

    def readings(self) -> tuple[str, ...]:
        """Return each bar in words."""
        return tuple(f"{bar.label}: {self.bar_text(bar)}" for bar in self.bars)

    def extent(self) -> tuple[float, float]:
        """Return the least and greatest value that is drawn; zero is always among them."""
        return _extent(x for bar in self.bars for x in (0.0, bar.value, bar.low, bar.high))


@dataclass(frozen=True)
class Swing:
    """How far one parameter moves a result: to which least and greatest value, at which setting."""

    label: str
    low: float
    low_setting: str
    high: float
    high_setting: str


@dataclass(frozen=True, kw_only=True)
class Tornado(Chart):
    """Swings about a base value, from the first down."""

    base: float
    swings: tuple[Swing, ...]

    def swing_text(self, swing: Swing) -> str:
        """Return both ends of a swing with their settings; what does not move says so."""
        if swing.low == swing.high:
            return _("{value} at every setting").format(value=self.value_text(swing.low))
        ends = ((swing.low_setting, swing.low), (swing.high_setting, swing.high))
        return " · ".join(f"{setting}: {self.value_text(value)}" for setting, value in ends)

    def readings(self) -> tuple[str, ...]:
        """Return each swing in words."""
        return tuple(f"{swing.label} – {self.swing_text(swing)}" for swing in self.swings)

    def extent(self) -> tuple[float, float]:
        """Return the least and greatest value that is drawn."""
        return _extent([self.base, *(x for s in self.swings for x in (s.low, s.high))])


@dataclass(frozen=True)
class Step:
    """From the ISO date `since` on the value is `value` (None: not known)."""

    since: str
    value: float | None


@dataclass(frozen=True)
class Line:
    """Steps in the order of their dates."""

    label: str
    steps: tuple[Step, ...]


@dataclass(frozen=True)
class Event:
    """What happened on an ISO date."""

    on: str
    label: str


@dataclass(frozen=True, kw_only=True)
class Steps(Chart):
    """Values that hold from date to date, each line's last one until the ISO date `until`.

    `events` lie between the first and the last date; each is marked on the axis.
    """

    lines: tuple[Line, ...]
    until: str
    events: tuple[Event, ...] = ()

    def readings(self) -> tuple[str, ...]:
        """Return each step of each line in words, then each event."""
        sentence = _("{label}, {since} to {until}: {value}")
        steps = tuple(
            sentence.format(
                label=line.label, since=day(since), until=day(until), value=self.value_text(value)
            )
            for line in self.lines
            for since, until, value in self.spans(line)
        )
        return (*steps, *(f"{day(event.on)}: {event.label}" for event in self.events))

    def spans(self, line: Line) -> tuple[tuple[str, str, float | None], ...]:
        """Return since when, until when and which value, for each step of a line."""
        ends = [*(step.since for step in line.steps[1:]), self.until]
        return tuple((s.since, end, s.value) for s, end in zip(line.steps, ends, strict=True))

    def extent(self) -> tuple[float, float]:
        """Return the least and greatest value that is drawn; zero is always among them."""
        return _extent([0.0, *(step.value for line in self.lines for step in line.steps)])

    def days(self) -> tuple[int, int]:
        """Return the first and the last day, as ordinals; never the same."""
        dates = [self.until, *(step.since for line in self.lines for step in line.steps)]
        ordinals = [date.fromisoformat(text).toordinal() for text in dates]
        return min(ordinals), max(*ordinals, min(ordinals) + 1)


@dataclass(frozen=True, kw_only=True)
class Matrix(Chart):
    """Values of row × column; None where there is none. ``values[row][column]``."""

    rows: tuple[str, ...]
    columns: tuple[str, ...]
    values: tuple[tuple[float | None, ...], ...]

    def cell_text(self, value: float | None) -> str:
        """Return what stands in a cell; an empty one is one that there cannot be."""
        return "" if value is None else number(value, self.decimals)

    def readings(self) -> tuple[str, ...]:
        """Return each cell in words, row by row."""
        return tuple(
            f"{row} × {column}: {self.cell_text(value) or '–'}"
            for row, values in zip(self.rows, self.values, strict=True)
            for column, value in zip(self.columns, values, strict=True)
        )

    def greatest(self) -> float:
        """Return the greatest value; 0 where there is none."""
        return max((v for row in self.values for v in row if v is not None), default=0.0)


def _extent(values: Iterable[float | None]) -> tuple[float, float]:
    known = [value for value in values if value is not None]
    return min(known, default=0.0), max(known, default=0.0)


def ticks(low: float, high: float, most: int, least_step: float = 0.0) -> tuple[float, ...]:
    """Return round numbers from at or below `low` to at or above `high`, evenly apart.

    Parameters
    ----------
    low, high : float
        What the axis must hold.
    most : int
        About how many ticks there may be, 2 or more.
    least_step : float
        How near two ticks may be: 1 where things are counted.
    """
    width = high - low
    if not width > 0:
        width = abs(high) or 1.0
        low, high = (low, low + width) if low >= 0 else (low - width, high)
    raw = max(width / max(most - 1, 1), least_step, 1e-12)
    power = 10.0 ** math.floor(math.log10(raw))
    step = next(power * x for x in _ROUND if power * x >= raw * (1 - 1e-9))
    first = math.floor(low / step + 1e-9)
    last = max(math.ceil(high / step - 1e-9), first + 1)
    return tuple(step * i for i in range(first, last + 1))


def tick_decimals(marks: tuple[float, ...]) -> int:
    """Return how many decimals tell the ticks of an axis apart."""
    step = marks[1] - marks[0]
    return max(0, -math.floor(math.log10(step) + 1e-9))


def date_ticks(first: int, last: int, most: int) -> tuple[int, ...]:
    """Return first days of months as ordinals, all between `first` and `last`, evenly apart.

    At most `most` of them; none where no month begins in between.
    """
    start, end = date.fromordinal(first), date.fromordinal(last)
    months = range(start.year * 12 + start.month - 1, end.year * 12 + end.month)
    for step in _MONTHS:
        found = [date(m // 12, m % 12 + 1, 1).toordinal() for m in months if m % step == 0 and m]
        inside = tuple(x for x in found if first <= x <= last)
        if len(inside) <= most:
            return inside
    return ()
