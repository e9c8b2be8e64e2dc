"""Stray cells far from a sheet's table: one at XFD1048576 makes a sheet of 17 billion cells."""

from __future__ import annotations

import re
import zipfile
from pathlib import PurePosixPath
from typing import TYPE_CHECKING

import numpy as np

from gisapp.core.words import _, ngettext
from gisapp.io.readers.archive import opened
from gisapp.io.readers.contents import Unreadable

if TYPE_CHECKING:
    from pathlib import Path

    from numpy.typing import NDArray

_SHEET = re.compile(r"xl/worksheets/[^/]+\.xml")
_DIMENSION = re.compile(rb'<(?:\w+:)?dimension\s[^>]*ref="(?:[A-Z]+\d+:)?([A-Z]+)(\d+)"')
_CELL = re.compile(rb'<(?:\w+:)?c\s[^>]*?\br="([A-Z]+)(\d+)"')
_WHOLE_CELL = re.compile(
    rb'<(?:\w+:)?c\s[^>]*?\br="([A-Z]+)(\d+)"(?:[^>]*/>|[^>]*>.*?</(?:\w+:)?c>)', re.DOTALL
)
_WHOLE_ROW = re.compile(
    rb'<(?:\w+:)?row\s[^>]*?\br="(\d+)"(?:[^>]*/>|[^>]*>.*?</(?:\w+:)?row>)', re.DOTALL
)
_HEAD_BYTES = 4096
_SUSPICIOUS_CELLS = 5_000_000
# Nothing that belongs to a table lies behind so many empty rows or columns.
_ROW_GAP = 5_000
_COLUMN_GAP = 200
_MOST_CELLS = 20_000_000


def check_span(name: str, rows: int, columns: int) -> None:
    """Refuse a sheet that spans more cells than a sheet is made for.

    Raises
    ------
    Unreadable
        Naming the sheet.
    """
    if rows * columns > _MOST_CELLS:
        raise Unreadable(
            _("its sheet “{name}” spans {n} million cells").format(
                name=name, n=rows * columns // 1_000_000
            ),
            _("Delete the rows and columns that hold nothing, or save the sheet as CSV."),
        )


def without_stray_cells(path: Path, scratch: Path, warnings: list[str]) -> Path:
    """Give a workbook without cells that lie far behind its tables.

    Parameters
    ----------
    path : Path
        An XLSX workbook; another kind is given back as it is.
    scratch : Path
        Where a changed copy is written.
    warnings : list of str
        Takes a sentence where sheets were changed.

    Returns
    -------
    Path
        `path` itself, or the copy.

    Raises
    ------
    Unreadable
        Where a sheet is too large without them, too.
    """
    with opened(path) as book:
        changed = {}
        for name in filter(_SHEET.fullmatch, book.namelist()):
            trimmed = _trimmed(book, name)
            if trimmed is not None:
                changed[name] = trimmed
        if not changed:
            return path
        warnings.append(
            ngettext(
                "Cells that lie far away from the table were left out in {n} sheet.",
                "Cells that lie far away from the table were left out in {n} sheets.",
                len(changed),
            ).format(n=len(changed))
        )
        return _rewritten(book, changed, scratch / "trimmed.xlsx")


def _trimmed(book: zipfile.ZipFile, name: str) -> bytes | None:
    """Give the sheet's XML without its stray cells; None where it has none."""
    with book.open(name) as sheet:
        head = sheet.read(_HEAD_BYTES)
    dimension = _DIMENSION.search(head)
    if dimension and _column(dimension.group(1)) * int(dimension.group(2)) < _SUSPICIOUS_CELLS:
        return None
    xml = book.read(name)
    cells = [(_column(match.group(1)), int(match.group(2))) for match in _CELL.finditer(xml)]
    if not cells:
        return None
    columns, rows = np.array(cells).T
    last_column, last_row = _before_gap(columns, _COLUMN_GAP), _before_gap(rows, _ROW_GAP)
    check_span(PurePosixPath(name).stem, last_row, last_column)
    if last_column == columns.max() and last_row == rows.max():
        return None
    xml = _WHOLE_ROW.sub(lambda m: b"" if int(m.group(1)) > last_row else m.group(), xml)
    return _WHOLE_CELL.sub(lambda m: b"" if _column(m.group(1)) > last_column else m.group(), xml)


def _column(letters: bytes) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + letter - 64
    return number


def _before_gap(numbers: NDArray[np.int64], gap: int) -> int:
    """Give the last number before the first gap."""
    present = np.unique(numbers)
    gaps = np.flatnonzero(np.diff(present) > gap)
    return int(present[gaps[0]] if len(gaps) else present[-1])


def _rewritten(book: zipfile.ZipFile, changed: dict[str, bytes], target: Path) -> Path:
    with zipfile.ZipFile(target, "w", zipfile.ZIP_STORED) as copy:
        for entry in book.infolist():
            copy.writestr(entry.filename, changed.get(entry.filename) or book.read(entry))
    return target
