"""The page on patterns: where densities stand out, and how far support is."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QComboBox,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QSpinBox,
    QSplitter,
    QTabWidget,
    QVBoxLayout,
    QWidget,
)

from gisapp.analysis.counting_units import CELL_M
from gisapp.analysis.pattern_report import Question
from gisapp.core.words import _
from gisapp.session.patterns import put_patterns
from gisapp.ui.analysis_page import AnalysisPage, offer_anew
from gisapp.ui.chart_view import ChartView
from gisapp.ui.messages import plain_label
from gisapp.ui.pattern_view import (
    CELLS,
    Shown,
    denominator_text,
    measures,
    offered_denominators,
    offered_units,
    show_patterns,
    unit_text,
)
from gisapp.ui.tables import FrameModel, fit_columns, table_view

if TYPE_CHECKING:
    from gisapp.core.progress import Progress
    from gisapp.core.project import Project
    from gisapp.ui.jobs import Jobs

NARROWEST_M, WIDEST_M, STEP_M = 50, 5_000, 50
NARROWEST_MEASURE = 20  # letters
DEFAULT_MEASURE = "conflicts"


class PatternsPage(AnalysisPage):
    """Asks `show_patterns` with what is chosen above, and puts the answer on the map."""

    def __init__(self, jobs: Jobs) -> None:
        super().__init__(jobs)
        self._shown: Shown | None = None
        self._question = Question()
        self._build_controls()
        self._build_body()
        self.retranslate()
        for box in (self.measure, self.per, self.units):
            box.currentIndexChanged.connect(self._choose)
        self.cell.editingFinished.connect(self._choose)
        self.table.activated.connect(lambda _index: self._mark())
        self.table.selectionModel().selectionChanged.connect(self._notice_selection)
        self.mark.clicked.connect(self._mark)
        self.put.clicked.connect(self._put)

    def title(self) -> str:
        """Return what the page is called in the list."""
        return _("Patterns")

    def lacking(self, project: Project) -> str:
        """Say what must be there first."""
        if not project.of_kind("businesses") and not project.of_kind("households"):
            return _("Import businesses or households first.")
        if not project.of_kind("admin"):
            return _("Import an admin layer first: densities need areas to count in.")
        return ""

    def show_project(self, project: Project) -> None:
        """Offer the units that the project has, and ask."""
        if project is not self._project:
            offer_anew(self.units, [(unit_text(x), x) for x in offered_units(project)])
            self._fit_controls()
        super().show_project(project)

    def choices(self) -> None:
        """Take over what the user chose."""
        self._question = Question(
            measure=self.measure.currentData(),
            units=self.units.currentData(),
            per=self.per.currentData(),
            cell_m=float(self.cell.value()),
        )

    def ask(self, project: Project, progress: Progress) -> Shown:
        """Work the patterns out; runs on a worker."""
        return show_patterns(project, self._question, progress)

    def show_answer(self, answer: Any) -> None:
        """Show the claim, the units, the bars and the distances."""
        self._shown = shown = answer
        self.claim.setText(shown.claim)
        self.notes.setText(" ".join(shown.notes))
        self._units_model.show(shown.units)
        self._distances_model.show(shown.distances)
        self.chart.show_chart(shown.chart)
        fit_columns(self.table)
        fit_columns(self.distances)
        self._notice_selection()

    def retranslate(self) -> None:
        """Take the words of the language in force."""
        for label, text in zip(
            self._labels, (_("Count"), _("Density"), _("Units"), _("Width")), strict=True
        ):
            label.setText(text)
        offer_anew(self.measure, measures())
        if self._project is not None:
            offer_anew(self.units, [(unit_text(x), x) for x in offered_units(self._project)])
        self._fit_controls()
        self.tabs.setTabText(0, _("Units"))
        self.tabs.setTabText(1, _("Distance to support"))
        self.table.setAccessibleName(_("Units with their densities and patterns"))
        self.distances.setAccessibleName(
            _("Straight-line distances to the nearest support area in force")
        )
        self.straight.setText(
            _("Straight lines to the nearest support area in force, 0 inside: roads are longer.")
        )
        self.mark.setText(_("Show the chosen units on the map"))
        self.put.setText(_("Put on the map"))
        super().retranslate()

    # ---------------------------------------------------------------- how it is built

    def _build_controls(self) -> None:
        self.measure, self.per, self.units = QComboBox(), QComboBox(), QComboBox()
        self.cell = QSpinBox()
        self.cell.setRange(NARROWEST_M, WIDEST_M)
        self.cell.setSingleStep(STEP_M)
        self.cell.setValue(int(CELL_M))
        self.cell.setSuffix(" m")
        self._labels: list[QLabel] = []
        for field in (self.measure, self.per, self.units, self.cell):
            label = plain_label(wrap=False)
            label.setBuddy(field)
            self._labels.append(label)
            self.controls.addWidget(label)
            self.controls.addWidget(field, int(field is self.measure))
        # The longest entry must not decide how wide the window is.
        shrinks = QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon
        self.measure.setSizeAdjustPolicy(shrinks)
        self.measure.setMinimumContentsLength(NARROWEST_MEASURE)
        offer_anew(self.measure, measures())
        self.measure.setCurrentIndex(self.measure.findData(DEFAULT_MEASURE))

    def _build_body(self) -> None:
        self.claim, self.notes = plain_label(name="heading"), plain_label(name="quiet")
        self.straight = plain_label(name="quiet")
        self._units_model, self._distances_model = FrameModel(), FrameModel()
        self.table = table_view(self._units_model, "")
        self.distances = table_view(self._distances_model, "")
        self.chart = ChartView()
        split = QSplitter(Qt.Orientation.Vertical)
        split.addWidget(self.table)
        split.addWidget(self.chart)
        split.setSizes([300, 220])
        far = QWidget()
        column = QVBoxLayout(far)
        column.setContentsMargins(0, 6, 0, 0)
        column.addWidget(self.straight)
        column.addWidget(self.distances)
        self.tabs = QTabWidget()
        self.tabs.addTab(split, "")
        self.tabs.addTab(far, "")
        self.mark, self.put = QPushButton(), QPushButton()
        buttons = QHBoxLayout()
        buttons.addStretch(1)
        buttons.addWidget(self.mark)
        buttons.addWidget(self.put)
        for widget in (self.claim, self.notes, self.tabs):
            self.body.addWidget(widget)
        self.body.setStretch(2, 1)
        self.body.addLayout(buttons)

    # ---------------------------------------------------------------- what the user does

    def _choose(self) -> None:
        self._fit_controls()
        if self._project is not None:
            self.renew()

    def _fit_controls(self) -> None:
        """Offer the denominators that there are, and a width for cells only."""
        offered = offered_denominators(self.measure.currentData(), self.units.currentData())
        offer_anew(self.per, [(denominator_text(x), x) for x in offered])
        cells = self.units.currentData() in CELLS
        self.cell.setVisible(cells)
        self._labels[-1].setVisible(cells)

    def _rows(self) -> list[int]:
        if self._shown is None:
            return []
        chosen = self.table.selectionModel().selectedRows()
        return [int(self._shown.units.rows[index.row()]) for index in chosen]

    def _notice_selection(self) -> None:
        self.mark.setEnabled(bool(self._rows()))

    def _mark(self) -> None:
        rows = self._rows()
        if rows and self._shown is not None:
            self.mark_asked.emit(np.asarray(self._shown.frame.geometry.array, dtype=object)[rows])

    def _put(self) -> None:
        if self._shown is not None:
            self.edit_asked.emit(
                put_patterns(self._shown.frame, self._shown.title), _("Show patterns of density")
            )
