from itertools import pairwise

import numpy as np
import shapely
from hypothesis import given
from hypothesis import strategies as st

from gisapp.render.clipping import cut_polygon

WINDOW = (0.0, 0.0, 10.0, 10.0)
corners = st.lists(
    st.tuples(st.integers(-20, 30), st.integers(-20, 30)), min_size=3, max_size=7, unique=True
)


def even_odd_area(polygon):
    """By counting: how much of the window has an odd number of edges to its left."""
    at = (np.arange(200) + 0.5) / 20
    inside = np.zeros((200, 200), dtype=bool)
    for ring in [polygon.exterior, *polygon.interiors]:
        xy = shapely.get_coordinates(ring)
        for (x0, y0), (x1, y1) in pairwise(xy):
            spans = ((at >= min(y0, y1)) & (at < max(y0, y1)))[:, None]
            slope = (x1 - x0) / (y1 - y0) if y1 != y0 else 0.0
            inside ^= spans & ((x0 + (at - y0) * slope)[:, None] < at[None, :])
    return inside.mean()


@given(corners, st.lists(corners, max_size=1))
def test_what_is_filled_inside_the_window_stays_and_nothing_lies_outside(shell, holes):
    polygon = shapely.Polygon(shell, holes)
    cut = cut_polygon(polygon, WINDOW)
    if not cut.is_empty:
        assert shapely.box(*WINDOW).buffer(1e-9).covers(shapely.box(*cut.bounds))
    wanted = even_odd_area(polygon)
    assert abs((0.0 if cut.is_empty else even_odd_area(cut)) - wanted) < 0.01


def test_a_ring_that_crosses_itself_everywhere_is_cut_at_once():
    noise = np.random.default_rng(1).uniform(-20, 30, (200_000, 2))
    cut = cut_polygon(shapely.Polygon(noise), WINDOW)
    assert shapely.get_num_coordinates(cut) < 200_000 * 3


def test_a_hole_beyond_its_shell_is_painted_like_an_area():
    polygon = shapely.Polygon([(-9, -9), (-5, -9), (-5, -5)], [[(2, 2), (4, 2), (4, 4), (2, 4)]])
    assert cut_polygon(polygon, WINDOW).area == 4
