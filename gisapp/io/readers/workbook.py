"""Workbooks (XLSX, XLSM, XLSB, XLS, ODS) through calamine; every cell becomes text."""

from __future__ import annotations

import datetime
import itertools
from typing import TYPE_CHECKING, Any

import python_calamine as calamine

from gisapp.core.words import _
from gisapp.io.readers.archive import check_workbook_parts
from gisapp.io.readers.contents import Reading, ReadTable, Tick, Unreadable
from gisapp.io.readers.headers import lacks_header, made_up_names, unique_names
from gisapp.io.readers.rows import TableBuilder
from gisapp.io.readers.straycells import check_span, without_stray_cells

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

# Rows in which a title or a note may stand above the header.
_HEADER_SEARCH_ROWS = 20
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
        path = without_stray_cells(path, scratch, warnings)
    try:
        with calamine.load_workbook(path) as book:
            for sheet in book.sheets_metadata:
                if sheet.typ == calamine.SheetTypeEnum.WorkSheet:
                    table = _read_sheet(book.get_sheet_by_name(sheet.name), tick, warnings)
                    if table is not None:
                        tables.append(table)
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


def _read_sheet(sheet: Any, tick: Tick, warnings: list[str]) -> ReadTable | None:
    check_span(sheet.name, sheet.height, sheet.width)
    cells = _CellTexts()
    rows = _filled(sheet.iter_rows(), cells)
    head = list(itertools.islice(rows, _HEADER_SEARCH_ROWS))
    if not head:
        return None
    start = _header_row(head)
    if start:
        warnings.append(
            _("Sheet “{name}”: {n} rows above the header were left out.").format(
                name=sheet.name, n=start
            )
        )
    table = _table(sheet.name, head[start:], rows, tick, warnings)
    warnings.extend(cells.warnings(sheet.name))
    return table


def _table(
    name: str,
    head: list[list[str]],
    rows: Iterator[list[str]],
    tick: Tick,
    warnings: list[str],
) -> ReadTable:
    if len(head) > 1 and lacks_header(head[0], head[1]):
        warnings.append(
            _("Sheet “{name}” has no header row; its columns were numbered.").format(name=name)
        )
        columns, data = made_up_names(len(head[0])), head
    else:
        columns, renamed = unique_names(head[0])
        warnings.extend(renamed)
        data = head[1:]
    builder = TableBuilder(name, columns, tick)
    builder.extend(itertools.chain(data, rows))
    return builder.finish()


def _header_row(head: Sequence[Sequence[str]]) -> int:
    """Find the header among the first rows: titles above it fill fewer than half its cells."""
    filled = [sum(map(bool, row)) for row in head]
    return next(i for i, n in enumerate(filled) if 2 * n >= max(filled))


def _filled(rows: Iterator[list[Any]], cells: _CellTexts) -> Iterator[list[str]]:
    for row in rows:
        texts = [cells.text(value) for value in row]
        if any(texts):
            yield texts


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
