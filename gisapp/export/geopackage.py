"""A GeoPackage of what may leave: a fresh project file, so that nothing removed lingers in it."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from gisapp.core.errors import GisappError
from gisapp.core.project import Parameters
from gisapp.core.words import speaking
from gisapp.io.atomic import replacing
from gisapp.io.project_file import create_project, save_project

if TYPE_CHECKING:
    from pathlib import Path

    from gisapp.core.project import Project
    from gisapp.privacy.release import Release


def write_geopackage(release: Release, path: Path, lang: str) -> None:
    """Write the layers and tables as a project of their own, with styles for QGIS.

    It is made from an empty file, without a key: no page, run, ledger or quarantined row of the
    project that it came from is in it.

    Raises
    ------
    GisappError
        Where `path` cannot be written.
    """
    with speaking(lang), replacing(path) as fresh:
        try:
            save_project(released_project(release), fresh)
        except GisappError as error:  # the user knows nothing of where it is written first
            message = error.message.replace(str(fresh), str(path))
            raise GisappError(message, error.remedy) from error


def released_project(release: Release) -> Project:
    """Return the project that somebody who gets the release can open."""
    blank = create_project(str(release.crs))
    told = (release.notice, release.risk_statement)
    return replace(
        blank,
        key="",  # who gets it makes a new one where one is needed; here it would only lie about
        layers=release.layers,
        tables=dict(release.tables),
        parameters=Parameters(as_of=release.as_of),
        title=release.title,
        notice=" ".join(text for text in told if text),
    )
