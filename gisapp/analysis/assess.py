"""The assessment: read the case, find, and hand the findings over as frames and totals."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import geopandas as gpd
import numpy as np
import pandas as pd

from gisapp.analysis.columns import Bools, Ints, Texts, as_text, dealt
from gisapp.analysis.conflicts import conflict_rows
from gisapp.analysis.contradiction import contradiction_pairs
from gisapp.analysis.exposure import STAGE_ORDER
from gisapp.analysis.findings import STEPS, About, Findings
from gisapp.analysis.fingerprint import input_hashes
from gisapp.analysis.institutions import headline
from gisapp.analysis.listing import Lines, Listed, relisted
from gisapp.analysis.recording import record_of
from gisapp.analysis.remembering import MEMORY
from gisapp.analysis.study import study
from gisapp.analysis.summary import (
    counts,
    counts_by_area,
    exposure_counts,
    income_totals,
    poverty_totals,
)
from gisapp.analysis.totals import main_summary, main_totals
from gisapp.core.assessment import Assessment
from gisapp.core.policy import CONFORMITY_CLASSES, IMPACTS
from gisapp.core.progress import SILENT, Progress
from gisapp.core.words import _, ngettext

if TYPE_CHECKING:
    from gisapp.analysis.case import Case
    from gisapp.core.project import Project


def assess(project: Project, as_of: str = "", progress: Progress = SILENT) -> Assessment:
    """Assess conformity, exposure, impact on families and contradiction on a date.

    Parameters
    ----------
    project : Project
        Layers lie in its metric CRS. What the answer does not read changes nothing in it, nor
        does the order of rows, layers or tables.
    as_of : str
        ISO date; empty: the project's, else today.
    progress : Progress
        Told of each step; may raise `Cancelled`.

    Raises
    ------
    GisappError
        Where there is nobody to assess, or a parameter, rule or provision cannot be understood.
    """
    studied = study(project, as_of, progress)
    case, found = studied.case, studied.found
    frames = _frames(case, found)
    summary = {
        **_summary(case, found, len(frames["conflicts"])),
        "headline": headline(studied),
        "intervals": main_summary(main_totals(studied)),
    }
    answer = Assessment(
        parameters=case.parameters,
        **frames,
        summary=summary,
        inputs=input_hashes(project),
        record=record_of(frames, summary),
    )
    progress.step(STEPS, STEPS, _("Assessed"))
    return answer


def _frames(case: Case, found: Findings) -> dict[str, Any]:
    listed = _listed(case, found)
    return {
        "businesses": _business_frame(case, found),
        "households": _household_frame(case, found),
        "conflicts": _conflicts(case, listed),
        "pairs": _pairs(listed),
    }


def _admin_codes(case: Case, about: About) -> Texts:
    """Return each subject's admin code, ``""`` where it belongs to no area."""
    return np.array([*case.admin.codes, ""], dtype=object)[about.member.place]


def _common_columns(case: Case, about: About) -> dict[str, Any]:
    return {
        "stage": dealt(STAGE_ORDER, about.exposure.rank, empty_is_missing=True),
        "evictions": as_text(about.exposure.areas),
        "contradiction": about.contradiction.score,
        "admin_code": dealt([*case.admin.codes, ""], about.member.place, empty_is_missing=True),
        "admin_how": as_text(about.member.how),
    }


def _frame(about: About, columns: dict[str, Any]) -> gpd.GeoDataFrame:
    subjects = about.subjects
    frame = pd.DataFrame({"id": as_text(subjects.ids), **columns})
    return gpd.GeoDataFrame(frame, geometry=subjects.points, crs=subjects.frame.crs)


def _business_frame(case: Case, found: Findings) -> gpd.GeoDataFrame:
    conforms, sure = found.conformity, found.conformity_certainty
    return _frame(
        found.businesses,
        {
            "class": dealt(CONFORMITY_CLASSES, conforms.rank),
            "uncertain": sure.uncertain,
            "probability": sure.probability,
            "sigma_m": sure.sigma_m,
            "sigma_known": sure.sigma_known,
            "zones": as_text(conforms.zones),
            "zone_count": pd.array(conforms.zone_count, dtype="Int64"),
            "tie": conforms.tie,
            **_common_columns(case, found.businesses),
        },
    )


def _household_frame(case: Case, found: Findings) -> gpd.GeoDataFrame:
    on_families, sure = found.impact, found.households.exposure_certainty
    poverty = on_families.poverty
    newly_poor = pd.array(poverty.newly_poor, dtype="boolean")
    newly_poor[~poverty.assessed] = pd.NA
    return _frame(
        found.households,
        {
            "family_impact": as_text(on_families.impact),
            **_common_columns(case, found.households),
            "uncertain": sure.uncertain,
            "probability": sure.probability,
            "sigma_m": sure.sigma_m,
            "sigma_known": sure.sigma_known,
            "exposed_income_idr_month": on_families.exposed_income,
            "income_unknown": on_families.income_unknown,
            "newly_poor": newly_poor,
        },
    )


def _listed(case: Case, found: Findings) -> dict[str, Listed]:
    """Write the lists of each kind of subject, anew only where those at hand do not hold."""
    of_businesses = found.conformity_certainty.uncertain
    of_families = np.zeros(len(case.households), dtype=bool)
    at_hand = MEMORY.lists_of(found)
    lists = {
        about.subjects.kind: _lists(case, found, about, sure, at_hand.get(about.subjects.kind))
        for about, sure in ((found.businesses, of_businesses), (found.households, of_families))
    }
    rows = {kind: np.arange(len(getattr(found, kind).subjects)) for kind in lists}
    MEMORY.keep_lists(found, {kind: (lists[kind], rows[kind]) for kind in lists})
    return lists


def _lists(
    case: Case,
    found: Findings,
    about: About,
    class_uncertain: Bools,
    at_hand: tuple[Listed, Ints] | None,
) -> Listed:
    codes, provisions = _admin_codes(case, about), found.provisions

    def conflicts(among: Bools) -> Lines:
        return conflict_rows(about, provisions.grounds, class_uncertain, codes, among)

    def pairs(among: Bools) -> Lines:
        return contradiction_pairs(about.subjects, about.contradiction, provisions, among)

    everybody = np.ones(len(about.subjects), dtype=bool)
    if at_hand is None:
        return Listed(conflicts(everybody), pairs(everybody))
    before, row = at_hand
    ids, contradictory = about.subjects.ids, about.contradiction.contradictory
    return Listed(
        relisted(before.conflicts, row, ids, everybody, conflicts),
        relisted(before.pairs, row, ids, contradictory, pairs),
    )


def _conflicts(case: Case, listed: dict[str, Listed]) -> gpd.GeoDataFrame:
    frames = [lists.conflicts.frame for lists in listed.values()]
    conflicts = pd.concat(frames, ignore_index=True)
    as_of = dealt([case.as_of], np.zeros(len(conflicts), np.int64))
    conflicts.insert(conflicts.columns.tolist().index("uncertain"), "as_of", as_of)
    return conflicts


def _pairs(listed: dict[str, Listed]) -> pd.DataFrame:
    return pd.concat([lists.pairs.frame for lists in listed.values()], ignore_index=True)


def _summary(case: Case, found: Findings, n_conflicts: int) -> dict[str, Any]:
    businesses, households = found.businesses, found.households
    return {
        "as_of": case.as_of,
        "plan": {"used": case.plan.name, "not_used": list(case.plan.unused)},
        "conformity": {"businesses": counts(found.conformity.classes, CONFORMITY_CLASSES)},
        "exposure": {
            "businesses": exposure_counts(case.businesses, businesses.exposure),
            "households": exposure_counts(case.households, households.exposure),
        },
        "families": counts(found.impact.impact, IMPACTS),
        "contradictions": {
            "businesses": int(businesses.contradiction.contradictory.sum()),
            "households": int(households.contradiction.contradictory.sum()),
        },
        "conflicts": n_conflicts,
        "by_admin": _by_admin(case, found),
        **income_totals(found.impact),
        "poverty": poverty_totals(found.impact.poverty, case.parameters),
        "uncertain": {
            "businesses": int(found.conformity_certainty.uncertain.sum()),
            "households": int(households.exposure_certainty.uncertain.sum()),
        },
        "undated": case.undated,
        **case.presence.summary,
        "warnings": [*case.warnings, *_idle_warnings(found.provisions.idle)],
    }


def _by_admin(case: Case, found: Findings) -> list[dict[str, Any]]:
    words = {
        "businesses": (found.businesses.member, found.conformity.classes, CONFORMITY_CLASSES),
        "households": (found.households.member, found.impact.impact, IMPACTS),
    }
    return counts_by_area(case.admin, words)


def _idle_warnings(n: int) -> tuple[str, ...]:
    if not n:
        return ()
    sentence = ngettext(
        "{n} provision of the register names no policy in force here and is not used.",
        "{n} provisions of the register name no policy in force here and are not used.",
        n,
    )
    return (sentence.format(n=n),)
