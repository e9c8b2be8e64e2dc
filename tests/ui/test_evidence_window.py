"""Why a finding is what it is, asked from the conflicts, from a click, and by the keyboard."""

from __future__ import annotations

from typing import Any

import pytest
from helpers.window import assessed_project, jobs_at_once
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication

from gisapp.session.edits import set_title
from gisapp.session.session import Session
from gisapp.ui import attaching, dialogs
from gisapp.ui.identify_panel import ATTACHED
from gisapp.ui.main_window import MainWindow
from gisapp.ui.messages import BugReporter
from gisapp.ui.settings import Settings


@pytest.fixture
def window(qtbot: Any, monkeypatch: pytest.MonkeyPatch, tmp_path: Any) -> Any:
    monkeypatch.setenv("GISAPP_HOME", str(tmp_path / "home"))
    monkeypatch.setattr(dialogs, "ask_unsaved", lambda _parent: "discard")
    made = MainWindow(jobs_at_once(), jobs_at_once(), Settings(), BugReporter(print))
    qtbot.addWidget(made)
    made.show()
    with qtbot.waitSignal(made.canvas.drawn):
        made.use(Session(assessed_project()))
    yield made
    made.close()


def texts(window: Any) -> list[str]:
    return [item.text(0) for item in window.evidencing.shown._items()]


def choose(window: Any, row: int) -> None:
    window.conflicts.choose_rows([row])
    window.conflicts.table.setFocus()


def click_on(window: Any, layer: str, row: int) -> None:
    from gisapp.render.pick import Hit

    window._show_hits([Hit(layer, row, "", 0.0)])


def test_nothing_chosen_is_told_with_what_to_do(window: Any) -> None:
    window.commands.handlers["why"]()
    assert window.evidencing.shown is None
    assert "Nothing is chosen" in window.messages.message.text()


def test_a_conflict_opens_at_the_area_that_it_is_about(window: Any) -> None:
    frame = window.project.of_kind("conflicts")[0].frame
    for row in range(len(frame)):
        choose(window, row)
        window.commands.handlers["why"]()
        shown = window.evidencing.shown
        record = frame.iloc[row]
        assert shown.isVisible()
        assert shown.chain.subject_id == record["subject_id"]
        assert shown._step().about == (record["area_kind"], record["area_id"])


def test_what_was_clicked_on_is_explained(window: Any) -> None:
    click_on(window, "businesses", 2)
    assert window.identified.why.isVisible()
    window.identified.why.click()
    assert window.evidencing.shown.chain.subject_id == "B3"


def test_a_conflict_is_meant_where_an_area_was_clicked_on(window: Any) -> None:
    window.conflicts.choose_rows([1])
    click_on(window, "evictions", 0)
    window.commands.handlers["why"]()
    record = window.project.of_kind("conflicts")[0].frame.iloc[1]
    assert window.evidencing.shown.chain.subject_id == record["subject_id"]


def test_an_area_has_no_finding_of_its_own(window: Any) -> None:
    click_on(window, "evictions", 0)
    assert not window.identified.why.isVisible()
    assert window.identified.attach.isVisible()


def test_each_step_with_a_place_is_marked_by_the_keyboard(window: Any, qtbot: Any) -> None:
    choose(window, 0)
    window.evidencing.open()
    tree = window.evidencing.shown.tree
    for item in window.evidencing.shown._items():
        tree.setCurrentItem(item)
        step = window.evidencing.shown._step()
        assert window.evidencing.shown.mark.isEnabled() == (step.geometry is not None)
        if step.geometry is not None:
            with qtbot.waitSignal(window.evidencing.shown.mark_asked) as asked:
                qtbot.keyClick(tree, Qt.Key.Key_Return)
            assert asked.args[0][0] is step.geometry


def test_a_value_and_the_whole_chain_are_copied(window: Any, qtbot: Any) -> None:
    choose(window, 0)
    window.evidencing.open()
    shown = window.evidencing.shown
    fact = next(item for item in shown._items() if item.text(1))
    shown.tree.setCurrentItem(fact)
    shown._copy_current()
    assert QGuiApplication.clipboard().text() == f"{fact.text(0)}: {fact.text(1)}"
    shown.copy_all.click()
    copied = QGuiApplication.clipboard().text()
    assert all(step.text in copied for step in shown.chain.every())


def test_a_chain_of_before_an_edit_says_so_and_is_asked_for_again(window: Any) -> None:
    choose(window, 0)
    window.evidencing.open()
    shown = window.evidencing.shown
    assert not shown.stale.isVisible()
    window.session.apply(set_title("Other"), "rename")
    assert shown.stale.isVisible()
    shown.again.click()
    assert not shown.stale.isVisible()


def test_it_speaks_the_language_that_was_chosen_meanwhile(window: Any) -> None:
    choose(window, 0)
    window.evidencing.open()
    before = window.evidencing.shown.chain
    window.speak("id")
    try:
        assert window.evidencing.shown.chain is not before
    finally:
        window.speak("en")


def test_a_document_is_attached_opened_saved_and_removed(
    window: Any, monkeypatch: pytest.MonkeyPatch, tmp_path: Any
) -> None:
    letter, copy = tmp_path / "surat.pdf", tmp_path / "copy.pdf"
    letter.write_bytes(b"%PDF letter")
    opened: list[Any] = []
    monkeypatch.setattr(dialogs, "ask_document", lambda _parent, _folder: letter)
    monkeypatch.setattr(dialogs, "ask_copy", lambda _parent, _folder, _name: copy)
    monkeypatch.setattr(
        attaching.QDesktopServices, "openUrl", lambda url: bool(opened.append(url)) or True
    )
    panel = window.identified
    click_on(window, "evictions", 0)
    panel.attach.click()
    assert [x.to_id for x in window.project.attachments] == ["E1"]
    (item,) = panel.tree.findItems(
        "surat.pdf", Qt.MatchFlag.MatchExactly | Qt.MatchFlag.MatchRecursive
    )
    assert item.data(0, ATTACHED) == "1"
    panel.tree.setCurrentItem(item)
    panel.open.click()
    panel.save.click()
    assert copy.read_bytes() == b"%PDF letter"
    (url,) = opened
    assert url.toLocalFile().startswith(str(tmp_path / "home"))
    panel.remove.click()
    assert window.project.attachments == ()
    assert not panel.open.isVisible()
    window.session.undo()
    assert len(window.project.attachments) == 1


def test_what_might_be_run_is_refused_with_a_remedy(
    window: Any, monkeypatch: pytest.MonkeyPatch, tmp_path: Any
) -> None:
    program = tmp_path / "setup.exe"
    program.write_bytes(b"MZ")
    monkeypatch.setattr(dialogs, "ask_document", lambda _parent, _folder: program)
    monkeypatch.setattr(attaching.QDesktopServices, "openUrl", lambda _url: pytest.fail("opened"))
    click_on(window, "evictions", 0)
    window.identified.attach.click()
    window.attaching.open("1")
    assert "might be run" in window.messages.message.text()
