"""Counts below n are hidden, and so many others that no hidden one can be worked out.

A table with its margins is a list of numbers tied by sums (a total and its parts), which a reader
knows to hold. Primary suppression hides 1…n−1; zero names nobody and stays. Complementary
suppression (Cox, JASA 75, 1980) then hides further numbers until

- no hidden number follows from the shown ones by any combination of the sums (exactly: its unit
  vector lies outside the row space of the sums restricted to the hidden numbers), and
- the bounds that counting up and down the sums gives for a number below n are at least n apart.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Booleans = NDArray[np.bool_]
    Floats = NDArray[np.float64]
    Places = NDArray[np.intp]

TINY: Final = 1e-7
BOUND_ROUNDS: Final = 50
# The search for a cheap cover: how much dearer the next rank is, how much cheaper what is hidden
# anyway, how the norm is sharpened from round to round, and what counts as part of the change.
RANK_STEP: Final = 3.0
HIDDEN_DISCOUNT: Final = 1e-4
SMOOTHING: Final = tuple(10.0**-power for power in np.arange(0, 6, 0.2))
USED: Final = 1e-3
RIDGE: Final = 1e-13


@dataclass(frozen=True)
class Sum:
    """A total that its parts add up to, as places in the list of numbers."""

    total: int
    parts: tuple[int, ...]


@dataclass
class TiedCounts:
    """Counts of subjects and the sums that tie them; filled by `add` and `tie`.

    `ranks` say what a reader would miss most: of two numbers the one of lower rank is hidden.
    `known` are places of numbers that the reader has from elsewhere: they cannot be hidden.
    """

    values: list[int] = field(default_factory=list)
    ranks: list[int] = field(default_factory=list)
    sums: list[Sum] = field(default_factory=list)
    known: set[int] = field(default_factory=set)

    def add(self, value: int, rank: int = 0) -> int:
        """Take a count in and return its place."""
        self.values.append(value)
        self.ranks.append(rank)
        return len(self.values) - 1

    def tie(self, total: int, parts: list[int]) -> None:
        """Say that `parts` add up to `total`."""
        if self.values[total] != sum(self.values[i] for i in parts):
            raise ValueError("the parts do not add up to their total")
        self.sums.append(Sum(total, tuple(parts)))

    def matrix(self) -> Floats:
        """Return the sums as rows of ones for the parts and −1 for the total."""
        rows = np.zeros((len(self.sums), len(self.values)))
        for row, tie in zip(rows, self.sums, strict=True):
            row[list(tie.parts)] = 1.0
            row[tie.total] = -1.0
        return rows


def suppressed(counts: TiedCounts, n: int) -> Booleans:
    """Choose the numbers to hide so that none below `n` is shown or can be worked out.

    Returns
    -------
    ndarray of bool, shape (len(counts.values),)
    """
    values, matrix = np.array(counts.values, dtype=np.int64), counts.matrix()
    free = values > 0
    free[list(counts.known)] = False
    small = free & (values < n)
    hidden = small.copy()
    cost = _costs(values, np.array(counts.ranks))
    while True:
        closed = _closed(matrix, hidden, free, cost)
        if closed is None:
            return free
        low, high = bounds(values, counts.sums, closed)
        tight = np.flatnonzero(small & (high - low < n))
        beside = (_beside(int(place), matrix, closed, free, cost) for place in tight)
        more = next((chosen for chosen in beside if chosen.any()), None)  # it may loosen the others
        if more is None:
            return closed
        hidden = closed | more


def _closed(matrix: Floats, hidden: Booleans, free: Booleans, cost: Floats) -> Booleans | None:
    """Hide more until no hidden number follows exactly; None where all that is left must go."""
    hidden = hidden.copy()
    while (known := derivable(matrix, hidden)).size:
        cover = _cover(int(known[0]), matrix, hidden, free, cost)
        if not cover.any():
            return None
        hidden |= cover
    return hidden


def _costs(values: NDArray[np.int64], ranks: NDArray[np.int64]) -> Floats:
    """Return what hiding each number costs a reader: its rank tells first, then its size."""
    place = np.searchsorted(np.unique(ranks), ranks)
    size = np.log1p(values) / max(float(np.log1p(values.max(initial=1))), 1.0)
    wobble = 1e-3 * np.arange(len(values)) / max(len(values), 1)  # no two alternatives are equal
    costs: Floats = RANK_STEP**place * (1.0 + size + wobble)
    return costs


def derivable(matrix: Floats, hidden: Booleans) -> Places:
    """Return the places of the hidden numbers that follow exactly from the shown ones.

    Such a number's unit vector lies in the row space of the sums restricted to the hidden numbers,
    that is, its leverage is 1.

    Parameters
    ----------
    matrix : ndarray, shape (sums, numbers)
    hidden : ndarray of bool, shape (numbers,)
    """
    unknowns = np.flatnonzero(hidden)
    part = matrix[:, unknowns]
    sizes, vectors = np.linalg.eigh(part @ part.T)
    real = sizes > TINY
    projected = vectors[:, real].T @ part
    leverage = (projected**2 / sizes[real, None]).sum(axis=0)
    known: Places = unknowns[leverage > 1 - TINY]
    return known


def _cover(place: int, matrix: Floats, hidden: Booleans, free: Booleans, cost: Floats) -> Booleans:
    """Choose the numbers that, hidden too, leave a hidden number open.

    It is open where some change of hidden numbers, its own among them, keeps every sum. The
    cheapest such change is sought: min Σ cost·|x| under A x = 0, x_place = 1, by iteratively
    reweighted least squares (Daubechies et al., Comm. Pure Appl. Math. 63, 2010).
    """
    usable = np.flatnonzero(free | hidden)
    others = usable[usable != place]
    price = np.where(hidden, cost * HIDDEN_DISCOUNT, cost)[others]
    part, aim = matrix[:, others], -matrix[:, place]
    change = np.ones(len(others))
    for smooth in SMOOTHING:
        weight = np.sqrt(change**2 + smooth**2) / price
        scaled = part * weight
        normal = scaled @ part.T
        ridge = RIDGE * np.trace(normal) * np.eye(len(normal))  # sums may follow from each other
        change = scaled.T @ np.linalg.solve(normal + ridge, aim)
    chosen = np.zeros(len(hidden), dtype=bool)
    chosen[others[np.abs(change) > USED]] = True
    return _pruned(place, matrix, hidden, chosen & free & ~hidden, cost)


def _pruned(
    place: int, matrix: Floats, hidden: Booleans, chosen: Booleans, cost: Floats
) -> Booleans:
    """Show again, the dearest first, what need not be hidden for a hidden number to stay open."""
    for candidate in sorted(np.flatnonzero(chosen), key=lambda i: -cost[i]):
        chosen[candidate] = False
        if place in derivable(matrix, hidden | chosen):
            chosen[candidate] = True
    return chosen


def _beside(place: int, matrix: Floats, hidden: Booleans, free: Booleans, cost: Floats) -> Booleans:
    """Choose the cheapest shown number in any sum that a too tightly bound one stands in."""
    beside = np.abs(matrix[matrix[:, place] != 0]).sum(axis=0) > 0
    candidates = np.flatnonzero(beside & free & ~hidden)
    chosen = np.zeros(len(hidden), dtype=bool)
    chosen[candidates[np.argsort(cost[candidates])][:1]] = True
    return chosen


def bounds(values: NDArray[np.int64], sums: list[Sum], hidden: Booleans) -> tuple[Floats, Floats]:
    """Return what a reader can say at least and at most of each number, from sum to sum."""
    low = np.where(hidden, 0.0, values)
    high = np.where(hidden, np.inf, values)
    touched = [t for t in sums if hidden[t.total] or hidden[list(t.parts)].any()]
    for _round in range(BOUND_ROUNDS):
        before = low.copy(), high.copy()
        for tie in touched:
            _narrow(tie, low, high)
        if np.array_equal(before, (low, high)):
            break
    return low, high


def _narrow(tie: Sum, low: Floats, high: Floats) -> None:
    parts = list(tie.parts)
    least, most = low[parts], high[parts]
    low[tie.total] = max(low[tie.total], least.sum())
    high[tie.total] = min(high[tie.total], most.sum())
    open_ended = np.isinf(most)
    finite = np.where(open_ended, 0.0, most)
    others_open = open_ended.sum() - open_ended > 0
    others_most = np.where(others_open, np.inf, finite.sum() - finite)
    high[parts] = np.minimum(most, high[tie.total] - (least.sum() - least))
    low[parts] = np.maximum(least, low[tie.total] - others_most)
