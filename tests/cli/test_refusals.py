"""Bad input: one error line, one remedy line, exit 3, and the project stays as it was."""

import hashlib
import json
import sqlite3
from pathlib import Path

import pytest

from gisapp.cli import main
from gisapp.session.session import Session

SQUARE = {
    "type": "Polygon",
    "coordinates": [
        [[106.87, -6.33], [106.88, -6.33], [106.88, -6.32], [106.87, -6.32], [106.87, -6.33]]
    ],
}


def collection(*features, **more):
    return json.dumps({"type": "FeatureCollection", "features": list(features), **more})


def feature(geometry, **properties):
    return {"type": "Feature", "properties": properties, "geometry": geometry}


@pytest.fixture
def project(tmp_path):
    path = tmp_path / "p.gpkg"
    assert main(["new", str(path)]) == 0
    return path


@pytest.fixture
def refused(project, capsys):
    """Run a command that must be refused; gives what it said."""
    before = hashlib.sha256(project.read_bytes()).hexdigest()

    def run(*command):
        capsys.readouterr()
        assert main([str(word) for word in command]) == 3
        said = capsys.readouterr()
        lines = said.err.splitlines()
        assert [line.split(":")[0] for line in lines] == ["error", "remedy"], said.err
        assert "Traceback" not in said.err
        assert hashlib.sha256(project.read_bytes()).hexdigest() == before
        assert sorted(p.name for p in project.parent.iterdir() if p.name.startswith(".")) == []
        return said.err

    return run


def write(path: Path, text: str) -> Path:
    path.write_text(text, "utf-8")
    return path


def test_a_file_that_is_not_what_it_claims(project, refused, tmp_path):
    for name in ("a.geojson", "a.gpkg", "a.shp", "a.kml", "a.xlsx", "a.fgb"):
        refused("import", project, write(tmp_path / name, "just words"), "--as", "admin")


def test_a_file_that_is_not_there(project, refused, tmp_path):
    assert "nowhere.geojson" in refused(
        "import", project, tmp_path / "nowhere.geojson", "--as", "admin"
    )


def test_an_unknown_column_names_the_nearest(project, refused, tmp_path):
    source = write(tmp_path / "b.csv", "id,lat,lon,jenis_usaha\n1,-6.32,106.87,Warung\n")
    said = refused("import", project, source, "--as", "businesses", "--map", "activity=jenis_usha")
    assert "jenis_usaha" in said


def test_an_unknown_field_names_the_nearest(project, refused, tmp_path):
    source = write(tmp_path / "b.csv", "id,lat,lon,jenis_usaha\n1,-6.32,106.87,Warung\n")
    said = refused("import", project, source, "--as", "businesses", "--map", "activty=jenis_usaha")
    assert "activity" in said


def test_an_empty_layer(project, refused, tmp_path):
    refused("import", project, write(tmp_path / "e.geojson", collection()), "--as", "admin")


def test_a_missing_crs(project, refused, tmp_path):
    source = write(tmp_path / "b.csv", "id,x,y\n1,706811.2,9300143.9\n2,706911.2,9300243.9\n")
    said = refused("import", project, source, "--as", "businesses")
    assert "--crs" in said


def test_a_project_of_a_newer_version(project, capsys):
    with sqlite3.connect(project) as db:
        db.execute("update gisapp_meta set value = '99' where name = 'format_version'")
    db.close()
    for command in (["info"], ["assess"]):
        assert main([*command, str(project)]) == 3
        assert "99" in capsys.readouterr().err


def test_a_directory_that_does_not_exist(capsys, tmp_path):
    assert main(["new", str(tmp_path / "none" / "p.gpkg")]) == 3
    assert capsys.readouterr().err.count("\n") == 2


def test_a_project_is_not_written_over(project, refused):
    refused("new", project)


def test_a_geographic_crs_measures_nothing(tmp_path, capsys):
    assert main(["new", str(tmp_path / "p.gpkg"), "--crs", "EPSG:4326"]) == 3
    assert "EPSG:4326" in capsys.readouterr().err


def test_nothing_to_assess(project, refused):
    refused("assess", project)


def test_a_partner_export_without_a_recipient(project, refused, tmp_path):
    main(
        [
            "import",
            str(project),
            str(write(tmp_path / "a.geojson", collection(feature(SQUARE, code="1", name="A")))),
            "--as",
            "admin",
        ]
    )
    assert main(["export", str(project), str(tmp_path / "m.html"), "--preset", "partner"]) == 3
    assert not (tmp_path / "m.html").exists()


@pytest.mark.parametrize(
    "command",
    [
        ["nonsense"],
        ["sites", "p.gpkg"],
        ["new"],
        ["import", "p.gpkg", "a.csv"],
        ["import", "p.gpkg", "a.csv", "--as", "shops"],
        ["import", "p.gpkg", "a.csv", "--as", "admin", "--map", "nonsense"],
        ["assess", "p.gpkg", "--as-of", "2026-13-01"],
        ["export", "p.gpkg", "m.html"],
        ["export", "p.gpkg", "m.html", "--preset", "everyone"],
    ],
)
def test_wrong_usage_is_exit_2(command, capsys):
    assert main(command) == 2
    assert "Traceback" not in capsys.readouterr().err


def test_json_is_one_object_and_nothing_else(project, tmp_path, capsys):
    source = write(tmp_path / "a.geojson", collection(feature(SQUARE, code="1", name="A")))
    capsys.readouterr()
    assert main(["import", str(project), str(source), "--as", "admin", "--json"]) == 0
    answer = json.loads(capsys.readouterr().out)
    assert answer["rows_read"] == answer["accepted"] == 1
    assert main(["info", str(project), "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["layers"][0]["features"] == 1


def test_nothing_leaves_where_the_ledger_cannot_be_kept(project, tmp_path, capsys):
    square = write(tmp_path / "a.geojson", collection(feature(SQUARE, code="1", name="A")))
    main(["import", str(project), str(square), "--as", "admin"])
    other_window = Session.open(project)
    assert main(["export", str(project), str(tmp_path / "m.html"), "--preset", "internal"]) == 3
    other_window.close()
    assert "Another gisapp is using" in capsys.readouterr().err
    assert not (tmp_path / "m.html").exists()
