"""A study: what is assessed, and what was found about it. Everything deeper begins here."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from gisapp.analysis.case import Case, read_case
from gisapp.analysis.findings import STEPS, Findings, together
from gisapp.analysis.fingerprint import KINDS
from gisapp.analysis.partition import find_again, find_in_parts
from gisapp.analysis.readings import parts_of
from gisapp.analysis.remembering import MEMORY, Remembered
from gisapp.analysis.touched import Kept, compared
from gisapp.core.progress import SILENT, Progress
from gisapp.core.words import _

if TYPE_CHECKING:
    from gisapp.analysis.columns import Ints
    from gisapp.analysis.listing import Listed
    from gisapp.core.project import Project


@dataclass(frozen=True, eq=False)
class Study:
    """A case and its findings."""

    case: Case
    found: Findings


def study(project: Project, as_of: str = "", progress: Progress = SILENT) -> Study:
    """Find what `assess` tells, as arrays.

    After an edit only what it touched is found anew; the answer is the same as from scratch.

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
    last = MEMORY.last()
    case = read_case(project, as_of, before=last.case if last else None)
    if last and _is_same(last.case, case):
        return Study(case, last.found)
    progress.step(0, STEPS, _("Conformity and exposure"))
    listed: dict[str, tuple[Listed, Ints]] = {}
    if last is None:
        local = find_in_parts(case, progress)
    else:
        kept = compared(last.case, case)
        local = find_again(case, last.local, kept.places, progress)
        listed = _still_listed(last.listed, kept)
    found = together(case, local, progress)
    nobody = replace(case.presence, project=type(project)())
    MEMORY.keep(
        Remembered(replace(case, presence=nobody), local, found, listed),
        parts_of(project, KINDS),
    )
    return Study(case, found)


def _is_same(before: Case, now: Case) -> bool:
    """Say whether a case was read from the same frames with the same parameters."""
    return before.parameters == now.parameters and all(
        now.readings[name] is reading for name, reading in before.readings.items()
    )


def _still_listed(
    listed: dict[str, tuple[Listed, Ints]], kept: Kept
) -> dict[str, tuple[Listed, Ints]]:
    """Return the lists that were written, and where the subjects of now are in them."""
    if not kept.told_alike:
        return {}
    rows = {"businesses": kept.businesses, "households": kept.households}
    return {kind: (lists, np.append(row, -1)[rows[kind]]) for kind, (lists, row) in listed.items()}
