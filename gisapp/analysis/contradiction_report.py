"""What is asked of contradictions as a whole, and what ``gisapp contradictions --json`` prints."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

from gisapp.analysis.coding import Agreement, agreement, codings_of, disagreements
from gisapp.analysis.concentration import contradictions_by_area
from gisapp.analysis.institutions import Matrix, headline, matrix, told_pair
from gisapp.analysis.study import Study, study
from gisapp.core.progress import SILENT, Progress
from gisapp.core.words import _

if TYPE_CHECKING:
    import pandas as pd

    from gisapp.analysis.institutions import Cell
    from gisapp.core.project import Project

STEPS = 3


@dataclass(frozen=True, eq=False)
class Contradictions:
    """Who stands between which policies, by institution, and how far the coders agree.

    Parameters
    ----------
    studied : Study
    headline : dict
        As in ``gisapp assess --json``.
    by_institution, by_kind : Matrix
    by_area : list of dict
        As `concentration.contradictions_by_area` gives them.
    coding : Agreement
    apart : DataFrame
        As `coding.disagreements` lists them.
    """

    studied: Study
    headline: dict[str, Any]
    by_institution: Matrix
    by_kind: Matrix
    by_area: list[dict[str, Any]]
    coding: Agreement
    apart: pd.DataFrame


def ask_contradictions(
    project: Project, as_of: str = "", progress: Progress = SILENT
) -> Contradictions:
    """Ask who stands between which policies.

    Parameters
    ----------
    project : Project
    as_of : str
        ISO date; empty: the project's, else today.
    progress : Progress

    Raises
    ------
    GisappError
        As `study`; for a coding that is not on the scale.
    """
    studied = study(project, as_of, progress)
    progress.step(1, STEPS, _("Institutions"))
    by_institution = matrix(studied)
    by_kind = matrix(studied, "institution_kind")
    progress.step(2, STEPS, _("Agreement of the coders"))
    codings = codings_of(project)
    answer = Contradictions(
        studied,
        headline(studied),
        by_institution,
        by_kind,
        contradictions_by_area(studied),
        agreement(codings),
        disagreements(codings),
    )
    progress.step(STEPS, STEPS, _("Contradictions"))
    return answer


def contradictions_summary(answer: Contradictions) -> dict[str, Any]:
    """Return the object that ``gisapp contradictions --json`` prints."""
    found = answer.by_institution
    return {
        "as_of": answer.studied.case.as_of,
        "headline": answer.headline,
        "total": found.total.as_json(),
        "within": found.within.as_json(),
        "between": found.between.as_json(),
        "not_stated": found.not_stated.as_json(),
        "manner": {word: hit.as_json() for word, hit in found.manners.items()},
        "matrix": [_told_cell(cell) for cell in found.cells],
        "by_institution_kind": [_told_cell(cell) for cell in answer.by_kind.cells],
        "pairs": [
            told_pair(found.crossings.policies, pair) for _row, pair in found.pairs.iterrows()
        ],
        "by_admin": answer.by_area,
        "coding": {**asdict(answer.coding), "disagreements": answer.apart.to_dict("records")},
        "warnings": list(answer.studied.case.warnings),
    }


def _told_cell(cell: Cell) -> dict[str, Any]:
    return {
        "promoting": cell.plus,
        "repressing": cell.minus,
        **cell.hit.as_json(),
        "pairs": cell.pairs,
        "area_m2": round(cell.area_m2, 2),
    }
