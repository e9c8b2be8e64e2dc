"""Cells of an XLSX workbook that hold no value although something stands there."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from gisapp.core.words import ngettext
from gisapp.io.readers.archive import opened

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

_SHEET = re.compile(r"xl/worksheets/[^/]+\.xml")
_ERROR = re.compile(rb'<(?:\w+:)?c\s[^>]*\bt="e"')
_UNCALCULATED = re.compile(
    rb"<(?:\w+:)?f(?:\s[^>]*)?(?:/>|>[^<]*</(?:\w+:)?f>)"
    rb"(?:<(?:\w+:)?v\s*/>|<(?:\w+:)?v></(?:\w+:)?v>)?</(?:\w+:)?c>"
)
_CHUNK = 1 << 20
# More than a cell's tag or an ordinary formula takes.
_OVERLAP = 4096


def sentences_on_cells(path: Path) -> list[str]:
    """Count the cells that hold an error and the formulas that were never calculated.

    Parameters
    ----------
    path : Path
        A workbook; of other kinds than XLSX nothing is known.
    """
    errors = uncalculated = 0
    with opened(path) as book:
        for name in filter(_SHEET.fullmatch, book.namelist()):
            with book.open(name) as sheet:
                for text in _cells(iter(lambda: sheet.read(_CHUNK), b"")):
                    errors += len(_ERROR.findall(text))
                    uncalculated += len(_UNCALCULATED.findall(text))
    sentences = []
    if errors:
        sentences.append(
            ngettext(
                "{n} cell of the workbook holds an error such as #N/A; it is empty here.",
                "{n} cells of the workbook hold an error such as #N/A; they are empty here.",
                errors,
            ).format(n=errors)
        )
    if uncalculated:
        sentences.append(
            ngettext(
                "{n} formula has no calculated value and is empty here: open the workbook in a "
                "spreadsheet program and save it.",
                "{n} formulas have no calculated value and are empty here: open the workbook in "
                "a spreadsheet program and save it.",
                uncalculated,
            ).format(n=uncalculated)
        )
    return sentences


def _cells(chunks: Iterator[bytes]) -> Iterator[bytes]:
    """Give a sheet's XML in pieces that end where a cell ends."""
    rest = b""
    for chunk in chunks:
        text = rest + chunk
        end = max(text.rfind(b"</c>"), text.rfind(b"</row>")) + 6
        if end < 6:
            rest = text[-_OVERLAP:]
            continue
        yield text[:end]
        rest = text[end:]
    yield rest
