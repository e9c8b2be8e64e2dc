"""The page on evidence: the assessments that were made, repeated and compared."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QSplitter

from gisapp.analysis.repeating import Repeated, repeat
from gisapp.core.words import _
from gisapp.io.catalogue import load_catalogue
from gisapp.ui.analysis_page import AnalysisPage
from gisapp.ui.messages import plain_label
from gisapp.ui.run_rows import differences_view, number_at, repeated_text, run_text, runs_view
from gisapp.ui.tables import FrameModel, fit_columns, table_view

if TYPE_CHECKING:
    from gisapp.core.errors import GisappError
    from gisapp.core.progress import Progress
    from gisapp.core.project import Project
    from gisapp.ui.frame_view import FrameView
    from gisapp.ui.jobs import Job, Jobs

TWO = 2


class EvidencePage(AnalysisPage):
    """Lists the assessments; one can be repeated, two can be compared."""

    def __init__(self, jobs: Jobs) -> None:
        super().__init__(jobs)
        self._repeating: Job[Repeated] | None = None
        self.repeat, self.compare = QPushButton(), QPushButton()
        self.said = plain_label(name="explanation")
        self.runs, self.differing = FrameModel(), FrameModel()
        self.table = table_view(self.runs, "")
        self.differences = table_view(self.differing, "")
        self._build()
        self.retranslate()
        self.repeat.clicked.connect(self._repeat)
        self.compare.clicked.connect(self._compare)
        self.table.selectionModel().selectionChanged.connect(self._choose)
        self.table.activated.connect(lambda _index: self._repeat())

    def title(self) -> str:
        """Return what the page is called in the list."""
        return _("Evidence")

    def lacking(self, project: Project) -> str:
        """Say what must be done first."""
        if project.runs:
            return ""
        return _("Nothing was assessed yet. Press Assess: each assessment is recorded here.")

    def ask(self, project: Project, _progress: Progress) -> FrameView:
        """List the assessments."""
        return runs_view(project)

    def show_answer(self, answer: Any) -> None:
        """Show the list, the last assessment chosen."""
        self.runs.show(answer)
        self.differing.show(None)
        fit_columns(self.table)
        self.table.selectRow(0)
        self._choose()

    def retranslate(self) -> None:
        """Take the words of the language in force."""
        self.repeat.setText(_("Repeat"))
        self.repeat.setToolTip(_("Work it out again and compare every byte"))
        self.compare.setText(_("Compare"))
        self.compare.setToolTip(_("Choose two assessments with Ctrl to see what differs"))
        self.table.setAccessibleName(_("Assessments"))
        self.differences.setAccessibleName(_("What differs between two assessments"))
        self.differences.empty = _(
            "Choose two assessments with Ctrl and press Compare, to see which totals differ."
        )
        super().retranslate()

    def _build(self) -> None:
        self.said.setTextInteractionFlags(
            Qt.TextInteractionFlag.TextSelectableByMouse
            | Qt.TextInteractionFlag.TextSelectableByKeyboard
        )
        split = QSplitter(Qt.Orientation.Vertical)
        split.addWidget(self.table)
        split.addWidget(self.differences)
        buttons = QHBoxLayout()
        buttons.addStretch(1)
        buttons.addWidget(self.compare)
        buttons.addWidget(self.repeat)
        self.body.addWidget(split, 1)
        self.body.addWidget(self.said)
        self.body.addLayout(buttons)

    def _numbers(self) -> list[int]:
        """Return the numbers of the chosen assessments, the earlier first."""
        view, rows = self.runs.shown, self.table.selectionModel().selectedRows()
        return sorted(number_at(view, x.row()) for x in rows) if view is not None else []

    def _choose(self) -> None:
        numbers = self._numbers()
        self.repeat.setEnabled(len(numbers) == 1)
        self.compare.setEnabled(len(numbers) == TWO)
        if len(numbers) == 1:
            self.said.setText(run_text(numbers[0], self.project.runs[numbers[0] - 1]))

    def _repeat(self) -> None:
        numbers = self._numbers()
        if len(numbers) != 1:
            return
        (number,), project = numbers, self.project
        if self._repeating is not None:
            self._jobs.cancel(self._repeating)
        self.said.setText(_("Repeating assessment {n}…").format(n=number))
        self._repeating = self._jobs.start(
            lambda progress: repeat(project, project.runs[number - 1], progress),
            title=_("Repeating an assessment"),
            done=lambda repeated: self._tell(repeated_text(number, repeated)),
            failed=self._refused,
        )

    def _refused(self, error: Exception) -> None:
        from gisapp.core.errors import GisappError

        if isinstance(error, GisappError):
            self._tell(_refusal(error))
        else:
            self._tell(_("This could not be worked out."))
            self._jobs.failed.emit(error)

    def _tell(self, text: str) -> None:
        self._repeating = None
        self.said.setText(text)

    def _compare(self) -> None:
        numbers = self._numbers()
        if len(numbers) != TWO:
            return
        earlier, later = (self.project.runs[n - 1] for n in numbers)
        view = differences_view(earlier, later, load_catalogue())
        self.differing.show(view)
        fit_columns(self.differences)
        text = _("Between assessments {one} and {other}, {n} totals differ.")
        self.said.setText(text.format(one=numbers[0], other=numbers[1], n=len(view.frame)))


def _refusal(error: GisappError) -> str:
    return f"{error.message} {error.remedy}"
