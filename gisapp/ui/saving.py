"""Keeping the project: saved on a worker, and not left with unsaved changes unasked."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication

from gisapp.core.words import _
from gisapp.ui import dialogs
from gisapp.ui.autosaving import Autosaving
from gisapp.ui.file_watch import FileWatch
from gisapp.ui.recovery import Recovering

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from gisapp.ui.main_window import MainWindow

CLOSE_AGAIN_MS = 20


class Saving:
    """The handlers of saving.

    Parameters
    ----------
    guarded : callable
        Runs a command and tells what the user has to mend first.
    """

    def __init__(
        self, window: MainWindow, guarded: Callable[[Callable[[], object]], object]
    ) -> None:
        self._window, self._guarded = window, guarded
        self._after_save: list[Callable[[], object]] = []
        self.autosaving = Autosaving(window)
        self.jobs = self.autosaving.jobs
        self.watch = FileWatch(window, self.jobs)
        self.recovering = Recovering(window, self.jobs)
        window.session_changed.connect(self._follow)

    def _follow(self) -> None:
        session = self._window.session
        session.take_over()  # where the window had this file open before, it has just let it go
        self.autosaving.follow(session)
        self.watch.follow(session)
        self.recovering.look(session)
        if not session.lock_is_sure:
            self._window.messages.tell(
                _("This folder knows no locks: another gisapp window may have this project too."),
                _("Open it in one window only."),
            )

    def leave(self) -> None:
        """Let go of the window's session; its unsaved changes are saved or not wanted."""
        self.watch.leave()
        self.autosaving.leave()

    def end(self) -> None:
        """Keep what is not saved for the next start and close the window, without a question."""
        try:
            self.autosaving.end()
        finally:
            self._close()

    def _close(self) -> None:
        """Close the window; a question on show goes first, because the window waits for it."""
        question = QApplication.activeModalWidget()
        if question is None:
            self._window.close()
        else:
            question.close()
            QTimer.singleShot(CLOSE_AGAIN_MS, self._close)

    def save(self, then: Callable[[], object] | None = None) -> None:
        """Save the project to its file, asking for one where it has none; then run `then`."""
        session = self._window.session
        if session.path is None or session.read_only:
            self.save_as(then)
        else:
            self._save(session.path, then)

    def save_as(self, then: Callable[[], object] | None = None) -> None:
        """Ask for a file and save the project there; where one was chosen, run `then` at last."""
        window = self._window
        path = dialogs.ask_save_project(window, window.settings.folder, window.project.title)
        if path is not None:
            self._save(path, then)

    def _save(self, path: Path, then: Callable[[], object] | None) -> None:
        """Write the project in the background; what is edited meanwhile stays to be saved."""
        from gisapp.session.edits import set_view

        window, session = self._window, self._window.session
        if window.canvas.viewport is not None:
            session.enter(set_view(window.canvas.viewport.view))
        saving = session.begin_save(path)
        self._after_save = [then] if then else []

        def written(mark: str) -> None:
            session.end_save(mark)
            window.settings.remember(path)
            window.messages.tell(_("Saved {path}.").format(path=path), level="done")
            self.watch.follow(session)
            for follow in self._after_save:
                QTimer.singleShot(0, follow)

        def failed(error: Exception) -> None:
            session.give_up_save()
            window.tell_error(error)
            self.watch.look()
            if self.autosaving.is_ending:
                window.close()

        window.jobs.start(
            saving.write,
            title=_("Saving {name}").format(name=path.name),
            done=written,
            failed=failed,
            cancellable=False,
        )

    def may_leave(self, then: Callable[[], object]) -> bool:
        """Whether the present project may be left now.

        A save under way is waited for, and the user is asked what becomes of unsaved changes:
        once they are saved, `then` is run.
        """
        window = self._window
        if window.has_session and window.session.saving:
            self._after_save.append(then)
            return False
        if not (window.has_session and window.session.dirty):
            return True
        if self.autosaving.may_leave_unasked:
            return True
        answer = dialogs.ask_unsaved(window)
        if answer == "save":
            self._guarded(partial(self.save, then))
        return answer == "discard"
