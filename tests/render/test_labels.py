from dataclasses import replace
from typing import Any

import pandas as pd
import shapely
from helpers.maps import a_layer, a_rule, a_style

from gisapp.core.layer import Layer
from gisapp.core.style import Labels
from gisapp.render.batches import PointBatch
from gisapp.render.label_places import Run
from gisapp.render.label_placing import PlacedLabel, place_labels
from gisapp.render.labels import Label, precedence
from gisapp.render.scene import Scene, build_names, build_scene
from gisapp.render.viewport import Viewport

VIEW = Viewport(50.0, 50.0, 1.0, 100, 100, 4.0)
NAMED = a_style(a_rule("all"), label_column="name")


def named(shapes: list[Any], names: list[str | None]) -> Layer:
    layer = a_layer(shapes, NAMED, "areas")
    return replace(layer, frame=layer.frame.assign(name=pd.array(names, dtype="str")))


def measure(text: str, look: Labels) -> tuple[float, float]:
    return 6.0 * len(text), 10.0


def place(*labels: Label) -> list[PlacedLabel]:
    return place_labels(labels, measure, 100, 100, 4.0)


def test_a_name_stands_in_the_middle_of_its_place() -> None:
    (one,) = place(Label("ab", 50, 50))
    assert one.boxes == ((44, 45, 56, 55),)
    assert one.runs == (Run("ab", 50, 50),)


def test_names_do_not_cover_each_other_and_the_first_has_precedence() -> None:
    first, second = place(Label("ab", 50, 50), Label("cd", 50, 50))
    assert (first.label.text, first.boxes[0][1]) == ("ab", 45)
    assert second.boxes[0][3] <= first.boxes[0][1] or second.boxes[0][1] >= first.boxes[0][3]


def test_a_name_without_room_is_left_out() -> None:
    crowd = [Label(f"name{i}", 50, 50) for i in range(9)]
    assert len(place(*crowd)) == 3


def test_no_name_is_cut_by_the_edge() -> None:
    assert place(Label("a long name", 98, 50)) == []
    (beside,) = place(Label("ab", 96, 50, gap_px=4))
    assert beside.boxes[0][2] <= 96


def test_names_keep_the_same_marks_free_on_the_screen_as_on_paper() -> None:
    dots = a_layer([shapely.Point(40, 60), shapely.Point(70, 20)], name="dots")
    layers = [named([shapely.Point(50, 50)], ["Warung"]), dots]

    def marks(scene: Scene) -> list[Any]:
        return [x.xy.tolist() for x in scene.batches if isinstance(x, PointBatch)]

    screen, paper = build_names(layers, VIEW), build_scene(layers, VIEW)
    assert [x.text for x in screen.labels] == [x.text for x in paper.labels] == ["Warung"]
    assert len(marks(paper)) == 2
    assert marks(screen) == marks(paper)


def test_no_name_stands_where_a_number_is_read() -> None:
    (moved,) = place_labels([Label("ab", 50, 50)], measure, 100, 100, 4.0, taken=[(45, 45, 55, 55)])
    assert moved.boxes[0][3] <= 45 or moved.boxes[0][1] >= 55
    assert not place_labels([Label("ab", 50, 50)], measure, 100, 100, 4.0, taken=[(0, 0, 99, 99)])


def test_an_area_is_named_on_the_piece_of_it_that_is_in_view() -> None:
    wide = shapely.box(-5000, 40, 60, 60)
    (label,) = build_scene([named([wide], ["Jalan"])], VIEW).labels
    assert 0 < label.x < 60
    assert 40 < label.y < 60


def test_a_feature_of_several_parts_is_named_once() -> None:
    pair = shapely.MultiPolygon([shapely.box(0, 0, 10, 10), shapely.box(50, 50, 90, 90)])
    (label,) = build_scene([named([pair], ["Cibubur"])], VIEW).labels
    assert label.x > 50


def test_the_largest_areas_are_named_first_and_the_nameless_not() -> None:
    shapes = [shapely.box(0, 0, 10, 10), shapely.box(20, 20, 90, 90), shapely.box(0, 50, 10, 60)]
    layer = named(shapes, ["small", "large", None])
    labels = sorted(build_scene([layer], VIEW).labels, key=precedence)
    assert [label.text for label in labels] == ["large", "small"]


def test_names_stay_with_their_areas_where_the_view_changes_which_is_the_largest() -> None:
    large_far_out, small = shapely.box(-900, 0, 20, 90), shapely.box(40, 10, 90, 90)
    labels = build_scene([named([large_far_out, small], ["far", "near"])], VIEW).labels
    places = {label.text: label.x for label in labels}
    assert places["far"] < 20 < 40 < places["near"]


def test_several_records_of_one_place_are_named_once() -> None:
    assert len(place(Label("ab", 50, 50, gap_px=4), Label("ab", 50, 50, gap_px=4))) == 1
