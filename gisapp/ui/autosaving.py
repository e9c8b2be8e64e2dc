"""Keeping unsaved edits within seconds, on a worker of its own."""

from __future__ import annotations

import threading
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer

from gisapp.core.errors import GisappError
from gisapp.core.words import _
from gisapp.ui.jobs import Jobs

if TYPE_CHECKING:
    from collections.abc import Callable

    from gisapp.session.autosave import Autosave, Unsaved
    from gisapp.session.lock import LockFile
    from gisapp.session.recovery import Waiting
    from gisapp.session.session import Session
    from gisapp.ui.main_window import MainWindow

# An edit is kept a second after it is made; where that failed it is tried again each minute.
AFTER_MS, AGAIN_MS = 1_000, 60_000


class Autosaving(QObject):
    """Keeps what the window's session has not saved, until it is saved or given up.

    Attributes
    ----------
    jobs : Jobs
        Its worker; also for whatever else asks the project's file from afar.
    is_ending : bool
        Whether the system is ending the program, so that nobody is asked any more.
    """

    def __init__(self, window: MainWindow) -> None:
        super().__init__(window)
        self._window = window
        self.jobs = Jobs(parent=self)
        self.jobs.failed.connect(window.tell_error)
        self._timer = QTimer(self, singleShot=True)
        self._timer.timeout.connect(self._keep)
        self._session: Session | None = None
        self._autosave: Autosave | None = None
        self._kept: tuple[object, ...] | None = None  # None: nothing is kept
        self._kept_for_end: tuple[object, ...] | None = None
        self.is_ending, self._told = False, False
        self._replaced: tuple[Waiting, LockFile] | None = None
        self._at_work = threading.Lock()
        self._unlisten: Callable[[], None] = lambda: None

    def follow(self, session: Session) -> None:
        """Keep the edits of `session` from now on."""
        from gisapp.session.autosave import Autosave  # imports pandas

        self._session, self._autosave = session, Autosave()
        self._kept = self._kept_for_end = None
        self._told = False
        self._unlisten = session.listen(self.ask)
        self.ask()

    def leave(self) -> None:
        """Let go of the session, whose unsaved edits are saved or not wanted.

        Where the system ends the program nobody was asked: they stay for next time.
        """
        self._unlisten()
        self._timer.stop()
        if self._autosave is not None:
            end = self._autosave.leave if self.may_leave_unasked else self._forget(self._autosave)
            self.jobs.start(
                lambda _progress: self._undisturbed(end),
                title="",
                done=_nothing,
                cancellable=False,
            )
        self._session = self._autosave = None

    def ask(self) -> None:
        """Keep the present value soon; what is kept already costs nothing."""
        if not self._timer.isActive():
            self._timer.start(AFTER_MS)

    def renew(self) -> None:
        """Keep everything anew: the file that some of it was left to is not what it was."""
        self._kept = ()
        self.ask()

    def replace(self, found: Waiting, lock: LockFile) -> None:
        """Delete `found`, which the session's edits were recovered from, once those are kept."""
        self._replaced = found, lock
        self.renew()

    def end(self) -> None:
        """Keep the present value before returning, and let the window be left unasked.

        Raises
        ------
        GisappError
            Where it cannot be kept.
        """
        self.is_ending = True
        self.keep_now()

    def keep_now(self) -> None:
        """Keep the present value before returning: the system may end the program at any moment.

        Raises
        ------
        GisappError
            Where it cannot be kept.
        """
        unsaved = self._unsaved()
        if unsaved is not None and self._autosave is not None:
            autosave = self._autosave
            self._undisturbed(lambda: self._write(autosave, unsaved))
            self._kept = self._kept_for_end = _mark(unsaved)

    @property
    def may_leave_unasked(self) -> bool:
        """Whether the system ends the program, so that what is not saved stays for next time."""
        unsaved = self._unsaved()
        kept = unsaved is not None and _mark(unsaved) == self._kept_for_end
        return self.is_ending or kept

    def _unsaved(self) -> Unsaved | None:
        from gisapp.session.autosave import Unsaved

        return Unsaved.of(self._session) if self._session else None

    def _keep(self) -> None:
        session, autosave = self._session, self._autosave
        if session is None or autosave is None:
            return
        if session.saving or self.jobs.running:
            self.ask()
            return
        unsaved = self._unsaved()
        mark = _mark(unsaved) if unsaved else None
        if mark == self._kept:
            return
        work = partial(self._write, autosave, unsaved) if unsaved else self._forget(autosave)
        self.jobs.start(
            lambda _progress: self._undisturbed(work),
            title="",
            done=lambda _none: self._note_kept(session, mark),
            failed=self._note_failed,
        )

    def _write(self, autosave: Autosave, unsaved: Unsaved) -> None:
        autosave.keep(unsaved)
        self._drop_replaced()

    def _forget(self, autosave: Autosave) -> Callable[[], None]:
        def forget() -> None:
            autosave.forget()
            self._drop_replaced()

        return forget

    def _drop_replaced(self) -> None:
        if self._replaced is not None:
            (found, lock), self._replaced = self._replaced, None
            found.discard()
            lock.close()

    def _undisturbed(self, work: Callable[[], object]) -> None:
        with self._at_work:
            work()

    def _note_kept(self, session: Session, mark: tuple[object, ...] | None) -> None:
        if session is self._session:
            self._kept, self._told = mark, False
            self.ask()  # for what was edited meanwhile

    def _note_failed(self, error: Exception) -> None:
        self._timer.start(AGAIN_MS)
        if not isinstance(error, GisappError):
            self._window.tell_error(error)
        elif not self._told:
            self._told = True
            self._window.messages.tell(
                _("Unsaved changes cannot be kept safe: {reason}").format(reason=error.message),
                _("Save often; it is tried again each minute. {remedy}").format(
                    remedy=error.remedy
                ),
                "error",
            )


def _nothing(_answer: object) -> None:
    pass


def _mark(unsaved: Unsaved) -> tuple[object, ...]:
    """Return what is equal where there is nothing to keep anew."""
    note = unsaved.note
    return unsaved.project, unsaved.saved, note.path, note.fingerprint
