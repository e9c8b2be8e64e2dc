"""An attacker who knows every shown number and every sum must not find a hidden one."""

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from gisapp.privacy.suppression import TiedCounts, bounds, derivable, suppressed

N = 3


def two_way(cells):
    """A table of counts with its margins, as tied counts; `cells` is a list of rows."""
    counts = TiedCounts()
    rows, columns = len(cells), len(cells[0])
    inner = [[counts.add(value, 1) for value in row] for row in cells]
    row_totals = [counts.add(sum(row), 3) for row in cells]
    column_totals = [counts.add(sum(row[j] for row in cells), 3) for j in range(columns)]
    whole = counts.add(sum(map(sum, cells)), 5)
    for i in range(rows):
        counts.tie(row_totals[i], inner[i])
    for j in range(columns):
        counts.tie(column_totals[j], [inner[i][j] for i in range(rows)])
    counts.tie(whole, row_totals)
    counts.tie(whole, column_totals)
    return counts


def tables(rows, columns, most):
    return st.lists(
        st.lists(st.integers(0, most), min_size=columns, max_size=columns),
        min_size=rows, max_size=rows,
    )  # fmt: skip


def possible_tables(counts, hidden, shape, most):
    """Every table that agrees with what is shown, found by trying them all."""
    values = np.array(counts.values)
    size = shape[0] * shape[1]
    guesses = [np.arange(most + 1) if hidden[i] else values[i : i + 1] for i in range(size)]
    inner = np.stack(np.meshgrid(*guesses, indexing="ij"), axis=-1).reshape(-1, *shape)
    margins = (inner.sum(2), inner.sum(1), inner.sum((1, 2))[:, None])
    numbers = np.hstack([inner.reshape(len(inner), size), *margins])
    return numbers[(numbers[:, ~hidden] == values[~hidden]).all(axis=1)]


@settings(max_examples=60)
@given(tables(2, 3, 6))
def test_nobody_who_tries_every_table_finds_a_hidden_number(cells):
    counts = two_way(cells)
    hidden = suppressed(counts, N)
    values = np.array(counts.values)
    assert not ((values > 0) & (values < N) & ~hidden).any()
    found = possible_tables(counts, hidden, (2, 3), 8)
    inner = np.flatnonzero(hidden[:6])
    assert len(found) > 1 or not hidden.any()
    assert all(len(set(found[:, i])) > 1 for i in inner)


@settings(max_examples=60)
@given(tables(4, 5, 40))
def test_nothing_follows_by_algebra_and_small_numbers_are_loosely_bound(cells):
    counts = two_way(cells)
    hidden = suppressed(counts, 10)
    values = np.array(counts.values)
    small = (values > 0) & (values < 10)
    assert hidden[small].all()
    assert not hidden[values == 0].any()
    assert not derivable(counts.matrix(), hidden).size
    low, high = bounds(values, counts.sums, hidden)
    closed = hidden.sum() == (values > 0).sum()  # everything is hidden: nothing more can be done
    assert closed or (high - low)[small].min(initial=np.inf) >= 10


def test_a_table_without_small_counts_is_shown_whole():
    assert not suppressed(two_way([[20, 30], [40, 50]]), 10).any()


def test_one_small_count_takes_its_neighbours_but_no_margin():
    counts = two_way([[4, 30, 25], [40, 50, 60], [33, 44, 55]])
    hidden = suppressed(counts, 10)
    assert hidden[:9].sum() == 4
    assert not hidden[9:].any()


def test_two_hidden_counts_whose_sum_is_small_do_not_stand_alone():
    counts = TiedCounts()
    parts = [counts.add(2), counts.add(3), counts.add(50), counts.add(70)]
    counts.tie(counts.add(125, 5), parts)
    hidden = suppressed(counts, 10)
    assert hidden[:2].all()
    assert sum(np.array(counts.values)[hidden]) >= 10


def test_what_a_reader_knows_from_elsewhere_is_not_taken_for_hidden():
    counts = TiedCounts()
    rest, known = counts.add(3), counts.add(40)
    whole = counts.add(43, 5)
    counts.tie(whole, [rest, known])
    counts.known.add(known)
    assert suppressed(counts, 10).tolist() == [True, False, True]
