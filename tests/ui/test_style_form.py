"""What the style editor decides, without a window."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
import shapely
from helpers.maps import RED, a_layer, a_rule, a_style
from helpers.projects import styles
from helpers.window import assessed_project, plain_project
from hypothesis import given

from gisapp.core.errors import GisappError
from gisapp.core.style import Classes, Condition, Heat, Symbol
from gisapp.core.words import set_language
from gisapp.io.styles import load_style
from gisapp.ui.style_form import (
    Column,
    added,
    breaks_of,
    bundled_style,
    columns_of,
    condition_of,
    default_classes,
    fitting_schemes,
    moved,
    new_rule,
    operators_of,
    problem_of,
    read_style,
    removed,
    rule_counts,
    sampled_text,
    taken_over,
    typed_text,
    values_of,
    vision_text,
    write_style,
)

TEXT, NUMBER, TRUTH = (
    Column("t", "Text", "text"),
    Column("n", "N", "number"),
    Column("b", "B", "truth"),
)


def layer(**columns):
    n = len(next(iter(columns.values())))
    return a_layer([shapely.Point(i, 0) for i in range(n)], **columns)


def test_columns_are_typed_and_named_by_the_catalogue():
    found = {x.name: x for x in columns_of(plain_project().layer("businesses"))}
    assert found["name"].title == "Stall's name"
    assert "geometry" not in found
    homes = {x.name: x for x in columns_of(plain_project().layer("households"))}
    assert homes["members"].holds == "number"
    assessed = {x.name: x for x in columns_of(assessed_project().layer("assessed_businesses"))}
    assert assessed["uncertain"].holds == "truth"
    assert assessed["class"].field is not None


def test_truths_with_gaps_are_truths_and_other_objects_are_text():
    made = layer(b=pd.Series([True, None], dtype="object"), o=pd.Series([True, 3], dtype="object"))
    assert [x.holds for x in columns_of(made)] == ["text", "truth", "text"]


@pytest.mark.parametrize(
    ("column", "op", "text", "value"),
    [
        (TEXT, "eq", " R-1 ", "R-1"),
        (TEXT, "in", "a; b ;", ("a", "b")),
        (TEXT, "missing", "whatever", None),
        (NUMBER, "gt", "1500.5", 1500.5),
        (NUMBER, "gt", "1,500.5", 1500.5),
        (NUMBER, "le", "-3", -3.0),
        (TRUTH, "eq", "false", False),
    ],
)
def test_a_condition_is_typed_by_its_column(column, op, text, value):
    made = condition_of(column, op, text)
    assert made == Condition(column.name, op, value)
    assert type(made.value) is type(value)
    assert condition_of(column, op, typed_text(made.value)) == made


@pytest.mark.parametrize("value", [0.125, 1500.0, 1234567.25, -0.5, 1e20])
@pytest.mark.parametrize("code", ["id", "en"])
def test_a_number_is_read_as_it_is_shown(code, value):
    set_language(code)
    assert condition_of(NUMBER, "eq", typed_text(value)).value == value


def test_numbers_are_read_in_the_language_in_force():
    set_language("id")
    assert condition_of(NUMBER, "eq", "1.500").value == 1500
    assert condition_of(NUMBER, "eq", "1.500,5").value == 1500.5
    assert breaks_of("20; 10,5 10,5") == (10.5, 20)


@pytest.mark.parametrize(
    ("column", "text", "why"),
    [(NUMBER, "many", "no number"), (NUMBER, "inf", "no number"), (TRUTH, "yes", "neither true")],
)
def test_what_a_column_cannot_be_compared_with_is_refused(column, text, why):
    with pytest.raises(GisappError, match=why) as refused:
        condition_of(column, "eq", text)
    assert refused.value.remedy


def test_operators_fit_what_a_column_holds():
    assert "in" in dict(operators_of("text"))
    assert "in" not in dict(operators_of("number"))
    assert set(dict(operators_of("truth"))) == {"eq", "missing"}


def test_values_are_offered_the_most_frequent_first_and_with_their_words():
    business = plain_project().layer("businesses")
    columns = {x.name: x for x in columns_of(business)}
    activities = values_of(business.frame, columns["activity"])
    assert activities == (("Warung Makan", "Warung Makan"), ("Bengkel", "Bengkel"))
    evictions = plain_project().layer("evictions")
    stage = {x.name: x for x in columns_of(evictions)}["stage"]
    assert values_of(evictions.frame, stage)[0] == ("sp2", "Second warning (SP 2)")
    unique = layer(x=np.arange(20_000.0))
    assert len(values_of(unique.frame, columns_of(unique)[1])) == 200


def test_rules_are_moved_added_and_removed_without_loss():
    rules = tuple(a_rule(x, RED, Condition("x", "eq", x)) for x in "abc")
    assert [r.labels["en"] for r in moved(rules, 0, 2)] == ["b", "c", "a"]
    assert moved(moved(rules, 0, 2), 2, 0) == rules
    assert removed(added(rules, 1, rules[0]), 1) == rules


def test_a_rule_that_hides_those_below_is_told():
    above = a_style(a_rule("all"), a_rule("b", RED, Condition("x", "eq", "b")))
    assert "takes every feature" in problem_of(above).message
    assert problem_of(a_style(new_rule(TEXT, RED), a_rule("all"))) is None


@given(styles())
def test_no_style_that_can_be_held_is_refused(style):
    assert problem_of(style) is None


def test_counts_of_the_rules_add_up():
    made = layer(x=pd.Series([*"aab", None], dtype="str"))
    rules = (
        a_rule("a", RED, Condition("x", "eq", "a")),
        a_rule("c", RED, Condition("x", "eq", "c")),
    )
    assert rule_counts(made.frame, a_style(*rules)) == (2, 0, 2)


def test_classes_begin_where_they_say_most():
    columns = columns_of(plain_project().layer("evictions"))
    assert default_classes(columns) == Classes("stage", "categories", 12, "okabe_ito")
    homes = columns_of(plain_project().layer("households"))
    assert default_classes(homes, "members") == Classes("members", "quantiles", 5)
    assert default_classes((TEXT,)) is None
    assert [x for x, _text in fitting_schemes(TEXT)] == ["categories"]
    assert len(fitting_schemes(NUMBER)) == 9


def test_a_sample_is_told_and_a_whole_is_not():
    assert sampled_text(0, 50) == ""
    assert "2,000 of 1,000,000" in sampled_text(2_000, 1_000_000)


def test_the_worst_pair_is_told_by_its_labels_and_who_sees_it():
    red, green = a_rule("A", Symbol(fill="#d7191c")), a_rule("B", Symbol(fill="#1a9641"))
    told = vision_text(a_style(replace(red, when=(Condition("x", "missing"),)), green), "area")
    assert told.startswith("“A” and “B” look alike to people who see green weakly")
    assert "Every class" in vision_text(a_style(green), "area")
    assert vision_text(replace(a_style(red), heat=Heat()), "point") == ""


def test_a_file_gives_back_the_style_that_was_written(tmp_path):
    style = load_style("evictions")
    write_style(style, tmp_path / "x.toml")
    assert read_style(tmp_path / "x.toml") == style
    admin = plain_project().layer("admin")
    mine = taken_over(style, admin)
    assert (mine.name, mine.titles, mine.rules) == ("admin", admin.style.titles, style.rules)
    assert bundled_style(admin) == load_style("admin")


def test_a_file_that_is_no_style_is_refused_with_a_remedy(tmp_path):
    (tmp_path / "x.toml").write_text('name = "x"\n[[rules]]\nlabel = {en = "x"}\nfil = "#ffffff"\n')
    with pytest.raises(GisappError, match="did you mean fill"):
        read_style(tmp_path / "x.toml")
    (tmp_path / "y.toml").write_bytes(b"\xff\xfe\x00")
    with pytest.raises(GisappError, match="cannot be read as a style") as refused:
        read_style(tmp_path / "y.toml")
    assert refused.value.remedy
