"""A released GeoPackage, where it cannot be written."""

import pytest
from helpers.releases import a_release

from gisapp.core.errors import GisappError
from gisapp.export import geopackage
from gisapp.export.geopackage import write_geopackage
from gisapp.io.project_file import load_project


def test_a_full_disk_is_told_of_the_file_that_was_asked_for(tmp_path, monkeypatch):
    def save(_project, path):
        raise GisappError(f"{path} could not be saved: the disk is full.", "Free some space.")

    monkeypatch.setattr(geopackage, "save_project", save)
    with pytest.raises(GisappError) as refused:
        write_geopackage(a_release(), tmp_path / "out.gpkg", "en")
    assert refused.value.message.startswith(str(tmp_path / "out.gpkg"))
    assert list(tmp_path.iterdir()) == []


def test_no_secret_is_kept_for_what_was_given_away(tmp_path, monkeypatch):
    monkeypatch.setenv("GISAPP_HOME", str(tmp_path / "home"))
    write_geopackage(a_release("public"), tmp_path / "out.gpkg", "en")
    assert not list((tmp_path / "home").glob("keys/*"))
    assert load_project(tmp_path / "out.gpkg").layers
