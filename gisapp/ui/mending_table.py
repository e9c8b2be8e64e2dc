"""The table in which rows that were not taken in are corrected."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QAbstractTableModel, Qt, Signal
from PySide6.QtGui import QColor, QFont, QKeyEvent
from PySide6.QtWidgets import QAbstractItemDelegate, QAbstractItemView, QTableView, QWidget

from gisapp.core.words import _
from gisapp.ui import theme
from gisapp.ui.mending_form import ID, ROW
from gisapp.ui.tables import LEFT, NOWHERE, RIGHT, Index, dress_table

if TYPE_CHECKING:
    from gisapp.ui.mending_form import MendingForm

_TYPED_PAPER = "#fff6d6"


class MendingModel(QAbstractTableModel):
    """Shows a `MendingForm`; what was typed is marked.

    Signals
    -------
    typed : a cell was corrected
    """

    typed = Signal()

    def __init__(self, form: MendingForm) -> None:
        super().__init__()
        self.form = form

    def show(self, form: MendingForm) -> None:
        """Show another form, or this one with other rows."""
        self.beginResetModel()
        self.form = form
        self.endResetModel()

    def rowCount(self, parent: Index = NOWHERE) -> int:
        """Return how many rows are shown."""
        return 0 if parent.isValid() else len(self.form.places)

    def columnCount(self, parent: Index = NOWHERE) -> int:
        """Return how many columns there are."""
        return 0 if parent.isValid() else len(self.form.columns)

    def flags(self, index: Index) -> Qt.ItemFlag:
        """Let cells be corrected where that can help."""
        flags = super().flags(index)
        if index.isValid() and self.form.is_editable(index.row(), index.column()):
            flags |= Qt.ItemFlag.ItemIsEditable
        return flags

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """Return a cell's text, and how what was typed looks."""
        roles = Qt.ItemDataRole
        if role in (roles.DisplayRole, roles.EditRole, roles.ToolTipRole):
            return self.form.text(index.row(), index.column())
        if role == roles.TextAlignmentRole and index.column() == ROW:
            return RIGHT
        if role == roles.ForegroundRole and index.column() < ID:
            return QColor(theme.QUIET_INK)
        if not self.form.is_typed(index.row(), index.column()):
            return None
        if role == roles.FontRole:
            font = QFont()
            font.setBold(True)
            return font
        return QColor(_TYPED_PAPER) if role == roles.BackgroundRole else None

    def setData(self, index: Index, value: Any, role: int = Qt.ItemDataRole.EditRole) -> bool:
        """Correct a cell."""
        if role != Qt.ItemDataRole.EditRole or not self.form.is_editable(
            index.row(), index.column()
        ):
            return False
        self.form.type(index.row(), index.column(), str(value))
        self.dataChanged.emit(index, index)
        self.typed.emit()
        return True

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> Any:
        """Return a column's heading."""
        if orientation != Qt.Orientation.Horizontal:
            return None
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return RIGHT if section == ROW else LEFT
        return self.form.columns[section] if role == Qt.ItemDataRole.DisplayRole else None


class MendingTable(QTableView):
    """A table that is filled in from the keyboard: Enter goes down, Tab on, Delete clears."""

    def __init__(self, model: MendingModel) -> None:
        super().__init__()
        self.setModel(model)
        dress_table(self, _("Rows not taken in"))
        self.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectItems)
        self.setTabKeyNavigation(True)
        triggers = QAbstractItemView.EditTrigger
        self.setEditTriggers(
            triggers.DoubleClicked | triggers.EditKeyPressed | triggers.AnyKeyPressed
        )

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Clear the selected cells, or go to the next row."""
        key = Qt.Key(event.key())
        if key in (Qt.Key.Key_Delete, Qt.Key.Key_Backspace):
            for index in self.selectionModel().selectedIndexes():
                self.model().setData(index, "")
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            if self.state() != QAbstractItemView.State.EditingState:  # else `closeEditor` does
                self._go_down()
        else:
            super().keyPressEvent(event)

    def closeEditor(self, editor: QWidget, hint: QAbstractItemDelegate.EndEditHint) -> None:
        """After Enter go to the next row, as without an editor."""
        super().closeEditor(editor, hint)
        if hint == QAbstractItemDelegate.EndEditHint.SubmitModelCache:
            self._go_down()

    def _go_down(self) -> None:
        here = self.currentIndex()
        below = self.model().index(here.row() + 1, here.column())
        if below.isValid():
            self.setCurrentIndex(below)
