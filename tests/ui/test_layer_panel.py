from dataclasses import replace

import pytest
from helpers.window import assessed_project
from PySide6.QtCore import QMimeData, QPointF, Qt
from PySide6.QtGui import QAction, QDropEvent
from PySide6.QtWidgets import QAbstractItemView, QStyleOptionViewItem

from gisapp.core.style import ScaleRange
from gisapp.io.catalogue import load_catalogue
from gisapp.render.viewport import Viewport
from gisapp.ui.layer_panel import COUNT, TITLE, LayerPanel
from gisapp.ui.layer_rows import layer_rows, table_rows


@pytest.fixture
def panel(qtbot):
    made = LayerPanel()
    qtbot.addWidget(made)
    made.resize(300, 700)
    made.show_rows(layer_rows(assessed_project().layers))
    made.show()
    return made


def item(panel, name):
    items = [panel.tree.topLevelItem(i) for i in range(panel.tree.topLevelItemCount())]
    return next(x for x in items if x.data(TITLE, Qt.ItemDataRole.UserRole) == name)


def test_layers_stand_in_drawing_order_with_counts_and_legend(panel):
    names = [panel.tree.topLevelItem(i).data(TITLE, Qt.ItemDataRole.UserRole) for i in range(8)]
    assert names == [layer.name for layer in assessed_project().layers]
    conflicts = item(panel, "conflicts")
    assert conflicts.text(COUNT) == "4"
    entries = [conflicts.child(i) for i in range(conflicts.childCount())]
    assert sum(int(entry.text(COUNT)) for entry in entries) == 4
    assert not entries[0].icon(TITLE).isNull()
    assert all(entry.isDisabled() == (entry.text(COUNT) == "0") for entry in entries)
    assert item(panel, "businesses").checkState(TITLE) == Qt.CheckState.Unchecked


def test_counts_in_view_stand_before_those_of_all_and_say_so(panel):
    layers = assessed_project().layers
    view = Viewport(50.0, 50.0, 1.0, 60, 60, 4.0)
    entry = item(panel, "conflicts").child(0)
    panel.tree.setCurrentItem(item(panel, "zoning"))
    panel.tree.editItem(item(panel, "zoning"), TITLE)
    panel.show_rows(layer_rows(layers, view))
    conflicts = item(panel, "conflicts")
    seen, total = conflicts.text(COUNT).split(" / ")
    assert (int(seen), total) == (layer_rows(layers, view)[0].in_view, "4")
    assert int(seen) < 4
    assert conflicts.toolTip(COUNT) == f"{seen} in view, 4 in all"
    assert panel.tree.headerItem().toolTip(COUNT) == "In view / all"
    # The items are those of before, so that a title under way is not lost.
    assert conflicts.child(0) is entry
    assert panel.tree.state() == QAbstractItemView.State.EditingState
    assert panel.current == "zoning"


def test_a_rule_of_another_scale_says_so(panel):
    first, *others = assessed_project().layers
    far = replace(first.style.rules[0], scales=ScaleRange(100_000))
    style = replace(first.style, rules=(far, *first.style.rules[1:]))
    view = Viewport(50.0, 50.0, 1.0, 60, 60, 4.0)
    panel.show_rows(layer_rows((replace(first, style=style), *others), view))
    entry = item(panel, first.name).child(0)
    assert (entry.text(COUNT), entry.isDisabled()) == ("–", True)
    assert entry.toolTip(COUNT) == "Not at this scale: drawn from 1:100,000 outward."


def test_a_layer_that_is_switched_off_keeps_its_row_and_loses_its_legend(panel):
    first, *others = assessed_project().layers
    panel.show_rows(layer_rows((replace(first, visible=False), *others)))
    row = item(panel, first.name)
    assert (row.childCount(), row.text(COUNT)) == (0, "4")
    assert row.checkState(TITLE) == Qt.CheckState.Unchecked


def test_the_legend_says_what_it_counts_where_rows_are_not_the_subjects(panel):
    told = item(panel, "conflicts").toolTip(TITLE)
    assert "Counted are 4 records about 2 subjects: one can have several." in told


def test_a_box_asks_for_visibility_once(qtbot, panel):
    asked = []
    panel.visibility_asked.connect(lambda name, visible: asked.append((name, visible)))
    item(panel, "zoning").setCheckState(TITLE, Qt.CheckState.Unchecked)
    assert asked == [("zoning", False)]
    item(panel, "zoning").setCheckState(TITLE, Qt.CheckState.Checked)
    assert asked[1:] == [("zoning", True)]


def test_a_typed_title_asks_for_a_rename(qtbot, panel):
    with qtbot.waitSignal(panel.rename_asked) as asked:
        item(panel, "zoning").setText(TITLE, " RDTR ")
    assert asked.args == ["zoning", "RDTR"]


def test_what_is_current_and_folded_survives_a_refresh(panel):
    panel.tree.setCurrentItem(item(panel, "evictions"))
    item(panel, "conflicts").setExpanded(False)
    panel.show_rows(layer_rows(assessed_project().layers))
    assert panel.current == "evictions"
    assert not item(panel, "conflicts").isExpanded()
    assert item(panel, "zoning").isExpanded()
    panel.tree.setCurrentItem(item(panel, "evictions").child(0))
    assert panel.current == "evictions"


def drop(panel, name, before):
    panel.tree.setCurrentItem(item(panel, name))
    box = panel.tree.visualItemRect(item(panel, before))
    at = QPointF(box.center().x(), box.top() + 1)
    event = QDropEvent(
        at, Qt.DropAction.MoveAction, QMimeData(), Qt.MouseButton.LeftButton,
        Qt.KeyboardModifier.NoModifier,
    )  # fmt: skip
    panel.tree.dropEvent(event)


def test_a_drop_asks_for_a_place_and_changes_nothing_itself(qtbot, panel):
    asked = []
    panel.move_asked.connect(lambda name, place: asked.append((name, place)))
    before = panel.tree.topLevelItemCount()
    drop(panel, "zoning", "conflicts")
    drop(panel, "conflicts", "admin")
    assert asked == [("zoning", 0), ("conflicts", 2)]
    assert panel.tree.topLevelItemCount() == before


def test_tables_stand_below_the_layers_and_are_no_layers(panel):
    project = assessed_project()
    tables = table_rows(project.tables.values(), load_catalogue())
    panel.show_rows(layer_rows(project.layers), tables)
    head = panel.tree.topLevelItem(8)
    assert head.text(TITLE) == "Tables"
    assert head.childCount() == len(tables)
    panel.tree.setCurrentItem(head.child(0))
    assert panel.current == ""
    assert panel.current_source == tables[0].name
    panel.tree.setCurrentItem(head)
    assert panel.current_source == ""
    panel.tree.setCurrentItem(item(panel, "zoning"))
    assert panel.current_source == "zoning"


def test_offered_actions_are_buttons_with_names(panel):
    action = QAction("Zoom to layer", panel)
    panel.offer([action])
    button = panel._buttons.itemAt(0).widget()
    assert button.defaultAction() is action
    assert panel.tree.accessibleName() == "Layers"


def cell(panel, found):
    """What is written in the count column of a row."""
    option = QStyleOptionViewItem()
    index = panel.tree.indexFromItem(found, COUNT)
    option.rect = panel.tree.visualRect(index)
    panel.tree.itemDelegateForColumn(COUNT).initStyleOption(option, index)
    return option.text


def test_counts_give_way_before_names_and_come_back(qtbot, panel):
    rows = layer_rows(assessed_project().layers)
    panel.show_rows([replace(x, count=1_803, in_view=1_803) for x in rows])
    conflicts, header = item(panel, "conflicts"), panel.tree.header()
    assert cell(panel, conflicts) == "1,803 / 1,803"
    panel.resize(panel.minimumWidth(), 700)
    assert header.sectionSize(TITLE) >= 0.6 * panel.tree.viewport().width()
    assert cell(panel, conflicts) == "1,803"
    assert panel.tree.headerItem().text(COUNT) == "All"
    panel.resize(320, 700)
    assert cell(panel, conflicts) == "1,803 / 1,803"


def test_counts_take_no_more_than_they_need(panel):
    rows = layer_rows(assessed_project().layers)
    panel.show_rows([replace(x, title="A name that is long indeed " * 3) for x in rows])
    metrics = panel.tree.fontMetrics()
    spare = panel.tree.header().sectionSize(COUNT) - metrics.horizontalAdvance("Features")
    assert spare < 16
