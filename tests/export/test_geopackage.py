"""A released GeoPackage, where it cannot be written."""

import pytest
from helpers.releases import a_release

from gisapp.core.errors import GisappError
from gisapp.export import geopackage
from gisapp.export.geopackage import write_geopackage


def test_a_full_disk_is_told_of_the_file_that_was_asked_for(tmp_path, monkeypatch):
    def save(_project, path):
        raise GisappError(f"{path} could not be saved: the disk is full.", "Free some space.")

    monkeypatch.setattr(geopackage, "save_project", save)
    with pytest.raises(GisappError) as refused:
        write_geopackage(a_release(), tmp_path / "out.gpkg", "en")
    assert refused.value.message.startswith(str(tmp_path / "out.gpkg"))
    assert list(tmp_path.iterdir()) == []
