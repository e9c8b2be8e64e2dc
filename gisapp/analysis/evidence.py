"""Why a subject was found as it was: the chain from its row to every finding about it.

Everything is read from a `Study`, which the same functions make as for an assessment.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from gisapp.analysis.chain import Chain, Step
from gisapp.analysis.evidence_documents import with_documents
from gisapp.analysis.evidence_limits import inputs_step, left_out_steps, parameters_step, run_step
from gisapp.analysis.evidence_parts import Asked
from gisapp.analysis.evidence_people import links_step, poverty_step
from gisapp.analysis.evidence_place import place_step, record_step
from gisapp.analysis.evidence_policy import (
    class_text,
    eviction_steps,
    plan_step,
    support_area_steps,
    support_steps,
)
from gisapp.analysis.evidence_score import contradiction_step
from gisapp.analysis.fingerprint import input_hashes
from gisapp.analysis.study import Study, study
from gisapp.core.errors import GisappError
from gisapp.core.policy import stage_text
from gisapp.core.progress import SILENT, Progress
from gisapp.core.words import _, number

if TYPE_CHECKING:
    from gisapp.core.catalogue import Catalogue
    from gisapp.core.project import Project

SUBJECT_KINDS = ("businesses", "households")


def evidence(
    project: Project,
    subject: tuple[str, str],
    catalogue: Catalogue,
    as_of: str = "",
    progress: Progress = SILENT,
) -> Chain:
    """Return the chain behind every finding about a subject.

    Parameters
    ----------
    project : Project
    subject : tuple of str
        Its kind (businesses or households) and its id.
    catalogue : Catalogue
        For the labels of fields.
    as_of : str
        ISO date; empty: the project's, else today.
    progress : Progress
        Told of each step; may raise `Cancelled`.

    Raises
    ------
    GisappError
        Where there is no such subject; as `study`.
    """
    kind, identifier = subject
    if kind not in SUBJECT_KINDS:
        raise GisappError(
            _("There is no finding about “{kind}”.").format(kind=kind),
            _("Choose one of: {kinds}.").format(kinds=", ".join(SUBJECT_KINDS)),
        )
    studied = study(project, as_of, progress)
    row = _row_of(studied, kind, identifier)
    inputs = input_hashes(project)
    return _chain(Asked(project, studied.case, studied.found, inputs, catalogue, kind, row))


def _chain(asked: Asked) -> Chain:
    return Chain(
        subject_kind=asked.kind,
        subject_id=asked.identifier,
        as_of=asked.case.as_of,
        title=_title(asked),
        conclusion=_conclusion(asked),
        conclusions=_sentences(asked),
        steps=tuple(with_documents(x, asked.project.attachments) for x in _steps(asked)),
    )


def _row_of(studied: Study, kind: str, identifier: str) -> int:
    case = studied.case
    subjects = case.businesses if kind == "businesses" else case.households
    rows = np.flatnonzero(subjects.ids == identifier)
    if not len(rows):
        raise GisappError(
            _("There is no “{id}” among the {kind} that are assessed.").format(
                id=identifier, kind=kind
            ),
            _("Check the id; a record may be left out by the conditions asked."),
        )
    return int(rows[0])


def _steps(asked: Asked) -> tuple[Step, ...]:
    of_family = asked.kind == "households"
    links = links_step(asked)
    return (
        record_step(asked),
        place_step(asked),
        *([] if of_family else [plan_step(asked)]),
        *eviction_steps(asked),
        *support_area_steps(asked),
        *support_steps(asked),
        *([links] if links else []),
        *([poverty_step(asked)] if of_family else []),
        contradiction_step(asked),
        *left_out_steps(asked),
        parameters_step(asked),
        inputs_step(asked),
        run_step(asked),
    )


def _title(asked: Asked) -> str:
    if asked.kind == "businesses":
        return _("Business {id}").format(id=asked.identifier)
    return _("Family {id}").format(id=asked.identifier)


def _conclusion(asked: Asked) -> dict[str, Any]:
    """Return the subject's row as `assess` gives it; missing values are None."""
    row, about = asked.row, asked.about
    place = int(about.member.place[row])
    common = {
        "stage": str(about.exposure.stage[row]) or None,
        "evictions": str(about.exposure.areas[row]),
        "contradiction": float(about.contradiction.score[row]),
        "admin_code": asked.case.admin.codes[place] if place >= 0 else None,
        "admin_how": str(about.member.how[row]),
    }
    return {**(_of_business(asked) if asked.kind == "businesses" else _of_family(asked)), **common}


def _of_business(asked: Asked) -> dict[str, Any]:
    conforms, row = asked.found.conformity, asked.row
    return {
        "class": str(conforms.classes[row]),
        "zones": str(conforms.zones[row]),
        "zone_count": int(conforms.zone_count[row]),
        "tie": bool(conforms.tie[row]),
        **_certainty(asked, asked.found.conformity_certainty),
    }


def _of_family(asked: Asked) -> dict[str, Any]:
    on_families, row = asked.found.impact, asked.row
    test = on_families.poverty
    return {
        "family_impact": str(on_families.impact[row]),
        "exposed_income_idr_month": _known(on_families.exposed_income[row]),
        "income_unknown": bool(on_families.income_unknown[row]),
        "newly_poor": bool(test.newly_poor[row]) if test.assessed[row] else None,
        **_certainty(asked, asked.about.exposure_certainty),
    }


def _certainty(asked: Asked, sure: Any) -> dict[str, Any]:
    return {
        "uncertain": bool(sure.uncertain[asked.row]),
        "probability": _known(sure.probability[asked.row]),
        "sigma_m": float(sure.sigma_m[asked.row]),
        "sigma_known": bool(sure.sigma_known[asked.row]),
    }


def _known(value: float) -> float | None:
    return float(value) if np.isfinite(value) else None


def _sentences(asked: Asked) -> tuple[str, ...]:
    """Say the conclusion in plain words."""
    found = _conclusion(asked)
    said = []
    if "class" in found:
        said.append(_("Conformity: {class_name}").format(class_name=class_text(found["class"])))
    else:
        said.append(_("Impact: {impact}").format(impact=impact_text(found["family_impact"])))
    stage = found["stage"]
    said.append(
        _("Exposed to an eviction, stage {stage}").format(stage=stage_text(stage))
        if stage
        else _("Exposed to no eviction by its place")
    )
    score = found["contradiction"]
    said.append(
        _("Under contradicting policies, C = {score}").format(score=number(score, 2))
        if score
        else _("Under no contradicting policies")
    )
    if found["uncertain"]:
        said.append(_("Uncertain: it lies near a boundary for how precisely it was located"))
    return tuple(said)


def impact_text(impact: str) -> str:
    """Return an impact on a family in words, for the middle of a sentence."""
    words = {
        "direct": _("the home lies in an eviction area"),
        "livelihood": _("a business it runs lies in an eviction area"),
        "both": _("the home and a business lie in eviction areas"),
        "none": _("none"),
        "not_assessed": _("not assessed"),
    }
    return words[impact]
