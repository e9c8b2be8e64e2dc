"""Weekly schedules: when a business trades, or a policy holds, in the minutes of a week."""

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import pairwise
from typing import TYPE_CHECKING

from gisapp.core.words import _, label

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

HOUR = 60
DAY = 24 * HOUR
WEEK = 7 * DAY

Span = tuple[int, int]
DAY_NAMES = (
    {"id": "Sen", "en": "Mon"}, {"id": "Sel", "en": "Tue"}, {"id": "Rab", "en": "Wed"},
    {"id": "Kam", "en": "Thu"}, {"id": "Jum", "en": "Fri"}, {"id": "Sab", "en": "Sat"},
    {"id": "Min", "en": "Sun"},
)  # fmt: skip
_CLOCK_SIGN = {"id": ".", "en": ":"}


@dataclass(frozen=True)
class Schedule:
    """The minutes of a week at which somebody is there, or something holds.

    Parameters
    ----------
    spans : tuple of (int, int)
        Minutes since Monday 00:00, half-open, within the week, sorted; none meets the next.
    assumed : bool
        Part of it was not written but taken: hours from a word such as “malam”, or every day where
        no day is named. Says nothing about the spans and takes no part in comparing.
    """

    spans: tuple[Span, ...]
    assumed: bool = field(default=False, compare=False)

    def open_at(self, weekday: int, minute: int) -> bool:
        """Whether it covers a minute of a day (0 is Monday, 0 is midnight)."""
        asked = (weekday * DAY + minute) % WEEK
        return any(start <= asked < end for start, end in self.spans)

    @property
    def minutes(self) -> int:
        """How long it is in a week."""
        return sum(end - start for start, end in self.spans)


def weekly(spans: Iterable[Span], *, assumed: bool = False) -> Schedule:
    """Make a schedule of half-open spans of minutes; one past Sunday goes on on Monday.

    Parameters
    ----------
    spans : iterable of (int, int)
        In any order; a start lies in the week, an end after its start and at most a week later.
    assumed : bool
    """
    inside = [part for span in spans for part in _within_the_week(*span)]
    return Schedule(_joined(sorted(inside)), assumed)


def _within_the_week(start: int, end: int) -> list[Span]:
    if end <= WEEK:
        return [(start, end)]
    return [(start, WEEK), (0, min(end - WEEK, start))]


def _joined(spans: Sequence[Span]) -> tuple[Span, ...]:
    """Join sorted spans that meet or overlap; leave empty ones out."""
    whole: list[Span] = []
    for start, end in spans:
        if start == end:
            continue
        if whole and start <= whole[-1][1]:
            whole[-1] = (whole[-1][0], max(whole[-1][1], end))
        else:
            whole.append((start, end))
    return tuple(whole)


def overlap_minutes(a: Schedule, b: Schedule) -> int:
    """Return for how many minutes of a week both cover the same time."""
    return sum(
        max(0, min(a_end, b_end) - max(a_start, b_start))
        for a_start, a_end in a.spans
        for b_start, b_end in b.spans
    )


def schedule_text(schedule: Schedule) -> str:
    """Write a schedule in the language in force; `schedule_reading.parsed` reads it back."""
    by_day = _pieces_by_day(schedule)
    days = [(day, pieces) for day, pieces in enumerate(by_day) if pieces]
    if not days:
        return _("closed")
    clauses: dict[tuple[Span, ...], list[int]] = {}
    for day, pieces in days:
        clauses.setdefault(pieces, []).append(day)
    return "; ".join(
        f"{_days_text(named)} {', '.join(_span_text(span) for span in pieces)}"
        for pieces, named in clauses.items()
    )


def _pieces_by_day(schedule: Schedule) -> list[tuple[Span, ...]]:
    """Cut the spans at midnight, but for an end within a day of a start on the evening before.

    The pieces of a day are minutes since its midnight; one that ends the next day is over 24 h.
    """
    by_day: list[list[Span]] = [[] for _day in range(7)]
    for start, end in _unwrapped(schedule.spans):
        at = start
        while at < end:
            midnight = (at // DAY + 1) * DAY
            until = end if end - at < DAY else min(end, midnight)
            by_day[at // DAY % 7].append((at % DAY, until - at // DAY * DAY))
            at = until
    return [tuple(sorted(pieces)) for pieces in by_day]


def _unwrapped(spans: tuple[Span, ...]) -> tuple[Span, ...]:
    """Join what goes on from Sunday to Monday into one span that ends after the week."""
    if len(spans) < 2 or spans[0][0] != 0 or spans[-1][1] != WEEK:
        return spans
    return (*spans[1:-1], (spans[-1][0], WEEK + spans[0][1]))


def _days_text(days: Sequence[int]) -> str:
    """Name days, three or more in a row as a range."""
    breaks = [i for i, (a, b) in enumerate(pairwise(days), start=1) if b != a + 1]
    runs = [days[a:b] for a, b in pairwise([0, *breaks, len(days)])]
    return ", ".join(
        f"{_day(run[0])}–{_day(run[-1])}" if len(run) > 2 else ", ".join(map(_day, run))
        for run in runs
    )


def _day(day: int) -> str:
    names: Mapping[str, str] = DAY_NAMES[day]
    return label(names)


def _span_text(span: Span) -> str:
    start, end = span
    return f"{_clock(start)}–{_clock(end if end <= DAY else end - DAY)}"


def _clock(minute: int) -> str:
    return f"{minute // HOUR:02d}{label(_CLOCK_SIGN)}{minute % HOUR:02d}"
