"""Files of every earlier version open as what they meant, and are saved as today's."""

import json
import shutil
import sqlite3
from contextlib import closing
from dataclasses import asdict, replace
from pathlib import Path

import pytest
from helpers.projects import assert_same_project
from helpers.sample_project import KEY, sample_project

from gisapp.core.errors import GisappError
from gisapp.core.project import FORMAT_VERSION
from gisapp.io.checking import check_source
from gisapp.io.keys import keep_key
from gisapp.io.project_file import load_project, save_project

SAMPLES = Path(__file__).parent / "projects"
VERSIONS = range(1, FORMAT_VERSION + 1)


@pytest.fixture(params=VERSIONS, ids="v{}".format)
def path(request, tmp_path):
    keep_key(sample_project().uuid, KEY)
    return Path(shutil.copy(SAMPLES / f"v{request.param}.gpkg", tmp_path / "p.gpkg"))


def stated(path, name):
    with closing(sqlite3.connect(path)) as connection:
        return connection.execute(
            "SELECT value FROM gisapp_meta WHERE name = ?", (name,)
        ).fetchone()[0]


def test_there_is_a_sample_of_every_version():
    for version in VERSIONS:
        sample = SAMPLES / f"v{version}.gpkg"
        assert stated(sample, "format_version") == str(version)
        assert sample.stat().st_size < 200_000


def test_it_opens_as_what_it_meant(path):
    assert_same_project(load_project(path), sample_project())


def test_it_is_saved_as_todays_and_opens_again(path):
    loaded = load_project(path)
    save_project(replace(loaded, title="Now"), path, loaded)
    assert stated(path, "format_version") == str(FORMAT_VERSION)
    assert_same_project(load_project(path), replace(sample_project(), title="Now"))


def test_check_finds_nothing_wrong_with_it(path):
    report = check_source(path)
    assert report.ok
    assert report.warnings == ()
    assert report.features == 19


def test_a_newer_version_is_refused_with_the_program_to_get(path):
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute("UPDATE gisapp_meta SET value = '9.0' WHERE name = 'program_version'")
        connection.execute(
            "UPDATE gisapp_meta SET value = ? WHERE name = 'format_version'", (FORMAT_VERSION + 1,)
        )
    for refuse in (load_project, lambda x: save_project(sample_project(), x)):
        with pytest.raises(GisappError, match=f"format {FORMAT_VERSION + 1}") as refused:
            refuse(path)
        assert "9.0" in refused.value.remedy
    report = check_source(path)
    assert not report.ok
    assert "9.0" in report.remedy


def test_what_a_later_program_adds_to_a_report_does_not_matter(path):
    """Values may be added without a new version: who does not know them leaves them out."""
    report = {**asdict(sample_project().layer("businesses").report), "of_tomorrow": 1}
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute(
            "UPDATE gisapp_layers SET report = ? WHERE name = 'businesses'", (json.dumps(report),)
        )
        connection.execute("INSERT INTO gisapp_meta VALUES ('of_tomorrow', 'x')")
    assert_same_project(load_project(path), sample_project())
