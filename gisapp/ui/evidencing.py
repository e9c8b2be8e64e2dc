"""Opens the chain behind a finding, of what is chosen in the conflicts or was clicked on."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from PySide6.QtCore import QObject

from gisapp.core.words import _
from gisapp.ui import identify

if TYPE_CHECKING:
    from gisapp.analysis.chain import Chain
    from gisapp.core.progress import Progress
    from gisapp.core.project import Project
    from gisapp.ui.evidence_window import EvidenceWindow
    from gisapp.ui.jobs import Job
    from gisapp.ui.main_window import MainWindow

Named = tuple[str, str]


class _Asked(NamedTuple):
    """Whom it is about, the area that was meant, and of which project."""

    subject: Named
    about: Named | None
    project: Project


class Evidencing(QObject):
    """Asks on a worker and keeps one window for the answers."""

    def __init__(self, window: MainWindow) -> None:
        super().__init__(window)
        self._window = window
        self._asked: _Asked | None = None
        self._job: Job[Any] | None = None
        self.shown: EvidenceWindow | None = None

    def open(self) -> None:
        """Show why the chosen conflict, or the subject that was clicked on, is what it is."""
        chosen = self._chosen()
        if chosen is None:
            self._window.messages.tell(
                _("Nothing is chosen whose finding could be explained."),
                _("Choose a conflict in the table, or click on a business or a family."),
            )
            return
        self.ask(*chosen)

    def ask(self, subject: Named, about: Named | None = None) -> None:
        """Work the chain of a subject (its kind and id) out and show it."""
        from gisapp.analysis.evidence import evidence
        from gisapp.ui.main_window import catalogue

        window, project = self._window, self._window.project
        asked, kinds = _Asked(subject, about, project), catalogue()

        def work(progress: Progress) -> Chain:
            return evidence(project, subject, kinds, progress=progress)

        if self._job is not None:
            window.jobs.cancel(self._job)
        self._job = window.jobs.start(
            work, title=_("Tracing the finding"), done=lambda chain: self._show(asked, chain)
        )

    def follow(self) -> None:
        """Take note that the project may be another now."""
        if self.shown is not None and self._asked is not None and self.shown.isVisible():
            self.shown.set_stale(self._asked.project is not self._window.project)

    def retranslate(self) -> None:
        """Take the words of the language in force."""
        if self.shown is not None:
            self.shown.retranslate()
            self._again()

    def close(self) -> None:
        """Put the window away: it told of another project."""
        if self.shown is not None:
            self.shown.hide()

    def _chosen(self) -> tuple[Named, Named | None] | None:
        """Return the subject that is chosen, where one is, and of a conflict its area.

        A conflict goes before what was clicked on where the keyboard is in its table, and where
        what was clicked on is no subject.
        """
        clicked, conflict = self._clicked(), self._conflict()
        in_table = self._window.conflicts.in_use
        return (conflict or clicked) if in_table else (clicked or conflict)

    def _clicked(self) -> tuple[Named, None] | None:
        current, project = self._window.identified.current, self._window.project
        subject = identify.subject_of(project.layer(current[0]), current[1]) if current else None
        return (subject, None) if subject else None

    def _conflict(self) -> tuple[Named, Named] | None:
        row = self._window.conflicts.current_row
        if row is None:
            return None
        record = self._window.project.of_kind("conflicts")[0].frame.iloc[row]
        subject = (str(record["subject_kind"]), str(record["subject_id"]))
        return subject, (str(record["area_kind"]), str(record["area_id"]))

    def _show(self, asked: _Asked, chain: Chain) -> None:
        from gisapp.ui.evidence_window import EvidenceWindow

        self._job, self._asked = None, asked
        if self.shown is None:
            self.shown = EvidenceWindow(self._window)
            self.shown.mark_asked.connect(self._window.analysing.mark)
            self.shown.again_asked.connect(self._again)
        self.shown.show_chain(chain, asked.about)
        self.shown.show()
        self.shown.raise_()
        self.shown.activateWindow()
        self.follow()

    def _again(self) -> None:
        if self._asked is not None and self.shown is not None and self.shown.isVisible():
            self.ask(self._asked.subject, self._asked.about)
