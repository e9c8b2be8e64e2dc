"""Stances, their overrides and their pairs."""

import pytest
from helpers.policy import AS_OF, point, project, square

from gisapp.analysis.assess import assess
from gisapp.core.errors import GisappError
from gisapp.core.words import day

HERE = point(50, 50)
STALL = {"id": "B1", "geometry": HERE, "activity": "Penjahit", "gps_precision_m": 3.0}
ZONE = {"id": "Z1", "geometry": square(0, 0), "KODSZN_1": "R-1", "IZN": "Penjahit"}
CLEARED = {
    "id": "E1", "geometry": square(0, 0), "stage": "sp2", "valid_from": "2026-01-01",
    "actor": "Satpol PP", "name": "Penertiban",
}  # fmt: skip
LOKBIN = {"id": "S1", "geometry": square(0, 0), "valid_from": "2018-03-01", "provision_id": "P9"}
AID = {"id": "T1", "household_id": "H1", "programme": "PKH", "valid_from": "2026-01-01"}


def provision(applies_to, stance, **more):
    return {"id": "P1", "applies_to": applies_to, "stance": stance, "status": "in_force", **more}


def scored(**kinds):
    kinds.setdefault("businesses", [STALL])
    return assess(project(**kinds))


def test_the_score_is_the_weaker_of_the_two_sides():
    answer = scored(zoning=[ZONE], evictions=[CLEARED])
    assert answer.businesses["contradiction"].tolist() == [pytest.approx(1 / 3)]
    answer = scored(zoning=[ZONE], evictions=[CLEARED], support_areas=[LOKBIN])
    assert answer.businesses["contradiction"].tolist() == [pytest.approx(2 / 3)]
    assert scored(zoning=[ZONE]).businesses["contradiction"].tolist() == [0]


def test_every_pair_is_listed_with_both_its_instruments():
    answer = scored(zoning=[ZONE], evictions=[CLEARED], support_areas=[LOKBIN])
    pairs = answer.pairs
    assert pairs["plus_area_id"].tolist() == ["S1", "Z1"]
    assert pairs["minus_instrument"].tolist() == ["eviction, stage second warning (SP 2)"] * 2
    assert pairs["minus_institution"].tolist() == ["Satpol PP"] * 2
    assert pairs["plus_instrument"].tolist()[1] == "zoning"
    assert pairs["score"].max() == answer.businesses["contradiction"].item()


def test_support_passes_between_a_family_and_the_businesses_it_operates():
    operates = [{"household_id": "H1", "business_id": "B1", "income_share": 1.0}]
    home = {"id": "H1", "geometry": HERE}
    both = {"households": [home], "operates": operates, "evictions": [CLEARED]}
    for support in (AID, {**AID, "household_id": None, "business_id": "B1"}):
        answer = scored(supports=[support], **both)
        assert answer.summary["contradictions"] == {"businesses": 1, "households": 1}
    apart = {**both, "operates": []}
    assert scored(supports=[AID], **apart).summary["contradictions"]["businesses"] == 0


def test_a_support_counts_by_its_dates():
    home = {"households": [{"id": "H1", "geometry": HERE}], "evictions": [CLEARED]}
    later = {**AID, "valid_from": "2026-12-01"}
    assert scored(supports=[later], **home).summary["contradictions"]["households"] == 0
    unknown = scored(supports=[{**AID, "valid_from": None}], **home).summary
    assert unknown["contradictions"]["households"] == 0
    assert unknown["undated"]["supports"] == ["T1"]


def test_a_support_area_drawn_as_a_point_covers_nobody():
    answer = scored(support_areas=[{**LOKBIN, "geometry": HERE}], evictions=[CLEARED])
    assert answer.summary["contradictions"]["businesses"] == 0


@pytest.mark.parametrize("name", ["evictions", "E1"])
def test_a_row_of_the_register_overrides_what_it_names(name):
    row = provision(
        name, -3.0, instrument="Perda DKI", number="8", year="2007", article="25",
        institution="DPRD", quote="dilarang berdagang", coded_by="RS",
    )  # fmt: skip
    answer = scored(evictions=[CLEARED], support_areas=[LOKBIN], provisions=[row])
    pair = answer.pairs.iloc[0]
    assert (pair["minus_stance"], pair["minus_instrument"]) == (-3, "Perda DKI 8/2007, art. 25")
    assert (pair["minus_institution"], pair["minus_quote"]) == ("DPRD", "dilarang berdagang")
    assert pair["minus_coded_by"] == "RS"
    assert answer.conflicts.set_index("area_id").loc["E1", "severity"] == 3


def test_a_support_area_names_its_provision_and_a_programme_its_own():
    row = {**provision("", 1.0), "id": "P9"}
    answer = scored(evictions=[CLEARED], support_areas=[LOKBIN], provisions=[row])
    assert answer.pairs["plus_stance"].tolist() == [1]
    home = {"households": [{"id": "H1", "geometry": HERE}], "supports": [AID]}
    answer = scored(evictions=[CLEARED], provisions=[provision("PKH", 1.0)], **home)
    assert answer.pairs["plus_stance"].tolist() == [1]


def test_a_row_may_be_narrowed_to_some_businesses():
    row = provision("zoning:form=pkl:location_kind=trotoar", -3.0)
    on_the_pavement = {**STALL, "form": "pkl", "location_kind": "trotoar"}
    businesses = [on_the_pavement, {**STALL, "id": "B2", "form": "pkl", "location_kind": "pasar"}]
    answer = scored(businesses=businesses, zoning=[ZONE], support_areas=[LOKBIN], provisions=[row])
    assert answer.businesses["contradiction"].tolist() == [pytest.approx(2 / 3), 0]


@pytest.mark.parametrize(
    "change",
    [
        {"status": "revoked"}, {"status": "annulled"}, {"stance": None},
        {"valid_to": AS_OF}, {"valid_from": "2026-11-02"},
    ],
)  # fmt: skip
def test_a_row_that_does_not_hold_overrides_nothing(change):
    row = {**provision("evictions", 3.0), **change}
    answer = scored(evictions=[CLEARED], support_areas=[LOKBIN], provisions=[row])
    assert answer.pairs["minus_stance"].tolist() == [-2]


def test_rows_whose_target_is_not_here_are_counted():
    def warned(applies_to):
        warnings = scored(provisions=[provision(applies_to, -2.0)]).summary["warnings"]
        return any("names no policy in force here" in warning for warning in warnings)

    assert warned("eviction")
    assert not warned("")  # an instrument that is on record only


@pytest.mark.parametrize(
    ("row", "message"),
    [
        (provision("zoning:form", -1.0), "zoning:form"),
        (provision("zoning:colour=red", -1.0), "colour"),
        (provision("zoning", -4.0), "stance -4"),
    ],
)
def test_a_row_that_cannot_be_understood_is_refused(row, message):
    with pytest.raises(GisappError, match=message):
        scored(provisions=[row])


def test_an_overruled_polygon_has_its_finding_but_no_stance():
    zones = [ZONE, {**ZONE, "id": "Z2", "IZN": "", "BST": "Penjahit"}]
    answer = scored(zoning=zones)
    assert answer.conflicts["area_id"].tolist() == ["Z2"]
    assert answer.businesses["contradiction"].tolist() == [0]


def test_conflict_rows_are_one_for_each_subject_and_area_and_explain_themselves():
    answer = scored(
        zoning=[{**ZONE, "BST": "Penjahit"}], evictions=[CLEARED], support_areas=[LOKBIN]
    )
    rows = answer.conflicts
    assert list(rows.columns) == [
        "subject_kind", "subject_id", "area_kind", "area_id", "finding", "severity", "stage",
        "stance", "as_of", "uncertain", "admin_code", "explanation", "geometry",
    ]  # fmt: skip
    assert not rows.duplicated(["subject_kind", "subject_id", "area_kind", "area_id"]).any()
    found = rows.set_index("area_id")
    assert found["finding"].to_dict() == {
        "E1": "eviction", "S1": "contradiction", "Z1": "conditional",
    }  # fmt: skip
    assert found["severity"].to_dict() == {"E1": 2, "S1": 2, "Z1": 1}
    assert found["stance"].to_dict() == {"E1": -2, "S1": 2, "Z1": -1}
    assert found.loc["E1", "explanation"] == (
        "It lies in the eviction area Penertiban, stage second warning (SP 2), in force since "
        f"{day('2026-01-01')}."
    )
    assert "R-1" in found.loc["Z1", "explanation"]
    assert "Penjahit" in found.loc["Z1", "explanation"]
    assert rows.crs == answer.businesses.crs


def test_the_severest_row_is_kept_where_the_register_favours_what_the_plan_forbids():
    forbidden = {**ZONE, "IZN": "", "BST": "Penjahit"}
    answer = scored(zoning=[forbidden], evictions=[CLEARED], provisions=[provision("Z1", 1.0)])
    row = answer.conflicts.set_index("area_id").loc["Z1"]
    assert (row["finding"], row["stance"], row["severity"]) == ("contradiction", 1, 1)


def test_braces_in_a_name_are_text():
    answer = scored(evictions=[{**CLEARED, "name": "{0} {stage.__class__}"}])
    assert "{0} {stage.__class__}" in answer.conflicts["explanation"].item()


def test_a_row_is_as_uncertain_as_its_own_finding():
    near_the_edge = {**STALL, "geometry": point(99, 50), "gps_precision_m": 20.0}
    wide = {**ZONE, "geometry": square(-500, -500, 1000), "IZN": "", "BST": "Penjahit"}
    answer = scored(businesses=[near_the_edge], zoning=[wide], evictions=[CLEARED])
    assert answer.businesses["uncertain"].tolist() == [False]
    uncertain = dict(zip(answer.conflicts["area_id"], answer.conflicts["uncertain"], strict=True))
    assert uncertain == {"E1": True, "Z1": False}
