"""One business in one polygon, rule by rule."""

from dataclasses import replace

import pytest
from helpers.policy import AS_OF, layer, point, project, square

from gisapp.analysis.assess import assess
from gisapp.core.errors import GisappError
from gisapp.core.project import Parameters

ZONE = {"id": "Z1", "geometry": square(0, 0), "KODSZN_1": "R-1"}
STALL = {"id": "B1", "geometry": point(50, 50), "gps_precision_m": 3.0}


def assessed(zones, rules=(), business=None, **parameters):
    return assess(
        project(
            businesses=[{**STALL, **(business or {})}],
            zoning=zones,
            rules=rules,
            parameters=Parameters(AS_OF, **parameters),
        )
    )


def classified(*args, **options):
    return assessed(*args, **options).businesses.iloc[0]


def by_lists(activity, **lists):
    return classified([{**ZONE, **lists}], business={"activity": activity})["class"]


def test_a_list_names_whole_activities():
    assert by_lists("Warung Makan", BST="Warung Makan Siap Saji", IZN="Warung Makan") == "permitted"
    assert by_lists("Makan", BST="Warung Makan") == "no_rule"


def test_names_are_trimmed_and_case_does_not_matter():
    assert by_lists(" warung MAKAN ", TBT="Penjahit ;  Warung Makan;") == "limited"


def test_an_empty_name_is_in_no_list():
    assert by_lists("", IZN="; ;", BST="") == "no_rule"


def test_a_name_in_several_lists_takes_the_more_restrictive_and_says_so():
    row = classified(
        [{**ZONE, "IZN": "Penjahit", "TBT": "Penjahit"}], business={"activity": "Penjahit"}
    )
    assert (row["class"], row["tie"]) == ("limited", True)


def test_the_2014_plan_is_read_by_its_own_names():
    zone = {"id": "Z1", "geometry": square(0, 0), "SUB_ZONA": "R.4", "BERSYARAT": "Penjahit"}
    row = classified([zone], business={"activity": "Penjahit"})
    assert (row["class"], row["zones"]) == ("conditional", "R.4")


def rule(prefix, permission, subzone="R-1", **more):
    return {"subzone": subzone, "kbli_prefix": prefix, "permission": permission, **more}


@pytest.mark.parametrize(
    ("rules", "kbli", "expected"),
    [
        ([rule("5", "X"), rule("561", "I"), rule("56", "T")], "56102", "permitted"),
        ([rule("561", "I")], "47112", "limited"),  # no rule fits: the list decides
        ([rule("", "X")], None, "prohibited"),  # an empty prefix fits any activity
        ([rule("5", "X")], None, "limited"),
        ([rule("56102", "X")], "5610", "limited"),  # a prefix, never the other way round
        ([rule("56", "X", subzone="r-1")], "56102", "limited"),  # a sub-zone is exact
        ([rule("56", "X", subzone=" R-1 ")], "56102", "prohibited"),
        ([rule("56", "x")], "56102", "prohibited"),
    ],
)
def test_the_longest_prefix_of_the_rule_table_comes_before_the_lists(rules, kbli, expected):
    zones = [{**ZONE, "TBT": "Penjahit"}]
    row = classified(zones, rules, {"activity": "Penjahit", "kbli": kbli})
    assert row["class"] == expected
    assert not row["tie"]


def test_a_tie_between_rules_takes_the_more_restrictive_and_says_so():
    row = classified([ZONE], [rule("56", "I"), rule("56", "B")], {"kbli": "56102"})
    assert (row["class"], row["tie"]) == ("conditional", True)
    same = classified([ZONE], [rule("56", "B"), rule("56", "B")], {"kbli": "56102"})
    assert (same["class"], same["tie"]) == ("conditional", False)


def test_a_tie_is_told_in_the_explanation():
    found = assessed([ZONE], [rule("56", "I"), rule("56", "B")], {"kbli": "56102"})
    assert "equal weight disagree" in found.conflicts["explanation"].item()
    found = assessed([ZONE], [rule("56", "B")], {"kbli": "56102"})
    assert "equal weight" not in found.conflicts["explanation"].item()


def test_an_unknown_permission_is_refused():
    with pytest.raises(GisappError, match="“Q”") as refused:
        classified([ZONE], [rule("", "Q")])
    assert "I, T, B, X" in refused.value.remedy


def test_what_no_rule_names_follows_the_plan_s_setting():
    assert classified([ZONE])["class"] == "no_rule"
    assert classified([ZONE], unlisted="prohibited")["class"] == "prohibited"


def test_the_most_restrictive_of_several_polygons_wins_and_each_is_named():
    zones = [
        {**ZONE, "id": "Z1", "IZN": "Penjahit"},
        {**ZONE, "id": "Z2", "TBT": "Penjahit"},
        {**ZONE, "id": "Z3", "KODSZN_1": None},
    ]
    row = classified(zones, business={"activity": "Penjahit"})
    assert (row["class"], row["zones"], row["zone_count"]) == ("limited", "R-1;R-1;Z3", 3)


def test_a_point_on_a_boundary_is_covered():
    assert classified([ZONE], business={"geometry": point(100, 30)})["class"] == "no_rule"
    assert classified([ZONE], business={"geometry": point(100.001, 30)})["class"] == "outside_plan"


def test_a_business_without_a_location_is_not_assessed():
    row = classified([ZONE], business={"geometry": None})
    assert (row["class"], row["zones"], row["admin_how"]) == ("not_assessed", "", "no_location")


def two_plans(**parameters):
    old = layer("zoning", [{**ZONE, "IZN": "Penjahit"}], "rdtr14", plan="RDTR 2014")
    new = layer("zoning", [{**ZONE, "BST": "Penjahit"}], "rdtr22", plan="RDTR 2022")
    businesses = [{**STALL, "activity": "Penjahit"}]
    rules = [rule("", "X", plan="RDTR 2014")]
    asked = Parameters(AS_OF, **parameters)
    return project(new, old, businesses=businesses, rules=rules, parameters=asked)


def test_two_plans_are_never_mixed():
    latest = assess(two_plans())
    assert latest.businesses["class"].tolist() == ["conditional"]
    assert latest.summary["plan"] == {"used": "RDTR 2022", "not_used": ["RDTR 2014"]}
    assert latest.parameters.plan == "RDTR 2022"
    for name in ("RDTR 2014", "rdtr14"):
        earlier = assess(two_plans(plan=name))
        assert earlier.businesses["class"].tolist() == ["prohibited"]
        assert earlier.businesses["zone_count"].tolist() == [1]


def test_a_plan_that_is_not_there_is_refused_with_those_that_are():
    with pytest.raises(GisappError, match="RDTR 1999") as refused:
        assess(two_plans(plan="RDTR 1999"))
    assert "RDTR 2014, RDTR 2022" in refused.value.remedy


def test_without_a_plan_conformity_says_so():
    answer = assess(project(businesses=[STALL]))
    assert answer.businesses["class"].tolist() == ["outside_plan"]
    assert "conformity says nothing" in answer.summary["warnings"][0]


def test_a_plan_with_dates_follows_them_and_one_without_is_in_force():
    dated = [{**ZONE, "valid_from": "2027-01-01"}]
    assert classified(dated)["class"] == "outside_plan"
    answer = assess(project(businesses=[STALL], zoning=[*dated, {**ZONE, "id": "Z2"}]))
    assert answer.businesses["class"].tolist() == ["outside_plan"]
    assert answer.summary["undated"]["zoning"] == ["Z2"]


def test_a_zoning_layer_without_a_plan_s_columns_is_named():
    zone = {"id": "Z1", "geometry": square(0, 0)}
    answer = assess(project(businesses=[STALL], zoning=[zone]))
    assert answer.businesses["class"].tolist() == ["no_rule"]
    assert "“zoning”" in answer.summary["warnings"][0]


def test_the_date_is_asked_then_the_project_s():
    asked = project(businesses=[STALL], parameters=Parameters("2026-11-01"))
    assert assess(asked, "2025-02-03").summary["as_of"] == "2025-02-03"
    assert assess(asked).summary["as_of"] == "2026-11-01"
    today = assess(replace(asked, parameters=Parameters())).summary["as_of"]
    assert len(today) == len("2026-11-01")


def test_a_project_with_nobody_in_it_is_refused():
    with pytest.raises(GisappError, match="neither businesses nor households"):
        assess(project(zoning=[ZONE]))
