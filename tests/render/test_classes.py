"""Classes against counts and limits worked out another way."""

import itertools
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
import shapely
from helpers.maps import a_layer, a_style
from hypothesis import given
from hypothesis import strategies as st

from gisapp.core.errors import GisappError
from gisapp.core.style import Classes, Rule, Style, Symbol
from gisapp.core.words import label, speaking
from gisapp.io.catalogue import load_catalogue
from gisapp.io.ramps import ramp
from gisapp.io.styles import format_style, parse_style
from gisapp.render.breaks import limits_of
from gisapp.render.classes import classed, classing
from gisapp.render.symbols import NO_RULE, rule_of_each

NUMBERS = (
    "equal_interval",
    "quantiles",
    "fisher_jenks",
    "natural_breaks",
    "std_mean",
    "head_tail",
    "pretty",
)


def points(**columns):
    n = len(next(iter(columns.values())))
    return a_layer([shapely.Point(i, 0) for i in range(n)], **columns).frame


def by(frame, scheme, k=5, style=None, field=None, **more):
    style = style or a_style(Rule({}, Symbol(fill="#111111", fill_opacity=0.5, size_mm=3)))
    return classed(replace(style, classes=Classes("x", scheme, k, **more)), frame, field)


def names(style, language="en"):
    with speaking(language):
        return [label(rule.labels) for rule in style.rules]


def counted(frame, style):
    rule = rule_of_each(frame, style)
    assert rule.min() > NO_RULE  # nothing is left undrawn
    return np.bincount(rule, minlength=len(style.rules)).tolist()


# ---------------------------------------------------------------- limits


def spread(groups):
    return sum(((np.asarray(g) - np.mean(g)) ** 2).sum() for g in groups)


def least_spread(values, k):
    """The best of all ways to cut sorted values into k groups."""
    n = len(values)
    ways = itertools.combinations(range(1, n), k - 1)
    return min(spread(np.split(values, cuts)) for cuts in ways)


# Fisher and Jenks find the best way there is; k-means of natural breaks comes near it.
@pytest.mark.parametrize(("scheme", "worse"), [("fisher_jenks", 1.00001), ("natural_breaks", 1.3)])
@pytest.mark.parametrize(("seed", "k"), [(1, 2), (2, 3), (3, 4), (4, 5)])
def test_grouped_classes_are_as_tight_as_any(scheme, worse, seed, k):
    # Incomes in rupiah: single precision would not tell them apart.
    values = np.sort(np.random.default_rng(seed).lognormal(15, 0.6, 14).round(-3))
    upper = np.array(limits_of(values, scheme, k).upper)
    assert len(upper) == k
    groups = np.split(values, np.searchsorted(values, upper[:-1], side="right"))
    assert spread(groups) <= least_spread(values, k) * worse


@pytest.mark.parametrize("k", range(2, 13))
def test_quantiles_are_numpys(k):
    values = np.random.default_rng(k).normal(0, 10, 997)
    expected = np.quantile(values, np.arange(1, k + 1) / k)
    assert limits_of(values, "quantiles", k).upper == pytest.approx(expected)


def test_equal_intervals_are_equal_and_pretty_ones_round():
    values = np.array([3.0, 47.0, 5.5, 20.0])
    assert limits_of(values, "equal_interval", 4).upper == pytest.approx((14, 25, 36, 47))
    assert limits_of(values, "pretty", 5).upper == (10, 20, 30, 40, 50)


def test_head_and_tail_breaks_at_the_means_of_the_heads():
    values = np.array([1, 1, 1, 1, 1, 1, 2, 2, 4, 16], dtype=float)
    assert limits_of(values, "head_tail", 5).upper == pytest.approx((3, 10, 16))


def test_std_mean_breaks_at_deviations_from_the_mean():
    values = np.concatenate([np.arange(100.0), [150.0]])
    mean, deviation = values.mean(), values.std(ddof=1)
    expected = (mean - deviation, mean + deviation, mean + 2 * deviation, 150.0)
    assert limits_of(values, "std_mean", 5).upper == pytest.approx(expected)


def test_of_many_values_grouped_classes_see_a_stated_sample():
    values = np.random.default_rng(5).normal(0, 1, 50_000)
    for scheme in ("fisher_jenks", "natural_breaks"):
        limits = limits_of(values, scheme, 4)
        assert 0 < limits.sampled < values.size
        assert (limits.lowest, limits.upper[-1]) == (values.min(), values.max())
    assert limits_of(values, "quantiles", 4).sampled == 0


@pytest.mark.parametrize("scheme", NUMBERS)
def test_limits_do_not_depend_on_order_or_chance(scheme):
    rng = np.random.default_rng(6)
    values = rng.lognormal(10, 1, 30_000)
    first = limits_of(values, scheme, 6)
    state = np.random.get_state()[1].tolist()
    assert limits_of(rng.permutation(values), scheme, 6) == first
    assert np.random.get_state()[1].tolist() == state  # nobody else's chance is touched


values_lists = st.lists(
    st.integers(-5, 5).map(float)
    | st.floats(-1e9, 1e9, allow_subnormal=False).map(lambda x: round(x, 3)),
    min_size=1,
    max_size=30,
)


@given(values_lists, st.sampled_from(NUMBERS), st.integers(2, 12))
def test_every_value_lies_in_one_class(values, scheme, k):
    limits = limits_of(np.array(values), scheme, k)
    assert limits.lowest == min(values)
    assert limits.upper[-1] >= max(values)
    assert list(limits.upper) == sorted(set(limits.upper))
    if scheme in ("quantiles", "fisher_jenks", "natural_breaks", "equal_interval"):
        assert len(limits.upper) <= k
    style = by(points(x=values), scheme, k)
    assert sum(counted(points(x=values), style)) == len(values)


# ---------------------------------------------------------------- rules


def test_a_value_on_a_limit_belongs_to_the_lower_class():
    frame = points(x=[0.0, 1.0, 2.0, 3.0, 4.0])
    style = by(frame, "equal_interval", 2)
    assert style.classes.breaks == (2, 4)
    assert rule_of_each(frame, style).tolist() == [0, 0, 0, 1, 1]


def test_missing_is_no_data_and_never_zero():
    frame = points(x=[0.0, None, 5.0, 10.0])
    style = by(frame, "equal_interval", 2)
    assert names(style)[-1] == "No data"
    assert rule_of_each(frame, style).tolist() == [0, 2, 0, 1]
    counts = points(x=pd.array([0, None, 5, 10], dtype="Int64"))
    assert rule_of_each(counts, by(counts, "equal_interval", 2)).tolist() == [0, 2, 0, 1]


def test_limits_are_written_in_each_languages_manner():
    style = by(points(x=[1234.5, 1617.25, 2000.0]), "equal_interval", 2)
    assert names(style, "en")[:2] == ["1,234.5 – 1,617.2", "1,617.2 – 2,000"]
    assert names(style, "id")[:2] == ["1.234,5 – 1.617,2", "1.617,2 – 2.000"]


def test_classes_of_whole_numbers_do_not_share_one():
    style = by(points(x=pd.array([1, 2, 3, 4, 5, 6], dtype="Int64")), "quantiles", 6)
    assert names(style) == ["1", "2", "3", "4", "5", "6"]
    style = by(points(x=[0.0, 5.0, 10.0]), "given", breaks=(5.0, 10.0))
    assert names(style) == ["up to 5", "6 – 10", "more than 10"]


def test_a_rupiah_more_says_nothing():
    style = by(points(x=[800_000.0, 2_600_000.0, 9_000_000.0]), "given", breaks=(1e6, 5e6))
    assert names(style)[:3] == ["up to 1,000,000", "1,000,000 – 5,000,000", "more than 5,000,000"]


def test_given_limits_stay_and_take_what_lies_beyond():
    frame = points(x=[-50.0, 5.0, 5.1, 99.0])
    style = by(frame, "given", breaks=(5.0, 10.0))
    assert style.classes.breaks == (5, 10)
    assert counted(frame, style) == [2, 1, 1]


@pytest.mark.parametrize("scheme", NUMBERS)
def test_odd_columns_make_the_classes_they_can(scheme):
    alone = points(x=[7.0, 7.0, None])
    assert names(by(alone, scheme)) == ["7", "No data"]
    empty = points(x=[np.nan, np.nan])
    assert names(by(empty, scheme)) == ["No data"]
    endless = points(x=[1.0, 2.0, np.inf, -np.inf, np.nan])
    style = by(endless, scheme)
    assert len(set(names(style))) == len(style.rules)
    assert names(style)[-2:] == ["No data", "Other values"]
    assert rule_of_each(endless, style)[2:4].tolist() == [len(style.rules) - 1] * 2
    nothing = points(x=np.array([], dtype=float))
    assert by(nothing, scheme).rules == ()


def test_colours_run_along_the_ramp_and_keep_the_symbol():
    frame = points(x=[1.0, 2.0, 3.0])
    style = by(frame, "equal_interval", 3, ramp="magma")
    assert tuple(x.symbol.fill for x in style.rules[:3]) == ramp("magma", 3)
    assert {(x.symbol.size_mm, x.symbol.fill_opacity) for x in style.rules[:3]} == {(3, 0.5)}
    back = by(frame, "equal_interval", 3, ramp="magma", reverse=True)
    assert tuple(x.symbol.fill for x in back.rules[:3]) == ramp("magma", 3)[::-1]


def test_points_grow_by_their_area_and_lines_by_their_width():
    frame = points(x=[1.0, 2.0, 3.0, 4.0])
    sizes = [x.symbol.size_mm for x in by(frame, "quantiles", 4, by_size=True).rules[:4]]
    steps = np.diff(np.square(sizes))
    assert steps == pytest.approx(np.full(3, steps.mean()), rel=0.02)
    roads = a_layer([shapely.LineString([(0, i), (1, i)]) for i in range(3)], x=[1.0, 2.0, 3.0])
    rules = by(roads.frame, "quantiles", 3, by_size=True).rules[:3]
    assert [x.symbol.stroke for x in rules] == list(ramp("viridis", 3))
    assert {x.symbol.fill for x in rules} == {None}
    widths = [x.symbol.stroke_mm for x in rules]
    assert widths == sorted(set(widths))


def test_categories_are_most_frequent_first_and_the_rest_is_other_values():
    frame = points(x=pd.Series([*"bbbaaccd", None], dtype="str"))
    style = by(frame, "categories", 3)
    assert names(style) == ["b", "a", "c", "No data", "Other values"]
    assert counted(frame, style) == [3, 2, 2, 1, 1]
    shuffled = frame.sample(frac=1, random_state=3).reset_index(drop=True)
    assert by(shuffled, "categories", 3) == style


def test_codes_of_the_catalogue_give_order_and_names():
    field = load_catalogue().kind("evictions").fields["stage"]
    frame = points(x=pd.Series(["sp3", "sp3", "announced", "strange"], dtype="str"))
    style = by(frame, "categories", 12, field=field)
    assert [x.when[0].value for x in style.rules] == ["announced", "sp3", "strange"]
    assert style.rules[1].labels == field.codes["sp3"]


def test_categories_of_numbers_and_truth_values_are_typed():
    numbers = points(x=[1.5, 1.5, 2.0])
    style = by(numbers, "categories")
    assert names(style, "id") == ["1,5", "2"]
    assert counted(numbers, style) == [2, 1]
    truths = points(x=pd.Series([True, False, True, None], dtype="object"))
    assert names(by(truths, "categories")) == ["yes", "no", "No data"]
    assert counted(truths, by(truths, "categories")) == [2, 1, 1]


@pytest.mark.parametrize("scheme", [*NUMBERS, "categories"])
def test_what_is_made_is_written_and_read_the_same(scheme):
    frame = points(x=[0.1, 0.2, 0.7000000001, np.nan, 1e9, np.inf])
    style = by(frame, scheme, 4)
    assert parse_style(format_style(style), "x") == style


def test_a_column_of_text_is_not_cut_and_an_absent_one_is_told():
    frame = points(x=pd.Series(["1", "2"], dtype="str"), y=[True, False])
    with pytest.raises(GisappError, match="x holds no numbers") as refused:
        by(frame, "quantiles")
    assert "categories" in refused.value.remedy
    with pytest.raises(GisappError, match="y holds no numbers"):
        classed(Style("s", (), classes=Classes("y", "quantiles")), frame)
    with pytest.raises(GisappError, match="there is no incme"):
        classed(Style("s", (), classes=Classes("incme", "quantiles")), frame)
    with pytest.raises(GisappError, match="No limits are given"):
        by(points(x=[1.0]), "given")


def test_that_only_a_sample_was_looked_at_is_told():
    frame = points(x=np.random.default_rng(8).normal(0, 1, 20_000))
    style = a_style()
    made = classing(replace(style, classes=Classes("x", "fisher_jenks", 5)), frame)
    assert made.sampled == 2_000
    assert len(counted(frame, made.style)) == 5


def test_ties_make_fewer_classes_and_no_warning():
    # Warnings are errors here; quantiles of so many zeros fall together.
    limits = limits_of(np.array([0.0] * 90 + [1, 2, 3, 4, 5, 6, 7, 8, 9, 10]), "quantiles", 5)
    assert limits.upper == (0.0, 10.0)
