"""Counting what the legend says, off the GUI thread and only once the map stands still."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

from gisapp.core.words import _
from gisapp.ui.layer_rows import LayerRow, layer_rows

if TYPE_CHECKING:
    from collections.abc import Callable

    from gisapp.core.layer import Layer
    from gisapp.core.project import Project
    from gisapp.render.viewport import Viewport
    from gisapp.ui.jobs import Job, Jobs


class LegendCount(QObject):
    """Has the rows of a project's layers counted for a view; the newest wish counts."""

    def __init__(self, jobs: Jobs, parent: QObject) -> None:
        super().__init__(parent)
        self._jobs = jobs
        self._job: Job[tuple[LayerRow, ...]] | None = None
        self._counted: tuple[tuple[Layer, ...], Viewport | None] | None = None

    def count(
        self,
        project: Project,
        viewport: Viewport | None,
        done: Callable[[tuple[LayerRow, ...]], None],
    ) -> None:
        """Count, unless that is what was counted last; `done` takes the rows."""
        if self._counted == (project.layers, viewport):
            return
        self.stop()
        self._counted = (project.layers, viewport)
        self._job = self._jobs.start(
            lambda progress: layer_rows(project.layers, viewport, progress),
            title=_("Counting for the legend"),
            done=done,
        )

    def stop(self) -> None:
        """Let the map be drawn first; what was counted is to be counted again."""
        if self._job is not None:
            self._jobs.cancel(self._job)
        self._job = self._counted = None
