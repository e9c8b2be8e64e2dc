"""The page on contradictions: who promotes what others repress, and at which families they meet."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QComboBox,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QSplitter,
    QTableView,
    QTabWidget,
)

from gisapp.core.words import _
from gisapp.session.edits import put_result
from gisapp.ui.analysis_page import AnalysisPage
from gisapp.ui.chart_view import ChartView
from gisapp.ui.contradiction_view import (
    MEASURES,
    Shown,
    cell_view,
    matrix_chart,
    matrix_of,
    measure_text,
    pair_rows,
    pair_told,
    pair_view,
    places,
    show_contradictions,
)
from gisapp.ui.messages import plain_label
from gisapp.ui.tables import FrameModel, fit_columns, table_view

if TYPE_CHECKING:
    from gisapp.analysis.columns import Ints
    from gisapp.analysis.institutions import Matrix
    from gisapp.core.progress import Progress
    from gisapp.core.project import Project
    from gisapp.ui.jobs import Jobs

CELLS_KIND = "contradiction_cells"


class ContradictionsPage(AnalysisPage):
    """Shows the headline, the matrix, and of chosen cells the pairs with both their quotes."""

    def __init__(self, jobs: Jobs) -> None:
        super().__init__(jobs)
        self._shown: Shown | None = None
        self._rows: Ints = np.empty(0, dtype=np.int64)
        self._build_controls()
        self._build_body()
        self.retranslate()
        self.by.currentIndexChanged.connect(self._show_matrix)
        self.measure.currentIndexChanged.connect(self._show_chart)
        self.cells.selectionModel().selectionChanged.connect(self._show_pairs)
        self.pairs.selectionModel().selectionChanged.connect(self._tell)
        self.pairs.activated.connect(lambda _index: self._mark())
        self.mark.clicked.connect(self._mark)
        self.put.clicked.connect(self._put)

    def title(self) -> str:
        """Return what the page is called in the list."""
        return _("Contradictions")

    def lacking(self, project: Project) -> str:
        """Say what must be there first."""
        if not project.of_kind("businesses") and not project.of_kind("households"):
            return _("Import businesses or households first.")
        return ""

    def ask(self, project: Project, progress: Progress) -> Shown:
        """Work the matrix out; runs on a worker."""
        return show_contradictions(project, progress)

    def show_answer(self, answer: Any) -> None:
        """Show the headline and the matrix."""
        self._shown = answer
        self.claim.setText(answer.claim)
        self.notes.setText(answer.notes)
        self.put.setEnabled(answer.where is not None)
        self._show_matrix()

    def retranslate(self) -> None:
        """Take the words of the language in force."""
        for label, text in zip(self._labels, (_("By"), _("Count")), strict=True):
            label.setText(text)
        words = ((_("Institution"), "institution"), (_("Kind of institution"), "institution_kind"))
        _refill(self.by, words)
        _refill(self.measure, ((measure_text(x), x) for x in MEASURES))
        self.tabs.setTabText(0, _("Matrix"))
        self.tabs.setTabText(1, _("Table"))
        self.cells.setAccessibleName(_("Who promotes, who represses, and whom it hits"))
        self.pairs.setAccessibleName(_("Pairs of policies"))
        self.pairs.empty = _("No two policies contradict each other at anybody here.")
        self.mark.setText(_("Show whom it hits on the map"))
        self.put.setText(_("Put where they concentrate on the map"))
        super().retranslate()

    # ---------------------------------------------------------------- how it is built

    def _build_controls(self) -> None:
        self.by, self.measure = QComboBox(), QComboBox()
        self._labels: list[QLabel] = []
        for field in (self.by, self.measure):
            label = plain_label(wrap=False)
            label.setBuddy(field)
            self._labels.append(label)
            self.controls.addWidget(label)
            self.controls.addWidget(field)
        self.controls.addStretch(1)

    def _build_body(self) -> None:
        self.claim, self.notes = plain_label(name="heading"), plain_label(name="quiet")
        self.told = plain_label(name="explanation")
        self.told.setMinimumHeight(self.fontMetrics().height() * 3)
        self.told.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self._cells_model, self._pairs_model = FrameModel(), FrameModel()
        self.cells, self.pairs = (
            table_view(self._cells_model, ""),
            table_view(self._pairs_model, ""),
        )
        # What two long names differ in stands at their end.
        self.pairs.setTextElideMode(Qt.TextElideMode.ElideMiddle)
        self.chart, self.tabs = ChartView(), QTabWidget()
        self.tabs.addTab(self.chart, "")
        self.tabs.addTab(self.cells, "")
        split = QSplitter(Qt.Orientation.Vertical)
        split.addWidget(self.tabs)
        split.addWidget(self.pairs)
        self.mark, self.put = QPushButton(), QPushButton()
        buttons = QHBoxLayout()
        buttons.addStretch(1)
        buttons.addWidget(self.mark)
        buttons.addWidget(self.put)
        for widget in (self.claim, self.notes, split, self.told):
            self.body.addWidget(widget)
        self.body.setStretch(2, 1)
        self.body.addLayout(buttons)

    # ---------------------------------------------------------------- what the user does

    @property
    def _matrix(self) -> Matrix:
        assert self._shown is not None
        return matrix_of(self._shown, self.by.currentData())

    def _show_matrix(self) -> None:
        if self._shown is not None:
            self._cells_model.show(cell_view(self._matrix))
            fit_columns(self.cells)
            self._show_chart()
            self._show_pairs()

    def _show_chart(self) -> None:
        if self._shown is not None:
            found = self._matrix
            chart = matrix_chart(found, self.measure.currentData()) if found.cells else None
            self.chart.show_chart(chart)

    def _show_pairs(self) -> None:
        if self._shown is not None:
            self._rows = pair_rows(self._matrix, _chosen(self.cells))
            self._pairs_model.show(pair_view(self._matrix, self._rows))
            fit_columns(self.pairs)
            self._tell()

    def _chosen_pairs(self) -> Ints:
        """Return the chosen pairs, all that are shown where none is chosen."""
        chosen = _chosen(self.pairs)
        return self._rows[chosen] if chosen else self._rows

    def _tell(self) -> None:
        chosen = _chosen(self.pairs)
        self.mark.setEnabled(bool(len(self._rows)))
        if self._shown is not None and chosen:
            self.told.setText(pair_told(self._shown, self._matrix, int(self._rows[chosen[0]])))
        else:
            self.told.setText(_("Choose a pair to read both policies and who coded them."))

    def _mark(self) -> None:
        if self._shown is not None:
            self.mark_asked.emit(places(self._shown, self._matrix, self._chosen_pairs()))

    def _put(self) -> None:
        if self._shown is not None and self._shown.where is not None:
            edit = put_result(CELLS_KIND, self._shown.where)
            self.edit_asked.emit(edit, _("Show where contradictions concentrate"))


def _chosen(table: QTableView) -> list[int]:
    """Return the rows of its frame that are chosen in a table."""
    model = table.model()
    assert isinstance(model, FrameModel)
    view = model.shown
    if view is None:
        return []
    return sorted(int(view.rows[i.row()]) for i in table.selectionModel().selectedRows())


def _refill(box: QComboBox, entries: Any) -> None:
    """Offer entries in other words; what was chosen stays."""
    chosen = max(box.currentIndex(), 0)
    box.blockSignals(True)
    box.clear()
    for words, value in entries:
        box.addItem(words, value)
    box.setCurrentIndex(chosen)
    box.blockSignals(False)
