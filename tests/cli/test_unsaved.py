"""The command line works on the saved file, and says so where unsaved edits of a window wait."""

import json

import pytest
from helpers.small_project import small_project

from gisapp.cli import main
from gisapp.io.project_file import load_project, save_project
from gisapp.session import recovery
from gisapp.session.autosave import Autosave, Unsaved
from gisapp.session.edits import set_title
from gisapp.session.session import Session


@pytest.fixture
def path(tmp_path, monkeypatch):
    monkeypatch.setenv("GISAPP_HOME", str(tmp_path / "home"))
    save_project(small_project(), tmp_path / "p.gpkg")
    return tmp_path / "p.gpkg"


@pytest.fixture
def died(path):
    """A window that was killed with an edit."""
    session = Session.open(path)
    session.apply(set_title("Edited"), "rename the project")
    autosave = Autosave()
    autosave.keep(Unsaved.of(session))
    autosave.leave()
    session.close()


def test_info_tells_of_unsaved_edits(path, died, capsys):
    assert main(["info", str(path), "--json"]) == 0
    (kept,) = json.loads(capsys.readouterr().out)["autosave"]
    assert (kept["edits"], kept["file_unchanged"]) == (["rename the project"], True)
    assert main(["info", str(path)]) == 0
    assert "rename the project" in capsys.readouterr().out


def test_info_says_none_where_there_are_none(path, capsys):
    assert main(["info", str(path), "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["autosave"] == []


def test_a_change_works_on_the_saved_state_and_says_so(path, died, capsys):
    assert main(["assess", str(path), "--as-of", "2026-11-01", "--json"]) == 0
    said = capsys.readouterr()
    assert json.loads(said.out)["as_of"] == "2026-11-01"
    assert said.err.startswith("note: Unsaved changes of")
    assert load_project(path).title == "Ciracas"
    (found,) = recovery.waiting()
    assert not recovery.file_is_unchanged(found.note)
