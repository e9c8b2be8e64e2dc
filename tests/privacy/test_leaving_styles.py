"""A style made from columns that stay here does not tell their values in a legend."""

from dataclasses import replace

import pytest
from helpers.people import people_project

from gisapp.core.style import Classes, Condition, Heat, Labels, Rule, Style, Symbol
from gisapp.io.styles import format_style
from gisapp.privacy.redact import redact
from gisapp.privacy.styles import leaving_style

DOT = Symbol(fill="#123456")
OPEN = Rule({"en": "Open"}, DOT, (Condition("sector", "eq", "food"),))
SECRET = Rule({"en": "Siti Rahayu"}, DOT, (Condition("owner", "eq", "Siti Rahayu"),))
REST = Rule({"en": "Other values"}, DOT)


def test_a_style_of_columns_that_leave_stays_itself():
    style = Style("s", (OPEN, REST), classes=Classes("sector", "categories"))
    assert leaving_style(style, {"owner"}, {}) == style


def test_what_was_made_from_a_withheld_column_stays_here():
    style = Style(
        "s",
        (OPEN, SECRET, REST),
        labels=Labels("owner"),
        classes=Classes("owner", "given", breaks=(1.0, 4_321_567.0)),
        heat=Heat(weight_column="owner"),
    )
    made = leaving_style(style, {"owner"}, {})
    assert made.rules == (OPEN, REST)
    assert (made.labels, made.classes) == (None, None)
    assert "owner" not in format_style(made)


def test_where_no_rule_is_left_one_without_a_name_draws_everything():
    made = leaving_style(Style("s", (SECRET,)), {"owner"}, {})
    assert made.rules == (Rule({}, DOT),)


def test_a_value_that_identifies_a_person_is_no_rule_even_of_a_column_that_leaves():
    phone = Rule({"en": "x"}, DOT, (Condition("note", "in", ("call 0812-3456-7890",)),))
    assert leaving_style(Style("s", (phone, REST)), (), {}).rules == (REST,)


@pytest.mark.parametrize("preset", ["internal", "partner", "public"])
def test_no_release_carries_a_name_in_a_legend(preset):
    project = people_project(60, 60)
    named = Style("s", (SECRET, REST), classes=Classes("owner", "categories"))
    layers = tuple(
        replace(layer, frame=layer.frame.assign(owner="Siti Rahayu 0812-3456-7890"), style=named)
        for layer in project.layers
    )
    made = redact(replace(project, layers=layers), preset, recipient="LBH Jakarta")
    assert made.layers
    assert not any("Siti" in format_style(layer.style) for layer in made.layers)


def test_a_rare_activity_that_is_masked_is_not_told_by_a_rule():
    project = people_project(200, 60)
    rare = Rule({"en": "x"}, DOT, (Condition("activity", "eq", "sells harps"),))
    layers = tuple(
        replace(
            layer,
            frame=layer.frame.assign(
                activity=["sells harps", *["sells food"] * (len(layer.frame) - 1)]
            ),
            style=Style("s", (rare, REST)),
        )
        if "businesses" in layer.kind
        else layer
        for layer in project.layers
    )
    made = redact(replace(project, layers=layers), "partner", recipient="LBH Jakarta")
    assert any("activity" in layer.frame.columns for layer in made.layers)
    assert not any("harps" in format_style(layer.style) for layer in made.layers)
