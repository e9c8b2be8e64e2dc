"""Shapefiles: their parts checked against each other, their text in the encoding it is in."""

from __future__ import annotations

import codecs
from typing import TYPE_CHECKING

import numpy as np

from gisapp.core.words import _
from gisapp.io.readers.contents import Reading, Tick, Unreadable
from gisapp.io.readers.isolation import link
from gisapp.io.readers.vector import read_vector

if TYPE_CHECKING:
    from pathlib import Path

    from numpy.typing import NDArray

_PARTS = (".shp", ".shx", ".dbf", ".prj", ".cpg")
_HEADER_BYTES = 100
_DBF_HEADER_BYTES = 32
_DELETED = ord("*")
_FIELD_NAME_LIMIT = 10
# ESRI, "Language driver IDs": what byte 29 of a .dbf says.
_LANGUAGE_DRIVERS = {
    0x01: "cp437", 0x02: "cp850", 0x03: "cp1252", 0x13: "cp932", 0x4D: "cp936", 0x4E: "cp949",
    0x4F: "cp950", 0x50: "cp874", 0x57: "cp1252", 0x58: "cp1252", 0x59: "cp1252", 0x64: "cp852",
    0x65: "cp866", 0x66: "cp865", 0x78: "cp950", 0x79: "cp949", 0x7A: "cp936", 0x7B: "cp932",
    0x7C: "cp874", 0x7D: "cp1255", 0x7E: "cp1256", 0xC8: "cp1250", 0xC9: "cp1251", 0xCA: "cp1254",
    0xCB: "cp1253", 0xCC: "cp1257",
}  # fmt: skip
# Codecs of Python under the names of iconv, where only hyphens would not do.
_ICONV_NAMES = {"gbk": "CP936", "gb2312": "CP936", "mac-roman": "MACINTOSH", "euc_kr": "CP949"}
_FALLBACK = "cp1252"


def read_shapefile(path: Path, name: str, scratch: Path, tick: Tick) -> Reading:
    """Read a shapefile with the parts that lie beside it.

    Parameters
    ----------
    path : Path
        The ``.shp``.
    name : str
        What its table shall be called.
    scratch : Path
        A folder of our own.
    tick : callable
        Told the number of rows as they come.

    Raises
    ------
    Unreadable
        Where a part is cut off or the parts contradict each other.
    """
    parts = _parts(path)
    warnings: list[str] = []
    index = _checked_index(parts, warnings)
    encoding, deleted = _check_attributes(parts, len(index), warnings)
    for suffix, part in parts.items():
        link(part, scratch / f"data{suffix}")
    reading = read_vector(
        scratch / "data.shp",
        "ESRI Shapefile",
        None,
        tick,
        counted={"data": len(index) - deleted},
        ENCODING=_gdal_name(encoding),
    )
    for table in reading.tables:
        table.name = name
        _warn_of_cut_names(table.columns.column_names, warnings)
    reading.warnings[:0] = warnings
    return reading


def _parts(path: Path) -> dict[str, Path]:
    """Find the parts beside `path`, whatever the case of their endings."""
    stem = path.stem.lower()
    return {
        other.suffix.lower(): other
        for other in path.parent.iterdir()
        if other.stem.lower() == stem and other.suffix.lower() in _PARTS
    } | {".shp": path}


def _checked_index(parts: dict[str, Path], warnings: list[str]) -> NDArray[np.int64]:
    """Check the index against the shapes; give it as rows of offset and length in bytes.

    An index that is missing or damaged is taken out of `parts`: GDAL then makes a new one.
    """
    shapes = np.fromfile(parts[".shp"], dtype=np.uint8)
    if len(shapes) < _HEADER_BYTES:
        raise _cut_off(".shp")
    index = _index(parts[".shx"]) if ".shx" in parts else None
    if index is None:
        parts.pop(".shx", None)
        warnings.append(_("The .shx part is missing or damaged; the index was made anew."))
        return _walk(shapes)
    ends = index.sum(axis=1) + 8
    if len(index) and (ends.max() > len(shapes) or index.min() < 0):
        raise _cut_off(".shp")
    if not np.array_equal(_lengths(shapes, index[:, 0]), index[:, 1]):
        raise _damaged()
    if _stated_length(shapes) != len(shapes):
        warnings.append(_("The .shp part says another length than it has."))
    return index


def _index(path: Path) -> NDArray[np.int64] | None:
    content = np.fromfile(path, dtype=np.uint8)
    whole = len(content) >= _HEADER_BYTES and _stated_length(content) == len(content)
    if not whole or (len(content) - _HEADER_BYTES) % 8:
        return None
    return _doubled(content[_HEADER_BYTES:]).reshape(-1, 2)


def _stated_length(content: NDArray[np.uint8]) -> int:
    return int.from_bytes(content[24:28].tobytes()) * 2


def _lengths(shapes: NDArray[np.uint8], offsets: NDArray[np.int64]) -> NDArray[np.int64]:
    """Read the length in bytes that each record states."""
    positions = offsets[:, None] + np.arange(4, 8)
    return _doubled(shapes[positions].ravel())


def _doubled(content: NDArray[np.uint8]) -> NDArray[np.int64]:
    """Read lengths, which shapefiles count in 16-bit words, as bytes."""
    return 2 * np.frombuffer(content.tobytes(), ">i4").astype(np.int64)


def _walk(shapes: NDArray[np.uint8]) -> NDArray[np.int64]:
    """Follow the records from one to the next, where there is no index."""
    rows = []
    position = _HEADER_BYTES
    while position < len(shapes):
        length = int.from_bytes(shapes[position + 4 : position + 8].tobytes()) * 2
        if length < 4 or position + 8 + length > len(shapes):
            raise _cut_off(".shp")
        rows.append((position, length))
        position += 8 + length
    return np.array(rows, np.int64).reshape(-1, 2)


def _check_attributes(parts: dict[str, Path], shapes: int, warnings: list[str]) -> tuple[str, int]:
    """Check the attribute part; return its encoding and how many rows are marked as deleted."""
    if ".dbf" not in parts:
        warnings.append(_("The .dbf part is missing: there are shapes, but no attributes."))
        return "utf-8", 0
    content = parts[".dbf"].read_bytes()
    if len(content) < _DBF_HEADER_BYTES:
        raise _cut_off(".dbf")
    rows = int.from_bytes(content[4:8], "little")
    start, width = int.from_bytes(content[8:10], "little"), int.from_bytes(content[10:12], "little")
    if len(content) < start + rows * width:
        raise _cut_off(".dbf")
    if rows != shapes:
        warnings.append(
            _("The .dbf part has {rows} rows, the .shp part {shapes} shapes.").format(
                rows=rows, shapes=shapes
            )
        )
    encoding, warning = _encoding(content, _stated_encoding(parts, content))
    if ".cpg" in parts and not warning and not _stated_encoding(parts, b"\0" * 32):
        warning = _("The .cpg part names an encoding that is not known.")
    flags = np.frombuffer(content, np.uint8)[start : start + rows * width : width or 1]
    deleted = int((flags == _DELETED).sum())
    if deleted:
        sentence = _("Rows that are marked as deleted and were left out: {n}.")
        warnings.append(sentence.format(n=deleted))
    warnings.extend(filter(None, [warning]))
    return encoding, deleted


def _stated_encoding(parts: dict[str, Path], content: bytes) -> str:
    """Give the codec that the .cpg part or the .dbf header names; empty where none is known."""
    stated = parts[".cpg"].read_text("ascii", "replace").strip() if ".cpg" in parts else ""
    number = stated.upper().removeprefix("ANSI").removeprefix("CP").strip()
    for name in filter(None, (stated, f"cp{number}", f"iso{number}")):
        try:
            return codecs.lookup(name).name
        except LookupError:
            continue
    return _LANGUAGE_DRIVERS.get(content[29], "")


def _encoding(content: bytes, stated: str) -> tuple[str, str]:
    """Decide between what is stated and what the bytes are; return a codec and a sentence."""
    if content.isascii():
        return stated or "utf-8", ""
    start = int.from_bytes(content[8:10], "little")
    text = content[:29] + content[30:32] + content[32:start] + content[start:]
    text = text[31:]  # the header's first bytes are numbers, not text
    if text.isascii():
        return stated or "utf-8", ""
    if _is_utf8(text):
        if stated == "utf-8":
            return stated, ""
        if not stated:
            return "utf-8", _(
                "The encoding of the attributes is not stated; they were read as UTF-8."
            )
        return "utf-8", _(
            "The attributes say they are {stated}, but are UTF-8 and were read so."
        ).format(stated=stated)
    if stated and stated != "utf-8" and _fits(text, stated):
        return stated, ""
    return _FALLBACK, _(
        "The encoding of the attributes is not stated or stated wrongly; they were read as "
        "{encoding}: check names, and put the right encoding into a .cpg file beside the .shp "
        "if they look wrong."
    ).format(encoding=_FALLBACK)


def _is_utf8(text: bytes) -> bool:
    """Say whether nearly all of it is UTF-8; cut fields may end in half a character."""
    decoded = text.decode("utf-8", "replace")
    wrong = decoded.count("\ufffd")
    beyond_ascii = sum(not character.isascii() for character in decoded)
    return wrong * 20 <= beyond_ascii


def _fits(text: bytes, codec: str) -> bool:
    try:
        text.decode(codec)
    except UnicodeDecodeError:
        return False
    return True


def _gdal_name(codec: str) -> str:
    return _ICONV_NAMES.get(codec) or codec.upper().replace("_", "-")


def _warn_of_cut_names(names: list[str], warnings: list[str]) -> None:
    cut = [name for name in names if len(name.encode()) == _FIELD_NAME_LIMIT]
    if cut:
        warnings.append(
            _("Shapefiles cut column names at 10 characters; these may be cut: {names}.").format(
                names=", ".join(cut)
            )
        )


def _cut_off(part: str) -> Unreadable:
    return Unreadable(
        _("its {part} part is cut off").format(part=part), _("Copy all its parts again.")
    )


def _damaged() -> Unreadable:
    return Unreadable(
        _("its .shp and .shx parts contradict each other"), _("Copy all its parts again.")
    )
