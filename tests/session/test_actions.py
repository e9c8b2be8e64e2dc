"""What a user can do is data, and true of the open project."""

import re
from dataclasses import replace

from helpers.small_project import small_project

from gisapp.io.project_file import create_project
from gisapp.session.actions import ACTIONS
from gisapp.session.edits import set_title
from gisapp.session.session import Session

BY_ID = {x.id: x for x in ACTIONS}


def enabled(session):
    return {x.id for x in ACTIONS if x.enabled(session)}


def test_names_and_shortcuts_are_unique():
    assert len(BY_ID) == len(ACTIONS)
    shortcuts = [x.shortcut for x in ACTIONS if x.shortcut]
    assert len(set(shortcuts)) == len(shortcuts)
    assert all(re.fullmatch(r"(Ctrl\+)?(Shift\+)?(\w+|\+|-)", x) for x in shortcuts)


def test_an_empty_project_offers_what_begins_one():
    assert enabled(Session(create_project())) == {
        "new", "open", "demo", "save", "save_as", "import", "import_service", "basemap", "quit",
        "unseal",
    }  # fmt: skip


def test_a_project_offers_what_it_allows():
    session = Session(small_project())
    assert {"assess", "zoom_all", "layer_remove"} <= enabled(session)
    assert not {"undo", "redo", "export_html"} & enabled(session)
    session.apply(set_title("A"), "Rename")
    assert "undo" in enabled(session)
    session.undo()
    assert "redo" in enabled(session)


def test_only_an_assessed_project_is_exported():
    project = small_project()
    conflicts = replace(project.layers[0], name="conflicts", kind="conflicts")
    assert "export_html" in enabled(Session(project.with_layer(conflicts)))


def test_a_saved_project_is_saved_again_once_it_changes(tmp_path):
    session = Session(small_project())
    session.save(tmp_path / "p.gpkg")
    assert "save" not in enabled(session)
    session.apply(set_title("A"), "Rename")
    assert "save" in enabled(session)
    other = Session.open(tmp_path / "p.gpkg")
    other.apply(set_title("B"), "Rename")
    assert "save" not in enabled(other)
    assert "save_as" in enabled(other)
    session.close()
    other.close()
