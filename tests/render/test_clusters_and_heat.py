from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
import shapely
from helpers.maps import a_layer, a_rule, a_style
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from gisapp.core.style import Clusters, Heat, Style
from gisapp.render.batches import ClusterBatch, ImageBatch, PointBatch
from gisapp.render.clusters import crowds
from gisapp.render.heat import M2_PER_HECTARE, heat_batch, peak, shades, surface
from gisapp.render.scene import build_scene
from gisapp.render.viewport import Viewport

VIEW = Viewport(500.0, 500.0, 1.0, 1000, 1000, 4.0)
seeds = st.integers(0, 2**32 - 1)


def points(n: int, seed: int = 1) -> NDArray[np.float64]:
    return np.random.default_rng(seed).uniform(0, 1000, (n, 2))


def exact(xy: NDArray[np.float64], x: NDArray[np.float64], y: NDArray[np.float64], radius: float):
    square = ((x[..., None] - xy[:, 0]) ** 2 + (y[..., None] - xy[:, 1]) ** 2) / radius**2
    kernel = np.clip(1 - square, 0, None) ** 2 * 3 / (np.pi * radius**2)
    return kernel.sum(axis=-1) * M2_PER_HECTARE


@given(seeds, st.integers(0, 300))
def test_every_point_is_alone_or_counted_once_whatever_the_order(seed: int, n: int) -> None:
    xy = points(n, seed)
    found = crowds(xy, 60.0)
    assert np.count_nonzero(found.crowd < 0) + found.count.sum() == n
    assert (found.count >= 2).all()
    order = np.random.default_rng(seed).permutation(n)
    again = crowds(xy[order], 60.0)
    np.testing.assert_array_equal(again.xy, found.xy)
    np.testing.assert_array_equal(again.crowd, found.crowd[order])


def test_points_of_one_place_stand_together_and_far_ones_do_not() -> None:
    found = crowds(np.array([[0.0, 0.0], [0.0, 0.0], [500.0, 0.0]]), 50.0)
    assert found.crowd.tolist() == [0, 0, -1]
    assert found.count.tolist() == [2]


def test_panning_leaves_circles_where_they_lie_on_the_ground() -> None:
    style = replace(a_style(a_rule("x")), clusters=Clusters(radius_mm=10.0))
    layer = a_layer(list(shapely.points(points(400))), style)

    def circles(view: Viewport) -> set[tuple[float, float, int]]:
        (batch,) = [b for b in build_scene([layer], view).batches if isinstance(b, ClusterBatch)]
        ground = view.to_map(batch.xy)
        inside = (np.abs(ground - 500) < 150).all(axis=1)
        return set(
            zip(*ground[inside].round(3).T.tolist(), batch.count[inside].tolist(), strict=True)
        )

    view = VIEW.resized(500, 500)
    assert circles(view) == circles(view.panned(60, -35))


def test_points_alone_are_drawn_by_their_rule_below_the_circles() -> None:
    xy = [(100, 100), (101, 100), (900, 900)]
    style = replace(a_style(a_rule("x")), clusters=Clusters(radius_mm=5.0))
    alone, circle = build_scene([a_layer([shapely.Point(p) for p in xy], style)], VIEW).batches
    assert isinstance(alone, PointBatch)
    assert alone.xy.tolist() == [[900, 100]]
    assert isinstance(circle, ClusterBatch)
    assert circle.count.tolist() == [2]


@pytest.mark.parametrize(("n", "most"), [(1, 0.085), (500, 0.05), (20_000, 0.015)])
def test_the_surface_is_the_sum_of_the_points_kernels(n: int, most: float) -> None:
    xy = points(n, 5) * 2
    made = surface(xy, np.ones(n), 250.0, (500, 500, 1500, 1500))
    rows, columns = np.indices(made.values.shape)[:, ::4, ::4]
    x = made.west + (columns + 0.5) * made.cell_m
    y = made.north - (rows + 0.5) * made.cell_m
    true = exact(xy, x, y, 250.0)
    whole = exact(xy, *np.array([[xy[0, 0]], [xy[0, 1]]]), 250.0).max()
    worst = np.abs(made.values[::4, ::4] - true).max()
    assert worst <= most * max(true.max(), whole)


def test_the_surface_holds_as_many_points_as_there_are() -> None:
    made = surface(np.array([[500.0, 500.0]]), np.array([3.0]), 100.0, (0, 0, 1000, 1000))
    assert made.values.sum() * made.cell_m**2 / M2_PER_HECTARE == pytest.approx(3.0, rel=1e-5)


def test_panning_does_not_change_the_surface_on_the_ground() -> None:
    xy, one = points(300), np.ones(300)
    here = surface(xy, one, 100.0, (200, 200, 800, 800))
    there = surface(xy, one, 100.0, (233, 187, 833, 787))

    def at(made, x: float, y: float) -> float:
        return made.values[
            int((made.north - y) // made.cell_m), int((x - made.west) // made.cell_m)
        ]

    for x, y in points(50, 9) * 0.5 + 250:
        assert at(here, x, y) == pytest.approx(at(there, x, y), rel=1e-4, abs=1e-6)


def test_a_missing_weight_counts_nothing() -> None:
    place = shapely.Point(500, 500)
    heat = Heat(100.0, "heat", "n")
    two = a_layer([place, place], n=pd.Series([2.0, np.nan])).frame
    one = a_layer([place], n=pd.Series([2.0])).frame
    assert peak(two, heat) == peak(one, heat) > 0
    none = a_layer([place], n=pd.Series([np.nan])).frame
    assert peak(none, heat) == 0
    assert heat_batch(none, heat, VIEW) is None


def test_a_heat_style_needs_no_rules_and_is_an_image_that_fades_out() -> None:
    layer = a_layer(list(shapely.points(points(200))), Style("h", (), heat=Heat(100.0)))
    (batch,) = build_scene([layer], VIEW).batches
    assert isinstance(batch, ImageBatch)
    assert (batch.rgba[..., :3] <= batch.rgba[..., 3:]).all()
    assert shades("heat")[0].tolist() == [0, 0, 0, 0]
