"""Schedules as people write them, in Indonesian, English and OpenStreetMap's ``opening_hours``.

What cannot be read whole is not known: never "always", never "never".
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from functools import lru_cache
from typing import NamedTuple, TypeVar

from gisapp.analysis.schedules import DAY, HOUR, WEEK, Schedule, Span, weekly
from gisapp.core.errors import GisappError
from gisapp.core.words import _

EVERY_DAY = tuple(range(7))
_DAYS = (
    "senin|sen|monday|mon|mo", "selasa|sel|tuesday|tues|tue|tu", "rabu|rab|wednesday|wed|we",
    "kamis|kam|thursday|thurs|thur|thu|th", "jum['’]?at|jumaat|jum|friday|fri|fr",
    "sabtu|sab|saturday|sat|sa", "minggu|ahad|ming|mgg|min|sunday|sun|su",
)  # fmt: skip
_DAY_SETS = {
    r"(?:se)?tiap[- ]?hari(?! kerja)|every ?day|daily|all week": EVERY_DAY,
    r"hari kerja|weekdays?": EVERY_DAY[:5],
    r"akhir pekan|weekends?": EVERY_DAY[5:],
}
# A clock's hour as it is said with each word, and the hours that the word alone is taken for.
_MORNING = ({h: h for h in range(12)}, (6, 11))
_NOON = ({10: 10, 11: 11, 12: 12, **{h: h + 12 for h in range(1, 5)}}, (11, 15))
_AFTERNOON = ({h: h + 12 for h in range(1, 8)}, (15, 18))
_NIGHT = ({**{h: h for h in range(6)}, **{h: h + 12 for h in range(6, 13)}}, (18, 24))
_EVENING = ({h: h + 12 for h in range(4, 12)}, (18, 22))
_PARTS: Mapping[str, tuple[Mapping[int, int], tuple[int, int]]] = {
    "pagi": _MORNING, "morning": _MORNING,
    "siang": _NOON, "afternoon": ({12: 12, **_AFTERNOON[0]}, (12, 18)),
    "sore": _AFTERNOON, "petang": _AFTERNOON,
    "evening": _EVENING,
    "malam": _NIGHT, "night": _NIGHT,
}  # fmt: skip
_HALVES: Mapping[str, Mapping[int, int]] = {
    "am": {h: h % 12 for h in range(1, 13)},
    "pm": {h: h % 12 + 12 for h in range(1, 13)},
}
_NOON_HOUR = 12
_PATTERNS = {
    "always": r"24 ?(?:jam|hours?|hrs?|h)(?![a-z])|24 ?/ ?7",
    **{f"days{n}": f"(?:{words})(?![a-z])" for n, words in enumerate(_DAY_SETS)},
    **{f"day{n}": f"(?:{words})\\.?(?![a-z])" for n, words in enumerate(_DAYS)},
    "part": f"(?:{'|'.join(_PARTS)})(?![a-z])",
    "half": r"[ap]\.?m\.?(?![a-z])",
    "off": r"(?:libur|tutup|closed|off)(?![a-z])",
    "but": r"(?:kecuali|except)(?![a-z])",
    "to": r"-|s ?/ ?d(?![a-z])|s\.d\.?|(?:sd|sampai dengan|sampai|hingga|to|until|till)(?![a-z])",
    # A "+" behind a time is an open end, which nobody can tell the end of.
    "and": r"[,&/]|\+(?! ?(?:[,;&+/]|$))|(?:dan|serta|and)(?![a-z])",
    "next": r";",
    "time": r"\d{1,2}(?:[.:]\d{2})?(?![.:]?\d)",
    "noise": r" +|(?:pukul|jam|pk|wib|buka|hari|(?:se)?tiap|dari|from|open|every)(?![a-z])\.?",
}
_TOKEN = re.compile("|".join(f"(?P<{name}>{pattern})" for name, pattern in _PATTERNS.items()))


class _Token(NamedTuple):
    kind: str
    text: str


class _Unreadable(Exception):  # noqa: N818 - ends a reading, tells nobody
    pass


@lru_cache(maxsize=4096)
def parsed(text: str) -> Schedule | None:
    """Read a weekly schedule; None where it says nothing, or not everything in it is understood.

    Hours are those of a 24-hour clock unless a word says otherwise; an end before its start is on
    the next day; hours without a day are every day's. After ``;`` a day's hours take the place of
    those before, as in ``opening_hours``; after a comma or “dan” they are added.

    Parameters
    ----------
    text : str
        ``Senin–Jumat 06.00–14.00``, ``setiap hari 17:00-01:00, Minggu libur``, ``24 jam``,
        ``Sabtu & Minggu pagi``, ``Mon-Fri 6am-2pm``, ``Mo-Fr 06:00-14:00; Sa 08:00-12:00``.
    """
    try:
        reader = _Reader(_tokens(text))
        return reader.week() if reader.left else None
    except _Unreadable:
        return None


def week_minute(text: str) -> int:
    """Read a weekday and a time (``mon 19:30``) as minutes since Monday 00:00.

    Raises
    ------
    GisappError
        Where it is not both.
    """
    try:
        reader = _Reader(_tokens(text))
        days, time = reader.days(), reader.time()
        if reader.left or len(days) != 1:
            raise _Unreadable
        return (days[0] * DAY + reader.minute(time)) % WEEK
    except _Unreadable:
        raise GisappError(
            _("“{text}” is not a weekday and a time.").format(text=text),
            _("Write both, for example “mon 19:30”."),
        ) from None


def _tokens(text: str) -> list[_Token]:
    """Split a text into what is known; a word that is not ends the reading."""
    plain = re.sub(r"[‐‑‒–—−]", "-", text.strip().casefold())
    plain = re.sub(r"\s*[\n;]\s*", ";", plain).strip(";")
    plain = re.sub(r"\s+", " ", plain)
    found, at = [], 0
    while at < len(plain):
        match = _TOKEN.match(plain, at)
        if match is None or match.lastgroup is None:
            raise _Unreadable
        if match.lastgroup != "noise":
            found.append(_Token(match.lastgroup, match.group()))
        at = match.end()
    return found


class _Clock(NamedTuple):
    """A time as it is written: hour, minute, and the word that says which half of the day."""

    hour: int
    minute: int
    word: str
    padded: bool


Item = TypeVar("Item")


class _Reader:
    """Reads tokens from the left; raises `_Unreadable`."""

    def __init__(self, tokens: list[_Token]) -> None:
        self.left = tokens
        self._alone = len(tokens) == 1
        self._assumed = False

    def week(self) -> Schedule:
        """Read clauses until nothing is left."""
        week: dict[int, list[Span]] = {}
        while self.left:
            week |= self._clause()
            if self.left and not self._take("next"):
                raise _Unreadable
        if not any(week.values()) and len(week) < len(EVERY_DAY):
            raise _Unreadable  # a day off says nothing of the others
        spans = [(day * DAY + a, day * DAY + b) for day, x in week.items() for a, b in x]
        return weekly(spans, assumed=self._assumed)

    def _clause(self) -> dict[int, list[Span]]:
        """Read what stands before a ``;``: a day's hours add up, days off are off."""
        hours: dict[int, list[Span]] = {}
        off: set[int] = set()
        while self.left and self._peek() != "next":
            if self._take("and"):
                continue
            if self._take("but"):
                off |= set(self._needed(self.days))
                continue
            days = self.days()
            if self._take("off"):
                off |= self._days_off(days)
                continue
            spans = self._needed(self._spans)
            days = days or self.days()
            self._assumed |= not days
            for day in days or EVERY_DAY:
                hours.setdefault(day, []).extend(spans)
        return {**hours, **{day: [] for day in off}}

    def _days_off(self, before: tuple[int, ...]) -> set[int]:
        """Return the days that “libur” is said of, which stand before it or after it.

        Of no day it is every day's only where nothing else is said: “hari libur tutup” is about
        holidays. Hours behind it may be those that are off.
        """
        days = before or self.days() or (EVERY_DAY if self._alone else ())
        if self._begins(self._span):
            raise _Unreadable
        return set(_needed(days))

    def days(self) -> tuple[int, ...]:
        """Read days, ranges of days and sets of days; empty where none stands here."""
        return tuple(day for some in self._several(self._some_days) for day in some)

    def _some_days(self) -> tuple[int, ...]:
        if self._peek().startswith("days"):
            return tuple(_DAY_SETS.values())[int(self.left.pop(0).kind[4:])]
        first = self._day()
        if first is None:
            return ()
        if not self._take("to"):
            return (first,)
        last = self._day()
        if last is None:
            raise _Unreadable
        return tuple((first + n) % 7 for n in range((last - first) % 7 + 1))

    def _day(self) -> int | None:
        return int(self.left.pop(0).kind[3:]) if self._peek()[:3] == "day" else None

    def _spans(self) -> tuple[Span, ...]:
        return self._several(self._span)

    def _span(self) -> Span | None:
        """Read ``06.00-14.00``, ``malam``, ``pagi-siang``, ``malam 7-10`` or ``24 jam``."""
        if self._take("always"):
            return 0, DAY
        part = self._part()
        if self._peek() != "time":
            return self._part_span(part) if part else None
        start = self.time(part)
        if not self._take("to"):
            raise _Unreadable
        return _span_of(start, self.time(part))

    def _part(self) -> str:
        return self.left.pop(0).text if self._peek() == "part" else ""

    def _part_span(self, first: str) -> Span:
        self._assumed = True
        last = (self._needed(self._part) if self._take("to") else "") or first
        start, end = _PARTS[first][1][0] * HOUR, _PARTS[last][1][1] * HOUR
        return start, end if end > start else end + DAY

    def time(self, word: str = "") -> _Clock:
        """Read a time; `word` is the part of the day that stood before it."""
        if self._peek() != "time":
            raise _Unreadable
        hour, _sign, minute = self.left.pop(0).text.replace(".", ":").partition(":")
        if self._peek() == "half":
            word = self.left.pop(0).text.replace(".", "")
        clock = _Clock(int(hour), int(minute or 0), self._part() or word, len(hour) > 1)
        if clock.minute >= HOUR or clock.hour * HOUR + clock.minute > DAY:
            raise _Unreadable
        return clock

    @staticmethod
    def minute(clock: _Clock) -> int:
        """Return a clock's minute of the day."""
        return _needed(_minute(clock, clock.word))

    def _several(self, read: Callable[[], Item | None]) -> tuple[Item, ...]:
        """Read one thing after the other, “and” between them or not."""
        found = []
        while item := read():
            found.append(item)
            kept = self.left
            if self._peek() == "and":
                self.left = kept[1:]
                if not self._begins(read):
                    self.left = kept
                    break
        return tuple(found)

    def _begins(self, read: Callable[[], Item | None]) -> bool:
        """Whether what stands here could be read so."""
        kinds = ("day",) if read == self._some_days else ("always", "part", "time")
        return self._peek().startswith(kinds)

    def _needed(self, read: Callable[[], Item]) -> Item:
        return _needed(read())

    def _peek(self) -> str:
        return self.left[0].kind if self.left else ""

    def _take(self, kind: str) -> bool:
        if self._peek() != kind:
            return False
        self.left = self.left[1:]
        return True


def _needed(value: Item | None) -> Item:
    if value is None or value in ((), ""):
        raise _Unreadable
    return value


def _minute(clock: _Clock, word: str) -> int | None:
    """Return the minute of the day that a clock means with a word; None where it means none."""
    if not word or clock.hour > _NOON_HOUR:
        hour: int | None = clock.hour
    elif word in _HALVES:
        hour = _HALVES[word].get(clock.hour)
    else:
        hour = _PARTS[word][0].get(clock.hour)
    return None if hour is None else hour * HOUR + clock.minute


def _span_of(start: _Clock, end: _Clock) -> Span:
    """Settle what two times mean together; one without a word follows the other's."""
    if start.word or not end.word:
        first = _needed(_minute(start, start.word)) % DAY
        last = _needed(_last(start, end, first))
    else:
        last = _needed(_minute(end, end.word))
        first = _needed(_first(start, end, last)) % DAY
    if last == first:
        raise _Unreadable
    return first, last if last > first else last + DAY


def _first(start: _Clock, end: _Clock, last: int) -> int | None:
    """``1-5pm`` is from 13:00, ``6-2pm`` and ``6-2 siang`` from 6:00, ``10-2am`` from 22:00."""
    same = _minute(start, end.word)
    if same is not None and (same < last or end.word not in _HALVES):
        return same
    if end.word in _HALVES:
        return _minute(start, "am" if end.word == "pm" else "pm")
    return _minute(start, "")


def _last(start: _Clock, end: _Clock, first: int) -> int | None:
    """Return an end's minute; None where a twelve-hour clock could be meant: ``8-5``, ``6am-2``."""
    if end.word:
        return _minute(end, end.word)
    if start.word:
        same = _minute(end, start.word)
        return same if same is not None and (same > first or start.word == "malam") else None
    last = _minute(end, "")
    open_question = max(start.hour, end.hour) <= _NOON_HOUR and not (end.padded and start.padded)
    wraps = last is not None and last <= first and last > 0
    return None if open_question and wraps else last
