"""Any layers in any style at any place: drawn or skipped with a count, never a crash or a hang.

`GISAPP_FUZZ=20000` tries so many maps, others on each run.
"""

import os
from dataclasses import replace

import pytest
import shapely
from helpers.maps import a_layer, a_rule, a_style
from helpers.wild import maps
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PySide6.QtGui import QColor, QImage, QPainter

from gisapp.core.style import Heat, Style, Symbol
from gisapp.render.legend import legend
from gisapp.render.painter import paint
from gisapp.render.pick import pick
from gisapp.render.picture import draw_ground, draw_names
from gisapp.render.scene import build_scene
from gisapp.render.viewport import Viewport

FAR = Viewport(450.0, 450.0, 15.0, 100, 100, 4.0)  # 1:60,000
TRIES = int(os.environ.get("GISAPP_FUZZ", "60"))
slow_to_make = settings(
    max_examples=TRIES,
    derandomize="GISAPP_FUZZ" not in os.environ,
    suppress_health_check=list(HealthCheck),
)


@pytest.fixture(autouse=True)
def _qt(qapp):
    """Fonts and painters need an application."""


def test_a_surface_without_rules_has_no_borders_far_out():
    areas = a_layer([shapely.box(0, 0, 9, 9)], Style("heat", (), heat=Heat()))
    faint = replace(a_style(a_rule("x", Symbol(stroke="#000000", stroke_mm=0.8))), opacity=0.3)
    scene = build_scene([areas, a_layer([shapely.box(0, 0, 900, 900)], faint)], FAR)
    assert [x.opacity for x in scene.groups if x.batches] == [0.3, 0.3]


@slow_to_make
@given(maps())
def test_any_scene_is_painted_or_skipped_with_a_count(made):
    layers, viewport = made
    scene = build_scene(layers, viewport)
    image = QImage(viewport.width_px, viewport.height_px, QImage.Format.Format_ARGB32_Premultiplied)
    image.fill(QColor("#ffffff"))
    painter = QPainter(image)
    paint(painter, scene)
    assert painter.end()
    told = legend(layers, viewport)
    assert [x.name for x in told] == [x.name for x in layers if x.visible]
    frames = {x.name: x.frame for x in layers}
    for part in told:
        drawn = sum(x.total for x in part.entries)
        assert drawn + part.without_rule + part.without_place == len(frames[part.name])
        assert part.in_view is None or part.in_view <= drawn
        assert part.name not in scene.skipped or scene.skipped[part.name] == part.without_place


@slow_to_make
@given(maps(), st.booleans(), st.integers(0, 60), st.integers(0, 60))
def test_any_ground_is_drawn_in_whole_and_in_part(made, coarse, x, y):
    layers, viewport = made
    whole = draw_ground(layers, viewport, coarse=coarse)
    assert (whole.width(), whole.height()) == (viewport.width_px, viewport.height_px)
    part = (min(x, viewport.width_px - 1), min(y, viewport.height_px - 1), 1, 1)
    assert draw_ground(layers, viewport, window=part).width() == 1
    assert draw_names(layers, viewport).size() == whole.size()


@slow_to_make
@given(maps(), st.integers(-10, 130), st.integers(-10, 130), st.sampled_from([0.0, 5.0, 1e6]))
def test_any_place_is_picked(made, x, y, tolerance):
    layers, viewport = made
    hits = pick(layers, viewport, x, y, tolerance)
    assert len({(hit.layer, hit.row) for hit in hits}) == len(hits)
    frames = {layer.name: layer.frame for layer in layers}
    assert all(frames[hit.layer]["id"].iloc[hit.row] == hit.id for hit in hits)
