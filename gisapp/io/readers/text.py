"""Which encoding a text is written in."""

from __future__ import annotations

import codecs
import os
from dataclasses import dataclass
from typing import TYPE_CHECKING

from gisapp.core.words import _
from gisapp.io.readers.contents import Unreadable

if TYPE_CHECKING:
    from pathlib import Path

_CHUNK = 1 << 20
_MARKS = (
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
    (codecs.BOM_UTF8, "utf-8-sig"),
)
# What Indonesian offices use where they do not use Unicode; latin-1 fits every byte.
_FALLBACKS = ("cp1252", "latin-1")


@dataclass(frozen=True)
class Encoding:
    """A codec's name, and whether it had to be guessed."""

    name: str
    guessed: bool = False

    @property
    def warning(self) -> str:
        """The sentence for the user; empty where nothing was guessed."""
        if not self.guessed:
            return ""
        return _(
            "The text is not UTF-8 and does not say its encoding; it was read as {encoding}: "
            "check that names with accents look right."
        ).format(encoding=self.name)


def detect_encoding(path: Path) -> Encoding:
    """Find the encoding of a text file: its mark, else strict UTF-8, else a guess."""
    with path.open("rb") as file:
        head = file.read(4096)
    for mark, name in _MARKS:
        if head.startswith(mark):
            return _checked(path, name)
    if wide := _unmarked_utf16(head):
        return _checked(path, wide)
    for name in ("utf-8", *_FALLBACKS):
        if _decodes(path, name):
            return Encoding(name, guessed=name != "utf-8")
    raise AssertionError("latin-1 fits every byte")


def read_text(path: Path) -> tuple[str, Encoding]:
    """Read a whole text file in the encoding that `detect_encoding` finds."""
    encoding = detect_encoding(path)
    return path.read_text(encoding.name), encoding


def odd_encoding_warning(encoding: Encoding) -> list[str]:
    """Say where a format that asks for UTF-8 is in another encoding."""
    if encoding.guessed:
        return [encoding.warning]
    if encoding.name.startswith("utf-8"):
        return []
    return [
        _("It is {encoding}; this format asks for UTF-8.").format(encoding=encoding.name.upper())
    ]


def last_break_warning(path: Path) -> list[str]:
    """Say where a file of several lines lacks the last line break, as one cut off may."""
    with path.open("rb") as file:
        head = file.read(4096)
        file.seek(-1, os.SEEK_END)
        last = file.read(1)
    if b"\n" not in head or last == b"\n":
        return []
    return [_("The last line break is missing; everything is closed, so nothing else should be.")]


def _unmarked_utf16(head: bytes) -> str:
    even, odd = head[0::2], head[1::2]
    if len(head) < 8 or not head.count(0):
        return ""
    if odd.count(0) > 0.4 * len(odd) and even.count(0) < 0.1 * len(even):
        return "utf-16-le"
    if even.count(0) > 0.4 * len(even) and odd.count(0) < 0.1 * len(odd):
        return "utf-16-be"
    return ""


def _checked(path: Path, name: str) -> Encoding:
    if _decodes(path, name):
        return Encoding(name)
    raise Unreadable(
        _("it says that its text is {encoding}, but it is not or it breaks off").format(
            encoding=name.upper()
        ),
        _("Save it again as UTF-8 text, or copy it again if a part is missing."),
    )


def _decodes(path: Path, name: str) -> bool:
    decoder = codecs.getincrementaldecoder(name)()
    with path.open("rb") as file:
        try:
            while chunk := file.read(_CHUNK):
                decoder.decode(chunk)
            decoder.decode(b"", final=True)
        except UnicodeDecodeError:
            return False
    return True
