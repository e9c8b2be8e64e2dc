"""The options of a picture on the command line, and what becomes of wrong ones."""

import json
import re
from contextlib import closing
from dataclasses import replace

import pytest
from helpers.people import people_project
from helpers.window import KEY, UUID
from PySide6.QtCore import QSize
from PySide6.QtGui import QImage
from PySide6.QtPdf import QPdfDocument

from gisapp.cli import main
from gisapp.cli.pictures import with_layer
from gisapp.io.project_file import load_project, save_project
from gisapp.session.session import Session


@pytest.fixture
def project(tmp_path):
    path = tmp_path / "p.gpkg"
    save_project(replace(people_project(), uuid=UUID, key=KEY), path)
    return path


def export(project, name, *options):
    return main(
        ["export", str(project), str(project.with_name(name)), "--preset", "internal", *options]
    )


def pages(path):
    document = QPdfDocument()
    document.load(str(path))
    count = document.pageCount()
    document.close()
    return count


def test_a_pdf_is_the_map_unless_the_report_is_asked_for(project):
    assert export(project, "map.pdf") == 0
    assert [record.what for record in load_project(project).exports] == ["map"]
    assert pages(project.with_name("map.pdf")) == 1


def test_size_paper_and_resolution_are_kept(project):
    assert export(project, "a.png", "--size", "500x400") == 0
    assert QImage(str(project.with_name("a.png"))).size() == QSize(500, 400)
    assert export(project, "b.png", "--paper", "a3", "--orientation", "landscape",
                  "--dpi", "50") == 0  # fmt: skip
    assert QImage(str(project.with_name("b.png"))).size() == QSize(827, 585)


def test_an_atlas_of_pictures_is_told_file_by_file(project, capsys):
    assert export(project, "map.png", "--dpi", "40", "--json", "--atlas") == 0
    answer = json.loads(capsys.readouterr().out)
    names = [file["file"] for file in answer["files"]]
    assert names[0] == "map-01-overview.png"
    assert len(names) > 1
    assert answer["sha256"] is None
    assert all(project.with_name(name).stat().st_size for name in names)
    assert [record.file for record in load_project(project).exports] == names


def test_one_file_has_its_fingerprint_where_scripts_look_for_it(project, capsys):
    assert export(project, "map.svg", "--json") == 0
    answer = json.loads(capsys.readouterr().out)
    assert answer["files"] == [
        {"file": "map.svg", "sha256": answer["sha256"], "bytes": answer["bytes"]}
    ]


@pytest.mark.parametrize(
    ("name", "options"),
    [
        ("map.svg", ["--size", "800x600"]),
        ("map.pdf", ["--dpi", "300"]),
        ("map.png", ["--dpi", "5"]),
        ("map.png", ["--size", "800by600"]),
        ("map.png", ["--size", "0x10"]),
        ("map.png", ["--size", "800x600", "--paper", "a3"]),
        ("map.png", ["--size", "800x600", "--layout", "sheet"]),
        ("map.png", ["--size", "800x600", "--atlas"]),
        ("map.pdf", ["--layout", "map", "--grid", "lines"]),
        ("map.pdf", ["--layout", "map", "--atlas"]),
        ("map.pdf", ["--grid-unit", "degrees"]),
        ("map.pdf", ["--bounds", "106,-7,107,-6", "--area", "Susukan"]),
        ("map.pdf", ["--bounds", "106,-7,107,-6", "--atlas"]),
        ("map.pdf", ["--bounds", "107,-7,106,-6"]),
        ("map.pdf", ["--bounds", "nan,-7,106,-6"]),
        ("map.pdf", ["--bounds", "1,2,3"]),
        ("map.pdf", ["--scale", "0"]),
        ("map.pdf", ["--paper", "letter"]),
        ("map.html", ["--paper", "a3"]),
        ("rows.csv", ["--atlas"]),
        ("map.pdf", ["--what", "report", "--scale", "5000"]),
    ],
)
def test_options_that_do_not_go_together_are_wrong_usage(project, capsys, name, options):
    assert export(project, name, *options) == 2
    said = capsys.readouterr().err
    assert any(option in said for option in options if option.startswith("--"))
    assert not project.with_name(name).exists()
    assert not load_project(project).exports


@pytest.mark.parametrize(
    ("options", "told"),
    [
        (["--bounds", "107,-6.5,106,-6"], "west is not less than east"),
        (["--bounds", "106,-6,107,-7"], "south is not less than north"),
        (["--bounds", "1,2,3"], "for example 106.86"),
        (["--scale", "1e12"], "from 10 to 1,000,000,000"),
        (["--size", "0x0"], "each side is at least 1 pixel"),
        (["--paper", "a5"], "'a5' is not one of 'a4', 'a3'"),
        (["--lang", "fr"], "'fr' is not one of"),
    ],
)
def test_wrong_usage_is_told_by_what_is_wrong(project, capsys, options, told):
    assert export(project, "map.png", *options) == 2
    said = capsys.readouterr().err
    assert told in said
    assert "Value error" not in said


def test_an_extent_where_nothing_lies_is_refused_and_the_layers_extent_told(project, capsys):
    assert export(project, "map.pdf", "--bounds", "10,10,11,11") == 3
    said = capsys.readouterr().err
    assert "Nothing of the visible layers" in said
    (extent,) = re.findall(r"[\d.]+,-?[\d.]+,[\d.]+,-?[\d.]+", said)
    assert export(project, "map.pdf", "--bounds", extent) == 0


def test_an_export_beside_another_gisapp_says_to_wait(project, capsys):
    with closing(Session.open(project)):
        assert export(project, "map.pdf") == 3
    said = capsys.readouterr().err
    assert "Another gisapp is using" in said
    assert "another name" not in said
    assert not project.with_name("map.pdf").exists()


@pytest.mark.parametrize(
    "options",
    [["--area", "Atlantis"], ["--atlas", "nowhere"], ["--scale", "10", "--atlas"],
     ["--dpi", "1200", "--paper", "a3"]],
)  # fmt: skip
def test_what_cannot_be_served_is_refused_with_a_remedy(project, capsys, options):
    name = "map.png" if "--dpi" in options else "map.pdf"
    assert export(project, name, *options) == 3
    said = capsys.readouterr().err
    assert said.startswith("error: ")
    assert "remedy: " in said


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        (["a", "--atlas"], ["a", "--atlas", "admin"]),
        (["--atlas", "--json"], ["--atlas", "admin", "--json"]),
        (["--atlas", "zoning", "x"], ["--atlas", "zoning", "x"]),
        (["--atlas=zoning"], ["--atlas=zoning"]),
        ([], []),
    ],
)
def test_an_atlas_that_names_no_layer_goes_by_the_administrative_areas(said, meant):
    assert with_layer(said) == meant
