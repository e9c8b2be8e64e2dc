"""Coordinates as people write them."""

import numpy as np
import pandas as pd
import pytest
import shapely
from helpers.sources import table
from hypothesis import given
from hypothesis import strategies as st

from gisapp.io.coordinates import read_coordinates
from gisapp.io.geotext import read_shapes, split_geopoints, stated_srid
from gisapp.io.locations import find_location, source_crs


def read(*cells):
    return read_coordinates(pd.Series(cells, dtype="str"))


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("-6.32", -6.32), ("−6.32", -6.32), ("-6,32", -6.32), ("6.32 S", -6.32),
        ("6.32 LS", -6.32), ("6,32° LS", -6.32), ("S 6.32", -6.32), ("6°19'12\"S", -6.32),
        ("6º19′12″ S", -6.32), ("6 19 12 S", -6.32), ("6°19,2' S", -6.32), ("-6° 19' 12\"", -6.32),
        ("-6:19:12", -6.32), ("106°51'36\" BT", 106.86), ("106.86° E", 106.86),
        ("106,86 Bujur Timur", 106.86), ("106,86 Timur", 106.86), ("6.32 Lintang", np.nan),
        ("9.301.234,5", 9301234.5), ("705,123.4", 705123.4), ("705 123", np.nan),
        ("6°75'0\"S", np.nan), ("6 19", np.nan), ("abc", np.nan), ("S", np.nan), ("n/a", np.nan),
        ("S 6.32 S", np.nan),
    ],
)  # fmt: skip
def test_one_axis(text, value):
    assert read(text)[0][0] == pytest.approx(value, nan_ok=True)


def test_a_comma_is_told_and_so_is_an_empty_cell():
    _values, comma, there = read("-6,32", "-6.32", None, "6°19,2'S")
    assert comma.tolist() == [True, False, False, False]
    assert there.tolist() == [True, True, False, True]


@given(st.floats(0, 90, exclude_max=True), st.sampled_from(["S", "LS", "Selatan"]))
def test_degrees_minutes_seconds_are_what_they_came_from(degrees, letter):
    minutes = degrees % 1 * 60
    seconds = minutes % 1 * 60
    text = f"{int(degrees)}°{int(minutes)}'{min(seconds, 59.999999):.6f}\" {letter}"
    assert read(text)[0][0] == pytest.approx(-degrees, abs=1e-8)


@pytest.mark.parametrize(
    ("text", "lat", "lon"),
    [
        ("-6.3159 106.8640 30 14.2", "-6.3159", "106.8640"), ("-6.2,106.8", "-6.2", "106.8"),
        ("(-6.2001, 106.8001)", "-6.2001", "106.8001"),
        ("-6.2001 , 106.8001", "-6.2001", "106.8001"), ("-6.2001 ,106.8001", "-6.2001", "106.8001"),
        ("-6,3159; 106,8640", "-6,3159", "106,8640"),
        ("6°18'57.0\"S 106°51'50.6\"E", "6°18'57.0\"S", "106°51'50.6\"E"),
        ("6.32 LS, 106.88 BT", "6.32 LS", "106.88 BT"),
        ("https://www.google.com/maps?q=-6.31,106.88", "-6.31", "106.88"),
        ("https://maps.app/place/@-6.1,106.1,17z/data=!3d-6.31!4d106.88", "-6.31", "106.88"),
        ("geo:-6.31,106.88", "-6.31", "106.88"),
    ],
)  # fmt: skip
def test_both_axes_in_one_cell(text, lat, lon):
    parts = split_geopoints(pd.Series([text, None], dtype="str"))
    assert parts.loc[0, ["lat", "lon"]].tolist() == [lat, lon]
    assert parts.loc[1].isna().all()
    assert find_location(table(koordinat=[text]), {}).form == "geopoint"


def test_where_a_map_was_looked_at_is_no_place():
    assert find_location(table(tautan=["https://maps.google.com/@-6.1,106.1,17z"]), {}).form == (
        "none"
    )


@pytest.mark.parametrize(
    ("x", "y"),
    [
        ("X (Long)", "Y (Lat)"), ("Longitude (WGS84)", "Latitude (WGS84)"), ("long_x", "lat_y"),
        ("lon_usaha", "lat_usaha"), ("Bujur Timur", "Lintang Selatan"), ("BT", "LS"),
        ("x_utm", "y_utm"), ("POINT_X", "POINT_Y"), ("Lokasi/lon", "Lokasi/lat"),
    ],
)  # fmt: skip
def test_more_names_of_two_columns(x, y):
    assert find_location(table(**{"jenis": ["a"], y: ["1"], x: ["2"]}), {}).columns == (x, y)


AREA = "-6.20 106.80 0 0;-6.20 106.81 0 0;-6.21 106.81 0 0;-6.20 106.80 0 0"


def test_traces_of_a_form_are_lines_and_areas():
    text = AREA.replace(".20", ".201").replace(".21", ".211").replace(".80", ".801")
    text = text.replace("106.81 ", "106.811 ")
    line, area, none = read_shapes(
        pd.Series([text.rsplit(";", 1)[0], text, "x"], dtype="str"), "geotrace"
    )
    assert (line.geom_type, area.geom_type, none) == ("LineString", "Polygon", None)
    assert area.exterior.coords[0] == (106.801, -6.201)
    raw = table(gps=["-6.3159 106.8640 0 0"], petak=[text])
    assert find_location(raw, {}).columns == ("gps",)
    assert find_location(raw, {}, shapes=True).columns == ("petak",)


def test_binary_shapes_as_text_and_the_crs_they_name():
    point = shapely.set_srid(shapely.Point(705_000, 9_300_000), 32748)
    text = shapely.to_wkb(point, hex=True, include_srid=True)
    raw = table(geom=[text, None])
    location = find_location(raw, {})
    assert location.form == "wkb"
    assert source_crs(raw, location, "") == "EPSG:32748"
    assert read_shapes(pd.Series([text, f"\\x{text}", "0zz"], dtype="str"), "wkb").tolist() == [
        point,
        point,
        None,
    ]


def test_a_crs_that_not_every_row_names_is_none():
    texts = ["SRID=32748;POINT(1 2)", "SRID=32749;POINT(1 2)", "POINT(1 2)"]
    assert stated_srid(pd.Series(texts[:1]), "wkt") == "EPSG:32748"
    assert stated_srid(pd.Series(texts[:2]), "wkt") == ""
    assert stated_srid(pd.Series(texts[::2]), "wkt") == ""


def test_features_of_geojson_are_their_geometries():
    text = '{"type":"Feature","properties":{},"geometry":{"type":"Point","coordinates":[1,2]}}'
    assert read_shapes(pd.Series([text, "{}"], dtype="str"), "geojson").tolist() == [
        shapely.Point(1, 2),
        None,
    ]


def test_a_text_without_end_is_no_coordinate() -> None:
    values, _comma, there = read_coordinates(pd.Series(["1" + " " * 3000 + "x", "6°19'45\"   S"]))
    assert there.all()
    assert np.isnan(values[0])
    assert values[1] == pytest.approx(-6.329167, abs=1e-6)
