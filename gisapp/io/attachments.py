"""The bytes of a project's attachments: in its file, beside it on the way there, out to be read.

Bytes are known by their SHA-256 and are checked against it whenever they are read. They are
copied in pieces and never held whole. What is attached, and what a save takes out of the file that
undo may want back, waits in a folder of this process that no other user may look into.
"""

from __future__ import annotations

import atexit
import hashlib
import mimetypes
import os
import re
import sqlite3
import threading
from collections.abc import Callable, Collection, Iterator
from contextlib import ExitStack, closing, suppress
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import IO, TYPE_CHECKING, Final

from gisapp.core.attachment import ATTACHABLE, Attachment
from gisapp.core.causes import why
from gisapp.core.dates import checked_date
from gisapp.core.errors import GisappError
from gisapp.core.words import _, number
from gisapp.io.atomic import refuse_existing, replacing
from gisapp.io.leftovers import plainly_named
from gisapp.io.project_book import attachment_of
from gisapp.io.project_db import (
    FILES_TABLE,
    damaged,
    make_files_table,
    opened,
    read_book,
    refuse_foreign,
    refusing,
)
from gisapp.io.scratch import private_folder

if TYPE_CHECKING:
    from gisapp.core.layer import Layer, Table
    from gisapp.core.project import Project

LIMIT_BYTES: Final = 50 << 20
_PIECE_BYTES: Final = 1 << 20
_LONGEST_NAME: Final = 100
# What a system shows without running it. Everything else can be saved, and opened by hand.
SHOWN_ENDINGS: Final = frozenset(
    (
        ".pdf", ".png", ".jpg", ".jpeg", ".gif", ".webp", ".bmp", ".tif", ".tiff", ".heic",
        ".txt", ".csv", ".rtf", ".doc", ".docx", ".odt", ".xls", ".xlsx", ".ods", ".ppt", ".pptx",
        ".odp", ".mp3", ".m4a", ".ogg", ".wav", ".mp4", ".mov", ".webm", ".3gp",
    )
)  # fmt: skip

Pieces = Iterator[bytes]


class _Waiting:
    """The folder of this process; and which project files hold which bytes."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._folder: Path | None = None
        self._files: dict[str, list[Path]] = {}

    def folder(self) -> Path:
        """Return the folder, made when it is first needed and removed with the process."""
        with self._lock:
            if self._folder is None or not self._folder.is_dir():
                stack = ExitStack()
                self._folder = stack.enter_context(private_folder("attached"))
                atexit.register(stack.close)
            return self._folder

    def place(self, sha256: str) -> Path:
        return self.folder() / sha256

    def note(self, path: Path, held: Collection[str]) -> None:
        """Remember that the project file at `path` holds these bytes."""
        with self._lock:
            for sha256 in held:
                places = self._files.setdefault(sha256, [])
                if path in places:
                    places.remove(path)
                places.insert(0, path)  # the file that was written last is the likeliest

    def files(self, sha256: str) -> list[Path]:
        with self._lock:
            return list(self._files.get(sha256, ()))


_WAITING = _Waiting()


def take_in(
    project: Project, path: Path, to: tuple[str, str], *, title: str = "", source: str = "",
    dated: str = "", note: str = "",
) -> Attachment:  # fmt: skip
    """Take a document in: its bytes wait until the project is saved.

    Parameters
    ----------
    project : Project
        Has the record that it is to belong to.
    path : Path
        The document, which is only read.
    to : tuple of str
        The record's kind (`ATTACHABLE`) and id.
    title, source, note : str
    dated : str
        ISO date.

    Raises
    ------
    GisappError
        Where the project has no such record, or the file cannot be read, is empty or has more
        than `LIMIT_BYTES`.
    """
    _refuse_unknown(project, to)
    sha256, size_bytes = _kept(path)
    return Attachment(
        id=str(max((int(x.id) for x in project.attachments if x.id.isdecimal()), default=0) + 1),
        to_kind=to[0],
        to_id=to[1],
        name=path.name,
        title=title.strip(),
        media_type=mimetypes.guess_type(path.name)[0] or "application/octet-stream",
        size_bytes=size_bytes,
        sha256=sha256,
        added_at=datetime.now(UTC).isoformat(timespec="seconds"),
        source=source.strip(),
        dated=checked_date(dated) if dated else "",
        note=note.strip(),
    )


def _refuse_unknown(project: Project, to: tuple[str, str]) -> None:
    kind, identifier = to
    if kind not in ATTACHABLE:
        raise GisappError(
            _("Nothing can be attached to “{kind}”.").format(kind=kind),
            _("Choose one of: {kinds}.").format(kinds=", ".join(ATTACHABLE)),
        )
    parts: tuple[Layer | Table, ...] = (*project.layers, *project.tables.values())
    frames = [x.frame for x in parts if x.kind == kind]
    if not any((x["id"].astype("str") == identifier).any() for x in frames if "id" in x):
        raise GisappError(
            _("There is no record “{id}” of the kind {kind}.").format(id=identifier, kind=kind),
            _("Check the id: the window shows it where you click on the record."),
        )


def _kept(path: Path) -> tuple[str, int]:
    """Copy a file into the folder of this process; return its SHA-256 and size."""
    fresh = _WAITING.folder() / f"new-{os.urandom(8).hex()}"
    try:
        if not path.is_file():
            raise _unreadable(path, _("it is no file"))
        with path.open("rb") as file, fresh.open("xb") as copy:
            sha256, size = _copied(_pieces_of(file), copy.write, limit_bytes=LIMIT_BYTES)
        if size == 0 or size > LIMIT_BYTES:
            raise _of_wrong_size(path, size)
        fresh.replace(_WAITING.place(sha256))
    except OSError as error:
        raise _unreadable(path, why(error)) from error
    finally:
        fresh.unlink(missing_ok=True)
    return sha256, size


def _copied(
    pieces: Pieces, write: Callable[[bytes], object], limit_bytes: int | None = None
) -> tuple[str, int]:
    """Hand pieces on, no further than one beyond the limit; return their SHA-256 and size."""
    digest, size = hashlib.sha256(), 0
    for piece in pieces:
        digest.update(piece)
        size += len(piece)
        if limit_bytes is not None and size > limit_bytes:
            break
        write(piece)
    return digest.hexdigest(), size


def _pieces_of(file: IO[bytes] | sqlite3.Blob) -> Pieces:
    return iter(partial(file.read, _PIECE_BYTES), b"")


def attachments_in(path: Path) -> tuple[Attachment, ...]:
    """Return the attachments of the project file at `path`, without loading its layers.

    Raises
    ------
    GisappError
        Where the file is no project, is newer than this program or damaged.
    """
    refuse_foreign(path)
    with refusing(path), plainly_named(path) as plain:
        book = read_book(plain, integrity=False, called=path)
    try:
        found = tuple(attachment_of(row) for row in book.rows["gisapp_attachments"])
    except ValueError as error:
        raise damaged(path, _("its list of attachments cannot be read")) from error
    note_held(path, found)
    return found


def note_held(path: Path, attachments: Collection[Attachment]) -> None:
    """Take note that the project file at `path` holds the bytes of `attachments`."""
    if attachments:
        _WAITING.note(path.absolute(), [x.sha256 for x in attachments])


def is_at_hand(attachment: Attachment) -> bool:
    """Whether its bytes are somewhere that this process knows, unchecked."""
    if _WAITING.place(attachment.sha256).exists():
        return True
    return any(_holds(path, attachment.sha256) for path in _WAITING.files(attachment.sha256))


def _holds(path: Path, sha256: str) -> bool:
    with suppress(OSError, sqlite3.DatabaseError, GisappError):
        if path.is_file():
            with plainly_named(path) as plain, opened(plain) as connection:
                return _row_of(connection, sha256) is not None
    return False


def write_to(attachment: Attachment, write: Callable[[bytes], object]) -> None:
    """Hand the bytes of `attachment` to `write`, piece by piece.

    Raises
    ------
    GisappError
        Where they are nowhere, or are not those that were attached; `write` may have had some.
    """
    place = _WAITING.place(attachment.sha256)
    if place.exists():
        with place.open("rb") as file:
            found = _copied(_pieces_of(file), write)
    else:
        found = _copied_from_project(attachment, write)
    if found != (attachment.sha256, attachment.size_bytes):
        raise GisappError(
            _("The bytes of “{name}” are not those that were attached.").format(
                name=attachment.name
            ),
            _("Attach the document anew from where it came, and remove this one."),
        )


def _copied_from_project(
    attachment: Attachment, write: Callable[[bytes], object]
) -> tuple[str, int]:
    for path in _WAITING.files(attachment.sha256):
        if not path.is_file():
            continue
        with refusing(path), plainly_named(path) as plain, opened(plain) as connection:
            row = _row_of(connection, attachment.sha256)
            if row is not None:
                with closing(_blob(connection, row)) as blob:
                    return _copied(_pieces_of(blob), write)
    raise GisappError(
        _("The bytes of “{name}” are not at hand: the file that held them is gone.").format(
            name=attachment.name
        ),
        _("Put the project's file back where it was, or remove this attachment."),
    )


def save_copy(attachment: Attachment, target: Path, *, replace: bool = False) -> None:
    """Write the document to `target`; what is there is refused unless the user said `replace`."""
    if not replace:
        refuse_existing(target)
    with replacing(target) as fresh, fresh.open("xb") as file:
        write_to(attachment, file.write)


def copy_to_show(attachment: Attachment) -> Path:
    """Return a copy for the system to show, which only this user may read; gone with the process.

    Raises
    ------
    GisappError
        Where it is of a kind that a system might run rather than show.
    """
    ending = Path(attachment.name).suffix.lower()
    if ending not in SHOWN_ENDINGS:
        raise GisappError(
            _("“{name}” is not opened from here: it might be run.").format(name=attachment.name),
            _("Save it, look at what it is, and open it there."),
        )
    folder = _WAITING.folder() / f"show-{os.urandom(8).hex()}"
    folder.mkdir(mode=0o700)
    stem = re.sub(r"[^\w \-]+", "_", Path(attachment.name).stem)[:_LONGEST_NAME].strip()
    path = folder / f"{stem or 'document'}{ending}"
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0), 0o600)
    with os.fdopen(handle, "wb") as file:
        write_to(attachment, file.write)
    return path


def write_files(
    connection: sqlite3.Connection, attachments: Collection[Attachment], elsewhere: Collection[str]
) -> None:
    """Make the file's bytes those of `attachments`, each once; the caller commits.

    Parameters
    ----------
    connection
        The project file that is being written.
    elsewhere : collection of str
        SHA-256 of bytes that another file keeps, for an autosave.

    Raises
    ------
    GisappError
        Where the bytes of one cannot be had.
    """
    wanted = {x.sha256: x for x in attachments if x.sha256 not in elsewhere}
    if wanted:
        make_files_table(connection)
    elif not _has_files(connection):
        return
    there = {str(sha256) for (sha256,) in connection.execute(f"SELECT sha256 FROM {FILES_TABLE}")}  # noqa: S608
    for sha256 in there - wanted.keys():
        _keep(connection, sha256)
        connection.execute(f"DELETE FROM {FILES_TABLE} WHERE sha256 = ?", (sha256,))  # noqa: S608
    for sha256 in sorted(wanted.keys() - there):
        row = connection.execute(
            f"INSERT INTO {FILES_TABLE} VALUES (?, zeroblob(?))",  # noqa: S608
            (sha256, wanted[sha256].size_bytes),
        ).lastrowid
        assert row is not None
        with closing(_blob(connection, row, write=True)) as blob:
            write_to(wanted[sha256], blob.write)


def keep_all(path: Path) -> None:
    """Copy the bytes that the project file at `path` holds into the folder of this process."""
    with plainly_named(path) as plain, opened(plain) as connection:
        if not _has_files(connection):
            return
        for (sha256,) in connection.execute(f"SELECT sha256 FROM {FILES_TABLE}").fetchall():  # noqa: S608
            _keep(connection, str(sha256))


def _keep(connection: sqlite3.Connection, sha256: str) -> None:
    """Copy bytes of the file into the folder of this process, where undo finds them."""
    row = _row_of(connection, sha256)
    if row is None or not re.fullmatch(r"[0-9a-f]{64}", sha256):
        return
    place = _WAITING.place(sha256)
    if not place.exists():
        fresh = place.with_name(f"new-{os.urandom(8).hex()}")
        with closing(_blob(connection, row)) as blob, fresh.open("xb") as file:
            _copied(_pieces_of(blob), file.write)
        fresh.replace(place)


def _has_files(connection: sqlite3.Connection) -> bool:
    query = "SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = ?"
    return connection.execute(query, (FILES_TABLE,)).fetchone() is not None


def _row_of(connection: sqlite3.Connection, sha256: str) -> int | None:
    if not _has_files(connection):
        return None
    query = f"SELECT rowid FROM {FILES_TABLE} WHERE sha256 = ?"  # noqa: S608
    found = connection.execute(query, (sha256,)).fetchone()
    return None if found is None else int(found[0])


def _blob(connection: sqlite3.Connection, row: int, *, write: bool = False) -> sqlite3.Blob:
    return connection.blobopen(FILES_TABLE, "bytes", row, readonly=not write)


def _unreadable(path: Path, reason: str) -> GisappError:
    return GisappError(
        _("{path} cannot be attached: {reason}.").format(path=path, reason=reason),
        _("Check the path, and that you may read the file."),
    )


def _of_wrong_size(path: Path, size_bytes: int) -> GisappError:
    if not size_bytes:
        return _unreadable(path, _("it is empty"))
    return GisappError(
        _("{path} has more than {limit} MB.").format(path=path, limit=number(LIMIT_BYTES >> 20)),
        _("Attach a smaller copy: fewer pages, or a photo of fewer pixels."),
    )
