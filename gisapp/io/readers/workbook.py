"""Workbooks (XLSX, XLSM, XLSB, XLS, ODS) through calamine; every cell becomes text."""

from __future__ import annotations

import datetime
import itertools
from typing import TYPE_CHECKING, Any

import python_calamine as calamine

from gisapp.core.words import _
from gisapp.io.readers.archive import check_workbook_parts
from gisapp.io.readers.blocks import blocks_of
from gisapp.io.readers.cellmarks import sentences_on_cells
from gisapp.io.readers.contents import Reading, ReadTable, Tick, Unreadable
from gisapp.io.readers.headers import find_header, header_sentences, made_up_names, unique_names
from gisapp.io.readers.rows import (
    TableBuilder,
    empty_columns,
    footer_sentences,
    gap_sentences,
    set_aside_totals,
    without_columns,
)
from gisapp.io.readers.straycells import check_span, without_stray_cells

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

_HEAD_ROWS = 200
# Spreadsheets keep 15 digits of a number.
_FIRST_INEXACT = 10**15


def read_workbook(path: Path, scratch: Path, tick: Tick) -> Reading:
    """Read every sheet of a workbook that holds a table.

    Parameters
    ----------
    path : Path
        The workbook.
    scratch : Path
        A folder of our own.
    tick : callable
        Told the number of rows as they come.

    Raises
    ------
    Unreadable
        Where it is protected, damaged, empty or larger than a sheet can sensibly be.
    """
    warnings: list[str] = []
    tables: list[ReadTable] = []
    driver = _driver(path)
    if driver == "XLS":
        _refuse_encrypted(path)
    else:
        check_workbook_parts(path)
        warnings += sentences_on_cells(path)
        path = without_stray_cells(path, scratch, warnings)
    try:
        with calamine.load_workbook(path) as book:
            for sheet in book.sheets_metadata:
                if sheet.typ == calamine.SheetTypeEnum.WorkSheet:
                    found = _read_sheet(book.get_sheet_by_name(sheet.name), tick, warnings)
                    if found:
                        tables += found
                        _warn_if_hidden(sheet, warnings)
    except calamine.PasswordError as error:
        raise Unreadable(_("it is protected by a password"), _("Save it without one.")) from error
    except calamine.CalamineError as error:
        raise Unreadable(
            _("it is damaged or not a workbook ({reason})").format(reason=str(error)[:120]),
            _("Open it in a spreadsheet program and save it again as XLSX or CSV."),
        ) from error
    if not tables:
        raise Unreadable(_("its sheets are empty"), _("Choose a workbook that holds a table."))
    return Reading(driver, tables, warnings)


def _refuse_encrypted(path: Path) -> None:
    """Refuse the container that protected workbooks are kept in, whatever they are called."""
    if "EncryptedPackage".encode("utf-16-le") in path.read_bytes():
        raise Unreadable(_("it is protected by a password"), _("Save it without one."))


def _driver(path: Path) -> str:
    with path.open("rb") as file:
        head = file.read(200)
    if head.startswith(b"\xd0\xcf\x11\xe0"):
        return "XLS"
    return "ODS" if b"opendocument" in head else "XLSX"


def _warn_if_hidden(sheet: Any, warnings: list[str]) -> None:
    if sheet.visible != calamine.SheetVisibleEnum.Visible:
        warnings.append(_("The sheet “{name}” is hidden in the workbook.").format(name=sheet.name))


def _read_sheet(sheet: Any, tick: Tick, warnings: list[str]) -> list[ReadTable]:
    """Read the tables of a sheet: one, or several that stand beneath one another."""
    check_span(sheet.name, sheet.height, sheet.width)
    cells = _CellTexts()
    rows = _texts(sheet, cells)
    tables: list[ReadTable] = []
    for block in blocks_of(rows):
        name = f"{sheet.name} ({len(tables) + 1})" if tables else sheet.name
        if (table := _table(name, block, tick, warnings)) is not None:
            tables.append(table)
    if len(tables) > 1:
        warnings.append(
            _("Sheet “{name}” holds {n} tables, one beneath the other.").format(
                name=sheet.name, n=len(tables)
            )
        )
    warnings.extend(cells.warnings(sheet.name))
    return tables


def _texts(sheet: Any, cells: _CellTexts) -> Iterator[list[str]]:
    """Give every row as text; what merged cells hold stands in each of their rows."""
    first_column = sheet.start[1] if sheet.start else 0
    below: dict[int, list[int]] = {}
    for (top, left), (bottom, _right) in sheet.merged_cell_ranges or ():
        for row in range(top + 1, bottom + 1):
            below.setdefault(row, []).append(left - first_column)
    above: list[str] = []
    for number, row in enumerate(sheet.iter_rows()):
        texts = [cells.text(value) for value in row]
        for column in below.get(number, ()):
            if 0 <= column < len(texts) and above:
                texts[column] = texts[column] or above[column]
        yield texts
        above = texts


def _table(
    name: str, rows: Iterable[list[str]], tick: Tick, warnings: list[str]
) -> ReadTable | None:
    remaining = filter(any, rows)
    head = list(itertools.islice(remaining, _HEAD_ROWS))
    if not head:
        return None
    header = find_header(head)
    names, renamed = unique_names(header.cells or made_up_names(len(head[0])))
    builder = TableBuilder(name, names, tick)
    builder.extend(itertools.chain(head[header.data :], remaining))
    table = builder.finish()
    sentences = [*header_sentences(header), *footer_sentences(set_aside_totals(table))]
    unnamed = [n for n, cell in enumerate(header.cells or ()) if not cell.strip()]
    empty = empty_columns(table.columns, unnamed)
    sentences += gap_sentences(empty, len(names))
    warnings += [
        _("Sheet “{name}”: {what}").format(name=name, what=sentence) for sentence in sentences
    ]
    warnings += renamed
    table.columns = without_columns(table.columns, empty)
    table.facts = {
        "header_row": "none" if header.cells is None else str(header.above + 1),
        "skipped_lines": str(header.above + header.units),
    }
    return table


class _CellTexts:
    """Writes cell values as text, the way they stand in the sheet."""

    def __init__(self) -> None:
        self._inexact = 0

    def text(self, value: Any) -> str:
        if isinstance(value, str):
            return value
        if isinstance(value, bool):
            return "TRUE" if value else "FALSE"
        if isinstance(value, float):
            return self._number(value)
        if isinstance(value, datetime.datetime) and value.time() == datetime.time():
            return value.date().isoformat()
        if isinstance(value, datetime.datetime | datetime.date | datetime.time):
            return value.isoformat()
        return str(value)

    def _number(self, value: float) -> str:
        if not value.is_integer():
            return repr(value)
        if abs(value) >= _FIRST_INEXACT:
            self._inexact += 1
        return str(int(value))

    def warnings(self, sheet: str) -> list[str]:
        """Say where a spreadsheet program has already lost digits."""
        if not self._inexact:
            return []
        return [
            _(
                "Sheet “{name}”: {n} numbers have 16 digits or more; a spreadsheet keeps only 15, "
                "so identity numbers stored as numbers are not exact."
            ).format(name=sheet, n=self._inexact)
        ]
