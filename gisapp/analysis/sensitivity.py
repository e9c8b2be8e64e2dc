"""How far one setting at a time moves a total: from the base, there and back."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from typing import TYPE_CHECKING, Any, Literal

import numpy as np
import shapely

from gisapp.analysis.case import date_asked
from gisapp.analysis.columns import numbers, text
from gisapp.analysis.single_totals import TOTALS
from gisapp.analysis.study import study
from gisapp.core.errors import GisappError
from gisapp.core.policy import PRECISION_TO_SIGMA
from gisapp.core.progress import SILENT, Progress
from gisapp.core.words import _

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    import geopandas as gpd

    from gisapp.analysis.study import Study
    from gisapp.core.layer import Layer
    from gisapp.core.project import Project

Unlisted = Literal["no_rule", "prohibited"]
_DAYS = 90
_BUFFERS_M = (-10.0, 10.0, 25.0)
_SIGMAS_M = (5.0, 10.0, 20.0)
_LINE_CHANGE = 0.1
# What is changed, in the order in which it is told where it moves the total alike.
PARAMETERS = (
    "as_of", "policy_change", "plan", "unlisted", "eviction_outline", "poverty_line",
    "unknown_sigma",
)  # fmt: skip
_SUBJECTS = ("businesses", "households")
_DATED_LAYERS = ("zoning", "evictions", "support_areas")
_DATED_TABLES = ("supports", "provisions")


@dataclass(frozen=True)
class Setting:
    """One value of one of `PARAMETERS`: the project as it would be, asked about on `as_of`."""

    parameter: str
    value: str
    project: Project
    as_of: str


@dataclass(frozen=True)
class Outcome:
    """What a total is at a setting; the base has none (``""``)."""

    setting: str
    total: float


@dataclass(frozen=True)
class Sway:
    """What one parameter does to the total: at each setting, and over all of them and the base."""

    parameter: str
    outcomes: tuple[Outcome, ...]
    low: Outcome
    high: Outcome

    @property
    def span(self) -> float:
        """How far the total moves."""
        return self.high.total - self.low.total


@dataclass(frozen=True)
class Sensitivity:
    """A total at the base and what each parameter does to it, the widest span first."""

    total: str
    as_of: str
    base: float
    sways: tuple[Sway, ...]


def sensitivity(
    project: Project, total: str = "families", as_of: str = "", progress: Progress = SILENT
) -> Sensitivity:
    """Change one setting at a time and tell what becomes of a total.

    The settings: the day before the last and the day of the next change of policy, and 90 days
    earlier and later; what is not listed, as no rule or prohibited; the poverty line 10 % lower
    and higher; eviction areas 10 m narrower, 10 m and 25 m wider; where the precision of a
    location is not known, σ of 5, 10 and 20 m (which moves expected totals only: what is found
    does not depend on it); each zoning plan.

    Parameters
    ----------
    project : Project
    total : str
        One of `single_totals.TOTALS`.
    as_of : str
        ISO date; empty: the project's, else today.
    progress : Progress
        Told of each setting; may raise `Cancelled`.

    Raises
    ------
    GisappError
        Where there is no such total, or the project cannot be assessed.
    """
    asked_total = _known_total(total)
    as_of = date_asked(project, as_of)
    as_it_is = study(project, as_of)
    base = asked_total(as_it_is)
    asked = list(_settings(project, as_of, as_it_is.case.plan.name))
    outcomes: dict[str, list[Outcome]] = {}
    for done, setting in enumerate(asked):
        progress.step(done, len(asked), _("Settings"))
        found = asked_total(study(setting.project, setting.as_of))
        outcomes.setdefault(setting.parameter, []).append(Outcome(setting.value, found))
    progress.step(len(asked), len(asked), _("Settings"))
    sways = [_sway(parameter, found, base) for parameter, found in outcomes.items()]
    by_span = sorted(sways, key=lambda s: (-s.span, PARAMETERS.index(s.parameter)))
    return Sensitivity(total, as_of, base, tuple(by_span))


def _known_total(total: str) -> Callable[[Study], float]:
    if total not in TOTALS:
        raise GisappError(
            _("There is no total “{total}”.").format(total=total),
            _("Choose one of: {totals}.").format(totals=", ".join(TOTALS)),
        )
    return TOTALS[total]


def _sway(parameter: str, outcomes: list[Outcome], base: float) -> Sway:
    with_base = [Outcome("", base), *outcomes]
    low = min(with_base, key=lambda outcome: outcome.total)
    high = max(with_base, key=lambda outcome: outcome.total)
    return Sway(parameter, tuple(outcomes), low, high)


def _settings(project: Project, as_of: str, plan: str) -> Iterator[Setting]:
    """List the settings; those that are the base itself, as the `plan` in use, are left out."""
    parameters = project.parameters
    for iso_date in _around(_policy_changes(project), as_of):
        yield Setting("policy_change", iso_date, project, iso_date)
    for days in (-_DAYS, _DAYS):
        yield Setting("as_of", f"{days:+}", project, _shifted(as_of, days))
    other: Unlisted = "prohibited" if parameters.unlisted == "no_rule" else "no_rule"
    yield Setting("unlisted", other, _with(project, unlisted=other), as_of)
    for factor in (1 - _LINE_CHANGE, 1 + _LINE_CHANGE):
        line = parameters.poverty_line_idr_month * factor
        moved = _with(project, poverty_line_idr_month=line)
        yield Setting("poverty_line", f"{line:.0f}", moved, as_of)
    for buffer_m in _BUFFERS_M:
        yield Setting("eviction_outline", f"{buffer_m:+g}", _buffered(project, buffer_m), as_of)
    for sigma_m in _SIGMAS_M:
        yield Setting("unknown_sigma", f"{sigma_m:g}", _with_sigma(project, sigma_m), as_of)
    for name in sorted({layer.plan or layer.name for layer in project.of_kind("zoning")}):
        if name != plan:
            yield Setting("plan", name, _with(project, plan=name), as_of)


def _with(project: Project, **values: Any) -> Project:
    return replace(project, parameters=replace(project.parameters, **values))


def _around(changes: list[str], as_of: str) -> list[str]:
    """Return the day before the last change and the day of the next one, where there are such."""
    before = [x for x in changes if x <= as_of]
    after = [x for x in changes if x > as_of]
    return [*(_shifted(x, -1) for x in before[-1:]), *after[:1]]


def _policy_changes(project: Project) -> list[str]:
    """Return the days, sorted, on which some policy begins or ends to hold."""
    frames = [layer.frame for kind in _DATED_LAYERS for layer in project.of_kind(kind)]
    frames += [t.frame for t in project.tables.values() if t.kind in _DATED_TABLES]
    found = {x for frame in frames for c in ("valid_from", "valid_to") for x in set(text(frame, c))}
    return sorted(x for x in found if _is_day(x))


def _is_day(value: str) -> bool:
    try:
        date.fromisoformat(value)
    except ValueError:
        return False
    return True


def _shifted(iso_date: str, days: int) -> str:
    """Return the date so many days later; the calendar's first or last day beyond its ends."""
    ordinal = date.fromisoformat(iso_date).toordinal() + days
    within = min(max(ordinal, date.min.toordinal()), date.max.toordinal())
    return date.fromordinal(within).isoformat()


def _buffered(project: Project, buffer_m: float) -> Project:
    """Make each eviction area wider or narrower; one that vanishes exposes nobody."""
    for layer in project.of_kind("evictions"):
        polygons = np.asarray(layer.frame.geometry.array, dtype=object)
        project = project.with_layer(_redrawn(layer, shapely.buffer(polygons, buffer_m)))
    return project


def _redrawn(layer: Layer, polygons: np.ndarray) -> Layer:
    polygons[shapely.is_empty(polygons)] = None
    frame: gpd.GeoDataFrame = layer.frame.set_geometry(polygons, crs=layer.frame.crs)
    return replace(layer, frame=frame)


def _with_sigma(project: Project, sigma_m: float) -> Project:
    """Give locations of unknown precision the one of a σ."""
    for kind in _SUBJECTS:
        for layer in project.of_kind(kind):
            precision_m = numbers(layer.frame, "gps_precision_m")
            known = precision_m > 0
            precise = np.where(known, precision_m, sigma_m * PRECISION_TO_SIGMA)
            project = project.with_layer(
                replace(layer, frame=layer.frame.assign(gps_precision_m=precise))
            )
    return project


def sensitivity_summary(found: Sensitivity) -> dict[str, Any]:
    """Return a sensitivity as ``gisapp sensitivity --json`` tells it."""
    return {
        "as_of": found.as_of,
        "total": found.total,
        "base": found.base,
        "parameters": [
            {
                "parameter": sway.parameter,
                "low": _told(sway.low),
                "high": _told(sway.high),
                "outcomes": [_told(outcome) for outcome in sway.outcomes],
            }
            for sway in found.sways
        ],
    }


def _told(outcome: Outcome) -> dict[str, Any]:
    return {"setting": outcome.setting, "total": outcome.total}
