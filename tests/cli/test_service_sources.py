"""SOURCE as the address of a service, from the command line."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from helpers.servers import StubServer, stub_server
from helpers.servers_arcgis import SERVICE, ArcgisStub
from helpers.servers_kobo import TOKEN, UID, KoboStub

from gisapp.cli import main
from gisapp.io.project_file import load_project


@pytest.fixture
def arcgis() -> Iterator[StubServer]:
    with stub_server(ArcgisStub()) as server:
        yield server


@pytest.fixture
def project(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> str:
    path = str(tmp_path / "p.gpkg")
    assert run("new", path) == 0
    capsys.readouterr()
    return path


def run(*arguments: str) -> int:
    return main(list(arguments))


def test_check_lists_what_a_service_offers(
    arcgis: StubServer, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run("check", arcgis.url + SERVICE, "--json") == 0
    told = json.loads(capsys.readouterr().out)
    assert (told["ok"], told["driver"]) == (True, "ArcGIS FeatureServer")
    (layer,) = told["layers"]
    assert layer["name"] == "Rencana Pola Ruang"
    assert layer["features"] is None
    assert "IZN" in layer["columns"]
    assert run("check", arcgis.url + SERVICE) == 0
    assert "–" in capsys.readouterr().out


def test_an_address_that_does_not_answer_is_an_answer_of_check(
    arcgis: StubServer, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run("check", f"{arcgis.url}{SERVICE}/9", "--json") == 3
    told = json.loads(capsys.readouterr().out)
    assert not told["ok"]
    assert "Invalid URL" in told["errors"][0]


def test_a_layer_is_imported_with_its_address_as_source(
    arcgis: StubServer, project: str, capsys: pytest.CaptureFixture[str]
) -> None:
    address = arcgis.url + SERVICE
    layer = ["--sheet", "Rencana Pola Ruang", "--bounds", "106.8,-6.4,106.9,-6.2"]
    assert run("import", project, address, "--as", "zoning", *layer, "--json") == 0
    assert json.loads(capsys.readouterr().out)["accepted"] == 7
    assert any(x.get("geometry") == "106.8,-6.4,106.9,-6.2" for x in arcgis.asked)
    (zoning,) = load_project(Path(project)).of_kind("zoning")
    assert zoning.report is not None
    assert zoning.report.source == f"{address}/0"
    assert zoning.frame["IZN"].iloc[0] == "Warung Makan; Pasar Rakyat"


def test_a_survey_is_imported_and_its_repeat_group_linked(
    project: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    with stub_server(KoboStub()) as server:
        host = server.url.partition("//")[2]
        monkeypatch.setenv("GISAPP_KOBO_TOKEN", f"{host}={TOKEN}")
        address = f"{server.url}/api/v2/assets/{UID}/"
        main_sheet = ["--sheet", "Survei Ciracas", "--map", "id=_uuid"]
        assert run("import", project, address, "--as", "households", *main_sheet) == 0
        columns = ["--map", "business_id=id_usaha", "--map", "income_share=bagian"]
        assert run("link", project, "operates", address, "--sheet", "usaha", *columns) == 0
    frame = load_project(Path(project)).tables["operates"].frame
    assert frame["household_id"].tolist()[:3] == ["uuid-1", "uuid-2", "uuid-2"]
    assert TOKEN not in capsys.readouterr().out


def test_a_refusal_leaves_the_project_as_it_was(
    arcgis: StubServer, project: str, capsys: pytest.CaptureFixture[str]
) -> None:
    before = Path(project).read_bytes()
    assert run("import", project, f"{arcgis.url}/nothing", "--as", "zoning") == 3
    told = capsys.readouterr().err.splitlines()
    assert [x.partition(":")[0] for x in told] == ["error", "remedy"]
    assert Path(project).read_bytes() == before


def test_a_file_cannot_be_asked_for_a_part(project: str, tmp_path: Path) -> None:
    file = tmp_path / "x.csv"
    file.write_text("lat,lon\n-6.3,106.9\n", "utf-8")
    assert run("import", project, str(file), "--as", "other", "--bounds", "1,2,3,4") == 2
