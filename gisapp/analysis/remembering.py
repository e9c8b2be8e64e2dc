"""What is remembered of the last study, so that the next one costs what an edit touched.

Nothing remembered changes an answer: it is compared, row by row, with what is asked now.
"""

from __future__ import annotations

import weakref
from dataclasses import dataclass, replace
from threading import RLock
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from gisapp.analysis.case import Case
    from gisapp.analysis.columns import Ints
    from gisapp.analysis.findings import Findings
    from gisapp.analysis.listing import Listed
    from gisapp.analysis.partition import Local
    from gisapp.core.layer import Layer, Table


@dataclass(frozen=True, eq=False)
class Remembered:
    """A case, what was found about it, and the lists that were written of it or of one before.

    Parameters
    ----------
    case : Case
        Without the project.
    local, found
        What was found.
    listed : mapping
        Kind of subject to its lists, and for each subject of the case its row there; −1 for one
        whose lines are to be written anew. Empty where none were written.
    """

    case: Case
    local: Local
    found: Findings
    listed: dict[str, tuple[Listed, Ints]]


class StudyMemory:
    """The last study, for as long as a layer or table that it was made from lives.

    Safe to use from several threads: at worst two work out the same, and the later one is kept.
    """

    def __init__(self) -> None:
        self._lock = RLock()  # a layer may die, and tell of it, while this thread holds it
        self._last: Remembered | None = None
        self._made_from: list[weakref.ref[Layer | Table]] = []

    def last(self) -> Remembered | None:
        """Return what is remembered, or None."""
        with self._lock:
            return self._last

    def keep(self, remembered: Remembered, made_from: Sequence[Layer | Table]) -> None:
        """Remember a study in the place of the last one."""
        with self._lock:
            self._last = remembered
            self._made_from = [weakref.ref(part, self._let_go) for part in made_from]

    def lists_of(self, found: Findings) -> dict[str, tuple[Listed, Ints]]:
        """Return the lists to begin with when those of `found` are written; empty for none."""
        with self._lock:
            return self._last.listed if self._last and self._last.found is found else {}

    def keep_lists(self, found: Findings, listed: dict[str, tuple[Listed, Ints]]) -> None:
        """Remember the lists of `found`, if it is still the last study's."""
        with self._lock:
            if self._last and self._last.found is found:
                self._last = replace(self._last, listed=listed)

    def forget(self) -> None:
        """Remember nothing."""
        with self._lock:
            self._last, self._made_from = None, []

    def _let_go(self, _dead: weakref.ref[Layer | Table]) -> None:
        with self._lock:
            if all(part() is None for part in self._made_from):
                self.forget()


MEMORY = StudyMemory()
