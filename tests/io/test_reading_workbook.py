"""Workbooks: every cell as the text that stands in the sheet, nothing that swells."""

from __future__ import annotations

import datetime
import shutil
import zipfile
from pathlib import Path

import pytest
from helpers.foreign import workbook

from gisapp.io.readers.contents import Reading, Unreadable
from gisapp.io.readers.workbook import read_workbook

# Cells so near to one another that they belong together, in a span of 30 million.
NEAR = range(100, 30_000, 100)
ACROSS = b'<row r="1">%s</row>' % b"".join(
    b'<c r="%s1"><v>1</v></c>' % column
    for column in (b"A", b"FA", b"KA", b"PA", b"UA", b"ZA", b"AFA", b"AKA", b"ALM")
)


def with_sheet(path: Path, xml: bytes) -> Path:
    """Put `xml` in the place of the first sheet."""
    with zipfile.ZipFile(path) as book:
        parts = {name: book.read(name) for name in book.namelist()}
    with zipfile.ZipFile(path, "w") as book:
        for name, content in {**parts, "xl/worksheets/sheet1.xml": xml}.items():
            book.writestr(name, content)
    return path


def read(path: Path, tmp_path: Path) -> Reading:
    scratch = tmp_path / "scratch"
    shutil.rmtree(scratch, ignore_errors=True)
    scratch.mkdir()
    return read_workbook(path, scratch, lambda _done, _total: None)


def of(tmp_path: Path, **sheets) -> Reading:
    return read(workbook(tmp_path / "t.xlsx", sheets), tmp_path)


def first_row(reading: Reading) -> dict[str, str | None]:
    return reading.tables[0].columns.to_pylist()[0]


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (56102, "56102"),
        (56102.0, "56102"),
        (0.5, "0.5"),
        (-6.3159878, "-6.3159878"),
        ("0812345678", "0812345678"),
        ("9171012345678901", "9171012345678901"),
        (True, "TRUE"),
        (datetime.datetime(2026, 11, 1), "2026-11-01"),  # noqa: DTZ001
        (" a ", " a "),
        ("-1,3", "-1,3"),
    ],
)
def test_cells_are_the_text_that_stands_there(tmp_path: Path, value, text: str) -> None:
    assert first_row(of(tmp_path, s=[["a", "b"], [value, "x"]])) == {"a": text, "b": "x"}


def test_every_sheet_with_a_table_is_read(tmp_path: Path) -> None:
    reading = of(
        tmp_path,
        survei=[["_index", "nama"], [1, "a"], [2, "b"]],
        usaha=[["_parent_index", "bagian"], [1, 0.5]],
        kosong=[],
    )
    assert [table.name for table in reading.tables] == ["survei", "usaha"]
    assert reading.tables[1].columns.to_pylist() == [{"_parent_index": "1", "bagian": "0.5"}]


def test_titles_above_the_header_are_left_out_and_told(tmp_path: Path) -> None:
    reading = of(tmp_path, s=[["Survey of kiosks"], [], ["name", "lat", "lon"], ["a", -6.3, 106.8]])
    assert first_row(reading) == {"name": "a", "lat": "-6.3", "lon": "106.8"}
    assert "Rows above the header were left out: 1." in reading.warnings[0]


def test_digits_that_the_spreadsheet_lost_are_told(tmp_path: Path) -> None:
    reading = of(tmp_path, s=[["nik", "b"], [9171012345678901, "x"]])
    assert "not exact" in reading.warnings[0]


def test_a_stray_cell_in_the_last_corner_neither_hangs_nor_counts(tmp_path: Path) -> None:
    path = workbook(tmp_path / "t.xlsx", {"s": [["name", "lat"], ["a", -6.3]]})
    with zipfile.ZipFile(path) as book:
        xml = book.read("xl/worksheets/sheet1.xml")
    far = b'<row r="1048576"><c r="XFD1048576"><v>1</v></c></row></sheetData>'
    xml = xml.replace(b'ref="A1:B2"', b'ref="A1:XFD1048576"').replace(b"</sheetData>", far)
    with_sheet(path, xml)
    reading = read(path, tmp_path)
    assert reading.tables[0].columns.to_pylist() == [{"name": "a", "lat": "-6.3"}]
    assert "far away" in reading.warnings[0]


def test_entities_in_a_part_are_refused(tmp_path: Path) -> None:
    xml = b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "b">]><worksheet/>'
    path = with_sheet(workbook(tmp_path / "t.xlsx", {"s": [["a", "b"], [1, 2]]}), xml)
    with pytest.raises(Unreadable, match="entities"):
        read(path, tmp_path)


def test_protected_and_empty_workbooks_are_refused(tmp_path: Path) -> None:
    protected = tmp_path / "p.xlsx"
    protected.write_bytes(
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600) + "EncryptedPackage".encode("utf-16-le")
    )
    with pytest.raises(Unreadable, match="password"):
        read(protected, tmp_path)
    with pytest.raises(Unreadable, match="empty"):
        of(tmp_path, s=[])


def test_hidden_sheets_are_told(tmp_path: Path) -> None:
    import xlsxwriter

    with xlsxwriter.Workbook(tmp_path / "t.xlsx") as book:
        for name in ("open", "secret"):
            sheet = book.add_worksheet(name)
            sheet.write_row(0, 0, ["a", "b"])
            sheet.write_row(1, 0, [1, 2])
        sheet.hide()
    assert "“secret” is hidden" in read(tmp_path / "t.xlsx", tmp_path).warnings[0]


def test_a_sheet_too_large_is_refused_before_it_is_made(tmp_path: Path) -> None:
    rows = b"".join(b'<row r="%d"><c r="ALM%d"><v>1</v></c></row>' % (r, r) for r in NEAR)
    xml = b"<worksheet><sheetData>" + ACROSS + rows + b"</sheetData></worksheet>"
    path = with_sheet(workbook(tmp_path / "t.xlsx", {"s": [["a", "b"]]}), xml)
    with pytest.raises(Unreadable, match="29 million cells"):
        read(path, tmp_path)
