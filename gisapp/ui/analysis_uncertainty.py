"""The page on uncertainty: how sure totals are, what moves them, and whose boundaries."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QComboBox, QLabel, QSplitter

from gisapp.analysis.distributions import LEVELS
from gisapp.core.words import _, number
from gisapp.session.edits import set_parameters
from gisapp.ui.analysis_page import AnalysisPage, offer_anew
from gisapp.ui.chart_view import ChartView
from gisapp.ui.messages import plain_label
from gisapp.ui.tables import FrameModel, fit_columns, table_view
from gisapp.ui.uncertainty_view import (
    BOUNDARIES,
    INTERVALS,
    Choice,
    Shown,
    lacking,
    questions,
    show_uncertainty,
    subjects,
)

if TYPE_CHECKING:
    from gisapp.core.progress import Progress
    from gisapp.core.project import Project
    from gisapp.ui.jobs import Jobs


class UncertaintyPage(AnalysisPage):
    """Asks `show_uncertainty` with what is chosen above."""

    def __init__(self, jobs: Jobs) -> None:
        super().__init__(jobs)
        self._choice = Choice()
        self.question, self.subject, self.level = QComboBox(), QComboBox(), QComboBox()
        self.count_by = QComboBox()
        self._labels = {box: plain_label(wrap=False) for box in (self.level, self.count_by)}
        self._build_controls()
        self._build_body()
        self.retranslate()
        self.question.currentIndexChanged.connect(self._choose)
        self.subject.currentIndexChanged.connect(self._choose)
        self.level.currentIndexChanged.connect(self._choose)
        self.count_by.currentIndexChanged.connect(self._count_by)

    def title(self) -> str:
        """Return what the page is called in the list."""
        return _("Uncertainty")

    def lacking(self, project: Project) -> str:
        """Say what must be there first."""
        return lacking(project, self.question.currentData())

    def show_project(self, project: Project) -> None:
        """Offer what the project has, and ask."""
        if project is not self._project:
            self._offer(project)
        super().show_project(project)

    def choices(self) -> None:
        """Take over what the user chose."""
        self._choice = Choice(
            self.question.currentData(), self.subject.currentData(), self.level.currentData()
        )

    def ask(self, project: Project, progress: Progress) -> Shown:
        """Work the answer out; runs on a worker."""
        return show_uncertainty(project, self._choice, progress)

    def show_answer(self, answer: Any) -> None:
        """Show the sentence, the chart and the table."""
        shown: Shown = answer
        self.sentence.setText(shown.sentence)
        self.notes.setText(shown.notes)
        self.notes.setVisible(bool(shown.notes))
        self.chart.show_chart(shown.chart)
        self._model.show(shown.table)
        fit_columns(self.table)

    def retranslate(self) -> None:
        """Take the words of the language in force."""
        offer_anew(self.question, questions())
        offer_anew(self.level, [(f"{number(level * 100)} %", level) for level in reversed(LEVELS)])
        self._labels[self.level].setText(_("Sure to"))
        self._labels[self.count_by].setText(_("Count by"))
        self.question.setAccessibleName(_("Question"))
        self.subject.setAccessibleName(_("Asked of"))
        self.table.setAccessibleName(_("All numbers of the chart"))
        if self._project is not None:
            self._offer(self._project)
        super().retranslate()

    def _build_controls(self) -> None:
        for box in (self.question, self.subject, self.level, self.count_by):
            label: QLabel | None = self._labels.get(box)
            if label is not None:
                label.setBuddy(box)
                self.controls.addWidget(label)
            box.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToContents)
            self.controls.addWidget(box)
        self.controls.addStretch(1)

    def _build_body(self) -> None:
        self.sentence, self.notes = plain_label(name="heading"), plain_label(name="quiet")
        self.chart, self._model = ChartView(), FrameModel()
        self.table = table_view(self._model, "")
        split = QSplitter(Qt.Orientation.Vertical)
        split.addWidget(self.chart)
        split.addWidget(self.table)
        split.setSizes([340, 220])
        self.body.addWidget(self.sentence)
        self.body.addWidget(split, 1)
        self.body.addWidget(self.notes)

    def _offer(self, project: Project) -> None:
        """Offer what the question can be asked of in this project."""
        question = self.question.currentData()
        offer_anew(self.subject, subjects(project, question))
        layers = [(layer.title or layer.name, layer.name) for layer in project.of_kind("admin")]
        offer_anew(self.count_by, [(_("All admin layers"), ""), *layers])
        self.count_by.blockSignals(True)
        self.count_by.setCurrentIndex(
            max(self.count_by.findData(project.parameters.admin_layer), 0)
        )
        self.count_by.blockSignals(False)
        self._show_box(self.level, shown=question == INTERVALS)
        self._show_box(self.count_by, shown=len(layers) > 1 and question == BOUNDARIES)
        self.subject.setVisible(self.subject.count() > 0)

    def _show_box(self, box: QComboBox, *, shown: bool) -> None:
        box.setVisible(shown)
        self._labels[box].setVisible(shown)

    def _choose(self) -> None:
        if self._project is not None:
            self._offer(self._project)
            self.renew()

    def _count_by(self) -> None:
        parameters = replace(self.project.parameters, admin_layer=self.count_by.currentData())
        self.edit_asked.emit(set_parameters(parameters), _("Choose the admin layer to count by"))
