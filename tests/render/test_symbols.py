import numpy as np
import pandas as pd
import pytest
from helpers.maps import RED, a_rule, a_style

from gisapp.core.style import Condition, Style
from gisapp.render.symbols import NO_RULE, rule_of_each

FRAME = pd.DataFrame(
    {
        "stage": pd.array(["sp1", None, "executed", ""], dtype="str"),
        "score": [0.2, np.nan, 1.0, 0.0],
        "count": pd.array([1, None, 3, 0], dtype="Int64"),
        "uncertain": [True, False, True, False],
        "newly_poor": pd.Series([True, None, False, True], dtype="object"),
        "from": pd.array(["2025-12-31", "2026-01-01", None, "2026-06-01"], dtype="str"),
    }
)


def fits(condition: Condition) -> list[bool]:
    style = a_style(a_rule("x", RED, condition))
    return (rule_of_each(FRAME, style) == 0).tolist()


@pytest.mark.parametrize(
    ("condition", "expected"),
    [
        (Condition("stage", "eq", "sp1"), [True, False, False, False]),
        (Condition("stage", "ne", "sp1"), [False, False, True, True]),
        (Condition("stage", "in", ("sp1", "executed")), [True, False, True, False]),
        (Condition("stage", "missing"), [False, True, False, False]),
        (Condition("score", "ge", 0.2), [True, False, True, False]),
        (Condition("score", "lt", 0.2), [False, False, False, True]),
        (Condition("count", "le", 1), [True, False, False, True]),
        (Condition("count", "gt", 2.5), [False, False, True, False]),
        (Condition("count", "ne", 3), [True, False, False, True]),
        (Condition("uncertain", "eq", True), [True, False, True, False]),
        (Condition("newly_poor", "eq", False), [False, False, True, False]),
        (Condition("newly_poor", "ne", False), [True, False, False, True]),
        (Condition("newly_poor", "missing"), [False, True, False, False]),
        (Condition("from", "lt", "2026-02-01"), [True, True, False, False]),
        (Condition("stage", "gt", 3.0), [False, False, False, False]),
        (Condition("nowhere", "eq", "x"), [False, False, False, False]),
        (Condition("nowhere", "missing"), [True, True, True, True]),
    ],
)
def test_a_missing_value_fits_missing_only(condition: Condition, expected: list[bool]) -> None:
    assert fits(condition) == expected


def test_the_first_rule_that_fits_draws_a_feature() -> None:
    style = a_style(
        a_rule("strong", RED, Condition("score", "gt", 0.5)),
        a_rule("some", RED, Condition("score", "gt", 0.0)),
    )
    assert rule_of_each(FRAME, style).tolist() == [1, NO_RULE, 0, NO_RULE]


def test_all_conditions_of_a_rule_must_hold() -> None:
    both = Condition("uncertain", "eq", True), Condition("score", "gt", 0.5)
    assert rule_of_each(FRAME, a_style(a_rule("x", RED, *both))).tolist() == [-1, -1, 0, -1]


def test_another_style_on_the_same_frame_is_worked_out_anew() -> None:
    first: Style = a_style(a_rule("x", RED, Condition("stage", "eq", "sp1")))
    assert rule_of_each(FRAME, first) is rule_of_each(FRAME, first)
    assert rule_of_each(FRAME, a_style()).tolist() == [0, 0, 0, 0]


def test_columns_of_few_and_of_many_values_answer_alike() -> None:
    rng = np.random.default_rng(4)
    few = pd.Series(rng.choice(["a", "b", ""], 3_000), dtype="str").mask(rng.random(3_000) < 0.2)
    many = few.where(few.isna(), few + [f"-{i}" for i in range(3_000)])
    frame = pd.DataFrame({"few": few, "many": many})
    for op, value in (("eq", "a"), ("ne", "a"), ("ge", "b"), ("in", ("a", "")), ("missing", None)):
        same = few.isin(value) if op == "in" else None
        expected = {
            "eq": few == "a",
            "ne": few.notna() & (few != "a"),
            "ge": few.notna() & (few >= "b"),
            "in": same,
            "missing": few.isna(),
        }[op]
        found = rule_of_each(frame, a_style(a_rule("x", RED, Condition("few", op, value)))) == 0
        assert found.tolist() == expected.fillna(False).astype(bool).tolist()
    one = many.iloc[7] if pd.notna(many.iloc[7]) else many.dropna().iloc[0]
    found = rule_of_each(frame, a_style(a_rule("x", RED, Condition("many", "eq", one)))) == 0
    assert found.sum() == 1


def test_several_styles_of_one_frame_are_remembered_in_turns() -> None:
    frame = pd.DataFrame({"x": pd.Series(["a", "b"], dtype="str")})
    styles = [a_style(a_rule(x, RED, Condition("x", "eq", x))) for x in "abc"]
    first = [rule_of_each(frame, x) for x in styles]
    assert all(rule_of_each(frame, x) is y for x, y in zip(styles, first, strict=True))
