"""Where contradictions concentrate: counts that add up."""

import pytest
from helpers.contradictions import Crossing, with_institutions
from helpers.instances import few, instances
from helpers.policy import AS_OF, point, project, square
from hypothesis import given

from gisapp.analysis.concentration import contradiction_cells, contradictions_by_area
from gisapp.analysis.contradiction_report import ask_contradictions, contradictions_summary
from gisapp.analysis.institutions import matrix, who_stands_between
from gisapp.analysis.study import study
from gisapp.core.errors import GisappError

PLACES = {
    "households": [
        {"id": "H1", "geometry": point(50, 50)},
        {"id": "H2", "geometry": point(650, 50)},
        {"id": "H3", "geometry": None},
        {"id": "H4", "geometry": point(5_000, 0)},
    ],
    "businesses": [{"id": "B1", "geometry": point(60, 60)}],
    "operates": [
        {"household_id": "H2", "business_id": "B1"},
        {"household_id": "H3", "business_id": "B1"},
    ],
    "support_areas": [{"id": "S1", "geometry": square(0, 0), "valid_from": "2018-03-01"}],
    "evictions": [
        {"id": "E1", "geometry": square(0, 0), "stage": "sp2", "valid_from": "2026-01-01"}
    ],
    "admin": [{"id": "A1", "code": "A1", "name": "Ciracas", "geometry": square(-500, -500, 2_000)}],
}


@few
@given(instances)
def test_every_column_by_area_adds_up_to_the_total(kinds):
    kinds = with_institutions(kinds)
    answer = ask_contradictions(project(**kinds))
    found = contradictions_summary(answer)
    sums = {
        (kind, word): sum(row[kind][word] for row in found["by_admin"])
        for kind, words in (
            ("businesses", ("total", "contradiction", "none")),
            ("households", ("total", "contradiction", "through_livelihood", "none")),
        )
        for word in words
    }
    assert sums["businesses", "contradiction"] == found["total"]["businesses"]
    assert sums["households", "contradiction"] == found["total"]["families"]
    assert sums["households", "through_livelihood"] == found["total"]["families_through_livelihood"]
    assert sums["businesses", "total"] == len(kinds["businesses"])
    assert sums["households", "total"] == len(kinds["households"])
    slow = Crossing(AS_OF, kinds)
    assert found["total"]["families"] == len({x for x, *_pair in slow.pairs("households")})


def test_families_are_counted_at_their_homes_and_those_without_a_place_in_no_cell():
    here = project(**PLACES)
    studied = study(here)
    rows = {row["code"]: row["households"] for row in contradictions_by_area(studied)}
    assert (rows["A1"]["contradiction"], rows["A1"]["through_livelihood"]) == (1, 1)
    assert rows["no_location"]["through_livelihood"] == 1
    cells = contradiction_cells(here, studied)
    assert cells["families"].sum() == cells["businesses"].sum() == 1
    assert cells["families_through_livelihood"].sum() == 1
    assert (cells["subjects"] > 0).all()
    assert len(cells) == 2
    with pytest.raises(GisappError, match="no admin layer"):
        contradiction_cells(project(**{**PLACES, "admin": []}), studied)


def test_whom_a_pair_hits_is_whom_it_counts():
    found = matrix(study(project(**PLACES)))
    who = who_stands_between(found, found.cells[0].rows)
    hit = found.cells[0].hit
    counted = (len(who.families), len(who.livelihood), len(who.businesses))
    assert counted == (hit.families, hit.livelihood, hit.businesses) == (1, 2, 1)
