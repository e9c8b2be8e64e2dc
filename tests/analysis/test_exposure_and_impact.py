"""Evictions, families, income and the poverty test, on examples worked by hand."""

from itertools import permutations

import numpy as np
import pytest
from helpers.policy import AS_OF, point, project, square

from gisapp.analysis.assess import assess
from gisapp.analysis.poverty import fgt
from gisapp.core.errors import GisappError
from gisapp.core.project import Parameters

HERE, THERE = point(50, 50), point(500, 500)
CLEARED = {"id": "E1", "geometry": square(0, 0), "stage": "sp1", "valid_from": "2026-01-01"}


def test_every_area_is_kept_and_the_highest_stage_counts():
    evictions = [
        {**CLEARED, "id": "E2", "stage": "sp2"},
        {**CLEARED, "id": "E1", "stage": "disputed"},
        {**CLEARED, "id": "E3", "stage": "cancelled"},
        {**CLEARED, "id": "E4", "stage": "executed", "valid_to": AS_OF},
    ]
    answer = assess(project(households=[{"id": "H1", "geometry": HERE}], evictions=evictions))
    row = answer.households.iloc[0]
    assert (row["stage"], row["evictions"]) == ("sp2", "E1;E2")
    assert answer.summary["exposure"]["households"]["sp2"] == 1


def test_an_area_in_force_without_a_known_stage_exposes_and_is_named():
    evictions = [{**CLEARED, "stage": None}]
    answer = assess(project(households=[{"id": "H1", "geometry": HERE}], evictions=evictions))
    assert answer.households["stage"].tolist() == ["unknown"]
    assert answer.summary["exposure"]["households"]["unknown"] == 1
    assert answer.conflicts["severity"].tolist() == [1]
    assert "no known stage" in answer.summary["warnings"][-1]


def test_an_undated_area_is_left_out_and_named():
    evictions = [{**CLEARED, "valid_from": None}]
    answer = assess(project(households=[{"id": "H1", "geometry": HERE}], evictions=evictions))
    assert answer.summary["families"]["none"] == 1
    assert answer.summary["undated"]["evictions"] == ["E1"]
    assert any("since when" in warning for warning in answer.summary["warnings"])


def families(households, businesses, operates, **parameters):
    return assess(
        project(
            households=households,
            businesses=businesses,
            operates=operates,
            evictions=[CLEARED],
            parameters=Parameters(AS_OF, **parameters),
        )
    )


def link(household, business, share=1.0):
    return {"household_id": household, "business_id": business, "income_share": share}


def test_each_family_counts_once_whatever_hits_it():
    answer = families(
        households=[
            {"id": "home", "geometry": HERE},
            {"id": "work", "geometry": THERE},
            {"id": "both", "geometry": HERE},
            {"id": "none", "geometry": THERE},
            {"id": "unplaced", "geometry": None},
            {"id": "unplaced-works", "geometry": None},
        ],
        businesses=[
            {"id": "B1", "geometry": HERE},
            {"id": "B2", "geometry": HERE},
            {"id": "B3", "geometry": THERE},
            {"id": "B4", "geometry": None},
        ],
        operates=[
            link("work", "B1"), link("work", "B2"), link("both", "B1"), link("none", "B3"),
            link("unplaced", "B4"), link("unplaced-works", "B3"), link("ghost", "B1"),
            link("none", "ghost"),
        ],
    )  # fmt: skip
    impact = dict(zip(answer.households["id"], answer.households["family_impact"], strict=True))
    assert impact == {
        "home": "direct", "work": "livelihood", "both": "both", "none": "none",
        "unplaced": "not_assessed", "unplaced-works": "none",
    }  # fmt: skip


def test_a_family_that_is_not_assessed_is_not_called_safe_from_poverty():
    family = {"id": "H1", "geometry": None, "members": 1.0, "income_idr_month": 5e6}
    answer = families([family], [], [])
    assert answer.households["exposed_income_idr_month"].isna().all()
    assert answer.households["newly_poor"].isna().all()
    assert answer.summary["poverty"]["assessed_families"] == 0


def test_income_is_shared_and_a_repeated_link_counts_once():
    answer = families(
        households=[{"id": "H1", "geometry": THERE}, {"id": "H2", "geometry": THERE}],
        businesses=[{"id": "B1", "geometry": HERE, "net_income_idr_month": 3e6}],
        operates=[link("H1", "B1", 0.6), link("H2", "B1", 0.4), link("H1", "B1", 0.6)],
    )
    assert answer.households["exposed_income_idr_month"].tolist() == pytest.approx([1.8e6, 1.2e6])
    assert answer.summary["exposed_income_idr_month"] == 3e6
    assert any("counts once" in warning for warning in answer.summary["warnings"])


@pytest.mark.parametrize("shares", list(permutations((0.4, 0.9, None))))
def test_of_links_that_disagree_the_greatest_share_counts_whatever_their_order(shares):
    answer = families(
        households=[{"id": "H1", "geometry": THERE}],
        businesses=[{"id": "B1", "geometry": HERE, "net_income_idr_month": 1e6}],
        operates=[link("H1", "B1", share) for share in shares],
    )
    assert answer.summary["exposed_income_idr_month"] == 9e5


def test_a_sum_does_not_depend_on_the_order_of_its_links():
    incomes = {"B1": 0.1, "B2": 0.2, "B3": 0.3}  # (0.1 + 0.2) + 0.3 is not 0.1 + (0.2 + 0.3)
    sums = {
        families(
            households=[{"id": "H1", "geometry": THERE}],
            businesses=[
                {"id": b, "geometry": HERE, "net_income_idr_month": x} for b, x in incomes.items()
            ],
            operates=[link("H1", business) for business in order],
        )
        .households["exposed_income_idr_month"]
        .item()
        for order in permutations(incomes)
    }
    assert len(sums) == 1


def test_a_family_with_one_unknown_income_keeps_the_known_part_and_is_counted_apart():
    answer = families(
        households=[{"id": "H1", "geometry": THERE, "members": 1.0, "income_idr_month": 2e6}],
        businesses=[
            {"id": "B1", "geometry": HERE, "net_income_idr_month": 1.5e6},
            {"id": "B2", "geometry": HERE, "net_income_idr_month": None},
        ],
        operates=[link("H1", "B1"), link("H1", "B2")],
    )
    row = answer.households.iloc[0]
    assert (row["exposed_income_idr_month"], row["income_unknown"]) == (1.5e6, True)
    assert answer.households["newly_poor"].isna().all()
    summary = answer.summary
    assert (summary["income_unknown"], summary["newly_poor"]) == (1, 0)
    assert summary["poverty"]["assessed_families"] == 0
    assert summary["poverty"]["before"] is None


def test_newly_poor_families_and_the_poverty_indices_by_hand():
    answer = families(
        households=[
            {"id": "falls", "geometry": THERE, "members": 2.0, "income_idr_month": 2.4e6},
            {"id": "poor", "geometry": THERE, "members": 4.0, "income_idr_month": 2e6},
            {"id": "well", "geometry": THERE, "members": 1.0, "income_idr_month": 5e6},
            {"id": "silent", "geometry": THERE, "members": None, "income_idr_month": 5e6},
        ],
        businesses=[{"id": "B1", "geometry": HERE, "net_income_idr_month": 1.4e6}],
        operates=[link("falls", "B1")],
        poverty_line_idr_month=1e6,
    )
    poor = dict(zip(answer.households["id"], answer.households["newly_poor"], strict=True))
    assert poor["falls"]
    assert not poor["poor"]
    assert not poor["well"]
    assert answer.households["newly_poor"].isna().tolist() == [False, False, False, True]
    poverty = answer.summary["poverty"]
    assert poverty["assessed_families"] == 3
    # before: only "poor", 500,000 of 1,000,000; after: "falls" as well, 500,000
    assert poverty["before"] == pytest.approx({"p0": 1 / 3, "p1": 0.5 / 3, "p2": 0.25 / 3})
    assert poverty["after"] == pytest.approx({"p0": 2 / 3, "p1": 1.0 / 3, "p2": 0.5 / 3})


def test_a_family_at_the_line_is_not_poor_and_no_gap_exceeds_the_line():
    assert fgt(np.array([1e6, -5e5]), 1e6) == (0.5, 0.5, 0.5)


def test_a_poverty_line_of_zero_is_refused():
    with pytest.raises(GisappError, match="poverty line"):
        families([{"id": "H1", "geometry": HERE}], [], [], poverty_line_idr_month=0.0)
