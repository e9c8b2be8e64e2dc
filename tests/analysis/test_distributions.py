"""Distributions of sums against enumeration of every way the parts can fall."""

from itertools import product

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gisapp.analysis.distributions import (
    LEVELS,
    convolved,
    poisson_binomial,
    total_amount,
    total_count,
)

CHANCE = st.floats(0, 1) | st.sampled_from([0.0, 0.5, 1.0])
FEW = st.lists(CHANCE, max_size=12)


def enumerated(p, amounts=None):
    """Every possible sum with its probability, the slow way."""
    amounts = [1] * len(p) if amounts is None else amounts
    sums = {}
    for state in product((0, 1), repeat=len(p)):
        weight = np.prod([q if hit else 1 - q for q, hit in zip(p, state, strict=True)])
        value = sum(a for a, hit in zip(amounts, state, strict=True) if hit)
        sums[value] = sums.get(value, 0.0) + weight
    return sums


@given(FEW)
def test_a_pmf_is_what_enumeration_gives(p):
    pmf = poisson_binomial(np.array(p))
    sums = enumerated(p)
    assert pmf == pytest.approx([sums.get(k, 0.0) for k in range(len(p) + 1)], abs=1e-12)


@pytest.mark.parametrize("n", [63, 64, 65, 127, 2_000])
def test_many_are_as_exact_as_few(n):
    p = np.random.default_rng(n).random(n)
    slow = np.ones(1)
    for q in p.tolist():
        slow = np.convolve(slow, [1 - q, q])
    assert np.abs(poisson_binomial(p) - slow).max() < 1e-12


@given(FEW, st.randoms())
def test_the_order_changes_no_digit(p, random):
    shuffled = random.sample(p, len(p))
    assert (poisson_binomial(np.array(p)) == poisson_binomial(np.array(shuffled))).all()


@given(st.lists(CHANCE, max_size=40))
def test_intervals_nest_and_hold_what_they_say(p):
    total = total_count(np.array(p), 0.0)
    pmf = poisson_binomial(np.array(p))
    for level, (low, high) in zip(LEVELS, total.intervals, strict=True):
        assert pmf[int(low) : int(high) + 1].sum() >= level - 1e-9
        assert pmf[: int(low)].sum() <= (1 - level) / 2 + 1e-9
        assert pmf[int(high) + 1 :].sum() <= (1 - level) / 2 + 1e-9
    (low_90, high_90), (low_95, high_95) = total.intervals
    assert low_95 <= low_90 <= high_90 <= high_95
    assert total.mean == pytest.approx(sum(p))


def test_what_is_certain_leaves_nothing_open():
    assert total_count(np.array([1.0, 1.0, 0.0]), 2.0).intervals == ((2.0, 2.0), (2.0, 2.0))


@given(
    st.lists(
        st.tuples(st.floats(0.05, 0.95), st.integers(-9_000_000, 9_000_000)),
        min_size=1,
        max_size=10,
    )
)
def test_an_amount_s_interval_is_enumeration_s_up_to_the_lattice(parts):
    p, amounts = (list(x) for x in zip(*parts, strict=True))
    total = total_amount(np.array(amounts, dtype=float), np.array(p), 0.0)
    sums = sorted(enumerated(p, amounts).items())
    cumulated = np.cumsum([weight for _value, weight in sums])
    slack = sum(map(abs, amounts)) / 2**16 * len(p) + 1e-6
    for level, (low, high) in zip(LEVELS, total.intervals, strict=True):
        inside = sum(weight for value, weight in sums if low - slack <= value <= high + slack)
        assert inside >= level - 1e-9
        tail = (1 - level) / 2
        least = sums[int(np.searchsorted(cumulated, tail - 1e-9))][0]
        most = sums[min(int(np.searchsorted(cumulated, 1 - tail + 1e-9)), len(sums) - 1)][0]
        assert low >= least - slack
        assert high <= most + slack
    assert total.mean == pytest.approx(float(np.dot(p, amounts)), abs=1e-6)


def test_certain_amounts_are_a_constant():
    total = total_amount(np.array([10.0, 5.0, 7.0]), np.array([1.0, 0.0, 1.0]), 17.0)
    assert (total.mean, total.intervals) == (17.0, ((17.0, 17.0), (17.0, 17.0)))


def test_sums_of_sums_are_the_sum_of_all():
    p = np.random.default_rng(1).random(200)
    parts = [poisson_binomial(part) for part in np.split(p, [3, 90, 91])]
    assert np.abs(convolved(parts) - poisson_binomial(p)).max() < 1e-12
    assert convolved([]).tolist() == [1.0]
