"""Totals as intervals: what the precision of the locations leaves open of every count.

A subject's finding holds with probability P (`uncertainty`); with 1 − P it is what lies beyond the
nearest boundary at which it changes (`other_side`). So the total of a class is a sum of
independent two-valued numbers, a Poisson-binomial one, and is told as an interval. What was found
counts each subject where it most likely is, which need not be the expected total.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from gisapp.analysis.chances import class_chances, exposed_chances, stage_chances
from gisapp.analysis.columns import numbers
from gisapp.analysis.distributions import LEVELS, Total, total_amount, total_count, total_of
from gisapp.analysis.exposure import STAGE_ORDER, UNKNOWN_STAGE
from gisapp.analysis.family_chances import FamilyChances, family_chances
from gisapp.analysis.summary import NONE
from gisapp.core.policy import CONFORMITY_CLASSES, NOT_ASSESSED, RESTRICTIVE_CLASSES, STAGES
from gisapp.core.words import _

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from gisapp.analysis.admin import Membership
    from gisapp.analysis.chances import Chances
    from gisapp.analysis.columns import Bools
    from gisapp.analysis.findings import About
    from gisapp.analysis.impact import Impact
    from gisapp.analysis.study import Study

AFFECTED = "affected"
_RESTRICTIVE = [CONFORMITY_CLASSES.index(word) for word in RESTRICTIVE_CLASSES]
IMPACTS_AFFECTED = ("direct", "livelihood", "both")

Row = dict[str, Total]


@dataclass(frozen=True)
class AreaTotals:
    """The totals of one admin area, or of those outside of all (code ``outside``).

    `businesses` by class, `restricted` of them by the plan; `households` by impact.
    """

    code: str
    name: str
    businesses: Row
    restricted: Total
    households: Row


@dataclass(frozen=True)
class MainTotals:
    """What evictions mean, as intervals: exposed subjects, families by impact, exposed income.

    `families` has a total for each impact and for ``affected``; `income` is in Rp a month.
    """

    businesses: Total
    households: Total
    families: Row
    income: Total


@dataclass(frozen=True)
class Totals:
    """Totals of an assessment as intervals; a row has a total for each word.

    `classes` of businesses, `restricted` those in a restrictive one; `businesses` and `households`
    by highest stage; `areas` by admin area. `loose_families` are counted as if they shared no
    uncertain business, because they share too many.
    """

    main: MainTotals
    classes: Row
    restricted: Total
    businesses: Row
    households: Row
    areas: tuple[AreaTotals, ...]
    loose_families: int

    @property
    def found_apart(self) -> tuple[str, ...]:
        """The classes and impacts whose found total lies outside its widest interval."""
        rows = {**self.classes, **self.main.families}
        return tuple(word for word, total in rows.items() if not total.holds_found())


def main_totals(study: Study) -> MainTotals:
    """Work out the intervals that need nothing but what a study has found."""
    everyone = np.ones(len(study.case.households), dtype=bool)
    return MainTotals(
        businesses=_exposed(study.found.businesses),
        households=_exposed(study.found.households),
        families=_families(family_chances(study), study.found.impact, everyone),
        income=_income(study),
    )


def totals(study: Study) -> Totals:
    """Work the intervals of a study's totals out."""
    found, main = study.found, main_totals(study)
    by_class, families = class_chances(study), family_chances(study)
    everyone = np.ones(len(study.case.businesses), dtype=bool)
    return Totals(
        main=main,
        classes=_counted(by_class, everyone, CONFORMITY_CLASSES),
        restricted=_restricted(by_class, everyone),
        businesses=_stages(study, found.businesses),
        households=_stages(study, found.households),
        areas=_areas(study, by_class, families),
        loose_families=families.loose,
    )


def _counted(chances: Chances, keep: Bools, words: Sequence[str]) -> Row:
    """Count the subjects that `keep` marks by word; a word's place is its rank."""
    found, other, p = chances.found[keep], chances.other[keep], chances.p[keep]
    row = {}
    for rank, word in enumerate(words):
        stays, comes = found == rank, (other == rank) & (found != rank)
        # Where both sides are alike, P is not of this class.
        sure = np.where(other == found, 1.0, p)
        row[word] = total_count(np.concatenate([sure[stays], 1.0 - p[comes]]), float(stays.sum()))
    return row


def _restricted(chances: Chances, keep: Bools) -> Total:
    """Count the businesses that the plan restricts, whichever way."""
    found, other = (np.isin(x[keep], _RESTRICTIVE) for x in (chances.found, chances.other))
    p = chances.p[keep]
    chance = np.where(found & other, 1.0, np.where(found, p, np.where(other, 1.0 - p, 0.0)))
    return total_count(chance, float(found.sum()))


def _exposed(about: About) -> Total:
    return total_count(exposed_chances(about), float(about.exposure.exposed.sum()))


def _stages(study: Study, about: About) -> Row:
    """Count subjects by stage, in the words of the summary."""
    located = about.subjects.located
    row = _counted(stage_chances(study, about), located, STAGE_ORDER)
    unknown = (UNKNOWN_STAGE,) if row[UNKNOWN_STAGE].intervals[-1][1] else ()
    return {
        **{stage: row[stage] for stage in (*unknown, *STAGES)},
        NONE: row[""],
        NOT_ASSESSED: _certain(float((~located).sum())),
    }


def _families(chances: FamilyChances, impact: Impact, keep: Bools) -> Row:
    words = impact.impact
    affected = np.isin(words, IMPACTS_AFFECTED)
    found = {AFFECTED: affected, **{word: words == word for word in (*IMPACTS_AFFECTED, NONE)}}
    row = {
        word: total_of(
            chances.pmf(word, keep),
            float((marked & keep).sum()),
            float(np.sort(chances.p(word)[keep]).sum()),
        )
        for word, marked in found.items()
    }
    return {**row, NOT_ASSESSED: _certain(float(((words == NOT_ASSESSED) & keep).sum()))}


def _income(study: Study) -> Total:
    """Return the exposed income: each business's known part, where the business is exposed."""
    case, found = study.case, study.found
    links = case.links
    amount = numbers(case.businesses.frame, "net_income_idr_month")[links.business] * links.share
    known = np.isfinite(amount)
    order = np.lexsort((amount[known], links.business[known]))
    of_business = np.zeros(len(case.businesses))
    np.add.at(of_business, links.business[known][order], amount[known][order])
    p = exposed_chances(found.businesses)
    return total_amount(of_business, p, found.impact.exposed_income_total)


def _areas(study: Study, by_class: Chances, families: FamilyChances) -> tuple[AreaTotals, ...]:
    """Count area by area; nobody is moved over an admin border."""
    admin, found = study.case.admin, study.found
    named = [*zip(admin.codes, admin.names, strict=True), ("outside", _("outside admin areas"))]
    areas = []
    for place, (code, name) in enumerate(named):
        businesses = _members(found.businesses.member, place, len(admin.codes))
        homes = _members(found.households.member, place, len(admin.codes))
        areas.append(
            AreaTotals(
                code,
                name,
                _counted(by_class, businesses, CONFORMITY_CLASSES),
                _restricted(by_class, businesses),
                _families(families, found.impact, homes),
            )
        )
    return tuple(areas)


def _members(member: Membership, place: int, n_areas: int) -> Bools:
    """Mark the members of an area; of the place after the last those with no area."""
    members: Bools = (member.place < 0) if place == n_areas else (member.place == place)
    return members


def _certain(n: float) -> Total:
    return Total(n, n, ((n, n),) * len(LEVELS))


def main_summary(found: MainTotals) -> dict[str, Any]:
    """Return the totals as the key ``intervals`` of ``gisapp assess --json``."""
    return {
        "exposed": {
            "businesses": _told(found.businesses),
            "households": _told(found.households),
        },
        "families": _row(found.families),
        "exposed_income_idr_month": _told(found.income),
    }


def intervals_summary(found: Totals) -> dict[str, Any]:
    """Return the totals as ``gisapp uncertainty --json`` tells them."""
    return {
        **main_summary(found.main),
        "conformity": {
            "businesses": {**_row(found.classes), "restricted": _told(found.restricted)}
        },
        "exposure": {"businesses": _row(found.businesses), "households": _row(found.households)},
        "by_admin": [
            {
                "code": area.code,
                "name": area.name,
                "businesses": {**_row(area.businesses), "restricted": _told(area.restricted)},
                "households": _row(area.households),
            }
            for area in found.areas
        ],
        "found_apart": list(found.found_apart),
    }


def _row(row: Mapping[str, Total]) -> dict[str, Any]:
    return {word: _told(total) for word, total in row.items()}


def _told(total: Total) -> dict[str, Any]:
    intervals = {
        f"{level:.0%}": [_plain(end) for end in interval]
        for level, interval in zip(LEVELS, total.intervals, strict=True)
    }
    return {"found": _plain(total.found), "mean": round(total.mean, 4), **intervals}


def _plain(value: float) -> float:
    """Return a count as an integer, an amount to the hundredth."""
    return int(value) if value.is_integer() else round(value, 2)
