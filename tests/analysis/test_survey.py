"""The made-up Ciracas survey, whose answer was worked out by brute force elsewhere."""

import pytest
from helpers.survey import survey_project, survey_truth

from gisapp.analysis.assess import assess


@pytest.fixture(scope="module")
def truth():
    return survey_truth()


@pytest.fixture(scope="module")
def answer(truth):
    return assess(survey_project(), truth["as_of"])


def test_every_business_has_its_class_zones_and_evictions(answer, truth):
    rows = answer.businesses
    found = {
        row_id: [class_, zones, evictions]
        for row_id, class_, zones, evictions in zip(
            rows["id"], rows["class"], rows["zones"], rows["evictions"], strict=True
        )
    }
    assert found == truth["subjects"]


def test_the_totals_are_the_survey_s(answer, truth):
    summary = answer.summary
    conformity = {
        c: n for c, n in summary["conformity"]["businesses"].items() if n and c != "total"
    }
    assert conformity == truth["conformity"]
    for kind in ("businesses", "households"):
        counts = summary["exposure"][kind]
        exposed = counts["total"] - counts["none"] - counts["not_assessed"]
        assert exposed == truth[f"exposed_{kind}"]
    families = {impact: n for impact, n in summary["families"].items() if impact != "total"}
    assert families == truth["families"]
    assert summary["exposed_income_idr_month"] == truth["exposed_income_idr_month"]


def test_businesses_by_admin_area_are_the_survey_s(answer, truth):
    totals = {row["code"]: row["businesses"]["total"] for row in answer.summary["by_admin"]}
    assert totals == {**truth["by_admin_businesses"], "outside": 0, "no_location": 0}
