"""The two tables of an import that are filled in: fields and columns, words and codes."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QAbstractItemView, QComboBox, QHeaderView, QTableWidget
from PySide6.QtWidgets import QTableWidgetItem as Item

from gisapp.core.words import _, label, number
from gisapp.io.values import UNKNOWN
from gisapp.ui.import_form import NO_COLUMN

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from gisapp.core.catalogue import Kind
    from gisapp.ui.import_form import CodeRow, FieldRow

ROW_PX = 30


class _Form(QTableWidget):
    """A table whose cells are read, but for the combo boxes in it."""

    def __init__(self, name: str, heads: Sequence[str]) -> None:
        super().__init__(0, len(heads))
        self._asked: Sequence[tuple[str, ...]] = ()
        self.setAccessibleName(name)
        self.setHorizontalHeaderLabels(list(heads))
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setSelectionMode(QAbstractItemView.SelectionMode.NoSelection)
        self.setShowGrid(False)
        self.verticalHeader().hide()
        self.verticalHeader().setDefaultSectionSize(ROW_PX)
        self.horizontalHeader().setDefaultAlignment(Qt.AlignmentFlag.AlignLeft)
        self.horizontalHeader().setStretchLastSection(True)
        self.horizontalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Interactive)

    def set_height(self, rows: Sequence[tuple[str, ...]]) -> None:
        """Make room for rows; what asks the same as before keeps its combo boxes (and focus)."""
        if rows != self._asked:
            self._asked = rows
            self.setRowCount(0)
            self.setRowCount(len(rows))

    def set_choice(
        self,
        row: int,
        column: int,
        name: str,
        choices: Sequence[tuple[str, str]],
        chosen: str,
        choose: Callable[[str], object],
    ) -> None:
        """Put a combo box into a cell, or bring the one that is there up to date."""
        combo = self.cellWidget(row, column)
        if not isinstance(combo, QComboBox):
            combo = QComboBox()
            combo.setAccessibleName(name)
            for text, data in choices:
                combo.addItem(text, data)
            made = combo
            combo.activated.connect(lambda _index: choose(made.currentData()))
            self.setCellWidget(row, column, combo)
        combo.setCurrentIndex(max(combo.findData(chosen), 0))

    def set_texts(self, row: int, texts: dict[int, str]) -> None:
        """Fill cells of a row with text that is read."""
        for column, text in texts.items():
            item = Item(text)
            item.setToolTip(text)
            self.setItem(row, column, item)


class FieldTable(_Form):
    """A row for each field: its column is chosen.

    Signals
    -------
    chosen : the field and the column (empty: none)
    """

    chosen = Signal(str, str)

    def __init__(self) -> None:
        super().__init__(_("Fields and columns"), (_("Field"), _("Column"), _("For example")))
        self.setColumnWidth(0, 190)
        self.setColumnWidth(1, 170)

    def show_rows(self, rows: Sequence[FieldRow], columns: Sequence[str]) -> None:
        """Show the fields with the columns that they are taken from."""
        choices = [("—", NO_COLUMN), *((column, column) for column in columns)]
        self.set_height([(row.field, *columns) for row in rows])
        for place, row in enumerate(rows):
            self.set_texts(place, {0: row.title, 2: row.sample})
            self.set_choice(
                place, 1, row.title, choices, row.column, partial(self.chosen.emit, row.field)
            )


class CodeTable(_Form):
    """A row for each word of a column of codes: what it means is chosen.

    Signals
    -------
    chosen : the field, the word, the code
    """

    chosen = Signal(str, str, str)

    def __init__(self) -> None:
        heads = (_("Field"), _("In the source"), _("Rows"), _("Means"))
        super().__init__(_("Words and codes"), heads)

    def show_rows(self, rows: Sequence[CodeRow], kind: Kind) -> None:
        """Show the words with the codes that they are read as."""
        self.set_height([(row.field, row.raw) for row in rows])
        for place, row in enumerate(rows):
            field = kind.fields[row.field]
            self.set_texts(place, {0: label(field.labels), 1: row.raw, 2: number(row.count)})
            codes = [(label(labels), code) for code, labels in field.codes.items()]
            self.set_choice(
                place,
                3,
                f"{label(field.labels)}: {row.raw}",
                [(_("not known"), UNKNOWN), *codes],
                row.code,
                partial(self.chosen.emit, row.field, row.raw),
            )
