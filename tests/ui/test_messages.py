import sys
import threading

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QMessageBox, QPlainTextEdit, QPushButton

from gisapp.core.errors import GisappError
from gisapp.ui.messages import BugReporter, MessageBar, show_bug, show_error

MARKUP = '<img src="x"><b>Warung</b> &amp; {{7*7}}'


@pytest.fixture
def bugs(qtbot):
    shown = []
    reporter = BugReporter(show=lambda last_line, details: shown.append((last_line, details)))
    reporter.shown = shown
    yield reporter
    reporter.uninstall()


def test_names_from_data_are_shown_as_they_are(qtbot):
    bar = MessageBar()
    qtbot.addWidget(bar)
    bar.tell(MARKUP, MARKUP, "error")
    for label in (bar.message, bar.remedy):
        assert label.textFormat() == Qt.TextFormat.PlainText
        assert label.text() == MARKUP
    assert MARKUP in bar.accessibleName()


def test_what_can_be_mended_is_told_with_its_remedy_and_a_bug_is_reported(qtbot, bugs):
    bar = MessageBar()
    qtbot.addWidget(bar)
    show_error(bar, bugs, GisappError("wrong", "mend it"))
    assert (bar.message.text(), bar.remedy.text()) == ("wrong", "mend it")
    assert bugs.shown == []
    show_error(bar, bugs, ZeroDivisionError("bug"))
    assert bugs.shown[0][0] == "ZeroDivisionError: bug"


def test_an_exception_in_a_slot_is_reported_once(qtbot, bugs):
    button = QPushButton()
    qtbot.addWidget(button)
    button.clicked.connect(lambda: 1 / 0)
    bugs.install()
    for _time in range(2):
        button.click()
    assert len(bugs.shown) == 1
    assert "ZeroDivisionError" in bugs.shown[0][1]
    assert "PySide6" in bugs.shown[0][1]


def test_an_exception_in_a_thread_is_reported(qtbot, bugs):
    bugs.install()
    thread = threading.Thread(target=lambda: 1 / 0)
    thread.start()
    thread.join()
    qtbot.waitUntil(lambda: len(bugs.shown) == 1)


def test_the_hooks_are_given_back(qtbot, bugs):
    bugs.install()
    bugs.uninstall()
    assert sys.excepthook is sys.__excepthook__
    assert threading.excepthook is threading.__excepthook__
    assert sys.unraisablehook is sys.__unraisablehook__


def test_the_details_of_a_bug_can_be_copied(qtbot, qapp):
    show_bug("KeyError: 'id'", "the whole story")
    box = next(x for x in qapp.topLevelWidgets() if isinstance(x, QMessageBox) and x.isVisible())
    assert box.textFormat() == Qt.TextFormat.PlainText
    assert box.findChild(QPlainTextEdit).toPlainText() == "the whole story"
    assert {x.text() for x in box.buttons()} == {"Copy details", "Close"}
    next(x for x in box.buttons() if x.text() == "Copy details").click()
    assert qapp.clipboard().text() == "the whole story"
    qtbot.waitUntil(lambda: not box.isVisible())
