"""Sealing and opening from the window, with jobs that run at once."""

import pytest
from helpers.window import assessed_project, jobs_at_once
from PySide6.QtWidgets import QLineEdit

from gisapp.io import age
from gisapp.io.passphrases import WrongPassphraseError
from gisapp.io.project_file import load_project, save_project
from gisapp.session.edits import set_title
from gisapp.session.session import Session
from gisapp.ui import dialogs
from gisapp.ui.app import open_first
from gisapp.ui.main_window import MainWindow
from gisapp.ui.messages import BugReporter
from gisapp.ui.passphrase_dialog import SealDialog, UnsealDialog
from gisapp.ui.passphrase_form import verdict
from gisapp.ui.settings import Settings

WORDS = "kuda besi lari pagi"


@pytest.mark.parametrize(
    ("passphrase", "again", "will_do", "said"),
    [
        ("", "", False, "12 characters to go"),
        ("kuda besi", "kuda besi", False, "3 characters to go"),
        (WORDS, "kuda", False, "same passphrase"),
        ("kuda besi la", "kuda besi la", True, "further word"),
        ("a" * 40, "a" * 40, False, "same few characters"),
        ("081298765401", "081298765401", False, "no letters"),
        (WORDS, WORDS, True, "Strong"),
    ],
)
def test_what_is_said_of_a_passphrase(passphrase, again, will_do, said):
    found = verdict(passphrase, again)
    assert found.will_do == will_do
    assert said in found.words


@pytest.fixture
def window(qtbot, monkeypatch, tmp_path):
    def decrypt(data, passphrase, *_others):
        if not data.startswith(passphrase.encode()):
            raise WrongPassphraseError("This passphrase does not open p.age.", "Mind capitals.")
        return data[len(passphrase) :]

    monkeypatch.setenv("GISAPP_HOME", str(tmp_path / "home"))
    monkeypatch.setattr(age, "encrypt", lambda data, passphrase, *_: passphrase.encode() + data)
    monkeypatch.setattr(age, "decrypt", decrypt)
    monkeypatch.setattr(dialogs, "ask_unsaved", lambda _parent: "discard")
    monkeypatch.setattr(dialogs, "ask_seal", lambda *_: tmp_path / "p.age")
    monkeypatch.setattr(dialogs, "ask_sealed", lambda *_: tmp_path / "p.age")
    monkeypatch.setattr(dialogs, "ask_save_project", lambda *_: tmp_path / "q.gpkg")
    made = MainWindow(jobs_at_once(), jobs_at_once(), Settings(), BugReporter(show=pytest.fail))
    qtbot.addWidget(made)
    made.show()
    yield made
    made.close()


@pytest.fixture
def project(tmp_path):
    save_project(assessed_project(), tmp_path / "p.gpkg")
    return tmp_path / "p.gpkg"


def asked(window, kind):
    return next(x for x in window.findChildren(kind) if x.isVisible())


def sealed_by(window, recipient=""):
    window.commands.handlers["seal"]()
    dialog = asked(window, SealDialog)
    assert not dialog.agree.isEnabled()
    dialog.recipient.setText(recipient)
    for field in (dialog.passphrase, dialog.again):
        field.setText(WORDS)
    dialog.agree.click()
    return dialog


def test_a_project_is_sealed_and_the_ledger_says_for_whom(qtbot, window, project, tmp_path):
    window.use(Session.open(project))
    dialog = sealed_by(window, "LBH Jakarta")
    record = window.project.exports[-1]
    assert (record.file, record.preset, record.recipient) == ("p.age", "sealed", "LBH Jakarta")
    assert str(tmp_path / "p.age") in window.messages.message.text()
    assert "another way" in window.messages.remedy.text()
    assert dialog.passphrase.text() == dialog.again.text() == ""


def test_what_is_sealed_has_the_last_edits(qtbot, window, project, tmp_path):
    window.use(Session.open(project))
    window.session.apply(set_title("Edited"), "rename")
    window.commands.handlers["seal"]()
    qtbot.waitUntil(lambda: any(x.isVisible() for x in window.findChildren(SealDialog)))
    assert load_project(project).title == "Edited"
    asked(window, SealDialog).reject()


def test_what_is_typed_is_hidden_until_it_is_asked_for(qtbot, window):
    dialog = SealDialog("p.gpkg", window)
    hidden = (dialog.passphrase, dialog.again)
    assert {x.echoMode() for x in hidden} == {QLineEdit.EchoMode.Password}
    dialog.shown.setChecked(True)
    assert {x.echoMode() for x in hidden} == {QLineEdit.EchoMode.Normal}


def test_a_wrong_passphrase_is_asked_for_again(qtbot, window, project, tmp_path):
    window.use(Session.open(project))
    sealed_by(window)
    window.session.close()
    window.commands.handlers["unseal"]()
    dialog = asked(window, UnsealDialog)
    assert not dialog.agree.isEnabled()
    dialog.passphrase.setText("not that one")
    dialog.agree.click()
    again = asked(window, UnsealDialog)
    assert again is not dialog
    assert "does not open" in again.state.text()
    again.passphrase.setText(WORDS)
    again.agree.click()
    assert window.session.path == tmp_path / "q.gpkg"
    assert len(window.project.layers) == len(assessed_project().layers)


def test_a_sealed_file_is_opened_like_a_project(qtbot, window, project, tmp_path):
    window.use(Session.open(project))
    sealed_by(window)
    window.commands.open(tmp_path / "p.age")
    asked(window, UnsealDialog).passphrase.setText(WORDS)
    asked(window, UnsealDialog).agree.click()
    assert window.session.path == tmp_path / "q.gpkg"


def test_a_start_with_a_sealed_file_that_stays_closed_shows_the_demo(
    qtbot, window, tmp_path, monkeypatch
):
    shown = []
    monkeypatch.setattr(window.commands, "open_demo", lambda *_: shown.append("demo"))
    open_first(window, tmp_path / "p.age")
    asked(window, UnsealDialog).reject()
    assert shown == ["demo"]
