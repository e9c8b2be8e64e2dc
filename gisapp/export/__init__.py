"""What leaves the machine; every writer takes a Release, nothing else."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Final

from gisapp.core.errors import GisappError
from gisapp.core.progress import SILENT, Progress
from gisapp.core.project import ExportRecord
from gisapp.core.words import _

if TYPE_CHECKING:
    from gisapp.core.project import Project
    from gisapp.io.tiles.source import TileSource
    from gisapp.privacy.release import Release

Writer = Callable[["Release", Path, str, "TileSource | None"], None]


@dataclass(frozen=True)
class Written:
    """What a file that was written holds: rows, columns, smallest count, fingerprint, size."""

    features: int
    columns: tuple[str, ...]
    k_min: int | None
    sha256: str
    bytes: int


def _html(release: Release, path: Path, lang: str, _tiles: TileSource | None) -> None:
    from gisapp.export.html import write_html

    write_html(release, path, lang)


def _picture(release: Release, path: Path, lang: str, tiles: TileSource | None) -> None:
    from gisapp.export.picture import write_picture

    write_picture(release, path, lang, tiles)


def _report(release: Release, path: Path, lang: str, _tiles: TileSource | None) -> None:
    from gisapp.export.report import write_report

    write_report(release, path, lang)


def _table(release: Release, path: Path, lang: str, _tiles: TileSource | None) -> None:
    from gisapp.export.table import write_table

    write_table(release, path, lang)


def _geojson(release: Release, path: Path, lang: str, _tiles: TileSource | None) -> None:
    from gisapp.export.geojson import write_geojson

    write_geojson(release, path, lang)


def _geopackage(release: Release, path: Path, lang: str, _tiles: TileSource | None) -> None:
    from gisapp.export.geopackage import write_geopackage

    write_geopackage(release, path, lang)


# Ending to what it can hold and who writes that; the first is what it holds unless asked.
FORMATS: Final[Mapping[str, Mapping[str, Writer]]] = MappingProxyType(
    {
        ".html": {"map": _html, "report": _report},
        ".png": {"map": _picture},
        ".svg": {"map": _picture},
        ".pdf": {"report": _report, "map": _picture},
        ".csv": {"conflicts": _table, "subjects": _table},
        ".xlsx": dict.fromkeys(("conflicts", "subjects", "map", "project"), _table),
        ".geojson": dict.fromkeys(("conflicts", "subjects", "map"), _geojson),
        ".gpkg": dict.fromkeys(("project", "map", "conflicts", "subjects"), _geopackage),
    }
)


def content_of(path: Path, what: str = "") -> str:
    """Return what a file of this ending will hold: `what`, where that is possible.

    Raises
    ------
    GisappError
        For an ending that is not written, or one that cannot hold `what`.
    """
    kinds = FORMATS.get(path.suffix.lower())
    if kinds is None:
        raise GisappError(
            _("Files ending in {ending} are not written.").format(ending=repr(path.suffix)),
            _("Choose one of {endings}.").format(endings=", ".join(FORMATS)),
        )
    if what and what not in kinds:
        able = [ending for ending, contents in FORMATS.items() if what in contents]
        raise GisappError(
            _("A {ending} file cannot hold {what}.").format(ending=path.suffix.lower(), what=what),
            _("Choose one of {endings}.").format(endings=", ".join(able) or ", ".join(FORMATS)),
        )
    return what or next(iter(kinds))


def write(release: Release, path: Path, *, lang: str, tiles: TileSource | None = None) -> Written:
    """Write a release; the ending of `path` chooses the format.

    Parameters
    ----------
    lang : {"id", "en"}
        The language of what is written (a page opens in it).
    tiles : TileSource, optional
        For pictures: those of the release's basemap, as far as the user allowed them.

    Raises
    ------
    GisappError
        For an ending that is not written or cannot hold what was released, and for a place that
        cannot be written to; the file that was there stays.
    """
    content = content_of(path, release.what)
    FORMATS[path.suffix.lower()][content](release, path, lang, tiles)
    return Written(
        features=release.features,
        columns=_columns(release, path),
        k_min=release.k_min,
        sha256=hashlib.sha256(path.read_bytes()).hexdigest(),
        bytes=path.stat().st_size,
    )


def _columns(release: Release, path: Path) -> tuple[str, ...]:
    if path.suffix.lower() not in (".csv", ".xlsx"):
        return release.columns
    from gisapp.export.rows import columns_of_tables

    return columns_of_tables(release)


def export_project(
    project: Project,
    path: Path,
    *,
    preset: str,
    what: str = "",
    recipient: str = "",
    lang: str,
    tiles: TileSource | None = None,
    progress: Progress = SILENT,
) -> tuple[Written, ExportRecord]:
    """Redact a project, write what is left, and draft the line for the ledger.

    Parameters
    ----------
    what : str
        Empty: what the ending of `path` suggests.

    Returns
    -------
    Written, ExportRecord
        The caller adds the record to the project.
    """
    from gisapp.privacy.redact import redact

    content = content_of(path, what)
    progress.step(0, 2, _("Leaving out what may not leave"))
    release = redact(project, preset, what=content, recipient=recipient)
    progress.step(1, 2, _("Writing {name}").format(name=path.name))
    written = write(release, path, lang=lang, tiles=tiles)
    progress.step(2, 2, "")
    return written, _record(release, path, written)


def _record(release: Release, path: Path, written: Written) -> ExportRecord:
    return ExportRecord(
        at=datetime.now(UTC).isoformat(timespec="seconds"),
        file=path.name,
        what=release.what,
        preset=release.preset,
        recipient=release.recipient,
        columns=written.columns,
        features=written.features,
        k_min=written.k_min,
        sha256=written.sha256,
    )
