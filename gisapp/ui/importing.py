"""Bringing data in from the window, and looking at what was not taken in."""

from __future__ import annotations

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
        from gisapp.ui.import_dialog import ImportDialog

        window = self._window
        path = dialogs.ask_source(window, window.settings.folder)
        if path is None:
            return

        def read(found: tuple[Source, Mapping[str, str]]) -> None:
            dialog = ImportDialog(window.project, *found, window.jobs, window.drawing, window)
            dialog.imported.connect(self._take_in)
            dialog.finished.connect(dialog.deleteLater)
            dialog.open()

        window.jobs.start(
            lambda progress: work.read(path, progress),
            title=_("Reading {name}").format(name=path.name),
            done=read,
        )

    def _take_in(self, made: Layer | Table) -> None:
        from gisapp.core.layer import Layer
        from gisapp.session.edits import add_layer, add_table

        edit = add_layer(made) if isinstance(made, Layer) else add_table(made)
        self._window.session.apply(edit, _("import {name}").format(name=made.name))
        self._window.messages.tell(*dialogs.import_words(made), level="done")
        if isinstance(made, Layer):
            self._window.canvas.zoom_all()

    def show_quarantine(self) -> None:
        """Show the rows of the current layer or table that were not taken in."""
        project, name = self._window.project, self._window.layers.current_source
        layer = project.tables[name] if name in project.tables else project.layer(name)
        dialogs.QuarantineDialog(layer, self._window).open()
