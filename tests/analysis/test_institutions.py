"""Institution by institution: counted as plain loops count, each family once."""

import pytest
from helpers.contradictions import Crossing, with_institutions
from helpers.instances import few, instances, nothing
from helpers.policy import AS_OF, point, project, square
from hypothesis import example, given
from hypothesis import strategies as st

from gisapp.analysis.assess import assess
from gisapp.analysis.institutions import headline, matrix
from gisapp.analysis.study import study
from gisapp.core.contradictions import headline_text

HERE = point(50, 50)
STALL = {"id": "B1", "geometry": HERE, "activity": "Penjahit"}
CLEARED = {
    "id": "E1", "geometry": square(0, 0), "stage": "sp2", "valid_from": "2026-01-01",
    "actor": "Satpol PP", "name": "Penertiban",
}  # fmt: skip
LOKBIN = {
    "id": "S1", "geometry": square(50, 0), "valid_from": "2018-03-01", "name": "Lokbin",
    "support_kind": "lokbin",
}  # fmt: skip
HOME = {"id": "H1", "geometry": HERE}
RUNS = {"household_id": "H1", "business_id": "B1", "income_share": 1.0}


def found(by="institution", **kinds):
    return matrix(study(project(**kinds)), by)


def register(**row):
    return {"id": "P1", "status": "in_force", "applies_to": "support_areas", "stance": 2.0,
            "instrument": "Perpres", "number": "125", "year": "2012", **row}  # fmt: skip


@few
@example(nothing)
@given(instances)
def test_the_matrix_is_what_plain_loops_count(kinds):
    kinds = with_institutions(kinds)
    fast, slow = found(**kinds), Crossing(AS_OF, kinds).matrix()
    assert {(c.plus, c.minus) for c in fast.cells} == set(slow)
    for cell in fast.cells:
        expected = slow[cell.plus, cell.minus]
        assert cell.hit.families == len(expected["households"])
        assert cell.hit.livelihood == len(expected["livelihood"])
        assert cell.hit.businesses == len(expected["businesses"])
        assert cell.pairs["total"] == len(expected["pairs"])
        for word in ("direct", "instrumental", "not_classified"):
            assert cell.pairs[word] == sum(how == word for *_pair, how in expected["pairs"])
        assert cell.area_m2 == pytest.approx(expected["area_m2"], abs=1e-6)


@few
@given(instances)
def test_everybody_is_in_a_cell_and_nobody_twice_in_the_total(kinds):
    kinds = with_institutions(kinds)
    answer = found(**kinds)
    told = assess(project(**kinds)).summary
    assert answer.total.families == told["contradictions"]["households"]
    assert answer.total.businesses == told["contradictions"]["businesses"]
    for name in ("families", "livelihood", "businesses"):
        for parts in ([c.hit for c in answer.cells], answer.manners.values(),
                      [answer.within, answer.between, answer.not_stated]):  # fmt: skip
            counts = [getattr(hit, name) for hit in parts]
            if name != "livelihood":  # one who has a home in one cell may have a stall in another
                assert all(n <= getattr(answer.total, name) for n in counts)
                assert sum(counts) >= getattr(answer.total, name)
    assert sum(c.pairs["total"] for c in answer.cells) == len(answer.pairs)
    reached = answer.total.families + answer.total.livelihood
    assert all(c.hit.families + c.hit.livelihood <= reached for c in answer.cells)


@few
@given(instances, st.randoms(use_true_random=False))
def test_the_order_of_rows_changes_nothing(kinds, chance):
    kinds = with_institutions(kinds)
    mixed = {kind: chance.sample(rows, len(rows)) for kind, rows in kinds.items()}
    assert headline(study(project(**kinds))) == headline(study(project(**mixed)))


def test_a_family_is_named_with_both_instruments():
    rows = [register(institution="Dinas UMKM", deontic="support")]
    answer = found(households=[HOME], evictions=[CLEARED], support_areas=[LOKBIN], provisions=rows)
    (cell,) = answer.cells
    assert (cell.plus, cell.minus) == ("Dinas UMKM", "Satpol PP")
    assert cell.area_m2 == 5_000  # the square and its half that the other one covers
    told = headline(study(project(
        households=[HOME], evictions=[CLEARED], support_areas=[LOKBIN], provisions=rows
    )))  # fmt: skip
    (pair,) = told["pairs"]
    assert (told["families"], told["businesses"]) == (1, 0)
    assert pair["plus"]["instrument"] == "Perpres 125/2012"
    assert pair["minus"]["name"] == "Penertiban"
    sentence = headline_text(told)
    assert "“Perpres 125/2012 (Dinas UMKM)” promotes" in sentence
    assert "Penertiban (Satpol PP)” represses 1 family" in sentence


def test_a_family_also_counts_through_the_business_it_operates_and_apart():
    kinds = {"businesses": [STALL], "evictions": [CLEARED], "support_areas": [LOKBIN]}
    far = {"id": "H1", "geometry": point(5_000, 0)}
    total = found(households=[far], operates=[RUNS], **kinds).total
    assert (total.families, total.livelihood, total.businesses) == (0, 1, 1)
    total = found(households=[HOME], operates=[RUNS], **kinds).total
    assert (total.families, total.livelihood, total.businesses) == (1, 0, 1)


def test_one_provision_through_two_areas_is_one_policy_and_its_ground_counts_once():
    areas = [LOKBIN, {**LOKBIN, "id": "S2", "geometry": square(20, 0)}]
    kinds = {"households": [HOME], "evictions": [CLEARED], "support_areas": areas}
    assert found(**kinds).cells[0].pairs["total"] == 2
    (cell,) = found(provisions=[register()], **kinds).cells
    assert cell.pairs["total"] == 1
    assert cell.area_m2 == 8_000


@pytest.mark.parametrize(
    ("deontic", "manner"),
    [("permit", "direct"), ("oblige", "direct"), ("support", "instrumental"),
     ("sanction", "not_classified"), ("", "not_classified"), ("unknown", "not_classified")],
)  # fmt: skip
def test_a_pair_is_direct_instrumental_or_not_classified(deontic, manner):
    answer = found(
        households=[HOME], evictions=[CLEARED], support_areas=[LOKBIN],
        provisions=[register(deontic=deontic)],
    )  # fmt: skip
    assert answer.manners[manner].families == 1
    assert sum(hit.families for hit in answer.manners.values()) == 1


def test_a_plan_that_limits_neither_prohibits_nor_permits():
    def manners(column):
        zone = {"id": "Z1", "geometry": square(0, 0), "KODSZN_1": "R-1", column: "Penjahit"}
        return found(
            businesses=[STALL], zoning=[zone], support_areas=[LOKBIN], evictions=[CLEARED]
        ).manners

    assert manners("TBT")["not_classified"].businesses == 1
    assert manners("IZN")["direct"].businesses == 1  # permitted here, and cleared


def test_an_institution_that_nobody_stated_has_a_row_of_its_own():
    answer = found(households=[HOME], evictions=[CLEARED], support_areas=[LOKBIN])
    assert [(c.plus, c.minus) for c in answer.cells] == [("", "Satpol PP")]
    assert (answer.not_stated.families, answer.within.families, answer.between.families) == (
        1,
        0,
        0,
    )
    one = found(
        households=[HOME], evictions=[CLEARED], support_areas=[LOKBIN],
        provisions=[register(institution="Satpol PP")],
    )  # fmt: skip
    assert one.within.families == 1


def test_the_kind_of_an_institution_is_known_from_any_row_that_states_it():
    rows = [
        register(institution="Dinas UMKM", institution_kind="technical_agency"),
        register(id="P2", applies_to="", institution="Satpol PP", institution_kind="enforcement"),
    ]
    kinds = {"households": [HOME], "evictions": [CLEARED], "support_areas": [LOKBIN]}
    (cell,) = found("institution_kind", provisions=rows, **kinds).cells
    assert (cell.plus, cell.minus) == ("technical_agency", "enforcement")
    doubtful = [*rows, register(id="P3", applies_to="", institution="Satpol PP",
                                institution_kind="city_government")]  # fmt: skip
    (cell,) = found("institution_kind", provisions=doubtful, **kinds).cells
    assert (cell.plus, cell.minus) == ("technical_agency", "")


def test_where_nothing_contradicts_the_headline_says_so():
    told = headline(study(project(businesses=[STALL])))
    assert told == {
        "families": 0, "families_through_livelihood": 0, "businesses": 0, "pairs": [],
    }  # fmt: skip
    assert headline_text(told).startswith("No family")
