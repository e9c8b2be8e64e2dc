"""The line below the window: work under way with its cancel button, scale, place."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QProgressBar, QStatusBar, QToolButton, QWidget

from gisapp.core.progress import Pace
from gisapp.core.words import _, number
from gisapp.ui.messages import plain_label
from gisapp.ui.theme import icon

if TYPE_CHECKING:
    from gisapp.ui.jobs import Job, Jobs

UNKNOWN_TOTAL = 0
WIDEST_PLACE = "88,88888° LS  888,88888° BT  "


class StatusBar(QStatusBar):
    """Follows `jobs`: shows the newest one's text and progress, and cancels it."""

    def __init__(self, jobs: Jobs, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._jobs = jobs
        self._pace = Pace()
        self.work = plain_label(wrap=False)
        self.bar = QProgressBar()
        self.bar.setFixedWidth(160)
        self.bar.setTextVisible(False)
        self.cancel = QToolButton()
        self.cancel.setIcon(icon("cancel"))
        self.cancel.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        self.cancel.setAutoRaise(True)
        self.scale = plain_label(wrap=False)
        self.place = plain_label(wrap=False)
        self.place.setMinimumWidth(self.fontMetrics().horizontalAdvance(WIDEST_PLACE))
        self.setSizeGripEnabled(False)
        for widget in (self.work, self.bar, self.cancel):
            self.addWidget(widget)
        for label in (self.scale, self.place):
            self.addPermanentWidget(label)
        self.cancel.clicked.connect(self._cancel)
        jobs.started.connect(lambda _job: self._follow())
        jobs.finished.connect(lambda _job: self._follow())
        jobs.progressed.connect(self._progress)
        self.retranslate()
        self._follow()

    def retranslate(self) -> None:
        """Take the words of the language in force."""
        self.cancel.setText(_("Cancel"))
        self.cancel.setToolTip(_("Stop this work and leave the project as it is (Esc)"))
        self.bar.setAccessibleName(_("Progress of the work"))
        self.scale.setAccessibleName(_("Scale"))
        self.place.setAccessibleName(_("Place of the pointer"))

    def _follow(self) -> None:
        busy = bool(self._jobs.running)
        for widget in (self.work, self.bar, self.cancel):
            widget.setVisible(busy)
        if busy:
            job = self._jobs.running[0]
            self.work.setText(job.title)
            self.bar.setRange(0, UNKNOWN_TOTAL)
            self.cancel.setVisible(job.cancellable)

    def _progress(self, job: Job[Any], done: int, total: int, text: str) -> None:
        if job in self._jobs.running[:1]:
            self.bar.setRange(0, total)
            self.bar.setValue(done)
            rate = self._pace.units_per_s(done, text)
            told = f"{text or job.title} · {number(round(rate))}/s" if rate else text or job.title
            self.work.setText(told)

    def _cancel(self) -> None:
        for job in self._jobs.running[:1]:
            self._jobs.cancel(job)
