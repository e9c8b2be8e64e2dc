"""What an assessment reads from a project: subjects, policy on the date, relations."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import partial
from typing import TYPE_CHECKING

from gisapp.analysis.admin import AdminAreas, admin_areas
from gisapp.analysis.areas import Areas, evictions_in_force, support_areas_in_force
from gisapp.analysis.coding import disputed_warnings
from gisapp.analysis.exposure import STAGE_ORDER, UNKNOWN_STAGE, stage_ranks
from gisapp.analysis.grounds import Supports, supports_in_force
from gisapp.analysis.impact import Operated, operated
from gisapp.analysis.intervals import ends_before_it_begins
from gisapp.analysis.plan import Plan, plan_in_use
from gisapp.analysis.presence import Present, present
from gisapp.analysis.readings import Reader
from gisapp.analysis.register import disputed_provisions, register_in_force
from gisapp.analysis.subjects import Subjects, gather
from gisapp.core.dates import checked_date
from gisapp.core.errors import GisappError
from gisapp.core.memory import FrameMemory
from gisapp.core.words import _, ngettext

if TYPE_CHECKING:
    from collections.abc import Mapping

    import pandas as pd

    from gisapp.analysis.readings import Reading
    from gisapp.core.project import Parameters, Project

_SUBJECTS = ("businesses", "households")
_REGISTER = ("provisions", "codings")
_DATED = ("zoning", "evictions", "support_areas")
_DATED_TABLES = ("supports", "provisions")
_BACKWARDS: FrameMemory[int] = FrameMemory()


@dataclass(frozen=True, eq=False)
class Case:
    """The inputs of an assessment on the date in `parameters`.

    `presence` is who and what counts, of the project that was asked about; `until`, where it is
    given, the last day of a period: policy is then what holds on any day of it, and says when.
    """

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
    presence: Present
    readings: Mapping[str, Reading]
    until: str = ""
    disputed: tuple[str, ...] = ()

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
            *self.admin.warnings,
            *_undated_warnings(self.undated),
            *_unknown_stage_warnings(self.evictions),
            *_backwards_warnings(self.presence.project),
            *self.presence.warnings,
            *disputed_warnings(self.disputed),
        )


def date_asked(project: Project, as_of: str) -> str:
    """Return `as_of` as an ISO date; empty, the project's date, else today."""
    today = datetime.now(UTC).astimezone().date().isoformat()
    return checked_date(as_of or project.parameters.as_of or today)


def read_case(project: Project, as_of: str, until: str = "", before: Case | None = None) -> Case:
    """Read what is assessed.

    Parameters
    ----------
    project : Project
    as_of : str
        ISO date; empty: the project's, else today.
    until : str
        ISO date; where given, the policy is that of any day from `as_of` to this one.
    before : Case, optional
        An earlier one; of frames that are still the same, what was read is taken from it.

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
    as_of = date_asked(project, as_of)
    presence = present(project, project.parameters)
    project = presence.project
    asked = replace(project.parameters, as_of=as_of)
    day = (as_of, until)
    reader = Reader(project, before.readings if before else {})
    plan = reader.of(
        ("zoning", "rules"),
        (asked.plan, asked.unlisted, *day),
        lambda: plan_in_use(project, asked, as_of, until),
    )
    businesses, households = (
        reader.of((kind,), (), partial(gather, project, kind)) for kind in _SUBJECTS
    )
    who = (households, businesses)
    links = reader.of(("operates",), who, lambda: operated(project, *who))
    return Case(
        parameters=replace(asked, plan=plan.name),
        businesses=businesses,
        households=households,
        links=links,
        plan=plan,
        evictions=reader.of(("evictions",), day, lambda: evictions_in_force(project, as_of, until)),
        support_areas=reader.of(
            ("support_areas",), day, lambda: support_areas_in_force(project, as_of, until)
        ),
        supports=reader.of(
            ("supports",),
            (*day, *who, links),
            lambda: supports_in_force(project, as_of, *who, links, until),
        ),
        register=reader.of(_REGISTER, day, lambda: register_in_force(project, as_of, until)),
        disputed=disputed_provisions(project),
        admin=reader.of(("admin",), (asked.admin_layer,), lambda: admin_areas(project)),
        presence=presence,
        readings=reader.readings,
        until=until,
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


def _rows_backwards(frame: pd.DataFrame) -> int:
    kept = _BACKWARDS.get(frame)
    if kept is None:
        kept = int(ends_before_it_begins(frame).sum())
        _BACKWARDS.put(frame, kept)
    return kept


def _backwards_warnings(project: Project) -> tuple[str, ...]:
    layers = [layer.frame for kind in _DATED for layer in project.of_kind(kind)]
    tables = [table.frame for table in project.tables.values() if table.kind in _DATED_TABLES]
    n = sum(map(_rows_backwards, (*layers, *tables)))
    if not n:
        return ()
    sentence = ngettext(
        "{n} policy area, support or provision ends before it begins and never holds.",
        "{n} policy areas, supports or provisions end before they begin and never hold.",
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
