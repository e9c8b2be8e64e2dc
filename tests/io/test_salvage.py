"""A project is verified part by part; what is readable of a damaged one is saved, and counted."""

import contextlib
import json
import os
import random
import shutil
import sqlite3
from dataclasses import replace

import geopandas as gpd
import pandas as pd
import pytest
import shapely
from helpers.projects import assert_same_project
from helpers.small_project import small_project

from gisapp.cli import main
from gisapp.core.errors import GisappError
from gisapp.core.layer import Layer
from gisapp.core.progress import SILENT
from gisapp.io.checking import check_source
from gisapp.io.pages import Pages
from gisapp.io.project_db import is_project
from gisapp.io.project_file import load_project, save_project
from gisapp.io.salvage import salvage_project
from gisapp.io.styles import load_style

PAGE = 4096
ROWS = 3000
# Each takes a second; GISAPP_FUZZ=36 tries as many as were measured.
PAGES = int(os.environ.get("GISAPP_FUZZ", "8"))


def stalls(n):
    shapes = shapely.points(705_000.0 + pd.RangeIndex(n).to_numpy(), 9_300_000.0)
    names = pd.Series([f"Warung {i} " + "x" * (i % 60) for i in range(n)], dtype="str")
    ids = pd.Series([f"S{i}" for i in range(n)], dtype="str")
    frame = gpd.GeoDataFrame({"id": ids, "name": names}, geometry=shapes, crs="EPSG:32748")
    return Layer("sites", "sites", frame, load_style("sites"), title="Stalls")


@pytest.fixture(scope="module")
def project():
    return small_project().with_layer(stalls(ROWS))


@pytest.fixture(scope="module")
def whole(project, tmp_path_factory):
    path = tmp_path_factory.mktemp("whole") / "p.gpkg"
    save_project(project, path)
    return path


@pytest.fixture
def path(whole, tmp_path):
    return shutil.copy(whole, tmp_path / "p.gpkg")


def change(path, *statements):
    with contextlib.closing(sqlite3.connect(path)) as connection, connection:
        for name in ("ST_IsEmpty", "ST_MinX", "ST_MaxX", "ST_MinY", "ST_MaxY"):
            connection.create_function(name, 1, lambda _geometry: 1)  # for the index's triggers
        for statement in statements:
            connection.execute(statement)


def overwrite(path, page, content=b"\xaa" * PAGE):
    with path.open("r+b") as file:
        file.seek((page - 1) * PAGE)
        file.write(content)


def pages_of(path, table):
    """Return the root page of `table` and its leaves, in order."""
    with Pages(path, lambda _done, _total: None) as pages:
        root = pages.schema()[0][table].root
    content = path.read_bytes()[(root - 1) * PAGE : root * PAGE]
    if content[0] == 0x0D:
        return root, [root]
    cells = int.from_bytes(content[3:5])
    at = [int.from_bytes(content[12 + 2 * n : 14 + 2 * n]) for n in range(cells)]
    return root, [int.from_bytes(content[x : x + 4]) for x in at]


def saved(path, tmp_path):
    """Salvage, and return what was told and what the new file holds."""
    before = path.read_bytes()
    told = salvage_project(path, tmp_path / "new.gpkg", SILENT)
    assert path.read_bytes() == before
    report = check_source(tmp_path / "new.gpkg")
    assert report.ok, report.errors
    found = load_project(tmp_path / "new.gpkg")
    for part in told.layers:
        assert part.rows == len(found.layer(part.name).frame) or part.rows == 0
    return told, found


class TestVerified:
    def test_a_whole_one_is_told_part_by_part(self, path, project):
        report = check_source(path)
        assert (report.ok, report.warnings, report.errors) == (True, (), ())
        assert report.driver == "GPKG"
        facts = report.project
        assert facts.key
        assert [(x.name, x.kind, x.rows, x.lost) for x in facts.layers] == [
            (x.name, x.kind, len(x.frame), 0) for x in project.layers
        ]
        assert [x.quarantined for x in facts.layers if x.name == "businesses"] == [1]
        assert [x.name for x in facts.tables] == ["rules"]
        assert report.features == sum(x.rows for x in (*facts.layers, *facts.tables))

    def test_a_plain_geopackage_is_none(self, tmp_path):
        stalls(3).frame.to_file(tmp_path / "data.gpkg", layer="x")
        assert not is_project(tmp_path / "data.gpkg")
        assert check_source(tmp_path / "data.gpkg").project is None

    @pytest.mark.parametrize(
        ("statement", "sentence"),
        [
            ("DELETE FROM rtree_sites_geom WHERE id < 9", "sites: the spatial index does not fit"),
            ("UPDATE sites SET id = 'S1' WHERE fid < 4", "sites: 2 rows have no id or one"),
            ("DELETE FROM gisapp_quarantine", "businesses: of 1 rows not taken in, 0 are kept"),
            ("CREATE TABLE qgis_projects (x)", "left alone: qgis_projects"),
            (
                "UPDATE gisapp_layers SET report = replace(report, 'read\": 5', 'read\": 6')",
                "businesses: the counts of its import do not add up",
            ),
        ],
    )
    def test_what_is_odd_is_a_warning(self, path, statement, sentence):
        change(path, statement)
        report = check_source(path)
        assert report.ok, report.errors
        assert sentence in " ".join(report.warnings)

    @pytest.mark.parametrize(
        ("statement", "sentence"),
        [
            ("DROP TABLE sites", "sites: 0 rows can be read"),
            ("UPDATE sites SET geom = x'4750' WHERE fid = 7", "sites: 1 geometries cannot be read"),
            ("UPDATE gisapp_layers SET style = 'x' WHERE name = 'sites'", "sites: its style"),
            ("UPDATE gisapp_layers SET report = '[]' WHERE name = 'sites'", "its import report"),
            ("UPDATE gisapp_layers SET columns = '' WHERE name = 'sites'", "list of columns"),
            ("UPDATE gisapp_runs SET summary = 'x'", "list of assessments or exports"),
            ("UPDATE gisapp_meta SET value = 'x' WHERE name = 'parameters'", "own values"),
            ("UPDATE gisapp_meta SET value = '' WHERE name = 'format_version'", "format version"),
            ("UPDATE gisapp_meta SET value = 'EPSG:x' WHERE name = 'crs'", "damaged"),
            ("DROP TABLE gisapp_exports", "the ledger of exports"),
            ("DELETE FROM gpkg_contents WHERE table_name = 'sites'", "damaged"),
        ],
    )
    def test_what_keeps_it_from_opening_is_an_error(self, path, statement, sentence):
        change(path, statement)
        report = check_source(path)
        assert not report.ok
        assert sentence in " ".join(report.errors)
        assert "--salvage" in report.remedy
        with pytest.raises(GisappError):
            load_project(path)

    def test_a_view_in_a_layers_place_is_not_run(self, path):
        endless = "WITH RECURSIVE n(fid) AS (SELECT 1 UNION ALL SELECT fid + 1 FROM n)"
        change(path, "DROP TABLE sites", f"CREATE VIEW sites AS {endless} SELECT fid FROM n")
        assert "sites: 0 rows" in " ".join(check_source(path).errors)

    def test_a_geometry_that_kills_its_reader_is_refused(self, path):
        deep = b"GP\x00\x01" + bytes(4) + b"\x01\x07\x00\x00\x00\x01\x00\x00\x00" * 200_000
        change(path, f"UPDATE sites SET geom = x'{deep.hex()}' WHERE fid = 7")
        report = check_source(path)
        assert not report.ok
        assert "makes the reader fail" in report.errors[0]


class TestSalvaged:
    def test_a_whole_one_is_saved_as_it_is(self, path, project, tmp_path):
        told, found = saved(path, tmp_path)
        assert {x.lost for x in (*told.layers, *told.tables)} == {0}
        assert_same_project(found, project)

    def test_a_damaged_page_costs_its_own_rows_and_they_are_counted(self, path, project, tmp_path):
        _root, leaves = pages_of(path, "sites")
        overwrite(path, leaves[len(leaves) // 2])
        assert "are lost" in " ".join(check_source(path).errors)
        told, found = saved(path, tmp_path)
        (sites,) = (x for x in told.layers if x.name == "sites")
        assert 0 < sites.lost < 100
        assert sites.rows == ROWS - sites.lost
        kept = found.layer("sites").frame
        wanted = project.layer("sites").frame.set_index("id").loc[kept["id"]].reset_index()
        pd.testing.assert_frame_equal(pd.DataFrame(kept), pd.DataFrame(wanted)[list(kept)])
        assert_same_project(found, project.with_layer(found.layer("sites")))

    def test_a_damaged_root_costs_its_layer_and_no_other(self, path, project, tmp_path):
        overwrite(path, pages_of(path, "sites")[0])
        told, found = saved(path, tmp_path)
        (sites,) = (x for x in told.layers if x.name == "sites")
        assert (sites.rows, sites.lost) == (0, ROWS)
        empty = found.layer("sites")
        assert empty.title == "Stalls"
        assert_same_project(found, project.with_layer(empty))

    def test_a_layer_that_the_file_no_longer_names_is_found_by_its_rows(
        self, path, project, tmp_path
    ):
        content = path.read_bytes()
        at = content.index(b'CREATE TABLE "sites"')
        overwrite(path, at // PAGE + 1)
        told, found = saved(path, tmp_path)
        assert {x.name: x.rows for x in told.layers} == {
            x.name: len(x.frame) for x in project.layers
        }
        assert_same_project(found, project)

    def test_without_the_list_of_layers_they_look_like_their_kind(self, path, project, tmp_path):
        overwrite(path, pages_of(path, "gisapp_layers")[0])
        told, found = saved(path, tmp_path)
        assert {x.name: x.kind for x in found.layers} == {x.name: x.kind for x in project.layers}
        assert {x.replaced for x in told.layers} == {("entry",)}
        assert len(found.layer("sites").frame) == ROWS
        assert found.layer("zoning").style == load_style("zoning")
        assert found.tables["rules"].frame.equals(project.tables["rules"].frame)
        assert (found.title, len(found.runs), len(found.exports)) == ("Ciracas", 1, 1)

    def test_what_makes_no_sense_is_replaced_and_told(self, path, project, tmp_path):
        change(
            path,
            "UPDATE gisapp_layers SET style = 'x', report = '[]' WHERE name = 'businesses'",
            "UPDATE gisapp_meta SET value = 'x' WHERE name = 'view'",
            "UPDATE gisapp_runs SET summary = 'x'",
            "UPDATE sites SET geom = x'4750' WHERE fid = 7",
        )
        told, found = saved(path, tmp_path)
        parts = {x.name: x for x in told.layers}
        assert set(parts["businesses"].replaced) == {"style", "report"}
        assert parts["sites"].unreadable_geometries == 1
        assert (found.view, found.runs) == (None, ())
        assert found.exports == project.exports
        assert found.layer("businesses").report is None
        assert len(found.layer("businesses").quarantine) == 1
        assert found.layer("sites").frame.geometry.isna().sum() == 1

    def test_it_is_the_same_project_with_the_same_secret(self, path, project, tmp_path):
        overwrite(path, pages_of(path, "zoning")[0])
        _told, found = saved(path, tmp_path)
        assert (found.uuid, found.key) == (project.uuid, project.key)

    def test_deleted_rows_do_not_come_back(self, path, tmp_path):
        fewer = stalls(ROWS - 1500)
        loaded = load_project(path)
        save_project(loaded.with_layer(fewer), path, loaded)
        _told, found = saved(path, tmp_path)
        assert len(found.layer("sites").frame) == ROWS - 1500
        assert b"Warung 2999" not in (tmp_path / "new.gpkg").read_bytes()

    @pytest.mark.parametrize("tenths", range(1, 10))
    def test_cut_off_at_any_tenth(self, path, tmp_path, tenths):
        content = path.read_bytes()
        path.write_bytes(content[: len(content) * tenths // 10])
        checked = check_source(path)
        assert not checked.ok
        assert tenths < 3 or "--salvage" in checked.remedy
        with pytest.raises(GisappError) as refused:
            load_project(path)
        assert refused.value.remedy
        if tenths == 1:  # the tables' own list ends there
            with pytest.raises(GisappError, match="Nothing is left"):
                saved(path, tmp_path)
            return
        _told, found = saved(path, tmp_path)
        assert sum(len(x.frame) for x in found.layers) > ROWS * (tenths - 3) / 10

    def test_one_after_another_of_some_pages_overwritten(self, whole, tmp_path):
        """Integrity is refused every time, and never is more lost than a page can hold."""
        content = whole.read_bytes()
        chance = random.Random(36)
        survived = 0
        for n in range(PAGES):
            path = tmp_path / f"{n}.gpkg"
            path.write_bytes(content)
            overwrite(path, chance.randrange(1, len(content) // PAGE), chance.randbytes(PAGE))
            assert not check_source(path).ok
            with contextlib.suppress(GisappError):
                told = salvage_project(path, tmp_path / f"{n}-new.gpkg", SILENT)
                survived += sum(x.rows for x in told.layers) >= ROWS - 100
        assert survived >= PAGES - 1 - PAGES // 36


class TestRefused:
    def test_nothing_is_written_over(self, path, tmp_path):
        (tmp_path / "new.gpkg").write_text("mine")
        with pytest.raises(GisappError, match="exists already"):
            salvage_project(path, tmp_path / "new.gpkg", SILENT)
        assert (tmp_path / "new.gpkg").read_text() == "mine"

    def test_nothing_is_left(self, tmp_path):
        path = tmp_path / "p.gpkg"
        path.write_bytes(b"SQLite format 3\x00" + bytes(8000))
        with pytest.raises(GisappError, match="nothing in it can be read") as refused:
            salvage_project(path, tmp_path / "new.gpkg", SILENT)
        assert "backup" in refused.value.remedy
        assert [x.name for x in tmp_path.iterdir()] == ["p.gpkg"]

    def test_a_newer_format_is_not_guessed_at(self, path, tmp_path):
        change(path, "UPDATE gisapp_meta SET value = '99' WHERE name = 'format_version'")
        with pytest.raises(GisappError, match="99"):
            salvage_project(path, tmp_path / "new.gpkg", SILENT)


def test_the_command_says_what_was_saved_and_what_is_lost(path, tmp_path, capsys):
    overwrite(path, pages_of(path, "zoning")[0])
    assert main(["check", str(path), "--json"]) == 3
    assert json.loads(capsys.readouterr().out)["project"]["layers"][-1]["lost"] == 2
    assert main(["check", str(path), "--salvage", str(tmp_path / "new.gpkg"), "--json"]) == 0
    answer = json.loads(capsys.readouterr().out)
    assert answer["layers"][-1] == {
        "name": "zoning",
        "kind": "zoning",
        "rows": 0,
        "lost": 2,
        "unreadable_geometries": 0,
        "replaced": [],
    }
    assert main(["check", str(tmp_path / "new.gpkg")]) == 0
    assert main(["check", str(path), "--salvage", str(tmp_path / "new.gpkg")]) == 3
    assert replace(load_project(tmp_path / "new.gpkg"), key="").title == "Ciracas"
