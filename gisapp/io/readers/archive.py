"""Zip archives: refused where they are bombs or climb out, else unpacked under plain names."""

from __future__ import annotations

import contextlib
import errno
import itertools
import lzma
import re
import shutil
import struct
import zipfile
import zlib
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING

from gisapp.core.words import _
from gisapp.io.readers.contents import Unreadable

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

MOST_ENTRIES = 10_000
MOST_BYTES = 2 << 30
# Deflate reaches 1,000 on blanks; text of maps and sheets stays far below 100.
MOST_RATIO = 100
_HARMLESS_BYTES = 32 << 20
_DRIVE = re.compile(r"^[A-Za-z]:")
_XML_HEAD_BYTES = 4096
# Names in archives have up to 65,535 bytes, those of files 255.
_LONGEST_NAME = 100
_DAMAGE = (
    zipfile.BadZipFile,
    zlib.error,
    lzma.LZMAError,
    struct.error,
    EOFError,
    ValueError,
)


@dataclass(frozen=True)
class Member:
    """One unpacked file: where it lies, and what the archive calls it."""

    path: Path
    name: str


def check_workbook_parts(path: Path) -> None:
    """Refuse a workbook that is a bomb or whose parts declare entities."""
    with opened(path) as archive:
        for entry in _checked(archive, path.stat().st_size):
            if entry.filename.endswith((".xml", ".rels")):
                with archive.open(entry) as part:
                    head = part.read(_XML_HEAD_BYTES)
                if b"<!DOCTYPE" in head or b"<!ENTITY" in head:
                    raise Unreadable(
                        _("a part of it declares entities, which workbooks never do"),
                        _("Open it in a spreadsheet program and save it again."),
                    )


def unpack(path: Path, scratch: Path) -> list[Member]:
    """Unpack the files of an archive into `scratch`, under numbered names with their endings.

    Files that belong together (the parts of a shapefile, a .gdb folder) stay together.
    """
    with opened(path) as archive:
        entries = _checked(archive, path.stat().st_size)
        return list(_unpacked(archive, entries, scratch))


@contextlib.contextmanager
def opened(path: Path) -> Iterator[zipfile.ZipFile]:
    """Open an archive; what zipfile raises on damaged ones becomes a refusal."""
    try:
        with zipfile.ZipFile(path) as archive:
            yield archive
    except NotImplementedError as error:  # Deflate64, for one, which Windows takes above 2 GB
        raise Unreadable(
            _("it is packed in a way that is not read here"),
            _("Unpack it and zip it again with another program."),
        ) from error
    except _DAMAGE as error:
        raise _damaged() from error
    except OSError as error:
        # A seek to where no file reaches, or (without a number) a broken bzip2 stream.
        if error.errno not in (errno.EINVAL, None):
            raise
        raise _damaged() from error


def _damaged() -> Unreadable:
    return Unreadable(
        _("it is a damaged or incomplete archive"),
        _("Copy or download the file again; a part of it is missing."),
    )


def _checked(archive: zipfile.ZipFile, packed_bytes: int) -> list[zipfile.ZipInfo]:
    entries = archive.infolist()
    if len(entries) > MOST_ENTRIES:
        raise _bomb(_("it holds {n} files").format(n=len(entries)))
    size = sum(entry.file_size for entry in entries)
    if size > MOST_BYTES or (size > _HARMLESS_BYTES and size > MOST_RATIO * packed_bytes):
        raise _bomb(_("it swells to {n} MB").format(n=size >> 20))
    for entry in entries:
        if not entry.filename:
            raise _damaged()
        if _climbs_out(entry.filename):
            raise Unreadable(
                _("it names a file outside itself (“{name}”)").format(name=entry.filename[:60]),
                _("Do not use it: such archives are made to overwrite files."),
            )
        if entry.flag_bits & 1:
            raise Unreadable(_("it is protected by a password"), _("Unpack it first."))
    return [
        entry
        for entry in entries
        if not entry.is_dir() and not _is_litter(PurePosixPath(entry.filename))
    ]


def _bomb(reason: str) -> Unreadable:
    return Unreadable(
        reason, _("Unpack it yourself if you trust it, and open the file that you need.")
    )


def _climbs_out(name: str) -> bool:
    path = PurePosixPath(name.replace("\\", "/"))
    return path.is_absolute() or ".." in path.parts or bool(_DRIVE.match(name))


def _is_litter(path: PurePosixPath) -> bool:
    return "__MACOSX" in path.parts or path.name.startswith("._")


def _unpacked(
    archive: zipfile.ZipFile, entries: Iterable[zipfile.ZipInfo], scratch: Path
) -> Iterator[Member]:
    numbers = itertools.count()
    entries = list(entries)
    folders = {path.parent for path in map(_inside, entries) if path.suffix == ".gdbtable"}
    stems: dict[PurePosixPath, str] = {}
    for entry in entries:
        inside = _inside(entry)
        if inside.parent in folders:
            base = stems.setdefault(inside.parent, f"{next(numbers)}.gdb")
            target = scratch / base / _plain(inside.name)
        else:
            ending = _plain(inside.suffix.lower())
            stem = PurePosixPath(str(inside.with_suffix("")).lower())
            target = scratch / (stems.setdefault(stem, f"{next(numbers)}") + ending)
            if target.exists():  # two of one name: archives may hold that
                target = scratch / f"{next(numbers)}{ending}"
        target.parent.mkdir(parents=True, exist_ok=True)
        with archive.open(entry) as packed, target.open("wb") as file:
            shutil.copyfileobj(packed, file)
        yield Member(target, str(inside))


def _inside(entry: zipfile.ZipInfo) -> PurePosixPath:
    return PurePosixPath(entry.filename.replace("\\", "/"))


def _plain(text: str) -> str:
    return re.sub(r"[^A-Za-z0-9._-]", "_", text)[:_LONGEST_NAME]
