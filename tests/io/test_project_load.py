"""What is no project, newer or damaged is refused with a remedy, whatever it is."""

import contextlib
import shutil
import sqlite3

import pytest
from helpers.projects import assert_same_project
from helpers.small_project import small_project

from gisapp.core.errors import GisappError
from gisapp.core.project import FORMAT_VERSION
from gisapp.io.project_db import plain_damage
from gisapp.io.project_file import load_project, save_project
from gisapp.io.project_info import project_info


@pytest.fixture
def path(tmp_path):
    path = tmp_path / "p.gpkg"
    save_project(small_project(), path)
    return path


def change(path, *statements):
    with contextlib.closing(sqlite3.connect(path)) as connection:
        for name in ("ST_IsEmpty", "ST_MinX", "ST_MaxX", "ST_MinY", "ST_MaxY"):
            connection.create_function(name, 1, lambda _geometry: 1)  # for the index's triggers
        for statement in statements:
            connection.execute(statement)
        connection.commit()


def both_refuse(path, message):
    with pytest.raises(GisappError, match=message) as refused:
        load_project(path)
    assert refused.value.remedy
    with pytest.raises(GisappError, match=message):
        project_info(path)
    return refused.value


def test_a_file_that_is_not_there(tmp_path):
    both_refuse(tmp_path / "no.gpkg", "cannot be read: it does not exist")


def test_a_folder(tmp_path):
    both_refuse(tmp_path, "cannot be read: it is a folder")


@pytest.mark.parametrize(
    "content",
    [b"", b"<OGRVRTDataSource/>", b"SQLite format 3", b"PK\x03\x04", b'{"type": "GDALG"}'],
)
def test_something_else_under_that_name(tmp_path, content):
    path = tmp_path / "p.gpkg"
    path.write_bytes(content)
    both_refuse(path, "is not a gisapp project")


def test_a_geopackage_that_is_no_project(tmp_path):
    small_project().layers[0].frame.to_file(tmp_path / "data.gpkg", layer="x")
    both_refuse(tmp_path / "data.gpkg", "is not a gisapp project")


def test_a_newer_format_names_the_version_to_get(path):
    change(
        path,
        f"UPDATE gisapp_meta SET value = '{FORMAT_VERSION + 1}' WHERE name = 'format_version'",
        "UPDATE gisapp_meta SET value = '9.9.0' WHERE name = 'program_version'",
        "DROP TABLE gisapp_runs",
    )
    error = both_refuse(path, f"has project format {FORMAT_VERSION + 1}")
    assert "9.9.0" in error.remedy


@pytest.mark.parametrize(
    "statement",
    [
        "DROP TABLE gisapp_layers",
        "DROP TABLE businesses",
        "UPDATE gisapp_meta SET value = 'x' WHERE name = 'format_version'",
    ],
)
def test_a_table_that_is_missing(path, statement):
    change(path, statement)
    both_refuse(path, "is damaged")


@pytest.mark.parametrize(
    "statement",
    [
        "DELETE FROM gisapp_meta WHERE name = 'crs'",
        "UPDATE gisapp_meta SET value = 'x' WHERE name = 'uuid'",
        "UPDATE gisapp_meta SET value = '../../x' WHERE name = 'uuid'",
        "UPDATE gisapp_meta SET value = '{}x' WHERE name = 'view'",
        "UPDATE gisapp_layers SET columns = '[[\"id\"]]'",
        'UPDATE gisapp_layers SET columns = \'[["id", "id", "datetime64[ns]"]]\'',
        "UPDATE gisapp_layers SET report = '{}'",
        "UPDATE gisapp_runs SET summary = 'x'",
        "UPDATE businesses SET geom = x'4750'",
        "ALTER TABLE businesses DROP COLUMN id",
        "DELETE FROM gpkg_contents WHERE table_name = 'businesses'",
    ],
)
def test_a_value_that_makes_no_sense(path, statement):
    change(path, statement)
    with pytest.raises(GisappError, match="is damaged"):
        load_project(path)


def test_a_view_in_a_layers_place_is_not_read(path):
    # One that recurses without end would hang its reader.
    endless = "WITH RECURSIVE n(fid) AS (SELECT 1 UNION ALL SELECT fid + 1 FROM n)"
    change(
        path,
        "ALTER TABLE businesses RENAME TO was",
        f"CREATE VIEW businesses AS {endless} SELECT fid FROM n",
    )
    both_refuse(path, "the table businesses is missing")


def test_every_damaged_page_is_noticed(path, tmp_path):
    content = path.read_bytes()
    page = 4096
    refused = 0
    places = range(page, len(content), 7 * page)
    for n, at in enumerate(places):
        broken = tmp_path / f"{n}.gpkg"
        broken.write_bytes(content[:at] + b"\x5a" * page + content[at + page :])
        try:
            loaded = load_project(broken)
        except GisappError:
            refused += 1
        else:
            assert_same_project(loaded, load_project(path))  # an unused page
    assert refused >= len(places) // 2


@pytest.mark.parametrize("share", [0.2, 0.5, 0.95])
def test_a_truncated_file(path, share):
    content = path.read_bytes()
    path.write_bytes(content[: int(len(content) * share)])
    with pytest.raises(GisappError):
        load_project(path)


def test_a_lock_held_by_another_program(path):
    with contextlib.closing(sqlite3.connect(path, isolation_level=None)) as other:
        other.execute("BEGIN EXCLUSIVE")
        with pytest.raises(GisappError, match="in use by another program"):
            load_project(path)


def test_loading_changes_nothing(path, tmp_path):
    copy = shutil.copyfile(path, tmp_path / "copy.gpkg")
    load_project(path)
    project_info(path)
    assert path.read_bytes() == copy.read_bytes()
    assert {x.name for x in tmp_path.iterdir()} == {"p.gpkg", "copy.gpkg"}


@pytest.mark.parametrize("opacity", ["7", "NaN", "-1", '"x"'])
def test_a_basemap_that_makes_no_sense_is_damage(path, opacity):
    basemap = f'{{"kind": "outlines", "opacity": {opacity}}}'
    change(path, f"UPDATE gisapp_meta SET value = '{basemap}' WHERE name = 'basemap'")
    with pytest.raises(GisappError, match="damaged"):
        load_project(path)


@pytest.mark.parametrize(
    ("said", "told"),
    [
        ("Page 588: btreeInitPage() returns error code 11", "pages of it are destroyed"),
        ("database disk image is malformed", "pages of it are destroyed"),
        ("file is not a database", "it does not begin as a project does"),
        ("no such column: kind", "no such column: kind"),
    ],
)
def test_damage_is_told_in_words_of_its_owner(said, told):
    assert plain_damage(said) == told
