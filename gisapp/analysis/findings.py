"""The findings of a case, in the order in which one builds on the other."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from gisapp.analysis.admin import Membership, membership
from gisapp.analysis.conformity import Conformity, PlanReader, conformity
from gisapp.analysis.contradiction import Contradiction, contradiction
from gisapp.analysis.exposure import Exposure, exposure
from gisapp.analysis.grounds import (
    Reach,
    eviction_grounds,
    reach_of,
    stacked_grounds,
    support_area_grounds,
    zoning_grounds,
)
from gisapp.analysis.impact import Impact, impact
from gisapp.analysis.register import Provisions, with_register
from gisapp.analysis.uncertainty import Certainty, certainty
from gisapp.core.words import _

if TYPE_CHECKING:
    import pandas as pd

    from gisapp.analysis.case import Case
    from gisapp.analysis.subjects import Subjects
    from gisapp.core.progress import Progress

STEPS = 5


@dataclass(frozen=True, eq=False)
class About:
    """What is found alike for businesses and for households."""

    subjects: Subjects
    exposure: Exposure
    exposure_certainty: Certainty
    member: Membership
    reach: Reach
    contradiction: Contradiction


@dataclass(frozen=True, eq=False)
class Findings:
    """All findings of a case; `About.reach` points into the grounds of `provisions`."""

    businesses: About
    households: About
    conformity: Conformity
    conformity_certainty: Certainty
    impact: Impact
    provisions: Provisions


def find(case: Case, progress: Progress) -> Findings:
    """Work the findings of `case` out."""
    progress.step(0, STEPS, _("Conformity with the plan"))
    reader = PlanReader(case.plan, case.businesses)
    conforms = conformity(case.businesses, case.plan, reader)
    class_certainty = certainty(
        case.businesses,
        case.plan.areas.polygons,
        conforms.pairs,
        conforms.rank,
        lambda pairs: reader.verdicts(pairs).rank,
    )
    progress.step(1, STEPS, _("Exposure to evictions"))
    exposed = exposure(case.businesses, case.evictions)
    homes = exposure(case.households, case.evictions)
    progress.step(2, STEPS, _("Impact on families"))
    on_families = _impact(case, homes, exposed)
    progress.step(3, STEPS, _("Contradictions"))
    grounds, business_reach, household_reach = _grounds(case, conforms, exposed, homes)
    provisions = with_register(grounds, case.register)
    businesses = _about(case, case.businesses, exposed, business_reach, provisions)
    households = _about(case, case.households, homes, household_reach, provisions)
    progress.step(4, STEPS, _("Totals"))
    return Findings(businesses, households, conforms, class_certainty, on_families, provisions)


def _impact(case: Case, homes: Exposure, exposed: Exposure) -> Impact:
    return impact(
        case.households,
        homes.exposed,
        case.businesses,
        exposed.exposed,
        case.links,
        case.parameters.poverty_line_idr_month,
    )


def _grounds(
    case: Case, conforms: Conformity, exposed: Exposure, homes: Exposure
) -> tuple[pd.DataFrame, Reach, Reach]:
    """Gather every ground, and whom each reaches: businesses, then households."""
    zoning, by_zoning = zoning_grounds(case.plan, conforms)
    kinds = (eviction_grounds(case.evictions), support_area_grounds(case.support_areas))
    grounds, starts = stacked_grounds([zoning, *kinds, case.supports.frame])
    polygons = case.support_areas.polygons
    covers, home_covers = (s.covered_by(polygons) for s in (case.businesses, case.households))
    received, home_received = case.supports.businesses, case.supports.households
    business_parts = zip((exposed.pairs, covers, received), starts[1:], strict=True)
    household_parts = zip((homes.pairs, home_covers, home_received), starts[1:], strict=True)
    return grounds, reach_of(list(business_parts), by_zoning), reach_of(list(household_parts))


def _about(
    case: Case, subjects: Subjects, exposed: Exposure, reach: Reach, provisions: Provisions
) -> About:
    in_an_area = exposed.exposed.astype(np.int64)
    sure = certainty(
        subjects,
        case.evictions.polygons,
        exposed.pairs,
        in_an_area,
        lambda pairs: np.ones(len(pairs.area), dtype=np.int64),
    )
    member = membership(subjects, case.admin)
    found = contradiction(subjects, reach, provisions)
    return About(subjects, exposed, sure, member, reach, found)
