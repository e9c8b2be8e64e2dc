"""A place is taken as it is, repaired where that is certain, or refused with the reason."""

import numpy as np
import pandas as pd
import pytest
import shapely
from helpers.sources import LAT, LON, SQUARE_M
from pyproj import CRS

from gisapp.io.area import Area
from gisapp.io.catalogue import load_catalogue
from gisapp.io.places import Ground, place_geometries, place_nowhere, place_pairs

KINDS = load_catalogue().kinds
UTM, DEGREES = CRS("EPSG:32748"), CRS("EPSG:4326")
GROUND = Ground(DEGREES, UTM, Area(SQUARE_M, "here"))
METRES = Ground(UTM, UTM, Area(SQUARE_M, "here"))


def pair(x, y, kind="businesses", ground=GROUND):
    """What becomes of one row: its reason, its repairs, its point."""
    placed = place_pairs(pd.Series([x]), pd.Series([y]), KINDS[kind], ground)
    return (
        placed.reason[0],
        sorted(k for k, v in placed.repairs.items() if v[0]),
        placed.geometry[0],
    )


def shape(geometry, kind="evictions", ground=METRES):
    placed = place_geometries(
        np.array([geometry], dtype=object), np.array([False]), KINDS[kind], ground
    )
    return (
        placed.reason[0],
        sorted(k for k, v in placed.repairs.items() if v[0]),
        placed.geometry[0],
    )


@pytest.mark.parametrize(
    ("x", "y", "reason", "repairs"),
    [
        (f"{LON}", f"{LAT}", "", []),
        (f" {LON} ", f"{LAT}".replace("-", "−"), "", []),
        (LON, LAT, "", []),
        (f"{LAT}", f"{LON}", "", ["axes_swapped"]),
        (f"{LON}".replace(".", ","), f"{LAT}".replace(".", ","), "", ["decimal_comma"]),
        (f"{LON}", f"{LAT}".replace(".", ","), "", ["decimal_comma"]),
        (f"{LAT}".replace(".", ","), f"{LON}".replace(".", ","), "",
         ["axes_swapped", "decimal_comma"]),
        ("706500", "9299500", "", ["reprojected"]),
        ("107.6191", "-6.9175", "outside_area", []),
        ("107,6191", "-6,9175", "outside_area", None),
        ("-6.9175", "107.6191", "outside_area", []),
        ("0.0", "0.0", "null_island", []),
        ("0", "0,0", "null_island", None),
        (None, None, "no_location", []),
        ("", "  ", "no_location", []),
        ("n/a", "-", "no_location", []),
        (f"{LON}", None, "no_location", []),
        (f"{LON}", "-6.3x1", "bad_number", []),
        ("?", None, "bad_number", []),
        (f"{LON}", "-6,333,5", "bad_number", []),
        (f"{LON}", "inf", "bad_number", []),
    ],
)  # fmt: skip
def test_a_pair_of_coordinates(x, y, reason, repairs):
    found, done, point = pair(x, y)
    assert found == reason
    assert repairs is None or done == repairs
    if not reason:
        assert SQUARE_M.contains(point)
    else:
        assert point is None


@pytest.mark.parametrize(("x", "y"), [(None, None), ("", " "), (np.nan, np.nan)])
def test_a_household_may_lack_a_place_but_not_have_a_wrong_one(x, y):
    assert pair(x, y, "households")[0] == ""
    assert pair("0", "0", "households")[0] == "null_island"
    assert pair(f"{LON}", None, "households")[0] == "no_location"


def test_a_pair_is_a_point_and_no_polygon():
    assert pair(f"{LON}", f"{LAT}", "evictions")[0] == "wrong_geometry"
    assert pair(f"{LON}", f"{LAT}", "support_areas")[0] == ""


@pytest.mark.parametrize(("metres", "inside"), [(0, True), (499.9, True), (500.1, False)])
def test_the_area_reaches_five_hundred_metres_out(metres, inside):
    west, south, east, north = SQUARE_M.bounds
    for x, y in [(west - metres, 9_299_500), (706_500, north + metres)]:
        assert (pair(x, y, ground=METRES)[0] == "") is inside
    corner = metres / np.sqrt(2)
    assert (pair(east + corner, south - corner, ground=METRES)[0] == "") is inside


def test_without_an_area_everything_finite_is_taken_as_it_stands():
    anywhere = Ground(UTM, UTM, Area(None, "everywhere"))
    assert pair("5", "7", ground=anywhere)[2] == shapely.Point(5, 7)


BOWTIE = shapely.Polygon([(706_000, 9_299_000), (706_100, 9_299_100), (706_100, 9_299_000),
                          (706_000, 9_299_100)])  # fmt: skip
BOX = shapely.box(706_100, 9_299_100, 706_200, 9_299_200)
LINE = shapely.LineString([(706_100, 9_299_100), (706_200, 9_299_200)])


@pytest.mark.parametrize(
    ("geometry", "kind", "reason", "repairs"),
    [
        (BOX, "evictions", "", []),
        (shapely.MultiPolygon([BOX]), "evictions", "", []),
        (shapely.force_3d(BOX, 7), "evictions", "", ["dropped_z"]),
        (BOWTIE, "evictions", "", ["made_valid"]),
        (shapely.GeometryCollection([BOX, LINE]), "evictions", "", ["made_valid"]),
        (shapely.GeometryCollection([LINE]), "evictions", "wrong_geometry", None),
        (LINE, "evictions", "wrong_geometry", []),
        (BOX.centroid, "evictions", "wrong_geometry", []),
        (shapely.Polygon(), "evictions", "empty_geometry", []),
        (None, "evictions", "no_location", []),
        (BOX.centroid, "sites", "", []),
        (shapely.MultiPoint([BOX.centroid]), "sites", "", []),
        (shapely.MultiPoint([(1, 2), (3, 4)]), "sites", "wrong_geometry", []),
        (shapely.force_3d(BOX.centroid, 3), "sites", "", ["dropped_z"]),
        (BOX, "sites", "wrong_geometry", []),
        (shapely.Point(0, 0), "sites", "null_island", []),
        (shapely.Point(), "sites", "empty_geometry", []),
        (shapely.Point(), "households", "", []),
        (None, "households", "", []),
        (BOX, "support_areas", "", []),
        (BOX.centroid, "support_areas", "", []),
        (LINE, "other", "", []),
        (shapely.MultiPoint([(1, 2), (3, 4)]), "other", "", []),
    ],
)
def test_a_geometry(geometry, kind, reason, repairs):
    found, done, kept = shape(geometry, kind)
    assert found == reason
    assert repairs is None or done == repairs
    if kept is not None:
        assert kept.is_valid
        assert not kept.has_z


def test_a_line_without_area_is_no_polygon_even_as_a_ring():
    flat = shapely.Polygon([(706_000, 9_299_000), (706_100, 9_299_000), (706_050, 9_299_000)])
    assert shape(flat)[0] == "wrong_geometry"


def degrees(x, y):
    return shapely.box(x - 0.001, y - 0.001, x + 0.001, y + 0.001)


@pytest.mark.parametrize(
    ("geometry", "reason", "repairs"),
    [
        (degrees(LON, LAT), "", []),
        (degrees(LAT, LON), "", ["axes_swapped"]),
        (BOX, "", ["reprojected"]),
        (shapely.box(1e6, 1e6, 2e6, 2e6), "outside_area", []),
        (degrees(107.6, -6.9), "", []),
    ],
)
def test_a_polygon_in_degrees(geometry, reason, repairs):
    found, done, kept = shape(geometry, ground=GROUND)
    assert (found, done) == (reason, repairs)
    assert kept is None or np.isfinite(kept.bounds).all()


def test_nowhere_is_a_reason_only_where_a_place_is_needed():
    assert list(place_nowhere(2, KINDS["businesses"]).reason) == ["no_location"] * 2
    assert list(place_nowhere(2, KINDS["households"]).reason) == [""] * 2
