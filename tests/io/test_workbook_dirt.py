"""Workbooks as offices keep them: merged cells, several tables, errors, days counted from 1904."""

import datetime

import pytest
import xlsxwriter
from helpers.foreign import workbook
from helpers.sheets import ods, ods_cell, ods_row

from gisapp.core.errors import GisappError
from gisapp.io.checking import check_source
from gisapp.io.readers.workbook import read_workbook
from gisapp.io.reading import read_source

HEADER = ["id", "nama", "lat", "lon"]
ROWS = [["1", "a", "-6.3", "106.8"], ["2", "b", "-6.4", "106.9"]]


def read(path, tmp_path):
    scratch = tmp_path / "scratch"
    scratch.mkdir(exist_ok=True)
    return read_workbook(path, scratch, lambda _done, _total: None)


def of(tmp_path, *rows, **options):
    return read(workbook(tmp_path / "t.xlsx", {"s": rows}, **options), tmp_path)


def cells(table):
    return [list(row.values()) for row in table.columns.to_pylist()]


def numbered(rows):
    return [[int(row[0]), row[1], float(row[2]), float(row[3])] for row in rows]


def test_titles_units_totals_and_notes(tmp_path):
    rows = [["Data PKL"], [], HEADER, [None, None, "(deg)", "(deg)"], *numbered(ROWS)]
    reading = of(tmp_path, *rows, ["Jumlah", 2], ["Sumber: survei"])
    (table,) = reading.tables
    assert cells(table) == ROWS
    assert list(table.unreadable) == [3, 4]
    assert table.facts == {"header_row": "2", "skipped_lines": "2"}
    assert len(reading.warnings) == 3


def test_tables_beneath_one_another_are_tables_of_their_own(tmp_path):
    second = [["kode", "jenis", "jumlah"], ["A", "warung", 4], ["B", "kios", 5]]
    reading = of(tmp_path, HEADER, *numbered(ROWS), [], [], *second)
    assert [table.name for table in reading.tables] == ["s", "s (2)"]
    assert cells(reading.tables[0]) == ROWS
    assert cells(reading.tables[1]) == [["A", "warung", "4"], ["B", "kios", "5"]]
    assert any("2 tables" in sentence for sentence in reading.warnings)


@pytest.mark.parametrize(
    ("header", "told"),
    [
        (["id", "nama", None, "kode", "jumlah"], True),
        (["id", "nama", None, None, "kode", "jumlah", None, "x", "y"], True),
        (["id", "nama", None, "kode"], False),
        (["id", None, "nama", "kode"], False),
        (["id", "nama", "kode", None], False),
    ],
)
def test_tables_side_by_side_are_mentioned(tmp_path, header, told):
    row = [name and f"{name} 1" for name in header]
    reading = of(tmp_path, header, row, row)
    (table,) = reading.tables
    assert table.columns.column_names == [name for name in header if name]
    assert any("side by side" in sentence for sentence in reading.warnings) is told


def test_empty_rows_do_not_part_a_table(tmp_path):
    reading = of(tmp_path, HEADER, numbered(ROWS)[0], [], numbered(ROWS)[1], [], [3, "c"])
    assert [len(cells(table)) for table in reading.tables] == [3]


def test_merged_cells_hold_in_each_of_their_rows(tmp_path):
    path = tmp_path / "t.xlsx"
    with xlsxwriter.Workbook(path) as book:
        sheet = book.add_worksheet("s")
        sheet.write_row(1, 1, ["kelurahan", "nama", "n"])
        sheet.merge_range(2, 1, 4, 1, "Cibubur")
        for row, name in enumerate("abc", 2):
            sheet.write_row(row, 2, [name, row])
    assert cells(read(path, tmp_path).tables[0]) == [
        ["Cibubur", "a", "2"], ["Cibubur", "b", "3"], ["Cibubur", "c", "4"],
    ]  # fmt: skip


def test_a_merged_header_names_its_parts(tmp_path):
    path = tmp_path / "t.xlsx"
    with xlsxwriter.Workbook(path) as book:
        sheet = book.add_worksheet("s")
        sheet.merge_range(0, 0, 1, 0, "No")
        sheet.merge_range(0, 1, 0, 2, "Lokasi")
        sheet.write_row(1, 1, ["lat", "lon"])
        sheet.write_row(2, 0, [1, -6.3, 106.8])
    table = read(path, tmp_path).tables[0]
    assert table.columns.to_pylist() == [{"No": "1", "Lokasi/lat": "-6.3", "Lokasi/lon": "106.8"}]


@pytest.mark.parametrize("from_1904", [False, True])
def test_days_are_days_whatever_they_are_counted_from(tmp_path, from_1904):
    path = tmp_path / "t.xlsx"
    with xlsxwriter.Workbook(path, {"date_1904": from_1904}) as book:
        day = book.add_format({"num_format": "dd/mm/yyyy"})
        sheet = book.add_worksheet("s")
        sheet.write_row(0, 0, ["id", "tanggal"])
        sheet.write(1, 0, "a")
        sheet.write_datetime(1, 1, datetime.datetime(2026, 11, 1), day)  # noqa: DTZ001
    assert cells(read(path, tmp_path).tables[0]) == [["a", "2026-11-01"]]


def test_errors_and_uncalculated_formulas_are_empty_and_counted(tmp_path):
    path = tmp_path / "t.xlsx"
    with xlsxwriter.Workbook(path) as book:
        sheet = book.add_worksheet("s")
        sheet.write_row(0, 0, ["id", "laba", "x"])
        sheet.write_row(1, 0, ["a", 5])
        sheet.write_formula(1, 2, "=1/0", None, "#DIV/0!")
        sheet.write_row(2, 0, ["b"])
        sheet.write_formula(2, 1, "=1+1", None, 2)
        sheet.write_formula(2, 2, "=NOW()", None, "")
        sheet.write_string(3, 0, "=1+1")
    reading = read(path, tmp_path)
    assert cells(reading.tables[0]) == [["a", "5", None], ["b", "2", None], ["=1+1", None, None]]
    assert reading.warnings == [
        "1 cell of the workbook holds an error such as #N/A; it is empty here.",
        (
            "1 formula has no calculated value and is empty here: open the workbook in a "
            "spreadsheet program and save it."
        ),
    ]


def test_an_open_document_with_endless_rows_and_columns(tmp_path):
    head = [ods_cell(name) for name in ("nama", "lat", "lon")]
    row = [ods_cell("a"), ods_cell(-6.3), ods_cell(106.8)]
    path = ods(
        tmp_path / "t.ods",
        [
            ods_row(*head, ods_cell(None, 16_381)),
            ods_row(*row, ods_cell(None, 16_381), repeated=2),
            ods_row(ods_cell(None, 16_384), repeated=1_048_573),
        ],
    )
    assert cells(read(path, tmp_path).tables[0]) == [["a", "-6.3", "106.8"]] * 2


def test_an_open_document_that_swells_is_refused(tmp_path):
    path = ods(tmp_path / "t.ods", [ods_row(ods_cell("x", 16_384), repeated=1_000_000)])
    report = check_source(path)
    assert not report.ok
    assert report.remedy


def test_what_an_office_program_leaves_beside_an_open_workbook(tmp_path):
    path = tmp_path / "~$survei.xlsx"
    path.write_bytes(b"\x04User" + b" " * 160)
    with pytest.raises(GisappError, match="only marks a document"):
        read_source(path)
