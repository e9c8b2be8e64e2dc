import numpy as np
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

from gisapp.core.style import Hatch
from gisapp.render.hatching import hatch_dots, hatch_lines

RING = shapely.box(0, 0, 100, 100).difference(shapely.box(30, 30, 70, 70))


@pytest.mark.parametrize("hatch", ["diagonal", "back", "cross"])
def test_lines_stay_inside_the_area_and_out_of_its_hole(hatch: Hatch) -> None:
    lines = shapely.linestrings(hatch_lines(RING, hatch, 7.0))
    assert shapely.covers(RING.buffer(1e-6), lines).all()
    spacing = 7.0 / np.sqrt(2) / (2 if hatch == "cross" else 1)
    assert shapely.length(lines).sum() == pytest.approx(RING.area / spacing, rel=0.05)


@given(x=st.floats(-1e4, 1e4), y=st.floats(-1e4, 1e4))
def test_lines_of_neighbouring_areas_meet(x: float, y: float) -> None:
    for slope, hatch in ((1.0, "diagonal"), (-1.0, "back")):
        lines = hatch_lines(shapely.box(x, y, x + 50, y + 50), hatch, 8.0)
        levels = (lines[..., 0] + slope * lines[..., 1]) / 8.0
        np.testing.assert_allclose(levels, np.rint(levels), atol=1e-6)


def test_dots_lie_inside_on_one_grid() -> None:
    dots = hatch_dots(RING, 5.0)
    assert shapely.contains_xy(RING, dots[:, 0], dots[:, 1]).all()
    assert len(dots) == pytest.approx(RING.area / 25, rel=0.1)


def test_an_area_smaller_than_the_spacing_may_have_no_line() -> None:
    assert hatch_lines(shapely.box(1, 1, 1.1, 1.1), "diagonal", 100.0).shape == (0, 2, 2)
