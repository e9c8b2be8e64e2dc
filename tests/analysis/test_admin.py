import pytest
from helpers.policy import layer, point, project, square

from gisapp.analysis.assess import assess

KELURAHAN = [
    {"id": "1", "code": "31.2", "name": "B", "level": "kelurahan", "geometry": square(0, 0)},
    {"id": "2", "code": "31.1", "name": "A", "level": None, "geometry": square(100, 0)},
]


def assigned(place, admin):
    answer = assess(project(businesses=[{"id": "B1", "geometry": place}], admin=admin))
    row = answer.businesses.iloc[0]
    totals = {r["code"]: r["businesses"]["total"] for r in answer.summary["by_admin"]}
    return row["admin_code"], row["admin_how"], totals


@pytest.mark.parametrize(
    ("place", "code", "how", "counted"),
    [
        (point(50, 50), "31.2", "inside", "31.2"),
        (point(100, 50), "31.1", "inside", "31.1"),  # on a shared border: the lower code
        (point(-50, 50), "31.2", "nearest", "31.2"),  # 50 m outside the outer border
        (point(100, 130), "31.1", "nearest", "31.1"),  # as near to both: the lower code
        (point(-51, 50), None, "outside", "outside"),
        (None, None, "no_location", "no_location"),
    ],
)
def test_each_subject_belongs_to_one_area_or_visibly_to_none(place, code, how, counted):
    found, found_how, totals = assigned(place, KELURAHAN)
    assert (None if found != found else found, found_how) == (code, how)
    assert totals == {c: int(c == counted) for c in ("31.1", "31.2", "outside", "no_location")}


def test_the_kelurahan_count_where_there_are_other_levels():
    rw = [{"id": "9", "code": "31.1.001", "level": "rw", "geometry": square(0, 0)}]
    kecamatan = [{"id": "8", "code": "31", "level": "kecamatan", "geometry": square(0, 0, 200)}]
    assert assigned(point(50, 50), [*rw, *KELURAHAN, *kecamatan])[0] == "31.2"
    assert assigned(point(50, 50), rw + kecamatan)[0] == "31.1.001"
    assert assigned(point(50, 50), kecamatan)[0] == "31"


def test_without_admin_areas_everything_located_is_outside():
    assert assigned(point(50, 50), [])[1:] == ("outside", {"outside": 1, "no_location": 0})


def test_areas_with_one_code_are_one_area():
    more = layer("admin", [{**KELURAHAN[0], "id": "3", "geometry": square(0, 200)}], "islands")
    businesses = [{"id": "B1", "geometry": point(50, 50)}, {"id": "B2", "geometry": point(50, 250)}]
    rows = assess(project(more, businesses=businesses, admin=KELURAHAN)).summary["by_admin"]
    assert [(r["code"], r["businesses"]["total"]) for r in rows][1] == ("31.2", 2)
