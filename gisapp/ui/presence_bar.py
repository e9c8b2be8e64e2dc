"""Who and what counts: what was known by a date, who is there at a weekday and an hour."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from PySide6.QtCore import QDate, QLocale, Qt, QTime, Signal
from PySide6.QtWidgets import QCheckBox, QComboBox, QDateEdit, QHBoxLayout, QTimeEdit, QWidget

from gisapp.analysis.schedule_reading import week_minute
from gisapp.analysis.schedules import DAY, HOUR
from gisapp.core.errors import GisappError
from gisapp.core.words import _

if TYPE_CHECKING:
    from gisapp.core.project import Parameters

# The words that are kept do not change with the language.
WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


class PresenceBar(QWidget):
    """Shows and changes `known_on` and `at` of a project's parameters.

    Signals
    -------
    changed : the parameters as they are to be
    """

    changed = Signal(object)

    def __init__(self) -> None:
        super().__init__()
        self._parameters: Parameters | None = None
        self.asks_known, self.asks_at = QCheckBox(), QCheckBox()
        self.known_on = QDateEdit(QDate.currentDate())
        self.known_on.setCalendarPopup(True)
        self.known_on.setKeyboardTracking(False)
        self.weekday, self.time = QComboBox(), QTimeEdit(QTime(19, 0))
        self.time.setKeyboardTracking(False)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        for part in (self.asks_known, self.known_on, self.asks_at, self.weekday, self.time):
            row.addWidget(part)
        self.retranslate()
        self.asks_known.toggled.connect(self._change)
        self.asks_at.toggled.connect(self._change)
        self.known_on.dateChanged.connect(self._change)
        self.weekday.currentIndexChanged.connect(self._change)
        self.time.timeChanged.connect(self._change)

    def show_parameters(self, parameters: Parameters) -> None:
        """Show what a project asks."""
        self._parameters = None
        self.asks_known.setChecked(bool(parameters.known_on))
        self.asks_at.setChecked(bool(parameters.at))
        date = QDate.fromString(parameters.known_on, Qt.DateFormat.ISODate)
        if date.isValid():
            self.known_on.setDate(date)
        if parameters.at:
            self._show_at(parameters.at)
        self._parameters = parameters
        self._enable()

    def retranslate(self) -> None:
        """Take the words of the language in force."""
        self.asks_known.setText(_("Known on"))
        self.asks_known.setToolTip(_("Leave out what was observed later"))
        self.asks_at.setText(_("At"))
        self.asks_at.setToolTip(_("Only who is there, and what holds, at this hour of the week"))
        self.known_on.setAccessibleName(_("Known on"))
        self.weekday.setAccessibleName(_("Weekday"))
        self.time.setAccessibleName(_("Time of day"))
        for field in (self.known_on, self.time):
            field.setLocale(QLocale())
        self.known_on.setDisplayFormat("d MMM yyyy")
        self.time.setDisplayFormat("HH:mm")
        self._name_days()

    def _name_days(self) -> None:
        chosen = max(self.weekday.currentIndex(), 0)
        self.weekday.blockSignals(True)
        self.weekday.clear()
        for number, code in enumerate(WEEKDAYS, start=1):
            self.weekday.addItem(QLocale().dayName(number), code)
        self.weekday.setCurrentIndex(chosen)
        self.weekday.blockSignals(False)

    def _show_at(self, text: str) -> None:
        """Show a weekday and time; one that a file brought and nobody can read shows as it was."""
        try:
            weekday, minute = divmod(week_minute(text), DAY)
        except GisappError:
            return
        self.weekday.setCurrentIndex(weekday)
        self.time.setTime(QTime(*divmod(minute, HOUR)))

    def _change(self) -> None:
        self._enable()
        if self._parameters is None:
            return
        known_on = self.known_on.date().toString(Qt.DateFormat.ISODate)
        at = f"{self.weekday.currentData()} {self.time.time().toString('HH:mm')}"
        wanted = replace(
            self._parameters,
            known_on=known_on if self.asks_known.isChecked() else "",
            at=at if self.asks_at.isChecked() else "",
        )
        if wanted != self._parameters:
            self._parameters = wanted
            self.changed.emit(wanted)

    def _enable(self) -> None:
        self.known_on.setEnabled(self.asks_known.isChecked())
        self.weekday.setEnabled(self.asks_at.isChecked())
        self.time.setEnabled(self.asks_at.isChecked())
