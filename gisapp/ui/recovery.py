"""Offering back the edits of a window that died."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Literal, NamedTuple

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDialog, QDialogButtonBox, QListWidget, QVBoxLayout, QWidget

from gisapp.core.words import _, moment, ngettext, number
from gisapp.ui.messages import plain_label

if TYPE_CHECKING:
    from collections.abc import Sequence

    from gisapp.session.lock import LockFile
    from gisapp.session.recovery import Note, Restored, Waiting
    from gisapp.session.session import Session
    from gisapp.ui.jobs import Jobs
    from gisapp.ui.main_window import MainWindow

Answer = Literal["recover", "discard", "later"]
File = Literal["same", "changed", "none"]
TEXTS_SHOWN = 6


class RecoveryDialog(QDialog):
    """Says what happened and what can be had back, and asks what becomes of it.

    Parameters
    ----------
    note : Note
    file : str
        What became of the project's file: it is the ``same``, was ``changed``, or there is
        ``none``.

    Attributes
    ----------
    answer : str
        ``later`` until a button was chosen.
    """

    def __init__(self, note: Note, file: File, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.answer: Answer = "later"
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(_("Unsaved changes"))
        self.setMinimumWidth(520)
        self.edits = QListWidget()
        self.edits.setAccessibleName(_("What was changed"))
        self.edits.addItems(list(reversed(note.texts)))
        rows = min(len(note.texts), TEXTS_SHOWN)
        self.edits.setFixedHeight(self.edits.sizeHintForRow(0) * rows + 2 * self.edits.frameWidth())
        self.edits.setVisible(bool(note.texts))
        column = QVBoxLayout(self)
        column.setSpacing(10)
        column.addWidget(plain_label(what_happened(note), name="heading"))
        column.addWidget(plain_label(what_waits(note)))
        column.addWidget(self.edits)
        column.addWidget(plain_label(what_follows(note, file), name="quiet"))
        column.addWidget(self._buttons(file))

    def _buttons(self, file: File) -> QDialogButtonBox:
        buttons = QDialogButtonBox()
        role = QDialogButtonBox.ButtonRole
        saved = _("Delete them") if file == "none" else _("Open the saved state")
        offers: tuple[tuple[str, Answer, QDialogButtonBox.ButtonRole], ...] = (
            (_("Recover"), "recover", role.AcceptRole),
            (saved, "discard", role.DestructiveRole),
            (_("Decide later"), "later", role.RejectRole),
        )
        for text, answer, place in offers:
            button = buttons.addButton(text, place)
            button.clicked.connect(partial(self._choose, answer))
            if answer == "recover":
                button.setDefault(True)
                button.setFocus()
        return buttons

    def _choose(self, answer: Answer) -> None:
        self.answer = answer
        self.done(0)


def what_happened(note: Note) -> str:
    """Say which project was not closed properly, and when that was."""
    when = moment(note.at)
    if not note.path:
        return _("gisapp ended unexpectedly on {when}, with a project never saved.").format(
            when=when
        )
    name = note.title or Path(note.path).stem
    return _("gisapp ended unexpectedly on {when}, with unsaved changes of {name}.").format(
        when=when, name=name
    )


def what_waits(note: Note) -> str:
    """Say how many changes were kept; the last comes first below."""
    n = len(note.texts)
    if not n:
        return _("They were kept.")
    return ngettext("{n} change was kept:", "{n} changes were kept, the last first:", n).format(
        n=number(n)
    )


def what_follows(note: Note, file: File) -> str:
    """Say what each button does."""
    if file == "none" and note.path:
        return _(
            "{path} is no longer there. Recover opens what was kept as a project to be saved."
            " Deleting cannot be undone."
        ).format(path=note.path)
    if file == "none":
        return _("Recover opens it, to be saved. Deleting cannot be undone.")
    if file == "same":
        return _(
            "Recover puts them into the project, where they can be saved or undone. Opening the"
            " saved state deletes them."
        )
    return _(
        "{path} was changed since. Recover opens the changes as a project to be saved under"
        " another name. Opening the saved state deletes them."
    ).format(path=note.path)


class Recovering:
    """Looks for edits to offer, one after the other, and does what the user chose.

    Parameters
    ----------
    jobs : Jobs
        Looks for them and deletes them; reading them back is work that the user sees.
    """

    def __init__(self, window: MainWindow, jobs: Jobs) -> None:
        self._window, self._jobs = window, jobs
        self._queue: list[tuple[Waiting, Session | None]] = []
        self._is_asking = False

    def look(self, session: Session) -> None:
        """Offer what a window that died had not saved of the project just opened."""
        from gisapp.session.recovery import waiting_for

        path, uuid = session.path, session.project.uuid
        if path is None or session.read_only:
            return
        self._jobs.start(
            lambda _progress: waiting_for(path, uuid),
            title="",
            done=lambda found: self._offer(found, session),
        )

    def look_for_lost(self) -> None:
        """Offer projects that were never saved or whose file is gone; tell of what is old."""
        self._jobs.start(lambda _progress: _lost(), title="", done=self._offer_lost)

    def _offer_lost(self, lost: Lost) -> None:
        self._offer(lost.homeless, None)
        if lost.damaged:
            self._window.messages.tell(
                _("Unsaved changes of a window that died cannot be read."),
                _("They were put aside at {path}.").format(path=lost.damaged[0].parent),
                "error",
            )
        elif lost.old:
            self._window.messages.tell(
                _("Unsaved changes are more than a month old: {paths}.").format(
                    paths=", ".join(dict.fromkeys(x.note.path for x in lost.old))
                ),
                _("Open the project to recover or to delete them."),
            )

    def _offer(self, found: Sequence[Waiting], session: Session | None) -> None:
        self._queue += [(x, session) for x in reversed(found)]
        self._ask_next()

    def _ask_next(self) -> None:
        while self._queue and not self._is_asking:
            found, session = self._queue.pop(0)
            is_here = session is None or session is self._window.session
            if is_here and (lock := found.claim()) is not None:
                self._ask(found, lock, session)

    def _ask(self, found: Waiting, lock: LockFile, session: Session | None) -> None:
        file: File = "none"
        if session is not None:
            file = "same" if session.fingerprint == found.note.fingerprint else "changed"
        dialog = RecoveryDialog(found.note, file, self._window)
        self._is_asking = True

        def answered() -> None:
            self._is_asking = False
            if dialog.answer == "recover":
                self._queue.clear()  # what else waits is offered the next time
                self._recover(found, lock, session)
            elif dialog.answer == "discard":
                self._discard(found, lock)
            else:
                lock.close()
            self._ask_next()

        dialog.finished.connect(answered)
        dialog.open()

    def _discard(self, found: Waiting, lock: LockFile) -> None:
        def work(_progress: object) -> None:
            found.discard()
            lock.close()

        self._jobs.start(work, title="", done=lambda _none: None, cancellable=False)

    def _recover(self, found: Waiting, lock: LockFile, session: Session | None) -> None:
        from gisapp.session.recovery import restored

        in_file = session.saved if session is not None else None

        def failed(error: Exception) -> None:
            lock.close()
            self._window.tell_error(error)

        self._window.jobs.start(
            lambda _progress: restored(found, in_file),
            title=_("Recovering unsaved changes"),
            done=lambda kept: self._give_back(kept, found, lock, session),
            failed=failed,
            cancellable=False,
        )

    def _give_back(
        self, kept: Restored, found: Waiting, lock: LockFile, opened: Session | None
    ) -> None:
        from gisapp.session.recovery import give_back

        window = self._window
        if opened is not None and opened is not window.session:
            lock.close()  # another project was opened meanwhile: it is offered again with its own
            return
        session = give_back(kept, found.note, opened)
        if session is not opened:
            if window.session.dirty:  # edited while the question was on its way
                lock.close()
                window.messages.tell(
                    _("The project on show has unsaved changes of its own."),
                    _("Save it first; what was kept is offered again at the next start."),
                )
                return
            window.use(session)
        window.commands.saving.autosaving.replace(found, lock)
        window.messages.tell(
            _("The unsaved changes are back; they are not saved yet."), _missing(kept), "done"
        )


class Lost(NamedTuple):
    """What a start without a project finds: without a file, old, and not readable."""

    homeless: tuple[Waiting, ...]
    old: tuple[Waiting, ...]
    damaged: tuple[Path, ...]


def _lost() -> Lost:
    from gisapp.session.recovery import sweep, waiting

    damaged, found = sweep(), waiting()
    homeless = tuple(x for x in found if not x.note.path or not Path(x.note.path).exists())
    return Lost(homeless, tuple(x for x in found if x.note.is_old and x not in homeless), damaged)


def _missing(kept: Restored) -> str:
    if not kept.missing:
        return ""
    return _("Not in the file any more, and therefore missing: {names}.").format(
        names=", ".join(kept.missing)
    )
