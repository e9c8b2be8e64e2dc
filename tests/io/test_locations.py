"""Where rows lie is found in whatever way field data says it."""

import pandas as pd
import pytest
import shapely
from helpers.sources import table

from gisapp.core.errors import GisappError
from gisapp.io.geotext import read_shapes, split_geopoints
from gisapp.io.locations import Location, find_location, source_crs


@pytest.mark.parametrize(
    ("x", "y", "geographic"),
    [
        ("lon", "lat", True), ("Longitude", "Latitude", True), ("bujur", "lintang", True),
        ("LNG", "LAT", True), ("x", "y", False), ("X", "Y", False),
        ("Easting", "Northing", False), ("gps_lon", "gps_lat", True),
        ("lokasi-Longitude", "lokasi-Latitude", True), ("koordinat_x", "koordinat_y", False),
    ],
)  # fmt: skip
def test_two_columns(x, y, geographic):
    found = find_location(table(**{"plat": ["B 1"], y: ["-6.3"], x: ["106.8"]}), {})
    assert (found.form, found.columns, found.geographic) == ("pair", (x, y), geographic)


def test_a_kobo_question_with_its_companions():
    raw = table(rumah=["-6.3 106.8 30 4"], _rumah_latitude=["-6.3"], _rumah_longitude=["106.8"],
                _rumah_altitude=["30"], _rumah_precision=["4"], id=["1"])  # fmt: skip
    found = find_location(raw, {})
    assert found.columns == ("_rumah_longitude", "_rumah_latitude")
    assert set(found.companions) == {"rumah", "_rumah_altitude", "_rumah_precision"}
    assert found.precision == "_rumah_precision"


def test_plain_columns_go_before_those_of_a_question():
    raw = table(_q_latitude=["1"], _q_longitude=["2"], lat=["3"], lon=["4"])
    assert find_location(raw, {}).columns == ("lon", "lat")


@pytest.mark.parametrize(
    ("text", "form"),
    [
        ("-6.3159878 106.8640937 30 14.2", "geopoint"), ("-6.31598 106.86409", "geopoint"),
        ("-6.31598, 106.86409", "geopoint"), ("-6.31598,106.86409", "geopoint"),
        ("POINT (106.8 -6.3)", "wkt"), ("SRID=4326;POINT(106.8 -6.3)", "wkt"),
        ("multipolygon(((0 0,1 0,1 1,0 0)))", "wkt"),
        ('{"type": "Point", "coordinates": [106.8, -6.3]}', "geojson"),
    ],
)  # fmt: skip
def test_one_column_by_its_content(text, form):
    assert find_location(table(a=["x"], b=[text]), {}) == Location(
        form, ("b",), geographic=form != "wkt"
    )


@pytest.mark.parametrize("text", ["08.00 17.00", "12 34", "Jl. Raya 10", "106.8", "", None])
def test_other_texts_are_no_location(text):
    assert find_location(table(a=[text], lat=["-6.3"], plon=["1"]), {}).form == "none"


def test_a_geometry_goes_first_unless_it_is_empty():
    pair = {"lat": ["-6.3"], "lon": ["106.8"]}
    assert find_location(table(geometry=[shapely.Point(1, 2)], **pair), {}).form == "geometry"
    assert find_location(table(geometry=[None], **pair), {}).form == "pair"
    assert find_location(table(geometry=[None], a=["1"]), {}).form == "geometry"


def test_polygons_are_looked_for_where_polygons_are_wanted():
    raw = table(lat=["1"], lon=["2"], batas=["POLYGON((0 0,1 0,1 1,0 0))"])
    assert find_location(raw, {}).form == "pair"
    assert find_location(raw, {}, shapes=True).form == "wkt"
    assert find_location(table(q=["-6.3159 106.8640"]), {}, shapes=True).form == "geopoint"


def test_what_the_user_names_goes_before_everything():
    raw = table(lat=["1"], lon=["2"], a=["3"], b=["4"])
    assert find_location(raw, {"lat": "b", "lon": "a"}).columns == ("a", "b")
    assert find_location(raw, {"x": "a", "y": "b"}) == Location("pair", ("a", "b"))
    assert find_location(raw, {"geopoint": "a"}).form == "geopoint"
    with pytest.raises(GisappError, match="lat"):
        find_location(raw, {"lon": "a"})


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("-6.3 106.8 30 14.2", ["-6.3", "106.8", "30", "14.2"]),
        ("-6.3, 106.8", ["-6.3", "106.8"]),
        ("-6.3,106.8", ["-6.3", "106.8"]),
        ("-6.3;106.8;30", ["-6.3", "106.8", "30"]),
        (None, []),
    ],
)
def test_a_geopoint_is_split(text, parts):
    row = split_geopoints(pd.Series([text], dtype="str")).iloc[0]
    assert row.dropna().tolist() == parts
    assert list(row.index) == ["lat", "lon", "altitude", "precision"]


def test_the_crs_is_the_users_then_the_sources_then_plain_from_the_numbers():
    point = table(geometry=[shapely.Point(1, 2)], crs="EPSG:23830")
    assert source_crs(point, Location("geometry"), "EPSG:3857") == "EPSG:3857"
    assert source_crs(point, Location("geometry"), "") == "EPSG:23830"
    degrees = table(x=["106.8", "-6.3", "rusak"], y=["-6.3", "106.8", None])
    assert source_crs(degrees, Location("pair", ("x", "y")), "") == "EPSG:4326"
    wkt = table(w=["POINT(106.8 -6.3)"])
    assert source_crs(wkt, Location("wkt", ("w",)), "") == "EPSG:4326"


@pytest.mark.parametrize(
    ("raw", "location"),
    [
        (table(geometry=[shapely.Point(1, 2)]), Location("geometry")),
        (table(x=["706500"], y=["9299500"]), Location("pair", ("x", "y"))),
        (table(x=["rusak"], y=["9"]), Location("pair", ("x", "y"))),
        (table(w=["POINT(706500 9299500)"]), Location("wkt", ("w",))),
    ],
)
def test_metres_without_a_crs_are_refused(raw, location):
    with pytest.raises(GisappError) as error:
        source_crs(raw, location, "")
    assert "--crs" in error.value.remedy


def test_a_curve_in_wkt_is_no_shape_and_no_crash() -> None:
    column = pd.Series(["CIRCULARSTRING (0 0, 1 1, 2 0)", "POINT (106.87 -6.32)", "nonsense", None])
    shapes = read_shapes(column, "wkt")
    assert [shape is None for shape in shapes] == [True, False, True, True]
