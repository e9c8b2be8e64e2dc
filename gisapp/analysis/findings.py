"""The findings of a case, in the order in which one builds on the other."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from gisapp.analysis.contradiction import Contradiction, contradiction
from gisapp.analysis.grounds import (
    Reach,
    eviction_grounds,
    reach_of,
    stacked_grounds,
    support_area_grounds,
    zoning_grounds,
)
from gisapp.analysis.impact import Impact, impact
from gisapp.analysis.partition import Local, LocalAbout, find_in_parts
from gisapp.analysis.register import Provisions, with_register
from gisapp.core.words import _

if TYPE_CHECKING:
    import pandas as pd

    from gisapp.analysis.admin import Membership
    from gisapp.analysis.case import Case
    from gisapp.analysis.conformity import Conformity
    from gisapp.analysis.exposure import Exposure
    from gisapp.analysis.subjects import Subjects
    from gisapp.analysis.uncertainty import Certainty
    from gisapp.core.progress import Progress

STEPS = 4


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
    """Work the findings of `case` out: what place decides, then what ties subjects together."""
    progress.step(0, STEPS, _("Conformity and exposure"))
    return together(case, find_in_parts(case, progress), progress)


def together(case: Case, local: Local, progress: Progress) -> Findings:
    """Find what ties subjects to one another, after what place decides of each alone."""
    progress.step(1, STEPS, _("Impact on families"))
    on_families = _impact(case, local)
    progress.step(2, STEPS, _("Contradictions"))
    grounds, business_reach, household_reach = _grounds(case, local)
    provisions = with_register(grounds, case.register)
    businesses = _about(case.businesses, local.businesses, business_reach, provisions)
    households = _about(case.households, local.households, household_reach, provisions)
    progress.step(3, STEPS, _("Totals"))
    sure = local.conformity_certainty
    return Findings(businesses, households, local.conformity, sure, on_families, provisions)


def _impact(case: Case, local: Local) -> Impact:
    return impact(
        case.households,
        local.households.exposure.exposed,
        case.businesses,
        local.businesses.exposure.exposed,
        case.links,
        case.parameters.poverty_line_idr_month,
    )


def _grounds(case: Case, local: Local) -> tuple[pd.DataFrame, Reach, Reach]:
    """Gather every ground, and whom each reaches: businesses, then households."""
    zoning, by_zoning = zoning_grounds(case.plan, local.conformity)
    kinds = (eviction_grounds(case.evictions), support_area_grounds(case.support_areas))
    grounds, starts = stacked_grounds([zoning, *kinds, case.supports.frame])
    reaches = [
        reach_of(
            [
                (about.exposure.pairs, starts[1]),
                (about.support_areas, starts[2]),
                (received, starts[3]),
            ],
            first,
        )
        for about, received, first in (
            (local.businesses, case.supports.businesses, by_zoning),
            (local.households, case.supports.households, None),
        )
    ]
    return grounds, reaches[0], reaches[1]


def _about(subjects: Subjects, local: LocalAbout, reach: Reach, provisions: Provisions) -> About:
    found = contradiction(subjects, reach, provisions)
    sure = local.exposure_certainty
    return About(subjects, local.exposure, sure, local.member, reach, found)
