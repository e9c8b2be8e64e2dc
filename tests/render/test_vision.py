from dataclasses import replace
from itertools import combinations

import pytest
from helpers.maps import a_rule, a_style

from gisapp.core.colour import Triple, light_of
from gisapp.core.style import Symbol
from gisapp.io.ramps import ramp
from gisapp.render.vision import VISIONS, alike, difference, ink, simulated

RED, GREEN, BLUE, YELLOW = "#d7191c", "#1a9641", "#0072b2", "#f0e442"


def filled(colour, **more):
    return Symbol(fill=colour, **more)


def pairs(*symbols, nature="area", paper="#ffffff"):
    style = a_style(*(a_rule(str(i), symbol) for i, symbol in enumerate(symbols)))
    return [(x.first, x.second, x.vision) for x in alike(style, nature, paper)]


@pytest.mark.parametrize(
    ("vision", "colour", "light"),
    # The columns of the matrices that Machado and others publish for severity 1.0; what no screen
    # shows is cut at 0 and 1.
    [
        ("protan", "#ff0000", (0.152286, 0.114503, 0.0)),
        ("protan", "#00ff00", (1.0, 0.786281, 0.0)),
        ("deutan", "#ff0000", (0.367322, 0.280085, 0.0)),
        ("deutan", "#0000ff", (0.0, 0.047413, 0.968881)),
        ("tritan", "#00ff00", (0.0, 0.930809, 0.691367)),
        ("tritan", "#0000ff", (0.0, 0.147602, 0.303900)),
    ],
)
def test_colours_are_seen_as_published(vision, colour, light):
    assert light_of(simulated(colour, vision)) == pytest.approx(Triple(*light), abs=5e-3)


@pytest.mark.parametrize("vision", VISIONS)
@pytest.mark.parametrize("grey", ["#000000", "#404040", "#808080", "#ffffff"])
def test_greys_are_seen_the_same_in_every_vision(vision, grey):
    assert simulated(grey, vision) == grey


@pytest.mark.parametrize("vision", VISIONS)
def test_differences_are_of_black_and_white_and_of_nothing(vision):
    assert difference("#000000", "#ffffff", vision) == pytest.approx(1, abs=1e-3)
    assert difference(RED, RED, vision) == 0
    assert difference(RED, GREEN, vision) == difference(GREEN, RED, vision)


def test_red_and_green_are_alike_to_deutans_blue_and_yellow_to_nobody():
    assert pairs(filled(RED), filled(GREEN)) == [(0, 1, "deutan")]
    assert pairs(filled(BLUE), filled(YELLOW)) == []


def test_colours_made_for_every_vision_pass_and_others_do_not():
    assert pairs(*map(filled, ramp("okabe_ito", 7))) == []
    assert pairs(*map(filled, ramp("viridis", 7))) == []
    told = pairs(*map(filled, ramp("dark", 7)))
    assert {vision for _a, _b, vision in told} >= {"deutan"}
    apart = {
        vision: min(difference(a, b, vision) for a, b in combinations(ramp("dark", 7), 2))
        for vision in VISIONS
    }
    assert apart["deutan"] < apart["normal"]


@pytest.mark.parametrize(
    ("nature", "cue"),
    [
        ("area", {"hatch": "cross"}),
        ("point", {"shape": "square"}),
        ("point", {"icon": "shop"}),
        ("point", {"size_mm": 3.0}),
    ],
)
def test_a_second_cue_tells_alike_colours_apart(nature, cue):
    one = filled(RED)
    assert pairs(one, one, nature=nature) == [(0, 1, "normal")]
    assert pairs(one, replace(one, **cue), nature=nature) == []


def test_lines_are_told_apart_by_dashes_and_widths_but_not_by_their_shape():
    line = Symbol(stroke=RED, stroke_mm=0.5)
    assert pairs(line, replace(line, shape="star"), nature="line") == [(0, 1, "normal")]
    assert pairs(line, replace(line, dash_mm=(2.0, 1.0)), nature="line") == []
    assert pairs(line, replace(line, stroke_mm=1.0), nature="line") == []


def test_a_wide_outline_tells_fills_apart_a_thin_one_does_not():
    one = filled(RED, stroke=BLUE, stroke_mm=0.8)
    assert pairs(one, replace(one, stroke=YELLOW)) == []
    thin = replace(one, stroke_mm=0.1)
    assert pairs(thin, replace(thin, stroke=YELLOW)) == [(0, 1, "normal")]


def test_what_cannot_be_seen_on_the_paper_is_told():
    assert pairs(filled("#fdfdfd")) == [(0, None, "normal")]
    assert pairs(filled("#fdfdfd", stroke="#222222")) == []
    assert pairs(filled(RED, fill_opacity=0.02)) == [(0, None, "normal")]
    assert pairs(filled("#202020"), paper="#1d1d1d") == [(0, None, "normal")]


def test_the_pair_most_people_confuse_comes_first():
    told = pairs(filled(RED), filled(GREEN), filled("#d8191c"))
    assert told[0] == (0, 2, "normal")


def test_the_ink_of_a_symbol_is_what_reaches_the_eye():
    assert ink(filled("#000000", fill_opacity=0.5), "area") == "#808080"
    assert ink(Symbol(fill="#000000", stroke=RED), "line") == RED
    assert ink(Symbol(), "point") == "#ffffff"
