"""What each subject may be: the outcome found and the one beyond the nearest boundary."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from gisapp.analysis.conformity import PlanReader
from gisapp.analysis.exposure import stage_ranks
from gisapp.analysis.other_side import other_side
from gisapp.analysis.uncertainty import certainty
from gisapp.core.policy import CONFORMITY_CLASSES, OUTSIDE_PLAN

if TYPE_CHECKING:
    from gisapp.analysis.columns import Floats, Ints
    from gisapp.analysis.findings import About
    from gisapp.analysis.study import Study

_OUTSIDE_PLAN = CONFORMITY_CLASSES.index(OUTSIDE_PLAN)


@dataclass(frozen=True, eq=False)
class Chances:
    """Two outcomes a subject: `found` with probability `p`, else `other`; arrays of shape (n,).

    A subject without a location, or far from every boundary, has p = 1. A third outcome, beyond
    another boundary in reach, is left out: domain and P know one boundary, the nearest.
    """

    found: Ints
    p: Floats
    other: Ints


def class_chances(study: Study) -> Chances:
    """Return the chances of each business's class (its place in `CONFORMITY_CLASSES`)."""
    case, conforms = study.case, study.found.conformity
    sure = study.found.conformity_certainty
    reader = PlanReader(case.plan, case.businesses)
    other = other_side(
        case.businesses, case.plan.areas.polygons, conforms.rank,
        lambda pairs: reader.verdicts(pairs).rank, sure, _OUTSIDE_PLAN,
    )  # fmt: skip
    return Chances(conforms.rank, _or_certain(sure.probability), other)


def stage_chances(study: Study, about: About) -> Chances:
    """Return the chances of each subject's highest stage (its place in `STAGE_ORDER`).

    Their boundary is the nearest at which the stage changes; that of `exposed_chances` only the
    border of all eviction areas together.
    """
    polygons, exposed = study.case.evictions.polygons, about.exposure
    stages = stage_ranks(study.case.evictions)
    sure = certainty(
        about.subjects, polygons, exposed.pairs, exposed.rank, lambda pairs: stages[pairs.area]
    )
    other = other_side(
        about.subjects, polygons, exposed.rank, lambda pairs: stages[pairs.area], sure, 0
    )
    return Chances(exposed.rank, _or_certain(sure.probability), other)


def exposed_chances(about: About) -> Floats:
    """Return the probability, shape (n,), that each subject is exposed; 0 without a location."""
    p = _or_certain(about.exposure_certainty.probability)
    return np.where(about.exposure.exposed, p, 1.0 - p)


def _or_certain(probability: Floats) -> Floats:
    return np.where(np.isnan(probability), 1.0, probability)
