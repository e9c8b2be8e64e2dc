"""Unsaved edits that windows left behind when they died: found, told, given back.

An autosave is three files of one name in `autosave_folder()`: a project with what the saved file
lacks (``.gpkg``), a note on whose it is (``.json``) and a lock, which is free once its window is
gone. The names begin with a counter, so that their order does not depend on the clock. Nothing
here is imported that loads pandas before something is given back: ``gisapp info`` asks as well.
"""

from __future__ import annotations

import json
import os
import shutil
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple, TypeVar

from gisapp.core.errors import GisappError
from gisapp.core.layer import Layer, Table
from gisapp.core.project import FORMAT_VERSION
from gisapp.core.words import _
from gisapp.io.atomic import replacing
from gisapp.io.folders import data_folder
from gisapp.session.lock import LockFile

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from gisapp.core.project import Project
    from gisapp.session.session import Session

Part = TypeVar("Part", Layer, Table)

# The column by which an autosave says that the rows are those of the saved file.
AS_SAVED = "gisapp_as_saved"
OLD_AFTER = timedelta(days=30)


def autosave_folder() -> Path:
    """Return the folder of the autosaves of this user's windows."""
    return data_folder() / "autosave"


@dataclass(frozen=True)
class Note:
    """Whose unsaved edits an autosave holds; no data, only names of layers and of actions.

    Parameters
    ----------
    uuid, title : str
        The project's.
    path : str
        Its file; empty for a project that was never saved.
    fingerprint : str
        The file's, when the edits began.
    at : str
        When they were kept, an ISO time with its zone.
    program_version : str
    format_version : int
    texts : tuple of str
        What the user did, as the undo menu says it, in order.
    """

    uuid: str
    title: str
    path: str
    fingerprint: str
    at: str
    program_version: str
    format_version: int
    texts: tuple[str, ...]

    @property
    def is_old(self) -> bool:
        """Whether nobody has asked for it in a month."""
        return datetime.now(UTC) - datetime.fromisoformat(self.at) > OLD_AFTER


@dataclass(frozen=True)
class Waiting:
    """An autosave whose window is gone.

    Parameters
    ----------
    place : Path
        Its three files, without their endings.
    note : Note
    """

    place: Path
    note: Note

    @property
    def data(self) -> Path:
        """The project file with what was not saved."""
        return self.place.with_suffix(".gpkg")

    def claim(self) -> LockFile | None:
        """Take it, so that no other window offers it too; None where one does or it is gone."""
        lock = LockFile(self.place.with_suffix(".lock"))
        if lock.held and self.data.exists():
            return lock
        lock.close()
        return None

    def discard(self) -> None:
        """Delete what it holds."""
        remove_autosave(self.place)


class Restored(NamedTuple):
    """The project as it was kept; the layers, tables and attachments that could not be had."""

    project: Project
    missing: tuple[str, ...]


def waiting() -> tuple[Waiting, ...]:
    """Return the autosaves of windows that are gone, the first kept first."""
    found = [Waiting(place, note) for place in _places() if (note := _read_note(place))]
    return tuple(x for x in found if x.data.exists() and _is_free(x.place))


def waiting_for(path: Path, uuid: str) -> tuple[Waiting, ...]:
    """Return those of the project `uuid` in the file `path`, also where it has been moved there."""
    return tuple(x for x in waiting() if _belongs(x.note, path.resolve(), uuid))


def unsaved_edits(path: Path, uuid: str) -> list[dict[str, Any]]:
    """Return what ``gisapp info --json`` says of `waiting_for`: ``at, file_unchanged, edits``."""
    return [
        {
            "at": x.note.at,
            "file_unchanged": file_is_unchanged(x.note),
            "edits": list(x.note.texts),
        }
        for x in waiting_for(path, uuid)
    ]


def sweep() -> tuple[Path, ...]:
    """Put aside what cannot be read and take away what holds nothing; return what was put aside."""
    aside = []
    for place in _places():
        lock = LockFile(place.with_suffix(".lock"))
        if lock.held:
            if not place.with_suffix(".gpkg").exists():
                remove_autosave(place)
            elif _read_note(place) is None:
                aside.append(put_aside(place))
        lock.close()
    return tuple(aside)


def restored(found: Waiting, in_file: Project | None) -> Restored:
    """Read an autosave; a function of values, safe on any thread.

    Parameters
    ----------
    found : Waiting
    in_file : Project, optional
        What lies in the project's file now: rows that the autosave left to the file come from it.

    Raises
    ------
    GisappError
        Where the autosave is of a newer program, or damaged (it is then put aside).
    """
    same_project = in_file is not None and in_file.uuid == found.note.uuid
    return _completed(_load(found), in_file if same_project else None)


def give_back(kept: Restored, note: Note, opened: Session | None) -> Session:
    """Return a session with the unsaved edits in it.

    Parameters
    ----------
    kept : Restored
    note : Note
    opened : Session, optional
        That of the project's file. Where the file is as it was when the edits began they become
        one step there, which undo takes back; otherwise a project that needs a name of its own.
    """
    from gisapp.session.session import Session

    if opened is not None and note.path and opened.fingerprint == note.fingerprint:
        opened.apply(lambda _before: kept.project, _("recover unsaved changes"))
        return opened
    session = Session(kept.project)
    session.lose_file()
    return session


def file_is_unchanged(note: Note) -> bool:
    """Say whether the project's file is as it was when the edits began (without one: no)."""
    from gisapp.io.project_fingerprint import fingerprint

    try:
        return bool(note.path) and fingerprint(Path(note.path)) == note.fingerprint
    except (GisappError, OSError):
        return False


def write_note(place: Path, note: Note) -> None:
    """Write the note of the autosave at `place`, for this user only."""
    with replacing(place.with_suffix(".json")) as fresh:
        fresh.touch(mode=0o600)
        fresh.write_text(json.dumps(asdict(note), ensure_ascii=False), "utf-8")


def new_place() -> Path:
    """Return a name for an autosave that sorts behind those that are there."""
    taken = [int(place.name.partition("-")[0]) for place in _places()]
    return autosave_folder() / f"{max(taken, default=0) + 1:06}-{os.urandom(4).hex()}"


def remove_autosave(place: Path) -> None:
    """Delete the autosave at `place`; the note goes first, so that no half of one is offered."""
    for ending in (".json", ".gpkg"):
        place.with_suffix(ending).unlink(missing_ok=True)


def put_aside(place: Path) -> Path:
    """Move an autosave that cannot be read out of the way; return where its data lies now."""
    folder = autosave_folder() / "damaged"
    folder.mkdir(mode=0o700, exist_ok=True)
    for ending in (".json", ".gpkg"):
        file = place.with_suffix(ending)
        if file.exists():
            shutil.move(file, folder / file.name)
    return (folder / place.name).with_suffix(".gpkg")


def _places() -> Iterator[Path]:
    names = {x.stem for ending in ("json", "gpkg") for x in autosave_folder().glob(f"*.{ending}")}
    for name in sorted(names):
        if name.partition("-")[0].isdecimal():
            yield autosave_folder() / name


def _is_free(place: Path) -> bool:
    lock = LockFile(place.with_suffix(".lock"))
    free = lock.held
    lock.close()
    return free


def _read_note(place: Path) -> Note | None:
    try:
        said = json.loads(place.with_suffix(".json").read_text("utf-8"))
        note = Note(**{**said, "texts": tuple(map(str, said["texts"]))})
        return note if datetime.fromisoformat(note.at).tzinfo else None
    except (OSError, ValueError, TypeError, KeyError):
        return None


def _belongs(note: Note, path: Path, uuid: str) -> bool:
    if note.path == str(path):
        return True
    if not note.path or note.uuid != uuid:
        return False
    before = Path(note.path)
    return not before.exists() or before.samefile(path)


def _load(found: Waiting) -> Project:
    from gisapp.io import keys
    from gisapp.io.attachments import keep_all
    from gisapp.io.project_file import load_project

    note = found.note
    if note.format_version > FORMAT_VERSION:
        raise GisappError(
            _("The unsaved changes were kept by a newer gisapp."),
            _("Open them with gisapp {version} or newer.").format(version=note.program_version),
        )
    keys.find_key(note.uuid)  # one that cannot be reached is no fault of the autosave
    try:
        project = load_project(found.data)
        keep_all(found.data)  # it is removed once it was given back
        return project
    except GisappError as error:
        data = put_aside(found.place)
        raise GisappError(
            _("The unsaved changes cannot be read: {reason}").format(reason=error.message),
            _("They were put aside at {path}; the saved state is not touched.").format(path=data),
        ) from error


def _completed(kept: Project, base: Project | None) -> Restored:
    """Fill in the rows that the autosave left to the file; name the parts that lack them."""
    from gisapp.io.attachments import is_at_hand

    layers = {x.name: x for x in base.layers} if base else {}
    tables = base.tables if base else {}
    found_layers = [_filled(x, layers) for x in kept.layers]
    found_tables = [_filled(x, tables) for x in kept.tables.values()]
    at_hand = tuple(x for x in kept.attachments if is_at_hand(x))
    project = replace(
        kept,
        layers=tuple(x for x in found_layers if x),
        tables={x.name: x for x in found_tables if x},
        attachments=at_hand,
    )
    missing = (
        *(x.name for x, found in zip(kept.layers, found_layers, strict=True) if not found),
        *(name for name, found in zip(kept.tables, found_tables, strict=True) if not found),
        *(x.name for x in kept.attachments if x not in at_hand),
    )
    return Restored(project, missing)


def _filled(part: Part, base: Mapping[str, Part]) -> Part | None:
    if AS_SAVED not in part.frame.columns:
        return part
    there = base.get(part.name)
    return replace(part, frame=there.frame) if there else None
