"""A save changes only what is dirty and either happens whole or not at all."""

import contextlib
import os
import sqlite3
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import geopandas as gpd
import pandas as pd
import pytest
import shapely
from helpers.projects import assert_same_project
from pyogrio.errors import DataSourceError

from gisapp.core.errors import GisappError
from gisapp.core.layer import Layer, Table
from gisapp.io import project_file
from gisapp.io.keys import find_key
from gisapp.io.project_file import create_project, load_project, save_project
from gisapp.io.styles import load_style

CRS = "EPSG:32748"


def frame_of(n, **columns):
    ids = pd.Series([f"b{i}" for i in range(n)], dtype="str")
    points = shapely.points(700_000.0 + pd.RangeIndex(n).to_numpy(), 9_300_000.0)
    return gpd.GeoDataFrame({"id": ids, **columns}, geometry=points, crs=CRS)


def a_layer(name, n=3):
    return Layer(name, "businesses", frame_of(n), load_style("businesses"))


def a_project():
    table = Table("rules", "rules", pd.DataFrame({"subzone": pd.Series(["R-1"], dtype="str")}))
    project = create_project().with_layer(a_layer("one")).with_layer(a_layer("two"))
    return project.with_table(table)


@pytest.fixture
def path(tmp_path):
    return tmp_path / "p.gpkg"


@pytest.fixture
def saved(path):
    project = a_project()
    save_project(project, path)
    return project


def query(path, sql):
    with contextlib.closing(sqlite3.connect(path)) as connection:
        return connection.execute(sql).fetchall()


def names_in(folder):
    return [x.name for x in folder.iterdir()]


def test_only_frames_that_differ_are_written(path, saved, monkeypatch):
    written = []
    write_frame = project_file.write_frame
    monkeypatch.setattr(
        project_file, "write_frame", lambda *args: (written.append(args[1]), write_frame(*args))
    )
    edited = replace(saved.with_layer(a_layer("two", 5)), title="Ciracas")
    save_project(edited, path, saved)
    assert written == ["two"]
    assert_same_project(load_project(path), edited)


def test_what_is_removed_is_gone_from_the_file_with_its_index(path, saved):
    save_project(saved.without_layer("one"), path, saved)
    tables = {name for (name,) in query(path, "SELECT name FROM sqlite_master")}
    assert not {x for x in tables if "one" in x}
    assert query(path, "SELECT table_name FROM gpkg_contents WHERE table_name = 'one'") == []


def test_every_layer_has_a_spatial_index(path, saved):
    for layer in saved.layers:
        (indexed,) = query(path, f'SELECT count(*) FROM "rtree_{layer.name}_geom"')
        assert indexed == (len(layer.frame),)


def test_relations_are_registered_as_attributes(path, saved):
    kinds = dict(query(path, "SELECT table_name, data_type FROM gpkg_contents"))
    assert kinds == {"layer_styles": "attributes", "one": "features", "two": "features",
                     "rules": "attributes"}  # fmt: skip


def test_what_another_program_keeps_in_the_file_stays(path, saved):
    with contextlib.closing(sqlite3.connect(path)) as connection, connection:
        connection.execute("CREATE TABLE qgis_projects (name TEXT, content BLOB)")
        connection.execute("INSERT INTO qgis_projects VALUES ('mine', x'00')")
    save_project(replace(saved, title="new"), path, saved)
    assert query(path, "SELECT name FROM qgis_projects") == [("mine",)]


def test_rows_and_columns_added_by_another_program_are_read(path, saved):
    with contextlib.closing(sqlite3.connect(path)) as connection:
        for name in ("ST_IsEmpty", "ST_MinX", "ST_MaxX", "ST_MinY", "ST_MaxY"):
            connection.create_function(name, 1, lambda _geometry: 0)
        connection.execute('ALTER TABLE "one" ADD COLUMN remark TEXT')
        connection.execute("INSERT INTO \"one\" (remark) VALUES ('by hand')")
        connection.execute("INSERT INTO \"one\" (id) VALUES ('b0')")
        connection.commit()
    frame = load_project(path).layer("one").frame
    assert list(frame["id"]) == ["b0", "b1", "b2", "added-1", "added-2"]
    assert list(frame["remark"].dropna()) == ["by hand"]


def test_the_secret_lies_outside_the_file(path, saved):
    assert find_key(saved.uuid) == saved.key
    assert bytes.fromhex(saved.key) not in path.read_bytes()
    assert saved.key.encode() not in path.read_bytes()


def test_a_project_from_elsewhere_gets_a_secret_of_its_own(path, saved, monkeypatch, tmp_path):
    monkeypatch.setenv("GISAPP_HOME", str(tmp_path / "elsewhere"))
    loaded = load_project(path)
    assert loaded.uuid == saved.uuid
    assert loaded.key not in ("", saved.key)


@pytest.mark.parametrize("name", ["a!b.gpkg", "a;b.gpkg", "a\nb.gpkg", "é 😀.gpkg", "zip:x", "p"])
def test_any_file_name_will_do(tmp_path, name):
    project = a_project()
    save_project(project, tmp_path / name)
    assert names_in(tmp_path) == [name]
    assert_same_project(load_project(tmp_path / name), project)


def test_nul_characters_are_left_out_and_nothing_else(path):
    frame = frame_of(1, remark=pd.Series(["before\0after"], dtype="str"))
    layer = Layer("one", "other", frame, load_style("other"))
    save_project(create_project().with_layer(layer), path)
    assert list(load_project(path).layer("one").frame["remark"]) == ["beforeafter"]


class TestRefused:
    """One error with a remedy, and the file is what it was."""

    @pytest.fixture(autouse=True)
    def _unchanged(self, path, saved):
        before = path.read_bytes()
        yield
        assert path.read_bytes() == before
        assert names_in(path.parent) == [path.name]

    def edited(self, saved):
        return saved.with_layer(a_layer("three"))

    @pytest.mark.parametrize("lock", ["EXCLUSIVE", "IMMEDIATE"])
    def test_while_another_program_has_it(self, path, saved, lock):
        program = (
            "import sqlite3, sys; c = sqlite3.connect(sys.argv[1], isolation_level=None);"
            f"c.execute('BEGIN {lock}'); print('held', flush=True); sys.stdin.read()"
        )
        with subprocess.Popen(
            [sys.executable, "-c", program, str(path)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
        ) as other:
            other.stdout.readline()
            with pytest.raises(GisappError, match="in use by another program"):
                save_project(self.edited(saved), path, saved)
            other.communicate()

    @pytest.mark.parametrize(
        ("name", "error"),
        [
            ("create_geopackage", OSError(28, "No space left on device")),
            ("write_frame", DataSourceError("sqlite3_exec(COMMIT) failed: disk is full")),
            ("write_book", sqlite3.OperationalError("database or disk is full")),
        ],
    )
    def test_a_full_disk(self, path, saved, error, name, monkeypatch):
        def fail(*_args):
            raise error

        monkeypatch.setattr(project_file, name, fail)
        with pytest.raises(GisappError, match=r"could not be saved: .*the disk is full"):
            save_project(self.edited(saved), path)

    def test_another_project_in_its_place(self, path, saved):
        other = create_project()
        with pytest.raises(GisappError, match="holds another project by now"):
            save_project(self.edited(other), path, other)

    def test_rows_that_did_not_arrive(self, path, saved, monkeypatch):
        write_frame = project_file.write_frame
        monkeypatch.setattr(
            project_file,
            "write_frame",
            lambda path, table, frame, *args: write_frame(path, table, frame.iloc[:1], *args),
        )
        with pytest.raises(GisappError, match="three was not written whole"):
            save_project(self.edited(saved), path, saved)

    def test_an_interrupted_save(self, path, saved, monkeypatch):
        def write_styles(*_args):
            raise KeyboardInterrupt

        monkeypatch.setattr(project_file, "write_styles", write_styles)
        with pytest.raises(KeyboardInterrupt):
            save_project(self.edited(saved), path, saved)


def test_a_folder_that_is_not_there(tmp_path):
    with pytest.raises(GisappError, match="cannot be written"):
        save_project(a_project(), tmp_path / "no" / "p.gpkg")


@pytest.mark.skipif(os.name == "nt" or os.geteuid() == 0, reason="permissions do not bind root")
def test_a_folder_that_may_not_be_written(tmp_path):
    tmp_path.chmod(0o500)
    with pytest.raises(GisappError, match="cannot be written"):
        save_project(a_project(), tmp_path / "p.gpkg")
    tmp_path.chmod(0o700)


def test_a_file_that_is_no_project_is_never_overwritten(tmp_path):
    for name, content in (("photo.jpg", b"\xff\xd8"), ("empty.gpkg", b"")):
        path = tmp_path / name
        path.write_bytes(content)
        with pytest.raises(GisappError, match="not a gisapp project"):
            save_project(a_project(), path)
        assert path.read_bytes() == content


def test_a_write_ahead_log_left_by_another_program_is_kept(path, saved):
    # QGIS keeps a project in WAL mode; killed, it leaves the log behind.
    program = (
        "import sqlite3, sys, os; c = sqlite3.connect(sys.argv[1], isolation_level=None);"
        "c.execute('PRAGMA journal_mode=WAL'); c.execute('PRAGMA wal_autocheckpoint=0');"
        "c.execute('CREATE TABLE theirs (x)'); c.execute('INSERT INTO theirs VALUES (7)');"
        "os._exit(0)"
    )
    subprocess.run([sys.executable, "-c", program, str(path)], check=True)
    assert Path(f"{path}-wal").stat().st_size > 0
    edited = saved.with_layer(a_layer("three"))
    save_project(edited, path, saved)
    assert query(path, "SELECT x FROM theirs") == [(7,)]
    assert names_in(path.parent) == [path.name]
    assert_same_project(load_project(path), edited)


@pytest.mark.parametrize("crs", ["EPSG:4326", "EPSG:4978", "EPSG:2263", "EPSG:0", "nonsense", ""])
def test_a_project_measures_in_metres(crs):
    with pytest.raises(GisappError) as refused:
        create_project(crs)
    assert "EPSG:32748" in refused.value.remedy


@pytest.mark.parametrize(("crs", "name"), [("epsg:32748", "EPSG:32748"), ("23834", "EPSG:23834")])
def test_a_crs_is_called_by_its_code(crs, name):
    assert create_project(crs).crs == name


def test_a_crs_without_a_code_is_kept(path):
    project = create_project("+proj=tmerc +lon_0=106.5 +datum=WGS84 +units=m")
    layer = Layer("one", "other", frame_of(2).set_crs(project.crs, allow_override=True),
                  load_style("other"))  # fmt: skip
    project = project.with_layer(layer)
    save_project(project, path)
    assert_same_project(load_project(path), project)


@pytest.mark.parametrize("n", [3, 5000])
def test_a_record_that_was_taken_out_is_in_no_byte_of_the_file(path, n):
    """Also not in pages that a deleted table leaves behind, nor beside the file."""
    marker = "NIK-3175091234567890"
    names = pd.Series([marker, *["Warung"] * (n - 1)], dtype="str")
    layer = replace(a_layer("stalls"), frame=frame_of(n, name=names))
    project = create_project().with_layer(layer).with_layer(a_layer("other", n))
    save_project(project, path)
    assert marker.encode() in path.read_bytes()
    without = layer.frame[1:].reset_index(drop=True)
    kept = project.with_layer(replace(layer, frame=without))
    save_project(kept, path, project)
    left = b"".join(x.read_bytes() for x in path.parent.rglob("*") if x.is_file())
    assert marker.encode() not in left
    assert len(load_project(path).layer("stalls").frame) == n - 1


def test_a_file_shrinks_when_a_layer_is_taken_out(path):
    big = replace(a_layer("big"), frame=frame_of(20_000))
    project = create_project().with_layer(big).with_layer(a_layer("one"))
    save_project(project, path)
    before = path.stat().st_size
    save_project(project.without_layer("big"), path, project)
    assert path.stat().st_size < before / 2


@pytest.mark.skipif(os.name == "nt", reason="Windows has no such permissions")
def test_who_may_read_it_stays_as_the_owner_chose(path, saved):
    path.chmod(0o640)
    save_project(replace(saved, title="new"), path, saved)
    assert path.stat().st_mode & 0o777 == 0o640
