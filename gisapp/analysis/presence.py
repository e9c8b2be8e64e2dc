"""Who and what counts: what was known by a date, who is there and what holds at an hour.

Both leave rows out before anything is asked, so that every answer is one of the rows that are left.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, TypeVar

import numpy as np
import pandas as pd

from gisapp.analysis.columns import Bools, text
from gisapp.analysis.schedule_reading import parsed, week_minute
from gisapp.analysis.schedules import DAY, Schedule
from gisapp.core.dates import checked_date
from gisapp.core.layer import Layer, Table
from gisapp.core.memory import FrameMemory
from gisapp.core.words import ngettext, number

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Mapping

    from gisapp.core.project import Parameters, Project

Part = TypeVar("Part", Layer, Table)
# Layers and tables that say when they were observed, or at what hours of the week they are there.
OBSERVED = frozenset(
    {"businesses", "households", "zoning", "evictions", "support_areas"}
    | {"operates", "supports", "provisions"}
)
SCHEDULED = frozenset({"businesses", "evictions", "support_areas", "provisions"})


@dataclass(frozen=True)
class LeftOut:
    """What a condition left out, and what it could not be asked of: kind to number of rows.

    `asked` is the condition: a date, or a weekday and time.
    """

    asked: str
    left_out: Mapping[str, int]
    unknown: Mapping[str, int]


@dataclass(frozen=True, eq=False)
class Present:
    """The project with the rows that count, and what became of the others.

    Parameters
    ----------
    project : Project
        The one that was asked about, itself, where neither condition is set.
    known_on : LeftOut, optional
        Rows observed later; `unknown` do not say when they were, and count. None: not asked.
    at : LeftOut, optional
        Businesses closed and policy that does not hold then; `unknown` have no schedule that could
        be read, and count. None: not asked.
    """

    project: Project
    known_on: LeftOut | None = None
    at: LeftOut | None = None

    @property
    def warnings(self) -> tuple[str, ...]:
        """What the reader of the totals should know."""
        return (*_known_warnings(self.known_on), *_at_warnings(self.at))

    @property
    def summary(self) -> dict[str, Any]:
        """What the summary tells of it; empty where neither condition is set."""
        told: dict[str, Any] = {}
        for name, found in (("known_on", self.known_on), ("at", self.at)):
            if found is not None:
                told[name] = found.asked
                rows = {"left_out": dict(found.left_out), "unknown": dict(found.unknown)}
                told[f"{name}_rows"] = rows
        return told


def present(project: Project, parameters: Parameters) -> Present:
    """Leave out what was not known by `parameters.known_on`, or is not there at `parameters.at`.

    Raises
    ------
    GisappError
        Where one of them cannot be understood.
    """
    known = there = None
    if parameters.known_on:
        day = checked_date(parameters.known_on)
        project, known = _without(project, OBSERVED, day, lambda x: _known(x, day))
    if parameters.at:
        minute = week_minute(parameters.at)
        at = parameters.at
        project, there = _without(project, SCHEDULED, at, lambda x: _there(x, minute))
    return Present(project, known, there)


@dataclass(frozen=True, eq=False)
class _Answer:
    """Which rows of a frame count, and which of those could not be asked, shape (n,)."""

    counts: Bools
    unknown: Bools


@dataclass(frozen=True, eq=False)
class _Left:
    """What is left of a frame (None: all of it) and what became of the rest."""

    question: str
    frame: pd.DataFrame | None
    left_out: int
    unknown: int


# So that the same question of the same frame has the same frame for its answer.
_KEPT: FrameMemory[_Left] = FrameMemory()


def _known(frame: pd.DataFrame, day: str) -> _Answer:
    observed = text(frame, "observed_on")
    return _Answer(observed <= day, observed == "")


def _there(frame: pd.DataFrame, minute: int) -> _Answer:
    which, written = pd.factorize(text(frame, "schedule"))
    schedules: list[Schedule | None] = [parsed(x) for x in written]
    is_open = np.array([s is None or s.open_at(*divmod(minute, DAY)) for s in schedules], bool)
    unknown = np.array([s is None for s in schedules], bool)
    return _Answer(is_open[which], unknown[which])


def _without(
    project: Project,
    kinds: Collection[str],
    question: str,
    ask: Callable[[pd.DataFrame], _Answer],
) -> tuple[Project, LeftOut]:
    """Leave out the rows that do not count, of layers and tables of some kinds."""
    left_out: Counter[str] = Counter()
    unknown: Counter[str] = Counter()

    def counting(part: Part) -> Part:
        left = _left_of(part.frame, question, ask)
        unknown[part.kind] += left.unknown
        left_out[part.kind] += left.left_out
        return part if left.frame is None else replace(part, frame=left.frame)

    layers = tuple(counting(x) if x.kind in kinds else x for x in project.layers)
    rest = {name: counting(x) if x.kind in kinds else x for name, x in project.tables.items()}
    counted = {kind: n for kind, n in sorted(left_out.items()) if n}
    not_asked = {kind: n for kind, n in sorted(unknown.items()) if n}
    return replace(project, layers=layers, tables=rest), LeftOut(question, counted, not_asked)


def _left_of(frame: pd.DataFrame, question: str, ask: Callable[[pd.DataFrame], _Answer]) -> _Left:
    kept = _KEPT.get(frame)
    if kept is None or kept.question != question:
        answer = ask(frame)
        left_out = int((~answer.counts).sum())
        rest = frame[answer.counts].reset_index(drop=True) if left_out else None
        kept = _Left(question, rest, left_out, int(answer.unknown.sum()))
        _KEPT.put(frame, kept)
    return kept


def _known_warnings(found: LeftOut | None) -> tuple[str, ...]:
    if found is None:
        return ()
    later, undated = sum(found.left_out.values()), sum(found.unknown.values())
    return (
        ngettext(
            "{n} record was observed later and is left out.",
            "{n} records were observed later and are left out.",
            later,
        ).format(n=number(later)),
        ngettext(
            "{n} record does not say when it was observed, and counts.",
            "{n} records do not say when they were observed, and count.",
            undated,
        ).format(n=number(undated)),
    )


def _at_warnings(found: LeftOut | None) -> tuple[str, ...]:
    if found is None:
        return ()
    absent, unknown = sum(found.left_out.values()), sum(found.unknown.values())
    return (
        ngettext(
            "{n} business or policy is not there at that hour and is left out.",
            "{n} businesses or policies are not there at that hour and are left out.",
            absent,
        ).format(n=number(absent)),
        ngettext(
            "{n} business or policy has no schedule that can be read, and counts.",
            "{n} businesses or policies have no schedule that can be read, and count.",
            unknown,
        ).format(n=number(unknown)),
    )
