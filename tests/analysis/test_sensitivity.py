"""One setting at a time: each must do what changing it by hand does."""

from dataclasses import replace

import pytest
from helpers.policy import layer, point, project, square

from gisapp.analysis.sensitivity import PARAMETERS, sensitivity, sensitivity_summary
from gisapp.analysis.single_totals import TOTALS
from gisapp.analysis.study import study
from gisapp.analysis.uncertainty_words import (
    parameter_texts,
    sensitivity_sentence,
    setting_text,
    total_texts,
)
from gisapp.core.errors import Cancelled, GisappError

AS_OF = "2026-11-01"


def home(row_id, x, **more):
    return {"id": row_id, "geometry": point(x, 50), "members": 1.0,
            "income_idr_month": 900_000.0, **more}  # fmt: skip


@pytest.fixture(scope="module")
def made():
    """Homes 5 m inside, 5 and 20 m outside of an area in force; another one begins later."""
    return project(
        layer("zoning", [{"id": "Z2", "KODSZN_1": "X", "IZN": "Warung", "geometry": square(0, 0)}],
              "new", plan="2022"),
        layer("zoning", [{"id": "Z1", "KODSZN_1": "X", "BST": "Warung", "geometry": square(0, 0)}],
              "old", plan="2014"),
        households=[home("H1", 95), home("H2", 105), home("H3", 120), home("H4", 450)],
        businesses=[
            {"id": "B1", "activity": "Warung", "geometry": point(50, 50)},
            {"id": "B2", "activity": "Bengkel", "geometry": point(50, 60)},
        ],
        evictions=[
            {"id": "E1", "stage": "sp1", "valid_from": "2026-09-15", "geometry": square(0, 0)},
            {"id": "E2", "stage": "sp1", "valid_from": "2026-12-01", "geometry": square(400, 0)},
        ],
    )  # fmt: skip


@pytest.fixture(scope="module")
def of_families(made):
    return sensitivity(made, "families", AS_OF)


def outcomes(found, parameter):
    (sway,) = (s for s in found.sways if s.parameter == parameter)
    return {outcome.setting: outcome.total for outcome in sway.outcomes}


def test_dates_before_and_after_the_changes_of_policy(of_families):
    assert of_families.base == 1
    assert outcomes(of_families, "policy_change") == {"2026-09-14": 0, "2026-12-01": 2}
    assert outcomes(of_families, "as_of") == {"-90": 0, "+90": 2}


def test_outlines_drawn_narrower_and_wider(of_families):
    assert outcomes(of_families, "eviction_outline") == {"-10": 0, "+10": 2, "+25": 3}


def test_plans_and_what_they_do_not_list(made):
    found = sensitivity(made, "restricted_businesses", AS_OF)
    assert found.base == 0
    assert outcomes(found, "plan") == {"2014": 1}
    assert outcomes(found, "unlisted") == {"prohibited": 1}


def test_a_plan_that_is_chosen_by_its_layer_s_name_is_the_base(made):
    parameters = replace(made.parameters, plan="new")
    found = sensitivity(replace(made, parameters=parameters), "restricted_businesses", AS_OF)
    assert outcomes(found, "plan") == {"2014": 1}


def test_the_precision_that_is_not_known_moves_expected_totals_only(made, of_families):
    assert set(outcomes(of_families, "unknown_sigma").values()) == {1.0}
    expected = outcomes(sensitivity(made, "families_expected", AS_OF), "unknown_sigma")
    assert expected["5"] < expected["10"] < expected["20"]
    by_hand = made.with_layer(
        replace(
            made.layer("households"),
            frame=made.layer("households").frame.assign(gps_precision_m=5 * 1.515),
        )
    )
    assert expected["5"] == pytest.approx(TOTALS["families_expected"](study(by_hand, AS_OF)))


def test_a_known_precision_stays(made):
    frame = made.layer("households").frame.assign(gps_precision_m=3.0)
    known = made.with_layer(replace(made.layer("households"), frame=frame))
    found = sensitivity(known, "families_expected", AS_OF)
    assert set(outcomes(found, "unknown_sigma").values()) == {found.base}


def test_the_poverty_line_moves_who_is_newly_poor(made):
    frame = made.layer("businesses").frame.assign(net_income_idr_month=50_000.0)
    made = made.with_layer(replace(made.layer("businesses"), frame=frame))
    links = [{"id": "O1", "household_id": "H4", "business_id": "B1", "income_share": 1.0}]
    made = replace(made, tables=project(operates=links).tables)
    found = sensitivity(made, "newly_poor", AS_OF)
    # 900,000 less 50,000 is below 897,768 and above 807,991; 900,000 is below 987,545 already.
    assert found.base == 1
    assert outcomes(found, "poverty_line") == {"807991": 0, "987545": 0}


@pytest.mark.parametrize("total", ["restricted_businesses", "exposed_income", "contradictions"])
def test_the_widest_comes_first_and_ends_are_the_outcomes_ends(made, total):
    found = sensitivity(made, total, AS_OF)
    spans = [sway.span for sway in found.sways]
    assert spans == sorted(spans, reverse=True)
    for sway in found.sways:
        values = [outcome.total for outcome in sway.outcomes]
        assert sway.low.total == min([*values, found.base])
        assert sway.high.total == max([*values, found.base])
    assert {sway.parameter for sway in found.sways} == set(PARAMETERS)


def test_the_project_is_left_alone_and_the_answer_the_same_again(made, of_families):
    again = sensitivity(made, "families", AS_OF)
    assert sensitivity_summary(again) == sensitivity_summary(of_families)
    assert TOTALS["families"](study(made, AS_OF)) == 1


def test_it_can_be_stopped(made):
    class Stop:
        def step(self, done, total, text):
            if done == 3:
                raise Cancelled

    with pytest.raises(Cancelled):
        sensitivity(made, "families", AS_OF, Stop())


def test_an_unknown_total_is_refused_with_the_known_ones(made):
    with pytest.raises(GisappError) as refused:
        sensitivity(made, "happiness")
    assert "newly_poor" in refused.value.remedy


def test_everything_has_words(of_families):
    assert set(total_texts()) == set(TOTALS)
    assert set(parameter_texts()) == set(PARAMETERS)
    sways = of_families.sways
    texts = [setting_text(s.parameter, o.setting) for s in sways for o in s.outcomes]
    assert len(set(texts)) == len(texts)
    assert setting_text("as_of", "-90") == "−90 days"
    assert setting_text("eviction_outline", "+10") == "+10 m"
    assert sensitivity_sentence(of_families).startswith(
        "Families affected, as found: 1. What moves"
    )


@pytest.mark.parametrize("as_of", ["0001-01-01", "9999-12-31"])
def test_the_calendar_s_ends_are_days_like_others(made, as_of):
    assert sensitivity(made, "families", as_of).as_of == as_of
