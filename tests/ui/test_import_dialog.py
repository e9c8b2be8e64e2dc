"""The import assistant: what it shows of a source, and what it makes of the user's decisions."""

import time
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from helpers.sources import LAT, LON, project, source, table
from helpers.window import jobs_at_once, without_collecting
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from gisapp.core.recipe import Recipe
from gisapp.io.source import RawTable, Source
from gisapp.ui import dialogs
from gisapp.ui.import_dialog import ImportDialog
from gisapp.ui.jobs import Jobs

BUSY_S, PATIENCE_S = 0.2, 60


@pytest.fixture
def stalls():
    return table(
        kode=["a", "b", "c", "d"],
        lintang=[f"{LAT}", f"{LAT}", "-6.3x1", f"{LAT}"],
        bujur=[f"{LON}", f"{LON}", f"{LON}", f"{LON}"],
        bentuk=["kios", "lapak", "kios", "lapak"],
        catatan=["pagi", "sore", "pagi", "sore"],
    )


@pytest.fixture
def opened(qtbot, monkeypatch, tmp_path):
    """Open the assistant on tables, with work that runs at once; nothing is remembered yet."""
    monkeypatch.setenv("GISAPP_HOME", str(tmp_path / "home"))

    def open_on(*tables, kind="businesses", into=None):
        kinds = {raw.name: kind for raw in tables}
        jobs = jobs_at_once()
        dialog = ImportDialog(into or project(), source(*tables), kinds, jobs, jobs_at_once())
        qtbot.addWidget(dialog)
        dialog.show()
        qtbot.waitUntil(lambda: not dialog._settled.isActive())
        return dialog

    return open_on


def settle(qtbot, dialog):
    qtbot.waitUntil(lambda: not dialog._settled.isActive() and dialog.take.isEnabled())


def cell(form, row, column):
    return form.item(row, column).text()


def row_of(form, title):
    return next(row for row in range(form.rowCount()) if cell(form, row, 0) == title)


def test_what_was_found_is_said_in_one_line(opened, stalls):
    text = opened(stalls).found.text()
    for part in ("CSV", "places from bujur, lintang", "EPSG:4326", "ids from kode"):
        assert part in text
    assert "\n" not in text


def test_suggestions_can_be_told_from_choices(qtbot, opened, stalls):
    dialog = opened(stalls)
    form = dialog.fields
    rows = {title: row_of(form, title) for title in ("Form", "Schedule", "KBLI")}
    assert [cell(form, row, 2) for row in rows.values()] == [
        "found", "nothing found", "nothing found",
    ]  # fmt: skip
    form.chosen.emit("schedule", "catatan")
    settle(qtbot, dialog)
    assert cell(form, rows["Schedule"], 2) == "chosen by you"
    assert form.cellWidget(rows["Schedule"], 1).currentText() == "catatan"
    assert dialog._preview.made.frame["schedule"].tolist() == ["pagi", "sore", "sore"]


def test_words_without_a_code_are_counted_and_can_be_given_one(qtbot, opened, stalls):
    dialog = opened(stalls)
    tab = dialog.previews.indexOf(dialog.codes)
    assert dialog.previews.tabText(tab) == "Codes (1 unknown)"
    assert cell(dialog.codes, 0, 1) == "lapak"
    combo = dialog.codes.cellWidget(0, 3)
    combo.activated.emit(combo.findText("Street vendor"))
    settle(qtbot, dialog)
    assert dialog.previews.tabText(tab) == "Codes"
    assert dialog._preview.made.frame["form"].tolist() == ["kios", "pkl", "pkl"]
    assert dialog.codes.cellWidget(0, 3) is combo


def test_a_word_can_be_taken_for_no_code(qtbot, opened, stalls):
    dialog = opened(stalls)
    dialog.codes.chosen.emit("form", "kios", "unknown")
    settle(qtbot, dialog)
    assert dialog._preview.made.frame["form"].tolist() == ["unknown"] * 3


def test_the_map_and_the_rows_show_what_would_be(opened, stalls):
    dialog = opened(stalls)
    assert dialog.map.canvas.isVisible()
    assert [layer.name for layer in dialog.map.canvas._layers] == ["accepted", "ground"]
    assert dialog.rows.rowCount() == 3
    assert dialog.previews.tabText(dialog.previews.indexOf(dialog.refused_view)) == (
        "Not taken in (1)"
    )


def test_the_map_of_rows_without_a_place_says_so(opened):
    dialog = opened(table(id=["a"], lat=["0"], lon=["0"]))
    assert not dialog.map.canvas.isVisible()
    assert dialog.map.empty.text() == "No row has a place that could be shown."


def test_a_source_that_cannot_be_read_so_is_told_and_not_taken(qtbot, opened):
    dialog = opened(table(id=["a"], warna=["merah"]))
    assert "no coordinates" in dialog.counts.text()
    assert not dialog.take.isEnabled()
    dialog.accept()
    assert dialog.isVisible()
    dialog.kind.setCurrentIndex(dialog.kind.findData("households"))
    settle(qtbot, dialog)
    assert dialog.counts.text().startswith("1 row read · 1 accepted")


def test_of_a_table_no_layer_name_is_asked(qtbot, opened):
    dialog = opened(table(subzone=["R-1"], kbli_prefix=["56"], permission=["X"]), kind="rules")
    assert not dialog.name.isVisible()
    assert not dialog.crs.isVisible()
    dialog.kind.setCurrentIndex(dialog.kind.findData("households"))
    assert dialog.name.isVisible()


def test_ok_takes_what_the_preview_shows(qtbot, opened, stalls):
    dialog = opened(stalls)
    with qtbot.waitSignal(dialog.imported) as taken:
        dialog.accept()
    assert taken.args == [dialog._preview.made]


def test_what_the_user_chose_is_offered_for_the_next_table_like_this(qtbot, opened, stalls):
    first = opened(stalls)
    first.fields.chosen.emit("schedule", "catatan")
    first.codes.chosen.emit("form", "lapak", "pkl")
    settle(qtbot, first)
    first.accept()
    again = opened(replace(stalls, columns=stalls.columns.assign(baru="x")), kind="other")
    assert again.bar.isVisible()
    assert "read otherwise, as Informal businesses" in again.bar.message.text()
    assert again.bar.remedy.text() == "New here: baru."
    again.bar.offered[0].click()
    settle(qtbot, again)
    assert not again.bar.isVisible()
    assert again.kind.currentData() == "businesses"
    assert again._preview.made.frame["form"].tolist() == ["kios", "pkl", "pkl"]
    assert again._preview.made.frame["schedule"].tolist() == ["pagi", "sore", "sore"]


def test_what_was_found_without_the_user_is_not_offered(opened, stalls):
    opened(stalls).accept()
    assert not opened(stalls).bar.isVisible()


def test_an_offer_may_be_declined(qtbot, opened, stalls):
    first = opened(stalls)
    first.fields.chosen.emit("schedule", "catatan")
    settle(qtbot, first)
    first.accept()
    again = opened(stalls)
    again.bar.offered[1].click()
    assert not again.bar.isVisible()
    assert "schedule" not in again.recipe.fields


def test_a_mapping_is_saved_and_loaded(qtbot, opened, stalls, tmp_path, monkeypatch):
    path = tmp_path / "stalls.toml"
    monkeypatch.setattr(dialogs, "ask_save_mapping", lambda *_asked: path)
    monkeypatch.setattr(dialogs, "ask_mapping", lambda *_asked: path)
    first = opened(stalls)
    first.codes.chosen.emit("form", "lapak", "pkl")
    settle(qtbot, first)
    first.save.click()
    assert path.is_file()
    again = opened(stalls, kind="other")
    again.load.click()
    settle(qtbot, again)
    assert again._preview.made.kind == "businesses"
    assert again._preview.made.frame["form"].tolist() == ["kios", "pkl", "pkl"]


def test_a_mapping_that_cannot_be_read_is_told(opened, stalls, tmp_path, monkeypatch):
    path = tmp_path / "bad.toml"
    path.write_text('kind = "businesses"\ncolour = "red"\n')
    monkeypatch.setattr(dialogs, "ask_mapping", lambda *_asked: path)
    dialog = opened(stalls)
    dialog.load.click()
    assert "colour" in dialog.bar.message.text()
    assert dialog.take.isEnabled()


def test_importing_again_says_what_would_change(qtbot, opened, stalls):
    first = opened(stalls)
    assert not first.changes.isVisible()
    there = project(first._preview.made)
    fresh = replace(stalls, columns=stalls.columns.assign(kode=["a", "x", "c", "d"]))
    again = opened(fresh, into=there)
    assert again.changes.text().startswith(
        "It is in the project already: 1 new, 2 as before, 1 no longer in the file"
    )
    assert "1 added" not in again.notes.text.text()  # which the line above says
    assert again.keep.isVisible()
    again.keep.setChecked(True)
    settle(qtbot, again)
    assert sorted(again._preview.made.frame["id"]) == ["a", "b", "d", "x"]
    again.name.setText("second")
    qtbot.waitUntil(lambda: again.take.isEnabled() and again._preview.made.name == "second")
    assert not again.changes.isVisible()


def test_before_ok_it_is_said_that_a_layer_of_another_kind_would_be_replaced(qtbot, opened, stalls):
    there = project(opened(stalls)._preview.made)
    dialog = opened(stalls, kind="sites", into=there)
    assert not dialog.changes.isVisible()
    dialog.name.setText("businesses")
    settle(qtbot, dialog)
    assert dialog.changes.text().startswith(
        "The layer businesses holds Informal businesses now and would be replaced."
    )
    assert dialog.changes.objectName() == "stale"
    assert "is replaced" not in dialog.notes.text.text()  # which the line above says
    assert "Kept as they are: bentuk, catatan." in dialog.notes.text.text()
    with qtbot.waitSignal(dialog.imported) as taken:
        dialog.accept()
    assert (taken.args[0].name, taken.args[0].kind) == ("businesses", "sites")


def test_another_recipe_may_replace_a_layer_too(qtbot, opened, stalls):
    there = project(opened(stalls)._preview.made)
    dialog = opened(stalls, kind="sites", into=there)
    dialog.name.setText("businesses")
    settle(qtbot, dialog)
    dialog.use(Recipe("households", "t", name="stalls"))
    settle(qtbot, dialog)
    assert dialog.changes.objectName() == "stale"
    assert dialog._preview.made.kind == "households"


@pytest.mark.parametrize("width", [1000, 1280])
def test_nothing_is_wider_than_a_small_screen(qtbot, opened, stalls, width):
    dialog = opened(stalls)
    dialog.resize(width, 640)
    QApplication.processEvents()
    assert dialog.width() == width
    assert dialog.minimumSizeHint().height() <= 640


def a_large_table(rows):
    """Rows of which two in a hundred are refused, as many repaired."""
    lat = pd.Series(np.linspace(LAT - 0.003, LAT + 0.003, rows).round(7)).astype("str")
    lat[::50], lat[1::50] = "x", str(LAT).replace(".", ",")
    columns = {
        "id": pd.Series(range(rows)).astype("str"),
        "lat": lat,
        "lon": pd.Series([str(LON)] * rows, dtype="str"),
        "jenis_usaha": pd.Series([f"Usaha {n % 997}" for n in range(rows)], dtype="str"),
        "bentuk": pd.Series(["kios", "lapak"] * (rows // 2), dtype="str"),
    }
    return RawTable("t", pd.DataFrame(columns))


def test_a_large_table_does_not_hold_the_dialog_up(qtbot):
    """As `test_responsiveness`: the GUI thread's own processor time in one turn of its loop."""
    jobs, drawing = Jobs(), Jobs()
    raw = a_large_table(100_000)
    longest = 0.0

    def turn(command=QApplication.processEvents):
        nonlocal longest
        began = time.thread_time()
        command()
        longest = max(longest, time.thread_time() - began)

    def until_idle():
        deadline = time.monotonic() + PATIENCE_S
        idle = 0
        while idle < 5:
            assert time.monotonic() < deadline
            turn()
            time.sleep(0.01)  # the workers get the interpreter
            working = jobs.running or drawing.running or dialog._settled.isActive()
            idle = 0 if working else idle + 1

    with without_collecting():
        dialog = ImportDialog(
            project(), Source("a.csv", "CSV", "", (raw,)), {"t": "businesses"}, jobs, drawing
        )
        qtbot.addWidget(dialog)
        turn(dialog.show)
        until_idle()
        assert dialog.take.isEnabled()
        turn(lambda: dialog.codes.chosen.emit("form", "lapak", "pkl"))
        until_idle()
        for page in range(dialog.previews.count()):
            turn(lambda page=page: dialog.previews.setCurrentIndex(page))
            until_idle()
        turn(dialog.reject)
    jobs.shutdown()
    drawing.shutdown()
    assert longest < BUSY_S


def test_tab_goes_down_the_columns_of_the_form_and_out(opened, stalls):
    dialog = opened(stalls)
    form = dialog.fields
    form.setFocus()
    passed = []
    for _step in range(form.rowCount()):
        QTest.keyClick(dialog.focusWidget(), Qt.Key.Key_Tab)
        passed.append(dialog.focusWidget())
    assert passed == [form.cellWidget(row, 1) for row in range(form.rowCount())]
    QTest.keyClick(dialog.focusWidget(), Qt.Key.Key_Tab)
    assert not form.isAncestorOf(dialog.focusWidget())
