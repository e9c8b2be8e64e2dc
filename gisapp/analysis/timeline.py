"""Time as half-open runs of days: when spans hold, and the episodes in which nothing changes."""

from __future__ import annotations

from bisect import bisect_left
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import pandas as pd

from gisapp.analysis.subjects import Pairs
from gisapp.core.errors import GisappError
from gisapp.core.words import _

if TYPE_CHECKING:
    from collections.abc import Sequence

    from gisapp.analysis.columns import Bools, Ints, Texts


def iso(day: int) -> str:
    """Return the ISO date of a day's number (`date.toordinal`)."""
    return date.fromordinal(day).isoformat()


@dataclass(frozen=True)
class Period:
    """The days asked about; both ISO dates count.

    Days are numbers (`date.toordinal`); `start` is the first one, `end` the one after the last.
    """

    first: str
    last: str

    @classmethod
    def between(cls, first: str, last: str) -> Period:
        """Return the days from one ISO date to another; refuse an end before its start."""
        if first > last:
            raise GisappError(
                _("The period begins on {first}, after it ends on {last}.").format(
                    first=first, last=last
                ),
                _("Choose a first day on or before the last one."),
            )
        return cls(first, last)

    @property
    def start(self) -> int:
        """The first day."""
        return date.fromisoformat(self.first).toordinal()

    @property
    def end(self) -> int:
        """The day after the last."""
        return date.fromisoformat(self.last).toordinal() + 1

    def days(self, dates: Texts, unknown: int) -> Ints:
        """Return the first day of the period that is not before each date, else its end.

        Dates are compared as texts, as `intervals.in_force` does, so that both tell the same.

        Parameters
        ----------
        dates : ndarray of str, shape (n,)
        unknown : int
            The day of an empty text.
        """
        which, texts = pd.factorize(dates)
        every = range(self.start, self.end)
        found = [unknown if t == "" else self.start + bisect_left(every, t, key=iso) for t in texts]
        return np.array(found, dtype=np.int64)[which]


class Spans(NamedTuple):
    """Arrays of shape (k,): a subject's row, and the half-open days of what reaches it."""

    subject: Ints
    start: Ints
    end: Ints


@dataclass(frozen=True, eq=False)
class Episodes:
    """The days of a period cut, for each subject, wherever something begins or ends for it.

    Parameters
    ----------
    subject, start, end : ndarray of int, shape (k,)
        Sorted by subject, then start; each subject's episodes cover the period without a gap.
    """

    subject: Ints
    start: Ints
    end: Ints
    _keys: Ints
    _width: int

    @classmethod
    def cut(cls, n: int, period: Period, spans: Sequence[Spans]) -> Episodes:
        """Cut the period of each of n subjects at both ends of its spans."""
        width = period.end - period.start + 1
        everybody = np.arange(n, dtype=np.int64) * width
        cuts = [(s.subject * width + (day - period.start)) for s in spans for day in s[1:]]
        keys = np.unique(np.concatenate([everybody, everybody + width - 1, *cuts]))
        begins = keys % width != width - 1
        subject, start = np.divmod(keys[begins], width)
        end = keys[np.flatnonzero(begins) + 1] % width
        return cls(subject, start + period.start, end + period.start, keys, width)

    def __len__(self) -> int:
        return len(self.subject)

    def held(self, spans: Spans) -> Pairs:
        """Pair each episode with the spans (row numbers) that hold in it; they were cut by them."""
        offset = self.start[0] if len(self) else 0
        first, last = (
            np.searchsorted(self._keys, spans.subject * self._width + (day - offset))
            for day in (spans.start, spans.end)
        )
        n = last - first
        span = np.repeat(np.arange(len(n)), n)
        within = np.arange(n.sum()) - np.repeat(np.cumsum(n) - n, n)
        # Each subject before has one key more than it has episodes: its end.
        return Pairs.sorted(first[span] + within - spans.subject[span], span)

    def runs(self, changes: Bools) -> Ints:
        """Return the row at which each run of episodes without a change begins."""
        anew = np.ones(len(self), dtype=bool)
        anew[1:] = changes[1:] | (self.subject[1:] != self.subject[:-1])
        return np.flatnonzero(anew)
