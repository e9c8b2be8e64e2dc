"""What evictions mean for families: home, livelihood, income, poverty."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from gisapp.analysis.columns import Bools, Floats, Ints, Texts, numbers, text
from gisapp.analysis.poverty import PovertyTest, poverty_test
from gisapp.core.policy import NOT_ASSESSED
from gisapp.core.words import ngettext

if TYPE_CHECKING:
    from gisapp.analysis.subjects import Subjects
    from gisapp.core.project import Project


@dataclass(frozen=True, eq=False)
class Operated:
    """Which household operates which business: arrays of shape (k,), each pair once.

    `household` and `business` are row numbers; `share` is 0–1, NaN where not known.
    """

    household: Ints
    business: Ints
    share: Floats
    warnings: tuple[str, ...] = ()


@dataclass(frozen=True, eq=False)
class Impact:
    """Arrays of shape (n,), a value a family.

    Parameters
    ----------
    impact : ndarray of str
        ``direct``, ``livelihood``, ``both``, ``none`` or ``not_assessed``.
    exposed_income : ndarray of float
        Rp a month, the known part; NaN where nothing of it is known, so also where the family is
        not assessed.
    income_unknown : ndarray of bool
        An exposed business's income, or the family's share in it, is not known.
    exposed_income_total : float
        Over all families, summed exactly.
    poverty : PovertyTest
    """

    impact: Texts
    exposed_income: Floats
    income_unknown: Bools
    exposed_income_total: float
    poverty: PovertyTest


def operated(project: Project, households: Subjects, businesses: Subjects) -> Operated:
    """Read the relation ``operates``; rows that name no record of the project are not used.

    Of rows that link the same two the one with the greatest share counts.
    """
    tables = [t.frame for name, t in sorted(project.tables.items()) if t.kind == "operates"]
    columns = ["household_id", "business_id"]
    rows = pd.concat(
        [
            pd.DataFrame({**{c: text(t, c) for c in columns}, "share": numbers(t, "income_share")})
            for t in tables
        ]
        or [pd.DataFrame({"household_id": [], "business_id": [], "share": np.empty(0)})],
        ignore_index=True,
    )
    household = households.rows_of(rows["household_id"].to_numpy(dtype=object))
    business = businesses.rows_of(rows["business_id"].to_numpy(dtype=object))
    known = (household >= 0) & (business >= 0)
    greatest_first = rows.sort_values("share", ascending=False, kind="stable")
    repeated = greatest_first.duplicated(columns).sort_index().to_numpy() & known
    keep = known & ~repeated
    warnings = _repeated_links(int(repeated.sum()))
    return Operated(household[keep], business[keep], rows["share"].to_numpy()[keep], warnings)


def _repeated_links(n: int) -> tuple[str, ...]:
    if not n:
        return ()
    warning = ngettext(
        "{n} link between a family and its business is there twice and counts once.",
        "{n} links between a family and its business are there twice and count once.",
        n,
    )
    return (warning.format(n=n),)


def impact(
    households: Subjects,
    home_exposed: Bools,
    businesses: Subjects,
    business_exposed: Bools,
    links: Operated,
    poverty_line_idr_month: float,
) -> Impact:
    """Find what the evictions in force mean for each family; each family counts once.

    Parameters
    ----------
    households, businesses : Subjects
    home_exposed, business_exposed : ndarray of bool
        Which homes and which businesses lie in an eviction area in force.
    links : Operated
    poverty_line_idr_month : float
        Rp per person.
    """
    n = len(households)
    at_risk = business_exposed[links.business]
    livelihood = _any_of(links.household[at_risk], n)
    assessed = households.located | _any_of(links.household[businesses.located[links.business]], n)
    words = family_impacts(home_exposed, livelihood, assessed)
    amount = numbers(businesses.frame, "net_income_idr_month")[links.business] * links.share
    family, amount = links.household[at_risk], amount[at_risk]
    known_part, income_unknown = _exposed_income(family, amount, n)
    exposed_income = np.where(assessed, known_part, np.nan)
    test = poverty_test(
        numbers(households.frame, "income_idr_month"),
        np.where(income_unknown, np.nan, exposed_income),
        numbers(households.frame, "members"),
        poverty_line_idr_month,
    )
    total = math.fsum(amount[np.isfinite(amount)].tolist())
    return Impact(words, exposed_income, income_unknown, total, test)


def family_impacts(home: Bools, livelihood: Bools, assessed: Bools) -> Texts:
    """Name the impact on each family, shape (n,), from what is exposed of it."""
    words = np.select(
        [home & livelihood, home, livelihood, assessed],
        ["both", "direct", "livelihood", "none"],
        NOT_ASSESSED,
    )
    return words.astype(object)


def _any_of(rows: Ints, n: int) -> Bools:
    return np.bincount(rows, minlength=n) > 0


def _exposed_income(family: Ints, amount: Floats, n: int) -> tuple[Floats, Bools]:
    """Sum the known exposed amounts of each family, and mark families with an unknown one."""
    known = np.isfinite(amount)
    family_known, amount_known = family[known], amount[known]
    order = np.lexsort((amount_known, family_known))  # a float sum must not depend on row order
    total = np.bincount(family_known[order], weights=amount_known[order], minlength=n)
    unknown = _any_of(family[~known], n)
    nothing_known = unknown & ~_any_of(family_known, n)
    return np.where(nothing_known, np.nan, total), unknown
