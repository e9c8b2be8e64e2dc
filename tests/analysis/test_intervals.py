import pandas as pd
import pytest

from gisapp.analysis.intervals import ends_before_it_begins, in_force


@pytest.mark.parametrize(
    ("valid_from", "valid_to", "holds", "undated"),
    [
        ("2026-11-01", None, True, False),  # from its first day on
        ("2026-11-02", None, False, False),
        ("2026-01-01", "2026-11-01", False, False),  # half-open: not on its last
        ("2026-01-01", "2026-11-02", True, False),
        (None, None, False, True),  # unknown is never "always"
        (None, "2026-11-02", False, True),
        (None, "2026-11-01", False, False),  # over, whenever it began
    ],
)
def test_a_half_open_interval(valid_from, valid_to, holds, undated):
    frame = pd.DataFrame({"valid_from": [valid_from], "valid_to": [valid_to]}, dtype="str")
    answer = in_force(frame, "2026-11-01")
    assert (answer.holds.tolist(), answer.undated.tolist()) == ([holds], [undated])


def test_a_frame_without_date_columns_is_undated():
    assert in_force(pd.DataFrame({"id": ["E1"]}), "2026-11-01").undated.tolist() == [True]


@pytest.mark.parametrize(
    ("valid_from", "valid_to", "holds"),
    [
        ("2026-03-10", None, True),  # begins on the last day
        ("2026-03-11", None, False),
        ("2025-01-01", "2026-03-01", False),  # over before the first
        ("2025-01-01", "2026-03-02", True),
        ("2026-03-04", "2026-03-05", True),  # a day inside
        ("2026-03-05", "2026-03-05", False),  # no day at all
        ("2026-03-06", "2026-03-05", False),
        ("2026", "2026-03", False),  # a month is its first day
        ("2026-03", "2026-04", True),
    ],
)
def test_a_period_takes_what_holds_on_any_day_of_it(valid_from, valid_to, holds):
    frame = pd.DataFrame({"valid_from": [valid_from], "valid_to": [valid_to]}, dtype="str")
    assert in_force(frame, "2026-03-01", "2026-03-10").holds.tolist() == [holds]


def test_what_ends_on_or_before_its_first_day_never_holds():
    frame = pd.DataFrame(
        {
            "valid_from": ["2026-03-05", "2026-03-06", "2026-03-05", None],
            "valid_to": ["2026-03-05", "2026-03-05", "2026-03-06", "2026-03-05"],
        },
        dtype="str",
    )
    assert ends_before_it_begins(frame).tolist() == [True, True, False, False]
