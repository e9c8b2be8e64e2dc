from __future__ import annotations

from dataclasses import replace

import pytest
from helpers import policy
from helpers.policy import square

from gisapp.core.style import Style
from gisapp.io.styles import load_style
from gisapp.render.vision import alike
from gisapp.session.patterns import put_patterns

FRAME = policy.layer("other", [{"id": "1", "pattern": "hot", "geometry": square(0, 0)}]).frame


def test_the_layer_lies_above_the_zoning_with_its_own_style() -> None:
    zoning = policy.layer("zoning", [{"id": "Z", "geometry": square(0, 0)}])
    points = policy.layer("businesses", [{"id": "B", "geometry": square(0, 0).centroid}])
    project = put_patterns(FRAME, "Density")(policy.project(points, zoning))
    assert [x.kind for x in project.layers] == ["businesses", "patterns", "zoning"]
    layer = project.layer("patterns")
    assert (layer.title, layer.style.name, layer.visible) == ("Density", "patterns", True)


def test_a_later_answer_takes_the_earlier_one_s_place_and_its_style() -> None:
    project = put_patterns(FRAME, "One")(policy.project())
    mine = replace(project.layer("patterns"), style=Style("mine", ()), visible=False)
    project = put_patterns(FRAME.copy(), "Two")(project.with_layer(mine))
    (layer,) = project.layers
    assert (layer.title, layer.style.name, layer.visible) == ("Two", "mine", True)


@pytest.mark.parametrize("taken", [("patterns",), ("patterns", "patterns_2")])
def test_a_layer_of_the_user_s_is_not_overwritten(taken: tuple[str, ...]) -> None:
    layers = [
        policy.layer("other", [{"id": "1", "geometry": square(0, 0)}], name) for name in taken
    ]
    project = put_patterns(FRAME, "Density")(policy.project(*layers))
    assert all(project.layer(x.name) is x for x in layers)
    assert len(project.of_kind("patterns")) == 1


def test_no_two_patterns_are_told_apart_by_colour_alone() -> None:
    assert alike(load_style("patterns"), "area") == ()
