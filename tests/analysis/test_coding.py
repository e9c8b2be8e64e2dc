"""Several people code a provision: which stance counts, and how far they agree."""

import math

import pytest
from helpers.policy import point, project, square

from gisapp.analysis.assess import assess
from gisapp.analysis.coding import agreed_stances, agreement, codings_of, disagreements
from gisapp.core.errors import GisappError

# Krippendorff, Computing Krippendorff's Alpha-Reliability (2011), C: four observers, twelve
# units, missing data. α is 0.815 for ordinal values there; the scale is moved onto −3…+1 here,
# because α of ranks does not change when they are moved.
OBSERVERS = {
    "A": [1, 2, 3, 3, 2, 1, 4, 1, 2, None, None, None],
    "B": [1, 2, 3, 3, 2, 2, 4, 1, 2, 5, None, 3],
    "C": [None, 3, 3, 3, 2, 3, 4, 2, 2, 5, 1, None],
    "D": [1, 2, 3, 3, 2, 4, 4, 1, 2, 5, 1, None],
}


def codings(*rows):
    records = [
        {"provision_id": provision, "coder": coder, "stance": stance, "coded_on": "2026-01-01"}
        for provision, coder, stance in rows
    ]
    return codings_of(project(codings=records))


PUBLISHED = codings(
    *(
        (f"U{unit:02}", coder, float(value - 4))
        for coder, values in OBSERVERS.items()
        for unit, value in enumerate(values)
        if value is not None
    )
)


def test_alpha_is_that_of_the_published_example():
    found = agreement(PUBLISHED)
    assert found.alpha == pytest.approx(0.815, abs=5e-4)
    assert (found.units, found.provisions, found.coders, found.codings) == (11, 12, 4, 41)
    assert found.low < found.alpha < found.high <= 1


def test_an_interval_is_repeated_with_its_seed():
    once = agreement(PUBLISHED)
    assert agreement(PUBLISHED.sample(frac=1, random_state=1)) == once
    assert agreement(PUBLISHED, seed=1).low != once.low
    assert agreement(PUBLISHED, seed=1).alpha == once.alpha


@pytest.mark.parametrize(
    "rows",
    [
        [],
        [("P1", "A", 1.0), ("P1", "B", 2.0)],
        [("P1", "A", 1.0), ("P2", "A", 2.0)],
        [("P1", "A", 1.0), ("P1", "B", 1.0), ("P2", "A", 1.0), ("P2", "B", 1.0)],
    ],
    ids=["nothing", "one provision", "one coder", "one stance"],
)
def test_alpha_is_not_given_where_it_is_not_defined(rows):
    found = agreement(codings(*rows))
    assert (found.alpha, found.low, found.high) == (None, None, None)


def test_perfect_agreement_is_one_and_its_interval_says_what_can_be_said():
    rows = [(p, c, s) for p, s in (("P1", -2.0), ("P2", 2.0), ("P3", 0.0)) for c in "AB"]
    found = agreement(codings(*rows))
    assert (found.alpha, found.low, found.high) == (1.0, 1.0, 1.0)


def test_the_last_coding_of_a_coder_counts():
    rows = [
        {"provision_id": "P1", "coder": "A", "stance": 3.0, "coded_on": "2026-02-01"},
        {"provision_id": "P1", "coder": "A", "stance": -1.0, "coded_on": "2026-01-01"},
        {"provision_id": "P1", "coder": "", "stance": -1.0},
        {"provision_id": "P1", "coder": "B", "stance": None},
    ]
    found = codings_of(project(codings=rows))
    assert found[["coder", "stance"]].to_numpy().tolist() == [["A", 3.0]]
    assert codings_of(project(codings=rows[::-1])).equals(found)


@pytest.mark.parametrize(
    ("stances", "agreed"),
    [((2,), 2), ((2, 2), 2), ((1, 2), 1), ((-2, -1), -1), ((-1, 0), 0), ((0, 1), 0),
     ((1, 2, 2), 2), ((-3, -3, -2), -3), ((1, 3), None), ((-1, 1), None)],
)  # fmt: skip
def test_codings_within_one_step_agree_on_their_median_the_milder_of_two(stances, agreed):
    rows = [("P1", str(n), float(stance)) for n, stance in enumerate(stances)]
    assert agreed_stances(codings(*rows)) == {"P1": agreed}


def test_every_two_coders_who_differ_are_listed_the_widest_apart_first():
    rows = [
        ("P1", "A", 1.0),
        ("P1", "B", 1.0),
        ("P1", "C", 2.0),
        ("P2", "A", -3.0),
        ("P2", "B", 2.0),
    ]
    found = disagreements(codings(*rows))
    assert found[["provision_id", "coder", "other_coder", "apart"]].to_numpy().tolist() == [
        ["P2", "A", "B", 5.0], ["P1", "A", "C", 1.0], ["P1", "B", "C", 1.0],
    ]  # fmt: skip
    assert disagreements(codings()).empty


def test_a_stance_off_the_scale_is_refused():
    with pytest.raises(GisappError, match="stance 4"):
        codings(("P1", "A", 4.0))


# ---------------------------------------------------------------- in the assessment

PLACES = {
    "households": [{"id": "H1", "geometry": point(50, 50)}],
    "support_areas": [{"id": "S1", "geometry": square(0, 0), "valid_from": "2018-03-01"}],
    "evictions": [
        {"id": "E1", "geometry": square(0, 0), "stage": "sp2", "valid_from": "2026-01-01"}
    ],
}


def assessed(stance, *coded, status="in_force"):
    row = {"id": "P1", "applies_to": "evictions", "status": status, "stance": stance}
    rows = [
        {"provision_id": "P1", "coder": str(n), "stance": float(x)} for n, x in enumerate(coded)
    ]
    return assess(project(provisions=[row], codings=rows, **PLACES))


def score(answer):
    return answer.households["contradiction"].item()


def test_the_registers_own_stance_goes_before_the_codings():
    assert score(assessed(-1.0, -3, -3)) == pytest.approx(1 / 3)
    assert score(assessed(None, -1, -1)) == pytest.approx(1 / 3)
    assert score(assessed(None)) == pytest.approx(2 / 3)  # the eviction's own


def test_codings_that_disagree_are_not_used_and_told():
    answer = assessed(None, -1, -3)
    assert score(answer) == pytest.approx(2 / 3)
    assert any("its coders disagree" in w and "P1" in w for w in answer.summary["warnings"])
    agreed = assessed(None, -1, -1).summary["warnings"]
    assert not any("disagree" in warning for warning in agreed)
    assert math.isclose(score(assessed(-1.0, -1, -3)), 1 / 3)
    assert not any("disagree" in w for w in assessed(-1.0, -1, -3).summary["warnings"])


def test_a_provision_that_is_revoked_is_not_disputed():
    assert not any(
        "disagree" in w for w in assessed(None, 1, 3, status="revoked").summary["warnings"]
    )


def test_codings_are_an_input_of_the_assessment():
    assert assessed(None, -1).inputs["codings"] != assessed(None, -2).inputs["codings"]
