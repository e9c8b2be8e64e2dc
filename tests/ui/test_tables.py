import pandas as pd
import pytest
from helpers.window import assessed_project
from PySide6.QtCore import Qt

from gisapp.io.catalogue import load_catalogue
from gisapp.ui.frame_view import FrameView
from gisapp.ui.tables import ConflictTable, FrameModel

KIND = load_catalogue().kind("conflicts")


@pytest.fixture
def conflicts(qtbot):
    made = ConflictTable()
    qtbot.addWidget(made)
    made.show_conflicts(assessed_project().layer("conflicts").frame, KIND)
    made.show()
    return made


def texts(table, column):
    model = table.model
    heads = [model.headerData(i, Qt.Orientation.Horizontal) for i in range(model.columnCount())]
    place = heads.index(column)
    return [model.data(model.index(row, place)) for row in range(model.rowCount())]


def test_the_model_keeps_qts_rules(qtbot, qtmodeltester):
    frame = pd.DataFrame({"finding": ["eviction", None], "severity": [2, 1]})
    model = FrameModel(FrameView(frame, ("finding", "severity"), KIND))
    qtmodeltester.check(model)
    model.sort(1)
    qtmodeltester.check(model)
    assert model.data(model.index(0, 1)) == "1"


def test_conflicts_are_shown_in_the_fields_words(conflicts):
    assert sorted(texts(conflicts, "Finding")) == [
        "Conditional", "Contradiction", "Contradiction", "Eviction",
    ]  # fmt: skip
    assert set(texts(conflicts, "Kind of subject")) == {"Business"}
    assert conflicts.count.text() == "4 conflicts"


def test_findings_can_be_filtered_and_sorted(conflicts):
    conflicts.finding.setCurrentIndex(conflicts.finding.findData("eviction"))
    assert texts(conflicts, "Finding") == ["Eviction"]
    assert conflicts.count.text() == "1 conflict"
    conflicts.finding.setCurrentIndex(0)
    conflicts.table.sortByColumn(1, Qt.SortOrder.DescendingOrder)
    severities = [int(text) for text in texts(conflicts, "Severity")]
    assert severities == sorted(severities, reverse=True)


def test_a_chosen_row_is_told_and_explained_whatever_the_order(qtbot, conflicts):
    frame = assessed_project().layer("conflicts").frame
    conflicts.table.sortByColumn(1, Qt.SortOrder.DescendingOrder)
    chosen = []
    conflicts.chosen.connect(chosen.append)
    conflicts.table.selectRow(0)
    (row,) = chosen[-1]
    assert frame["severity"].iloc[row] == frame["severity"].max()
    assert conflicts.explanation.text() == frame["explanation"].iloc[row]
    assert conflicts.explanation.textFormat() == Qt.TextFormat.PlainText


def test_enter_goes_to_the_conflict(qtbot, conflicts):
    conflicts.table.selectRow(2)
    with qtbot.waitSignal(conflicts.activated) as gone:
        qtbot.keyClick(conflicts.table, Qt.Key.Key_Return)
    assert gone.args == [2]


def test_rows_chosen_on_the_map_are_selected_even_where_filtered_away(conflicts):
    frame = assessed_project().layer("conflicts").frame
    wanted = frame.index[frame["finding"] == "contradiction"].tolist()
    conflicts.finding.setCurrentIndex(conflicts.finding.findData("eviction"))
    told = []
    conflicts.chosen.connect(told.append)
    conflicts.choose_rows(wanted[::-1])
    assert len(told) == 1
    assert conflicts.explanation.text() == frame["explanation"].iloc[wanted[-1]]
    rows = [conflicts._row(index) for index in conflicts.table.selectionModel().selectedRows()]
    assert sorted(rows) == wanted


def test_before_an_assessment_the_table_says_what_to_do(qtbot):
    empty = ConflictTable()
    qtbot.addWidget(empty)
    empty.show_conflicts(None, KIND)
    empty.show()
    assert empty.empty.isVisible()
    assert "Assess" in empty.empty.text()
