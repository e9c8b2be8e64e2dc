"""Which encoding a text is written in."""

from __future__ import annotations

import codecs
import os
from dataclasses import dataclass
from typing import IO, TYPE_CHECKING

from gisapp.core.words import _
from gisapp.io.readers.contents import Unreadable

if TYPE_CHECKING:
    from collections.abc import Iterator
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
# How bytes that are not UTF-8 are read where most of the text is.
_MIXED = "gisapp_mixed"


@dataclass(frozen=True)
class Encoding:
    """A codec's name, and whether it had to be guessed.

    Parameters
    ----------
    name : str
        The codec.
    guessed : bool
        Whether nothing in the text says so.
    errors : str
        Its error handler; another than ``strict`` where two encodings stand in one text.
    """

    name: str
    guessed: bool = False
    errors: str = "strict"

    @property
    def warning(self) -> str:
        """The sentence for the user; empty where nothing was guessed."""
        if self.errors == _MIXED:
            return _(
                "Most of the text is UTF-8, but some of it is not and was read as cp1252: "
                "check that names with accents look right."
            )
        if not self.guessed:
            return ""
        return _(
            "The text is not UTF-8 and does not say its encoding; it was read as {encoding}: "
            "check that names with accents look right."
        ).format(encoding=self.name)

    def open(self, path: Path) -> IO[str]:
        """Open a text in it, with the line breaks as they stand."""
        return path.open(encoding=self.name, errors=self.errors, newline="")


def _read_foreign_bytes(error: UnicodeError) -> tuple[str, int]:
    """Read what is not UTF-8 as cp1252, and the five bytes that it lacks as Latin-1."""
    if not isinstance(error, UnicodeDecodeError):
        raise error
    bad = error.object[error.start : error.end]
    text = "".join(bytes([x]).decode("cp1252", "ignore") or chr(x) for x in bad)
    return text, error.end


codecs.register_error(_MIXED, _read_foreign_bytes)


def detect_encoding(path: Path) -> Encoding:
    """Find the encoding of a text file: its mark, else strict UTF-8, else a guess.

    Raises
    ------
    Unreadable
        Where its mark says what it is not.
    """
    with path.open("rb") as file:
        head = file.read(4096)
    for mark, name in _MARKS:
        if head.startswith(mark):
            return _checked(path, name)
    if wide := _unmarked_wide(head):
        return _checked(path, wide)
    if _decodes(path, "utf-8"):
        return Encoding("utf-8")
    if _is_mostly_utf8(path):
        return Encoding("utf-8", guessed=True, errors=_MIXED)
    return Encoding(next(x for x in _FALLBACKS if _decodes(path, x)), guessed=True)


def read_text(path: Path) -> tuple[str, Encoding]:
    """Read a whole text file in the encoding that `detect_encoding` finds."""
    encoding = detect_encoding(path)
    return path.read_text(encoding.name, encoding.errors), encoding


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


def chunks(path: Path, encoding: Encoding) -> Iterator[str]:
    """Give a text piece by piece."""
    with encoding.open(path) as file:
        while chunk := file.read(_CHUNK):
            yield chunk


def _unmarked_wide(head: bytes) -> str:
    """Tell UTF-16 and UTF-32 without a mark by where their zeros stand."""
    if len(head) < 8 or not head.count(0):
        return ""
    shares = [head[n::4].count(0) / len(head[n::4]) for n in range(4)]
    if min(shares[1:]) > 0.9 and shares[0] < 0.1:
        return "utf-32-le"
    if min(shares[:3]) > 0.9 and shares[3] < 0.1:
        return "utf-32-be"
    even, odd = (shares[0] + shares[2]) / 2, (shares[1] + shares[3]) / 2
    if odd > 0.4 and even < 0.1:
        return "utf-16-le"
    return "utf-16-be" if even > 0.4 and odd < 0.1 else ""


def _is_mostly_utf8(path: Path) -> bool:
    """Whether more characters are sound UTF-8 of several bytes than bytes are not UTF-8."""
    sound = foreign = 0
    decoder = codecs.getincrementaldecoder("utf-8")("surrogateescape")
    with path.open("rb") as file:
        while chunk := file.read(_CHUNK):
            text = decoder.decode(chunk)
            wide = [x for x in text if x > "\x7f"]
            foreign += (escaped := sum("\udc80" <= x <= "\udcff" for x in wide))
            sound += len(wide) - escaped
    return sound > foreign


def _checked(path: Path, name: str) -> Encoding:
    if _decodes(path, name):
        return Encoding(name)
    if name == "utf-8-sig":
        return Encoding(name, guessed=True, errors=_MIXED)
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
