"""Where a density is higher or lower than chance would have it: local Gi* and local Moran.

The statistics are esda's over libpysal's graphs. The permutations are drawn here: esda compiles
its own anew in every process, for many seconds, and its p counts ties on one side only, which
finds cold spots wherever most units hold nothing.
"""

from __future__ import annotations

import warnings
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Literal, TypeVar

import numpy as np
import shapely

from gisapp.core.words import _

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from gisapp.analysis.columns import Bools, Floats, Geometries, Ints, Texts
    from gisapp.core.progress import Progress

Value = TypeVar("Value", np.float64, np.object_)
MIN_UNITS = 30
# The least two-sided p is 2 / 10,000: with 999 permutations it would be 2 / 1,000, and of 5,000
# units no fewer than 200 could ever pass the control of false discoveries.
PERMUTATIONS = 9_999
# Who is far from unusual after these many is not drawn for again (Besag and Clifford, Biometrika
# 78, 1991): a p of up to `UNUSUAL` always comes from all the permutations.
FIRST_PERMUTATIONS, UNUSUAL = 999, 0.1
SEED = 20_261
FDR = 0.05
# Neighbours touch; borders digitised twice may gape this far.
TOUCHING_M = 1.0
_UNITS_A_STEP = 200

NoClaim = Literal["", "too_few_units", "no_variation", "no_neighbours"]
HOT, COLD, NOT_SIGNIFICANT = "hot", "cold", "not_significant"
NO_CLAIM, ALONE, LEFT_OUT = "no_claim", "no_neighbours", "left_out"
QUADRANTS = np.array(["", "HH", "LH", "LL", "HL"], dtype=object)  # esda's numbers


@dataclass(frozen=True, eq=False)
class Neighbours:
    """Which of u units touch: both directions of each pair, sorted by `unit`, then `other`."""

    unit: Ints
    other: Ints
    n: int

    @property
    def degree(self) -> Ints:
        """How many neighbours each unit has, shape (u,)."""
        return np.bincount(self.unit, minlength=self.n)

    def among(self, keep: Bools) -> Neighbours:
        """Return the neighbours among the units that `keep`, shape (u,), marks, renumbered."""
        place = np.cumsum(keep) - 1
        both = keep[self.unit] & keep[self.other]
        return Neighbours(place[self.unit[both]], place[self.other[both]], int(keep.sum()))


@dataclass(frozen=True, eq=False)
class Patterns:
    """Arrays of shape (u,); NaN or ``""`` where a unit takes no part.

    Parameters
    ----------
    gi_z : ndarray of float
        Gi* as a standard deviate.
    local_i : ndarray of float
        Local Moran's I.
    quadrant : ndarray of str
        ``HH``, ``LL``, ``HL`` or ``LH``: the unit itself, then its neighbours.
    p, p_adjusted : ndarray of float
        Two-sided, by conditional permutation; after Benjamini and Hochberg.
    pattern : ndarray of str
        ``hot``, ``cold``, ``not_significant``; ``no_claim`` (see `why_no_claim`),
        ``no_neighbours``, ``left_out``.
    moran_i, moran_p : float
        The global statistic; NaN where nothing can be claimed.
    units : int
        How many units take part.
    why_no_claim : {"", "too_few_units", "no_variation", "no_neighbours"}
    """

    gi_z: Floats
    local_i: Floats
    quadrant: Texts
    p: Floats
    p_adjusted: Floats
    pattern: Texts
    moran_i: float
    moran_p: float
    units: int
    why_no_claim: NoClaim


def neighbours(polygons: Geometries) -> Neighbours:
    """Find the units, shape (u,), that touch at an edge or a corner (queen contiguity)."""
    tree = shapely.STRtree(polygons)
    unit, other = tree.query(polygons, predicate="dwithin", distance=TOUCHING_M)
    apart = unit != other
    unit, other = unit[apart], other[apart]
    order = np.lexsort((other, unit))
    return Neighbours(unit[order], other[order], len(polygons))


def local_patterns(values: Floats, near: Neighbours, seed: int, progress: Progress) -> Patterns:
    """Ask of each unit whether high or low values lie together there more than by chance.

    Parameters
    ----------
    values : ndarray of float, shape (u,)
        NaN for a unit that takes no part.
    near : Neighbours
    seed : int
        Of the permutations: the same seed gives the same answer.
    """
    known = np.isfinite(values)
    linked = known.copy()
    linked[known] = near.among(known).degree > 0
    inside, y = near.among(linked), values[linked]
    pattern = np.select([linked, known], [NO_CLAIM, ALONE], LEFT_OUT).astype(object)
    why = _why_no_claim(y, int(known.sum()))
    if why == "too_few_units":
        pattern[known] = NO_CLAIM
    nothing = _nothing_claimed(pattern, int(known.sum()), why)
    return nothing if why else _with_claims(nothing, linked, y, inside, seed, progress)


def _with_claims(
    nothing: Patterns,
    linked: Bools,
    y: Floats,
    near: Neighbours,
    seed: int,
    progress: Progress,
) -> Patterns:
    """Fill in what is found of the units that `linked` marks; `y` and `near` are theirs."""
    progress.step(0, 0, _("Local statistics"))
    gi_z, local_i, quadrant, moran_i = local_statistics(y, near)
    rng = np.random.default_rng(seed)
    moran_p = two_sided(*moran_tails(y, near, rng))
    upper, lower = conditional_tails(y, near, PERMUTATIONS, rng, progress)
    p = two_sided(upper, lower)
    adjusted = false_discovery(p)
    return replace(
        nothing,
        gi_z=_put(nothing.gi_z, linked, gi_z),
        local_i=_put(nothing.local_i, linked, local_i),
        quadrant=_put(nothing.quadrant, linked, quadrant),
        p=_put(nothing.p, linked, p),
        p_adjusted=_put(nothing.p_adjusted, linked, adjusted),
        pattern=_put(nothing.pattern, linked, _classes(gi_z, upper < lower, adjusted)),
        moran_i=moran_i,
        moran_p=float(moran_p),
    )


def _why_no_claim(y: Floats, n_known: int) -> NoClaim:
    if n_known < MIN_UNITS:
        return "too_few_units"
    if len(y) < MIN_UNITS:
        return "no_neighbours"
    return "no_variation" if np.ptp(y) <= 1e-12 * np.abs(y).max() else ""


def _nothing_claimed(pattern: Texts, n_known: int, why: NoClaim) -> Patterns:
    unknown = np.full(len(pattern), np.nan)
    blank = np.full(len(pattern), "", dtype=object)
    return Patterns(
        unknown, unknown, blank, unknown, unknown, pattern, np.nan, np.nan, n_known, why
    )


def _put(whole: NDArray[Value], where: Bools, values: NDArray[Value]) -> NDArray[Value]:
    """Return `whole`, shape (u,), with `values` at the places that `where` marks."""
    changed = whole.copy()
    changed[where] = values
    return changed


def local_statistics(y: Floats, near: Neighbours) -> tuple[Floats, Floats, Texts, float]:
    """Return Gi* (z), local I, quadrants, shape (u,) each, and Moran's I."""
    # esda and libpysal bring scikit-learn and half of numba along: one to three seconds.
    from esda.getisord import G_Local
    from esda.moran import Moran, Moran_Local
    from libpysal.graph import Graph

    graph = Graph.from_arrays(near.unit, near.other, np.ones(len(near.unit)))
    with warnings.catch_warnings():  # esda turns scipy's warnings on for the whole program
        gi = G_Local(y, graph, transform="B", permutations=0, star=True)
        lisa = Moran_Local(y, graph, transformation="r", permutations=0)
        whole = Moran(y, graph, transformation="r", permutations=0)
    return gi.Zs, lisa.Is, QUADRANTS[lisa.q], float(whole.I)


def conditional_tails(
    y: Floats, near: Neighbours, permutations: int, rng: np.random.Generator, progress: Progress
) -> tuple[Floats, Floats]:
    """Return how often neighbours drawn at random sum to as much, and to as little.

    A unit's own value stays; its neighbours' are drawn from all the others without replacement
    (Anselin, Geographical Analysis 27, 1995). Given the unit's own value, Gi* and local I both
    move with that sum alone, so one count answers for both. Ties count on either side.

    Parameters
    ----------
    y : ndarray of float, shape (u,)
    near : Neighbours
        Every unit has one.
    permutations : int
        The same draws serve every unit.

    Returns
    -------
    upper, lower : ndarray of float, shape (u,)
        One-sided p, the observed sum counted among the permutations.
    """
    n, degree = len(y), near.degree
    most = int(degree.max())
    drawn = np.array([rng.choice(n - 1, most, replace=False) for _i in range(permutations)]).T
    observed = np.bincount(near.unit, weights=y[near.other], minlength=n)
    tie = 1e-9 * np.abs(y).max() * degree
    upper, lower = np.empty(n), np.empty(n)
    others = np.roll(y, -1)[:-1].copy()  # all but the first; then, one by one, all but the i-th
    for i in range(n):
        if i:
            others[i - 1] = y[i - 1]
        if i % _UNITS_A_STEP == 0:
            progress.step(i, n, _("Permutations"))
        for few in (drawn[: degree[i], :FIRST_PERMUTATIONS], drawn[: degree[i]]):
            sums = np.take(others, few).sum(axis=0)
            upper[i], lower[i] = _tails(sums, observed[i], tie[i])
            if two_sided(upper[i], lower[i]) > UNUSUAL:
                break
    return upper, lower


def _tails(drawn: Floats, observed: float, tie: float) -> tuple[float, float]:
    """Return the shares of `drawn`, shape (r,), and `observed` that reach it from either side."""
    above = np.count_nonzero(drawn >= observed - tie)
    below = np.count_nonzero(drawn <= observed + tie)
    return (above + 1) / (len(drawn) + 1), (below + 1) / (len(drawn) + 1)


def moran_tails(
    y: Floats, near: Neighbours, rng: np.random.Generator, permutations: int = 999
) -> tuple[float, float]:
    """Return how often all values dealt out anew give as high, and as low, a Moran's I."""
    z = y - y.mean()
    weight = 1.0 / near.degree[near.unit]

    def crossed(dealt: Floats) -> float:
        return float((weight * dealt[near.unit] * dealt[near.other]).sum())

    observed = crossed(z)
    dealt = np.array([crossed(rng.permutation(z)) for _i in range(permutations)])
    return _tails(dealt, observed, 1e-9 * abs(observed))


def two_sided(upper: Floats | float, lower: Floats | float) -> Floats:
    """Return twice the smaller of two one-sided p, at most 1."""
    p: Floats = np.minimum(1.0, 2.0 * np.minimum(upper, lower))
    return p


def false_discovery(p: Floats) -> Floats:
    """Return p adjusted so that of those at or below q, at most a share of q should be false.

    Benjamini and Hochberg, Journal of the Royal Statistical Society B 57 (1995).
    """
    from scipy.stats import false_discovery_control

    adjusted: Floats = false_discovery_control(p, method="bh")
    return adjusted


def _classes(gi_z: Floats, high: Bools, adjusted: Floats) -> Texts:
    """Call a unit hot or cold where its p, its tail and its Gi* agree."""
    sure = adjusted <= FDR
    hot, cold = sure & high & (gi_z > 0), sure & ~high & (gi_z < 0)
    return np.select([hot, cold], [HOT, COLD], NOT_SIGNIFICANT).astype(object)
