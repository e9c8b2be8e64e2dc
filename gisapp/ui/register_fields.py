"""The form of a provision: every field of the catalogue, what it applies to, who coded it how."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import (
    QComboBox,
    QFormLayout,
    QHBoxLayout,
    QHeaderView,
    QLineEdit,
    QPlainTextEdit,
    QPushButton,
    QScrollArea,
    QSizePolicy,
    QTableWidget,
    QTableWidgetItem,
    QVBoxLayout,
    QWidget,
)

from gisapp.core.words import _, label
from gisapp.ui.messages import plain_label
from gisapp.ui.register_form import (
    DATES,
    FIELDS,
    LONG,
    applies_to,
    codes_of,
    field_of,
    narrowing_codes,
    split_applies_to,
    stances,
    targets,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from gisapp.core.project import Project

CODING_COLUMNS = ("coder", "stance", "coded_on")
LONG_LINES = 3
# An area's long name must not make the form wider than the window.
_NARROW = QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon
Entry = QLineEdit | QPlainTextEdit | QComboBox


class ProvisionForm(QScrollArea):
    """Shows a provision and says what is typed.

    Signals
    -------
    edited : something was typed or chosen
    """

    edited = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._id = ""
        self._showing = False
        self.entries: dict[str, Entry] = {name: self._entry(name) for name in FIELDS}
        self.target, self.form, self.place = QComboBox(), QComboBox(), QComboBox()
        self.codings = Codings()
        self._labels = {
            name: plain_label(wrap=False) for name in (*FIELDS, "applies_to", "codings")
        }
        self._arrange()
        for box in (self.target, self.form, self.place):
            box.currentIndexChanged.connect(self._notice)
        self.codings.edited.connect(self._notice)

    def retranslate(self) -> None:
        """Take the words of the language in force."""
        for name, entry in self.entries.items():
            self._labels[name].setText(label(field_of(name).labels))
            entry.setAccessibleName(label(field_of(name).labels))
            if isinstance(entry, QComboBox):
                fill(entry, stances() if name == "stance" else codes_of(name))
        for name in DATES:
            self.entries[name].setPlaceholderText(_("year-month-day; empty: not known"))
        self._labels["applies_to"].setText(label(field_of("applies_to").labels))
        self._labels["codings"].setText(_("Codings"))
        fill(self.form, narrowing_codes("form"))
        fill(self.place, narrowing_codes("location_kind"))
        self.target.setAccessibleName(label(field_of("applies_to").labels))
        self.form.setAccessibleName(_("Only businesses of this form"))
        self.place.setAccessibleName(_("Only businesses at this kind of place"))
        self.codings.retranslate()

    def offer(self, project: Project) -> None:
        """Offer what provisions of a project can apply to."""
        self._showing = True
        fill(self.target, targets(project))
        self._showing = False

    def show_record(
        self, record: Mapping[str, str], codings: Sequence[Mapping[str, str]] = ()
    ) -> None:
        """Show a provision with its codings."""
        self._showing = True
        self._id = record["id"]
        for name, entry in self.entries.items():
            _put(entry, record[name])
        parts = split_applies_to(record["applies_to"])
        for box, value in zip((self.target, self.form, self.place), parts, strict=True):
            choose(box, value)
        self.codings.show_codings(codings)
        self._showing = False

    def typed(self) -> dict[str, str]:
        """Return the provision as it is typed."""
        written = {name: _taken(entry) for name, entry in self.entries.items()}
        chosen = (box.currentData() or "" for box in (self.target, self.form, self.place))
        return {"id": self._id, **written, "applies_to": applies_to(*chosen)}

    def _entry(self, name: str) -> Entry:
        if name in LONG:
            text = QPlainTextEdit()
            text.setTabChangesFocus(True)
            text.setFixedHeight(text.fontMetrics().height() * LONG_LINES + 12)
            text.textChanged.connect(self._notice)
            return text
        if name == "stance" or field_of(name).codes:
            box = QComboBox()
            box.currentIndexChanged.connect(self._notice)
            return box
        line = QLineEdit()
        line.textEdited.connect(self._notice)
        return line

    def _arrange(self) -> None:
        inside = QWidget()
        rows = QFormLayout(inside)
        rows.setFieldGrowthPolicy(QFormLayout.FieldGrowthPolicy.ExpandingFieldsGrow)
        rows.setRowWrapPolicy(QFormLayout.RowWrapPolicy.WrapLongRows)
        applies = QVBoxLayout()
        for box in (self.target, self.form, self.place):
            box.setSizeAdjustPolicy(_NARROW)
            box.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
            applies.addWidget(box)
        for name in FIELDS:
            self._labels[name].setBuddy(self.entries[name])
            rows.addRow(self._labels[name], self.entries[name])
            if name == "stance":
                self._labels["applies_to"].setBuddy(self.target)
                rows.addRow(self._labels["applies_to"], applies)
        self._labels["codings"].setBuddy(self.codings.table)
        rows.addRow(self._labels["codings"], self.codings)
        self.setWidget(inside)
        self.setWidgetResizable(True)

    def _notice(self) -> None:
        if not self._showing:
            self.edited.emit()


class Codings(QWidget):
    """Who coded a provision with which stance, and when.

    Signals
    -------
    edited : something was typed, chosen, added or removed
    """

    edited = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.table = QTableWidget(0, len(CODING_COLUMNS))
        self.table.horizontalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Stretch)
        self.table.verticalHeader().hide()
        self.table.setTabKeyNavigation(False)
        self.table.setFixedHeight(self.fontMetrics().height() * 7)
        self.add, self.remove = QPushButton(), QPushButton()
        buttons = QHBoxLayout()
        buttons.addWidget(self.add)
        buttons.addWidget(self.remove)
        buttons.addStretch(1)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.addWidget(self.table)
        whole.addLayout(buttons)
        self.add.clicked.connect(self._add)
        self.remove.clicked.connect(self._remove)
        self.table.itemChanged.connect(lambda _item: self.edited.emit())

    def retranslate(self) -> None:
        """Take the words of the language in force."""
        self.table.setHorizontalHeaderLabels([_("coder"), _("stance"), _("coded on")])
        self.table.setAccessibleName(_("Codings"))
        self.add.setText(_("Add coding"))
        self.remove.setText(_("Remove coding"))
        for row in range(self.table.rowCount()):
            fill(self._stance(row), stances())

    def show_codings(self, codings: Sequence[Mapping[str, str]]) -> None:
        """Show the codings of a provision."""
        self.table.setRowCount(0)
        for coding in codings:
            self._append(coding)

    def typed(self) -> list[dict[str, str]]:
        """Return the codings as they are typed."""
        return [
            {
                "coder": self._cell(row, 0),
                "stance": self._stance(row).currentData() or "",
                "coded_on": self._cell(row, 2),
            }
            for row in range(self.table.rowCount())
        ]

    def _append(self, coding: Mapping[str, str]) -> None:
        row = self.table.rowCount()
        box = QComboBox()
        fill(box, stances())
        choose(box, coding["stance"])
        box.currentIndexChanged.connect(lambda _index: self.edited.emit())
        self.table.blockSignals(True)
        self.table.insertRow(row)
        self.table.setItem(row, 0, QTableWidgetItem(coding["coder"]))
        self.table.setCellWidget(row, 1, box)
        self.table.setItem(row, 2, QTableWidgetItem(coding["coded_on"]))
        self.table.blockSignals(False)

    def _add(self) -> None:
        self._append(dict.fromkeys(CODING_COLUMNS, ""))
        self.table.setCurrentCell(self.table.rowCount() - 1, 0)
        self.edited.emit()

    def _remove(self) -> None:
        if self.table.currentRow() >= 0:
            self.table.removeRow(self.table.currentRow())
            self.edited.emit()

    def _cell(self, row: int, column: int) -> str:
        item = self.table.item(row, column)
        return item.text().strip() if item is not None else ""

    def _stance(self, row: int) -> QComboBox:
        box = self.table.cellWidget(row, 1)
        assert isinstance(box, QComboBox)
        return box


def fill(box: QComboBox, entries: Iterable[tuple[str, str]]) -> None:
    """Offer entries, words and value; what was chosen stays."""
    chosen = box.currentData()
    box.blockSignals(True)
    box.clear()
    for words, value in entries:
        box.addItem(words, value)
    choose(box, chosen or "")
    box.blockSignals(False)


def choose(box: QComboBox, value: str) -> None:
    """Choose a value; one that is not offered is offered as it is."""
    if box.findData(value) < 0:
        box.addItem(value, value)
    box.setCurrentIndex(box.findData(value))


def _put(entry: Entry, value: str) -> None:
    if isinstance(entry, QComboBox):
        choose(entry, value)
    elif isinstance(entry, QPlainTextEdit):
        entry.setPlainText(value)
    else:
        entry.setText(value)


def _taken(entry: Entry) -> str:
    if isinstance(entry, QComboBox):
        return str(entry.currentData() or "")
    return entry.toPlainText() if isinstance(entry, QPlainTextEdit) else entry.text()
