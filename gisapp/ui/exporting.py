"""Exports from the window: what is to leave is asked, written by a job, entered in the ledger."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from gisapp.core.words import _, number
from gisapp.ui import dialogs, work

if TYPE_CHECKING:
    from collections.abc import Sequence

    from gisapp.core.project import ExportRecord
    from gisapp.render.viewport import Viewport
    from gisapp.ui.export_dialog import ExportChoice
    from gisapp.ui.main_window import MainWindow
    from gisapp.ui.picture_form import PictureChoice


class Exporting:
    """The handlers of the export actions."""

    def __init__(self, window: MainWindow) -> None:
        self._window = window

    def html(self) -> None:
        """Ask for a preset and a file, and write the map there."""
        from gisapp.ui.export_dialog import ExportDialog

        window = self._window
        dialog = ExportDialog(window.project, window.jobs, window)
        dialog.accepted.connect(lambda: self._write_html(dialog.choice))
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()

    def _write_html(self, choice: ExportChoice) -> None:
        window, project = self._window, self._window.project
        path = dialogs.ask_export(window, window.folder or Path.home(), choice.preset)
        if path is None:
            return

        window.jobs.start(
            lambda progress: work.exported(project, path, choice, progress),
            title=_("Writing {name}").format(name=path.name),
            done=lambda record: self._enter(path, (record,)),
        )

    def _enter(self, path: Path, records: Sequence[ExportRecord], missing: str = "") -> None:
        """Enter what was written in the ledger, and tell of it and of a missing basemap."""
        from gisapp.session.edits import add_export

        self._window.session.enter(add_export(*records))
        written = path.with_name(records[0].file)
        text = _("Wrote {path}.").format(path=written)
        if len(records) > 1:
            text = _("Wrote {n} files beside {path}.").format(n=number(len(records)), path=written)
        told = [_("It is entered in the project's ledger of exports.")]
        if missing:
            told.append(_("The basemap is not on it. {reason}").format(reason=missing))
        self._window.messages.tell(text, "\n".join(told), "done")

    def picture(self) -> None:
        """Ask what a picture is to be and for a file, and write it there."""
        from gisapp.ui.picture_dialog import PictureDialog

        window = self._window
        view = window.canvas.viewport
        dialog = PictureDialog(window.project, view, window.folder, window.jobs, window)
        dialog.accepted.connect(lambda: self._write_picture(dialog.choice, view))
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()

    def _write_picture(self, choice: PictureChoice, view: Viewport | None) -> None:
        from gisapp.ui.picture_form import settings_of

        window, project = self._window, self._window.project
        path = dialogs.ask_picture(
            window, window.folder or Path.home(), choice.preset, choice.ending
        )
        if path is None:
            return
        folder, settings = window.folder, settings_of(choice, view)
        window.jobs.start(
            lambda progress: work.pictured(project, folder, path, choice, settings, progress),
            title=_("Writing {name}").format(name=path.name),
            done=lambda made: self._enter(path, *made),
        )
