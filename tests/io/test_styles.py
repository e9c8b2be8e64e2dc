"""A style is read strictly and written back the same."""

import re

import pandas as pd
import pytest
from helpers.projects import styles
from hypothesis import given

from gisapp.core.errors import GisappError
from gisapp.core.style import Condition, on_date
from gisapp.io.bundled import bundled
from gisapp.io.catalogue import load_catalogue
from gisapp.io.styles import format_style, load_style, parse_style
from gisapp.render.symbols import rule_of_each

RULE = 'name = "x"\n[[rules]]\nlabel = { en = "All" }\n'
# The basemap's, and that of lines which are of no kind.
WITHOUT_A_KIND = {"outlines", "roads"}
NAMES = sorted(x.stem for x in bundled("styles").glob("*.toml") if x.stem != "ramps")


@given(styles())
def test_what_is_written_is_read_the_same(style):
    assert parse_style(format_style(style), "x") == style


@pytest.mark.parametrize("name", NAMES)
def test_bundled_styles_speak_both_languages(name):
    style = load_style(name)
    assert style.name == name
    for texts in (style.titles, *(x.labels for x in style.rules)):
        assert sorted(texts) == ["en", "id"]
        assert all(texts.values())


def test_every_kind_that_is_drawn_has_a_style():
    kinds = load_catalogue().kinds.values()
    assert {x.style for x in kinds if x.geometry != "table"} == set(NAMES) - WITHOUT_A_KIND


@pytest.mark.parametrize("name", NAMES)
def test_bundled_styles_name_the_codes_of_the_catalogue(name):
    fields = load_catalogue().kinds[name].fields if name not in WITHOUT_A_KIND else {}
    for rule in load_style(name).rules:
        for condition in rule.when:
            field = fields[condition.column]
            asks_for_a_code = field.codes and condition.op != "missing"
            assert not asks_for_a_code or condition.value in field.codes


@pytest.mark.parametrize(("as_of", "faint"), [
    ("", ["D", "F"]), ("2025-12-31", ["A", "B", "D", "F"]), ("2026-01-01", ["D", "F"]),
    ("2026-06-01", ["B", "D", "F"]),
])  # fmt: skip
def test_evictions_not_in_force_on_the_date_are_faint(as_of, faint):
    """From, until: the half-open interval; an unknown start is never in force."""
    dates = {"A": ("2026-01-01", None), "B": ("2026-01-01", "2026-06-01"),
             "C": ("2020-01-01", None), "D": (None, None), "F": (None, "2030-01-01")}  # fmt: skip
    frame = pd.DataFrame({
        "valid_from": pd.Series([x for x, _ in dates.values()], dtype="str"),
        "valid_to": pd.Series([x for _, x in dates.values()], dtype="str"),
        "stage": pd.Series(["executed"] * len(dates), dtype="str"),
    })  # fmt: skip
    style = on_date(load_style("evictions"), as_of)
    drawn = [style.rules[n].symbol.fill is None for n in rule_of_each(frame, style)]
    assert [name for name, is_faint in zip(dates, drawn, strict=True) if is_faint] == faint


@pytest.mark.parametrize(
    ("name", "column"),
    [("assessed_businesses", "class"), ("assessed_households", "family_impact"),
     ("conflicts", "finding"), ("evictions", "stage")],
)  # fmt: skip
def test_every_finding_has_a_symbol(name, column):
    codes = load_catalogue().kinds[name].fields[column].codes
    drawn = [x.when[0].value for x in load_style(name).rules if x.when][-len(codes) :]
    assert sorted(drawn) == sorted(codes)


@pytest.mark.parametrize("name", ["assessed_businesses", "assessed_households", "conflicts"])
def test_findings_differ_in_shape_or_in_lightness(name):
    """So that they can be told apart without colour."""
    marks = [
        (x.symbol.shape, x.symbol.size_mm, lightness(x.symbol.fill or x.symbol.stroke))
        for x in load_style(name).rules
    ]
    for n, (shape, size, light) in enumerate(marks):
        for other, its_size, its_light in marks[:n]:
            assert shape != other or abs(size - its_size) >= 0.3 or abs(light - its_light) >= 0.1


def lightness(colour):
    red, green, blue = (int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (
            RULE + 'fil = "#ffffff"',
            "x.toml cannot be used: rule 1: there is no fil; did you mean",
        ),
        (RULE + "strok_mm = 1", "rule 1: there is no strok_mm; did you mean stroke_mm"),
        (RULE.replace("name", "nam"), "there is no nam; did you mean name"),
        (RULE + 'fill = "red"', "rule 1: fill: write a colour as #rrggbb"),
        (RULE + "dash_mm = [0]", "rule 1: dash_mm: "),
        (RULE + 'when = [{column = "a", op = "eq", value = 2026-01-01}]', "rule 1: value: "),
        (RULE + '[labels]\ncolumn = "a"\nhalo = "red"', "labels: halo: write a colour as #rrggbb"),
        (RULE + 'fill = "#12345"', "rule 1: fill: write a colour as #rrggbb"),
        (RULE + "size_mm = 0", "rule 1: size_mm"),
        (RULE + "size_mm = nan", "rule 1: size_mm"),
        (RULE + 'size_mm = "2"', "rule 1: size_mm"),
        (RULE + "fill_opacity = 2", "rule 1: fill_opacity"),
        (RULE + 'shape = "hexagon"', "rule 1: shape: .*circle"),
        (
            RULE + 'when = [{ column = "a", op = "=", value = 1 }]',
            "rule 1: op: it must be one of eq,",
        ),
        (RULE + 'when = [{ column = "a", op = "in", value = "b" }]', "rule 1: in does not go with"),
        (RULE + 'when = [{ column = "a", op = "eq" }]', "rule 1: eq does not go with"),
        (RULE + 'when = [{ column = "a", op = "gt", value = true }]', "rule 1: gt does not go"),
        (RULE + 'when = [{ colum = "a", op = "missing" }]', "there is no colum; did you mean c"),
        (RULE.replace("en", "fr"), "rule 1: there is no fr; there are en, id"),
        (RULE + RULE.partition("\n")[2], "rule 1 takes every feature"),
        ('name = "x"\nrules = []', "it has no rules, and neither classes nor heat"),
        ('name = "x"', "rules"),
        (RULE + "min_denominator = 5\nmax_denominator = 5", "rule 1: min_denominator must be less"),
        (RULE + 'icon = "../x"', "rule 1: icon"),
        (RULE + '[labels]\ncolum = "a"', "labels: there is no colum; did you mean column"),
        (RULE + '[classes]\ncolumn = "a"\nscheme = "quantile"', "classes: scheme: .*quantiles"),
        (RULE + '[classes]\ncolumn = "a"\nscheme = "given"\nbreaks = [2, 1]', "must grow"),
        (RULE + "[heat]\nradius = 5", "heat: there is no radius; did you mean radius_m"),
        ("name = ", "x.toml cannot be used"),
    ],
)
def test_a_bad_style_is_refused_naming_file_rule_and_key(text, message):
    with pytest.raises(GisappError) as refused:
        parse_style(text, "x.toml")
    assert re.search(message, refused.value.message), refused.value.message
    assert refused.value.remedy


def test_values_keep_their_type():
    when = [("eq", '"1"', "1"), ("eq", "1", 1.0), ("eq", "true", True), ("in", '["a"]', ("a",))]
    for op, text, value in when:
        style = parse_style(
            RULE + f'when = [{{ column = "c", op = "{op}", value = {text} }}]', "x.toml"
        )
        (found,) = style.rules[0].when
        assert found == Condition("c", op, value)
        assert type(found.value) is type(value)


@pytest.mark.parametrize(
    ("lines", "told"),
    [
        ("[[rules]]\nstroke_mm = 1.0", "rule 1: label: it is missing."),
        ("[[rules]]\nlabel = {}\nstroke_mm = 300.0", "stroke_mm: it must be at most 100."),
        ("[[rules]]\nlabel = {}\nstroke_mm = 0.0", "stroke_mm: it must be more than 0."),
        ("[[rules]]\nlabel = {}\nfill = 3", "fill: it must be a text in quotation marks."),
        (
            '[[rules]]\nlabel = {}\nhatch = "dot"',
            "hatch: it must be one of diagonal, back, cross, dots.",
        ),
        ("opacity = 'x'", "opacity: it must be a number."),
        ("rules = 4", "rules: it must be a list in square brackets."),
        ("heat = true", "heat: it must be a table of keys and values."),
        ('[labels]\ncolumn = "x"\nbold = 1', "labels: bold: it must be true or false."),
        (
            '[classes]\ncolumn = "x"\nscheme = "pretty"\nk = 2.5',
            "classes: k: it must be a whole number.",
        ),
        ("opacity = = 1", "line 2, column 11 is no TOML."),
        ('opacity = "', "its last line is unfinished TOML."),
    ],
)
def test_what_is_wrong_is_said_in_our_words(lines, told):
    with pytest.raises(GisappError) as refused:
        parse_style(f'name = "s"\n{lines}', "s.toml")
    assert refused.value.message.endswith(told)
