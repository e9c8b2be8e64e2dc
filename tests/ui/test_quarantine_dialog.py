"""Correcting, in the window, rows that were not taken in."""

import time

import pytest
from helpers.sources import LAT, LON, project, source, table
from helpers.window import jobs_at_once, without_collecting
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QLineEdit

from gisapp.core.progress import SILENT
from gisapp.core.recipe import Recipe
from gisapp.io.recipe import bring_in
from gisapp.session.edits import add_layer
from gisapp.session.session import Session
from gisapp.ui import dialogs
from gisapp.ui.jobs import Jobs
from gisapp.ui.main_window import MainWindow
from gisapp.ui.mending_form import ID
from gisapp.ui.messages import BugReporter
from gisapp.ui.quarantine_dialog import QuarantineDialog
from gisapp.ui.settings import Settings

LAT_COLUMN = ID + 1
BUSY_S, PATIENCE_S = 0.2, 60


def surveyed(**columns):
    """A project with a layer of which rows 2 (no number), 3 (same id) and 4 (far) are refused."""
    raw = table(
        kode=["a", "b", "a", "d"],
        lat=[f"{LAT}", "-6.3x1", f"{LAT}", f"{LAT}"],
        lon=[f"{LON}", f"{LON}", f"{LON}", f"{LON + 0.1}"],
        **columns,
    )
    into = project()
    made = bring_in(into, source(raw), Recipe("businesses", "t", {"id": "kode"}), SILENT)
    return add_layer(made)(into)


@pytest.fixture
def opened(qtbot, monkeypatch):
    monkeypatch.setattr(dialogs, "ask_discard", lambda _parent, _n: True)
    into = surveyed()
    dialog = QuarantineDialog(into, into.layer("businesses"), jobs_at_once(), jobs_at_once())
    qtbot.addWidget(dialog)
    dialog.show()
    return dialog


def text(dialog, row, column):
    return dialog.model.index(row, column).data()


def type_into(dialog, row, column, what):
    assert dialog.model.setData(dialog.model.index(row, column), what)


def test_rows_are_shown_with_what_can_be_done_about_them(opened):
    assert opened.count.text().startswith("3 rows of survey.csv were not taken in.")
    opened.table.setCurrentIndex(opened.model.index(1, ID))
    assert opened.remedy.text().startswith("Type another id")
    assert not opened.take.isEnabled()


def test_where_every_row_was_taken_in_there_is_nothing_to_correct(qtbot):
    into = project()
    dialog = QuarantineDialog(into, into.layer("admin"), jobs_at_once(), jobs_at_once())
    qtbot.addWidget(dialog)
    dialog.show()
    assert dialog.empty.isVisible()
    assert not dialog.table.isVisible()
    assert not dialog.take.isVisible()


def test_a_row_is_marked_on_the_map_where_its_place_is_known(opened):
    opened.table.setCurrentIndex(opened.model.index(2, ID))
    assert opened.map.canvas.has_marks
    opened.table.setCurrentIndex(opened.model.index(0, ID))
    assert not opened.map.canvas.has_marks


def test_the_table_is_filled_in_from_the_keyboard(qtbot, opened):
    table_ = opened.table
    table_.setCurrentIndex(opened.model.index(0, LAT_COLUMN))
    qtbot.keyClick(table_, Qt.Key.Key_F2)
    editor = table_.findChild(QLineEdit)
    editor.selectAll()
    qtbot.keyClicks(editor, f"{LAT}")
    qtbot.keyClick(editor, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: table_.currentIndex().row() == 1)
    assert text(opened, 0, LAT_COLUMN) == f"{LAT}"
    assert table_.currentIndex().column() == LAT_COLUMN
    qtbot.keyClick(table_, Qt.Key.Key_Delete)
    assert text(opened, 1, LAT_COLUMN) == ""
    qtbot.keyClick(table_, Qt.Key.Key_Tab)
    assert table_.currentIndex().column() == LAT_COLUMN + 1
    qtbot.keyClick(table_, Qt.Key.Key_Return)
    assert table_.currentIndex().row() == 2
    assert opened.take.text() == "&Take in 2 corrected rows"
    assert opened.isVisible()


def test_what_was_typed_is_marked_and_can_be_taken_back(opened):
    type_into(opened, 0, LAT_COLUMN, f"{LAT}")
    typed = opened.model.index(0, LAT_COLUMN)
    assert typed.data(Qt.ItemDataRole.FontRole).bold()
    assert opened.model.index(1, LAT_COLUMN).data(Qt.ItemDataRole.FontRole) is None
    opened.forget.click()
    assert text(opened, 0, LAT_COLUMN) == "-6.3x1"
    assert not opened.take.isEnabled()


def test_rows_with_one_reason_can_be_shown(opened):
    opened.reason.setCurrentIndex(opened.reason.findData("duplicate_id"))
    assert opened.model.rowCount() == 1
    assert text(opened, 0, ID) == "a"


def test_corrected_rows_are_taken_in_and_the_others_say_why_not(qtbot, opened):
    type_into(opened, 0, LAT_COLUMN, f"{LAT}")
    type_into(opened, 1, ID, "b")  # which row 2 is about to take
    with qtbot.waitSignal(opened.mended) as taken:
        opened.take.click()
    (part,) = taken.args
    assert part.frame["id"].tolist() == ["a", "b"]
    report = part.report
    assert (report.rows_read, report.repaired, report.quarantined) == (4, 1, 2)
    assert "1 row was taken in. 1 row still cannot be" in opened.answer.text()
    assert opened.model.rowCount() == 2
    assert text(opened, 0, ID) == "b"  # what was typed stays
    assert not opened.take.isEnabled()
    type_into(opened, 0, ID, "c")
    opened.take_project(add_layer(part)(opened._project))
    opened.take.click()
    assert opened.model.rowCount() == 1


def test_nothing_typed_is_lost_by_closing_unasked(opened, monkeypatch):
    asked = []
    monkeypatch.setattr(dialogs, "ask_discard", lambda _parent, n: bool(asked.append(n)))
    type_into(opened, 0, LAT_COLUMN, "x")
    opened.reject()
    assert asked == [1]
    assert opened.isVisible()
    opened.forget.click()
    opened.reject()
    assert not opened.isVisible()


def test_a_program_that_ends_does_not_wait_for_an_answer(opened, monkeypatch):
    asked = []
    monkeypatch.setattr(dialogs, "ask_discard", lambda _parent, n: bool(asked.append(n)))
    type_into(opened, 0, LAT_COLUMN, "x")
    opened.close()
    assert (asked, opened.isVisible()) == ([], False)


def test_taking_rows_in_is_one_step_to_undo(qtbot, monkeypatch, tmp_path):
    monkeypatch.setenv("GISAPP_HOME", str(tmp_path / "home"))
    monkeypatch.setattr(dialogs, "ask_unsaved", lambda _parent: "discard")
    window = MainWindow(
        jobs_at_once(), jobs_at_once(), Settings(), BugReporter(show=lambda *_told: None)
    )
    qtbot.addWidget(window)
    window.show()
    window.use(Session(surveyed()))
    window.commands.importing._look_at("businesses")
    (dialog,) = window.findChildren(QuarantineDialog)
    type_into(dialog, 0, LAT_COLUMN, f"{LAT}")
    dialog.take.click()
    assert len(window.project.layer("businesses").frame) == 2
    dialog.reject()
    window.commands.undo()
    assert len(window.project.layer("businesses").frame) == 1
    assert len(window.project.layer("businesses").quarantine) == 3
    window.close()


def test_a_large_quarantine_does_not_hold_the_window_up(qtbot):
    """As `test_responsiveness`: the GUI thread's own processor time in one turn of its loop."""
    rows = 20_000
    raw = table(id=[str(n) for n in range(rows)], lat=["x"] * rows, lon=[f"{LON}"] * rows)
    into = project()
    part = bring_in(into, source(raw), Recipe("businesses", "t"), SILENT)
    jobs, drawing, longest = Jobs(), Jobs(), 0.0

    def turn(command=QApplication.processEvents):
        nonlocal longest
        began = time.thread_time()
        command()
        longest = max(longest, time.thread_time() - began)

    with without_collecting():
        made = []
        turn(lambda: made.append(QuarantineDialog(into, part, jobs, drawing)))
        (dialog,) = made
        qtbot.addWidget(dialog)
        turn(dialog.show)
        turn(lambda: type_into(dialog, 0, LAT_COLUMN, f"{LAT}"))
        turn(lambda: dialog.reason.setCurrentIndex(1))
        deadline = time.monotonic() + PATIENCE_S
        while jobs.running or drawing.running:
            assert time.monotonic() < deadline
            turn()
            time.sleep(0.01)  # the workers get the interpreter
    dialog.forget.click()
    dialog.reject()
    jobs.shutdown()
    drawing.shutdown()
    assert dialog.model.rowCount() == rows
    assert longest < BUSY_S
