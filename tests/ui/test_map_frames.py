"""What is drawn next is decided without Qt."""

import math
from dataclasses import replace

import numpy as np
import pytest
from helpers.maps import a_layer
from hypothesis import given
from hypothesis import strategies as st
from shapely import Point

from gisapp.render.viewport import Viewport
from gisapp.ui.map_frames import (
    Shown,
    Wanted,
    is_current,
    is_worthless,
    next_work,
    place_of,
    uncovered,
)

VIEW = Viewport(500.0, 500.0, 2.0, 600, 400)
LAYERS = (a_layer([Point(500, 500)]),)
SLOW, QUICK = 0.3, 0.01


def wanted(viewport=VIEW, layers=LAYERS, basemap=None):
    return Wanted(layers, viewport, basemap)


def whole(view):
    return Shown(ground=view, names=view, basemap=view)


def test_a_first_picture_is_coarse_then_full_then_gets_its_names():
    asked, shown, kinds = wanted(), Shown(), []
    while (work := next_work(asked, shown, math.inf)) is not None:
        kinds.append(work.kind)
        if work.kind == "names":
            shown = replace(shown, names=asked)
        else:
            shown = replace(shown, ground=asked, coarse=work.kind == "coarse")
    assert kinds == ["coarse", "full", "names"]
    assert is_current(asked, shown)


def test_a_map_that_is_drawn_quickly_needs_no_coarse_frame():
    assert next_work(wanted(VIEW.zoomed(2)), whole(wanted()), QUICK).kind == "full"
    assert next_work(wanted(VIEW.zoomed(2)), whole(wanted()), SLOW).kind == "coarse"


def test_a_drag_asks_for_the_strips_that_come_into_view():
    work = next_work(wanted(VIEW.panned(30, -20)), whole(wanted()), SLOW)
    assert work.kind == "strips"
    assert work.place == (30, -20)
    assert set(work.strips) == {(0, 380, 600, 20), (0, 0, 30, 380)}


def test_a_coarse_frame_is_not_made_whole_by_strips():
    shown = Shown(ground=wanted(), coarse=True)
    assert next_work(wanted(VIEW.panned(30, 0)), shown, SLOW).kind == "coarse"
    assert next_work(wanted(), shown, SLOW).kind == "full"


def test_other_layers_are_drawn_anew_where_the_map_stands():
    others = (a_layer([Point(400, 500)]),)
    assert next_work(wanted(layers=others), whole(wanted()), QUICK).kind == "full"


def test_a_basemap_is_drawn_with_the_ground_and_alone_where_only_it_changed():
    assert next_work(wanted(basemap=1), Shown(), QUICK).basemap
    shown = whole(wanted(basemap=1))
    work = next_work(wanted(VIEW.panned(5, 0), basemap=1), shown, QUICK)
    assert (work.kind, work.basemap) == ("strips", True)
    assert next_work(wanted(basemap=2), shown, QUICK).kind == "basemap"
    assert next_work(wanted(), shown, QUICK) is None


def work_for(asked, shown, last_full_s):
    work = next_work(asked, shown, last_full_s)
    assert work is not None
    return work


def test_what_a_newer_wish_makes_worthless():
    coarse = work_for(wanted(), Shown(), SLOW)
    full = work_for(wanted(), Shown(), QUICK)
    names = work_for(wanted(), Shown(ground=wanted()), QUICK)
    moved, zoomed = wanted(VIEW.panned(9, 9)), wanted(VIEW.zoomed(2))
    far = wanted(VIEW.panned(601, 0))
    others = wanted(layers=(a_layer([Point(1, 1)]),))
    assert [is_worthless(coarse, x) for x in (moved, zoomed, far, others)] == [0, 0, 0, 1]
    assert [is_worthless(full, x) for x in (moved, zoomed, far, others)] == [0, 1, 1, 1]
    assert [is_worthless(names, x) for x in (moved, zoomed, far, others)] == [1, 1, 1, 1]
    assert not is_worthless(names, wanted())


@pytest.mark.parametrize(
    ("now", "place"),
    [
        (VIEW, (0, 0)),
        (VIEW.panned(-7, 3), (-7, 3)),
        (VIEW.resized(640, 440), (20, 20)),
        (VIEW.resized(601, 400), None),  # half a pixel
        (VIEW.panned(0.4, 0), None),
        (VIEW.zoomed(1.5), None),
        (VIEW.panned(600, 0), None),  # nothing of it is left
        (replace(VIEW, px_per_mm=5.0), None),
    ],
)
def test_where_a_picture_lies_in_another_view(now, place):
    assert place_of(VIEW, now) == place


def test_a_long_way_of_whole_pixels_stays_on_whole_pixels():
    view = Viewport(706_123.456, 9_295_987.654, 0.0132, 600, 400)
    here = view
    for _step in range(500):
        here = here.panned(1, -1)
        here = here.panned(-1, 2)
    assert place_of(here, view) is None  # 500 px off: no longer in view
    assert place_of(view.panned(0, 300), here.panned(0, 0)) == (0, 200)


sizes = st.integers(1, 40)


@given(sizes, sizes, sizes, sizes, st.data())
def test_strips_and_the_moved_picture_cover_every_pixel_once(w0, h0, w1, h1, data):
    x = data.draw(st.integers(-w0 + 1, w1 - 1))
    y = data.draw(st.integers(-h0 + 1, h1 - 1))
    was, now = VIEW.resized(w0, h0), VIEW.resized(w1, h1)
    painted = np.zeros((h1, w1), dtype=int)
    painted[max(y, 0) : max(y + h0, 0), max(x, 0) : max(x + w0, 0)] += 1
    for left, top, width, height in uncovered((x, y), was, now):
        assert width > 0
        assert height > 0
        painted[top : top + height, left : left + width] += 1
    assert (painted == 1).all()
