"""GeoJSON: numbers and text as written, faults named by feature."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
import shapely
from helpers.foreign import collection, feature, geojson
from hypothesis import given
from hypothesis import strategies as st

from gisapp.io.readers.contents import Reading, Unreadable
from gisapp.io.readers.geojson import read_geojson

NUMBER = st.floats(-180, 180)
SQUARE = [[0, 0], [1, 0], [1, 1], [0, 1], [0, 0]]


def read(path: Path) -> Reading:
    return read_geojson(path, path.stem, lambda _done, _total: None)


def of(tmp_path: Path, content: Any) -> Reading:
    return read(geojson(tmp_path / "t.geojson", content))


def of_geometry(tmp_path: Path, kind: str, coordinates: Any) -> Reading:
    geometry = {"type": kind, "coordinates": coordinates}
    return of(tmp_path, collection({"type": "Feature", "properties": {}, "geometry": geometry}))


def named(crs: str) -> dict[str, Any]:
    return {"type": "name", "properties": {"name": crs}}


def columns(reading: Reading) -> dict[str, list[Any]]:
    return reading.tables[0].columns.to_pydict()


def shapes(reading: Reading) -> list[Any]:
    return list(shapely.from_wkb(reading.tables[0].wkb.to_numpy(zero_copy_only=False)))


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("geojson")


PROPERTIES = st.fixed_dictionaries(
    {},
    optional={
        "nik": st.integers(0, 2**53 * 900) | st.none(),
        "rate": st.floats(allow_nan=False, allow_infinity=False),
        "name": st.text(),
        "mixed": st.one_of(st.integers(), st.text(), st.booleans(), st.lists(st.integers())),
    },
)


@given(
    rows=st.lists(st.tuples(NUMBER, NUMBER, PROPERTIES), min_size=1, max_size=20),
    indent=st.sampled_from((None, 2)),
    lines=st.booleans(),
)
def test_what_was_written_is_read(folder: Path, rows, indent, lines) -> None:
    features = [feature((x, y), **properties) for x, y, properties in rows]
    path = folder / "stalls.geojson"
    if lines:
        path.write_text("".join(json.dumps(each) + "\n" for each in features))
    else:
        path.write_text(json.dumps(collection(*features), indent=indent) + "\n")
    reading = read(path)
    assert [(shape.x, shape.y) for shape in shapes(reading)] == [(x, y) for x, y, _ in rows]
    found = columns(reading)
    for name in ("nik", "rate", "name"):
        values = [properties.get(name) for _x, _y, properties in rows]
        if any(value is not None for value in values):
            assert found[name] == values
    for value, (_x, _y, properties) in zip(found.get("mixed", ()), rows, strict=False):
        written = properties.get("mixed")
        assert value == written or json.loads(value) == written


def test_identity_numbers_stay_exact(tmp_path: Path) -> None:
    rows = (feature(nik=n) for n in (9171012345678901, None, 9171012345678903))
    reading = of(tmp_path, collection(*rows))
    assert columns(reading) == {"nik": [9171012345678901, None, 9171012345678903]}


def test_integers_beyond_64_bits_become_text(tmp_path: Path) -> None:
    reading = of(tmp_path, collection(feature(n=2**70)))
    assert columns(reading) == {"n": [str(2**70)]}
    assert "64 bits" in reading.warnings[0]


def test_ids_of_features_are_a_column(tmp_path: Path) -> None:
    features = [{**feature(a=1), "id": "x"}, {**feature(a=2), "id": "y"}]
    assert columns(of(tmp_path, collection(*features)))["id"] == ["x", "y"]


@pytest.mark.parametrize(
    ("crs", "expected", "warned"),
    [
        ({}, "EPSG:4326", False),
        ({"crs": None}, "", True),
        ({"crs": named("urn:ogc:def:crs:EPSG::32748")}, "EPSG:32748", False),
        ({"crs": named("EPSG:3857")}, "EPSG:3857", False),
        ({"crs": named("urn:ogc:def:crs:OGC:1.3:CRS84")}, "EPSG:4326", False),
        ({"crs": named("EPSG:999999")}, "", True),
        ({"crs": named("/etc/passwd")}, "", True),
        ({"crs": named("http://127.0.0.1:9/crs")}, "", True),
    ],
)
def test_the_crs_member_is_honoured_and_nothing_is_fetched(
    tmp_path: Path, crs: dict[str, Any], expected: str, warned: bool
) -> None:
    reading = of(tmp_path, collection(feature(), **crs))
    assert reading.tables[0].crs == expected
    assert bool(reading.warnings) is warned


GEOMETRIES = [
    ("Point", [1, 2]),
    ("Point", [1, 2, 3]),
    ("MultiPoint", [[1, 2], [3, 4]]),
    ("LineString", [[0, 0], [1, 1]]),
    ("MultiLineString", [[[0, 0], [1, 1]], [[2, 2], [3, 3]]]),
    ("Polygon", [SQUARE, [[0.2, 0.2], [0.2, 0.4], [0.4, 0.4], [0.2, 0.2]]]),
    ("MultiPolygon", [[SQUARE], [[[5, 5], [6, 5], [6, 6], [5, 5]]]]),
]


@pytest.mark.parametrize(("kind", "coordinates"), GEOMETRIES)
def test_geometries_are_those_of_the_standard(tmp_path: Path, kind, coordinates) -> None:
    reading = of_geometry(tmp_path, kind, coordinates)
    expected = shapely.from_geojson(json.dumps({"type": kind, "coordinates": coordinates}))
    assert shapely.equals_exact(shapes(reading)[0], expected)
    assert reading.tables[0].geometry_type == kind


def test_collections_and_empty_geometries_are_read(tmp_path: Path) -> None:
    parts = [{"type": "Point", "coordinates": [1, 2]}, {"type": "LineString", "coordinates": []}]
    whole = {"type": "GeometryCollection", "geometries": parts}
    reading = of(tmp_path, collection({"type": "Feature", "properties": {}, "geometry": whole}))
    assert shapes(reading)[0].geoms[0] == shapely.Point(1, 2)
    assert shapes(of_geometry(tmp_path, "Polygon", []))[0].is_empty


@pytest.mark.parametrize(
    ("kind", "coordinates", "reason"),
    [
        ("Point", ["36.8", "-1.3"], "not a list of numbers"),
        ("Point", [True, False], "not a list of numbers"),
        ("Point", [1], "fewer than two"),
        ("Point", [1, [2]], "not a list of numbers"),
        ("Point", "1,2", "no list of coordinates"),
        ("LineString", [[0, 0]], "fewer than two positions"),
        ("Polygon", [[[0, 0], [1, 0]]], "fewer than four"),
        ("Polygon", [5], "not nested"),
        ("MultiPolygon", [[[1]]], "not a list of numbers"),
        ("MultiPoint", [0, 0], "not a list of numbers"),
        ("Circle", [0, 0], "no geometry type “Circle”"),
    ],
)
def test_what_is_no_geometry_is_named_and_the_rest_is_read(
    tmp_path: Path, kind: str, coordinates: Any, reason: str
) -> None:
    bad = {
        "type": "Feature",
        "properties": {},
        "geometry": {"type": kind, "coordinates": coordinates},
    }
    reading = of(tmp_path, collection(feature(a=1), bad, feature(a=3)))
    (table,) = reading.tables
    assert list(table.unreadable) == [2]
    assert reason in table.unreadable[2]
    assert columns(reading) == {"a": [1, 3]}
    assert table.row_numbers.tolist() == [1, 3]
    with pytest.raises(Unreadable, match="none of its 1 features"):
        of(tmp_path, collection(bad))


def test_rings_that_are_open_are_closed_and_told(tmp_path: Path) -> None:
    reading = of_geometry(tmp_path, "Polygon", [SQUARE[:-1]])
    assert shapes(reading)[0].area == 1
    assert "closed" in reading.warnings[0]


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ('{"type": "FeatureCollection", "features": [', "breaks off"),
        ('{"type": "FeatureCollection", "features": [1,]}', "not valid JSON"),
        ('/* x */ {"type": "FeatureCollection", "features": []}', "not valid JSON"),
        ('{"type": "Point", "coordinates": [NaN, 1]}', "NaN"),
        ('{"type": "Point", "coordinates": [1e400, 1]}', "not a finite number"),
        ("[" * 100_000, "nested too deeply"),
        ('{"type": "Feature", "properties": {"a": ' + "[" * 100_000, "nested too deeply"),
        ("[]", "not an object"),
        ("{}", "None"),
        ('{"type": "featurecollection", "features": []}', "featurecollection"),
        ('{"type": "FeatureCollection"}', "no list of features"),
        ('{"type": "FeatureCollection", "features": []} x', "not valid JSON"),
    ],
)
def test_what_is_not_geojson_is_refused(tmp_path: Path, text: str, reason: str) -> None:
    path = tmp_path / "t.geojson"
    path.write_text(text)
    with pytest.raises(Unreadable, match=reason):
        read(path)


@pytest.mark.parametrize(
    ("content", "warning"),
    [
        (
            {"type": "Feature", "properties": [], "geometry": None},
            "without an object of properties",
        ),
        ({"type": "Feature", "properties": {}}, "without a geometry member"),
        ({**feature(), "id": {}}, "id is neither"),
        ({**feature(), "coordinates": []}, "misplaced member “coordinates”"),
        ({"type": "Point", "coordinates": [2, 2], "bbox": "x"}, "Bounding boxes"),
        ({"type": "Point", "coordinates": [1, 2, 3, 4]}, "more than three numbers"),
    ],
)
def test_what_is_odd_is_said(tmp_path: Path, content: Any, warning: str) -> None:
    assert warning in " ".join(of(tmp_path, content).warnings)


def test_other_encodings_are_read_and_said(tmp_path: Path) -> None:
    for encoding, said in (("utf-16", "UTF-16"), ("latin-1", "cp1252")):
        path = geojson(tmp_path / "t.geojson", collection(feature(a="Café")), encoding)
        reading = read(path)
        assert columns(reading) == {"a": ["Café"]}
        assert said in reading.warnings[0]


def test_half_a_surrogate_pair_is_replaced(tmp_path: Path) -> None:
    path = tmp_path / "t.geojson"
    path.write_text(json.dumps(collection(feature(**{"a\ud800": "x\udc00y", "b": "🏪"}))))
    assert columns(read(path)) == {"a\ufffd": ["x\ufffdy"], "b": ["🏪"]}


def test_an_empty_collection_has_no_rows(tmp_path: Path) -> None:
    (table,) = of(tmp_path, collection()).tables
    assert table.columns.num_rows == len(table.wkb) == 0


def test_columns_unite_over_chunks(tmp_path: Path) -> None:
    features = [feature(a=n) for n in range(20_000)] + [feature(a=0.5), feature(b="x")]
    found = columns(of(tmp_path, collection(*features)))
    assert found["a"][-3:] == [19_999.0, 0.5, None]
    assert found["b"][-2:] == [None, "x"]
