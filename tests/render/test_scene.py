import gc
import subprocess
import sys
from dataclasses import replace

import numpy as np
import pytest
import shapely
from helpers.maps import CLASS_STYLE, RED, a_city, a_layer, a_rule, a_style

from gisapp.core.errors import Cancelled
from gisapp.core.layer import Layer
from gisapp.core.style import Clusters, Condition, Symbol
from gisapp.render import geometry
from gisapp.render.batches import ClusterBatch, OutlineBatch, PointBatch
from gisapp.render.geometry import geometry_of, total_bounds
from gisapp.render.scene import build_scene
from gisapp.render.viewport import Viewport

VIEW = Viewport(50.0, 50.0, 1.0, 100, 100, 4.0)
SQUARE = shapely.box(10, 10, 90, 90)


def line_to_nowhere() -> shapely.LineString:
    with np.errstate(invalid="ignore"):
        return shapely.LineString([(0, 0), (np.nan, 1)])


def points_of(scene_batches: tuple[object, ...]) -> list[list[list[float]]]:
    return [b.xy.tolist() for b in scene_batches if isinstance(b, PointBatch)]


def outlines_of(scene_batches: tuple[object, ...]) -> list[OutlineBatch]:
    return [b for b in scene_batches if isinstance(b, OutlineBatch)]


def test_a_scene_needs_no_qt() -> None:
    code = "import gisapp.render.scene, gisapp.render.legend, gisapp.render.pick, sys; "
    code += "sys.exit(any(name.startswith('PySide6') for name in sys.modules))"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_layers_and_rules_are_drawn_from_the_bottom_to_the_top() -> None:
    classes = ["prohibited", "permitted", "prohibited"]
    spots = [shapely.Point(20, 50), shapely.Point(40, 50), shapely.Point(60, 50)]
    top = a_layer(spots, CLASS_STYLE, "top", **{"class": classes})
    scene = build_scene([top, a_layer([SQUARE], name="bottom")], VIEW)
    area, permitted, prohibited = scene.batches
    assert isinstance(area, OutlineBatch)
    assert points_of((permitted, prohibited)) == [[[40.0, 50.0]], [[60.0, 50.0], [20.0, 50.0]]]


def test_an_invisible_layer_is_not_drawn() -> None:
    from dataclasses import replace

    assert build_scene([replace(a_layer([SQUARE]), visible=False)], VIEW).batches == ()


def test_what_is_out_of_view_is_left_out_but_not_the_edge_of_a_marker() -> None:
    spots = [shapely.Point(-3, 50), shapely.Point(-30, 50), shapely.Point(50, 50)]
    scene = build_scene([a_layer(spots)], VIEW)
    assert points_of(scene.batches) == [[[50.0, 50.0], [-3.0, 50.0]]]


@pytest.mark.parametrize(
    "shape",
    [
        None,
        shapely.Point(),
        shapely.Point(np.nan, 5),
        shapely.Point(np.inf, 5),
        shapely.Polygon(),
        line_to_nowhere(),
        shapely.GeometryCollection(),
    ],
)
def test_what_has_no_finite_place_is_skipped_and_counted(shape: object) -> None:
    scene = build_scene([a_layer([shapely.Point(1, 1), shape])], VIEW)
    assert points_of(scene.batches) == [[[1.0, 99.0]]]
    assert scene.skipped == {"things": 1}


def test_parts_of_collections_are_drawn_each_by_its_nature() -> None:
    mixed = shapely.GeometryCollection(
        [
            shapely.Point(5, 5),
            shapely.MultiPolygon([shapely.box(0, 0, 9, 9), shapely.box(20, 20, 30, 30)]),
            shapely.MultiLineString([[(0, 0), (50, 50)], [(1, 0), (50, 40)]]),
        ]
    )
    scene = build_scene([a_layer([mixed])], VIEW)
    areas, lines = outlines_of(scene.batches)
    assert (areas.closed, len(areas.outline.part_starts) - 1) == (True, 2)
    assert (lines.closed, len(lines.outline.part_starts) - 1) == (False, 2)
    assert points_of(scene.batches) == [[[5.0, 95.0]]]


def test_a_hole_stays_a_ring_of_its_polygon() -> None:
    ring = SQUARE.difference(shapely.box(40, 40, 60, 60))
    (batch,) = outlines_of(build_scene([a_layer([ring])], VIEW).batches)
    assert batch.outline.part_starts.tolist() == [0, 2]


def test_vertices_finer_than_half_a_pixel_are_left_out() -> None:
    circle = shapely.Point(50, 50).buffer(30, quad_segs=2000)
    (batch,) = outlines_of(build_scene([a_layer([circle])], VIEW).batches)
    drawn = shapely.Polygon(batch.outline.xy)
    assert len(batch.outline.xy) < 600
    assert drawn.symmetric_difference(circle).area < 0.005 * circle.area


def test_polygons_smaller_than_a_pixel_do_not_vanish() -> None:
    crumbs = [shapely.Point(x, 50).buffer(0.1) for x in (20, 40, 60)]
    (batch,) = outlines_of(build_scene([a_layer(crumbs)], VIEW).batches)
    assert len(batch.outline.xy) == 0
    np.testing.assert_allclose(batch.outline.specks[:, 0], [20, 40, 60], atol=0.2)


def test_what_reaches_far_beyond_the_view_is_cut_and_looks_the_same() -> None:
    country = shapely.Polygon([(-9e6, -9e6), (9e6, -9e6), (60, 60), (-9e6, 9e6)])
    (batch,) = outlines_of(build_scene([a_layer([country])], VIEW).batches)
    assert np.abs(batch.outline.xy).max() < 1000
    drawn = shapely.Polygon(batch.outline.xy)
    view = shapely.box(0, 0, 100, 100)
    seen = shapely.Polygon(VIEW.to_px(shapely.get_coordinates(country)))
    assert drawn.intersection(view).area == pytest.approx(seen.intersection(view).area, rel=1e-3)


def test_alike_marks_on_one_pixel_are_drawn_once() -> None:
    scene = build_scene([a_layer([shapely.Point(50, 50)] * 500)], VIEW)
    assert points_of(scene.batches) == [[[50.0, 50.0]]]


def test_different_marks_at_one_place_stand_in_a_ring_and_none_hides_another() -> None:
    classes = ["prohibited", "conditional", "permitted", "prohibited"]
    layer = a_layer([shapely.Point(50, 50)] * 4, CLASS_STYLE, **{"class": classes})
    drawn = np.array(
        [xy for batch in points_of(build_scene([layer], VIEW).batches) for xy in batch]
    )
    assert len(drawn) == 3
    np.testing.assert_allclose(drawn.mean(axis=0), [50, 50], atol=1e-3)
    gaps = np.hypot(*(drawn[:, None] - drawn).T) + 99 * np.eye(3)
    assert gaps.min() >= 0.7 * 2.0 * VIEW.px_per_mm


def test_hollow_marks_at_one_place_stay_around_it() -> None:
    ring = Symbol(stroke="#000000", size_mm=4)
    style = a_style(a_rule("dot", RED, Condition("n", "eq", 1.0)), a_rule("ring", ring))
    layer = a_layer([shapely.Point(50, 50)] * 2, style, n=[1, 2])
    drawn = points_of(build_scene([layer], VIEW).batches)
    assert drawn == [[[50.0, 50.0]], [[50.0, 50.0]]]


def test_the_order_of_rows_does_not_change_what_is_drawn() -> None:
    layer, _ = a_city(300, 1)
    shuffled = layer.frame.sample(frac=1.0, random_state=1).reset_index(drop=True)
    other = a_layer(
        list(shuffled.geometry), CLASS_STYLE, "businesses", **{"class": shuffled["class"]}
    )
    bounds = total_bounds([layer.frame])
    assert bounds is not None
    view = Viewport.fitting(bounds, 800, 600)
    one, two = build_scene([layer], view), build_scene([other], view)
    for a, b in zip(one.batches, two.batches, strict=True):
        assert isinstance(a, PointBatch)
        assert isinstance(b, PointBatch)
        assert sorted(a.xy.tolist()) == sorted(b.xy.tolist())


def test_coordinates_are_worked_out_once_and_forgotten_with_the_frame() -> None:
    layer = a_layer([SQUARE])
    assert geometry_of(layer.frame) is geometry_of(layer.frame)
    kept = len(geometry._remembered._kept)
    del layer
    gc.collect()
    assert len(geometry._remembered._kept) < kept


def test_drawing_can_be_cancelled_between_two_layers() -> None:
    class Stopping:
        def step(self, done: int, total: int, text: str) -> None:
            if done == 1:
                raise Cancelled

    with pytest.raises(Cancelled):
        build_scene([a_layer([SQUARE], name="a"), a_layer([SQUARE], name="b")], VIEW, Stopping())


def test_an_empty_layer_draws_nothing() -> None:
    assert build_scene([a_layer([])], VIEW).batches == ()


@pytest.mark.parametrize("metres_per_px", [1e-3, 1.0, 1e5])
@pytest.mark.parametrize(
    "shape",
    [
        shapely.Polygon([(0, 0), (1e300, 0), (50, 1e300)]),
        shapely.Polygon([(0, 0, 1), (50, 0, 2), (50, 50, 3)]),
        shapely.MultiPolygon([shapely.Polygon(), shapely.box(0, 0, 5, 5)]),
        shapely.LineString([(1e9, -1e9), (-1e9, 1e9)]),
        shapely.LineString([(50, 50), (50, 50)]),
        shapely.LinearRing([(0, 0), (90, 0), (90, 90)]),
        shapely.Polygon([(0, 0), (50, 50), (50, 0), (0, 50)]),
        shapely.Polygon([(0, 0), (50, 50), (0, 0)]),
        shapely.box(-1e12, -1e12, 1e12, 1e12).difference(shapely.box(10, 10, 20, 20)),
    ],
)
def test_odd_shapes_are_drawn_as_far_as_they_go(shape: object, metres_per_px: float) -> None:
    view = Viewport(25.0, 25.0, metres_per_px, 100, 100, 4.0)
    for batch in outlines_of(build_scene([a_layer([shape])], view).batches):
        assert np.isfinite(batch.outline.xy).all()
        assert np.abs(batch.outline.xy).max(initial=0.0) < 1000


FAR = Viewport(50.0, 50.0, 15.0, 100, 100, 4.0)  # 1:60,000


def rings_along_a_street() -> Layer:
    styles = a_style(
        a_rule("worst", Symbol(stroke="#000000"), Condition("what", "eq", "worst")),
        a_rule("bad", Symbol(stroke="#ff0000"), Condition("what", "eq", "bad")),
    )
    spots = [shapely.Point(x, 50) for x in range(-100, 200, 5)]
    return a_layer(spots, styles, what=["bad", "bad", "worst"] * 20)


def test_far_out_one_ring_stands_for_its_neighbours_the_worst_of_them() -> None:
    near, far = (build_scene([rings_along_a_street()], view) for view in (VIEW, FAR))
    assert sum(len(spots) for spots in points_of(near.batches)) > 20
    (drawn,) = (b for b in far.batches if isinstance(b, PointBatch))
    assert drawn.symbol.stroke == "#000000"
    assert 2 <= len(drawn.xy) <= 6


def test_the_rings_that_stand_for_others_stay_when_the_map_is_panned() -> None:
    layer = rings_along_a_street()
    ground = [
        {tuple(np.round(view.to_map(batch.xy.astype(float)), 2)[i]) for i in range(len(batch.xy))}
        for view in (FAR, FAR.panned(3, 2))
        for batch in build_scene([layer], view).batches
        if isinstance(batch, PointBatch)
    ]
    assert ground[0] == ground[1]


def test_filled_marks_are_all_drawn_far_out() -> None:
    spots = [shapely.Point(x, 50) for x in (0, 20, 40)]
    assert sum(map(len, points_of(build_scene([a_layer(spots)], FAR).batches))) == 3


def test_far_out_heavy_borders_lie_above_the_points() -> None:
    heavy = a_layer(
        [SQUARE], a_style(a_rule("e", Symbol("#ff0000", stroke="#ff0000", stroke_mm=1.0)))
    )
    light = a_layer(
        [SQUARE], a_style(a_rule("z", Symbol("#00ff00", stroke="#00ff00", stroke_mm=0.1)))
    )
    layers = [a_layer([shapely.Point(50, 50)]), heavy, light]
    near, far = (build_scene(layers, view).batches for view in (VIEW, FAR))
    assert isinstance(near[-1], PointBatch)
    (top,) = outlines_of(far[-1:])
    assert (top.symbol.stroke, top.symbol.fill) == ("#ff0000", None)
    assert len(far) == len(near) + 1
    crowd = a_layer([shapely.Point(50, 50)] * 3, replace(a_style(), clusters=Clusters()))
    *_, border, circles = build_scene([crowd, heavy, light], FAR).batches
    assert isinstance(border, OutlineBatch)
    assert isinstance(circles, ClusterBatch)
