"""The window as a user meets it, with jobs that run at once."""

import gettext

import numpy as np
import pytest
from helpers.window import AS_OF, assessed_project, jobs_at_once, plain_project
from PySide6.QtCore import QDate, Qt
from PySide6.QtWidgets import QApplication, QLabel

from gisapp.core import words
from gisapp.core.errors import GisappError
from gisapp.core.words import set_language
from gisapp.io.project_file import create_project, save_project
from gisapp.session.actions import ACTIONS
from gisapp.session.edits import set_as_of
from gisapp.session.session import Session
from gisapp.ui import dialogs, theme, work
from gisapp.ui.export_dialog import ExportDialog
from gisapp.ui.import_dialog import ImportDialog
from gisapp.ui.main_window import MainWindow
from gisapp.ui.messages import BugReporter
from gisapp.ui.quarantine_dialog import QuarantineDialog
from gisapp.ui.settings import Settings


@pytest.fixture
def bugs():
    return []


@pytest.fixture
def window(qtbot, monkeypatch, tmp_path, bugs):
    monkeypatch.setenv("GISAPP_HOME", str(tmp_path / "home"))
    monkeypatch.setattr(dialogs, "ask_unsaved", lambda _parent: "discard")
    reporter = BugReporter(show=lambda last_line, _details: bugs.append(last_line))
    made = MainWindow(jobs_at_once(), jobs_at_once(), Settings(), reporter)
    qtbot.addWidget(made)
    made.resize(1280, 800)
    made.show()
    qtbot.waitExposed(made)
    yield made
    made.close()


@pytest.fixture
def on_conflicts(qtbot, window):
    with qtbot.waitSignal(window.canvas.drawn):
        window.use(Session(assessed_project()))
    return window


def test_every_action_has_a_handler_and_its_icon_exists(window):
    assert set(window.commands.handlers) == {action.id for action in ACTIONS}
    for action in ACTIONS:
        if action.icon:
            assert not theme.icon(action.icon).isNull()


def test_before_a_project_is_open_the_window_offers_only_ways_to_one(window):
    enabled = {name for name, shown in window.menus._actions.items() if shown.isEnabled()}
    assert enabled == {"new", "open", "demo", "unseal", "quit"}
    assert not window.has_session


def test_a_project_is_shown_with_its_sentence_notice_map_and_legend(on_conflicts):
    window = on_conflicts
    assert window.windowTitle() == "Ciracas[*] — gisapp"
    assert "4 conflicts" in window.banner.sentence.text()
    assert window.banner.notice.text() == "The people are invented."
    assert window.canvas.isVisible()
    assert window.layers.tree.topLevelItemCount() == 8 + 1  # and the tables
    assert window.conflicts.model.rowCount() == 4
    assert window.as_of.iso_date == AS_OF
    assert window.status.scale.text().startswith("1:")


def test_an_empty_project_says_what_to_do_next(qtbot, window):
    window.commands.begin_empty()
    assert window.empty.isVisible()
    assert "Import" not in window.empty.title.text()
    assert window.menus._actions["import"].isEnabled()
    assert not window.menus._actions["assess"].isEnabled()


def px_of(window, x, y):
    return window.canvas.viewport.to_px(np.array([[x, y]]))[0]


def test_a_click_tells_what_is_there_and_selects_its_conflicts(on_conflicts):
    window = on_conflicts
    window.canvas.asked.emit(*px_of(window, 150, 50))
    tree = window.identified.tree
    titles = [tree.topLevelItem(i).text(0) for i in range(tree.topLevelItemCount())]
    assert any("Conflicts" in title for title in titles)
    assert any("Zoning" in title for title in titles)
    chosen = window.conflicts.table.selectionModel().selectedRows()
    frame = window.project.layer("conflicts").frame
    subjects = {frame["subject_id"].iloc[window.conflicts._row(index)] for index in chosen}
    assert subjects == {"B2"}
    assert window.canvas.has_marks


def test_a_click_on_nothing_empties_the_panel(on_conflicts):
    window = on_conflicts
    window.canvas.asked.emit(*px_of(window, 150, 50))
    window.canvas.asked.emit(2, 2)
    assert window.identified.tree.topLevelItemCount() == 0
    assert not window.canvas.has_marks


def test_what_was_told_of_a_place_goes_when_its_records_change(on_conflicts):
    window = on_conflicts
    window.canvas.asked.emit(*px_of(window, 150, 50))
    window.layers.visibility_asked.emit("zoning", False)
    assert window.identified.tree.topLevelItemCount() > 0
    window.commands.set_as_of("2027-01-01")
    window.commands.assess()
    assert window.identified.tree.topLevelItemCount() == 0


def test_a_row_of_the_table_is_marked_and_activating_it_goes_there(qtbot, on_conflicts):
    window = on_conflicts
    window.conflicts.table.selectRow(0)
    assert window.canvas.has_marks
    assert window.menus._actions["zoom_selection"].isEnabled()
    scale = window.canvas.viewport.metres_per_px
    window.conflicts.activated.emit(0)
    assert window.canvas.viewport.metres_per_px < scale


def test_visibility_order_and_title_are_edits_that_can_be_undone(qtbot, on_conflicts):
    window = on_conflicts
    before = window.project
    window.layers.visibility_asked.emit("zoning", False)
    assert not window.project.layer("zoning").visible
    window.layers.move_asked.emit("zoning", 0)
    assert window.project.layers[0].name == "zoning"
    window.layers.rename_asked.emit("zoning", "RDTR & co")
    assert window.project.layer("zoning").title == "RDTR & co"
    assert "RDTR" not in window.menus._actions["redo"].text()
    assert window.isWindowModified()
    for _time in range(3):
        window.menus._actions["undo"].trigger()
    assert window.project is before
    assert not window.isWindowModified()
    assert window.menus._actions["redo"].text().startswith("Redo ")


def test_layers_move_by_keyboard_and_stop_at_the_ends(on_conflicts):
    window = on_conflicts
    window.layers.tree.setCurrentItem(window.layers.tree.topLevelItem(0))
    name = window.layers.current
    window.menus._actions["layer_up"].trigger()
    assert window.project.layers[0].name == name
    window.menus._actions["layer_down"].trigger()
    assert window.project.layers[1].name == name
    assert window.layers.current == name


def test_another_date_makes_the_results_stale_until_they_are_assessed(on_conflicts):
    window = on_conflicts
    assert not window.as_of.stale.isVisible()
    window.as_of.date.setDate(QDate(2026, 12, 24))
    assert window.project.parameters.as_of == "2026-12-24"
    assert window.as_of.stale.isVisible()
    window.menus._actions["assess"].trigger()
    assert not window.as_of.stale.isVisible()
    assert window.project.runs[-1].parameters.as_of == "2026-12-24"
    assert len(window.project.runs) == 2


def test_assessing_brings_the_results_in(window):
    window.use(Session(plain_project()))
    assert window.conflicts.empty.isVisible()
    window.menus._actions["assess"].trigger()
    assert window.conflicts.model.rowCount() == 4
    assert window.project.layers[0].name == "conflicts"
    assert window.session.undo_text == "assess"


def test_a_project_is_saved_opened_and_remembered(window, tmp_path, monkeypatch):
    path = tmp_path / "p.gpkg"
    window.commands.begin_empty()
    window.session.apply(set_as_of("2026-11-01"), "date")
    monkeypatch.setattr(dialogs, "ask_save_project", lambda *_asked: path)
    window.menus._actions["save"].trigger()
    assert path.exists()
    assert not window.isWindowModified()
    assert window.settings.recent == (path,)
    window.commands.begin_empty()
    window.commands.open(path)
    assert window.project.parameters.as_of == "2026-11-01"


def test_a_project_that_cannot_be_opened_is_told_with_a_remedy(window, tmp_path, bugs):
    path = tmp_path / "no.gpkg"
    path.write_text("nothing of the kind")
    window.commands.open(path)
    assert window.messages.isVisible()
    assert "no.gpkg" in window.messages.message.text()
    assert window.messages.remedy.text()
    assert window.has_session
    assert bugs == []


def test_a_cancelled_opening_leaves_the_ways_to_a_project(qtbot, window):
    window.empty.set_loading(True)
    job = window.jobs.start(lambda _progress: None, title="opening", done=lambda _answer: None)
    window.jobs.cancel(job)
    assert all(button.isVisible() for button in window.empty._offered)


def test_a_command_that_cannot_be_served_is_told(window, tmp_path, monkeypatch, bugs):
    window.commands.begin_empty()
    monkeypatch.setattr(dialogs, "ask_save_project", lambda *_asked: tmp_path / "no" / "p.gpkg")
    window.menus._actions["save_as"].trigger()
    assert "cannot be written" in window.messages.message.text()
    assert window.session.path is None
    assert bugs == []


def test_leaving_with_unsaved_changes_asks(window, monkeypatch):
    window.commands.begin_empty()
    assert window.commands.saving.may_leave(lambda: None)
    window.session.apply(set_as_of("2026-11-01"), "date")
    for answer, leaves in (("stay", False), ("discard", True)):
        monkeypatch.setattr(dialogs, "ask_unsaved", lambda _parent, answer=answer: answer)
        assert window.commands.saving.may_leave(lambda: None) is leaves
    monkeypatch.setattr(dialogs, "ask_unsaved", lambda _parent: "stay")
    window.close()
    assert window.isVisible()
    monkeypatch.setattr(dialogs, "ask_unsaved", lambda _parent: "discard")


def test_what_is_edited_while_another_project_is_read_is_asked_about(window, tmp_path, monkeypatch):
    path = tmp_path / "other.gpkg"
    save_project(create_project(), path)
    window.commands.begin_empty()
    here = window.session
    open_project = work.open_project

    def edited_meanwhile(path, progress):
        here.apply(set_as_of("2026-11-01"), "date")
        return open_project(path, progress)

    monkeypatch.setattr(work, "open_project", edited_meanwhile)
    monkeypatch.setattr(dialogs, "ask_unsaved", lambda _parent: "stay")
    window.commands.open(path)
    assert window.session is here
    monkeypatch.setattr(dialogs, "ask_unsaved", lambda _parent: "discard")
    window.commands.open(path)
    assert window.session.path == path
    assert not window.session.read_only


def test_bugs_are_reported_and_the_window_lives(window, bugs):
    window.jobs.start(lambda _progress: 1 / 0, title="a bug", done=lambda _answer: None)
    assert bugs == ["ZeroDivisionError: division by zero"]
    window.jobs.start(
        lambda _progress: (_ for _ in ()).throw(GisappError("wrong", "mend it")),
        title="work",
        done=lambda _answer: None,
    )
    assert window.messages.message.text() == "wrong"


def test_esc_closes_the_message_then_takes_the_marks_away(qtbot, on_conflicts):
    window = on_conflicts
    window.conflicts.table.selectRow(0)
    window.messages.tell("told")
    qtbot.keyClick(window, Qt.Key.Key_Escape)
    assert not window.messages.isVisible()
    assert window.canvas.has_marks
    qtbot.keyClick(window, Qt.Key.Key_Escape)
    assert not window.canvas.has_marks


def test_the_language_changes_at_once_and_is_remembered(on_conflicts):
    window = on_conflicts
    window.speak("id")
    assert window.settings.language == "id"
    assert window.conflicts.model.headerData(0, Qt.Orientation.Horizontal) == "Temuan"
    assert window.layers.tree.topLevelItem(0).text(0) == "Konflik"
    window.speak("en")
    assert window.conflicts.model.headerData(0, Qt.Orientation.Horizontal) == "Finding"
    assert window.layers.tree.topLevelItem(0).text(0) == "Conflicts"


class Stretched(gettext.NullTranslations):
    """Says everything a third longer, as Indonesian often does, with a mark in front."""

    def gettext(self, message):
        return "§" + message + "~" * min(len(message) // 3, 30)

    def ngettext(self, singular, plural, n):
        return self.gettext(singular if n == 1 else plural)


@pytest.fixture
def stretched(monkeypatch):
    monkeypatch.setattr(words, "_catalogue", lambda _code: Stretched())


def test_every_word_changes_with_the_language(window, stretched):
    window.use(Session(assessed_project()))
    window.retranslate()
    window.canvas.asked.emit(*px_of(window, 150, 50))
    said = {
        *(action.text() for action in window.menus._actions.values()),
        *(menu.title() for menu in window.menus._menus.values()),
        *(dock.windowTitle() for dock in window.docks.all),
        *(window.summary.areas.horizontalHeaderItem(i).text() for i in range(5)),
        window.banner.sentence.text(),
        window.conflicts.finding.itemText(0),
        window.conflicts.count.text(),
        window.canvas.accessibleName(),
        window.as_of.label.text(),
        window.as_of.stale.text(),
        window.status.cancel.text(),
        window.layers.tree.topLevelItem(8).text(0),
    }
    assert all("§" in text for text in said), [text for text in said if "§" not in text]


@pytest.mark.parametrize("lang", ["en", "id", "stretched"])
def test_nothing_is_clipped_at_1280_by_800(qtbot, window, request, lang):
    if lang == "stretched":
        request.getfixturevalue("stretched")
    else:
        set_language(lang)
    window.retranslate()
    window.use(Session(assessed_project()))
    window.session.apply(set_as_of("2026-12-24"), "date")
    assert window.as_of.stale.isVisible()
    QApplication.processEvents()
    for label in window.findChildren(QLabel):
        if label.isVisible() and not label.wordWrap() and label.text():
            assert label.sizeHint().width() <= label.width(), label.text()
    heads = window.summary.areas.horizontalHeader()
    for column in range(heads.count()):
        assert heads.sectionSizeHint(column) <= heads.sectionSize(column), column
    assert (window.width(), window.height()) == (1280, 800)


def test_everything_that_takes_the_keyboard_has_a_name(on_conflicts):
    window = on_conflicts
    for widget in (
        window.canvas, window.layers.tree, window.conflicts.table, window.conflicts.finding,
        window.identified.tree, window.as_of.date,
    ):  # fmt: skip
        assert widget.accessibleName(), widget
        assert widget.focusPolicy() & Qt.FocusPolicy.TabFocus


def test_an_export_shows_what_leaves_and_enters_the_ledger(
    qtbot, on_conflicts, tmp_path, monkeypatch
):
    window, path = on_conflicts, tmp_path / "map.html"
    monkeypatch.setattr(dialogs, "ask_export", lambda *_asked: path)
    window.menus._actions["export_html"].trigger()
    (dialog,) = window.findChildren(ExportDialog)
    assert dialog.choice.preset == "public"
    assert dialog.leaves.topLevelItemCount() > 0
    dialog.presets.button(1).setChecked(True)
    assert not dialog.export.isEnabled()
    dialog.recipient.setText("LBH")
    dialog.recipient.editingFinished.emit()
    assert dialog.export.isEnabled()
    dialog.accept()
    assert path.stat().st_size > 10_000
    (record,) = window.project.exports
    assert (record.preset, record.recipient) == ("partner", "LBH")


def test_a_file_is_imported_through_the_mapping(qtbot, window, tmp_path, monkeypatch):
    path = tmp_path / "stalls.csv"
    path.write_text("kode;lat;lon;bentuk\nU1;-6.33;106.87;kios\nU2;0;0;lapak\n")
    monkeypatch.setattr(dialogs, "ask_source", lambda *_asked: path)
    window.commands.begin_empty()
    window.menus._actions["import"].trigger()
    (dialog,) = window.findChildren(ImportDialog)
    dialog.kind.setCurrentIndex(dialog.kind.findData("businesses"))
    qtbot.waitUntil(dialog.take.isEnabled)
    assert dialog.counts.text().startswith("2 rows read · 1 accepted")
    assert dialog.refused.rowCount() == 1
    dialog.codes.chosen.emit("form", "lapak", "pkl")
    assert not dialog.take.isEnabled()
    qtbot.waitUntil(dialog.take.isEnabled)
    dialog.accept()
    assert window.project.layer("businesses").frame["id"].tolist() == ["U1"]
    assert "1 not taken in" in window.messages.message.text()
    (look,) = window.messages.offered
    assert look.text() == "Look at them"
    look.click()
    (refused,) = window.findChildren(QuarantineDialog)
    assert refused.model.rowCount() == 1
    refused.reject()
    assert window.canvas.isVisible()


def test_the_layout_is_remembered_once_something_was_shown(qtbot, window):
    assert window.settings.layout[1].isEmpty()
    window.commands.begin_empty()
    window.close()
    assert not window.settings.layout[1].isEmpty()
