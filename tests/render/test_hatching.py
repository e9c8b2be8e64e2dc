import numpy as np
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

from gisapp.core.style import Hatch
from gisapp.render.hatching import hatch_dots, hatch_lines

RING = shapely.box(0, 0, 100, 100).difference(shapely.box(30, 30, 70, 70))


def rings_of(area: shapely.Polygon) -> list[np.ndarray]:
    rings = [area.exterior, *area.interiors]
    return [shapely.get_coordinates(ring)[:-1] for ring in rings]


@pytest.mark.parametrize("hatch", ["diagonal", "back", "cross"])
def test_lines_stay_inside_the_area_and_out_of_its_hole(hatch: Hatch) -> None:
    lines = shapely.linestrings(hatch_lines(rings_of(RING), hatch, 7.0))
    assert shapely.covers(RING.buffer(1e-6), lines).all()
    spacing = 7.0 / np.sqrt(2) / (2 if hatch == "cross" else 1)
    assert shapely.length(lines).sum() == pytest.approx(RING.area / spacing, rel=0.05)


@given(x=st.floats(-1e4, 1e4), y=st.floats(-1e4, 1e4))
def test_lines_of_neighbouring_areas_meet(x: float, y: float) -> None:
    for slope, hatch in ((1.0, "diagonal"), (-1.0, "back")):
        lines = hatch_lines(rings_of(shapely.box(x, y, x + 50, y + 50)), hatch, 8.0)
        levels = (lines[..., 0] + slope * lines[..., 1]) / 8.0
        np.testing.assert_allclose(levels, np.rint(levels), atol=1e-6)


def test_dots_lie_inside_on_one_grid() -> None:
    dots = hatch_dots(rings_of(RING), 5.0)
    assert shapely.contains_xy(RING, dots[:, 0], dots[:, 1]).all()
    assert len(dots) == pytest.approx(RING.area / 25, rel=0.1)


def test_an_area_smaller_than_the_spacing_may_have_no_line() -> None:
    assert hatch_lines(rings_of(shapely.box(1, 1, 1.1, 1.1)), "diagonal", 100.0).shape == (0, 2, 2)


@given(st.lists(st.tuples(st.integers(0, 60), st.integers(0, 60)), min_size=3, max_size=9))
def test_rings_that_cross_themselves_are_hatched_where_they_are_filled(corners) -> None:
    """Even-odd, as Qt fills: every middle of a segment lies in an odd number of loops."""
    ring = np.array(corners, dtype=float) + 0.3
    for x, y in hatch_lines([ring], "diagonal", 4.0).mean(axis=1):
        assert crossings(ring, x, y) % 2 == 1 or on_edge(ring, x, y)
    for x, y in hatch_dots([ring], 4.0):
        assert crossings(ring, x, y) % 2 == 1 or on_edge(ring, x, y)


def crossings(ring: np.ndarray, x: float, y: float) -> int:
    count = 0
    for (x0, y0), (x1, y1) in zip(ring, np.roll(ring, -1, axis=0), strict=True):
        if (y0 > y) != (y1 > y) and x < x0 + (y - y0) / (y1 - y0) * (x1 - x0):
            count += 1
    return count


def on_edge(ring: np.ndarray, x: float, y: float) -> bool:
    outline = shapely.LineString([*ring, ring[0]])
    return bool(shapely.distance(outline, shapely.Point(x, y)) < 1e-6)


def test_a_ring_of_many_crossings_takes_no_longer_than_its_length() -> None:
    walk = np.random.default_rng(3).uniform(0, 500, (20_000, 2))
    assert len(hatch_lines([walk], "cross", 8.0)) > 10_000
