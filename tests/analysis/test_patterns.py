"""Gi*, local Moran, permutations and false discoveries, against formulas and counts by hand."""

from __future__ import annotations

import itertools
import subprocess
import sys
from typing import Any

import numpy as np
import pytest
import shapely
from esda.getisord import G_Local
from libpysal.graph import Graph

from gisapp.analysis.patterns import (
    FDR,
    MIN_UNITS,
    Neighbours,
    conditional_tails,
    false_discovery,
    local_patterns,
    local_statistics,
    moran_tails,
    neighbours,
    two_sided,
)
from gisapp.core.errors import Cancelled
from gisapp.core.progress import SILENT


def grid(columns: int, rows: int) -> np.ndarray:
    """Squares of 100 m, row by row."""
    corners = itertools.product(range(rows), range(columns))
    return np.array(
        [shapely.box(x * 100, y * 100, x * 100 + 100, y * 100 + 100) for y, x in corners],
        dtype=object,
    )


def matrix(near: Neighbours) -> np.ndarray:
    w = np.zeros((near.n, near.n))
    w[near.unit, near.other] = 1.0
    return w


def gi_star(y: np.ndarray, w: np.ndarray) -> np.ndarray:
    """Ord and Getis (1995), equation 14, unit by unit."""
    n, star = len(y), w + np.eye(len(y))
    mean, s = y.mean(), np.sqrt((y**2).mean() - y.mean() ** 2)
    found = []
    for row in star:
        w1, w2 = row.sum(), (row**2).sum()
        found.append((row @ y - mean * w1) / (s * np.sqrt((n * w2 - w1**2) / (n - 1))))
    return np.array(found)


def local_moran(y: np.ndarray, w: np.ndarray) -> np.ndarray:
    """Anselin (1995), with row-standardised weights and esda's n − 1."""
    z = (y - y.mean()) / y.std()
    return np.array(
        [z[i] * (row / row.sum()) @ z * (len(y) - 1) / (z**2).sum() for i, row in enumerate(w)]
    )


@pytest.fixture(scope="module")
def noisy() -> tuple[np.ndarray, Neighbours]:
    near = neighbours(grid(9, 8))
    return np.random.default_rng(3).gamma(2.0, 5.0, 72), near


def test_units_that_touch_at_an_edge_or_a_corner_are_neighbours() -> None:
    assert neighbours(grid(3, 3)).degree.tolist() == [3, 5, 3, 5, 8, 5, 3, 5, 3]


def test_borders_that_gape_by_less_than_a_metre_still_touch() -> None:
    shapes = np.array([shapely.box(0, 0, 9, 9), shapely.box(9.6, 0, 20, 9)], dtype=object)
    assert neighbours(shapes).degree.tolist() == [1, 1]
    apart = np.array([shapely.box(0, 0, 9, 9), shapely.box(11, 0, 20, 9)], dtype=object)
    assert neighbours(apart).degree.tolist() == [0, 0]


def test_gi_star_is_that_of_the_textbook_example() -> None:
    # Six places, neighbours within 15: the example of PySAL's own page on G_Local.
    places = np.array([(10, 10), (20, 10), (40, 10), (15, 20), (30, 20), (30, 30)])
    apart = np.hypot(*(places[:, None] - places[None]).transpose(2, 0, 1))
    unit, other = np.nonzero((apart <= 15) & (apart > 0))
    gi_z, _i, _q, _moran = local_statistics(
        np.array([2, 3, 3.2, 5, 8, 7]), Neighbours(unit, other, 6)
    )
    published = [-1.39727626, -0.28917762, 0.65064964, -0.28917762, 1.23452088, 2.02424331]
    assert gi_z == pytest.approx(published)


def test_the_statistics_follow_their_formulas(noisy: tuple[np.ndarray, Neighbours]) -> None:
    y, near = noisy
    w = matrix(near)
    gi_z, local_i, quadrant, moran = local_statistics(y, near)
    assert gi_z == pytest.approx(gi_star(y, w))
    assert local_i == pytest.approx(local_moran(y, w))
    rows = w / w.sum(axis=1, keepdims=True)
    z = y - y.mean()
    assert moran == pytest.approx((z @ rows @ z) / (z @ z))
    own, around = z > 0, rows @ z > 0
    expected = np.where(own, np.where(around, "HH", "HL"), np.where(around, "LH", "LL"))
    assert quadrant.tolist() == expected.tolist()


def test_the_tails_are_those_of_all_draws() -> None:
    # Unit 0 has one neighbour, unit 1, which holds 5; the others could have given 5, 2 or 9.
    y = np.array([1.0, 5.0, 2.0, 9.0])
    near = Neighbours(np.array([0, 1, 2, 3]), np.array([1, 0, 3, 2]), 4)
    upper, lower = conditional_tails(y, near, 6_000, np.random.default_rng(1), SILENT)
    assert upper[0] == pytest.approx(2 / 3, abs=0.03)
    assert lower[0] == pytest.approx(2 / 3, abs=0.03)
    assert upper[2] == pytest.approx(1 / 3, abs=0.03)  # its neighbour holds 9, the most


def test_where_most_hold_nothing_nothing_is_a_cold_spot() -> None:
    # esda's own p calls nearly all of these cold: a draw of nothing is not less than nothing.
    y = np.zeros(400)
    y[[30, 90, 155, 222, 310]] = 1.0
    near = neighbours(grid(20, 20))
    found = local_patterns(y, near, 1, SILENT)
    assert set(found.pattern) == {"not_significant"}
    empty = (y == 0) & ~np.isin(np.arange(400), near.unit[y[near.other] > 0])
    assert (found.p[empty] == 1.0).all()


def test_p_under_chance_is_spread_evenly() -> None:
    rng = np.random.default_rng(8)
    near = neighbours(grid(15, 15))
    found = [
        two_sided(*conditional_tails(rng.normal(size=225), near, 399, rng, SILENT))
        for _round in range(6)
    ]
    shares, _edges = np.histogram(np.concatenate(found), bins=5, range=(0, 1))
    assert shares / shares.sum() == pytest.approx([0.2] * 5, abs=0.06)


def test_moran_s_tails_are_small_for_a_slope_and_not_for_noise(
    noisy: tuple[np.ndarray, Neighbours],
) -> None:
    y, near = noisy
    rng = np.random.default_rng(4)
    assert two_sided(*moran_tails(np.arange(72.0), near, rng)) == pytest.approx(0.002)
    assert two_sided(*moran_tails(y, near, rng)) > FDR


def test_false_discoveries_by_hand() -> None:
    # Sorted 0.005, 0.01, 0.03, 0.04 times 4/1, 4/2, 4/3, 4/4; then none above a later one.
    assert false_discovery(np.array([0.01, 0.04, 0.03, 0.005])) == pytest.approx(
        [0.02, 0.04, 0.04, 0.02]
    )


def planted() -> tuple[np.ndarray, Neighbours]:
    """A field of low noise with a high corner of 3 × 3."""
    y = np.random.default_rng(5).poisson(3.0, (12, 12)).astype(float)
    y[:3, :3] += 40
    return y.ravel(), neighbours(grid(12, 12))


def test_a_planted_cluster_is_found_and_nothing_far_from_it() -> None:
    y, near = planted()
    found = local_patterns(y, near, 1, SILENT)
    hot = np.flatnonzero(found.pattern == "hot")
    assert {0, 1, 2, 12, 13, 14, 24, 25, 26} & set(hot)
    assert all(i // 12 <= 3 and i % 12 <= 3 for i in hot)
    assert (found.p_adjusted[hot] <= FDR).all()
    assert found.moran_p < FDR
    assert found.why_no_claim == ""


def test_the_seed_decides_the_draws_and_not_the_answer() -> None:
    y, near = planted()
    one, again, other = (local_patterns(y, near, seed, SILENT) for seed in (1, 1, 2))
    assert np.array_equal(one.p, again.p)
    assert not np.array_equal(one.p, other.p)
    assert np.abs(one.p - other.p).max() < 0.1
    assert one.gi_z.tolist() == other.gi_z.tolist()


@pytest.mark.parametrize(("n", "claims"), [(MIN_UNITS - 1, False), (MIN_UNITS, True)])
def test_nothing_is_claimed_of_fewer_than_thirty_units(n: int, claims: bool) -> None:
    y = np.where(np.isin(np.arange(n), (0, 1, 6, 7)), 100.0, np.arange(n) % 3)
    found = local_patterns(y, neighbours(grid(6, 5)[:n]), 1, SILENT)
    assert (found.why_no_claim == "") is claims
    assert found.units == n
    if claims:
        assert "hot" in found.pattern
    else:
        assert found.why_no_claim == "too_few_units"
        assert set(found.pattern) == {"no_claim"}
        assert np.isnan(found.p).all()


def test_a_unit_that_is_not_known_is_not_a_neighbour_and_does_not_count() -> None:
    y, near = np.arange(32.0), neighbours(grid(32, 1))
    y[1] = np.nan  # unit 0 has no other neighbour
    found = local_patterns(y, near, 1, SILENT)
    assert found.pattern[:2].tolist() == ["no_neighbours", "left_out"]
    assert (found.units, found.why_no_claim) == (31, "")
    assert np.isnan(found.gi_z[:2]).all()
    without = local_patterns(y[2:], neighbours(grid(30, 1)), 1, SILENT)
    assert found.gi_z[2:] == pytest.approx(without.gi_z)


def test_units_that_hardly_touch_each_other_show_no_pattern() -> None:
    shapes = np.array([shapely.box(x, 0, x + 5, 5) for x in range(0, 400, 10)], dtype=object)
    found = local_patterns(np.arange(40.0), neighbours(shapes), 1, SILENT)
    assert found.why_no_claim == "no_neighbours"
    assert set(found.pattern) == {"no_neighbours"}


def test_where_all_are_alike_there_is_no_pattern() -> None:
    found = local_patterns(np.full(36, 0.1), neighbours(grid(6, 6)), 1, SILENT)
    assert found.why_no_claim == "no_variation"
    assert set(found.pattern) == {"no_claim"}


def test_the_draws_can_be_stopped() -> None:
    class Impatient:
        def step(self, done: int, total: int, text: str) -> None:
            if total:
                raise Cancelled

    y, near = planted()
    with pytest.raises(Cancelled):
        local_patterns(y, near, 1, Impatient())


def test_nothing_slow_is_imported_until_patterns_are_asked_for() -> None:
    slow = "{'esda', 'libpysal', 'scipy.stats'} & set(sys.modules)"
    program = f"import sys, gisapp.analysis.pattern_report; sys.exit(bool({slow}))"
    assert subprocess.run([sys.executable, "-c", program], check=False).returncode == 0


def test_esda_gives_gi_star_without_its_permutations(monkeypatch: Any) -> None:
    # If a later esda drew them all the same, a page would wait for a compiler.
    monkeypatch.setattr("esda.getisord._crand_plus", None)
    near = neighbours(grid(6, 6))
    graph = Graph.from_arrays(near.unit, near.other, np.ones(len(near.unit)))
    assert G_Local(np.arange(36.0), graph, "B", permutations=0, star=True).Zs.shape == (36,)
