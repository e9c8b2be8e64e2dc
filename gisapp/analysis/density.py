"""How much there is of something, always by a denominator and with its interval."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, get_args

import numpy as np

from gisapp.analysis.counting_units import NO_UNIT
from gisapp.core.errors import GisappError
from gisapp.core.policy import COVERED_CLASSES, NOT_ASSESSED
from gisapp.core.words import _

if TYPE_CHECKING:
    import pandas as pd

    from gisapp.analysis.columns import Bools, Floats, Ints
    from gisapp.analysis.counting_units import CountingUnits
    from gisapp.analysis.findings import About
    from gisapp.analysis.study import Study
    from gisapp.analysis.subjects import Subjects

Measure = Literal["businesses", "families", "conflicts", "prohibited", "affected", "contradictory"]
Denominator = Literal["km2", "inhabitants", "families", "assessed"]
MEASURES: tuple[str, ...] = get_args(Measure)
DENOMINATORS: tuple[str, ...] = get_args(Denominator)
# A density is given per so many of its denominator.
PER = {"km2": 1.0, "inhabitants": 1_000.0, "families": 1_000.0, "assessed": 100.0}
# Below this many, one case more or less changes a density by a tenth and more.
STABLE_N = 10
CONFIDENCE = 0.95


@dataclass(frozen=True, eq=False)
class Counted:
    """What was counted of a measure in u units.

    Parameters
    ----------
    count : ndarray of int, shape (u,)
    assessed : ndarray of int, shape (u,), or None
        Among how many it was looked for; None where a share says nothing.
    outside, no_location : int
        Those that lie in no unit, or nowhere: with `count` they add up to `total`.
    total : int
    """

    count: Ints
    assessed: Ints | None
    outside: int
    no_location: int
    total: int


@dataclass(frozen=True, eq=False)
class Density:
    """Arrays of shape (u,); NaN where not known or not defined.

    Parameters
    ----------
    denominator : ndarray of float
        In its own unit: km², inhabitants, families, subjects.
    value, low, high : ndarray of float
        Per `PER` of the denominator, with its 95 % interval.
    unstable : ndarray of bool
        Fewer than `STABLE_N`: cases, for a share those assessed.
    """

    denominator: Floats
    value: Floats
    low: Floats
    high: Floats
    unstable: Bools

    @property
    def known(self) -> Bools:
        """Which units have a density."""
        return np.isfinite(self.value)


def counted(study: Study, units: CountingUnits, measure: Measure) -> Counted:
    """Count in each unit the subjects that `measure` is about."""
    parts = [
        (subjects, units.unit_of(subjects), among, found)
        for subjects, among, found in _looked_at(study, measure)
    ]
    n = len(units)
    count = sum(_per_unit(unit[found], n) for _s, unit, _a, found in parts)
    assessed = sum(_per_unit(unit[among], n) for _s, unit, among, _f in parts)
    nowhere = sum(int((found & ~s.located).sum()) for s, _u, _a, found in parts)
    total = sum(int(found.sum()) for _s, _u, _a, found in parts)
    whole = measure in ("businesses", "families")
    return Counted(
        count=np.asarray(count),
        assessed=None if whole else np.asarray(assessed),
        outside=total - nowhere - int(np.sum(count)),
        no_location=nowhere,
        total=total,
    )


def _looked_at(study: Study, measure: Measure) -> list[tuple[Subjects, Bools, Bools]]:
    """Return for each kind of subject who was assessed, and of whom the measure holds."""
    found, businesses, households = study.found, study.found.businesses, study.found.households
    if measure == "businesses":
        return [_all_of(businesses.subjects)]
    if measure == "families":
        return [_all_of(households.subjects)]
    if measure == "prohibited":
        classes = found.conformity.classes
        covered = np.isin(classes, COVERED_CLASSES)
        return [(businesses.subjects, covered, classes == "prohibited")]
    if measure == "affected":
        impact = found.impact.impact
        assessed = impact != NOT_ASSESSED
        return [(households.subjects, assessed, assessed & (impact != "none"))]
    both = (businesses, households)
    if measure == "contradictory":
        return [(x.subjects, _everyone(x.subjects), x.contradiction.contradictory) for x in both]
    grounds = found.provisions.grounds
    return [(x.subjects, _everyone(x.subjects), _in_conflict(x, grounds)) for x in both]


def _in_conflict(about: About, grounds: pd.DataFrame) -> Bools:
    """Mark the subjects, shape (n,), that a ground restricts or that stand under contradiction."""
    conflicting = about.contradiction.contradictory.copy()
    restrictive = (grounds["finding"] != "").to_numpy()[about.reach.ground]
    conflicting[about.reach.subject[restrictive]] = True
    return conflicting


def _all_of(subjects: Subjects) -> tuple[Subjects, Bools, Bools]:
    return subjects, _everyone(subjects), _everyone(subjects)


def _everyone(subjects: Subjects) -> Bools:
    return np.ones(len(subjects), dtype=bool)


def _per_unit(unit: Ints, n: int) -> Ints:
    return np.bincount(unit[unit != NO_UNIT], minlength=n)


def density(counts: Counted, units: CountingUnits, per: Denominator) -> Density:
    """Divide the counts by a denominator.

    A unit whose denominator is not known, or 0, has no density; it is never 0 for that.

    Raises
    ------
    GisappError
        Where a share of those assessed is asked for and the measure has none.
    """
    if per == "assessed":
        return _share(counts)
    denominator = {
        "km2": units.area_km2,
        "inhabitants": units.population,
        "families": units.families,
    }[per]
    divisor = np.where(denominator > 0, denominator, np.nan) / PER[per]
    low, high = poisson_interval(counts.count)
    return Density(
        denominator,
        counts.count / divisor,
        low / divisor,
        high / divisor,
        counts.count < STABLE_N,
    )


def _share(counts: Counted) -> Density:
    if counts.assessed is None:
        raise GisappError(
            _("All of them are counted, so there is no share of those assessed."),
            _("Choose another denominator: km2, inhabitants or families."),
        )
    n = counts.assessed.astype(np.float64)
    divisor = np.where(n > 0, n, np.nan) / PER["assessed"]
    low, high = wilson_interval(counts.count, counts.assessed)
    scale = PER["assessed"]
    return Density(n, counts.count / divisor, low * scale, high * scale, n < STABLE_N)


def poisson_interval(count: Ints, confidence: float = CONFIDENCE) -> tuple[Floats, Floats]:
    """Return the exact interval of a Poisson mean, shape (k,) each.

    Garwood, Biometrika 28 (1936): χ²-quantiles with 2x and 2x + 2 degrees of freedom, halved.
    """
    from scipy.stats import chi2

    tail = (1.0 - confidence) / 2.0
    low = np.where(count > 0, chi2.ppf(tail, 2 * np.maximum(count, 1)) / 2.0, 0.0)
    return low, chi2.isf(tail, 2 * count + 2) / 2.0


def wilson_interval(count: Ints, n: Ints, confidence: float = CONFIDENCE) -> tuple[Floats, Floats]:
    """Return the score interval of a proportion `count` / `n`, shape (k,) each; NaN for n = 0.

    Wilson, Journal of the American Statistical Association 22 (1927).
    """
    from scipy.stats import norm

    z2 = float(norm.isf((1.0 - confidence) / 2.0)) ** 2
    trials = np.where(n > 0, n, np.nan)
    share = count / trials
    middle = share + z2 / (2 * trials)
    half = np.sqrt(z2 * (share * (1 - share) / trials + z2 / (4 * trials**2)))
    low, high = (middle - half) / (1 + z2 / trials), (middle + half) / (1 + z2 / trials)
    return np.clip(low, 0.0, 1.0), np.clip(high, 0.0, 1.0)
