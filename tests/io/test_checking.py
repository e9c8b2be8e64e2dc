"""What `check` answers: layers, counts, and what is wrong in plain sentences."""

from __future__ import annotations

import subprocess
import sys
from dataclasses import asdict
from pathlib import Path

import pytest
import shapely
from helpers import foreign
from helpers.foreign import STALLS, collection, feature, geojson, workbook

from gisapp.io.checking import CheckReport, check_source

ROOT = Path(__file__).parents[2]
CORPUS = ROOT / "../shared/corpus"


def check(tmp_path: Path, name: str, content: str) -> CheckReport:
    path = tmp_path / name
    path.write_text(content, encoding="utf-8")
    return check_source(path)


def said(report: CheckReport) -> str:
    return " ".join(report.warnings)


def test_the_report_has_the_keys_of_the_contract(tmp_path: Path) -> None:
    points = [feature(p, name=n) for n, p in zip("abc", STALLS, strict=True)]
    report = check_source(geojson(tmp_path / "stalls.geojson", collection(*points)))
    assert asdict(report) == {
        "ok": True,
        "driver": "GeoJSON",
        "layers": (
            {
                "name": "stalls",
                "geometry": "Point",
                "features": 3,
                "crs": "EPSG:4326",
                "columns": ("name",),
                "kind": "other",
                "mapping": {"name": "name"},
                "suggestions": {},
                "encoding": "",
                "separator": "",
                "decimal": "",
            },
        ),
        "features": 3,
        "warnings": (),
        "errors": (),
        "remedy": "",
        "project": None,
    }


def test_a_refused_file_is_an_answer(tmp_path: Path) -> None:
    report = check(tmp_path, "a.geojson", "hello")
    assert not report.ok
    assert len(report.errors) == 1
    assert report.remedy
    assert report.features == 0


@pytest.mark.parametrize(
    ("header", "row", "sentence"),
    [
        ("name,lat,lon", "a,-6.3,106.8", "read from lon, lat"),
        ("name,lat,lon", "a,,", "have no geometry"),
        ("name,lat,lon", "a,abc,106.8", "coordinates cannot be read"),
        ("name,lat,lon", "a,0,0", "lie at 0, 0"),
        ("name,lat,lon", "a,106.8,-6.2", "look swapped"),
        ("name,lat,lon", "a,-91,36", "look swapped|beyond"),
        ("name,x,y", "a,706000,9299000", "no coordinate system"),
        ("name,_home_latitude,_home_longitude,_shop_latitude,_shop_longitude",
         "a,-6.2,106.8,-6.3,106.9", "several places in a row"),
        ("name,wkt", 'a,"CURVEPOLYGON ((0 0, 1 1, 1 0, 0 0))"', "coordinates"),
        ("name,value", "a,b", "No coordinates were found"),
    ],
)  # fmt: skip
def test_what_is_odd_about_a_tables_places_is_said(
    tmp_path: Path, header: str, row: str, sentence: str
) -> None:
    report = check(tmp_path, "t.csv", f"{header}\n{row}\n")
    assert report.ok
    assert report.features == 1
    assert any(part in said(report) for part in sentence.split("|"))


SQUARE = [[0, 0], [1, 0], [1, 1], [0, 1], [0, 0]]


@pytest.mark.parametrize(
    ("geometry", "sentence"),
    [
        (None, "1 of 1 features have no geometry"),
        ({"type": "Point", "coordinates": []}, "empty geometry"),
        ({"type": "Point", "coordinates": [-6.2, 106.8]}, "look swapped"),
        ({"type": "Point", "coordinates": [706000, 9299000]}, "beyond"),
        ({"type": "Polygon", "coordinates": [[[0, 0], [1, 1], [1, 0], [0, 1], [0, 0]]]}, "invalid"),
        ({"type": "Polygon", "coordinates": [SQUARE[::-1]]}, "right-hand rule"),
        (
            {"type": "Polygon", "coordinates": [[[179, 0], [-179, 0], [-179, 1], [179, 0]]]},
            "more than 180 degrees",
        ),
        ({"type": "GeometryCollection", "geometries": []}, "empty"),
    ],
)
def test_what_is_odd_about_geometries_is_said(tmp_path: Path, geometry, sentence: str) -> None:
    odd = {"type": "Feature", "properties": {}, "geometry": geometry}
    assert sentence in said(check_source(geojson(tmp_path / "t.geojson", collection(odd))))


def test_endless_coordinates_are_told(tmp_path: Path) -> None:
    lines = [shapely.LineString([(1e300, 1), (2, 2)]), shapely.LineString([(1, 1), (2, 2)])]
    path = foreign.vector(tmp_path / "t.gpkg", "GPKG", names=("a", "b"), geometries=lines)
    assert "1 of 2 geometries have endless coordinates" in said(check_source(path))


def test_sound_geometries_draw_no_remark(tmp_path: Path) -> None:
    polygon = {**feature(id=1), "geometry": {"type": "Polygon", "coordinates": [SQUARE]}}
    report = check_source(geojson(tmp_path / "t.geojson", collection(polygon)))
    assert report.warnings == ()


def test_mixtures_repetitions_and_mojibake_are_said(tmp_path: Path) -> None:
    line = {"type": "LineString", "coordinates": [[0, 0], [1, 1]]}
    features = [feature(id=1, name="CafÃ©"), feature(id=1, name="CafÃ©"), feature(id=2, name="b")]
    features.append({**feature(id=3, name="c"), "geometry": line})
    report = check_source(geojson(tmp_path / "t.geojson", collection(*features)))
    for sentence in ("mixes", "“id” stand more than once", "repeat another", "wrongly decoded"):
        assert sentence in said(report)
    assert report.layers[0].geometry == "Unknown"


def test_several_layers_are_named_and_counted(tmp_path: Path) -> None:
    path = foreign.vector(tmp_path / "two.gpkg", "GPKG", "stalls")
    foreign.vector(path, "GPKG", "homes")
    report = check_source(path)
    assert [(layer.name, layer.features) for layer in report.layers] == [
        ("stalls", 3),
        ("homes", 3),
    ]
    assert report.features == 6
    assert "stalls, homes" in said(report)


def test_sheets_that_belong_to_one_with_places_are_not_features(tmp_path: Path) -> None:
    path = workbook(
        tmp_path / "kobo.xlsx",
        {
            "main": [["_index", "_gps_latitude", "_gps_longitude"], [1, -6.2, 106.8]],
            "members": [["_index", "_parent_index"], [1, 1], [2, 1]],
        },
    )
    report = check_source(path)
    assert [layer.geometry for layer in report.layers] == ["Point", "table"]
    assert report.features == 1


def test_rows_that_cannot_be_read_count_and_are_told(tmp_path: Path) -> None:
    report = check(tmp_path, "t.csv", "name,lat,lon\na,-6.3,106.8,x\nb,-6.3,106.8\n")
    assert report.features == 2
    assert "row 1, 4 cells under 3 columns" in said(report)


def test_names_cut_by_a_shapefile_are_told(tmp_path: Path) -> None:
    path = foreign.vector(tmp_path / "t.shp", "ESRI Shapefile", column="jenis_usah")
    assert "may be cut: jenis_usah" in said(check_source(path))


@pytest.mark.skipif(not CORPUS.exists(), reason="../shared/corpus is not here")
@pytest.mark.parametrize("part", ["generated/attack", "generated/gpkg", "generated/geojson"])
def test_the_corpus_of_attacks_and_oddities_is_met(part: str) -> None:
    command = [sys.executable, ROOT / "benchmarks/corpus.py", CORPUS, "--only", part]
    done = subprocess.run(command, capture_output=True, text=True, timeout=100, check=False)
    assert done.returncode == 0, done.stdout
    assert "(100.0%)" in done.stdout, done.stdout
    assert "faults: none" in done.stdout
