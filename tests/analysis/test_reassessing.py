"""After any edits the answer is the one from scratch, and what was not touched is not asked."""

import gc
from dataclasses import replace

import numpy as np
import pytest
from helpers.policy import point, project, square
from helpers.reassessing import (
    EDITS,
    MAKE,
    assert_same,
    crowded,
    edited,
    everything,
    from_scratch,
    moved,
)
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from gisapp.analysis import partition, study, touched, uncertainty
from gisapp.analysis.assess import assess
from gisapp.analysis.case import read_case
from gisapp.analysis.remembering import MEMORY
from gisapp.core.errors import Cancelled
from gisapp.core.progress import SILENT
from gisapp.core.words import speaking

edits = st.lists(
    st.tuples(st.sampled_from(EDITS), st.sampled_from(sorted(MAKE)), st.integers(0, 999)),
    min_size=1,
    max_size=4,
)


@given(seed=st.integers(0, 99), steps=edits, asks=st.booleans())
@settings(max_examples=8, deadline=None, suppress_health_check=list(HealthCheck))
def test_the_answer_after_edits_is_the_one_from_scratch(seed, steps, asks):
    held = crowded(seed)
    from_scratch(held)
    for edit, kind, number in steps:
        held = edited(held, edit, kind, number)
        if asks:
            assess(held)
    ours = everything(held, assess(held))
    assert_same(ours, everything(held, from_scratch(held)))


@given(seed=st.integers(0, 99), cuts=st.integers(0, 999), n=st.integers(1, 5))
@settings(max_examples=8, deadline=None, suppress_health_check=list(HealthCheck))
def test_any_parts_of_the_subjects_together_are_the_whole(seed, cuts, n):
    case = read_case(crowded(seed), "")
    rng = np.random.default_rng(cuts)
    part_of = [rng.integers(0, n, len(case.businesses)), rng.integers(0, n, len(case.households))]
    parts = [
        partition.partition(case, *(np.flatnonzero(part == i) for part in part_of))
        for i in range(n)
    ]
    pieces = [partition.Piece(partition.find_locally(p.case), p.places) for p in parts]
    whole, ours = partition.find_locally(case), partition.joined(case, pieces)
    assert fingerprints(ours) == fingerprints(whole)
    strips = partition.find_in_parts(case, SILENT, most=5)
    assert fingerprints(strips) == fingerprints(whole)


def test_between_parts_it_tells_how_far_it_is_and_can_be_stopped():
    case, told = read_case(crowded(1), ""), []

    class Stopped:
        def step(self, done, total, _text):
            told.append((done, total))
            if done > total / 2:
                raise Cancelled

    with pytest.raises(Cancelled):
        partition.find_in_parts(case, Stopped(), most=6)
    assert (
        told[0][0] <= 7 < told[-1][0] < told[-1][1] == len(case.businesses) + len(case.households)
    )


@pytest.mark.parametrize("seed", range(2))
def test_a_few_of_many_are_measured_as_the_many_are(monkeypatch, seed):
    for module in (uncertainty, touched):
        monkeypatch.setattr(module, "MANY_SUBJECTS", 10)
    held = crowded(seed)
    case, nobody = read_case(held, ""), np.empty(0, dtype=np.int64)
    part = partition.partition(case, np.arange(2), nobody).case.businesses
    assert (len(part), part.whole_size) == (2, len(case.businesses))
    from_scratch(held)
    for kind in ("zoning", "evictions", "businesses"):
        held = edited(held, moved, kind, seed)
    ours = everything(held, assess(held))
    assert_same(ours, everything(held, from_scratch(held)))


def fingerprints(local):
    """All arrays of local findings, by their path."""
    found, todo = {}, [("", local)]
    while todo:
        path, value = todo.pop()
        if isinstance(value, np.ndarray):
            found[path] = (str(value.dtype), repr(value.tolist()))
        else:
            todo += [(f"{path}.{name}", part) for name, part in vars(value).items()]
    return found


STALLS = [
    {"id": f"B{i}", "activity": "Warung", "geometry": point(100 * i + 50, 50)} for i in range(6)
]
SMALL = {
    "businesses": STALLS,
    "households": [{"id": "H1", "geometry": point(50, 60)}],
    "operates": [{"household_id": "H1", "business_id": "B0", "income_share": 1.0}],
    "zoning": [{"id": "Z1", "KODSZN_1": "R", "IZN": "", "geometry": square(0, 0, 700)}],
    "rules": [{"subzone": "R", "kbli_prefix": "", "permission": "X"}],
    "supports": [{"household_id": "H1", "programme": "PKH", "valid_from": "2026-01-01"}],
    "evictions": [
        {"id": f"E{i}", "stage": "sp1", "valid_from": "2026-01-01", "geometry": square(x, 0)}
        for i, x in enumerate((0, 500))
    ],
}


@pytest.fixture
def asked(monkeypatch):
    """The ids of those who were asked what place decides, question by question."""
    ids, find = [], partition.find_locally

    def noted(case):
        ids.append([*case.businesses.ids, *case.households.ids])
        return find(case)

    monkeypatch.setattr(partition, "find_locally", noted)
    return ids


def test_the_same_question_is_not_asked_again(asked):
    held = project(**SMALL)
    first = from_scratch(held)
    assert study.study(held).found is study.study(replace(held, title="Ciracas")).found
    assert assess(held).conflicts.equals(first.conflicts)
    assert len(asked) == 1


def test_a_moved_business_is_asked_about_alone(asked):
    held = project(**SMALL)
    from_scratch(held)
    frame = held.layer("businesses").frame.copy()
    frame.loc[3, "geometry"] = point(551, 51)
    later = held.with_layer(replace(held.layer("businesses"), frame=frame))
    assert assess(later).summary["exposure"]["businesses"]["sp1"] == 3
    assert asked[1:] == [["B3"]]


def test_of_a_moved_area_those_are_asked_whom_it_reached_or_reaches(asked):
    held = project(**SMALL)
    from_scratch(held)
    frame = held.layer("evictions").frame.copy()
    frame.loc[1, "geometry"] = square(380, 0)
    answer = assess(held.with_layer(replace(held.layer("evictions"), frame=frame)))
    assert answer.businesses["evictions"].tolist() == ["E0", "", "", "", "E1", ""]
    assert asked[1:] == [["B3", "B4", "B5"]]


def test_an_end_of_support_ends_the_contradiction_of_those_it_reached(asked):
    held = project(**SMALL)
    first = from_scratch(held)
    assert first.summary["contradictions"] == {"businesses": 1, "households": 1}
    later = replace(held, tables={**held.tables, "supports": held.tables["rules"]})
    answer = assess(later)
    assert answer.summary["contradictions"] == {"businesses": 0, "households": 0}
    assert len(answer.conflicts) == len(first.conflicts) - 2
    assert len(answer.pairs) == 0
    assert asked[1:] == []


def test_what_is_told_is_told_in_the_language_in_force():
    held = project(**SMALL)
    english = from_scratch(held)
    with speaking("id"):
        indonesian = assess(held)
        assert_same(everything(held, indonesian), everything(held, from_scratch(held)))
    assert not (indonesian.conflicts["explanation"] == english.conflicts["explanation"]).any()


def test_a_closed_project_is_forgotten():
    held = project(**SMALL)
    from_scratch(held)
    assert MEMORY.last() is not None
    del held
    gc.collect()
    assert MEMORY.last() is None
