"""What the window opens on at start, and in which language the demo speaks."""

from functools import partial

import pytest
from helpers.window import assessed_project, jobs_at_once

from gisapp.session import demo
from gisapp.ui import app, dialogs
from gisapp.ui.main_window import MainWindow
from gisapp.ui.messages import BugReporter
from gisapp.ui.settings import Settings


@pytest.fixture
def window(qtbot, monkeypatch, tmp_path):
    monkeypatch.setenv("GISAPP_HOME", str(tmp_path / "home"))
    monkeypatch.setattr(dialogs, "ask_unsaved", lambda _parent: "discard")
    monkeypatch.setattr(demo, "open_demo", lambda _progress: assessed_project())
    bugs = []
    reporter = BugReporter(show=lambda last_line, _details: bugs.append(last_line))
    made = MainWindow(jobs_at_once(), jobs_at_once(), Settings(), reporter)
    qtbot.addWidget(made)
    made.show()
    yield made
    made.close()
    assert bugs == []


def test_a_last_project_that_is_gone_is_told_once_and_the_demo_opened(window, tmp_path):
    other = tmp_path / "other.gpkg"
    for path in (other, tmp_path / "gone.gpkg"):
        path.touch()
        window.settings.remember(path)
    (tmp_path / "gone.gpkg").unlink()
    app.open_first(window, None)
    assert window.project.title == "Ciracas"
    assert "gone.gpkg" in window.messages.message.text()
    assert window.settings.forget_lost() is None
    assert window.settings.recent == (other,)


def test_without_a_last_project_the_demo_opens_and_nothing_is_told(window):
    app.open_first(window, None)
    assert window.project.title == "Ciracas"
    assert not window.messages.isVisible()


def test_an_unchanged_demo_is_opened_anew_in_the_language_chosen(window):
    window.commands.open_demo()
    window.canvas.zoom_in()
    first, view = window.session, window.canvas.viewport.view
    window.speak("id")
    second = window.session
    assert second is not first
    assert window.canvas.viewport.view == view
    window.commands.set_visible("zoning", False)
    window.speak("en")
    assert window.session is second


def test_the_first_start_says_why_it_takes_longer(window, monkeypatch):
    waits = []
    monkeypatch.setattr(window.jobs, "start", partial(lambda *_a, **_k: waits.append(True)))
    window.commands.open_demo()
    assert waits
    assert "some seconds" in window.empty.text.text()
