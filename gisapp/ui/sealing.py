"""Sealing the project for transport and opening a sealed one, on a worker."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from gisapp.core.words import _
from gisapp.io.passphrases import WrongPassphraseError
from gisapp.ui import dialogs

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from gisapp.io.sealing import Sealed
    from gisapp.ui.main_window import MainWindow
    from gisapp.ui.saving import Saving

SEALED_ENDING: Final = ".age"


class Sealing:
    """The handlers of sealing.

    Parameters
    ----------
    saving : Saving
        Saves the project first: what is sealed is the file.
    open_project : callable
        Opens the project file that came of a sealed one.
    """

    def __init__(
        self, window: MainWindow, saving: Saving, open_project: Callable[[Path], None]
    ) -> None:
        self._window, self._saving, self._open = window, saving, open_project

    def seal(self) -> None:
        """Ask for a passphrase and a file, and seal the saved project there."""
        from gisapp.ui.passphrase_dialog import SealDialog

        session, window = self._window.session, self._window
        if session.path is None or session.dirty:
            self._saving.save(self.seal)
            return
        project = session.path
        dialog = SealDialog(project.name, window)
        dialog.accepted.connect(
            lambda: self._seal(project, dialog.passphrase.text(), dialog.recipient.text())
        )
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()

    def _seal(self, project: Path, passphrase: str, recipient: str) -> None:
        from gisapp.io.sealing import seal
        from gisapp.session.edits import add_export
        from gisapp.session.sealed import sealing_record

        window, session = self._window, self._window.session
        target = dialogs.ask_seal(window, project)
        if target is None:
            return

        def sealed(written: Sealed) -> None:
            record = sealing_record(session.project, target, written, recipient)
            session.enter(add_export(record))
            told = [_("Send the passphrase by another way than the file.")]
            told.append(_("It is entered in the project's ledger of exports."))
            window.messages.tell(
                _("Sealed as {path}.").format(path=target), "\n".join(told), "done"
            )

        window.jobs.start(
            lambda progress: seal(project, target, passphrase, progress),
            title=_("Sealing {name}").format(name=project.name),
            done=sealed,
        )

    def choose_and_unseal(self) -> None:
        """Ask for a sealed project and open it."""
        path = dialogs.ask_sealed(self._window, self._window.settings.folder)
        if path is not None:
            self.unseal(path)

    def unseal(self, sealed: Path) -> None:
        """Ask where the project in `sealed` is to lie and for its passphrase, and open it."""
        target = dialogs.ask_save_project(self._window, sealed.parent, sealed.stem)
        if target is None:
            self._give_up()
        else:
            self._ask(sealed, target)

    def _ask(self, sealed: Path, target: Path, problem: str = "") -> None:
        from gisapp.ui.passphrase_dialog import UnsealDialog

        dialog = UnsealDialog(sealed.name, problem, self._window)
        dialog.accepted.connect(lambda: self._unseal(sealed, target, dialog.passphrase.text()))
        dialog.rejected.connect(self._give_up)
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()

    def _unseal(self, sealed: Path, target: Path, passphrase: str) -> None:
        from gisapp.io.sealing import unseal

        def opened(_has_key: bool) -> None:
            self._open(target)

        def refused(error: Exception) -> None:
            if isinstance(error, WrongPassphraseError):
                self._ask(sealed, target, f"{error.message} {error.remedy}")
            else:
                self._window.tell_error(error)
                self._give_up()

        self._window.jobs.start(
            lambda progress: unseal(sealed, target, passphrase, progress),
            title=_("Opening {name}").format(name=sealed.name),
            done=opened,
            failed=refused,
        )

    def _give_up(self) -> None:
        """Show something where the program was started for a sealed project that stays closed."""
        if not self._window.has_session:
            self._window.commands.open_demo()
