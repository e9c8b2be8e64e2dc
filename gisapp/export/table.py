"""Tables for spreadsheets, in which no cell can start a formula.

In CSV a text that a spreadsheet would take for a formula gets an apostrophe before it; numbers,
negative ones among them, are numbers and stay. In XLSX texts are written as texts.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Final

import pandas as pd
import xlsxwriter

from gisapp.core.errors import GisappError
from gisapp.core.words import _, speaking
from gisapp.export.rows import about, one_table, sheets
from gisapp.io.atomic import replacing

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from xlsxwriter.workbook import Workbook
    from xlsxwriter.worksheet import Worksheet

    from gisapp.privacy.release import Release

FORMULA_STARTS: Final = ("=", "+", "-", "@", "\t", "\r", "\n", "\0")
XLSX_CELL_CHARACTERS: Final = 32_767
XLSX_ROWS: Final = 1_048_576
XLSX_SHEET_NAME: Final = 31
_NOT_IN_SHEET_NAMES: Final = re.compile(r"[\[\]:*?/\\']")
_OPTIONS: Final = {
    "strings_to_formulas": False,
    "strings_to_urls": False,
    "strings_to_numbers": False,
    "in_memory": True,
}


def write_table(release: Release, path: Path, lang: str) -> None:
    """Write a release's rows; `path` ends in .csv (one table) or .xlsx (a sheet for each).

    Raises
    ------
    GisappError
        Where `path` cannot be written, or a workbook cannot hold a text or that many rows.
    """
    with speaking(lang):
        if path.suffix.lower() == ".csv":
            _write_csv(release, path)
        else:
            _write_xlsx(release, path)


def _write_csv(release: Release, path: Path) -> None:
    frame = one_table(release)
    plain = pd.DataFrame({column: _csv_cells(frame[column]) for column in frame.columns})
    header = [guarded(str(column)) for column in frame.columns]
    with replacing(path) as fresh:
        # RFC 4180's line ends, so that a lone CR or LF inside a text is quoted
        plain.to_csv(fresh, index=False, header=header, encoding="utf-8", lineterminator="\r\n")


def _csv_cells(column: pd.Series) -> pd.Series:
    if pd.api.types.is_bool_dtype(column):
        words = column.astype("object").map({True: "true", False: "false"})
        return words.where(column.notna())
    if pd.api.types.is_numeric_dtype(column):
        return column
    if column.dtype == object:  # truths of one table, missing in the one below it
        column = column.map(lambda x: str(x).lower() if isinstance(x, bool) else x)
    return column.astype("str").map(guarded, na_action="ignore")


def guarded(text: str) -> str:
    """Put an apostrophe before a text that a spreadsheet would take for a formula."""
    return f"'{text}" if text.startswith(FORMULA_STARTS) else text


def _write_xlsx(release: Release, path: Path) -> None:
    tables = sheets(release)
    for name, frame in tables.items():
        _refuse_overlong(name, frame)
    with replacing(path) as fresh:
        # Its parts are written to files first: not to the folder that all users share.
        workbook = xlsxwriter.Workbook(fresh, {**_OPTIONS, "tmpdir": str(fresh.parent)})
        names: set[str] = set()
        for name, frame in tables.items():
            _fill(_sheet(workbook, name, names), frame.columns, frame)
        _fill_about(_sheet(workbook, _("About"), names), about(release))
        workbook.close()


def _refuse_overlong(name: str, frame: pd.DataFrame) -> None:
    if len(frame) >= XLSX_ROWS:
        raise GisappError(
            _("{name} has {n} rows; a workbook holds {most}.").format(
                name=name, n=len(frame), most=XLSX_ROWS - 1
            ),
            _("Export it as .csv."),
        )
    for column in frame.columns:
        if pd.api.types.is_numeric_dtype(frame[column]):
            continue
        long = frame[column].astype("str").str.len() > XLSX_CELL_CHARACTERS
        if long.any():
            raise GisappError(
                _("{name}, column {column}, row {row}: a text is longer than a cell holds.").format(
                    name=name, column=column, row=int(long.to_numpy().argmax()) + 1
                ),
                _("Export it as .csv, or shorten the text to {most} characters.").format(
                    most=XLSX_CELL_CHARACTERS
                ),
            )


def _sheet(workbook: Workbook, name: str, taken: set[str]) -> Worksheet:
    """Add a sheet under a name that a workbook allows and does not have yet."""
    plain = _NOT_IN_SHEET_NAMES.sub("_", name)[:XLSX_SHEET_NAME] or "_"
    allowed, n = plain, 1
    while allowed.casefold() in taken or allowed.casefold() == "history":
        n += 1
        allowed = f"{plain[: XLSX_SHEET_NAME - 4]}_{n}"
    taken.add(allowed.casefold())
    return workbook.add_worksheet(allowed)


def _fill(sheet: Worksheet, columns: Iterable[Any], frame: pd.DataFrame) -> None:
    for place, column in enumerate(columns):
        sheet.write_string(0, place, str(column))
        for row, value in enumerate(frame[column].tolist(), start=1):
            _write_cell(sheet, row, place, value)
    sheet.freeze_panes(1, 0)
    sheet.autofit()


def _write_cell(sheet: Worksheet, row: int, place: int, value: Any) -> None:
    if pd.isna(value):
        return
    if isinstance(value, bool):
        sheet.write_boolean(row, place, value)
    elif isinstance(value, int | float):
        sheet.write_number(row, place, value)
    else:
        sheet.write_string(row, place, str(value))


def _fill_about(sheet: Worksheet, lines: list[tuple[str, str]]) -> None:
    for row, (name, text) in enumerate(lines):
        sheet.write_string(row, 0, name)
        sheet.write_string(row, 1, text[:XLSX_CELL_CHARACTERS])
    sheet.set_column(0, 0, 18)
    sheet.set_column(1, 1, 90)
