"""The long work of commands, as it runs on a worker: it knows no widget.

Rooms that import pandas are imported inside: the window is shown before.
"""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

from gisapp.core.errors import GisappError
from gisapp.core.words import _

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from PySide6.QtGui import QImage

    from gisapp.core.progress import Progress
    from gisapp.core.project import ExportRecord, Project
    from gisapp.export.settings import PictureSettings
    from gisapp.io.services.addresses import Address
    from gisapp.io.services.service import Bounds
    from gisapp.io.source import Source
    from gisapp.io.tiles.source import TileSource
    from gisapp.session.session import Session
    from gisapp.ui.export_dialog import ExportChoice
    from gisapp.ui.picture_form import PictureChoice


def open_project(path: Path, progress: Progress) -> Session:
    """Open the project file at `path`."""
    from gisapp.session.session import Session

    progress.step(0, 0, _("Reading the project"))
    return Session.open(path)


def read(path: Path, project: Project, progress: Progress) -> tuple[Source, Mapping[str, str]]:
    """Read a source, and return it with the kinds that it may be."""
    from gisapp.io.area import project_area
    from gisapp.io.reading import read_source
    from gisapp.io.suggesting import suggested_kinds

    source = read_source(path, progress=progress)
    project_area(project)  # the window asks for it next, and it is remembered
    return source, suggested_kinds(source)


def bring(
    address: Address, layer: str, bounds: Bounds | None, token: str, progress: Progress
) -> tuple[Source, Mapping[str, str]]:
    """Bring a layer of a service, and return it as `read` does a file."""
    from gisapp.io.services.bringing import read_service
    from gisapp.io.suggesting import suggested_kinds

    source = read_service(address, layer=layer, bounds=bounds, token=token, progress=progress)
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


def pictured(
    project: Project,
    folder: Path | None,
    path: Path,
    choice: PictureChoice,
    settings: PictureSettings,
    progress: Progress,
) -> tuple[tuple[ExportRecord, ...], str]:
    """Write a project's picture to `path`.

    Returns
    -------
    tuple of ExportRecord, str
        The lines for the ledger, and why the basemap is missing where it is.
    """
    from gisapp.export import export_project

    with _tiles(project, folder, asks=True) as (tiles, missing):
        _written, records = export_project(
            project,
            path,
            preset=choice.preset,
            what="map",
            recipient=choice.recipient,
            lang=choice.lang,
            tiles=tiles,
            picture=settings,
            progress=progress,
        )
    return records, missing


def previewed(
    project: Project,
    folder: Path | None,
    choice: PictureChoice,
    settings: PictureSettings,
    progress: Progress,
    page: int = 0,
) -> tuple[QImage, int]:
    """Draw a page of a picture, over those tiles that are kept; count the pages."""
    from gisapp.export.picture import preview
    from gisapp.privacy.redact import redact

    release = redact(project, choice.preset, recipient=choice.recipient)
    with _tiles(project, folder, asks=False) as (tiles, _missing):
        return preview(release, choice.lang, tiles, settings, progress, page)


@contextmanager
def _tiles(
    project: Project, folder: Path | None, *, asks: bool
) -> Iterator[tuple[TileSource | None, str]]:
    """Give the tiles of a project's basemap, as far as allowed, or why there are none."""
    from gisapp.io.tiles.choices import load_choices
    from gisapp.io.tiles.opening import open_basemap

    tiles, missing = None, ""
    try:
        tiles = open_basemap(project.basemap, load_choices(), folder, asks=asks)
    except GisappError as error:
        missing = f"{error.message} {error.remedy}"
    try:
        yield tiles, missing
    finally:
        if tiles is not None:
            tiles.close()
