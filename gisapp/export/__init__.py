"""What leaves the machine; every writer takes a Release, nothing else."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping, Sequence
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
    from gisapp.export.settings import PictureSettings
    from gisapp.io.tiles.source import TileSource
    from gisapp.privacy.release import Release


@dataclass(frozen=True)
class WrittenFile:
    """One file: its name, fingerprint and size."""

    file: str
    sha256: str
    bytes: int


@dataclass(frozen=True)
class Written:
    """What was written: rows, columns, smallest count, fingerprint, size in all, and the files.

    Several files have a fingerprint each, and none together. `warnings` say what this tells
    together with earlier exports.
    """

    features: int
    columns: tuple[str, ...]
    k_min: int | None
    sha256: str | None
    bytes: int
    files: tuple[WrittenFile, ...]
    warnings: tuple[str, ...] = ()


@dataclass(frozen=True)
class Wishes:
    """What is wished of a file beside its content; see `write`."""

    lang: str
    tiles: TileSource | None = None
    picture: PictureSettings | None = None
    progress: Progress = SILENT


# Returns the files it wrote.
Writer = Callable[["Release", Path, Wishes], Sequence[Path]]


def _html(release: Release, path: Path, wishes: Wishes) -> Sequence[Path]:
    from gisapp.export.html import write_html

    write_html(release, path, wishes.lang)
    return (path,)


def _picture(release: Release, path: Path, wishes: Wishes) -> Sequence[Path]:
    from gisapp.export.picture import write_picture
    from gisapp.export.settings import DEFAULT

    settings = wishes.picture or DEFAULT
    return write_picture(release, path, wishes.lang, wishes.tiles, settings, wishes.progress)


def _report(release: Release, path: Path, wishes: Wishes) -> Sequence[Path]:
    from gisapp.export.report import write_report

    write_report(release, path, wishes.lang)
    return (path,)


def _table(release: Release, path: Path, wishes: Wishes) -> Sequence[Path]:
    from gisapp.export.table import write_table

    write_table(release, path, wishes.lang)
    return (path,)


def _geojson(release: Release, path: Path, wishes: Wishes) -> Sequence[Path]:
    from gisapp.export.geojson import write_geojson

    write_geojson(release, path, wishes.lang)
    return (path,)


def _geopackage(release: Release, path: Path, wishes: Wishes) -> Sequence[Path]:
    from gisapp.export.geopackage import write_geopackage

    write_geopackage(release, path, wishes.lang)
    return (path,)


# Ending to what it can hold and who writes that; the first is what it holds unless asked.
FORMATS: Final[Mapping[str, Mapping[str, Writer]]] = MappingProxyType(
    {
        ".html": {"map": _html, "report": _report},
        ".png": {"map": _picture},
        ".svg": {"map": _picture},
        ".pdf": {"map": _picture, "report": _report},
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


def write(
    release: Release,
    path: Path,
    *,
    lang: str,
    tiles: TileSource | None = None,
    picture: PictureSettings | None = None,
    progress: Progress = SILENT,
) -> Written:
    """Write a release; the ending of `path` chooses the format.

    Parameters
    ----------
    lang : {"id", "en"}
        The language of what is written (a page opens in it).
    tiles : TileSource, optional
        For pictures: those of the release's basemap, as far as the user allowed them.
    picture : PictureSettings, optional
        How a picture is to look.
    progress : Progress
        Told by pictures of many pages; may raise `Cancelled`, and nothing is written then.

    Raises
    ------
    GisappError
        For an ending that is not written or cannot hold what was released, and for a place that
        cannot be written to; the file that was there stays.
    """
    content = content_of(path, release.what)
    wishes = Wishes(lang, tiles, picture, progress)
    paths = FORMATS[path.suffix.lower()][content](release, path, wishes)
    files = tuple(_fingerprinted(each) for each in paths)
    return Written(
        features=release.features,
        columns=_columns(release, path),
        k_min=release.k_min,
        sha256=files[0].sha256 if len(files) == 1 else None,
        bytes=sum(file.bytes for file in files),
        files=files,
        warnings=tuple(other.sentence for other in release.together),
    )


def _fingerprinted(path: Path) -> WrittenFile:
    content = path.read_bytes()
    return WrittenFile(path.name, hashlib.sha256(content).hexdigest(), len(content))


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
    picture: PictureSettings | None = None,
    progress: Progress = SILENT,
) -> tuple[Written, tuple[ExportRecord, ...]]:
    """Redact a project, write what is left, and draft the lines for the ledger.

    Parameters
    ----------
    what : str
        Empty: what the ending of `path` suggests.

    Returns
    -------
    Written, tuple of ExportRecord
        One record a file; the caller adds them to the project.
    """
    from gisapp.privacy.redact import redact

    content = content_of(path, what)
    progress.step(0, 2, _("Leaving out what may not leave"))
    release = redact(project, preset, what=content, recipient=recipient)
    progress.step(1, 2, _("Writing {name}").format(name=path.name))
    written = write(release, path, lang=lang, tiles=tiles, picture=picture, progress=progress)
    progress.step(2, 2, "")
    return written, tuple(_record(release, file, written) for file in written.files)


def _record(release: Release, file: WrittenFile, written: Written) -> ExportRecord:
    return ExportRecord(
        at=datetime.now(UTC).isoformat(timespec="seconds"),
        file=file.file,
        what=release.what,
        preset=release.preset,
        recipient=release.recipient,
        columns=written.columns,
        features=written.features,
        k_min=written.k_min,
        sha256=file.sha256,
        counts=release.counts,
    )
