"""Records that nobody equals are told coarser, and no more than they need to be."""

import numpy as np
import pandas as pd
from hypothesis import given, settings
from hypothesis import strategies as st

from gisapp.privacy.coarsening import RECOGNISED_BY, coarsened

K = 3
ROWS = st.fixed_dictionaries(
    {
        "activity": st.sampled_from(["Warung", "Bengkel", None]),
        "kbli": st.sampled_from(["47112", "47113", "56101", None]),
        "form": st.sampled_from(["pkl", "kios"]),
        "workers": st.sampled_from([1, 2, None]),
        "place": st.sampled_from(["a", "b"]),
    }
)


def frame_of(rows):
    frame = pd.DataFrame(rows, columns=["activity", "kbli", "form", "workers", "place"])
    return frame.astype(dict.fromkeys(("activity", "kbli", "form"), "str") | {"workers": "Int64"})


def told(frame, k=K):
    place = frame["place"].to_numpy(dtype=object)
    return coarsened(frame.drop(columns="place"), place, k)


def key(frame, place, row):
    values = [frame[c].iloc[row] for c in RECOGNISED_BY if c in frame]
    return (place[row], *(None if pd.isna(x) else x for x in values))


@settings(max_examples=60)
@given(st.lists(ROWS, min_size=1, max_size=25))
def test_whoever_is_told_of_has_enough_like_them(rows):
    frame = frame_of(rows)
    place = frame["place"].to_numpy(dtype=object)
    answer = told(frame)
    keys = [key(answer.frame, place, i) for i in range(len(frame))]
    for i, own in enumerate(keys):
        if not answer.alone[i]:
            settled = [j for j in range(len(keys)) if keys[j] == own and not answer.alone[j]]
            assert len(settled) >= K
        else:
            assert all(value is None for value in own[1:])


@settings(max_examples=60)
@given(st.lists(ROWS, min_size=1, max_size=25), st.randoms())
def test_the_order_of_rows_changes_nothing(rows, random):
    order = list(range(len(rows)))
    random.shuffle(order)
    frame = frame_of(rows)
    once, again = told(frame), told(frame.iloc[order].reset_index(drop=True))
    assert once.alone[order].tolist() == again.alone.tolist()
    pd.testing.assert_frame_equal(
        once.frame.iloc[order].reset_index(drop=True), again.frame, check_dtype=False
    )


@settings(max_examples=60)
@given(st.lists(ROWS, min_size=1, max_size=25))
def test_nothing_is_told_that_was_not_so(rows):
    frame = frame_of(rows)
    answer = told(frame)
    for column in ("activity", "form", "workers"):
        kept = answer.frame[column].notna()
        assert (answer.frame[column][kept] == frame[column][kept]).all()
    for was, now in zip(frame["kbli"], answer.frame["kbli"], strict=True):
        assert pd.isna(now) or was.startswith(now)


def test_enough_alike_stay_as_they_are():
    frame = frame_of([{"activity": "Warung", "kbli": "47112", "form": "pkl", "workers": 1,
                       "place": "a"}] * K)  # fmt: skip
    answer = told(frame)
    assert not answer.coarser.any()
    assert not answer.alone.any()
    assert answer.frame["kbli"].tolist() == ["47112"] * K


def test_what_only_the_owner_knows_goes_first_and_a_shorter_kbli_before_none():
    rows = [{"activity": "Warung", "kbli": kbli, "form": "pkl", "workers": workers, "place": "a"}
            for kbli, workers in (("47111", 1), ("47112", 2), ("47119", 3))]  # fmt: skip
    answer = told(frame_of(rows))
    assert answer.frame["workers"].isna().all()
    assert answer.frame["kbli"].tolist() == ["471"] * 3
    assert answer.frame["activity"].tolist() == ["Warung"] * 3
    assert answer.coarser.all()


def test_the_edition_goes_with_its_code():
    frame = frame_of([{"activity": "Warung", "kbli": kbli, "form": "pkl", "workers": 1,
                       "place": "a"} for kbli in ("11", "22", "33")])  # fmt: skip
    with_edition = frame.assign(kbli_edition=pd.Series(["2020"] * 3, dtype="str"))
    answer = told(with_edition)
    assert answer.frame["kbli"].isna().all()
    assert answer.frame["kbli_edition"].isna().all()


def test_a_place_with_too_few_tells_nothing_of_them():
    rows = [{"activity": "Warung", "kbli": "1", "form": "pkl", "workers": 1, "place": place}
            for place in ("a", "a", "a", "b")]  # fmt: skip
    answer = told(frame_of(rows))
    assert answer.alone.tolist() == [False, False, False, True]
    assert answer.frame[["activity", "kbli", "form"]].iloc[3].isna().all()


def test_nobody_is_nothing():
    empty = frame_of([])
    answer = coarsened(empty.drop(columns="place"), np.empty(0, dtype=object), K)
    assert len(answer.frame) == 0
