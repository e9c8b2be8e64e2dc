"""The totals that a question may be asked of, each one number of a study."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from gisapp.analysis.totals import AFFECTED, IMPACTS_AFFECTED, main_totals
from gisapp.core.policy import RESTRICTIVE_CLASSES

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from gisapp.analysis.study import Study


def _families(study: Study) -> float:
    return float(np.isin(study.found.impact.impact, IMPACTS_AFFECTED).sum())


def _families_expected(study: Study) -> float:
    return main_totals(study).families[AFFECTED].mean


def _exposed_businesses(study: Study) -> float:
    return float(study.found.businesses.exposure.exposed.sum())


def _restricted_businesses(study: Study) -> float:
    return float(np.isin(study.found.conformity.classes, RESTRICTIVE_CLASSES).sum())


def _exposed_income(study: Study) -> float:
    return study.found.impact.exposed_income_total


def _newly_poor(study: Study) -> float:
    return float(study.found.impact.poverty.newly_poor.sum())


def _contradictions(study: Study) -> float:
    both = (study.found.businesses, study.found.households)
    return float(sum(about.contradiction.contradictory.sum() for about in both))


TOTALS: Mapping[str, Callable[[Study], float]] = {
    "families": _families,
    "families_expected": _families_expected,
    "exposed_businesses": _exposed_businesses,
    "restricted_businesses": _restricted_businesses,
    "exposed_income": _exposed_income,
    "newly_poor": _newly_poor,
    "contradictions": _contradictions,
}
