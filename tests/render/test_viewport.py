import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gisapp.render.viewport import Viewport

VIEW = Viewport(705_000.0, 9_300_000.0, 5.0, 800, 600, 4.0)
FINITE = st.floats(-1e6, 1e6)


def test_the_middle_of_the_image_is_the_centre() -> None:
    assert VIEW.to_px(np.array([[705_000.0, 9_300_000.0]])).tolist() == [[400.0, 300.0]]


def test_north_is_up() -> None:
    north = VIEW.to_px(np.array([[705_000.0, 9_300_100.0]]))
    assert north[0, 1] == 300.0 - 100 / 5


@given(x=FINITE, y=FINITE)
def test_to_map_undoes_to_px(x: float, y: float) -> None:
    there = VIEW.to_px(np.array([[x, y]]))
    np.testing.assert_allclose(VIEW.to_map(there), [[x, y]], atol=1e-6)


@given(factor=st.floats(0.1, 10), x=st.floats(0, 800), y=st.floats(0, 600))
def test_zooming_keeps_the_place_under_the_pointer(factor: float, x: float, y: float) -> None:
    pointer = np.array([[x, y]])
    zoomed = VIEW.zoomed(factor, (x, y))
    np.testing.assert_allclose(zoomed.to_map(pointer), VIEW.to_map(pointer), atol=1e-6)
    assert zoomed.metres_per_px == pytest.approx(5.0 / factor)


def test_panning_moves_what_is_drawn_with_the_pointer() -> None:
    place = VIEW.to_map(np.array([[100.0, 100.0]]))
    assert VIEW.panned(30, -20).to_px(place).tolist() == [[130.0, 80.0]]


def test_fitting_shows_all_of_the_bounds_with_a_margin() -> None:
    view = Viewport.fitting((0.0, 0.0, 1000.0, 4000.0), 800, 600, margin=0.1)
    min_x, min_y, max_x, max_y = view.bounds
    assert min_y == pytest.approx(-500.0)
    assert max_y == pytest.approx(4500.0)
    assert min_x < 0
    assert max_x > 1000


def test_a_single_point_is_shown_at_a_scale_one_can_read() -> None:
    assert Viewport.fitting((5.0, 5.0, 5.0, 5.0), 800, 600).scale == pytest.approx(2000.0)


def test_zooming_ends_somewhere() -> None:
    assert VIEW.zoomed(1e30).metres_per_px > 0
    assert np.isfinite(VIEW.zoomed(1e-30).metres_per_px)


def test_a_kept_view_looks_the_same_on_another_screen() -> None:
    sharp = Viewport.of_view(VIEW.view, 1600, 1200, 8.0)
    assert sharp.bounds == pytest.approx(VIEW.bounds)
    assert sharp.scale == pytest.approx(VIEW.scale)
