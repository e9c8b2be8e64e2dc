"""The poverty test: families against a line per person and month, before and after."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from gisapp.core.errors import GisappError
from gisapp.core.words import _

if TYPE_CHECKING:
    from gisapp.analysis.columns import Bools, Floats


@dataclass(frozen=True, eq=False)
class PovertyTest:
    """The answer for the families whose income, members and exposed income are known.

    Parameters
    ----------
    assessed, newly_poor : ndarray of bool, shape (n,)
    before, after : tuple of float, optional
        Foster–Greer–Thorbecke P₀, P₁, P₂ over the assessed families; None where there is none.
    """

    assessed: Bools
    newly_poor: Bools
    before: tuple[float, float, float] | None
    after: tuple[float, float, float] | None


def poverty_test(
    income: Floats, exposed_income: Floats, members: Floats, line: float
) -> PovertyTest:
    """Compare each family's income per person with the poverty line.

    Parameters
    ----------
    income, exposed_income : ndarray of float, shape (n,)
        Rp a month; NaN is not known.
    members : ndarray of float, shape (n,)
        Persons in the family; NaN or 0 is not known.
    line : float
        Rp per person and month.
    """
    if not line > 0:
        raise GisappError(
            _("The poverty line must be more than zero."),
            _("Set it in rupiah per person and month."),
        )
    assessed = np.isfinite(income) & np.isfinite(exposed_income) & (members > 0)
    per_person = np.where(assessed, members, 1.0)
    before = np.where(assessed, income / per_person, np.nan)
    after = np.where(assessed, (income - exposed_income) / per_person, np.nan)
    return PovertyTest(
        assessed=assessed,
        newly_poor=(before >= line) & (after < line),
        before=fgt(before[assessed], line),
        after=fgt(after[assessed], line),
    )


def fgt(income_per_person: Floats, line: float) -> tuple[float, float, float] | None:
    """Return P₀, P₁ and P₂ of Foster, Greer & Thorbecke (Econometrica 52, 1984).

    Every family weighs the same: the family, not the person, is the unit of study. An income
    below zero counts as zero, so that a gap is never more than the whole line.
    """
    if not len(income_per_person):
        return None
    income = np.sort(np.maximum(income_per_person, 0.0))
    gap = (line - income[income < line]) / line
    n = len(income)
    return len(gap) / n, float(gap.sum()) / n, float((gap**2).sum()) / n
