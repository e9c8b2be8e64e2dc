"""The as-of date in the tool bar, and the plain word that results are older than the data."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QDate, QLocale, Qt, Signal
from PySide6.QtWidgets import QDateEdit, QHBoxLayout, QLabel, QWidget

from gisapp.core.words import _
from gisapp.ui.messages import plain_label
from gisapp.ui.summary import is_stale

if TYPE_CHECKING:
    from gisapp.core.project import Project


class AsOf(QWidget):
    """Signals.

    chosen : the ISO date that the user chose
    """

    chosen = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.date = QDateEdit(QDate.currentDate())
        self.date.setCalendarPopup(True)
        self.date.setKeyboardTracking(False)
        self.label = QLabel()
        self.label.setTextFormat(Qt.TextFormat.PlainText)
        self.label.setBuddy(self.date)
        self.stale = plain_label(name="stale", wrap=False)
        self.stale.hide()
        row = QHBoxLayout(self)
        row.setContentsMargins(8, 0, 4, 0)
        for part in (self.label, self.date, self.stale):
            row.addWidget(part)
        self.date.dateChanged.connect(lambda: self.chosen.emit(self.iso_date))
        self.retranslate()

    @property
    def iso_date(self) -> str:
        """The date on show, as YYYY-MM-DD."""
        return self.date.date().toString(Qt.DateFormat.ISODate)

    def retranslate(self) -> None:
        """Take the words of the language in force."""
        self.label.setText(_("As &of"))
        self.date.setAccessibleName(_("As-of date"))
        self.date.setToolTip(_("What is in force on this date counts"))
        self.date.setLocale(QLocale())
        self.date.calendarWidget().setLocale(QLocale())
        self.date.setDisplayFormat("d MMM yyyy")
        self.stale.setText(_("Results are out of date: assess again"))

    def show_project(self, project: Project) -> None:
        """Show a project's as-of date (today where it has none), and whether results are stale."""
        date = QDate.fromString(project.parameters.as_of, Qt.DateFormat.ISODate)
        self.date.blockSignals(True)
        self.date.setDate(date if date.isValid() else self.date.date())
        self.date.blockSignals(False)
        self.stale.setVisible(is_stale(project))
