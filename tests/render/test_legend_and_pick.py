from dataclasses import replace

import numpy as np
import pytest
import shapely
from helpers.maps import CLASS_STYLE, RED, a_city, a_layer, a_rule, a_style
from hypothesis import given
from hypothesis import strategies as st

from gisapp.core.style import Clusters, Condition, Heat, ScaleRange, Symbol
from gisapp.core.words import speaking
from gisapp.render.batches import PointBatch
from gisapp.render.geometry import total_bounds
from gisapp.render.legend import legend
from gisapp.render.pick import pick
from gisapp.render.scene import build_scene
from gisapp.render.viewport import Viewport

VIEW = Viewport(50.0, 50.0, 1.0, 100, 100, 4.0)
SQUARE = shapely.box(20, 20, 80, 80)


def test_a_legend_counts_what_is_drawn_and_marks_what_is_empty() -> None:
    spots = [shapely.Point(10, 10), shapely.Point(20, 20), shapely.Point(500, 20), None]
    classes = ["prohibited", "prohibited", "prohibited", "permitted"]
    (entries,) = legend([a_layer(spots, CLASS_STYLE, **{"class": classes})], VIEW)
    told = [(e.label, e.total, e.in_view, e.is_empty) for e in entries.entries]
    assert told == [
        ("prohibited", 3, 2, False),
        ("conditional", 0, 0, True),
        ("permitted", 0, 0, True),
    ]
    assert (entries.without_place, entries.without_rule) == (1, 0)


def test_every_feature_is_somewhere_in_the_legend() -> None:
    layer, _ = a_city(500, 1)
    none = replace(layer, style=a_style(a_rule("x", RED, Condition("class", "eq", "permitted"))))
    for shown in (layer, none):
        (entries,) = legend([shown])
        counted = sum(e.total for e in entries.entries)
        assert counted + entries.without_rule + entries.without_place == 500


def test_a_legend_leaves_invisible_layers_out_and_keeps_the_order() -> None:
    layers = [a_layer([SQUARE], name=name) for name in "abc"]
    shown = [layers[0], replace(layers[1], visible=False), layers[2]]
    assert [entry.name for entry in legend(shown)] == ["a", "c"]


def test_an_area_is_in_view_where_its_shape_is_and_not_only_its_box() -> None:
    corner = shapely.Polygon([(-50, -50), (200, -50), (200, 20), (110, -40)])
    assert corner.envelope.intersects(shapely.box(*VIEW.bounds))
    (entries,) = legend([a_layer([corner, SQUARE])], VIEW)
    assert entries.entries[0].in_view == 1


def test_a_rule_that_is_not_drawn_at_this_scale_says_so_and_counts_nothing() -> None:
    near = replace(a_rule("near", RED, Condition("n", "eq", 1.0)), scales=ScaleRange(0, 3000))
    some = replace(a_rule("some", RED, Condition("n", "le", 2.0)), scales=ScaleRange(2000, 9000))
    layer = a_layer([shapely.Point(50, 50)] * 4, a_style(near, some), n=[1.0, 1.0, 2.0, 3.0])
    (shown,) = legend([layer], replace(VIEW, metres_per_px=0.25))  # 1:1,000
    assert [(e.total, e.in_view, e.note) for e in shown.entries] == [
        (2, 2, ""),
        (0, 0, "drawn between 1:2,000 and 1:9,000"),
    ]
    assert shown.without_rule == 2
    (shown,) = legend([layer], VIEW)  # 1:4,000
    assert [(e.total, bool(e.note)) for e in shown.entries] == [(0, True), (3, False)]
    assert shown.without_rule == 1


def test_clusters_and_heat_state_their_radius() -> None:
    spots = [shapely.Point(50, 50), shapely.Point(5000, 50), None]
    crowd = replace(a_style(), clusters=Clusters(7.5))
    (shown,) = legend([a_layer(spots, crowd)], VIEW)
    assert shown.notes == (
        "A circle with a number: that many points together, nearer than 7.5 mm to each other.",
    )
    assert shown.in_view == 1
    (shown,) = legend([a_layer([*spots, SQUARE], replace(a_style(), heat=Heat(400.0)))], VIEW)
    (entry,) = shown.entries
    assert entry.label == "Density of points within 400 m"
    assert (entry.total, entry.in_view) == (2, 1)
    assert len(entry.ramp) > 2
    # One point spread over a circle of 400 m: 3 / (π · 4²) of it in the middle, rounded up.
    assert shown.notes == ("The darkest colour is 0.075 per hectare.",)
    assert (shown.without_rule, shown.without_place) == (1, 1)


def test_where_rows_are_not_the_subjects_the_legend_says_what_it_counts() -> None:
    spots = [shapely.Point(50, 50)] * 4
    names = {"subject_kind": ["b", "b", "h", None], "subject_id": ["1", "1", "1", None]}
    layer = replace(a_layer(spots, **names), kind="conflicts")
    (shown,) = legend([layer])
    assert shown.notes == ("Counted are 4 records about 3 subjects: one can have several.",)
    once = replace(a_layer(spots[:2], name="x", **{k: v[1:3] for k, v in names.items()}))
    assert legend([replace(once, kind="conflicts")])[0].notes == ()


def test_titles_and_labels_follow_the_language() -> None:
    style = replace(a_style(), titles={"id": "Usaha", "en": "Businesses"})
    with speaking("id"):
        (entries,) = legend([a_layer([SQUARE], style)])
    assert entries.title == "Usaha"
    (titled,) = legend([replace(a_layer([SQUARE], style), title="Mine")])
    assert titled.title == "Mine"


def test_a_swatch_shows_what_most_of_the_layer_is() -> None:
    line = shapely.LineString([(0, 0), (1, 1)])
    natures = [legend([a_layer([s])])[0].entries[0].nature for s in (SQUARE, line, line.centroid)]
    assert natures == ["area", "line", "point"]


def test_picking_finds_what_lies_under_the_pointer_from_the_top_down() -> None:
    layers = [a_layer([shapely.Point(50, 50)], name="top"), a_layer([SQUARE], name="below")]
    hits = pick(layers, VIEW, 50, 50)
    assert [(hit.layer, hit.id, hit.distance_px) for hit in hits] == [
        ("top", "top-0", 0.0),
        ("below", "below-0", 0.0),
    ]
    assert [hit.layer for hit in pick(layers, VIEW, 25, 25)] == ["below"]
    assert pick(layers, VIEW, 5, 5) == ()


def test_picking_is_by_the_edge_of_the_symbol_and_the_nearest_comes_first() -> None:
    big = a_style(a_rule("x", Symbol(fill="#000000", size_mm=5.0)))
    layer = a_layer([shapely.Point(50, 50), shapely.Point(62, 50)], big)
    assert [hit.row for hit in pick([layer], VIEW, 60, 50, 2.0)] == [1, 0]
    assert [hit.row for hit in pick([layer], VIEW, 39, 50, 2.0)] == [0]
    assert pick([layer], VIEW, 37, 50, 2.0) == ()


def test_what_is_not_drawn_is_not_picked() -> None:
    only = a_style(a_rule("x", RED, Condition("n", "eq", 1.0)))
    layer = a_layer([shapely.Point(50, 50), SQUARE], only, n=[2, 2])
    assert pick([layer], VIEW, 50, 50) == ()
    assert pick([replace(a_layer([SQUARE]), visible=False)], VIEW, 50, 50) == ()


def test_all_rows_behind_one_mark_are_picked() -> None:
    layer = a_layer([shapely.Point(50, 50)] * 3)
    assert {hit.row for hit in pick([layer], VIEW, 50, 50)} == {0, 1, 2}


def test_a_mark_in_a_ring_is_picked_where_it_is_drawn() -> None:
    classes = ["prohibited", "conditional", "permitted"]
    layer = a_layer([shapely.Point(50, 50)] * 3, CLASS_STYLE, **{"class": classes})
    for batch in build_scene([layer], VIEW).batches:
        assert isinstance(batch, PointBatch)
        x, y = batch.xy[0].tolist()
        nearest = pick([layer], VIEW, x, y, 1.0)[0]
        drawn = CLASS_STYLE.rules[[r.symbol for r in CLASS_STYLE.rules].index(batch.symbol)]
        assert drawn.labels["en"] == classes[nearest.row]


def test_a_layer_without_ids_is_picked_by_row() -> None:
    layer = a_layer([SQUARE])
    bare = replace(layer, frame=layer.frame.drop(columns="id"))
    (hit,) = pick([bare], VIEW, 50, 50)
    assert (hit.row, hit.id) == (0, "")


@given(x=st.floats(0, 400), y=st.floats(0, 300), tolerance=st.floats(0, 30))
def test_picking_areas_equals_measuring_each(x: float, y: float, tolerance: float) -> None:
    _, layer = a_city(1, 40)
    bounds = total_bounds([layer.frame])
    assert bounds is not None
    view = Viewport.fitting(bounds, 400, 300)
    at = shapely.Point(*view.to_map(np.array([[x, y]]))[0])
    far = layer.frame.distance(at).to_numpy() / view.metres_per_px
    hits = pick([layer], view, x, y, tolerance)
    clear = np.abs(far - tolerance) > 1e-6
    assert {hit.row for hit in hits} & set(np.flatnonzero(clear)) == set(
        np.flatnonzero((far <= tolerance) & clear)
    )
    assert [hit.distance_px for hit in hits] == pytest.approx(sorted(far[[h.row for h in hits]]))
