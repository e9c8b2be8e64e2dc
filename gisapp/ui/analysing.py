"""The one analysis window of a main window."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

from gisapp.ui.identify import subject_of

if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

    from gisapp.session.edits import Edit
    from gisapp.ui.analysis_page import AnalysisPage
    from gisapp.ui.analysis_window import AnalysisWindow
    from gisapp.ui.jobs import Jobs
    from gisapp.ui.main_window import MainWindow


class Analysing(QObject):
    """Opens the analysis window and has it follow the project."""

    def __init__(self, window: MainWindow) -> None:
        super().__init__(window)
        self._window = window
        self.shown: AnalysisWindow | None = None

    def open(self) -> None:
        """Show the analysis window, made when it is first asked for."""
        from gisapp.ui.analysis_window import AnalysisWindow

        if self.shown is None:
            self.shown = AnalysisWindow(self._window.jobs, pages(), self._window)
            self.shown.mark_asked.connect(self.mark)
            self.shown.edit_asked.connect(self._edit)
        self.shown.show()
        self.follow()
        self.shown.raise_()
        self.shown.activateWindow()

    def open_time(self) -> None:
        """Show over time the business or family that was clicked on."""
        current = self._window.identified.current
        if current is None:
            return
        layer, row = current
        subject = subject_of(self._window.project.layer(layer), row)
        self.open()
        if subject is not None and self.shown is not None:
            from gisapp.ui.analysis_time import TimePage

            self.shown.page_of(TimePage).look_at(*subject)

    def follow(self) -> None:
        """Show the project that the main window shows."""
        if self.shown is None or not self.shown.isVisible():
            return
        if self._window.has_session:
            self.shown.show_project(self._window.project)

    def retranslate(self) -> None:
        """Take the words of the language in force."""
        if self.shown is not None:
            self.shown.retranslate()

    def mark(self, geometries: Any) -> None:
        """Mark geometries on the map and go there."""
        self._window.canvas.mark(geometries)
        self._window.canvas.zoom_to_marks()
        self._window.menus.enable()

    def _edit(self, edit: Edit, text: str) -> None:
        self._window.session.apply(edit, text)


def pages() -> list[Callable[[Jobs], AnalysisPage]]:
    """Return the pages, in the order of the list; importing them imports pandas."""
    from gisapp.ui.analysis_contradictions import ContradictionsPage
    from gisapp.ui.analysis_evidence import EvidencePage
    from gisapp.ui.analysis_overlay import OverlayPage
    from gisapp.ui.analysis_patterns import PatternsPage
    from gisapp.ui.analysis_register import RegisterPage
    from gisapp.ui.analysis_time import TimePage
    from gisapp.ui.analysis_uncertainty import UncertaintyPage

    return [
        ContradictionsPage,
        RegisterPage,
        TimePage,
        OverlayPage,
        PatternsPage,
        UncertaintyPage,
        EvidencePage,
    ]
