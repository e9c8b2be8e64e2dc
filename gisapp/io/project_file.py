"""The project file: one GeoPackage that QGIS opens, saved so that nothing is ever half written."""

from __future__ import annotations

import os
import shutil
import sqlite3
from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from dataclasses import replace
from typing import TYPE_CHECKING
from uuid import uuid4

from pyogrio.errors import DataLayerError, DataSourceError, FeatureError
from pyproj import CRS
from pyproj.exceptions import CRSError
from shapely.errors import GEOSException

from gisapp.core.causes import why
from gisapp.core.errors import GisappError
from gisapp.core.layer import Layer, Table
from gisapp.core.progress import SILENT
from gisapp.core.project import DEFAULT_CRS, Project
from gisapp.core.words import _
from gisapp.io import keys
from gisapp.io.atomic import replacing
from gisapp.io.attachments import note_held, write_files
from gisapp.io.identity import secret_was_used
from gisapp.io.leftovers import plainly_named, settle
from gisapp.io.project_book import Part, Stored, book_of, layer_of, project_of, stored_at, table_of
from gisapp.io.project_db import (
    check_integrity,
    damaged,
    distinct,
    drop_table,
    opened,
    read_book,
    read_only,
    refuse_foreign,
    refusing,
    row_count,
    shrink,
    write_book,
)
from gisapp.io.project_frames import columns_of, read_features, read_frame, write_frame
from gisapp.io.project_styles import create_geopackage, write_styles

if TYPE_CHECKING:
    from pathlib import Path

    from gisapp.core.progress import Progress
    from gisapp.io.project_db import Book, Row

# Names that GeoPackage, SQLite and gisapp keep for themselves.
_RESERVED = ("gpkg_", "gisapp_", "sqlite_", "rtree_", "layer_styles", "ogr_empty_table")
# GDAL refuses to make a table whose name begins with one of these.
_NO_BEGINNING = tuple("`~!@#$%^&*()+-={}|[]\\:\";'<>?,./")

_Key = tuple[type[Part], str]


def create_project(crs: str = DEFAULT_CRS) -> Project:
    """Return an empty project with a secret of its own.

    Parameters
    ----------
    crs : str
        A projected CRS in metres: everything is measured in it.

    Raises
    ------
    GisappError
        For a CRS that is unknown, geographic or not in metres.
    """
    return Project(crs=_metric(crs), uuid=str(uuid4()), key=keys.new_key())


def load_project(path: Path) -> Project:
    """Read the project at `path`; the file is not changed.

    Its `key` is empty where something in it was made with a secret that is not on this machine.

    Raises
    ------
    GisappError
        Where the file cannot be read, is no project, is newer than this program or damaged.
    """
    refuse_foreign(path)
    with _trusting(path), refusing(path), plainly_named(path) as plain:
        book = read_book(plain, called=path)
        layers = [_layer(plain, row, book) for row in book.rows["gisapp_layers"]]
        tables = [
            table_of(row, read_frame(plain, *stored_at(row)), book)
            for row in book.rows["gisapp_tables"]
        ]
        key = keys.find_key(book.meta["uuid"], book.meta.get("key_check", ""))
        project = project_of(book, layers, tables, key)
    note_held(path, project.attachments)
    if key or secret_was_used(project):
        return project
    return replace(project, key=keys.new_key())


def save_project(
    project: Project,
    path: Path,
    saved: Project | None = None,
    progress: Progress = SILENT,
    elsewhere: Collection[str] = (),
) -> None:
    """Write `project` to `path`: the old file stays whole until the new one is checked.

    Parameters
    ----------
    saved : Project, optional
        The value that lies in the file; only frames that differ from its (by identity) are
        written anew, and what other programs keep in the file stays. None: everything is written.
    progress : Progress
        Told of every frame that is written.
    elsewhere : collection of str
        SHA-256 of attachments whose bytes another file keeps, for an autosave.

    Raises
    ------
    GisappError
        Where it cannot be written, the disk is full, another program has the file open, `path`
        is no project, or an attachment's bytes are gone. The file stays as it was.
    """
    keys.keep_key(project.uuid, project.key)
    with replacing(_meant(path)) as fresh, _writing(path):
        draft = fresh.with_name("draft.gpkg")  # GDAL warns of any other ending
        kept = _start(path, draft, project, saved)
        places = _places(project, kept)
        changed = {key: part for key, part in _parts(project).items() if key not in kept}
        for done, (key, part) in enumerate(changed.items()):
            progress.step(done, len(changed) + 1, _("Writing {name}").format(name=part.name))
            write_frame(draft, places[key].table, part.frame, places[key].columns, project.crs)
        progress.step(len(changed), len(changed) + 1, _("Checking what was written"))
        _finish(path, draft, project, places, elsewhere)
        draft.rename(fresh)
        if path.exists():
            shutil.copymode(path, fresh)  # who may read it is its owner's choice
    note_held(path, [x for x in project.attachments if x.sha256 not in elsewhere])


def _meant(path: Path) -> Path:
    """Return the file that a link means: it is written, and the link stays one."""
    try:
        return path.resolve()
    except (OSError, RuntimeError) as error:
        raise GisappError(
            _("{path} cannot be written: it is a link to itself.").format(path=path),
            _("Choose another name, or remove the link."),
        ) from error


def _metric(text: str) -> str:
    try:
        crs = CRS.from_user_input(text)
    except CRSError as error:
        raise GisappError(
            _("{crs} is not a coordinate reference system.").format(crs=text),
            _("Name one by its code, such as {crs}.").format(crs=DEFAULT_CRS),
        ) from error
    if not crs.is_projected or any(x.unit_conversion_factor != 1 for x in crs.axis_info):
        raise GisappError(
            _("{crs} does not measure in metres.").format(crs=text),
            _("Choose a projected CRS in metres, such as {crs} around Jakarta.").format(
                crs=DEFAULT_CRS
            ),
        )
    authority = crs.to_authority(min_confidence=100)
    return ":".join(authority) if authority else crs.to_wkt()


def _layer(path: Path, row: Row, book: Book) -> Layer:
    place = stored_at(row)
    frame = read_features(path, place.table, place.columns, book.meta["crs"])
    # GDAL reads a geometry that it cannot make sense of as none.
    if frame.geometry.notna().sum() != book.located[place.table]:
        raise ValueError(_("{name} has geometries that cannot be read").format(name=row["name"]))
    return layer_of(row, frame, book)


def _parts(project: Project) -> dict[_Key, Part]:
    parts: Sequence[Part] = (*project.layers, *project.tables.values())
    return {(type(x), x.name): x for x in parts}


def _start(path: Path, draft: Path, project: Project, saved: Project | None) -> dict[_Key, Stored]:
    """Make the file to write into; return where the frames lie that need no writing."""
    if not path.exists():
        create_geopackage(draft)
        return {}
    refuse_foreign(path)
    if not os.access(path, os.W_OK):
        raise read_only(path)
    settle(path)
    book = read_book(path, integrity=False)
    if saved is not None and book.meta.get("uuid") != project.uuid:
        raise GisappError(
            _("{path} holds another project by now.").format(path=path),
            _("Save under another name, and look at what was put there."),
        )
    there = _stored(book)
    _claim(path, copy_to=None if saved is None else draft)
    if saved is None:
        create_geopackage(draft)
        return {}
    kept = {key: there[key] for key in _unchanged(project, saved) & there.keys()}
    with refusing(path), opened(draft, write=True) as connection:
        for place in there.values():
            if place not in kept.values():
                drop_table(connection, place.table)
    return kept


def _unchanged(project: Project, saved: Project) -> set[_Key]:
    before = _parts(saved)
    return {
        key
        for key, part in _parts(project).items()
        if key in before and before[key].frame is part.frame
    }


def _stored(book: Book) -> dict[_Key, Stored]:
    return {
        (part, str(row["name"])): stored_at(row)
        for part, name in ((Layer, "gisapp_layers"), (Table, "gisapp_tables"))
        for row in book.rows[name]
    }


def _claim(path: Path, copy_to: Path | None) -> None:
    """Make sure that nobody else uses the file at `path`, and copy it.

    A write-ahead log that another program left is merged first: beside a new file it would
    damage it.
    """
    with refusing(path), opened(path, write=True) as connection:
        connection.execute("PRAGMA journal_mode=DELETE")
        connection.execute("BEGIN EXCLUSIVE")
        connection.execute("ROLLBACK")
        if copy_to is not None:
            with closing(sqlite3.connect(copy_to)) as target:
                connection.backup(target)


def _places(project: Project, kept: Mapping[_Key, Stored]) -> dict[_Key, Stored]:
    """Find a table for every frame: its name, numbered where SQLite could not tell two apart."""
    taken = [x.table for x in kept.values()]
    places: dict[_Key, Stored] = {}
    for key, part in _parts(project).items():
        if key in kept:
            places[key] = kept[key]
            continue
        reserved = part.name.casefold().startswith((*_RESERVED, *_NO_BEGINNING))
        table = distinct(f"layer {part.name}" if reserved else part.name, taken, "layer")
        taken.append(table)
        places[key] = Stored(table, columns_of(part.frame))
    return places


def _finish(
    path: Path,
    draft: Path,
    project: Project,
    places: Mapping[_Key, Stored],
    elsewhere: Collection[str],
) -> None:
    layers = [places[Layer, x.name] for x in project.layers]
    tables = [places[Table, x.name] for x in project.tables.values()]
    with refusing(path), opened(draft, write=True) as connection:
        connection.execute("BEGIN")
        write_book(connection, book_of(project, layers, tables))
        write_styles(connection, project, layers)
        write_files(connection, project.attachments, elsewhere)
        connection.execute("COMMIT")
        shrink(connection)
        check_integrity(connection, path)
        for key, part in _parts(project).items():
            if row_count(connection, places[key].table) != len(part.frame):
                raise damaged(path, _("{name} was not written whole").format(name=part.name))


@contextmanager
def _writing(path: Path) -> Iterator[None]:
    try:
        yield
    except (OSError, DataSourceError, DataLayerError, FeatureError) as error:
        reason = why(error) if isinstance(error, OSError) else str(error)
        if "full" in reason:  # GDAL hands on what SQLite says, and where in its own code
            reason = _("the disk is full")
        raise GisappError(
            _("{path} could not be saved: {reason}.").format(path=path, reason=reason),
            _("Free some space or save elsewhere; the file is as it was before."),
        ) from error


@contextmanager
def _trusting(path: Path) -> Iterator[None]:
    """Turn what a damaged file does to its readers into an error for its owner."""
    try:
        yield
    except (
        DataSourceError,
        DataLayerError,
        GEOSException,
        CRSError,
        ValueError,
        KeyError,
    ) as error:
        raise damaged(path, str(error)) from error
