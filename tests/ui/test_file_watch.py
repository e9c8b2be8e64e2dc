"""The project's file under the window's feet: removed, changed, replaced, held, let go."""

import contextlib

import pytest
from helpers.window import assessed_project, jobs_at_once

from gisapp.io.project_file import create_project, load_project, save_project
from gisapp.session.edits import set_title
from gisapp.session.session import Session
from gisapp.ui import autosaving, dialogs, file_watch
from gisapp.ui.main_window import MainWindow
from gisapp.ui.messages import BugReporter
from gisapp.ui.settings import Settings


@pytest.fixture
def path(tmp_path, monkeypatch):
    monkeypatch.setenv("GISAPP_HOME", str(tmp_path / "home"))
    monkeypatch.setattr(dialogs, "ask_unsaved", lambda _parent: "discard")
    monkeypatch.setattr(file_watch, "SETTLED_MS", 10)
    monkeypatch.setattr(file_watch, "AGAIN_MS", 50)
    monkeypatch.setattr(autosaving, "AFTER_MS", 0)
    save_project(assessed_project(), tmp_path / "p.gpkg")
    return tmp_path / "p.gpkg"


@pytest.fixture
def opened(qtbot, path):
    """Open windows, one after the other."""
    windows, bugs = [], []

    def open_window():
        reporter = BugReporter(show=lambda last_line, _details: bugs.append(last_line))
        made = MainWindow(jobs_at_once(), jobs_at_once(), Settings(), reporter)
        qtbot.addWidget(made)
        made.resize(1280, 800)
        made.show()
        made.commands.open(path)
        windows.append(made)
        return made

    yield open_window
    for window in windows:
        window.close()
    assert bugs == []


def told(qtbot, window, text):
    qtbot.waitUntil(lambda: text in window.messages.message.text())
    return {button.text(): button for button in window.messages.offered}


def change(path, title="Theirs"):
    """Change the project as another user would: locks are each user's own."""
    theirs = load_project(path)
    save_project(set_title(title)(theirs), path, theirs)


def test_a_removed_file_is_told_and_written_anew(qtbot, opened, path):
    window = opened()
    path.unlink()
    offers = told(qtbot, window, "no longer there")
    assert list(offers) == ["Save", "Save as…"]
    assert window.session.dirty
    offers["Save"].click()
    assert load_project(path).title == "Ciracas"
    assert not window.session.dirty


def test_what_another_program_wrote_is_told_and_can_be_loaded(qtbot, opened, path):
    window = opened()
    change(path)
    offers = told(qtbot, window, "Another program has changed")
    assert list(offers) == ["Reload", "Keep mine", "Save as…"]
    offers["Reload"].click()
    assert window.project.title == "Theirs"
    assert not window.session.read_only


def test_it_is_overwritten_only_where_the_user_says_so(qtbot, opened, path):
    window = opened()
    window.session.apply(set_title("Mine"), "rename")
    change(path)
    window.commands.handlers["save"]()
    assert load_project(path).title == "Theirs"
    told(qtbot, window, "Another program has changed")
    qtbot.waitUntil(lambda: bool(window.messages.offered))
    told(qtbot, window, "Another program")["Keep mine"].click()
    assert load_project(path).title == "Mine"
    assert not window.session.dirty


def test_another_project_in_its_place_is_not_offered_to_be_overwritten(qtbot, opened, path):
    window = opened()
    path.unlink()
    save_project(create_project(), path)
    assert list(told(qtbot, window, "replaced or damaged")) == ["Save as…", "Reload"]


def test_rubbish_in_its_place_is_told(qtbot, opened, path):
    window = opened()
    path.write_bytes(b"nothing of the kind")
    told(qtbot, window, "replaced or damaged")


def test_a_folder_that_is_gone_is_told(qtbot, opened, path, tmp_path):
    folder = tmp_path / "folder"
    folder.mkdir()
    with contextlib.closing(Session.open(path)) as session:
        session.save(folder / "p.gpkg")
    window = opened()
    window.commands.open(folder / "p.gpkg")
    folder.rename(tmp_path / "elsewhere")
    assert list(told(qtbot, window, "cannot be reached")) == ["Save as…"]


def test_its_own_saving_is_no_news(qtbot, opened):
    window = opened()
    window.session.apply(set_title("Mine"), "rename")
    window.commands.handlers["save"]()
    window.commands.saving.watch.look()
    qtbot.wait(100)
    assert "Saved" in window.messages.message.text()


def test_the_second_window_reads_and_takes_over_when_the_first_closes(qtbot, opened, path):
    first, second = opened(), opened()
    assert second.session.read_only
    told(qtbot, second, "open in another gisapp window")
    first.close()
    told(qtbot, second, "can be changed here now")
    assert not second.session.read_only
    second.session.apply(set_title("Second"), "rename")
    second.commands.handlers["save"]()
    assert load_project(path).title == "Second"


def test_it_reloads_first_where_the_other_window_had_saved(qtbot, opened, path):
    first, second = opened(), opened()
    first.session.apply(set_title("First"), "rename")
    first.commands.handlers["save"]()
    first.close()
    qtbot.waitUntil(lambda: not second.session.read_only)
    told(qtbot, second, "Another program has changed")["Reload"].click()
    assert second.project.title == "First"
    assert not second.session.read_only
