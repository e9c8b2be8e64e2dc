"""Masked places: inside the ring, inside the area, the same every time."""

import numpy as np
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

from gisapp.privacy.masking import (
    donut_mask,
    donut_radii,
    families_around,
    hexagon_of,
    hexagons,
    pseudonym,
)

KEY = "ab" * 32
coordinates = st.floats(-1e6, 1e7, allow_nan=False)


def masked(points, ids, key=KEY, low=30.0, high=70.0, within=None):
    n = len(points)
    areas = np.array([within] * n, dtype=object)
    return donut_mask(points, ids, key, (np.full(n, low), np.full(n, high)), areas)


@given(st.lists(st.tuples(coordinates, coordinates), min_size=1, max_size=20))
def test_a_masked_point_lies_in_its_ring(places):
    points = np.array(places)
    away = np.linalg.norm(masked(points, [f"B{i}" for i in range(len(points))]) - points, axis=1)
    assert ((away > 29.99) & (away < 70.01)).all()


def test_the_offset_is_the_keys_and_the_ids_not_the_orders():
    points = np.random.default_rng(1).uniform(0, 1000, (50, 2))
    ids = [f"B{i}" for i in range(50)]
    once = masked(points, ids)
    assert np.array_equal(masked(points[::-1], ids[::-1])[::-1], once)
    assert not np.allclose(masked(points, ids, key="cd" * 32), once)


def test_fifty_exports_average_to_the_mask_not_to_the_place():
    points = np.random.default_rng(2).uniform(0, 1000, (20, 2))
    ids = [f"B{i}" for i in range(20)]
    mean = np.mean([masked(points, ids) for _export in range(50)], axis=0)
    assert np.linalg.norm(mean - points, axis=1).min() > 29.9


def test_a_masked_point_stays_in_its_area_however_narrow():
    strip = shapely.box(0, 0, 1000, 20)
    points = np.column_stack([np.linspace(1, 999, 200), np.full(200, 10.0)])
    inside = masked(points, [f"B{i}" for i in range(200)], within=strip)
    assert shapely.contains_xy(strip, inside).all()
    tiny = masked(points[:1], ["B0"], within=shapely.box(0, 0, 5, 20))
    assert shapely.contains_xy(shapely.box(0, 0, 5, 20), tiny).all()


def test_the_ring_fills_by_area_and_in_every_direction():
    points = np.zeros((20_000, 2))
    away = masked(points, [str(i) for i in range(20_000)], low=50.0, high=100.0)
    inner = np.linalg.norm(away, axis=1) < np.sqrt((50**2 + 100**2) / 2)
    assert abs(inner.mean() - 0.5) < 0.02
    assert np.abs(away.mean(axis=0)).max() < 2


def test_radii_hold_so_many_families():
    low, high = donut_radii(np.array([0.005]), (20.0, 100.0))
    assert np.pi * low[0] ** 2 * 0.005 == pytest.approx(20)
    assert np.pi * high[0] ** 2 * 0.005 == pytest.approx(100)


def test_masking_without_a_key_is_refused():
    with pytest.raises(ValueError, match="key"):
        masked(np.zeros((1, 2)), ["B1"], key="")


@given(coordinates, coordinates, st.sampled_from([250.0, 500.0]))
def test_a_point_lies_in_its_hexagon(x, y, width_m):
    point = np.array([[x, y]])
    cell = hexagons(hexagon_of(point, width_m), width_m)[0]
    assert cell.distance(shapely.Point(x, y)) < 1e-3


def test_hexagons_tile_the_plane():
    axial = np.array([(q, r) for q in range(-3, 4) for r in range(-3, 4)])
    cells = hexagons(axial, 250.0)
    assert shapely.union_all(cells).area == pytest.approx(shapely.area(cells).sum())
    west, _south, east, _north = cells[0].bounds
    assert east - west == pytest.approx(250.0)


def test_a_pseudonym_is_the_keys():
    assert pseudonym(KEY, "B1") == pseudonym(KEY, "B1")
    assert pseudonym(KEY, "B1") != pseudonym("cd" * 32, "B1")
    assert "B1" not in pseudonym(KEY, "B1")


def test_the_ring_in_the_open_hides_what_it_was_made_for():
    low, high = donut_radii(np.array([0.005]), (20.0, 100.0))
    nowhere = np.array([None], dtype=object)
    among = families_around(np.zeros((1, 2)), (low, high), np.array([0.005]), nowhere)
    assert among == pytest.approx(80)


def test_a_border_through_the_ring_halves_what_it_hides():
    half_plane = np.array([shapely.box(0, -1000, 1000, 1000)], dtype=object)
    radii = (np.array([50.0]), np.array([100.0]))
    among = families_around(np.zeros((1, 2)), radii, np.array([0.01]), half_plane)
    assert among == pytest.approx(0.01 * np.pi * (100**2 - 50**2) / 2, rel=0.01)


def test_rings_of_two_sizes_do_not_cross_at_the_place():
    """An attacker who knows both densities extrapolates from one masked place through the other."""
    points = np.random.default_rng(4).uniform(0, 1000, (200, 2))
    ids = [f"B{i}" for i in range(200)]
    once = masked(points, ids, low=30.0, high=70.0)
    again = masked(points, ids, low=60.0, high=140.0)
    guess = 2 * once - again
    assert np.median(np.linalg.norm(guess - points, axis=1)) > 60
