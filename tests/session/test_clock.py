"""A clock that goes back changes the time that is told, and nothing else."""

from datetime import UTC, datetime, timedelta

import pytest
from helpers.small_project import small_project

from gisapp.core.errors import GisappError
from gisapp.io import project_book
from gisapp.io.project_file import load_project, save_project
from gisapp.io.project_fingerprint import fingerprint
from gisapp.session.edits import remove_layer, retitle_layer
from gisapp.session.session import Session


@pytest.fixture
def clock(monkeypatch):
    """Set the time of saves, in hours from now."""

    def set_to(hours):
        now = datetime.now(UTC) + timedelta(hours=hours)
        fixed = type("fixed", (datetime,), {"now": classmethod(lambda _cls, _zone: now)})
        monkeypatch.setattr(project_book, "datetime", fixed)

    return set_to


@pytest.fixture
def path(tmp_path, clock):
    clock(24)  # saved in what will be the future
    path = tmp_path / "p.gpkg"
    save_project(small_project(), path)
    clock(0)
    return path


def test_a_save_from_the_future_opens_and_is_saved_over(path):
    session = Session.open(path)
    session.apply(retitle_layer("zoning", "RDTR"), "title")
    session.save()
    session.close()
    assert load_project(path).layer("zoning").title == "RDTR"


def test_another_windows_change_is_seen_though_it_is_older(path, clock):
    session = Session.open(path)
    session.apply(retitle_layer("zoning", "Mine"), "title")
    before = fingerprint(path)
    clock(-48)
    loaded = load_project(path)
    save_project(remove_layer("evictions")(loaded), path, loaded)
    assert fingerprint(path) != before
    with pytest.raises(GisappError, match="Another program has changed"):
        session.save()
    session.close()


def test_two_saves_in_one_instant_are_two(path, clock):
    loaded = load_project(path)
    clock(0)
    save_project(loaded, path, loaded)
    before = fingerprint(path)
    save_project(retitle_layer("zoning", "RDTR")(loaded), path, loaded)
    assert fingerprint(path) != before


def test_runs_stay_in_the_order_they_were_made(path, clock):
    loaded = load_project(path)
    clock(-48)
    save_project(loaded, path, loaded)
    assert [x.at for x in load_project(path).runs] == [x.at for x in small_project().runs]
