"""Conformity of businesses with a zoning plan: exactly one class each."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Literal

import numpy as np
import pandas as pd

from gisapp.analysis.columns import Bools, Ints, Texts, coded
from gisapp.analysis.plan import LISTS, RANK, Plan, listed_names
from gisapp.analysis.subjects import Pairs, Subjects, highest, joined
from gisapp.core.policy import CONFORMITY_CLASSES, NOT_ASSESSED, OUTSIDE_PLAN

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence


@dataclass(frozen=True, eq=False)
class Verdicts:
    """What a plan says of each (business, polygon) pair.

    Parameters
    ----------
    rank : ndarray of int, shape (k,)
        Place in `CONFORMITY_CLASSES`.
    tie : ndarray of bool, shape (k,)
        Two rules of the same weight disagreed and the more restrictive one was taken.
    """

    rank: Ints
    tie: Bools


@dataclass(frozen=True, eq=False)
class Conformity:
    """Each business's class, and the pairs it was found from.

    Parameters
    ----------
    rank : ndarray of int, shape (n,)
        Place of the class in `CONFORMITY_CLASSES`.
    tie : ndarray of bool, shape (n,)
    zone_count : ndarray of int, shape (n,)
    pairs, verdicts
        Which polygon covers which business, and what it says of it.
    codes : ndarray of str, shape (m,)
        What each polygon is called; see `zone_codes`.
    """

    rank: Ints
    tie: Bools
    zone_count: Ints
    pairs: Pairs
    verdicts: Verdicts
    codes: Texts

    @cached_property
    def zones(self) -> Texts:
        """One code for each covering polygon, sorted and joined by ``;``, shape (n,)."""
        return joined(self.pairs.subject, self.codes[self.pairs.area], len(self.rank))

    @property
    def classes(self) -> Texts:
        """The class of each business, shape (n,)."""
        return np.array(CONFORMITY_CLASSES, dtype=object)[self.rank]


@dataclass(frozen=True)
class Ruling:
    """What of a plan decides about one business in one polygon.

    Parameters
    ----------
    by : {"rule", "list", "unlisted"}
    ranks : frozenset of int
        The classes given, as places in `CONFORMITY_CLASSES`; several where rules of the same
        weight disagree, of which the highest counts.
    prefix : str
        Of a rule: the KBLI prefix that fits, ``""`` for a row that fits any activity.
    """

    by: Literal["rule", "list", "unlisted"]
    ranks: frozenset[int]
    prefix: str = ""

    @property
    def verdict(self) -> tuple[int, bool]:
        """The rank that counts, and whether there was a tie."""
        return max(self.ranks), len(self.ranks) > 1


class PlanReader:
    """Looks the permission of a business in a polygon up; each distinct question once."""

    def __init__(self, plan: Plan, businesses: Subjects) -> None:
        self._plan = plan
        frame = plan.areas.frame
        activity = coded(businesses.frame, "activity").to(str.casefold)
        self._activity, self._activities = activity.codes, activity.values
        kbli = coded(businesses.frame, "kbli")
        self._kbli, self._kblis = kbli.codes, kbli.values
        self._subzone, self._subzones = pd.factorize(frame["subzone"].to_numpy(dtype=object))
        self._lists, entries = _numbered(frame, LISTS)
        self._names = [listed_names(entry) for entry in entries]

    def verdicts(self, pairs: Pairs) -> Verdicts:
        """Return what the plan says of each pair: its rule table, its lists, its default."""
        rank, tie = _asked_once(
            self._subzone[pairs.area], self._kbli[pairs.subject], len(self._kblis), self._by_rule
        )
        open_pairs = np.flatnonzero(rank == 0)
        rank[open_pairs], tie[open_pairs] = _asked_once(
            self._lists[pairs.area[open_pairs]],
            self._activity[pairs.subject[open_pairs]],
            len(self._activities),
            self._by_list,
        )
        return Verdicts(rank, tie)

    def ruling(self, business: int, area: int) -> Ruling:
        """Return what decides about a business (its row) in a polygon (its row)."""
        rule = self._rule(self._subzone[area], self._kbli[business])
        return rule or self._listed(self._lists[area], self._activity[business])

    def _by_rule(self, subzone: int, kbli: int) -> tuple[int, bool]:
        """Look a KBLI code up in the rule table; rank 0 where no row fits."""
        found = self._rule(subzone, kbli)
        return found.verdict if found else (0, False)

    def _by_list(self, lists: int, activity: int) -> tuple[int, bool]:
        return self._listed(lists, activity).verdict

    def _rule(self, subzone: int, kbli: int) -> Ruling | None:
        """Return the row of the rule table with the longest prefix of a KBLI code."""
        zone, digits = self._subzones[subzone], self._kblis[kbli]
        for length in range(len(digits), -1, -1):
            ranks = self._plan.rules.get((zone, digits[:length]))
            if ranks:
                return Ruling("rule", ranks, digits[:length])
        return None

    def _listed(self, lists: int, activity: int) -> Ruling:
        ranks = self._names[lists].get(self._activities[activity])
        return (
            Ruling("list", ranks) if ranks else Ruling("unlisted", frozenset({self._plan.unlisted}))
        )


def _numbered(frame: pd.DataFrame, columns: Sequence[str]) -> tuple[Ints, list[tuple[str, ...]]]:
    """Number the distinct combinations of some text columns: each row's number, and the texts."""
    number = np.zeros(len(frame), dtype=np.int64)
    entries: list[tuple[str, ...]] = [()]
    for column in columns:
        code, values = pd.factorize(frame[column].to_numpy(dtype=object))
        number, distinct = pd.factorize(number * max(len(values), 1) + code)
        entries = [(*entries[d // len(values)], values[d % len(values)]) for d in distinct]
    return number, entries


def _asked_once(
    left: Ints, right: Ints, right_size: int, answer: Callable[[int, int], tuple[int, bool]]
) -> tuple[Ints, Bools]:
    """Answer each distinct (left, right) question once and deal the ranks and ties out."""
    question, asked = _distinct(left * right_size + right)
    answers = [answer(*divmod(int(q), right_size)) for q in asked]
    rank = np.array([r for r, _tie in answers], dtype=np.int64)
    tie = np.array([t for _rank, t in answers], dtype=bool)
    return rank[question], tie[question]


def _distinct(numbers: Ints) -> tuple[Ints, Ints]:
    """Return each number's place among the distinct ones, and these; small ones are not hashed."""
    size = int(numbers.max(initial=-1)) + 1
    if size > len(numbers):
        place, distinct = pd.factorize(numbers)
        return place, distinct
    seen = np.zeros(size, dtype=bool)
    seen[numbers] = True
    return (np.cumsum(seen) - 1)[numbers], np.flatnonzero(seen)


def zone_codes(plan: Plan) -> Texts:
    """Return each polygon's sub-zone code, its id where it has none, shape (m,)."""
    frame = plan.areas.frame
    codes: Texts = frame["subzone"].where(frame["subzone"] != "", frame["id"]).to_numpy(object)
    return codes


def conformity(businesses: Subjects, plan: Plan, reader: PlanReader) -> Conformity:
    """Give each business exactly one class.

    Covered by several polygons, the most restrictive class wins; a point on a boundary is covered.
    A pure function: any parts of the businesses, asked apart, are the whole's answer in parts.
    """
    n = len(businesses)
    pairs = businesses.covered_by(plan.areas.polygons)
    verdicts = reader.verdicts(pairs)
    uncovered = np.where(businesses.located, RANK[OUTSIDE_PLAN], RANK[NOT_ASSESSED])
    rank = np.maximum(uncovered, highest(pairs.subject, verdicts.rank, n))
    tie = np.zeros(n, dtype=bool)
    tied = np.flatnonzero(verdicts.tie)
    deciding = verdicts.rank[tied] == rank[pairs.subject[tied]]
    tie[pairs.subject[tied[deciding]]] = True
    return Conformity(
        rank=rank,
        tie=tie,
        zone_count=np.bincount(pairs.subject, minlength=n),
        pairs=pairs,
        verdicts=verdicts,
        codes=zone_codes(plan),
    )
