"""A study: what is assessed, and what was found about it. Everything deeper begins here."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from gisapp.analysis.case import Case, read_case
from gisapp.analysis.findings import Findings, find
from gisapp.core.progress import SILENT, Progress

if TYPE_CHECKING:
    from gisapp.core.project import Project


@dataclass(frozen=True, eq=False)
class Study:
    """A case and its findings."""

    case: Case
    found: Findings


def study(project: Project, as_of: str = "", progress: Progress = SILENT) -> Study:
    """Find what `assess` tells, as arrays.

    Parameters
    ----------
    project : Project
    as_of : str
        ISO date; empty: the project's, else today.
    progress : Progress
        Told of each step; may raise `Cancelled`.

    Raises
    ------
    GisappError
        Where there is nobody to assess, or a parameter, rule or provision cannot be understood.
    """
    case = read_case(project, as_of)
    return Study(case, find(case, progress))
