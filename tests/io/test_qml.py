"""A style becomes what QGIS and others understand, and nothing in it becomes markup."""

import xml.etree.ElementTree as ET

import pytest
from helpers.projects import styles
from hypothesis import given
from hypothesis import strategies as st

from gisapp.core.style import Condition, Rule, Style, Symbol
from gisapp.core.words import speaking
from gisapp.io.qml import filters, to_qml
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
    assert len(qml.find("renderer-v2/symbols")) == len(style.rules)
    sld = ET.fromstring(to_sld(style, nature, {}))
    rules = sld.findall(f".//{SE}Rule")
    assert len(rules) == len(style.rules) + bool(style.labels)


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
