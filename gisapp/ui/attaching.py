"""Documents that belong to what was clicked on: attached, opened, saved and removed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QUrl
from PySide6.QtGui import QDesktopServices

from gisapp.core.attachment import Attachment, with_id
from gisapp.core.words import _
from gisapp.ui import dialogs

# `io.attachments` imports pandas: inside the commands, because the window is shown before.

if TYPE_CHECKING:
    from pathlib import Path

    from gisapp.ui.identify_panel import IdentifyPanel
    from gisapp.ui.main_window import MainWindow


class Attaching(QObject):
    """Does on a worker what reads and writes bytes."""

    def __init__(self, window: MainWindow) -> None:
        super().__init__(window)
        self._window = window

    def listen_to(self, panel: IdentifyPanel) -> None:
        """Do what the panel asks for."""
        panel.attach_asked.connect(self.attach)
        panel.open_asked.connect(self.open)
        panel.save_asked.connect(self.save)
        panel.remove_asked.connect(self.remove)

    def attach(self, kind: str, identifier: str) -> None:
        """Ask for a document and let it belong to a record."""
        from gisapp.io.attachments import take_in
        from gisapp.session.edits import attach

        window = self._window
        path = dialogs.ask_document(window, window.settings.folder)
        if path is None:
            return
        project = window.project

        def done(attachment: Attachment) -> None:
            text = _("attach {name}").format(name=attachment.name)
            window.session.apply(attach(attachment), text)

        window.jobs.start(
            lambda _progress: take_in(project, path, (kind, identifier)),
            title=_("Attaching {name}").format(name=path.name),
            done=done,
        )

    def open(self, identifier: str) -> None:
        """Have the system show a copy of a document."""
        from gisapp.io.attachments import copy_to_show

        attachment = self._attachment(identifier)
        self._window.jobs.start(
            lambda _progress: copy_to_show(attachment),
            title=_("Opening {name}").format(name=attachment.name),
            done=self._show,
        )

    def save(self, identifier: str) -> None:
        """Ask where to, and write a copy of a document."""
        from gisapp.io.attachments import save_copy

        attachment, window = self._attachment(identifier), self._window
        target = dialogs.ask_copy(window, window.settings.folder, attachment.name)
        if target is None:
            return
        told = _("{name} was saved.").format(name=target.name)
        window.jobs.start(
            lambda _progress: save_copy(attachment, target, replace=True),
            title=_("Saving {name}").format(name=attachment.name),
            done=lambda _nothing: window.messages.tell(told, "", "done"),
        )

    def remove(self, identifier: str) -> None:
        """Take a document out of the project; undo brings it back."""
        from gisapp.session.edits import detach

        text = _("remove {name}").format(name=self._attachment(identifier).name)
        self._window.session.apply(detach(identifier), text)

    def _attachment(self, identifier: str) -> Attachment:
        return with_id(self._window.project.attachments, identifier)

    def _show(self, copy: Path) -> None:
        if not QDesktopServices.openUrl(QUrl.fromLocalFile(str(copy))):
            self._window.messages.tell(
                _("The system has no program that shows {name}.").format(name=copy.name),
                _("Save a copy, and open it with a program of your choice."),
            )
