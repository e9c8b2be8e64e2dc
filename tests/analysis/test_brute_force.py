"""The assessment equals plain loops over the definitions, on instances full of ties and edges."""

import math
from collections import Counter

import pytest
from helpers.brute_force import BruteForce
from helpers.instances import few, instances, nothing
from helpers.policy import AS_OF, project
from hypothesis import example, given

from gisapp.analysis.assess import assess
from gisapp.analysis.uncertainty import REACH_SIGMAS, SLIT_M


@few
@example(nothing)
@given(instances)
def test_the_assessment_is_what_plain_loops_find(kinds):
    slow, fast = BruteForce(AS_OF, kinds), assess(project(**kinds))
    same_conformity_and_exposure(slow, fast, kinds)
    same_impact_and_income(slow, fast, kinds)
    same_contradiction_and_its_pairs(slow, fast, kinds)
    same_admin_areas(slow, fast, kinds)
    same_distance_to_where_the_class_changes(slow, fast, kinds)


def by_id(frame, column):
    return dict(zip(frame["id"], frame[column], strict=True))


def same_conformity_and_exposure(slow, fast, kinds):
    rows = fast.businesses
    found = list(zip(rows["id"], rows["class"], rows["zones"], strict=True))
    assert found == [(b["id"], *slow.business_class(b)) for b in kinds["businesses"]]
    for kind, frame in (("businesses", rows), ("households", fast.households)):
        stages = frame["stage"].fillna("")
        exposed = list(zip(frame["id"], stages, frame["evictions"], strict=True))
        assert exposed == [(s["id"], *slow.exposure(s)) for s in kinds[kind]]
    totals = Counter(fast.summary["conformity"]["businesses"])
    assert totals - Counter(total=len(rows)) == slow.conformity_totals()


def same_impact_and_income(slow, fast, kinds):
    rows = fast.households.set_index("id")
    everything = []
    for family in kinds["households"]:
        row, amounts = rows.loc[family["id"]], slow.exposed_incomes(family["id"])
        known = [a for a in amounts if a is not None]
        everything += known
        assert row["family_impact"] == slow.impact(family)
        assert row["income_unknown"] == (None in amounts)
        if known or (not amounts and row["family_impact"] != "not_assessed"):
            assert row["exposed_income_idr_month"] == pytest.approx(math.fsum(known))
        else:
            assert math.isnan(row["exposed_income_idr_month"])
    assert fast.summary["exposed_income_idr_month"] == round(math.fsum(everything), 2)


def same_contradiction_and_its_pairs(slow, fast, kinds):
    for kind, frame in (("businesses", fast.businesses), ("households", fast.households)):
        scores = {s["id"]: slow.contradiction(kind, s) for s in kinds[kind]}
        assert by_id(frame, "contradiction") == pytest.approx(scores)
        pairs = fast.pairs[fast.pairs["subject_kind"] == kind]
        listed = pairs.groupby("subject_id")["score"].max().to_dict()
        assert listed == pytest.approx({i: score for i, score in scores.items() if score})
        assert fast.summary["contradictions"][kind] == len(listed)


def same_admin_areas(slow, fast, kinds):
    rows = {row["code"]: row for row in fast.summary["by_admin"]}
    for kind in ("businesses", "households"):
        expected = Counter(slow.admin(s) for s in kinds[kind])
        assert (
            Counter({c: r[kind]["total"] for c, r in rows.items() if r[kind]["total"]}) == expected
        )


def same_distance_to_where_the_class_changes(slow, fast, kinds):
    rows = fast.businesses.set_index("id")
    for business in kinds["businesses"]:
        row, precision = rows.loc[business["id"]], business["gps_precision_m"]
        assert row["sigma_m"] == (precision / 1.515 if precision else 10.0)
        assert row["sigma_known"] == bool(precision)
        if business["geometry"] is None:
            assert math.isnan(row["probability"])
            assert not row["uncertain"]
            continue
        margin = slow.margin_m(business) / row["sigma_m"]
        slack = 2 * SLIT_M / row["sigma_m"]
        assert row["probability"] >= phi(min(margin, REACH_SIGMAS) - slack)
        assert row["probability"] <= (phi(margin + slack) if margin < REACH_SIGMAS - slack else 1)
        if abs(margin - 1.6449) > slack:
            assert row["uncertain"] == (margin < 1.6449)


def phi(z):
    return 0.5 * (1 + math.erf(z / math.sqrt(2)))
