import re
from pathlib import Path
from typing import get_args

import pytest

from gisapp.core.colour import light_of, oklab
from gisapp.core.errors import GisappError
from gisapp.core.style import Scheme
from gisapp.io.ramps import parse_ramps, ramp, ramps
from gisapp.io.style_keys import (
    ClassesKeys,
    ClustersKeys,
    HeatKeys,
    LabelsKeys,
    RuleKeys,
    StyleKeys,
)
from gisapp.io.styles import parse_style

NAMES = sorted(ramps())
SEQUENTIAL = [name for name in NAMES if ramps()[name].nature == "sequential"]


def lightness(colour):
    return oklab(light_of(colour)).x


@pytest.mark.parametrize("name", NAMES)
def test_a_ramp_speaks_both_languages_and_gives_as_many_colours_as_asked(name):
    assert sorted(ramps()[name].titles) == ["en", "id"]
    for n in range(1, 25):
        assert len(set(ramp(name, n))) == n


@pytest.mark.parametrize("name", NAMES)
def test_a_ramp_asked_for_its_own_number_of_colours_gives_them(name):
    colours = ramps()[name].colours
    assert ramp(name, len(colours)) == colours


@pytest.mark.parametrize("name", SEQUENTIAL)
def test_a_sequential_ramp_goes_one_way_in_lightness(name):
    steps = [lightness(x) for x in ramp(name, 12)]
    assert steps in (sorted(steps), sorted(steps, reverse=True))


def test_a_diverging_ramp_is_lightest_in_its_middle():
    for name in ("red_blue", "orange_purple", "brown_teal"):
        steps = [lightness(x) for x in ramp(name, 11)]
        assert max(steps) == steps[5]


def test_between_two_colours_lies_what_the_eye_calls_the_middle():
    text = '[x]\nnature = "sequential"\ntitle = { en = "X" }\ncolours = ["#000000", "#ffffff"]\n'
    assert parse_ramps(text, "x")["x"].colours == ("#000000", "#ffffff")
    first, middle, last = ramp("viridis", 21)[:3]
    assert lightness(middle) == pytest.approx((lightness(first) + lightness(last)) / 2, abs=2e-3)


def test_an_unknown_ramp_is_refused_with_the_nearest():
    with pytest.raises(GisappError, match="did you mean viridis"):
        ramp("virdis", 5)


@pytest.mark.parametrize(
    "table",
    ['[heat]\nramp = "heatt"', '[classes]\ncolumn = "x"\nscheme = "quantiles"\nramp = "heatt"'],
)
def test_a_style_with_an_unknown_ramp_is_refused_with_the_nearest(table):
    with pytest.raises(GisappError, match="did you mean heat"):
        parse_style(f'name = "x"\n{table}', "x.toml")


@pytest.mark.parametrize(
    "text",
    [
        "[x",
        '[x]\nnature = "sequential"\ntitle = { en = "X" }\ncolours = ["#000000"]',
        '[x]\nnature = "sequential"\ntitle = { en = "X" }\ncolours = ["#000000", "white"]',
        '[x]\nnature = "sideways"\ntitle = { en = "X" }\ncolours = ["#000000", "#ffffff"]',
        '[x]\nnature = "sequential"\ntitle = { en = "X" }\ncolors = ["#000000", "#ffffff"]',
    ],
)
def test_ramps_are_read_strictly(text):
    with pytest.raises(GisappError, match="ramps of x cannot be used"):
        parse_ramps(text, "x")


def test_the_documentation_names_every_ramp_scheme_and_key():
    text = (Path(__file__).parents[2] / "docs" / "styles.md").read_text("utf-8")
    named = set(re.findall(r"`([a-z_]+)`", text)) | set(re.findall(r"`\[(\w+)\]`", text))
    tables = (StyleKeys, RuleKeys, LabelsKeys, ClassesKeys, ClustersKeys, HeatKeys)
    keys = {key for table in tables for key in table.model_fields}
    assert keys - {"name", "rules"} <= named
    assert set(ramps()) <= named
    assert set(get_args(Scheme)) <= named
