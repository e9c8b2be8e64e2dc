"""The boundary that matters is the one at which the class changes, not any boundary."""

import math

import pytest
from helpers.policy import point, project, square
from shapely import affinity

from gisapp.analysis.assess import assess

LEFT = {"id": "Z1", "geometry": square(0, 0), "KODSZN_1": "R-1", "TBT": "Penjahit"}
RIGHT = {**LEFT, "id": "Z2", "geometry": square(100, 0)}


def probability(x, zones, precision=15.15, activity="Penjahit"):
    stall = {
        "id": "B1", "geometry": point(x, 50), "activity": activity, "gps_precision_m": precision,
    }  # fmt: skip
    return assess(project(businesses=[stall], zoning=zones)).businesses.iloc[0]


def phi(z):
    return 0.5 * (1 + math.erf(z / math.sqrt(2)))


def test_sigma_and_probability_by_hand():
    row = probability(88, [LEFT])
    assert (row["sigma_m"], row["sigma_known"]) == (10.0, True)
    assert row["probability"] == pytest.approx(phi(1.2))
    assert row["uncertain"]


@pytest.mark.parametrize("precision", [None, 0.0])
def test_an_unknown_precision_counts_as_ten_metres_and_says_so(precision):
    row = probability(50, [LEFT], precision)
    assert (row["sigma_m"], row["sigma_known"]) == (10.0, False)


def test_a_border_between_two_polygons_of_the_same_class_is_none():
    assert not probability(99, [LEFT, RIGHT])["uncertain"]
    prohibiting = {**RIGHT, "TBT": "", "BST": "Penjahit"}
    assert probability(99, [LEFT, prohibiting])["probability"] == pytest.approx(phi(0.1))


def test_a_border_that_changes_another_activity_s_class_is_none():
    zones = [{**LEFT, "IZN": "Bengkel"}, RIGHT]
    assert not probability(99, zones)["uncertain"]
    assert probability(99, zones, activity="Bengkel")["uncertain"]


def test_a_slit_of_a_millimetre_between_neighbours_is_none():
    apart = {**RIGHT, "geometry": affinity.translate(RIGHT["geometry"], 0.001, 0)}
    assert not probability(99, [LEFT, apart])["uncertain"]


def test_a_less_restrictive_polygon_below_changes_nothing_and_a_stricter_one_on_top_does():
    lenient = {**LEFT, "id": "Z3", "geometry": square(40, 40, 20), "TBT": "", "IZN": "Penjahit"}
    assert probability(50, [LEFT, lenient])["probability"] == 1.0
    strict = {**lenient, "IZN": "", "BST": "Penjahit"}
    row = probability(35, [LEFT, strict])
    assert (row["class"], row["probability"]) == ("limited", pytest.approx(phi(0.5)))


def test_just_outside_the_plan_is_uncertain_too():
    row = probability(105, [LEFT])
    assert (row["class"], row["probability"]) == ("outside_plan", pytest.approx(phi(0.5)))


def test_on_the_very_border_both_are_as_likely():
    assert probability(0, [LEFT])["probability"] == 0.5


def test_a_home_is_uncertain_by_the_border_of_all_areas_in_force_together():
    def home(x, evictions):
        family = {"id": "H1", "geometry": point(x, 50), "gps_precision_m": 15.15}
        return assess(project(households=[family], evictions=evictions)).households.iloc[0]

    one = {"id": "E1", "geometry": square(0, 0), "stage": "sp1", "valid_from": "2026-01-01"}
    other = {**one, "id": "E2", "geometry": square(100, 0), "stage": "executed"}
    assert home(98, [one])["probability"] == pytest.approx(phi(0.2))
    assert home(98, [one, other])["probability"] == 1.0
    assert home(98, [one, {**other, "valid_from": "2027-01-01"}])["uncertain"]
    assert home(102, [one])["uncertain"]
