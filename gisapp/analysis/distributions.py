"""Distributions of sums of independent uncertain things, and their intervals.

A probability mass function (pmf) is an array: ``pmf[k]`` is the probability of k.
"""

from __future__ import annotations

import heapq
import math
from dataclasses import dataclass
from itertools import count
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence

    from gisapp.analysis.columns import Floats

LEVELS = (0.9, 0.95)
# A quantile must not hang on the last digits of a sum.
_ROUNDING = 1e-12
# Up to this length a convolution done directly is faster than by Fourier.
_DIRECT = 64
# Amounts are summed on a lattice of so many steps over all that is uncertain.
_LATTICE = 2**16


@dataclass(frozen=True)
class Total:
    """What is known of an uncertain total.

    `found` counts each subject where it most likely is, `mean` is the expected total; `intervals`
    are (least, greatest), one for each of `LEVELS`, that hold the true total with at least that
    probability, each tail with at most half of the rest.
    """

    found: float
    mean: float
    intervals: tuple[tuple[float, float], ...]

    def holds_found(self, level: int = -1) -> bool:
        """Whether the interval of one of `LEVELS` (by place; the widest) holds what was found."""
        low, high = self.intervals[level]
        return low <= self.found <= high


def poisson_binomial(p: Floats) -> Floats:
    """Return the pmf, shape (n + 1,), of how many of n independent things are so.

    Exact but for rounding (under 1e-12 a value): the two-valued pmfs are convolved in pairs, then
    pairs of pairs, the long ones by the fast Fourier transform. Le Cam (Pacific J. Math. 10, 1960)
    names the distribution; Hong (Comput. Stat. Data Anal. 59, 2013) compares ways to it.

    Parameters
    ----------
    p : ndarray of float, shape (n,)
        Probabilities, 0 to 1, in any order.
    """
    open_p = np.sort(p[(p > 0) & (p < 1)])
    pmfs = np.stack([1 - open_p, open_p], axis=1)
    while len(pmfs) > 1:
        if len(pmfs) % 2:
            pmfs = np.concatenate([pmfs, np.eye(1, pmfs.shape[1])])
        pmfs = _paired(pmfs[0::2], pmfs[1::2])
    pmf = np.zeros(len(p) + 1)
    certain = int((p >= 1).sum())
    found = pmfs[0, : len(open_p) + 1] if len(pmfs) else np.ones(1)
    pmf[certain : certain + len(found)] = found
    return pmf


def _paired(one: Floats, other: Floats) -> Floats:
    """Convolve the rows of two arrays, shape (m, k), with one another: shape (m, 2k − 1)."""
    size = one.shape[1]
    if size <= _DIRECT:
        pmfs = np.zeros((len(one), 2 * size - 1))
        for shift in range(size):
            pmfs[:, shift : shift + size] += other[:, shift : shift + 1] * one
        return pmfs
    return _by_fourier(one, other)


def _by_fourier(one: Floats, other: Floats) -> Floats:
    """Convolve along the last axis; rounding leaves nothing below zero."""
    size = one.shape[-1] + other.shape[-1] - 1
    padded = 1 << (size - 1).bit_length()
    product = np.fft.rfft(one, padded) * np.fft.rfft(other, padded)
    pmfs: Floats = np.maximum(np.fft.irfft(product, padded)[..., :size], 0.0)
    return pmfs


def convolved(pmfs: Sequence[Floats]) -> Floats:
    """Return the pmf of the sum of independent numbers; that of 0 where there is none."""
    order = count()
    heap = [(len(pmf), next(order), pmf) for pmf in pmfs]
    heapq.heapify(heap)
    while len(heap) > 1:
        (_n, _i, one), (_m, _j, other) = heapq.heappop(heap), heapq.heappop(heap)
        direct = min(len(one), len(other)) <= _DIRECT
        sum_of = np.convolve(one, other) if direct else _by_fourier(one, other)
        heapq.heappush(heap, (len(sum_of), next(order), sum_of))
    return heap[0][2] if heap else np.ones(1)


def total_of(
    pmf: Floats, found: float, mean: float, start: float = 0.0, step: float = 1.0
) -> Total:
    """Sum a pmf up; k stands for ``start + k · step``."""
    cumulated = np.cumsum(pmf)
    intervals = []
    for level in LEVELS:
        tail = (1 - level) / 2
        low = int(np.searchsorted(cumulated, tail + _ROUNDING, side="left"))
        high = int(np.searchsorted(cumulated, 1 - tail - _ROUNDING, side="left"))
        high = min(high, len(pmf) - 1)
        intervals.append((start + low * step, start + high * step))
    return Total(found, mean, tuple(intervals))


def total_count(p: Floats, found: float) -> Total:
    """Return how many of n independent things are so, of their probabilities, shape (n,)."""
    return total_of(poisson_binomial(p), found, math.fsum(p.tolist()))


def total_amount(amount: Floats, p: Floats, found: float) -> Total:
    """Return the total of amounts of which each counts with its own probability.

    The amounts are rounded to a lattice of 65,536 steps over the sum of all uncertain ones and
    convolved exactly; the mean is exact, and the intervals are moved by what rounding did to it.
    What is left of rounding has a standard deviation under ``step / 4 · √n``. A loss that counts
    with p is a certain loss, and the same amount regained with 1 − p.

    Parameters
    ----------
    amount, p : ndarray of float, shape (n,)
    found : float
    """
    order = np.lexsort((amount, p))  # a float sum must not depend on the order of rows
    amount, p = amount[order], p[order]
    certain = float(amount[p >= 1].sum())
    is_open = (p > 0) & (p < 1) & (amount != 0)
    amount, p = amount[is_open], p[is_open]
    certain += float(amount[amount < 0].sum())
    amount, p = np.abs(amount), np.where(amount < 0, 1 - p, p)
    if not len(amount):
        return Total(found, certain, ((certain, certain),) * len(LEVELS))
    step = float(amount.sum()) / _LATTICE
    places = np.rint(amount / step).astype(np.int64)
    mean = certain + float((amount * p).sum())
    start = mean - step * float((places * p).sum())
    pmf = convolved([_two_valued(k, q) for k, q in zip(places.tolist(), p.tolist(), strict=True)])
    return total_of(pmf, found, mean, start, step)


def _two_valued(place: int, p: float) -> Floats:
    pmf = np.zeros(place + 1)
    pmf[0] = 1 - p
    pmf[place] += p
    return pmf
