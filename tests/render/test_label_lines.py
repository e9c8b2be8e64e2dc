from dataclasses import replace
from itertools import combinations, pairwise

import numpy as np
import pandas as pd
import pytest
import shapely
from helpers.maps import a_layer, a_rule, a_style
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import QBuffer, QByteArray, QIODevice
from PySide6.QtGui import QGuiApplication, QPainter, QPdfWriter

from gisapp.core.layer import Layer
from gisapp.core.style import Labels, Style
from gisapp.render.label_lines import Way
from gisapp.render.label_placing import PlacedLabel, place_labels
from gisapp.render.labels import Label
from gisapp.render.painter import paint
from gisapp.render.scene import build_scene
from gisapp.render.viewport import Viewport

VIEW = Viewport(200.0, 200.0, 1.0, 400, 400, 4.0)
ALONG = replace(a_style(a_rule("x")), labels=Labels("name", along=True))


def measure(text: str, look: Labels) -> tuple[float, float]:
    return 6.0 * len(text), 10.0


def a_road(*places: tuple[float, float], text: str = "Jalan Raya", look: Labels | None = None):
    way = Way.along(np.array(places, dtype=float))
    x, y = way.at(way.length / 2)
    return Label(text, x, y, 0.0, look or ALONG.labels, way.length, way=way)


def place(*labels: Label) -> list[PlacedLabel]:
    return place_labels(labels, measure, 400, 400, 4.0)


def streets(shapes: list[shapely.LineString], names: list[str], style: Style = ALONG) -> Layer:
    layer = a_layer(shapes, style)
    return replace(layer, frame=layer.frame.assign(name=pd.array(names, dtype="str")))


def test_a_straight_road_is_named_by_one_turned_run() -> None:
    (one,) = place(a_road((50, 50), (250, 250)))
    (run,) = one.runs
    assert run.turn_deg == pytest.approx(45)
    assert run.x == pytest.approx(run.y)


@pytest.mark.parametrize("ends", [((350, 200), (50, 200)), ((50, 200), (350, 200))])
def test_a_name_never_stands_on_its_head(ends) -> None:
    (one,) = place(a_road(*ends))
    assert one.runs[0].turn_deg == pytest.approx(0)


def test_letters_follow_a_gentle_bend_in_reading_order() -> None:
    turn = np.linspace(np.pi, 1.5 * np.pi, 40)
    (one,) = place(a_road(*zip(300 + 150 * np.cos(turn), 300 + 150 * np.sin(turn), strict=True)))
    assert "".join(run.text for run in one.runs) == "JalanRaya"
    xs = [run.x for run in one.runs]
    assert xs == sorted(xs)


def test_a_sharp_bend_gets_no_name_over_it_and_a_short_road_none() -> None:
    zigzag = [(50 + 10 * i, 200 + (8 if i % 2 else -8)) for i in range(30)]
    assert place(a_road(*zigzag)) == []
    assert place(a_road((100, 100), (130, 100))) == []


def test_a_long_road_is_named_again() -> None:
    wide = place_labels([a_road((0, 200), (4000, 200))], measure, 4000, 400, 4.0)
    assert len(wide) > 3
    assert all(b.runs[0].x - a.runs[0].x > 300 for a, b in pairwise(wide))


def test_the_lanes_of_a_road_do_not_repeat_its_name() -> None:
    assert len(place(a_road((50, 200), (350, 200)), a_road((50, 215), (350, 215)))) == 1


def test_the_pieces_of_a_street_are_named_as_one() -> None:
    pieces = [shapely.LineString([(40 * i, 200), (40 * i + 40, 200)]) for i in range(10)]
    labels = build_scene([streets(pieces, ["Jalan Raya"] * 10)], VIEW).labels
    assert len(labels) == 1
    assert labels[0].size_px == pytest.approx(400)


@given(st.integers(0, 2**32 - 1))
def test_no_two_names_overlap_and_the_order_of_rows_means_nothing(seed: int) -> None:
    rng = np.random.default_rng(seed)
    labels = []
    for i in range(60):
        x, y = rng.uniform(0, 400, 2)
        look = Labels("name", priority=int(rng.integers(0, 3)))
        if i % 3 == 0:
            labels.append(a_road((x, y), *rng.uniform(0, 400, (2, 2)), text=f"road {i}", look=look))
        else:
            labels.append(Label(f"name {i % 7}", x, y, 5.0 * (i % 2), look, float(i % 5)))
    placed = place(*labels)
    for a, b in combinations(placed, 2):
        for p in a.boxes:
            for q in b.boxes:
                assert p[0] >= q[2] or q[0] >= p[2] or p[1] >= q[3] or q[1] >= p[3]
    shuffled = [labels[i] for i in rng.permutation(len(labels))]
    assert [one.boxes for one in place(*shuffled)] == [one.boxes for one in placed]


def test_priority_comes_before_size() -> None:
    large = Label("large", 200, 200, size_px=300)
    small = Label("small", 200, 200, size_px=3, look=Labels("name", priority=1))
    first, _second = place(large, small)
    assert first.label.text == "small"


def test_a_name_keeps_clear_of_marks_where_it_can() -> None:
    marks = np.array([[215.0, 190.0]])
    (free,) = place_labels([Label("abc", 200, 200, 5.0)], measure, 400, 400, 4.0)
    (moved,) = place_labels([Label("abc", 200, 200, 5.0)], measure, 400, 400, 4.0, marks)
    assert free.boxes != moved.boxes


def test_an_area_much_narrower_than_its_name_stays_nameless_unless_that_matters() -> None:
    narrow = Label("a long name", 200, 200, room_px=20.0)
    assert place(narrow) == []
    assert len(place(replace(narrow, look=Labels("name", priority=1)))) == 1


WILD = ["مرحبا بالعالم", "🏠🏪", "x" * 5000, "a\nb\u2028c", "e\u0301" * 9, "\u200b"]


@pytest.mark.parametrize("text", WILD)
def test_wild_texts_are_written_or_left_out_without_a_crash(
    qapp: QGuiApplication, text: str
) -> None:
    turn = np.linspace(0, np.pi, 30)
    bend = shapely.LineString(200 + 150 * np.column_stack([np.cos(turn), np.sin(turn)]))
    shapes = [bend, shapely.LineString([(0, 100), (400, 120)])]
    data = QByteArray()
    buffer = QBuffer(data)
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    writer = QPdfWriter(buffer)
    painter = QPainter(writer)
    paint(painter, build_scene([streets(shapes, [text, text])], VIEW))
    painter.end()
    assert data.startsWith(b"%PDF")
