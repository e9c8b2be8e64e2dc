from dataclasses import replace

import pytest
from helpers.maps import RED, a_city

from gisapp.render.batches import PointBatch
from gisapp.render.legend import legend
from gisapp.render.scene import build_scene
from gisapp.render.sizes import size_factor, sized
from gisapp.render.viewport import Viewport

NEAR = Viewport(707_000.0, 9_300_000.0, 1.0, 800, 600, 4.0)


def at_scale(scale: float) -> Viewport:
    return replace(NEAR, metres_per_px=scale / NEAR.px_per_mm / 1000)


def test_near_by_symbols_are_as_large_as_their_style_says() -> None:
    assert sized(RED, at_scale(12_000)) is RED
    assert sized(RED, at_scale(500)) is RED


def test_far_out_they_shrink_but_stay_legible() -> None:
    assert size_factor(at_scale(48_000)) == pytest.approx(0.5)
    assert size_factor(at_scale(10_000_000)) == pytest.approx(0.45)


def test_zooming_goes_through_few_sizes() -> None:
    factors = {size_factor(at_scale(1000 * 1.05**i)) for i in range(200)}
    assert len(factors) == 12


def test_map_and_legend_show_one_size() -> None:
    layer, _ = a_city(200, 1)
    view = at_scale(50_000)
    drawn = {b.symbol for b in build_scene([layer], view).batches if isinstance(b, PointBatch)}
    assert drawn == {entry.symbol for entry in legend([layer], view)[0].entries}
