"""The style editor as a user meets it: live, one step to undo, nothing kept on Cancel."""

from dataclasses import replace

import pytest
from helpers.window import assessed_project, jobs_at_once
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QApplication, QComboBox, QLabel, QPushButton

from gisapp.core.style import Clusters, Condition
from gisapp.core.words import set_language
from gisapp.io.styles import format_style, load_style, parse_style
from gisapp.session.session import Session
from gisapp.ui import dialogs, style_editor
from gisapp.ui.main_window import MainWindow
from gisapp.ui.messages import BugReporter
from gisapp.ui.settings import Settings


@pytest.fixture
def window(qtbot, monkeypatch, tmp_path):
    monkeypatch.setenv("GISAPP_HOME", str(tmp_path / "home"))
    monkeypatch.setattr(dialogs, "ask_unsaved", lambda _parent: "discard")
    bugs = []
    made = MainWindow(
        jobs_at_once(), jobs_at_once(), Settings(), BugReporter(show=lambda *x: bugs.append(x))
    )
    made.styling.preparing = jobs_at_once()
    qtbot.addWidget(made)
    made.resize(1280, 800)
    made.show()
    qtbot.waitExposed(made)
    made.use(Session(assessed_project()))
    yield made
    made.close()
    assert not bugs


def opened(qtbot, window, layer="zoning", rule=0):
    window.layers.tree.setCurrentItem(layer_item(window, layer))
    window.commands.edit_style(rule)
    editor = window.styling.editor
    qtbot.waitExposed(editor)
    settle(qtbot, editor)
    return editor


def layer_item(window, name):
    tree = window.layers.tree
    items = [tree.topLevelItem(i) for i in range(tree.topLevelItemCount())]
    return next(x for x in items if x.data(0, Qt.ItemDataRole.UserRole) == name)


def settle(qtbot, editor):
    qtbot.waitUntil(lambda: not editor._soon.isActive())


def on_map(window, layer="zoning"):
    return next(x for x in window.canvas._layers if x.name == layer).style


def kept(window, layer="zoning"):
    return window.project.layer(layer).style


def button(editor, text):
    return next(x for x in editor.findChildren(QPushButton) if x.text() == text)


def test_a_change_shows_on_the_map_and_is_not_yet_kept(qtbot, window):
    editor, before = opened(qtbot, window), window.project
    editor.rules.symbol.fill._code.setFocus()
    editor.rules.symbol.fill._code.selectAll()
    QTest.keyClicks(editor.rules.symbol.fill._code, "#123456")
    settle(qtbot, editor)
    assert on_map(window).rules[0].symbol.fill == "#123456"
    assert window.project is before
    assert not window.session.dirty


def test_cancel_gives_back_the_style_that_was(qtbot, window):
    was = kept(window)
    editor = opened(qtbot, window)
    editor.layer.opacity._percent.setValue(40)
    settle(qtbot, editor)
    assert on_map(window).opacity == 0.4
    button(editor, "Cancel").click()
    assert on_map(window) == was
    assert not window.session.can_undo
    assert window.styling.editor is None


def test_ok_keeps_the_style_as_one_step_that_undo_takes_back(qtbot, window):
    was = kept(window)
    editor = opened(qtbot, window)
    editor.layer.opacity._percent.setValue(40)
    editor.names.box.setChecked(not editor.names.box.isChecked())
    button(editor, "OK").click()
    assert kept(window).opacity == 0.4
    assert on_map(window) == kept(window)
    assert window.session.undo_text == "style Zoning (RDTR)"
    window.commands.undo()
    assert kept(window) == was
    assert not window.session.can_undo


def test_apply_keeps_and_goes_on_and_undo_reaches_the_open_editor(qtbot, window):
    was = kept(window)
    editor = opened(qtbot, window)
    editor.layer.opacity._percent.setValue(40)
    button(editor, "Apply").click()
    assert kept(window).opacity == 0.4
    button(editor, "Apply").click()
    window.commands.undo()
    settle(qtbot, editor)
    assert editor.held == was
    assert editor.layer.opacity.share == was.opacity
    assert on_map(window) == was


def test_opening_and_leaving_changes_nothing(qtbot, window):
    for name in [x.name for x in window.project.layers]:
        editor, was = opened(qtbot, window, name), kept(window, name)
        assert editor.held == was
        button(editor, "OK").click()
        assert kept(window, name) == was
    assert not window.session.can_undo


def test_rules_are_added_copied_moved_and_removed(qtbot, window):
    editor = opened(qtbot, window, "evictions")
    page, rules = editor.rules, kept(window, "evictions").rules
    page.buttons["down"].click()
    assert editor.held.rules[:2] == (rules[1], rules[0])
    assert page.current == 1
    page.buttons["up"].click()
    assert editor.held.rules == rules
    page.buttons["duplicate"].click()
    assert editor.held.rules == (rules[0], *rules)
    page.buttons["remove"].click()
    assert editor.held.rules == rules
    page.buttons["add"].click()
    assert editor.held.rules[0].labels["en"] == "New rule"
    assert editor.held.rules[0].when == (Condition(rules[0].when[0].column, "missing"),)
    assert parse_style(format_style(editor.held), "x") == editor.held


def test_labels_are_written_in_both_languages(qtbot, window):
    editor = opened(qtbot, window)
    for code, text in (("en", "Homes"), ("id", "Rumah")):
        editor.rules.labels[code].selectAll()
        QTest.keyClicks(editor.rules.labels[code], text)
    assert editor.held.rules[0].labels == {"en": "Homes", "id": "Rumah"}
    assert editor.rules.list.topLevelItem(0).text(0) == "Homes"


def test_a_condition_is_built_from_the_columns_values(qtbot, window):
    editor = opened(qtbot, window, "evictions")
    page = editor.rules
    at = next(i for i, x in enumerate(editor.held.rules) if x.when[0].column == "stage")
    page.list.setCurrentIndex(page.list.model().index(at, 0))
    row = page.conditions.rows[0]
    assert row.column.currentData() == "stage"
    row.value.setCurrentIndex(row.value.findData("sp2"))
    assert row.value.currentText() == "Second warning (SP 2)"
    assert editor.held.rules[at].when[0].value == "sp2"
    row.op.setCurrentIndex(row.op.findData("missing"))
    assert editor.held.rules[at].when[0] == Condition("stage", "missing")
    assert not row.value.isVisible()
    count = len(page.conditions.rows)
    button(page, "Add condition").click()
    assert len(editor.held.rules[at].when) == count + 1


def test_a_column_that_the_layer_lacks_can_be_chosen_again(qtbot, window):
    editor = opened(qtbot, window, "evictions")
    rules = editor.held.rules
    absent = replace(rules[0], when=(Condition("absent", "eq", "x"),))
    editor.show_style(replace(editor.held, rules=(absent, *rules[1:])))
    row = editor.rules.conditions.rows[0]
    row.column.setCurrentIndex(row.column.findData("stage"))
    row.column.setCurrentIndex(row.column.findData("absent"))
    assert editor.held.rules[0].when[0].column == "absent"


def test_a_style_with_a_problem_is_not_exported(qtbot, window, monkeypatch):
    monkeypatch.setattr(style_editor, "ask_save_style", lambda *_args: pytest.fail("asked"))
    editor = opened(qtbot, window)
    first = editor.held.rules[0]
    editor.show_style(replace(editor.held, rules=(replace(first, when=()), first)))
    button(editor, "Export…").click()
    assert "rule 1" in editor.problem.text()


def test_what_is_no_number_is_refused_and_the_map_keeps_the_last_good_style(qtbot, window):
    editor = opened(qtbot, window, "households")
    page = editor.rules
    button(page, "Add condition").click()
    row = page.conditions.rows[-1]
    row.column.setCurrentIndex(row.column.findData("members"))
    settle(qtbot, editor)
    good = on_map(window, "households")
    row.value.setEditText("many")
    settle(qtbot, editor)
    assert "no number" in editor.problem.text()
    assert not editor.ok.isEnabled()
    assert on_map(window, "households") == good
    row.value.setEditText("3")
    assert editor.ok.isEnabled()
    assert not editor.problem.isVisible()


def test_classes_are_made_counted_and_drawn(qtbot, window):
    editor = opened(qtbot, window, "households")
    editor.pages.setCurrentWidget(editor.classes)
    page = editor.classes
    page.column.setCurrentIndex(page.column.findData("members"))
    page.scheme.setCurrentIndex(page.scheme.findData("equal_interval"))
    page.k.setValue(2)
    assert editor.held.classes is None  # nothing is made before it is asked for
    page.make.click()
    settle(qtbot, editor)
    made = editor.held
    assert made.classes.breaks == (3, 4)
    assert on_map(window, "households") == made
    rows = [page.result.topLevelItem(i) for i in range(page.result.topLevelItemCount())]
    assert [(x.text(0), x.text(1)) for x in rows] == [("2 – 3", "1"), ("4", "1")]
    page.reverse.setChecked(True)  # from now on every change is followed
    assert editor.held.rules[0].symbol.fill == made.rules[1].symbol.fill


def test_classes_that_cannot_be_made_are_refused_with_a_remedy(qtbot, window):
    editor = opened(qtbot, window, "households")
    page = editor.classes
    page.column.setCurrentIndex(page.column.findData("members"))
    page.scheme.setCurrentIndex(page.scheme.findData("given"))
    page.make.click()
    assert "No limits are given" in editor.problem.text()
    page.breaks.setText("two; three")
    page.make.click()
    assert "not a number" in editor.problem.text()
    assert editor.held == kept(window, "households")
    assert editor.ok.isEnabled()  # the style on show is as good as before


def test_a_pair_that_looks_alike_is_told_live(qtbot, window):
    editor = opened(qtbot, window, "evictions")
    style = editor.held
    red, green = (replace(style.rules[0].symbol, fill=x, hatch="") for x in ("#d7191c", "#1a9641"))
    rules = tuple(
        replace(rule, symbol=replace(symbol, stroke=None, fill_opacity=1.0))
        for rule, symbol in zip(style.rules[:2], (red, green), strict=True)
    )
    editor.show_style(replace(style, rules=rules))
    assert "look alike to people who see green weakly" in editor.seen.text()
    assert editor.seen.text() in editor.vision.pairs.text()


def test_clusters_are_only_for_points_and_reach_the_style(qtbot, window):
    assert not opened(qtbot, window, "zoning").layer.clusters.isVisibleTo(window.styling.editor)
    window.styling.close()
    editor = opened(qtbot, window, "households")
    editor.layer.clusters.setChecked(True)
    editor.layer.radius_mm.setValue(12)
    assert editor.held.clusters == replace(Clusters(), radius_mm=12)
    editor.layer.heat.setChecked(True)
    assert editor.held.heat.radius_m == 250


def test_a_style_is_exported_and_imported_and_a_bad_one_refused(
    qtbot, window, monkeypatch, tmp_path
):
    editor = opened(qtbot, window)
    path = tmp_path / "mine.toml"
    monkeypatch.setattr(style_editor, "ask_save_style", lambda *_x: path)
    monkeypatch.setattr(style_editor, "ask_style", lambda *_x: path)
    editor.layer.opacity._percent.setValue(40)
    button(editor, "Export…").click()
    made = editor.held
    assert parse_style(path.read_text("utf-8"), "x") == made
    button(editor, "Back to the program's style").click()
    assert editor.held.opacity == 1
    assert editor.held.rules == load_style("zoning").rules
    button(editor, "Import…").click()
    assert editor.held == made
    path.write_text(path.read_text("utf-8").replace("opacity", "opactiy", 1))
    button(editor, "Import…").click()
    assert "did you mean" in editor.problem.text()
    assert "docs/styles.md" in editor.problem.text()
    assert editor.held == made


def test_an_imported_style_of_classes_gets_its_rules_from_the_layer(
    qtbot, window, monkeypatch, tmp_path
):
    editor = opened(qtbot, window, "households")
    path = tmp_path / "x.toml"
    path.write_text('name = "x"\n[classes]\ncolumn = "members"\nscheme = "quantiles"\n')
    monkeypatch.setattr(style_editor, "ask_style", lambda *_x: path)
    button(editor, "Import…").click()
    assert [x.labels["en"] for x in editor.held.rules] == ["2", "3 – 4"]
    assert editor.held.name == "households"


def test_f7_and_a_legend_entry_open_the_editor(qtbot, window):
    tree, item = window.layers.tree, layer_item(window, "zoning")
    tree.setCurrentItem(item)
    window.menus._actions["layer_style"].trigger()
    assert window.styling.editor.layer_name == "zoning"
    window.styling.close()
    entry = item.child(2)
    tree.setCurrentItem(entry)
    tree.itemDoubleClicked.emit(entry, 0)
    assert window.styling.editor.rules.current == 2


def test_another_layer_waits_until_this_one_is_decided(qtbot, window):
    editor = opened(qtbot, window)
    window.layers.tree.setCurrentItem(layer_item(window, "households"))
    window.commands.edit_style()
    assert window.styling.editor is editor
    assert "another layer" in window.messages.message.text()


def test_the_editor_closes_with_its_layer_and_with_its_project(qtbot, window):
    opened(qtbot, window)
    window.session.apply(lambda project: project.without_layer("zoning"), "remove")
    assert window.styling.editor is None
    opened(qtbot, window, "households")
    window.use(Session(assessed_project()))
    assert window.styling.editor is None


def test_a_change_of_language_keeps_what_was_edited(qtbot, window):
    editor = opened(qtbot, window)
    editor.layer.opacity._percent.setValue(40)
    settle(qtbot, editor)
    window.speak("id")
    assert window.styling.editor is not editor
    assert window.styling.editor.held.opacity == 0.4
    settle(qtbot, window.styling.editor)
    assert on_map(window).opacity == 0.4
    set_language("en")


def test_everything_has_a_name_to_be_heard_and_no_text_is_cut(qtbot, window, monkeypatch):
    app = QApplication.instance()
    usual, large = app.font(), app.font()
    large.setPointSizeF(usual.pointSizeF() * 1.5)
    app.setFont(large)
    try:
        editor = opened(qtbot, window, "households")
        for page in range(editor.pages.count()):
            editor.pages.setCurrentIndex(page)
            QApplication.processEvents()
            for part in editor.pages.widget(page).findChildren(QComboBox):
                assert part.accessibleName() or part.toolTip(), part
                text = part.fontMetrics().horizontalAdvance(part.currentText())
                assert not part.isVisible() or text < part.width() - 24, part.currentText()
            shown = [
                x
                for kind in (QLabel, QAbstractButton)
                for x in editor.findChildren(kind)
                if x.isVisible() and x.text()
            ]
            for part in shown:
                wraps = isinstance(part, QLabel) and part.wordWrap()
                assert wraps or part.width() >= part.minimumSizeHint().width(), part.text()
                assert part.height() >= min(part.sizeHint().height(), part.fontMetrics().height())
    finally:
        app.setFont(usual)


def test_escape_cancels(qtbot, window):
    editor = opened(qtbot, window)
    QTest.keyClick(editor, Qt.Key.Key_Escape)
    assert window.styling.editor is None


def test_a_half_typed_colour_is_no_style_yet(qtbot, window):
    editor = opened(qtbot, window)
    code = editor.rules.symbol.fill._code
    was = code.text()
    code.selectAll()
    QTest.keyClicks(code, "#")
    assert not editor.ok.isEnabled()
    assert "“#” is not a colour." in editor.problem.text()
    code.selectAll()
    QTest.keyClicks(code, was)
    assert editor.ok.isEnabled()
    assert not editor.problem.text()


def test_another_rule_forgets_a_half_typed_colour(qtbot, window):
    editor = opened(qtbot, window)
    code = editor.rules.symbol.fill._code
    code.selectAll()
    QTest.keyClicks(code, "#")
    editor.rules.list.setCurrentIndex(editor.rules.list.model().index(1, 0))
    assert editor.ok.isEnabled()


def test_rules_on_a_column_that_the_layer_lacks_are_named(qtbot, window):
    editor = opened(qtbot, window)
    rules = editor.held.rules
    odd = replace(rules[0], when=(Condition("nocolumn", "eq", "x"),))
    editor.show_style(replace(editor.held, rules=(odd, *rules[1:])))
    assert editor.problem.text() == (
        "This layer has no column nocolumn; rules that need it draw nothing."
    )
    assert editor.ok.isEnabled()
    editor.show_style(replace(editor.held, rules=rules))
    assert not editor.problem.text()


def test_a_limit_that_is_no_number_is_told_until_the_next_try(qtbot, window):
    editor = opened(qtbot, window, "households")
    page = editor.classes
    page.column.setCurrentIndex(page.column.findData("members"))
    page.scheme.setCurrentIndex(page.scheme.findData("given"))
    page.breaks.setText("abc")
    page.make.click()
    assert editor.problem.text().startswith("“abc” is not a number.")
    page.breaks.setText("2")
    page.make.click()
    assert not editor.problem.text()


def test_what_classes_need_is_prepared_when_their_page_opens(qtbot, window, monkeypatch):
    prepared, posted = [], []
    monkeypatch.setattr(style_editor, "is_prepared", lambda: bool(prepared))
    monkeypatch.setattr(
        window.styling.preparing,
        "start",
        lambda work, *, title, done, failed: posted.append(done) or object(),
    )
    editor = opened(qtbot, window, "households")
    page = editor.classes
    editor.pages.setCurrentWidget(page)
    assert "Preparing" in page.note.text()
    page.column.setCurrentIndex(page.column.findData("members"))
    page.scheme.setCurrentIndex(page.scheme.findData("quantiles"))
    page.make.click()
    assert editor.held.classes is None
    prepared.append(True)
    (done,) = posted
    done(None)
    assert editor.held.classes.scheme == "quantiles"
