"""Bringing data in from the window, and looking at what was not taken in."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from gisapp.core.words import _
from gisapp.ui import dialogs, work

if TYPE_CHECKING:
    from collections.abc import Mapping

    from gisapp.core.layer import Layer, Table
    from gisapp.io.source import Source
    from gisapp.ui.main_window import MainWindow


class Importing:
    """The handlers of imports."""

    def __init__(self, window: MainWindow) -> None:
        self._window = window

    def import_source(self) -> None:
        """Ask for a file, read it in the background, then let the user map its columns."""
        window = self._window
        path = dialogs.ask_source(window, window.settings.folder)
        if path is None:
            return
        project = window.project
        window.jobs.start(
            lambda progress: work.read(path, project, progress),
            title=_("Reading {name}").format(name=path.name),
            done=self._assist,
        )

    def import_service(self) -> None:
        """Ask for a layer of a service, then let the user map its columns."""
        from gisapp.ui.service_dialog import ServiceDialog

        window = self._window
        dialog = ServiceDialog(window.project, window.jobs, window.settings, window)
        dialog.brought.connect(self._assist)
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()

    def _assist(self, found: tuple[Source, Mapping[str, str]]) -> None:
        from gisapp.ui.import_dialog import ImportDialog

        window = self._window
        dialog = ImportDialog(window.project, *found, window.jobs, window.drawing, window)
        dialog.imported.connect(self._take_in)
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()

    def _take_in(self, made: Layer | Table) -> None:
        window = self._window
        self._apply(made, _("import {name}").format(name=made.name))
        refused = made.report is not None and made.report.quarantined > 0
        look = {_("Look at them"): partial(self._look_at, made.name)} if refused else {}
        window.messages.tell(*dialogs.import_words(made), level="done", actions=look)
        if made.name not in window.project.tables:
            window.canvas.zoom_all()

    def _apply(self, made: Layer | Table, text: str) -> None:
        from gisapp.core.layer import Layer
        from gisapp.session.edits import add_layer, add_table

        edit = add_layer(made) if isinstance(made, Layer) else add_table(made)
        self._window.session.apply(edit, text)

    def show_quarantine(self) -> None:
        """Show the rows of the current layer or table that were not taken in."""
        self._look_at(self._window.layers.current_source)

    def _look_at(self, name: str) -> None:
        """Let rows be corrected; what is taken in of them is one step to undo."""
        from gisapp.ui.quarantine_dialog import QuarantineDialog

        window = self._window
        parts = {x.name: x for x in window.project.layers} | dict(window.project.tables)
        part = parts.get(name)
        if part is None:
            window.messages.tell(_("{name} is no longer in the project.").format(name=name))
            return
        dialog = QuarantineDialog(window.project, part, window.jobs, window.drawing, window)

        def take_in(mended: Layer | Table) -> None:
            self._apply(mended, _("correct rows of {name}").format(name=name))
            dialog.take_project(window.project)

        dialog.mended.connect(take_in)
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()
