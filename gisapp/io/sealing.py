"""A project sealed with a passphrase for transport, together with its secret, and opened again.

Inside the age file lies a zip: ``manifest.json``, ``project.gpkg`` and, where this machine has it,
``project.key``, so that pseudonyms and masked places are the same at the other end. The age format
wants all of it at once: it is packed in memory and never lies on a disk in clear.
"""

from __future__ import annotations

import hashlib
import json
import zipfile
import zlib
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from io import BytesIO
from typing import IO, TYPE_CHECKING, Final

from pydantic import TypeAdapter, ValidationError

from gisapp import __version__
from gisapp.core.causes import why
from gisapp.core.errors import GisappError
from gisapp.core.progress import SILENT
from gisapp.core.words import _
from gisapp.io import age, keys
from gisapp.io.atomic import refuse_existing, replacing
from gisapp.io.passphrases import AGE_HEADERS, refuse_weak
from gisapp.io.project_db import read_book

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from gisapp.core.progress import Progress
    from gisapp.io.project_db import Book

ENDING: Final = ".age"
FORMAT: Final = 1
SEALED_LIMIT_BYTES: Final = 1 << 30
PROJECT_LIMIT_BYTES: Final = 4 << 30

_MANIFEST, _PROJECT, _KEY = "manifest.json", "project.gpkg", "project.key"
_SMALL_BYTES: Final = 4096
_PIECE_BYTES: Final = 1 << 20
# The fastest level: the demo shrinks to 23 % by it, and to 21 % by the usual one.
_LEVEL: Final = 1


@dataclass(frozen=True)
class Manifest:
    """What a sealed file says of itself: its format, and the project's size and fingerprint."""

    format: int
    program_version: str
    sealed_at: str
    bytes: int
    sha256: str


@dataclass(frozen=True)
class Sealed:
    """What was written: the sealed file's fingerprint and size, and whether it has the secret."""

    sha256: str
    bytes: int
    has_key: bool


def seal(path: Path, target: Path, passphrase: str, progress: Progress = SILENT) -> Sealed:
    """Seal the project at `path` as `target`, which takes the place of what is there.

    Raises
    ------
    GisappError
        For a weak passphrase, a file that is no project, is damaged, in use or too large, and a
        place that cannot be written.
    Cancelled
        Where `progress` says so.
    """
    refuse_weak(passphrase)
    book = read_book(path)
    key = keys.find_key(book.meta["uuid"], book.meta.get("key_check", ""))
    data = age.encrypt(_packed(path, key, progress), passphrase, progress)
    with replacing(target) as fresh:
        fresh.write_bytes(data)
    return Sealed(hashlib.sha256(data).hexdigest(), len(data), bool(key))


def unseal(sealed: Path, target: Path, passphrase: str, progress: Progress = SILENT) -> bool:
    """Open the sealed project `sealed` as `target`; return whether its secret came with it.

    Raises
    ------
    GisappError
        Where there is something at `target`, the passphrase is another one, or `sealed` is
        foreign, damaged, newer than this program or too large; nothing is written then.
    Cancelled
        Where `progress` says so.
    """
    refuse_existing(target)
    data = age.decrypt(_read(sealed), passphrase, sealed.name, progress)
    with _opened(data, sealed.name) as packed:
        manifest = _manifest(packed, sealed.name)
        with replacing(target) as fresh:
            _unpack(packed, manifest, fresh, sealed.name, progress)
            book = read_book(fresh)
            key = _key(packed, book, sealed.name)
            keys.keep_key(book.meta["uuid"], key)
    return bool(key)


def refuse_unsealed(path: Path) -> None:
    """Raise GisappError, before a passphrase is asked for, where `path` is no sealed file."""
    with _reading(path), path.open("rb") as file:
        if not file.read(_SMALL_BYTES).startswith(AGE_HEADERS):
            raise age.not_sealed(path.name)


def _packed(path: Path, key: str, progress: Progress) -> bytes:
    """Return the zip of a project and its secret."""
    _refuse_unmerged(path)
    held = BytesIO()
    with zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED, compresslevel=_LEVEL) as packed:
        with packed.open(_PROJECT, "w", force_zip64=True) as into, path.open("rb") as project:
            size, sha256 = _copy(project, into, path.stat().st_size, path.name, progress, held)
        now = datetime.now(UTC).isoformat(timespec="seconds")
        manifest = Manifest(FORMAT, __version__, now, size, sha256)
        packed.writestr(_MANIFEST, json.dumps(asdict(manifest)))
        if key:
            packed.writestr(_KEY, key)
    if held.tell() > SEALED_LIMIT_BYTES:
        raise _too_large(path.name)
    return held.getvalue()


def _copy(
    source: IO[bytes], target: IO[bytes], total: int, name: str, progress: Progress, held: BytesIO
) -> tuple[int, str]:
    digest, done = hashlib.sha256(), 0
    while piece := source.read(_PIECE_BYTES):
        progress.step(done, total, _("Packing {name}").format(name=name))
        target.write(piece)
        digest.update(piece)
        done += len(piece)
        if done > PROJECT_LIMIT_BYTES or held.tell() > SEALED_LIMIT_BYTES:
            raise _too_large(name)
    return done, digest.hexdigest()


def _refuse_unmerged(path: Path) -> None:
    """Refuse a project of which another program keeps a part in a file beside it."""
    log = path.with_name(f"{path.name}-wal")
    if log.exists() and log.stat().st_size:
        raise GisappError(
            _("{path} is in use by another program.").format(path=path),
            _("Close it there, then open and save it in gisapp, and seal it again."),
        )


def _read(sealed: Path) -> bytes:
    with _reading(sealed):
        if sealed.stat().st_size > SEALED_LIMIT_BYTES + _PIECE_BYTES:
            raise _too_large(sealed.name)
        return sealed.read_bytes()


@contextmanager
def _reading(file: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise GisappError(
            _("{file} cannot be opened: {reason}.").format(file=file, reason=why(error)),
            _("Check the path, and that you may read the file."),
        ) from error


def _opened(data: bytes, name: str) -> zipfile.ZipFile:
    """Open the zip; refuse one that holds anything but a project, its secret and the manifest."""
    with _refusing(name):
        packed = zipfile.ZipFile(BytesIO(data))
    held = sorted(packed.namelist())
    if held not in (sorted([_MANIFEST, _PROJECT]), sorted([_MANIFEST, _PROJECT, _KEY])):
        raise _foreign(name)
    return packed


def _manifest(packed: zipfile.ZipFile, name: str) -> Manifest:
    try:
        manifest = TypeAdapter(Manifest).validate_json(_small(packed, _MANIFEST, name))
    except ValidationError as error:
        raise _foreign(name) from error
    if manifest.format > FORMAT:
        raise GisappError(
            _("{file} was sealed by a newer gisapp.").format(file=name),
            _("Open it with gisapp {version} or newer.").format(version=manifest.program_version),
        )
    if manifest.bytes > PROJECT_LIMIT_BYTES:
        raise _too_large(name)
    return manifest


def _small(packed: zipfile.ZipFile, member: str, name: str) -> bytes:
    with _refusing(name), packed.open(member) as file:
        text = file.read(_SMALL_BYTES + 1)
    if len(text) > _SMALL_BYTES:
        raise _foreign(name)
    return text


def _unpack(
    packed: zipfile.ZipFile, manifest: Manifest, fresh: Path, name: str, progress: Progress
) -> None:
    """Write the project to `fresh`; no more bytes of it than the manifest says are taken."""
    digest, done = hashlib.sha256(), 0
    with _refusing(name), packed.open(_PROJECT) as project, fresh.open("xb") as target:
        while done <= manifest.bytes and (piece := project.read(_PIECE_BYTES)):
            progress.step(done, manifest.bytes, _("Unpacking {name}").format(name=name))
            target.write(piece)
            digest.update(piece)
            done += len(piece)
    if (done, digest.hexdigest()) != (manifest.bytes, manifest.sha256):
        raise _foreign(name)


def _key(packed: zipfile.ZipFile, book: Book, name: str) -> str:
    """Return the secret that came along, empty where none did; it must be this project's."""
    if _KEY not in packed.namelist():
        return ""
    key, check = _small(packed, _KEY, name).decode("ascii", "replace"), book.meta.get("key_check")
    if not keys.is_key(key) or (check and keys.check_of(key) != check):
        raise _foreign(name)
    return key


@contextmanager
def _refusing(name: str) -> Iterator[None]:
    """Turn what a broken zip does to its reader into an error for its owner."""
    try:
        yield
    except (zipfile.BadZipFile, zlib.error, EOFError, RuntimeError) as error:
        raise _foreign(name) from error


def _foreign(name: str) -> GisappError:
    return GisappError(
        _("What is sealed in {file} is not a gisapp project.").format(file=name),
        _("Open it with the program age to see what it is, or ask for it to be sent again."),
    )


def _too_large(name: str) -> GisappError:
    return GisappError(
        _("{file} is larger than can be sealed or opened: {n} GiB, packed.").format(
            file=name, n=SEALED_LIMIT_BYTES >> 30
        ),
        _("Take out layers that the other side does not need, and seal it again."),
    )
