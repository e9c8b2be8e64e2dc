"""The conditions of a rule: rows of column, operator and value, typed by the column."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QComboBox, QGridLayout, QPushButton, QVBoxLayout, QWidget

from gisapp.core.errors import GisappError
from gisapp.core.style import Condition
from gisapp.core.words import _
from gisapp.ui.messages import plain_label
from gisapp.ui.style_form import Column, Holds, condition_of, operators_of, typed_text, values_of
from gisapp.ui.style_widgets import choices, choose, offer, tool

if TYPE_CHECKING:
    from collections.abc import Sequence

    import geopandas as gpd


class ConditionRow(QWidget):
    """One condition.

    Signals
    -------
    changed : it says something else
    removed : the user wants it gone
    """

    changed = Signal()
    removed = Signal()

    def __init__(
        self, frame: gpd.GeoDataFrame, columns: Sequence[Column], shown: Condition
    ) -> None:
        super().__init__()
        self._frame = frame
        self._columns = {x.name: x for x in columns}
        # A column that the layer has not is shown as the style names it.
        self._columns.setdefault(shown.column, Column(shown.column, shown.column, _kept(shown)))
        self.column = choices(_("Column"), [(x.name, x.title) for x in self._columns.values()])
        self.op = choices(_("Comparison"), ())
        self.value = QComboBox()
        self.value.setEditable(True)
        self.value.setInsertPolicy(QComboBox.InsertPolicy.NoInsert)
        self.value.setAccessibleName(_("Value"))
        for combo in (self.column, self.op, self.value):
            combo.setMinimumContentsLength(6)
        self.value.setSizeAdjustPolicy(self.op.sizeAdjustPolicy())
        self._build()
        choose(self.column, shown.column)
        self._offer(shown)
        self.column.currentIndexChanged.connect(self._change_column)
        self.op.currentIndexChanged.connect(self._change_op)
        self.value.currentTextChanged.connect(lambda _text: self.changed.emit())

    def _build(self) -> None:
        remove = tool("✕", _("Remove this condition"))
        remove.clicked.connect(self.removed)
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 6)
        grid.setSpacing(4)
        grid.addWidget(self.column, 0, 0, 1, 2)
        grid.addWidget(remove, 0, 2)
        grid.addWidget(self.op, 1, 0)
        grid.addWidget(self.value, 1, 1, 1, 2)
        grid.setColumnStretch(0, 2)
        grid.setColumnStretch(1, 3)

    @property
    def condition(self) -> Condition:
        """The condition as it stands.

        Raises
        ------
        GisappError
            Where the value is none that the column can be compared with.
        """
        text = self.value.currentText()
        at = self.value.findText(text, Qt.MatchFlag.MatchExactly | Qt.MatchFlag.MatchCaseSensitive)
        if at >= 0:
            text = str(self.value.itemData(at))
        return condition_of(self._columns[self.column.currentData()], self.op.currentData(), text)

    def _offer(self, shown: Condition) -> None:
        column = self._columns[shown.column]
        offer(self.op, operators_of(column.holds))
        choose(self.op, shown.op)
        known = self._values(column)
        self.value.blockSignals(True)
        self.value.clear()
        for typed, text in known:
            self.value.addItem(typed if column.holds == "number" else text, typed)
        typed = typed_text(shown.value)
        at = self.value.findData(typed)
        self.value.setCurrentIndex(at)
        if at < 0:
            self.value.setEditText(typed)
        self.value.blockSignals(False)
        self.value.setVisible(shown.op != "missing")

    def _values(self, column: Column) -> tuple[tuple[str, str], ...]:
        return values_of(self._frame, column) if column.name in self._frame.columns else ()

    def _change_column(self, _index: int) -> None:
        column = self._columns[self.column.currentData()]
        known = self._values(column)
        text = known[0][0] if known else ""
        try:
            begun = condition_of(column, "eq", text)
        except GisappError:  # a column without any value
            begun = Condition(column.name, "missing")
        self._offer(begun)
        self.changed.emit()

    def _change_op(self, _index: int) -> None:
        self.value.setVisible(self.op.currentData() != "missing")
        self.changed.emit()


class ConditionList(QWidget):
    """The conditions of a rule, all of which must hold.

    Signals
    -------
    changed : they say something else
    """

    changed = Signal()

    def __init__(self, frame: gpd.GeoDataFrame, columns: Sequence[Column]) -> None:
        super().__init__()
        self._frame, self._columns = frame, tuple(columns)
        self._rows: list[ConditionRow] = []
        self._empty = plain_label(_("Every feature that no rule above takes."), name="quiet")
        self._add = QPushButton(_("Add condition"))
        self._add.setEnabled(bool(self._columns))
        self._add.clicked.connect(self._begin)
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(4)
        self._column.addWidget(self._empty)
        self._column.addWidget(self._add, 0, Qt.AlignmentFlag.AlignLeft)

    @property
    def rows(self) -> tuple[ConditionRow, ...]:
        """The rows on show, from the top."""
        return tuple(self._rows)

    @property
    def conditions(self) -> tuple[Condition, ...]:
        """The conditions as they stand.

        Raises
        ------
        GisappError
            As `ConditionRow.condition`.
        """
        return tuple(row.condition for row in self._rows)

    def show_conditions(self, conditions: Sequence[Condition]) -> None:
        """Show conditions without telling anybody."""
        for row in self._rows:
            row.setParent(None)
            row.deleteLater()
        self._rows = []
        for condition in conditions:
            self._put(condition)
        self._empty.setVisible(not self._rows)

    def _put(self, condition: Condition) -> None:
        row = ConditionRow(self._frame, self._columns, condition)
        row.changed.connect(self.changed)
        row.removed.connect(lambda: self._remove(row))
        self._column.insertWidget(1 + len(self._rows), row)
        self._rows.append(row)
        self._empty.hide()

    def _begin(self) -> None:
        self._put(Condition(self._columns[0].name, "missing"))
        self._rows[-1].column.setFocus()
        self.changed.emit()

    def _remove(self, row: ConditionRow) -> None:
        self._rows.remove(row)
        row.setParent(None)
        row.deleteLater()
        self._empty.setVisible(not self._rows)
        self._add.setFocus()
        self.changed.emit()


def _kept(condition: Condition) -> Holds:
    if isinstance(condition.value, bool):
        return "truth"
    return "number" if isinstance(condition.value, float) else "text"
