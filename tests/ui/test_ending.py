"""A window that the system ends keeps what is not saved; the next one gives it back."""

import os
import signal
import subprocess
import sys

import pytest
from helpers.window import assessed_project

from gisapp.io.project_file import load_project, save_project
from gisapp.session import recovery

WINDOW = """
import sys
from pathlib import Path
from PySide6.QtCore import QTimer
from gisapp.ui import app, autosaving
from gisapp.ui.main_window import MainWindow
from gisapp.session.edits import set_title

autosaving.AFTER_MS = int(sys.argv[2])
class Edited(MainWindow):
    def __init__(self, *args):
        super().__init__(*args)
        self.session_changed.connect(lambda: QTimer.singleShot(0, self.edit))
    def edit(self):
        self.session.apply(set_title("Edited"), "rename the project")
        wait = QTimer(self, interval=20)
        wait.timeout.connect(self.say)
        wait.start()
        if sys.argv[3] == "asking":
            self.close()
    def say(self):
        kept = self.commands.saving.autosaving._kept is not None
        if kept or sys.argv[2] != "0":
            print("ready", flush=True)
app.MainWindow = Edited
sys.exit(app.run(Path(sys.argv[1])))
"""
NEVER_MS, AT_ONCE_MS = "1000000", "0"


@pytest.fixture
def path(tmp_path, monkeypatch):
    monkeypatch.setenv("GISAPP_HOME", str(tmp_path / "home"))
    save_project(assessed_project(), tmp_path / "p.gpkg")
    return tmp_path / "p.gpkg"


def ended(path, number, after_ms, then="working"):
    """Start a window that makes an edit, end it by a signal and return how it ended."""
    process = subprocess.Popen(
        [sys.executable, "-W", "error", "-c", WINDOW, str(path), after_ms, then],
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=dict(os.environ),
    )  # fmt: skip
    try:
        assert process.stdout.readline() == "ready\n", process.stderr.read()
        process.send_signal(number)
        _said, errors = process.communicate(timeout=30)
    finally:
        process.kill()
    assert errors.replace("This plugin does not support propagateSizeHints()\n", "") == ""
    return process.returncode


@pytest.mark.skipif(sys.platform == "win32", reason="Windows sends no signals to windows")
@pytest.mark.parametrize("name", ["SIGTERM", "SIGINT", "SIGHUP"])
def test_a_signal_keeps_what_is_not_saved_and_ends_the_window(path, name):
    number = getattr(signal, name)
    assert ended(path, number, NEVER_MS) == 128 + number
    (found,) = recovery.waiting()
    assert found.note.texts == ("rename the project",)
    assert recovery.restored(found, load_project(path)).project.title == "Edited"
    assert load_project(path).title == "Ciracas"


@pytest.mark.skipif(sys.platform == "win32", reason="Windows sends no signals to windows")
def test_a_question_on_show_does_not_keep_the_window_open(path):
    assert ended(path, signal.SIGTERM, NEVER_MS, "asking") == 128 + signal.SIGTERM
    assert len(recovery.waiting()) == 1


def test_a_killed_window_has_kept_what_is_not_saved(path):
    assert ended(path, signal.SIGKILL, AT_ONCE_MS) == -signal.SIGKILL
    (found,) = recovery.waiting()
    assert recovery.restored(found, load_project(path)).project.title == "Edited"
