import pytest
from helpers.window import assessed_project
from PySide6.QtCore import QMimeData, QPointF, Qt
from PySide6.QtGui import QAction, QDropEvent

from gisapp.io.catalogue import load_catalogue
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
