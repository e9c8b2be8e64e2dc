"""Unsaved edits in the window: kept within seconds, offered back, and gone where not wanted."""

import contextlib

import pytest
from helpers.window import assessed_project, jobs_at_once
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QPushButton

from gisapp.core.errors import GisappError
from gisapp.io.project_file import load_project, save_project
from gisapp.session import demo, recovery
from gisapp.session.autosave import Autosave, Unsaved
from gisapp.session.edits import set_title, show_layer
from gisapp.session.session import Session
from gisapp.ui import app, autosaving, dialogs
from gisapp.ui.main_window import MainWindow
from gisapp.ui.messages import BugReporter
from gisapp.ui.recovery import RecoveryDialog
from gisapp.ui.settings import Settings


@pytest.fixture
def home(tmp_path, monkeypatch):
    monkeypatch.setenv("GISAPP_HOME", str(tmp_path / "home"))
    monkeypatch.setattr(dialogs, "ask_unsaved", lambda _parent: "discard")
    monkeypatch.setattr(autosaving, "AFTER_MS", 0)
    return tmp_path / "home"


@pytest.fixture
def path(tmp_path, home):
    save_project(assessed_project(), tmp_path / "p.gpkg")
    return tmp_path / "p.gpkg"


@pytest.fixture
def window(qtbot, home):
    bugs = []
    reporter = BugReporter(show=lambda last_line, _details: bugs.append(last_line))
    made = MainWindow(jobs_at_once(), jobs_at_once(), Settings(), reporter)
    qtbot.addWidget(made)
    made.resize(1280, 800)
    made.show()
    yield made
    made.close()
    assert bugs == []


def kept(home):
    """The autosaves on disk, whoever has them."""
    return sorted((home / "autosave").glob("*.json"))


def died(session, *edits):
    """A window that made `edits` and was killed once they were kept."""
    for edit, text in edits:
        session.apply(edit, text)
    autosave = Autosave()
    autosave.keep(Unsaved.of(session))
    autosave.leave()
    session.close()


def ask(qtbot, window):
    qtbot.waitUntil(lambda: window.findChild(RecoveryDialog) is not None)
    return window.findChild(RecoveryDialog)


def answer(dialog, text):
    (button,) = [x for x in dialog.findChildren(QPushButton) if x.text() == text]
    button.click()


EDITS = ((set_title("Edited"), "rename the project"), (show_layer("zoning", False), "hide Zoning"))


def test_an_edit_is_kept_within_seconds_and_forgotten_once_saved(qtbot, window, path, home):
    window.commands.open(path)
    window.commands.set_visible("zoning", False)
    qtbot.waitUntil(lambda: len(kept(home)) == 1)
    window.commands.saving.save()
    qtbot.waitUntil(lambda: kept(home) == [])


def test_undoing_everything_leaves_nothing_to_keep(qtbot, window, path, home):
    window.commands.open(path)
    window.commands.set_visible("zoning", False)
    qtbot.waitUntil(lambda: len(kept(home)) == 1)
    window.commands.undo()
    qtbot.waitUntil(lambda: kept(home) == [])


def test_leaving_without_saving_leaves_nothing(qtbot, window, path, home):
    window.commands.open(path)
    window.commands.set_visible("zoning", False)
    qtbot.waitUntil(lambda: len(kept(home)) == 1)
    window.close()
    assert list((home / "autosave").iterdir()) == []


def test_an_unchanged_demo_is_not_kept(qtbot, window, home, monkeypatch):
    monkeypatch.setattr(demo, "open_demo", lambda _progress: assessed_project())
    window.commands.open_demo()
    qtbot.wait(50)
    assert kept(home) == []


def test_edits_are_recovered_and_can_be_undone(qtbot, window, path, home):
    died(Session.open(path), *EDITS)
    window.commands.open(path)
    dialog = ask(qtbot, window)
    assert [dialog.edits.item(i).text() for i in range(2)] == ["hide Zoning", "rename the project"]
    answer(dialog, "Recover")
    assert window.project.title == "Edited"
    assert window.session.dirty
    assert window.session.path == path
    qtbot.waitUntil(lambda: [x.note.texts for x in recovery.waiting()] == [])
    qtbot.waitUntil(lambda: len(kept(home)) == 1)
    window.commands.undo()
    assert window.project.title == "Ciracas"


def test_the_saved_state_can_be_chosen(qtbot, window, path, home):
    died(Session.open(path), *EDITS)
    window.commands.open(path)
    answer(ask(qtbot, window), "Open the saved state")
    qtbot.waitUntil(lambda: kept(home) == [])
    assert window.project.title == "Ciracas"
    assert not window.session.dirty


def test_deciding_later_keeps_them(qtbot, window, path, home):
    died(Session.open(path), *EDITS)
    window.commands.open(path)
    dialog = ask(qtbot, window)
    answer(dialog, "Decide later")
    qtbot.waitUntil(lambda: window.findChild(RecoveryDialog) is None)
    assert len(recovery.waiting()) == 1
    window.commands.open(path)
    answer(ask(qtbot, window), "Recover")
    assert window.project.title == "Edited"


def test_where_the_file_was_changed_since_another_name_is_needed(qtbot, window, path):
    died(Session.open(path), *EDITS)
    with contextlib.closing(Session.open(path)) as other:
        other.apply(set_title("Theirs"), "rename")
        other.save()
    window.commands.open(path)
    answer(ask(qtbot, window), "Recover")
    assert (window.project.title, window.session.path) == ("Edited", None)
    assert load_project(path).title == "Theirs"


def test_a_project_never_saved_is_offered_at_the_next_start(qtbot, window, path, home):
    died(Session(assessed_project()), *EDITS)
    window.settings.remember(path)
    app.open_first(window, None)
    assert window.project.title == "Ciracas"
    answer(ask(qtbot, window), "Recover")
    assert (window.project.title, window.session.path) == ("Edited", None)
    assert window.session.dirty


def test_what_is_recovered_does_not_push_out_edits_made_meanwhile(qtbot, window, path):
    died(Session(assessed_project()), *EDITS)
    window.settings.remember(path)
    app.open_first(window, None)
    dialog = ask(qtbot, window)
    window.session.apply(set_title("Mine"), "rename the project")
    answer(dialog, "Recover")
    assert (window.project.title, window.session.path) == ("Mine", path)
    assert "of its own" in window.messages.message.text()
    assert "Edited" in [recovery.restored(x, None).project.title for x in recovery.waiting()]


def test_several_are_offered_one_after_the_other_the_last_first(qtbot, window, path):
    for title in ("First", "Second"):
        died(Session.open(path), (set_title(title), title))
    window.commands.open(path)
    dialog = ask(qtbot, window)
    assert dialog.edits.item(0).text() == "Second"
    answer(dialog, "Open the saved state")
    qtbot.waitUntil(lambda: ask(qtbot, window).edits.item(0).text() == "First")
    dialog = ask(qtbot, window)
    answer(dialog, "Recover")
    assert window.project.title == "First"


def test_a_damaged_one_is_told_and_the_project_opens(qtbot, window, path, home):
    died(Session.open(path), *EDITS)
    (data,) = (home / "autosave").glob("*.gpkg")
    data.write_bytes(data.read_bytes()[:3000])
    window.commands.open(path)
    answer(ask(qtbot, window), "Recover")
    assert "cannot be read" in window.messages.message.text()
    assert window.project.title == "Ciracas"
    assert recovery.waiting() == ()


def test_old_ones_are_listed_not_deleted(qtbot, window, path, monkeypatch):
    died(Session.open(path), *EDITS)
    monkeypatch.setattr(recovery.Note, "is_old", True)
    monkeypatch.setattr(demo, "open_demo", lambda _progress: assessed_project())
    app.open_first(window, None)
    qtbot.waitUntil(lambda: "more than a month" in window.messages.message.text())
    assert str(path) in window.messages.message.text()
    assert len(recovery.waiting()) == 1


def test_what_cannot_be_kept_is_told_once_and_tried_again(qtbot, window, path, monkeypatch):
    tries, told = [], []

    def full(self, unsaved):
        tries.append(unsaved.project.title)
        raise GisappError("The disk is full.", "Free some space.")

    with monkeypatch.context() as patch:
        patch.setattr(autosaving, "AGAIN_MS", 0)
        patch.setattr(Autosave, "keep", full)
        patch.setattr(window.messages, "tell", lambda *words: told.append(words[0]))
        window.commands.open(path)
        window.commands.set_visible("zoning", False)
        qtbot.waitUntil(lambda: len(tries) > 3)
    assert told == ["Unsaved changes cannot be kept safe: The disk is full."]
    assert window.session.dirty


def test_edits_of_a_file_that_is_gone_are_offered_at_the_start(qtbot, window, path, monkeypatch):
    died(Session.open(path), *EDITS)
    path.unlink()
    monkeypatch.setattr(demo, "open_demo", lambda _progress: assessed_project())
    app.open_first(window, None)
    answer(ask(qtbot, window), "Delete them")
    qtbot.waitUntil(lambda: recovery.waiting() == ())


def test_the_dialog_is_worked_by_keyboard(qtbot, window, path):
    died(Session.open(path), *EDITS)
    window.commands.open(path)
    qtbot.keyClick(ask(qtbot, window), Qt.Key.Key_Escape)
    assert window.project.title == "Ciracas"
    qtbot.waitUntil(lambda: len(recovery.waiting()) == 1)
    window.commands.open(path)
    qtbot.waitUntil(lambda: ask(qtbot, window).isVisible())
    qtbot.keyClick(ask(qtbot, window), Qt.Key.Key_Return)
    assert window.project.title == "Edited"
