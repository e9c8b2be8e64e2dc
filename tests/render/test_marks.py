"""Marks at one place: rings stack so that they can be counted; filled ones go round."""

import numpy as np
import shapely
from helpers.maps import a_layer, a_rule, a_style

from gisapp.core.style import Condition, Symbol
from gisapp.render.batches import PointBatch
from gisapp.render.marks import marks_of
from gisapp.render.scene import build_scene
from gisapp.render.viewport import Viewport

NEAR = Viewport(0.0, 0.0, 0.5, 200, 200, 4.0)
FAR = Viewport(0.0, 0.0, 15.0, 200, 200, 4.0)
RING = Symbol(stroke="#6a3d9a", stroke_mm=0.3, shape="diamond", size_mm=3.0)
HERE, THERE = shapely.Point(0, 0), shapely.Point(30, 0)


def drawn(layer, viewport) -> list[tuple[float, int]]:
    batches = build_scene([layer], viewport).batches
    return [(x.symbol.size_mm, len(x.xy)) for x in batches if isinstance(x, PointBatch)]


def test_findings_of_one_kind_at_one_place_lie_around_each_other() -> None:
    layer = a_layer([HERE, HERE, HERE, HERE, THERE, THERE], a_style(a_rule("all", RING)))
    sizes = drawn(layer, NEAR)
    assert sorted(n for _size, n in sizes) == [1, 2, 2]
    (inner, _), (middle, _), (outer, _) = sorted(sizes)
    assert inner == RING.size_mm
    assert middle - inner > 2 * RING.stroke_mm
    assert outer - middle > 2 * RING.stroke_mm


def test_far_out_they_stand_for_each_other_as_before() -> None:
    layer = a_layer([HERE, HERE, THERE], a_style(a_rule("all", RING)))
    assert len(drawn(layer, FAR)) == 1


def test_filled_marks_of_one_look_share_a_mark_and_others_go_round() -> None:
    kinds = {"a": Symbol("#ff0000"), "b": Symbol("#0000ff")}
    style = a_style(*(a_rule(k, s, Condition("kind", "eq", k)) for k, s in kinds.items()))
    layer = a_layer([HERE, HERE, HERE, THERE], style, kind=["a", "a", "b", "a"])
    marks = marks_of(layer.frame, style)
    assert len(marks.xy) == 3
    assert marks.again == ((), ())
    beside = marks.beside_mm[(marks.xy == 0).all(axis=1)]
    assert len(beside) == 2
    assert np.allclose(beside.sum(axis=0), 0, atol=1e-5)
    assert np.hypot(*(beside[0] - beside[1])) >= 1.5


def test_every_point_leads_to_its_mark() -> None:
    rng = np.random.default_rng(5)
    shapes = list(shapely.points(rng.integers(0, 40, (3000, 2)).astype(float)))
    kinds = rng.choice(["a", "b", "c"], 3000)
    style = a_style(
        a_rule("a", Symbol("#ff0000"), Condition("kind", "eq", "a")),
        a_rule("b", RING, Condition("kind", "eq", "b")),
    )
    layer = a_layer(shapes, style, kind=kinds)
    marks = marks_of(layer.frame, style)
    for point, kind, mark in zip(shapes, kinds, marks.mark_of_point, strict=True):
        if kind == "c":
            assert mark == -1
        else:
            assert tuple(marks.xy[mark]) == (point.x, point.y)
            assert marks.rule[mark] == "ab".index(kind)
