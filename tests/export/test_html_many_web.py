"""Many markers are drawn otherwise than few: the picture and what a click finds stay the same."""

import dataclasses

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
from helpers.browser import visit
from helpers.people import layer, people_project, style

from gisapp.export import write
from gisapp.privacy.redact import redact

pytestmark = [pytest.mark.web, pytest.mark.xdist_group("web")]

CLASSES = ("a", "b", "c")
# The colour of the map at each of the first twenty points of a rule.
COLOURS = """(function (rule) {
  const path = Object.values(map_gisapp._layers).find((x) => x.layer);
  const { _ctx: ctx, _bounds: { min } } = path._renderer;
  const ratio = window.devicePixelRatio;
  return [...path._rowsByRule[rule].slice(0, 20)].map((i) => {
    const x = (path.pointsPx[2 * i] - min.x) * ratio;
    const y = (path.pointsPx[2 * i + 1] - min.y) * ratio;
    return [...ctx.getImageData(Math.floor(x), Math.floor(y), 1, 1).data];
  });
})(%d)"""
CLICK = """(function (i) {
  const path = Object.values(map_gisapp._layers).find((x) => x.layer);
  const at = L.point(path.pointsPx[2 * i], path.pointsPx[2 * i + 1]);
  map_gisapp.fire('click', { latlng: map_gisapp.layerPointToLatLng(at) });
  return [...document.querySelectorAll('.popup')].at(-1).textContent.includes('P' + i);
})(%d)"""


def page_with(n, path, opacity=1.0):
    """A page with `n` points of three classes on a lattice, far enough from each other."""
    west, south, east, north = people_project(5, 5).layer("admin").frame.total_bounds
    side = int(np.ceil(np.sqrt(n)))
    x, y = np.meshgrid(np.linspace(west, east, side), np.linspace(south, north, side))
    places = gpd.points_from_xy(x.ravel()[:n], y.ravel()[:n])
    data = {"id": [f"P{i}" for i in range(n)], "class": [CLASSES[i % 3] for i in range(n)]}
    drawn = style("other", "class", CLASSES, size_mm=1.5, fill_opacity=opacity)
    made = layer("other", pd.DataFrame(data).astype("str"), places)
    points = dataclasses.replace(made, style=drawn)
    project = dataclasses.replace(people_project(5, 5, assessed=False), layers=(points,))
    write(redact(project, "internal"), path, lang="en")
    return path


@pytest.mark.parametrize("opacity", [1.0, 0.5])
def test_many_markers_have_the_colours_of_few(tmp_path, opacity):
    few = visit(page_with(300, tmp_path / "few.html", opacity), [COLOURS % i for i in range(3)])
    many = visit(page_with(1600, tmp_path / "many.html", opacity), [COLOURS % i for i in range(3)])
    for wanted, told in zip(few.answers, many.answers, strict=True):
        assert np.abs(np.median(wanted, axis=0) - np.median(told, axis=0)).max() <= 3
        assert np.median(told, axis=0)[3] > 0


def test_a_click_finds_one_of_many(tmp_path):
    seen = visit(page_with(1600, tmp_path / "many.html"), [CLICK % i for i in (0, 801, 1599)])
    assert seen.answers == [True, True, True]
