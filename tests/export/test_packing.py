"""What is packed for the page comes back as it was; the reader here knows only the format."""

import numpy as np
import pandas as pd
import pytest
import shapely
from helpers.exports import _numbers, _shapes, _values
from hypothesis import given
from hypothesis import strategies as st

from gisapp.export.packing import packed, packed_column, packed_shapes

WHOLE = st.integers(-(2**40), 2**40)


@given(st.lists(WHOLE, max_size=30))
def test_whole_numbers_come_back(numbers):
    assert _numbers(packed(np.array(numbers, dtype=np.int64))).tolist() == numbers


@pytest.mark.parametrize(
    ("numbers", "kind"),
    [([0, 255], "u1"), ([-1, 3], "i1"), ([0, 256], "u2"), ([-129, 0], "i2"), ([0, 2**31], "u4"),
     ([-40_000, 0], "i4"), ([0, 2**33], "f8"), ([], "u1")],
)  # fmt: skip
def test_the_narrowest_type_is_taken(numbers, kind):
    assert packed(np.array(numbers, dtype=np.int64))["type"] == kind


@given(st.lists(st.none() | st.floats(-1e12, 1e12) | st.integers(-999, 999), max_size=30))
def test_numbers_come_back_to_six_decimals(values):
    column = pd.Series(values, dtype="float64")
    told = _values(packed_column(column), len(column))
    for value, again in zip(values, told, strict=True):
        assert (value is None) == (again is None)
        assert value is None or again == pytest.approx(value, abs=6e-7, rel=1e-12)


def test_money_takes_four_bytes_and_shares_one():
    money = packed_column(pd.Series([1_250_000.0, np.nan, 900_000.0]))
    assert (money["numbers"]["type"], money["divide"]) == ("u4", 1)
    share = packed_column(pd.Series([0.25, 1.0, np.nan]))
    assert (share["numbers"]["type"], share["divide"]) == ("u1", 100)


@given(st.lists(st.none() | st.sampled_from(["a", "b", "", "ü\u2028"]), max_size=12))
def test_texts_come_back(values):
    column = pd.Series(values, dtype="str")
    assert _values(packed_column(column), len(column)) == values


def test_texts_that_are_all_different_need_no_places():
    assert "at" not in packed_column(pd.Series(["a", "b", "c"], dtype="str"))


def test_a_missing_text_among_different_ones_stays_missing():
    column = pd.Series(["a", None, "b"], dtype="str")
    assert _values(packed_column(column), 3) == ["a", None, "b"]


@pytest.mark.parametrize("dtype", ["bool", "boolean"])
def test_truth_values_come_back(dtype):
    values = [True, False] if dtype == "bool" else [True, None, False]
    assert _values(packed_column(pd.Series(values, dtype=dtype)), len(values)) == values


def test_rings_come_back():
    hole = shapely.Polygon([(0, 0), (4, 0), (4, 4), (0, 4)], [[(1, 1), (2, 1), (2, 2)]])
    parts = np.array([hole, shapely.box(-5, -6, -4, -3)], dtype=object)
    (row, rings), (last, outline) = _shapes(packed_shapes(parts, np.array([2, 7])))
    assert (row, last) == (2, 7)
    assert [len(ring) for ring in rings] == [5, 4]
    for told, ring in zip([*rings, *outline], shapely.get_rings(parts), strict=True):
        assert np.allclose(told, shapely.get_coordinates(ring), atol=1e-6)


def test_lines_come_back():
    parts = np.array([shapely.LineString([(0, 0), (1, 2), (3, 1)])], dtype=object)
    ((row, (line,)),) = _shapes(packed_shapes(parts, np.array([0])))
    assert row == 0
    assert line.tolist() == [[0, 0], [1, 2], [3, 1]]


def test_nothing_comes_back_as_nothing():
    none = np.empty(0, dtype=object)
    assert _shapes(packed_shapes(none, np.empty(0, np.int64))) == []
