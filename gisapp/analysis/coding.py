"""Stances coded by several people: which one counts, and how far the coders agree.

Agreement is Krippendorff's α for ordinal values (Krippendorff, Computing Krippendorff's
Alpha-Reliability, 2011): 1 is perfect, 0 what chance would give.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import combinations
from typing import TYPE_CHECKING

import krippendorff
import numpy as np
import pandas as pd

from gisapp.analysis.columns import Floats, numbers, texts_frame
from gisapp.core.errors import GisappError
from gisapp.core.words import _, ngettext

if TYPE_CHECKING:
    from collections.abc import Mapping

    from gisapp.analysis.columns import Ints
    from gisapp.core.project import Project

STANCES = np.arange(-3, 4)
# Codings this far apart are no agreement: none of them counts by itself.
MOST_APART = 1.0
DRAWS, SEED = 1_000, 20_261_101
INTERVAL = (2.5, 97.5)
_COLUMNS = ("provision_id", "coder", "coded_on", "note")


@dataclass(frozen=True)
class Agreement:
    """How far the coders agree.

    Parameters
    ----------
    alpha : float, optional
        None where it is not defined: fewer than two provisions coded twice, or one stance only.
    low, high : float, optional
        95 % of `draws` bootstrap samples of provisions lie between them; None where α is not
        defined in most of the samples.
    units : int
        Provisions coded by two people or more: those that α is of.
    provisions, coders, codings : int
    seed, draws : int
        With them the interval is repeated.
    """

    alpha: float | None
    low: float | None
    high: float | None
    units: int
    provisions: int
    coders: int
    codings: int
    seed: int = SEED
    draws: int = DRAWS


def codings_of(project: Project) -> pd.DataFrame:
    """Read the tables ``codings``: one row for each provision and coder, the last one coded.

    Returns
    -------
    DataFrame
        ``provision_id``, ``coder``, ``coded_on``, ``note`` (text) and ``stance`` (float), sorted.

    Raises
    ------
    GisappError
        For a stance that is not on the scale.
    """
    tables = [t.frame for _name, t in sorted(project.tables.items()) if t.kind == "codings"]
    frame = texts_frame(tables, _COLUMNS)
    frame["stance"] = np.concatenate([np.empty(0), *(stances_of(t) for t in tables)])
    said = (frame["provision_id"] != "") & (frame["coder"] != "") & frame["stance"].notna()
    # Of two codings of one day that nobody can tell apart, the milder one stays.
    frame = frame[said].assign(strength=-frame["stance"].abs())
    frame = frame.sort_values(
        ["provision_id", "coder", "coded_on", "strength", "stance", "note"], ignore_index=True
    )
    last = ~frame.duplicated(["provision_id", "coder"], keep="last")
    return frame[last].drop(columns="strength").reset_index(drop=True)


def stances_of(table: pd.DataFrame) -> Floats:
    """Return a table's stances, NaN where none was coded; refuse what is not on the scale."""
    stance = numbers(table, "stance")
    strange = np.isfinite(stance) & ~np.isin(stance, STANCES)
    if strange.any():
        raise GisappError(
            _("The provision register has the stance {stance}.").format(stance=stance[strange][0]),
            _("A stance is a whole number from -3 (cancelling) to 3 (indivisible)."),
        )
    return stance


def agreed_stances(codings: pd.DataFrame) -> Mapping[str, float | None]:
    """Return the stance that the codings of each provision agree on, None where they do not.

    They agree where none is further than one step from another: then the median counts, of two
    middle ones the milder.
    """
    agreed: dict[str, float | None] = {}
    for provision, group in codings.groupby("provision_id", sort=True):
        stances = np.sort(group["stance"].to_numpy(np.float64))
        middle = stances[[(len(stances) - 1) // 2, len(stances) // 2]]
        milder = float(middle[np.argmin(np.abs(middle))])
        agreed[str(provision)] = milder if stances[-1] - stances[0] <= MOST_APART else None
    return agreed


def disputed_warnings(disputed: tuple[str, ...]) -> tuple[str, ...]:
    """Tell of provisions whose codings are too far apart for any to count."""
    n = len(disputed)
    if not n:
        return ()
    sentence = ngettext(
        "{n} provision has no agreed stance and its coders disagree; it is not used: {ids}",
        "{n} provisions have no agreed stance and their coders disagree; they are not used: {ids}",
        n,
    )
    return (sentence.format(n=n, ids=", ".join(disputed)),)


def disagreements(codings: pd.DataFrame) -> pd.DataFrame:
    """List every two coders who gave a provision different stances.

    Returns
    -------
    DataFrame
        ``provision_id``, ``coder``, ``stance``, ``other_coder``, ``other_stance`` and ``apart``,
        the widest apart first.
    """
    rows = [
        (provision, one, stance, other, other_stance)
        for provision, group in codings.groupby("provision_id", sort=True)
        for (one, stance), (other, other_stance) in combinations(_by_coder(group), 2)
        if stance != other_stance
    ]
    columns = ["provision_id", "coder", "stance", "other_coder", "other_stance"]
    frame = pd.DataFrame(rows, columns=columns)
    frame["apart"] = (frame["stance"] - frame["other_stance"]).abs()
    return frame.sort_values(
        ["apart", "provision_id", "coder", "other_coder"],
        ascending=[False, True, True, True],
        ignore_index=True,
    )


def _by_coder(group: pd.DataFrame) -> list[tuple[str, float]]:
    return list(zip(group["coder"].tolist(), group["stance"].tolist(), strict=True))


def agreement(codings: pd.DataFrame, seed: int = SEED, draws: int = DRAWS) -> Agreement:
    """Work out Krippendorff's α of some codings, with a bootstrap interval over provisions.

    Parameters
    ----------
    codings : DataFrame
        As `codings_of` reads them.
    seed, draws : int
    """
    counts = _counts(codings)
    units = counts[counts.sum(axis=1) >= 2]
    alpha = _alpha(units)
    low, high = _interval(units, seed, draws) if alpha is not None else (None, None)
    return Agreement(
        alpha, low, high, len(units), len(counts), int(codings["coder"].nunique()), len(codings),
        seed, draws,
    )  # fmt: skip


def _counts(codings: pd.DataFrame) -> Ints:
    """Return how many coders gave each provision each stance, shape (provisions, 7)."""
    provision, names = pd.factorize(codings["provision_id"], sort=True)
    counts = np.zeros((len(names), len(STANCES)), dtype=np.int64)
    stance = codings["stance"].to_numpy(np.float64).astype(np.int64) - STANCES[0]
    np.add.at(counts, (provision, stance), 1)
    return counts


def _alpha(units: Ints) -> float | None:
    """Return α of units coded twice or more, shape (units, 7); None where it is not defined."""
    if len(units) < 2 or (units.sum(axis=0) > 0).sum() < 2:
        return None
    return float(krippendorff.alpha(value_counts=units, level_of_measurement="ordinal"))


def _interval(units: Ints, seed: int, draws: int) -> tuple[float | None, float | None]:
    chance = np.random.default_rng(seed)
    sampled = (_alpha(units[chance.integers(0, len(units), len(units))]) for _draw in range(draws))
    defined = [alpha for alpha in sampled if alpha is not None]
    if len(defined) * 2 < draws:
        return None, None
    low, high = np.percentile(defined, INTERVAL)
    return float(low), float(high)
