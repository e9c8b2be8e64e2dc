"""The analysis window: what an assessment can be argued from, a page a question."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QDialog, QHBoxLayout, QListWidget, QStackedWidget, QWidget

from gisapp.core.words import _
from gisapp.ui.analysis_page import AnalysisPage

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from gisapp.core.project import Project
    from gisapp.ui.jobs import Jobs

Page = TypeVar("Page", bound=AnalysisPage)
LIST_WIDTH_PX = 190


class AnalysisWindow(QDialog):
    """Stands beside the main window, which stays usable; only the page on show asks.

    Signals
    -------
    mark_asked : geometries to be marked on the map and zoomed to
    edit_asked : an edit of the project and its name
    """

    mark_asked = Signal(object)
    edit_asked = Signal(object, str)

    def __init__(
        self, jobs: Jobs, kinds: Sequence[Callable[[Jobs], AnalysisPage]], parent: QWidget | None
    ) -> None:
        super().__init__(parent)
        self._project: Project | None = None
        self.list, self._stack = QListWidget(), QStackedWidget()
        self.pages = [kind(jobs) for kind in kinds]
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(0)
        row.addWidget(self.list)
        row.addWidget(self._stack, 1)
        self.list.setObjectName("analysisList")
        self.list.setFixedWidth(LIST_WIDTH_PX)
        self.resize(1080, 720)
        for page in self.pages:
            self.list.addItem("")
            self._stack.addWidget(page)
            page.mark_asked.connect(self.mark_asked)
            page.edit_asked.connect(self.edit_asked)
        self.retranslate()
        self.list.currentRowChanged.connect(self._choose)
        self.list.setCurrentRow(0)

    def page_of(self, kind: type[Page]) -> Page:
        """Go to the page of a class, and return it; raises StopIteration."""
        place, page = next((i, x) for i, x in enumerate(self.pages) if isinstance(x, kind))
        self.list.setCurrentRow(place)
        return page

    def show_project(self, project: Project) -> None:
        """Show what is found in `project`, on the page on show."""
        self._project = project
        self._choose(self.list.currentRow())

    def retranslate(self) -> None:
        """Take the words of the language in force."""
        self.setWindowTitle(_("Analysis"))
        self.list.setAccessibleName(_("Questions"))
        for place, page in enumerate(self.pages):
            self.list.item(place).setText(page.title())
            page.retranslate()

    def _choose(self, place: int) -> None:
        self._stack.setCurrentIndex(place)
        if self._project is not None and place >= 0:
            self.pages[place].show_project(self._project)
