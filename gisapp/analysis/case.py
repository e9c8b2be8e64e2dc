"""What an assessment reads from a project: subjects, policy on the date, relations."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from gisapp.analysis.admin import AdminAreas, admin_areas
from gisapp.analysis.areas import Areas, evictions_in_force, support_areas_in_force
from gisapp.analysis.exposure import STAGE_ORDER, UNKNOWN_STAGE, stage_ranks
from gisapp.analysis.grounds import Supports, supports_in_force
from gisapp.analysis.impact import Operated, operated
from gisapp.analysis.plan import Plan, plan_in_use
from gisapp.analysis.register import register_in_force
from gisapp.analysis.subjects import Subjects, gather
from gisapp.core.dates import checked_date
from gisapp.core.errors import GisappError
from gisapp.core.words import _, ngettext

if TYPE_CHECKING:
    import pandas as pd

    from gisapp.core.project import Parameters, Project


@dataclass(frozen=True, eq=False)
class Case:
    """The inputs of an assessment on the date in `parameters`."""

    parameters: Parameters
    businesses: Subjects
    households: Subjects
    links: Operated
    plan: Plan
    evictions: Areas
    support_areas: Areas
    supports: Supports
    register: pd.DataFrame
    admin: AdminAreas

    @property
    def as_of(self) -> str:
        """The as-of date."""
        return self.parameters.as_of

    @property
    def undated(self) -> dict[str, list[str]]:
        """Ids, by kind, of policy that is left out because it does not say since when it holds."""
        return {
            "zoning": list(self.plan.areas.undated),
            "evictions": list(self.evictions.undated),
            "support_areas": list(self.support_areas.undated),
            "supports": list(self.supports.undated),
        }

    @property
    def warnings(self) -> tuple[str, ...]:
        """Sentences about what the reader of the totals should know."""
        return (
            *self.businesses.warnings,
            *self.households.warnings,
            *self.links.warnings,
            *self.plan.warnings,
            *_undated_warnings(self.undated),
            *_unknown_stage_warnings(self.evictions),
        )


def read_case(project: Project, as_of: str) -> Case:
    """Read what is assessed; `as_of` empty means the project's date, else today.

    Raises
    ------
    GisappError
        Where there is nobody to assess, or a parameter, rule or provision cannot be understood.
    """
    if not project.of_kind("businesses") and not project.of_kind("households"):
        raise GisappError(
            _("The project has neither businesses nor households to assess."),
            _("Import a layer of the kind businesses or households first."),
        )
    today = datetime.now(UTC).astimezone().date().isoformat()
    as_of = checked_date(as_of or project.parameters.as_of or today)
    plan = plan_in_use(project, project.parameters, as_of)
    businesses, households = gather(project, "businesses"), gather(project, "households")
    links = operated(project, households, businesses)
    return Case(
        parameters=replace(project.parameters, as_of=as_of, plan=plan.name),
        businesses=businesses,
        households=households,
        links=links,
        plan=plan,
        evictions=evictions_in_force(project, as_of),
        support_areas=support_areas_in_force(project, as_of),
        supports=supports_in_force(project, as_of, households, businesses, links),
        register=register_in_force(project, as_of),
        admin=admin_areas(project),
    )


def _undated_warnings(undated: dict[str, list[str]]) -> tuple[str, ...]:
    n = sum(map(len, undated.values()))
    if not n:
        return ()
    sentence = ngettext(
        "{n} policy area or support does not say since when it holds and is left out.",
        "{n} policy areas or supports do not say since when they hold and are left out.",
        n,
    )
    return (sentence.format(n=n),)


def _unknown_stage_warnings(evictions: Areas) -> tuple[str, ...]:
    n = int((stage_ranks(evictions) == STAGE_ORDER.index(UNKNOWN_STAGE)).sum())
    if not n:
        return ()
    sentence = ngettext(
        "{n} eviction area in force has no known stage; it counts with the mildest stance.",
        "{n} eviction areas in force have no known stage; they count with the mildest stance.",
        n,
    )
    return (sentence.format(n=n),)
