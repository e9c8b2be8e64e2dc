"""A style becomes what QGIS and others understand, and nothing in it becomes markup."""

import math
import sys
import xml.etree.ElementTree as ET
from dataclasses import replace

import pytest
from helpers.projects import styles
from hypothesis import given
from hypothesis import strategies as st

from gisapp.core.style import ANY_SCALE, Condition, Rule, ScaleRange, Style, Symbol
from gisapp.core.words import speaking
from gisapp.io.qml import to_qml
from gisapp.io.qml_rules import filters, ranges_of
from gisapp.io.qml_symbols import icon_svg
from gisapp.io.sld import to_sld
from gisapp.io.styles import load_style

RED = Symbol(fill="#d55e00", fill_opacity=0.5, stroke="#000000", stroke_mm=0.5)
SE = "{http://www.opengis.net/se}"
OGC = "{http://www.opengis.net/ogc}"


def a_style(*conditions, rest=True):
    rules = [Rule({"en": f"r{n}"}, RED, when) for n, when in enumerate(conditions)]
    return Style("s", (*rules, *([Rule({"en": "rest"}, RED)] if rest else [])))


def renderer(style, nature="area", **names):
    return ET.fromstring(to_qml(style, nature, names)).find("renderer-v2")


@pytest.mark.parametrize(
    ("style", "kind"),
    [
        (a_style(), "singleSymbol"),
        (a_style((Condition("a", "eq", "x"),), (Condition("a", "eq", "y"),)), "categorizedSymbol"),
        (a_style((Condition("a", "eq", 1.0),), rest=False), "categorizedSymbol"),
        (a_style((Condition("a", "eq", "x"),), (Condition("b", "eq", "y"),)), "RuleRenderer"),
        (a_style((Condition("a", "eq", "x"),), (Condition("a", "eq", "x"),)), "RuleRenderer"),
        (a_style((Condition("a", "eq", ""),)), "RuleRenderer"),  # QGIS's word for "the rest"
        (a_style((Condition("a", "missing"),)), "RuleRenderer"),
        (a_style((Condition("a", "gt", 1.0),)), "RuleRenderer"),
    ],
)
def test_the_renderer_is_the_plainest_that_says_the_same(style, kind):
    assert renderer(style).get("type") == kind


def test_categories_carry_value_type_and_colour():
    found = renderer(load_style("zoning"), KODZON_1="KODZON_2")
    assert found.get("attr") == "KODZON_2"
    values = [x.get("value") for x in found.find("categories")]
    assert values == ["R", "K", "C", "KT", "SPU", "RTH", "KPI", "BJ", "BA", ""]
    first = found.find("symbols/symbol/layer/Option/Option[@name='color']")
    assert first.get("value") == "246,235,201,204"


def test_a_category_of_text_that_looks_like_a_number_stays_as_it_is_written():
    found = renderer(a_style((Condition("a", "eq", "1.0"),), (Condition("a", "eq", "v2.0"),)))
    assert [x.get("value") for x in found.find("categories")] == ["1.0", "v2.0", ""]


def test_labels_are_in_the_language_in_force():
    with speaking("id"):
        assert renderer(load_style("conflicts"))[0][0].get("label") == "Kontradiksi"
    assert renderer(load_style("conflicts"))[0][0].get("label") == "Contradiction"


def test_a_rule_excludes_those_before_it():
    style = a_style(
        (Condition("n", "gt", 5.0), Condition("k", "ne", "it's")), (Condition("n", "gt", 1.5),)
    )
    first = "\"n\" > 5 AND \"k\" <> 'it''s'"
    assert filters(style.rules, {}) == [
        f"({first})",
        f'("n" > 1.5) AND NOT coalesce({first}, FALSE)',
        f'NOT coalesce({first}, FALSE) AND NOT coalesce("n" > 1.5, FALSE)',
    ]


@pytest.mark.parametrize(
    ("condition", "text"),
    [
        (Condition("a b", "eq", "x"), "(\"a b\" = 'x')"),
        (Condition('a"b', "eq", "x"), '("a""b" = \'x\')'),
        (Condition("a", "eq", "\\'\n"), "(\"a\" = '\\\\''\\n')"),
        (Condition("a", "in", ("x", "y'")), "(\"a\" IN ('x', 'y'''))"),
        (Condition("a", "eq", True), '("a" = true)'),
        (Condition("a", "le", 0.25), '("a" <= 0.25)'),
        (Condition("a", "ge", 12345678.0), '("a" >= 12345678)'),
        (Condition("a", "missing"), '("a" IS NULL)'),
    ],
)
def test_conditions_are_quoted(condition, text):
    assert filters([Rule({}, RED, (condition,))], {}) == [text]


def test_what_a_column_is_stored_under_is_asked_for():
    style = a_style((Condition("Name", "gt", 1.0),))
    assert renderer(style, Name="name_2")[0][0].get("filter") == '("name_2" > 1)'
    assert "name_2" in to_sld(style, "point", {"Name": "name_2"})


@given(styles(), st.sampled_from(["point", "line", "area"]))
def test_any_style_becomes_well_formed_documents(style, nature):
    qml = ET.fromstring(to_qml(style, nature, {}))
    if style.heat is None or nature != "point":
        assert len(qml.find(".//symbols")) == len(style.rules)
    sld = ET.fromstring(to_sld(style, nature, {}))
    names = {x.text or "" for x in sld.iterfind(f".//{SE}Rule/{SE}Name")}
    if all(x.scales == ANY_SCALE for x in style.rules):
        assert len(sld.findall(f".//{SE}Rule")) == len(style.rules) + bool(style.labels)
    assert len(names) <= len(style.rules)


RANGES = (
    ((Condition("n", "ge", 0.0), Condition("n", "le", 5.0)), (0.0, 5.0)),
    ((Condition("n", "gt", 5.0), Condition("n", "le", 7.5)), (5.0, 7.5)),
    ((Condition("n", "gt", 7.5),), (7.5, math.inf)),
)


def test_adjoining_ranges_of_one_column_become_graduated_classes():
    style = a_style(*(when for when, _ in RANGES), rest=False)
    assert ranges_of(style) == ("n", [ends for _, ends in RANGES])
    found = renderer(style, n="n_2")
    assert (found.get("type"), found.get("attr")) == ("graduatedSymbol", "n_2")
    ends = [(float(x.get("lower")), float(x.get("upper"))) for x in found.find("ranges")]
    assert ends == [(0, 5), (5, 7.5), (7.5, sys.float_info.max)]


@pytest.mark.parametrize(
    "whens",
    [
        [RANGES[0][0], RANGES[2][0]],  # a gap
        [RANGES[1][0], RANGES[2][0]],  # the first limit belongs to no class
        [RANGES[1][0], RANGES[0][0]],  # from high to low
        [(Condition("n", "lt", 5.0),), (Condition("n", "ge", 5.0),)],  # closed below
        [RANGES[0][0], (Condition("m", "gt", 5.0),)],
        [RANGES[0][0], (Condition("n", "missing"),)],
        [(Condition("n", "le", "5"),)],
        [(Condition("n", "le", 5.0), Condition("n", "le", 6.0))],
    ],
)
def test_what_the_graduated_renderer_would_draw_otherwise_stays_a_list_of_rules(whens):
    assert renderer(a_style(*whens, rest=False)).get("type") == "RuleRenderer"


def with_scales(style, **scales):
    rules = tuple(replace(rule, scales=scales.get(rule.labels["en"], ANY_SCALE))
                  for rule in style.rules)  # fmt: skip
    return replace(style, rules=rules)


def test_a_rule_excludes_others_only_at_the_scales_at_which_it_is_drawn():
    style = with_scales(a_style((Condition("n", "gt", 5.0),)), r0=ScaleRange(1000, 25_000))
    near, rest = renderer(style)[0]
    assert (near.get("scalemindenom"), near.get("scalemaxdenom")) == ("1000", "25000")
    assert rest.get("filter") == (
        'NOT coalesce("n" > 5 AND @map_scale >= 1000 AND @map_scale < 25000, FALSE)'
    )


def test_one_symbol_at_some_scales_is_a_rule_and_hides_what_comes_after_it_there():
    style = with_scales(a_style(()), r0=ScaleRange(0, 5000))
    assert renderer(style).get("type") == "RuleRenderer"
    assert renderer(style)[0][1].get("filter") == "NOT coalesce(@map_scale < 5000, FALSE)"


def test_an_sld_rule_is_written_for_each_span_of_scales_of_those_before_it():
    style = with_scales(a_style((Condition("n", "gt", 5.0),)), r0=ScaleRange(1000, 25_000))
    rules = ET.fromstring(to_sld(style, "area", {})).findall(f".//{SE}Rule")
    told = [
        (
            x.find(f"{SE}Name").text,
            x.findtext(f"{SE}MinScaleDenominator"),
            x.findtext(f"{SE}MaxScaleDenominator"),
            x.find(f".//{OGC}Not") is not None,
        )
        for x in rules
    ]
    assert told == [
        ("r0", "1000", "25000", False),
        ("rest", None, "1000", False),
        ("rest", "1000", "25000", True),
        ("rest", "25000", None, False),
    ]


def test_an_sld_carries_the_opacity_of_the_layer_in_its_symbols():
    found = ET.fromstring(to_sld(replace(a_style(), opacity=0.5), "area", {}))
    values = {x.get("name"): x.text for x in found.iter(f"{SE}SvgParameter")}
    assert (values["fill-opacity"], values["stroke-opacity"]) == ("0.25", "0.5")


def test_an_sld_rule_excludes_those_before_it():
    style = a_style((Condition("n", "gt", 5.0),), (Condition("n", "gt", 1.0),))
    first, second, rest = ET.fromstring(to_sld(style, "area", {})).findall(f".//{SE}Rule")
    assert first.find(f".//{OGC}Not") is None
    assert second.find(f".//{OGC}Not//{OGC}Literal").text == "5"
    assert rest.find(f"{SE}ElseFilter") is not None


def test_an_sld_symbol_has_the_colours_and_lengths():
    found = ET.fromstring(to_sld(a_style(), "area", {})).iter(f"{SE}SvgParameter")
    assert {x.get("name"): x.text for x in found} == {
        "fill": "#d55e00",
        "fill-opacity": "0.5",
        "stroke": "#000000",
        "stroke-width": "1.786",  # 0.5 mm of 0.28 mm pixels
    }


def test_an_icons_drawing_is_svg_with_parameters_and_leaves_elementtree_alone():
    svg = "http://www.w3.org/2000/svg"
    text = icon_svg("school").decode("ascii")
    assert text.startswith("<svg ")
    paths = list(ET.fromstring(text).iter(f"{{{svg}}}path"))
    assert paths
    assert {path.get("fill") for path in paths} == {"param(fill)"}
    assert ET.tostring(ET.Element(f"{{{svg}}}g")).startswith(b"<ns0:g")
