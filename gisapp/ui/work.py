"""The long work of commands, as it runs on a worker: it knows no widget.

Rooms that import pandas are imported inside: the window is shown before.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from gisapp.core.words import _

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from gisapp.core.progress import Progress
    from gisapp.core.project import ExportRecord, Project
    from gisapp.io.source import Source
    from gisapp.session.session import Session
    from gisapp.ui.export_dialog import ExportChoice


def open_project(path: Path, progress: Progress) -> Session:
    """Open the project file at `path`."""
    from gisapp.session.session import Session

    progress.step(0, 0, _("Reading the project"))
    return Session.open(path)


def read(path: Path, progress: Progress) -> tuple[Source, Mapping[str, str]]:
    """Read a source, and return it with the kinds that it may be."""
    from gisapp.io.reading import read_source
    from gisapp.ui.import_form import suggested_kinds

    source = read_source(path, progress=progress)
    return source, suggested_kinds(source)


def open_demo(progress: Progress) -> Session:
    """Open the demo, which is built the first time."""
    from gisapp.session import demo
    from gisapp.session.session import Session

    return Session(demo.open_demo(progress))


def exported(
    project: Project, path: Path, choice: ExportChoice, progress: Progress
) -> ExportRecord:
    """Write a project's map to `path`, and return the line for the ledger."""
    from gisapp.export import export_project

    _written, (record,) = export_project(
        project,
        path,
        preset=choice.preset,
        what="map",
        recipient=choice.recipient,
        lang=choice.lang,
        progress=progress,
    )
    return record
