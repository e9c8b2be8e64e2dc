"""The history of findings: what `study` finds on every day of a period, as runs of days.

Which polygon covers whom does not depend on the date, so it is found once, for all policy of the
period; what holds when is then a matter of intervals. The answer on a day is that of `study` on it.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from gisapp.analysis.case import Case, date_asked, read_case
from gisapp.analysis.columns import Bools, Floats, Ints, Texts, text
from gisapp.analysis.conformity import Conformity, PlanReader, conformity
from gisapp.analysis.contradiction import contradiction
from gisapp.analysis.exposure import STAGE_ORDER
from gisapp.analysis.grounds import (
    Reach,
    eviction_grounds,
    reach_of,
    stacked_grounds,
    support_area_grounds,
    zoning_grounds,
)
from gisapp.analysis.impact import family_impacts
from gisapp.analysis.plan import RANK
from gisapp.analysis.register import NARROWINGS, Provisions, with_register
from gisapp.analysis.subjects import Pairs, Subjects, highest, joined
from gisapp.analysis.timeline import Episodes, Period, Spans
from gisapp.core.dates import checked_date
from gisapp.core.policy import CONFORMITY_CLASSES, NOT_ASSESSED, OUTSIDE_PLAN
from gisapp.core.progress import SILENT, Progress
from gisapp.core.words import _

if TYPE_CHECKING:
    from gisapp.core.project import Project

_EARLIEST = "0001-01-01"
_STEPS = 4


@dataclass(frozen=True, eq=False)
class Track:
    """One kind of subject over time: arrays of shape (k,), a value a run of days without a change.

    Parameters
    ----------
    subjects : Subjects
    subject : ndarray of int
        Row of the subject; sorted, then by `start`. Its runs cover the period without a gap.
    start, end : ndarray of int
        Half-open, as numbers of days (`date.toordinal`).
    finding : ndarray of str
        A business's class of conformity, a family's impact.
    stage : ndarray of str
        The highest stage of the evictions that expose it, ``""`` where none does.
    evictions : ndarray of str
        Their ids, sorted and joined by ``;``.
    contradiction : ndarray of float
    affected : ndarray of bool
        A business inside an eviction area in force; a family whose home is, or a business of its.
    """

    subjects: Subjects
    subject: Ints
    start: Ints
    end: Ints
    finding: Texts
    stage: Texts
    evictions: Texts
    contradiction: Floats
    affected: Bools


@dataclass(frozen=True, eq=False)
class History:
    """What was found on the days of a period.

    Parameters
    ----------
    case : Case
        All policy that holds on any day of it.
    period : Period
    businesses, households : Track
    grounds : DataFrame
        What policy reaches anybody through, with the numbers of its days, ``start`` and ``end``.
    reach, home_reach : Reach
        Whom it reaches, whenever it holds: businesses, families.
    """

    case: Case
    period: Period
    businesses: Track
    households: Track
    grounds: pd.DataFrame
    reach: Reach
    home_reach: Reach


def history(
    project: Project, start: str = "", end: str = "", progress: Progress = SILENT
) -> History:
    """Find what is found on every day of a period.

    Parameters
    ----------
    project : Project
    start : str
        ISO date; empty: the day on which the first dated zoning, eviction, support area or support
        begins.
    end : str
        ISO date, the last day that counts; empty: the project's as-of date, else today. Nothing is
        told of days after it.
    progress : Progress
        Told of each step; may raise `Cancelled`.

    Raises
    ------
    GisappError
        Where there is nobody to assess, a parameter, rule or provision cannot be understood, or
        `start` is after `end`.
    """
    last = date_asked(project, end)
    progress.step(0, _STEPS, _("What holds when"))
    case = read_case(project, checked_date(start) if start else _EARLIEST, last)
    period = Period.between(case.as_of if start else _first_day(case, last), last)
    progress.step(1, _STEPS, _("Who lies where"))
    conforms = conformity(case.businesses, case.plan, PlanReader(case.plan, case.businesses))
    grounds, reach, home_reach = _reaches(case, conforms)
    grounds["start"] = period.days(grounds["valid_from"].to_numpy(object), period.start)
    grounds["end"] = period.days(grounds["valid_to"].to_numpy(object), period.end)
    provisions = with_register(grounds, case.register)
    progress.step(2, _STEPS, _("Businesses over time"))
    businesses = _business_track(case, period, conforms, provisions, reach)
    progress.step(3, _STEPS, _("Families over time"))
    households = _household_track(case, period, provisions, home_reach, reach)
    progress.step(_STEPS, _STEPS, _("Totals"))
    return History(case, period, businesses, households, grounds, reach, home_reach)


def _first_day(case: Case, last: str) -> str:
    frames = (case.plan.areas, case.evictions, case.support_areas, case.supports)
    dates = np.concatenate([text(x.frame, "valid_from") for x in frames])
    first = min((day for day in dates if day), default=last)
    # A year or a month alone is its first day, as `intervals` has it.
    return checked_date(first + _EARLIEST[len(first) :])


def _reaches(case: Case, conforms: Conformity) -> tuple[pd.DataFrame, Reach, Reach]:
    """Gather every ground of the period and whom it reaches: businesses, then families."""
    zoning, by_zoning = zoning_grounds(case.plan, conforms)
    kinds = (eviction_grounds(case.evictions), support_area_grounds(case.support_areas))
    grounds, starts = stacked_grounds([zoning, *kinds, case.supports.frame])
    business, household = (
        reach_of(
            [
                (subjects.covered_by(case.evictions.polygons), starts[1]),
                (subjects.covered_by(case.support_areas.polygons), starts[2]),
                (received, starts[3]),
            ],
            first,
        )
        for subjects, received, first in (
            (case.businesses, case.supports.businesses, by_zoning),
            (case.households, case.supports.households, None),
        )
    )
    return grounds, business, household


def _spans(grounds: pd.DataFrame, reach: Reach) -> Spans:
    start, end = (grounds[c].to_numpy()[reach.ground] for c in ("start", "end"))
    return Spans(reach.subject, start, end)


@dataclass(frozen=True, eq=False)
class _Held:
    """Which grounds hold in which episodes: pairs of (episode, row of the reach)."""

    episodes: Episodes
    pairs: Pairs
    ground: Ints
    cuts: tuple[int, ...]


def _held(n: int, period: Period, provisions: Provisions, reach: Reach, *more: Spans) -> _Held:
    """Cut each subject's days at what begins and ends for it, the register's rows among that."""
    spans = _spans(provisions.grounds, reach)
    cuts = _register_cuts(period, provisions)
    reached = np.unique(reach.subject)
    who, when = (x.ravel() for x in np.meshgrid(reached, np.array(cuts, np.int64), indexing="ij"))
    episodes = Episodes.cut(n, period, [spans, *more, Spans(who, when, when)])
    pairs = episodes.held(spans)
    return _Held(episodes, pairs, reach.ground[pairs.area], tuple(cuts))


def _register_days(period: Period, register: pd.DataFrame) -> tuple[Ints, Ints]:
    start = period.days(register["valid_from"].to_numpy(object), period.start)
    return start, period.days(register["valid_to"].to_numpy(object), period.end)


def _register_cuts(period: Period, provisions: Provisions) -> list[int]:
    """Return the days inside the period on which a row that names something begins or ends."""
    used = provisions.register.loc[np.unique(provisions.named["provision"].to_numpy(np.int64))]
    days = np.unique(np.concatenate(_register_days(period, used)))
    return [int(day) for day in days if period.start < day < period.end]


def _business_track(
    case: Case, period: Period, conforms: Conformity, provisions: Provisions, reach: Reach
) -> Track:
    subjects = case.businesses
    held = _held(len(subjects), period, provisions, reach)
    n = len(held.episodes)
    # The zoning pairs come first in the reach, in the order of their verdicts.
    zoned = held.pairs.area < len(conforms.verdicts.rank)
    rank = conforms.verdicts.rank[held.pairs.area[zoned]]
    uncovered = np.where(subjects.located, RANK[OUTSIDE_PLAN], RANK[NOT_ASSESSED])
    classes = np.maximum(
        uncovered[held.episodes.subject], highest(held.pairs.subject[zoned], rank, n)
    )
    bears = np.ones(len(held.ground), dtype=bool)
    bears[zoned] = rank == classes[held.pairs.subject[zoned]]
    stage, evictions = _exposing(held, provisions.grounds)
    score = _scores(subjects, period, held, bears, provisions)
    finding = np.array(CONFORMITY_CLASSES, dtype=object)[classes]
    return _track(subjects, held.episodes, finding, stage, evictions, score, stage > 0)


def _household_track(
    case: Case, period: Period, provisions: Provisions, home_reach: Reach, reach: Reach
) -> Track:
    subjects = case.households
    at_work = _livelihood_spans(case, provisions.grounds, reach)
    held = _held(len(subjects), period, provisions, home_reach, at_work)
    stage, evictions = _exposing(held, provisions.grounds)
    livelihood = np.zeros(len(held.episodes), dtype=bool)
    livelihood[held.episodes.held(at_work).subject] = True
    assessed = subjects.located.copy()
    assessed[case.links.household[case.businesses.located[case.links.business]]] = True
    finding = family_impacts(stage > 0, livelihood, assessed[held.episodes.subject])
    score = _scores(subjects, period, held, np.ones(len(held.ground), dtype=bool), provisions)
    affected = (stage > 0) | livelihood
    return _track(subjects, held.episodes, finding, stage, evictions, score, affected)


def _livelihood_spans(case: Case, grounds: pd.DataFrame, reach: Reach) -> Spans:
    """Return when an eviction holds at a business that a family operates."""
    evicting = (grounds["area_kind"] == "evictions").to_numpy()[reach.ground]
    at = pd.DataFrame({"business": reach.subject, "ground": reach.ground})[evicting]
    links = pd.DataFrame({"household": case.links.household, "business": case.links.business})
    rows = links.merge(at, on="business")
    start, end = (grounds[c].to_numpy()[rows["ground"]] for c in ("start", "end"))
    return Spans(rows["household"].to_numpy(np.int64), start, end)


def _exposing(held: _Held, grounds: pd.DataFrame) -> tuple[Ints, Texts]:
    """Return each episode's highest stage (its place in `STAGE_ORDER`) and exposing areas."""
    n = len(held.episodes)
    place = {stage: rank for rank, stage in enumerate(STAGE_ORDER)}
    ranks = grounds["stage"].map(place).to_numpy(np.int64)[held.ground]
    by = (grounds["area_kind"] == "evictions").to_numpy()[held.ground]
    ids = grounds["area_id"].to_numpy(object)[held.ground[by]]
    episode, row = np.unique(held.pairs.subject[by], return_inverse=True)
    areas = np.full(n, "", dtype=object)
    areas[episode] = joined(row, ids, len(episode))
    return highest(held.pairs.subject[by], ranks[by].astype(np.int64), n), areas


def _scores(
    subjects: Subjects, period: Period, held: _Held, bears: Bools, provisions: Provisions
) -> Floats:
    """Score every episode: between two cuts of the register, the rows that apply are the same."""
    episodes, named = held.episodes, provisions.named
    columns = [c for c in NARROWINGS if c in subjects.frame.columns]
    frame = subjects.frame[columns].iloc[episodes.subject].reset_index(drop=True)
    each = Subjects(subjects.kind, frame)
    start, end = _register_days(period, provisions.register)
    score = np.zeros(len(episodes))
    for since, until in pairwise((period.start, *held.cuts, period.end)):
        here = (episodes.start >= since) & (episodes.start < until)
        mine = here[held.pairs.subject]
        reach = Reach(held.pairs.subject[mine], held.ground[mine], bears[mine])
        in_force = ((start <= since) & (since < end))[named["provision"].to_numpy(np.int64)]
        applying = Provisions(provisions.grounds, provisions.register, named[in_force])
        score = np.maximum(score, contradiction(each, reach, applying).score)
    return score


def _track(
    subjects: Subjects,
    episodes: Episodes,
    finding: Texts,
    stage: Ints,
    evictions: Texts,
    score: Floats,
    affected: Bools,
) -> Track:
    """Join the episodes in which nothing of these, (k,) each, changed."""
    states = (pd.factorize(finding)[0], stage, pd.factorize(evictions)[0], score, affected)
    changes = np.zeros(len(episodes), dtype=bool)
    for state in states:
        changes[1:] |= state[1:] != state[:-1]
    rows = episodes.runs(changes)
    last = np.append(rows[1:], len(episodes)) - 1
    return Track(
        subjects,
        episodes.subject[rows],
        episodes.start[rows],
        episodes.end[last[: len(rows)]],
        finding[rows],
        np.array(STAGE_ORDER, dtype=object)[stage[rows]],
        evictions[rows],
        score[rows],
        affected[rows],
    )
