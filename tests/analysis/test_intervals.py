import pandas as pd
import pytest

from gisapp.analysis.intervals import in_force


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
