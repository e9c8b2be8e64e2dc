"""By which rule dated features are drawn on each date."""

import numpy as np
import pandas as pd
import pytest
from helpers.exports import _numbers
from helpers.people import style

from gisapp.core.style import on_date
from gisapp.export import page_times as module
from gisapp.export.page_times import page_times
from gisapp.io.styles import load_style
from gisapp.render.symbols import rule_of_each

DATES = {"valid_from": ["2024-01-01", "2025-06-01", None], "valid_to": ["2025-01-01", None, None]}


def dated():
    return pd.DataFrame({"id": ["A", "B", "C"], **DATES}).astype("str")


def drawn(times):
    return [_numbers(x).tolist() for x in times["rules"]]


def test_what_is_not_in_force_is_not_drawn():
    times = page_times(dated(), style("x"), np.zeros(3, np.int32))
    assert times["dates"] == ["2024-01-01", "2025-01-01", "2025-06-01"]
    # a day on which it ends it holds no more; without a known start it is there all along
    assert drawn(times) == [[-1, -1, 0], [0, -1, 0], [-1, -1, 0], [-1, 0, 0]]
    assert times["counts"] == [[1], [2], [1], [2]]


def test_a_style_that_tells_dates_tells_them_itself():
    frame = dated().assign(stage=pd.Series(["sp1"] * 3, dtype="str"))
    evictions = on_date(load_style("evictions"), "2024-06-01")
    times = page_times(frame, evictions, rule_of_each(frame, evictions))
    for day, told in zip(times["dates"], drawn(times)[1:], strict=True):
        assert told == rule_of_each(frame, on_date(evictions, day)).tolist()


def test_what_has_no_place_is_never_drawn():
    times = page_times(dated(), style("x"), np.array([-1, 0, 0], np.int32))
    assert all(state[0] == -1 for state in drawn(times))


def test_without_dates_there_is_nothing_to_slide():
    assert page_times(pd.DataFrame({"id": ["A"]}), style("x"), np.zeros(1, np.int32)) is None
    empty = dated().assign(valid_from=None, valid_to=None)
    assert page_times(empty, style("x"), np.zeros(3, np.int32)) is None


def test_too_many_states_are_left_out(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(module, "MOST_STATES", 11)
    assert page_times(dated(), style("x"), np.zeros(3, np.int32)) is None
