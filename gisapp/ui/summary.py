"""What the last assessment found, in sentences and key figures. No Qt."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from gisapp.core.asked import conditions_text
from gisapp.core.policy import RESTRICTIVE_CLASSES
from gisapp.core.words import _, day, ngettext, number

if TYPE_CHECKING:
    from collections.abc import Mapping

    from gisapp.core.project import Project, Run

AFFECTED_IMPACTS = ("direct", "livelihood", "both")
MILLION = 1e6


@dataclass(frozen=True)
class Figure:
    """One key figure: what it counts, the number in words, and what belongs beside it."""

    label: str
    value: str
    note: str = ""


@dataclass(frozen=True)
class AreaRow:
    """One admin area's share: its name and the numbers of conflicting and affected subjects."""

    name: str
    businesses: int
    restricted: int
    households: int
    affected: int


def last_run(project: Project) -> Run | None:
    """Return the last assessment; None before the first."""
    return project.runs[-1] if project.runs else None


def is_stale(project: Project) -> bool:
    """Whether the project was changed since its last assessment in what that depends on."""
    run = last_run(project)
    if run is None:
        return False
    was, now = run.parameters, project.parameters
    if (was.as_of, was.known_on, was.at) != (now.as_of, now.known_on, now.at):
        return True
    reports = [layer.report for layer in project.layers]
    reports += [table.report for table in project.tables.values()]
    changes = (x.rows_changed_at or x.imported_at for x in reports if x is not None)
    return any(at > run.at for at in changes)


def sentence(project: Project) -> str:
    """Say in one sentence what the map shows."""
    run = last_run(project)
    if run is None:
        if not project.layers:
            return _("This project holds no layers yet.")
        n = len(project.layers)
        return ngettext(
            "{n} layer, not assessed yet: choose the as-of date and press Assess.",
            "{n} layers, not assessed yet: choose the as-of date and press Assess.",
            n,
        ).format(n=number(n))
    found = run.summary
    told = _(
        "On {day}, {conflicts} conflicts between policy and livelihood: {businesses} businesses "
        "in zones that restrict them, {families} families affected by evictions."
    ).format(
        day=day(found["as_of"]),
        conflicts=number(found["conflicts"]),
        businesses=number(_restricted(found["conformity"]["businesses"])),
        families=number(_affected(found["families"])),
    )
    return " ".join((told, *conditions_text(run.parameters.known_on, run.parameters.at)))


def figures(found: Mapping[str, Any]) -> tuple[Figure, ...]:
    """Return the key figures of an assessment's summary, families first.

    Parameters
    ----------
    found : mapping
        The object that ``gisapp assess --json`` prints.
    """
    return (
        _families_figure(found["families"]),
        _businesses_figure(found["conformity"]["businesses"]),
        _eviction_figure(found["exposure"]["businesses"]),
        Figure(
            _("Contradictions"),
            number(sum(found["contradictions"].values())),
            _(
                "{businesses} businesses and {households} families promoted and repressed at once"
            ).format(**{kind: number(n) for kind, n in found["contradictions"].items()}),
        ),
        _income_figure(found),
        Figure(
            _("Newly poor"),
            number(found["newly_poor"]),
            _("families that would fall below the poverty line without this income"),
        ),
    )


def area_rows(found: Mapping[str, Any]) -> tuple[AreaRow, ...]:
    """Return the figures of each admin area, and of what lies outside them or has no place."""
    names = {"outside": _("Outside admin areas"), "no_location": _("No location")}
    return tuple(
        AreaRow(
            names.get(row["code"], row["name"]),
            row["businesses"]["total"],
            _restricted(row["businesses"]),
            row["households"]["total"],
            _affected(row["households"]),
        )
        for row in found["by_admin"]
    )


def _restricted(classes: Mapping[str, int]) -> int:
    return sum(classes.get(name, 0) for name in RESTRICTIVE_CLASSES)


def _affected(impacts: Mapping[str, int]) -> int:
    return sum(impacts.get(name, 0) for name in AFFECTED_IMPACTS)


def _families_figure(families: Mapping[str, int]) -> Figure:
    note = _("of {total}: home {direct}, livelihood {livelihood}, both {both}")
    return Figure(
        _("Families affected"),
        number(_affected(families)),
        note.format(**{name: number(n) for name, n in families.items()}),
    )


def _businesses_figure(classes: Mapping[str, int]) -> Figure:
    note = _("of {total}: prohibited {prohibited}, conditional {conditional}, limited {limited}")
    return Figure(
        _("Businesses in restrictive zones"),
        number(_restricted(classes)),
        note.format(**{name: number(n) for name, n in classes.items()}),
    )


def _eviction_figure(stages: Mapping[str, int]) -> Figure:
    free = ("none", "not_assessed", "total")
    exposed = sum(n for stage, n in stages.items() if stage not in free)
    note = _("of {total} inside an eviction area in force").format(total=number(stages["total"]))
    return Figure(_("Businesses exposed to eviction"), number(exposed), note)


def _income_figure(found: Mapping[str, Any]) -> Figure:
    n = found["income_unknown"]
    note = ngettext(
        "a month; of {n} family it is not known",
        "a month; of {n} families it is not known",
        n,
    ).format(n=number(n))
    amount = _("Rp {amount} million").format(
        amount=number(found["exposed_income_idr_month"] / MILLION, 1)
    )
    return Figure(_("Exposed income"), amount, note)
