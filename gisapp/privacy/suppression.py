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
from functools import cached_property
from typing import TYPE_CHECKING, Final

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Booleans = NDArray[np.bool_]
    Floats = NDArray[np.float64]
    Places = NDArray[np.intp]

TINY: Final = 1e-7
BOUND_ROUNDS: Final = 50


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
    order = np.lexsort((values, np.array(counts.ranks)))
    while True:
        chosen = _breaking(Reader(matrix, hidden), free & ~hidden, order)
        if not chosen:
            chosen = _loosening(values, counts.sums, hidden, free, order, small, n)
        if not chosen:
            return hidden
        hidden[list(chosen)] = True


@dataclass(frozen=True, eq=False)
class Reader:
    """Somebody who knows every shown number and every sum, and solves for the hidden ones.

    Parameters
    ----------
    matrix : ndarray, shape (sums, numbers)
    hidden : ndarray of bool, shape (numbers,)
    """

    matrix: Floats
    hidden: Booleans

    @cached_property
    def unknowns(self) -> Places:
        """The places of the hidden numbers, shape (u,)."""
        return np.flatnonzero(self.hidden)

    @cached_property
    def _basis(self) -> tuple[Floats, Floats]:
        """Orthonormal columns that span the unknowns' part of the sums, and their sizes²."""
        part = self.matrix[:, self.unknowns]
        sizes, vectors = np.linalg.eigh(part @ part.T)
        real = sizes > TINY
        return vectors[:, real], sizes[real]

    @cached_property
    def derivations(self) -> tuple[Places, Floats]:
        """The numbers that follow exactly, shape (d,), and the sums' weights, (sums, d)."""
        vectors, sizes = self._basis
        projected = vectors.T @ self.matrix[:, self.unknowns]
        leverage = (projected**2 / sizes[:, None]).sum(axis=0)
        follows = leverage > 1 - TINY
        weights = vectors @ (projected[:, follows] / sizes[:, None])
        return self.unknowns[follows], weights

    def breaks(self, weights: Floats) -> tuple[Booleans, Booleans]:
        """Say which shown numbers a derivation uses, and which of them it cannot do without.

        Hiding a number whose column lies in the span of the unknowns' columns ends every
        derivation that uses it; another number can be eliminated by the sums left over.
        """
        vectors, _sizes = self._basis
        used = np.abs(weights @ self.matrix) > TINY
        rest = self.matrix - vectors @ (vectors.T @ self.matrix)
        return used & ~self.hidden, (rest**2).sum(axis=0) < TINY


def _breaking(reader: Reader, hideable: Booleans, order: Places) -> set[int]:
    """Choose numbers to hide so that what follows exactly now no longer does."""
    places, derivations = reader.derivations
    chosen: set[int] = set()
    for column in range(len(places)):
        used, needed = reader.breaks(derivations[:, column])
        if any(used[i] for i in chosen):
            continue
        candidates = used & hideable & needed
        if not candidates.any():
            candidates = used & hideable
        chosen.update(_first(candidates, order))
    return chosen


def _loosening(
    values: NDArray[np.int64],
    sums: list[Sum],
    hidden: Booleans,
    free: Booleans,
    order: Places,
    small: Booleans,
    n: int,
) -> set[int]:
    """Choose numbers to hide so that the bounds of small ones lie further apart."""
    low, high = bounds(values, sums, hidden)
    chosen: set[int] = set()
    for place in np.flatnonzero(small & (high - low < n)):
        beside = np.zeros(len(values), dtype=bool)
        for tie in sums:
            if place in tie.parts or place == tie.total:
                beside[[*tie.parts, tie.total]] = True
        if not any(beside[i] for i in chosen):
            chosen.update(_first(beside & free & ~hidden, order))
    return chosen


def _first(candidates: Booleans, order: Places) -> list[int]:
    return [int(place) for place in order[candidates[order]][:1]]


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
