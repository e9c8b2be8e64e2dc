"""The page on time: who was exposed when, which policy began and ended, for how many days."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QDate, QLocale, Qt
from PySide6.QtWidgets import (
    QCheckBox,
    QDateEdit,
    QHBoxLayout,
    QPushButton,
    QSplitter,
    QTableView,
    QTabWidget,
    QVBoxLayout,
    QWidget,
)

from gisapp.core.words import _
from gisapp.io.catalogue import load_catalogue
from gisapp.session.edits import set_as_of, set_parameters
from gisapp.ui.analysis_page import AnalysisPage
from gisapp.ui.chart_view import ChartView
from gisapp.ui.messages import plain_label
from gisapp.ui.presence_bar import PresenceBar
from gisapp.ui.tables import FrameModel, fit_columns, table_view
from gisapp.ui.time_view import (
    TimeAnswer,
    areas_view,
    first_day,
    first_day_of,
    heading,
    place_of,
    row_of,
    runs_view,
    subjects_view,
    time_answer,
)

if TYPE_CHECKING:
    from gisapp.core.progress import Progress
    from gisapp.core.project import Parameters, Project
    from gisapp.ui.jobs import Jobs

UPPER_PX, LOWER_PX = 420, 200


class TimePage(AnalysisPage):
    """Shows the history of a project, and leads to its dates."""

    def __init__(self, jobs: Jobs) -> None:
        super().__init__(jobs)
        self._answer: TimeAnswer | None = None
        self._from = ""
        self._sought: tuple[str, str] | None = None
        self._build_controls()
        self._build_body()
        self.retranslate()
        self.asks_from.toggled.connect(self._choose)
        self.first.dateChanged.connect(self._choose)
        self.presence.changed.connect(self._ask_of)
        self.subjects.selectionModel().selectionChanged.connect(self._show_subject)
        self.subjects.activated.connect(lambda _index: self._mark())
        for table in (self.runs, self.areas):
            table.selectionModel().selectionChanged.connect(self._notice_selection)
            table.activated.connect(lambda _index: self._go())
        self.tabs.currentChanged.connect(self._notice_selection)
        self.mark.clicked.connect(self._mark)
        self.go.clicked.connect(self._go)

    def title(self) -> str:
        """Return what the page is called in the list."""
        return _("Time")

    def lacking(self, project: Project) -> str:
        """Say what must be there first."""
        if not project.of_kind("businesses") and not project.of_kind("households"):
            return _("Import businesses or households first.")
        return ""

    def show_project(self, project: Project) -> None:
        """Show who and what counts in the project, and ask."""
        self.presence.show_parameters(project.parameters)
        super().show_project(project)

    def choices(self) -> None:
        """Take over what the user chose."""
        self._answer = None  # what is on its way is another one
        asked = self.first.date().toString(Qt.DateFormat.ISODate)
        self._from = asked if self.asks_from.isChecked() else ""

    def ask(self, project: Project, progress: Progress) -> TimeAnswer:
        """Work the history out; runs on a worker."""
        return time_answer(project, self._from, progress)

    def show_answer(self, answer: Any) -> None:
        """Show the chart, the subjects and the policy areas."""
        self._answer = shown = answer
        catalogue = load_catalogue()
        if not self.asks_from.isChecked():
            self.first.blockSignals(True)
            self.first.setDate(QDate.fromString(first_day(shown), Qt.DateFormat.ISODate))
            self.first.blockSignals(False)
        self.chart.show_chart(shown.chart)
        self._subjects_model.show(subjects_view(shown, catalogue))
        self._areas_model.show(areas_view(shown, catalogue))
        for table in (self.subjects, self.areas):
            fit_columns(table)
        self._show_subject()
        if self._sought is not None:
            self._find(*self._sought)

    def look_at(self, kind: str, identifier: str) -> None:
        """Choose a business or family, now or when the answer is there."""
        self._sought = (kind, identifier)
        if self._answer is not None:
            self._find(kind, identifier)

    def retranslate(self) -> None:
        """Take the words of the language in force."""
        self.asks_from.setText(_("From"))
        self.first.setAccessibleName(_("First day"))
        self.first.setLocale(QLocale())
        self.first.setDisplayFormat("d MMM yyyy")
        self.presence.retranslate()
        self.tabs.setTabText(0, _("Policy over time"))
        self.tabs.setTabText(1, _("Businesses and families"))
        self.subjects.setAccessibleName(_("Businesses and families"))
        self.areas.setAccessibleName(_("Policy areas"))
        self.runs.setAccessibleName(_("Days of the chosen one"))
        self.subjects.empty = _(
            "Nobody was exposed, or under contradicting policies, in these days."
        )
        self.areas.empty = _("No zoning, eviction or support area here says since when it holds.")
        self.runs.empty = _("Choose a business or family above to see its days.")
        self.mark.setText(_("Show on the map"))
        self.go.setText(_("Go to this date"))
        self.go.setToolTip(_("Makes the first day of the chosen row the as-of date"))
        super().retranslate()

    # ---------------------------------------------------------------- how it is built

    def _build_controls(self) -> None:
        self.asks_from, self.first = QCheckBox(), QDateEdit()
        self.first.setCalendarPopup(True)
        self.first.setKeyboardTracking(False)
        self.first.setEnabled(False)
        self.presence = PresenceBar()
        for part in (self.asks_from, self.first, self.presence):
            self.controls.addWidget(part)
        self.controls.addStretch(1)

    def _build_body(self) -> None:
        self.chart = ChartView()
        self._subjects_model, self._areas_model = FrameModel(), FrameModel()
        self._runs_model = FrameModel()
        self.subjects = table_view(self._subjects_model, "")
        self.areas = table_view(self._areas_model, "")
        self.runs = table_view(self._runs_model, "")
        self.about = plain_label(name="quiet")
        of_subject = QWidget()
        column = QVBoxLayout(of_subject)
        column.setContentsMargins(0, 6, 0, 0)
        column.addWidget(self.about)
        column.addWidget(self.runs, 1)
        self.tabs = QTabWidget()
        self.tabs.addTab(_above(self.chart, self.areas), "")
        self.tabs.addTab(_above(self.subjects, of_subject), "")
        self.mark, self.go = QPushButton(), QPushButton()
        buttons = QHBoxLayout()
        buttons.addStretch(1)
        buttons.addWidget(self.mark)
        buttons.addWidget(self.go)
        self.body.addWidget(self.tabs, 1)
        self.body.addLayout(buttons)

    # ---------------------------------------------------------------- what the user does

    def _choose(self) -> None:
        self.first.setEnabled(self.asks_from.isChecked())
        if self._project is not None:
            self.renew()

    def _ask_of(self, parameters: Parameters) -> None:
        self.edit_asked.emit(set_parameters(parameters), _("change who and what counts"))

    def _show_subject(self) -> None:
        row = _chosen(self.subjects, self._subjects_model)
        if self._answer is None or row is None:
            self.about.clear()
            self._runs_model.show(None)
        else:
            self.about.setText(heading(self._answer, row))
            self._runs_model.show(runs_view(self._answer, row, load_catalogue()))
            fit_columns(self.runs)
        self._notice_selection()

    def _find(self, kind: str, identifier: str) -> None:
        """Choose a subject in the table; say so where it has no days to show."""
        self._sought = None
        self.tabs.setCurrentIndex(1)
        self.subjects.clearSelection()
        view = self._subjects_model.shown
        row = None if self._answer is None else row_of(self._answer, kind, identifier)
        if row is None or view is None:
            text = _("{id}: never exposed, nor under contradicting policies, in these days.")
            self.about.setText(text.format(id=identifier))
            return
        (place,) = view.places_of([row])
        self.subjects.selectRow(place)
        self.subjects.scrollTo(self._subjects_model.index(place, 0))

    def _notice_selection(self) -> None:
        on_subjects = self.tabs.currentIndex() == 1
        chosen = _chosen(self.subjects, self._subjects_model) is not None
        self.mark.setEnabled(on_subjects and chosen)
        self.go.setEnabled(bool(self._date()))

    def _date(self) -> str:
        """Return the first day of the row that is chosen on the tab on show."""
        on_areas = self.tabs.currentIndex() == 0
        table, model = (
            (self.areas, self._areas_model) if on_areas else (self.runs, self._runs_model)
        )
        row = _chosen(table, model)
        return "" if row is None or model.shown is None else first_day_of(model.shown.frame, row)

    def _go(self) -> None:
        if date := self._date():
            self.edit_asked.emit(set_as_of(date), _("change the as-of date"))

    def _mark(self) -> None:
        row = _chosen(self.subjects, self._subjects_model)
        if row is not None and self._answer is not None:
            self.mark_asked.emit(place_of(self._answer, row))


def _chosen(table: QTableView, model: FrameModel) -> int | None:
    """Return the row of the frame that is selected, the first of several."""
    rows = table.selectionModel().selectedRows()
    return int(model.shown.rows[rows[0].row()]) if rows and model.shown is not None else None


def _above(upper: QWidget, lower: QWidget) -> QWidget:
    """Put one over the other; the user may move what parts them."""
    split = QSplitter(Qt.Orientation.Vertical)
    split.setChildrenCollapsible(False)
    split.addWidget(upper)
    split.addWidget(lower)
    split.setSizes([UPPER_PX, LOWER_PX])
    return split
