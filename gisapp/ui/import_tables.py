"""The two tables of an import that are filled in: fields and columns, words and codes."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QStringListModel, Qt, Signal
from PySide6.QtGui import QColor, QPaintEvent
from PySide6.QtWidgets import QAbstractItemView, QComboBox, QHeaderView, QTableWidget
from PySide6.QtWidgets import QTableWidgetItem as Item

from gisapp.core.words import _, label, number
from gisapp.io.values import UNKNOWN
from gisapp.ui import theme
from gisapp.ui.import_form import NO_COLUMN, origin_text
from gisapp.ui.tables import paint_empty

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from gisapp.core.catalogue import Kind
    from gisapp.ui.import_form import CodeRow, FieldRow

ROW_PX = 30
FORM_WIDTH_PX = 460


class Choices:
    """What the combo boxes of a table offer: one list that they share, however long it is."""

    def __init__(self, choices: Mapping[str, str]) -> None:
        self.values = tuple(choices)
        self.model = QStringListModel(list(choices.values()))


class _Form(QTableWidget):
    """A table whose cells are read, but for the combo boxes in it; `empty` is for no rows."""

    empty = ""

    def __init__(self, name: str, heads: Sequence[str]) -> None:
        super().__init__(0, len(heads))
        self._asked: object = None
        self.setAccessibleName(name)
        self.setHorizontalHeaderLabels(list(heads))
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setSelectionMode(QAbstractItemView.SelectionMode.NoSelection)
        self.setTabKeyNavigation(False)  # Tab goes from one combo box to the next, and out
        self.setShowGrid(False)
        self.setWordWrap(False)
        self.verticalHeader().hide()
        self.verticalHeader().setDefaultSectionSize(ROW_PX)
        self.horizontalHeader().setDefaultAlignment(Qt.AlignmentFlag.AlignLeft)
        self.horizontalHeader().setStretchLastSection(True)
        self.horizontalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Interactive)
        self.setMinimumWidth(FORM_WIDTH_PX)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the rows, or why there are none."""
        super().paintEvent(event)
        paint_empty(self, self.empty)

    def set_height(self, rows: int, asked: object) -> None:
        """Make room for rows; what asks the same as before keeps its combo boxes (and focus)."""
        if asked != self._asked:
            self._asked = asked
            self.setRowCount(0)
            self.setRowCount(rows)

    def set_choice(
        self,
        row: int,
        column: int,
        name: str,
        choices: Choices,
        chosen: str,
        choose: Callable[[str], object],
    ) -> None:
        """Put a combo box into a cell, or bring the one that is there up to date."""
        combo = self.cellWidget(row, column)
        if not isinstance(combo, QComboBox):
            combo = QComboBox()
            combo.setAccessibleName(name)
            combo.setSizeAdjustPolicy(
                QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon
            )
            combo.setModel(choices.model)
            combo.activated.connect(lambda index: choose(choices.values[index]))
            self.setCellWidget(row, column, combo)
            above = self.cellWidget(row - 1, column) if row else None
            self.setTabOrder(above or self, combo)
        combo.setCurrentIndex(choices.values.index(chosen) if chosen in choices.values else 0)

    def set_texts(self, row: int, texts: dict[int, str], ink: str = theme.INK) -> None:
        """Fill cells of a row with text that is read."""
        for column, text in texts.items():
            item = Item(text)
            item.setToolTip(text)
            item.setForeground(QColor(ink))
            self.setItem(row, column, item)


class FieldTable(_Form):
    """A row for each field: its column is chosen.

    Signals
    -------
    chosen : the field and the column (empty: none)
    """

    chosen = Signal(str, str)

    def __init__(self) -> None:
        heads = (_("Field"), _("Column"), _("Suggestion"), _("For example"))
        super().__init__(_("Fields and columns"), heads)
        for column, width in enumerate((155, 132)):
            self.setColumnWidth(column, width)

    def show_rows(self, rows: Sequence[FieldRow], columns: Sequence[str]) -> None:
        """Show the fields with the columns that they are taken from."""
        choices = Choices({NO_COLUMN: "—"} | {column: column for column in columns})
        self.set_height(len(rows), ([row.field for row in rows], choices.values))
        inks = {"found": theme.QUIET_INK, "chosen": theme.ACCENT, "missing": theme.QUIET_INK}
        for place, row in enumerate(rows):
            self.set_texts(place, {0: row.title}, theme.INK if row.column else theme.QUIET_INK)
            self.set_texts(place, {2: origin_text(row.origin)}, inks[row.origin])
            self.set_texts(place, {3: row.sample})
            self.set_choice(
                place, 1, row.title, choices, row.column, partial(self.chosen.emit, row.field)
            )
        self.resizeColumnToContents(2)


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
        self.empty = _("No column is read as codes.")
        for column, width in enumerate((130, 150, 60)):
            self.setColumnWidth(column, width)

    def show_rows(self, rows: Sequence[CodeRow], kind: Kind) -> None:
        """Show the words with the codes that they are read as."""
        self.set_height(len(rows), [(row.field, row.raw) for row in rows])
        choices = {name: _codes(kind, name) for name in {row.field for row in rows}}
        for place, row in enumerate(rows):
            title = label(kind.fields[row.field].labels)
            ink = theme.INK if row.code != UNKNOWN else theme.WARNING
            self.set_texts(place, {0: title, 1: row.raw, 2: number(row.count)}, ink)
            self.set_choice(
                place,
                3,
                f"{title}: {row.raw}",
                choices[row.field],
                row.code,
                partial(self.chosen.emit, row.field, row.raw),
            )


def _codes(kind: Kind, field: str) -> Choices:
    codes = kind.fields[field].codes
    return Choices(
        {UNKNOWN: _("not known")} | {code: label(labels) for code, labels in codes.items()}
    )
