"""A page of the analysis window: asks on a worker and shows the answer, or what is missing."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QComboBox,
    QHBoxLayout,
    QPushButton,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from gisapp.core.asked import asked_text, conditions
from gisapp.core.dates import checked_date
from gisapp.core.words import _
from gisapp.ui.messages import plain_label

if TYPE_CHECKING:
    from collections.abc import Iterable

    from gisapp.core.errors import GisappError
    from gisapp.core.progress import Progress
    from gisapp.core.project import Project
    from gisapp.ui.jobs import Job, Jobs


class AnalysisPage(QWidget):
    """What the pages share; a page says what it asks and how it shows the answer.

    A page puts what the user chooses into `controls` and what it shows into `body`, and defines
    `title`, `lacking`, `ask`, `show_answer` and `retranslate`.

    Parameters
    ----------
    jobs : Jobs
        Where it asks.

    Signals
    -------
    mark_asked : geometries, shape (n,), to be marked on the map and zoomed to
    edit_asked : an edit of the project and its name, to be undone in one step
    """

    mark_asked = Signal(object)
    edit_asked = Signal(object, str)

    def __init__(self, jobs: Jobs) -> None:
        super().__init__()
        self._jobs = jobs
        self._project: Project | None = None
        self._job: Job[Any] | None = None
        self.controls = QHBoxLayout()
        self.body = QVBoxLayout()
        self._asked = plain_label(name="quiet")
        self._said = plain_label(name="quiet")
        self._again = QPushButton()
        self._stack = QStackedWidget()
        self._arrange()
        self._again.clicked.connect(self.renew)
        jobs.finished.connect(self._notice_end)

    @property
    def project(self) -> Project:
        """The project on show; there must be one."""
        assert self._project is not None
        return self._project

    def title(self) -> str:
        """Return what the page is called in the list."""
        raise NotImplementedError

    def lacking(self, project: Project) -> str:
        """Return what the user must do before the page has an answer; empty where it has."""
        raise NotImplementedError

    def ask(self, project: Project, progress: Progress) -> Any:
        """Work the answer out; runs on a worker and touches no widget.

        What the user chose is read in `choices`, on the GUI thread, just before.
        """
        raise NotImplementedError

    def choices(self) -> None:
        """Take over what the user chose, for `ask`."""

    def show_answer(self, answer: Any) -> None:
        """Show what `ask` returned."""
        raise NotImplementedError

    def retranslate(self) -> None:
        """Take the words of the language in force."""
        self._again.setText(_("Ask again"))
        self.setAccessibleName(self.title())
        if self._project is not None:
            self.renew()

    def show_project(self, project: Project) -> None:
        """Show what is found in `project`; asks only where it is another value."""
        if project is not self._project:
            self._project = project
            self.renew()

    def renew(self) -> None:
        """Ask again, of the same project with what is chosen now."""
        if self._job is not None:
            job, self._job = self._job, None
            self._jobs.cancel(job)
        lacking = self.lacking(self.project)
        if lacking:
            self._say(lacking)
            return
        self._say(_("Working…"))
        self.choices()
        project = self.project
        self._job = self._jobs.start(
            lambda progress: (self.ask(project, progress), asked_of(project)),
            title=self.title(),
            done=self._take,
            failed=self._refuse,
        )

    def _take(self, answered: tuple[Any, str]) -> None:
        self._job = None
        answer, asked = answered
        self._asked.setText(asked)
        self._stack.setCurrentIndex(1)
        self.show_answer(answer)

    def _refuse(self, error: Exception) -> None:
        from gisapp.core.errors import GisappError

        self._job = None
        if isinstance(error, GisappError):
            self._say(_told(error), again=True)
        else:
            self._say(_("This could not be worked out."), again=True)
            self._jobs.failed.emit(error)

    def _notice_end(self, job: Job[Any]) -> None:
        """Offer to ask again where the user stopped the work."""
        if job is self._job and not job.listening:
            self._job = None
            self._say(_("Stopped."), again=True)

    def _say(self, text: str, *, again: bool = False) -> None:
        self._asked.clear()
        self._said.setText(text)
        self._again.setVisible(again)
        self._stack.setCurrentIndex(0)

    def _arrange(self) -> None:
        waiting = QWidget()
        column = QVBoxLayout(waiting)
        column.addStretch(1)
        self._said.setAlignment(Qt.AlignmentFlag.AlignCenter)
        column.addWidget(self._said)
        column.addWidget(self._again, 0, Qt.AlignmentFlag.AlignCenter)
        column.addStretch(1)
        answered = QWidget()
        answered.setLayout(self.body)
        self.body.setContentsMargins(0, 0, 0, 0)
        self._stack.addWidget(waiting)
        self._stack.addWidget(answered)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(16, 14, 16, 14)
        whole.setSpacing(10)
        whole.addLayout(self.controls)
        whole.addWidget(self._asked)
        whole.addWidget(self._stack, 1)


def asked_of(project: Project) -> str:
    """Say what date, and who and what alone, an answer about `project` holds for.

    Raises
    ------
    GisappError
        Where a date of the project is none.
    """
    from gisapp.analysis.case import date_asked

    asked = conditions(project.parameters)
    if "known_on" in asked:
        checked_date(asked["known_on"])
    return ". ".join(asked_text(date_asked(project, ""), **asked))


def offer_anew(box: QComboBox, entries: Iterable[tuple[str, object]]) -> None:
    """Offer other entries, words and value; what was chosen stays where it is still offered."""
    chosen = box.currentData()
    box.blockSignals(True)
    box.clear()
    for words, value in entries:
        box.addItem(words, value)
    box.setCurrentIndex(max(box.findData(chosen), 0))
    box.blockSignals(False)


def _told(error: GisappError) -> str:
    return f"{error.message}\n{error.remedy}"
