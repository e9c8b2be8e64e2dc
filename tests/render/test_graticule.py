"""Coordinates on a map: round, in their places, and true."""

import numpy as np
import pyproj
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gisapp.core.words import speaking
from gisapp.render.graticule import convergence, crossing, grid_lines
from gisapp.render.viewport import Viewport

CRS = "EPSG:32748"
VIEW = Viewport(707_500.0, 9_300_000.0, 2.0, 1600, 2000, 12.0)


def test_metres_are_round_and_lie_where_they_say():
    for line in grid_lines(VIEW, CRS, "metres"):
        value = float(line.text.replace(",", ""))
        assert value % 1000 == 0
        at = VIEW.to_map(line.px)[:, 0 if line.axis == "x" else 1]
        assert at == pytest.approx(value, abs=1e-6)


def test_degrees_lie_where_they_say():
    to_degrees = pyproj.Transformer.from_crs(CRS, "EPSG:4326", always_xy=True)
    texts = set()
    for line in grid_lines(VIEW, CRS, "degrees"):
        lon, lat = to_degrees.transform(*VIEW.to_map(line.px).T)
        values = lon if line.axis == "x" else lat
        degrees, minutes = line.text.split("°")[0], line.text.split("°")[1].split("′")[0]
        told = float(degrees) + float(minutes) / 60
        if "″" in line.text:
            told += float(line.text.split("′")[1].split("″")[0]) / 3600
        assert np.abs(values) == pytest.approx(told, abs=2e-6)
        texts.add(line.text[-1])
    assert texts == {"E", "S"}


@pytest.mark.parametrize("unit", ["metres", "degrees"])
@given(
    x=st.floats(200_000, 800_000), y=st.floats(8_800_000, 9_900_000), resolution=st.floats(0.01, 60)
)
def test_lines_end_on_the_frame_and_are_neither_few_nor_many(unit, x, y, resolution):
    view = Viewport(x, y, resolution, 1200, 900, 12.0)
    lines = grid_lines(view, CRS, unit)
    assert 1 <= len(lines) <= 12
    for line in lines:
        assert line.px.min() >= -1e-6
        assert (line.px <= np.array([1200, 900]) + 1e-6).all()
        edges = ("top", "bottom") if line.axis == "x" else ("left", "right")
        assert any(crossing(line, edge, 1200, 900) is not None for edge in edges)


def test_nothing_is_written_of_places_that_the_projection_does_not_know():
    beyond = Viewport(5e8, 5e8, 1e5, 400, 300, 4.0)
    assert all(np.isfinite(line.px).all() for line in grid_lines(beyond, CRS, "degrees"))
    assert np.isfinite(convergence(5e8, 5e8, CRS))


def test_numbers_are_written_in_the_readers_manner():
    with speaking("id"):
        assert "9.300.000" in {line.text for line in grid_lines(VIEW, CRS, "metres")}


def test_convergence_is_that_of_the_formula():
    """West of true north: east of the central meridian, south of the equator."""
    to_degrees = pyproj.Transformer.from_crs(CRS, "EPSG:4326", always_xy=True)
    lon, lat = to_degrees.transform(VIEW.center_x, VIEW.center_y)
    expected = np.degrees(np.arctan(np.tan(np.radians(lon - 105)) * np.sin(np.radians(lat))))
    assert convergence(VIEW.center_x, VIEW.center_y, CRS) == pytest.approx(expected, abs=0.002)
    assert expected < 0
