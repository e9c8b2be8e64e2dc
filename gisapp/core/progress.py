"""How long work tells that it moves, and learns that it should stop."""

import time
from collections.abc import Callable
from typing import Protocol

# A rate is worth saying of many units, after a moment.
_MANY_UNITS = 1_000
_MOMENT_S = 0.5


class Progress(Protocol):
    """What a long function takes; it knows no thread and no dialog."""

    def step(self, done: int, total: int, text: str) -> None:
        """Report `done` of `total` units (0 where the total is not known).

        Raises
        ------
        Cancelled
            Where the user asked to stop.
        """


class SilentProgress:
    """Reports to nobody and never cancels."""

    def step(self, done: int, total: int, text: str) -> None:
        """Do nothing."""


SILENT: Progress = SilentProgress()


class Pace:
    """How fast a step of long work goes, for those who show it.

    Parameters
    ----------
    clock : callable
        Seconds that never go backwards.
    """

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._text: str | None = None
        self._first, self._began = 0, 0.0

    def units_per_s(self, done: int, text: str) -> float:
        """Return the rate since the step called `text` began; 0 where it says nothing yet."""
        now = self._clock()
        if text != self._text or done < self._first:
            self._text, self._first, self._began = text, done, now
        units, elapsed_s = done - self._first, now - self._began
        return units / elapsed_s if units >= _MANY_UNITS and elapsed_s >= _MOMENT_S else 0.0
