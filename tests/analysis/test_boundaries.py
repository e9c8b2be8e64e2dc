"""Two sets of boundaries of the same areas, and which of them is counted by."""

from dataclasses import replace
from pathlib import Path

import geopandas as gpd
import pytest
import shapely
from helpers.policy import PLAIN, layer, point, project, square
from helpers.survey import survey_project, survey_truth

from gisapp.analysis.assess import assess
from gisapp.analysis.boundaries import boundaries_summary, compare_boundaries, plain_name
from gisapp.analysis.outlines import outline_distances
from gisapp.analysis.study import study
from gisapp.core.errors import GisappError
from gisapp.core.layer import Layer

AS_OF = "2026-11-01"
HERE = [
    {"id": "1", "code": "01", "name": "Satu", "geometry": square(0, 0)},
    {"id": "2", "code": "02", "name": "Dua", "geometry": square(100, 0)},
]
MOVED = [{**row, "geometry": shapely.affinity.translate(row["geometry"], 10)} for row in HERE]
STALLS = [{"id": f"B{x}", "geometry": point(x, 50)} for x in (5, 50, 105, 150, 205)]
OSM_RW = Path(__file__).parents[2] / "../shared/data/ciracas/ciracas_rw_osm2012.geojson"


def two_sets(others, mine=HERE):
    return project(layer("admin", others, "other"), businesses=STALLS, admin=mine)


def compared(made):
    return compare_boundaries(made, study(made, AS_OF), "admin", "other")


def test_a_set_that_is_moved_by_ten_metres():
    found = compared(two_sets(MOVED))
    assert found.pairs["hausdorff_m"].tolist() == pytest.approx([10, 10], abs=0.5)
    # 180 of 400 m of either outline coincide; the short sides lie 10 m off.
    assert 2 < found.pairs["mean_m"][0] < 6
    assert found.pairs["difference_m2"].tolist() == pytest.approx([2_000, 2_000])
    # B205 lies 5 m outside the first set and inside the other: its area is the nearest one.
    assert found.moved[["id", "code", "other_code"]].values.tolist() == [["B105", "02", "01"]]
    ranges = found.ranges.set_index("code")
    assert ranges.loc[["01", "02"], "businesses"].tolist() == [2, 3]


def test_a_distance_is_that_of_the_far_corner():
    greatest, mean = outline_distances(square(0, 0), shapely.box(0, 0, 100, 130))
    assert greatest == pytest.approx(30)
    assert mean == pytest.approx(outline_distances(shapely.box(0, 0, 100, 130), square(0, 0))[1])
    assert outline_distances(square(0, 0), square(0, 0)) == pytest.approx((0, 0))


def test_slits_between_pieces_are_no_outline():
    pieces = shapely.union_all([square(0, 0), shapely.box(100.001, 0, 200, 100),
                                shapely.box(90, 90, 110, 100)])  # fmt: skip
    assert outline_distances(pieces, shapely.box(0, 0, 200, 100))[0] < 0.01


@pytest.mark.parametrize(
    ("one", "other"),
    [("RW 010", "RW 10"), ("rw.10", "RW 010"), ("KELAPA DUA WETAN", "Kelapa Dua  Wetan")],
)
def test_names_that_differ_in_writing_only_are_one(one, other):
    assert plain_name(one) == plain_name(other)


def test_names_of_different_areas_stay_apart():
    assert plain_name("RW 1") != plain_name("RW 10")
    assert plain_name("RW 0") != plain_name("RW")


def test_of_several_of_one_name_those_pair_that_share_ground():
    mine = [
        {"id": str(i), "name": "RW 01", "level": "rw", "geometry": square(200 * i, 0)}
        for i in range(3)
    ]
    others = [{**row, "id": f"o{row['id']}", "name": "RW 001"} for row in reversed(mine)]
    found = compared(two_sets(others, mine))
    assert found.pairs["hausdorff_m"].max() < 0.01
    assert found.pairs["code"].tolist() == ["0", "1", "2"]


def test_areas_without_a_code_are_not_paired_by_their_rows_ids():
    mine = [{"id": str(i), "name": name, "geometry": square(100 * i, 0)}
            for i, name in enumerate(("Ciracas", "Cibubur"))]  # fmt: skip
    others = [{**row, "id": str(1 - i)} for i, row in enumerate(mine)]
    found = compared(two_sets(others, mine))
    assert found.pairs["name"].tolist() == found.pairs["other_name"].tolist()
    assert found.moved.empty


def test_a_name_alone_pairs_nothing_that_shares_no_ground():
    mine = [*HERE, {"id": "far", "name": "RW 07", "geometry": square(5_000, 0)}]
    others = [*MOVED, {"id": "away", "name": "RW 07", "geometry": square(9_000, 0)}]
    found = compared(two_sets(others, mine))
    assert (found.unpaired, found.other_unpaired) == (("RW 07",), ("RW 07",))


def test_smaller_areas_stand_for_the_one_they_mostly_lie_in():
    halves = [
        {
            "id": f"o{x}",
            "name": f"RW {x}",
            "level": "rw",
            "geometry": shapely.box(x, 0, x + 50, 100),
        }
        for x in (0, 50, 100, 150)
    ]
    found = compared(two_sets(halves))
    assert found.pairs["difference_m2"].tolist() == pytest.approx([0, 0])
    assert found.other_unpaired == ()
    assert found.moved.empty


def test_an_area_without_a_counterpart_is_named():
    found = compared(two_sets([HERE[0], {**HERE[1], "code": "99", "name": "Tiga"}]))
    assert (found.unpaired, found.other_unpaired) == (("Dua",), ("Tiga",))
    told = boundaries_summary(found)
    assert [row["code"] for row in told["by_admin"]] == ["01", "02", "outside"]
    assert told["by_admin"][1]["businesses"] == [0, 3]


@pytest.mark.parametrize(
    ("layer_name", "other", "message"),
    [
        ("admin", "admin", "itself"),
        ("admin", "nowhere", "no admin layer"),
        ("nowhere", "nowhere", "no admin layer"),
    ],
)
def test_what_cannot_be_compared_is_refused(layer_name, other, message):
    made = two_sets(MOVED)
    with pytest.raises(GisappError, match=message):
        compare_boundaries(made, study(made, AS_OF), layer_name, other)


def test_sets_with_nothing_in_common_are_refused():
    with pytest.raises(GisappError, match="No area"):
        compared(two_sets([{"id": "x", "code": "x", "name": "x", "geometry": square(0, 0)}]))


def test_a_second_set_is_told_of_and_one_can_be_chosen():
    alone = assess(project(businesses=STALLS, admin=HERE), AS_OF).summary
    both = two_sets(MOVED)
    assert not [w for w in alone["warnings"] if "admin" in w]
    assert [w for w in assess(both, AS_OF).summary["warnings"] if "admin areas lie in" in w]
    chosen = replace(both, parameters=replace(both.parameters, admin_layer="admin"))
    assert assess(chosen, AS_OF).summary["by_admin"] == alone["by_admin"]
    other = replace(both, parameters=replace(both.parameters, admin_layer="other"))
    assert assess(other, AS_OF).summary["by_admin"] != alone["by_admin"]
    assert not [w for w in assess(chosen, AS_OF).summary["warnings"] if "admin area" in w]


def test_neighbours_in_two_layers_are_no_second_set():
    made = project(layer("admin", HERE[1:], "other"), businesses=STALLS, admin=HERE[:1])
    assert not [w for w in assess(made, AS_OF).summary["warnings"] if "admin area" in w]


def test_a_layer_that_is_not_there_is_refused():
    made = project(businesses=STALLS, admin=HERE)
    gone = replace(made, parameters=replace(made.parameters, admin_layer="gone"))
    with pytest.raises(GisappError, match="gone"):
        assess(gone, AS_OF)


def test_kemendagri_and_openstreetmap_differ_by_170_to_290_metres():
    survey_truth()
    rw = gpd.read_file(OSM_RW).to_crs("EPSG:32748")
    frame = gpd.GeoDataFrame(
        {"id": [str(i) for i in range(len(rw))], "code": "", "level": "kelurahan",
         "name": rw["KEL_NAME"]},
        geometry=rw.geometry,
    )  # fmt: skip
    made = survey_project().with_layer(Layer("other", "admin", frame, PLAIN))
    found = compared(made)
    assert found.pairs["hausdorff_m"].round().tolist() == [275, 294, 286, 172, 172]
    assert found.unpaired == found.other_unpaired == ()
    assert len(found.moved) > 50
    ranges = found.ranges
    assert ranges["businesses"].sum() == ranges["businesses_other"].sum()
