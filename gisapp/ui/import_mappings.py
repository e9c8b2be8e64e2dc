"""Saved mappings in the assistant: offered, loaded from a file, written to one, remembered."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Signal

from gisapp.core.errors import GisappError
from gisapp.core.words import _
from gisapp.io.recipes import read_recipe, recipe_of, remember, remembered, write_recipe
from gisapp.ui import dialogs
from gisapp.ui.import_form import differs, remembered_text
from gisapp.ui.messages import MessageBar

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget

    from gisapp.core.layer import Layer, Table
    from gisapp.core.recipe import Recipe
    from gisapp.io.recipes import Remembered
    from gisapp.io.source import RawTable
    from gisapp.ui.jobs import Jobs


class MappingBar(MessageBar):
    """Offers how a table like this was read before, and tells of mappings in files.

    Parameters
    ----------
    jobs : Jobs
        Read and write the files.

    Signals
    -------
    chosen : the Recipe to read the table by
    """

    chosen = Signal(object)

    def __init__(self, jobs: Jobs, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._jobs = jobs
        self._asked: RawTable | None = None

    def look_back(self, raw: RawTable, now: Recipe) -> None:
        """Offer the recipe by which a table like `raw` was read before, where it is not `now`."""
        self.hide()
        self._asked = raw
        self._jobs.start(
            lambda _progress: remembered(raw),
            title=_("Looking for a mapping"),
            done=lambda found: self._propose(raw, found, now),
            failed=self._refuse,
        )

    def _propose(self, raw: RawTable, found: Remembered | None, now: Recipe) -> None:
        if found is None or raw is not self._asked or not differs(found.recipe, now):
            return
        use, leave = (lambda: self.chosen.emit(found.recipe)), (lambda: None)
        self.tell(*remembered_text(found), "info", {_("Use"): use, _("Not now"): leave})

    def remember(self, raw: RawTable, recipe: Recipe) -> None:
        """Keep the user's decisions for the next table like this."""
        self._jobs.start(
            lambda _progress: remember(raw, recipe),
            title=_("Remembering the mapping"),
            done=lambda _none: None,
            cancellable=False,
        )

    def load(self) -> None:
        """Ask for a mapping and choose it."""
        path = dialogs.ask_mapping(self)
        if path is not None:
            self._jobs.start(
                lambda _progress: read_recipe(path),
                title=_("Reading {name}").format(name=path.name),
                done=self.chosen.emit,
                failed=self._refuse,
            )

    def save(self, made: Layer | Table, recipe: Recipe) -> None:
        """Ask for a file and write how `made` was read, every column named."""
        path = dialogs.ask_save_mapping(self, made.kind)
        if path is None or made.report is None:
            return
        whole = recipe_of(made.report, recipe)
        self._jobs.start(
            lambda _progress: write_recipe(whole, path),
            title=_("Writing {name}").format(name=path.name),
            done=lambda _none: self.tell(
                _("The mapping was written to {name}.").format(name=path.name), level="done"
            ),
            failed=self._refuse,
        )

    def _refuse(self, error: Exception) -> None:
        if isinstance(error, GisappError):
            self.tell(error.message, error.remedy, "error")
        else:
            self._jobs.failed.emit(error)
