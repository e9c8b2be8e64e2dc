"""The page on overlays: which ground is zoned how, cleared how far, in which admin area."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import shapely
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QPushButton, QSplitter, QTabWidget

from gisapp.analysis.areas import stacked
from gisapp.core.words import _
from gisapp.session.result_layers import put_result
from gisapp.ui.analysis_page import AnalysisPage, offer_anew
from gisapp.ui.chart_view import ChartView
from gisapp.ui.messages import plain_label
from gisapp.ui.overlay_view import MARGINS, Shown, margin_text, offered_levels, show_overlay
from gisapp.ui.tables import FrameModel, fit_columns, table_view

if TYPE_CHECKING:
    from gisapp.analysis.overlay_table import Level
    from gisapp.core.progress import Progress
    from gisapp.core.project import Project
    from gisapp.ui.jobs import Jobs
    from gisapp.ui.tables import FrameTable


class OverlayPage(AnalysisPage):
    """Asks `show_overlay` by the level chosen above, and puts the answer on the map."""

    def __init__(self, jobs: Jobs) -> None:
        super().__init__(jobs)
        self._shown: Shown | None = None
        self._by: Level = "kelurahan"
        self._build_controls()
        self._build_body()
        self.retranslate()
        self.by.currentIndexChanged.connect(self._choose)
        self.margin.currentIndexChanged.connect(self._draw)
        for table in (self.ground, self.evictions):
            table.activated.connect(lambda _index: self._mark())
            table.selectionModel().selectionChanged.connect(self._notice_selection)
        self.tabs.currentChanged.connect(self._notice_selection)
        self.mark.clicked.connect(self._mark)
        self.put.clicked.connect(self._put)

    def title(self) -> str:
        """Return what the page is called in the list."""
        return _("Overlay")

    def lacking(self, project: Project) -> str:
        """Say what must be there first."""
        if not project.of_kind("businesses") and not project.of_kind("households"):
            return _("Import businesses or households first.")
        if not _levels_of(project):
            return _("Import an admin layer of RW or kelurahan first: areas are summed by it.")
        if not project.of_kind("zoning") and not project.of_kind("evictions"):
            return _("Import a zoning plan or eviction areas first: they are what is overlaid.")
        return ""

    def show_project(self, project: Project) -> None:
        """Offer the levels that the project has, and ask."""
        if project is not self._project:
            offer_anew(self.by, [(_level_text(x), x) for x in _levels_of(project)])
        super().show_project(project)

    def choices(self) -> None:
        """Take over what the user chose."""
        self._by = self.by.currentData()

    def ask(self, project: Project, progress: Progress) -> Shown:
        """Lay the areas over each other; runs on a worker."""
        return show_overlay(project, self._by, progress)

    def show_answer(self, answer: Any) -> None:
        """Show what adds up, the rows of ground and the evictions by sub-zone."""
        self._shown = shown = answer
        self.claim.setText(shown.claim)
        self.notes.setText(shown.notes)
        self._ground_model.show(shown.ground)
        self._evictions_model.show(shown.evictions)
        fit_columns(self.ground)
        fit_columns(self.evictions)
        self._draw()
        self._notice_selection()

    def retranslate(self) -> None:
        """Take the words of the language in force."""
        self._by_label.setText(_("Areas"))
        self._margin_label.setText(_("Bars"))
        offer_anew(self.margin, [(margin_text(x), x) for x in MARGINS])
        if self._project is not None:
            offer_anew(self.by, [(_level_text(x), x) for x in _levels_of(self._project)])
        self.tabs.setTabText(0, _("Ground"))
        self.tabs.setTabText(1, _("Evictions by sub-zone"))
        self.ground.setAccessibleName(_("Ground by sub-zone, eviction stage and admin area"))
        self.evictions.setAccessibleName(_("Eviction areas by sub-zone"))
        self.evictions.empty = _("No eviction in force lies in the plan.")
        self.mark.setText(_("Show the chosen rows on the map"))
        self.put.setText(_("Put on the map"))
        super().retranslate()

    # ---------------------------------------------------------------- how it is built

    def _build_controls(self) -> None:
        self.by, self.margin = QComboBox(), QComboBox()
        self._by_label, self._margin_label = plain_label(wrap=False), plain_label(wrap=False)
        for label, box in ((self._by_label, self.by), (self._margin_label, self.margin)):
            label.setBuddy(box)
            self.controls.addWidget(label)
            self.controls.addWidget(box)
        self.controls.addStretch(1)

    def _build_body(self) -> None:
        self.claim, self.notes = plain_label(name="heading"), plain_label(name="quiet")
        self._ground_model, self._evictions_model = FrameModel(), FrameModel()
        self.ground = table_view(self._ground_model, "")
        self.evictions = table_view(self._evictions_model, "")
        self.chart = ChartView()
        split = QSplitter(Qt.Orientation.Vertical)
        split.addWidget(self.ground)
        split.addWidget(self.chart)
        split.setSizes([300, 220])
        self.tabs = QTabWidget()
        self.tabs.addTab(split, "")
        self.tabs.addTab(self.evictions, "")
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
        if self._project is not None:
            self.renew()

    def _draw(self) -> None:
        if self._shown is not None:
            self.chart.show_chart(self._shown.charts[self.margin.currentData()])

    def _geometries(self) -> Any:
        """Return the ground of the rows that are chosen on the tab on show, shape (n,)."""
        assert self._shown is not None
        on_ground = self.tabs.currentIndex() == 0
        table: FrameTable = self.ground if on_ground else self.evictions
        view = self._shown.ground if on_ground else self._shown.evictions
        shapes = self._shown.shapes if on_ground else self._shown.eviction_shapes
        rows = [int(view.rows[index.row()]) for index in table.selectionModel().selectedRows()]
        chosen = shapes[rows]
        return chosen[~shapely.is_missing(chosen)]

    def _notice_selection(self) -> None:
        self.mark.setEnabled(self._shown is not None and len(self._geometries()) > 0)

    def _mark(self) -> None:
        if self._shown is not None and len(shapes := self._geometries()):
            self.mark_asked.emit(shapes)

    def _put(self) -> None:
        if self._shown is not None:
            self.edit_asked.emit(
                put_result("overlay", self._shown.frame, _("Overlay")), _("Show the overlay")
            )


def _levels_of(project: Project) -> tuple[str, ...]:
    return offered_levels(list(stacked(project.of_kind("admin"), ("level",)).frame["level"]))


def _level_text(level: str) -> str:
    return {"rw": _("RW"), "kelurahan": _("Kelurahan")}[level]
