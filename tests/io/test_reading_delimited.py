"""Delimited text: every dialect and encoding, every cell as it is written."""

from __future__ import annotations

import csv
import io
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gisapp.io.readers.contents import Reading, Unreadable
from gisapp.io.readers.delimited import read_delimited

IDS = ("9171012345678901", "0812345678", "56102", "1e5", "NA", "null", "+62", "=1+1", "0x1F")
# Printable text without the characters that a dialect gives a meaning to.
WORDS = st.text(st.characters(categories=("L", "N", "Zs"), max_codepoint=0xFF), min_size=1)


def read(path: Path) -> Reading:
    return read_delimited(path, path.stem, lambda _done, _total: None)


def of_text(tmp_path: Path, text: str, encoding: str = "utf-8") -> Reading:
    path = tmp_path / "t.csv"
    path.write_bytes(text.encode(encoding))
    return read(path)


def rows(reading: Reading) -> list[dict[str, str | None]]:
    return reading.tables[0].columns.to_pylist()


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("delimited")


@given(
    cells=st.lists(
        st.tuples(st.sampled_from(IDS), WORDS, st.sampled_from(("-6.31", "-6,31", ""))),
        min_size=1,
        max_size=30,
    ),
    separator=st.sampled_from(",;\t|"),
    encoding=st.sampled_from(("utf-8", "utf-8-sig", "utf-16", "utf-32")),
    ending=st.sampled_from(("\n", "\r\n", "\r")),
    quoting=st.sampled_from((csv.QUOTE_MINIMAL, csv.QUOTE_ALL)),
)
def test_dialects_and_encodings_are_found_and_no_cell_changes(
    folder: Path, cells, separator, encoding, ending, quoting
) -> None:
    text = io.StringIO(newline="")
    writer = csv.writer(text, delimiter=separator, lineterminator=ending, quoting=quoting)
    writer.writerows([("id", "nama", "lintang"), *cells])
    path = folder / "survey.csv"
    path.write_bytes(text.getvalue().encode(encoding))
    reading = read(path)
    expected = [{"id": a, "nama": b, "lintang": c or None} for a, b, c in cells]
    assert rows(reading) == expected
    assert reading.warnings == []


@pytest.mark.parametrize("encoding", ["cp1252", "latin-1"])
def test_what_is_not_unicode_is_guessed_and_said(tmp_path: Path, encoding: str) -> None:
    reading = of_text(tmp_path, "nama,lat\nCafé Ñandú,-6.3\n", encoding)
    assert rows(reading)[0]["nama"] == "Café Ñandú"
    assert "cp1252" in reading.warnings[0]


def test_utf16_without_a_mark_is_found(tmp_path: Path) -> None:
    assert rows(of_text(tmp_path, "nama,lat\na,-6.3\n", "utf-16-le")) == [
        {"nama": "a", "lat": "-6.3"}
    ]


def test_short_rows_are_filled_and_long_ones_told(tmp_path: Path) -> None:
    reading = of_text(tmp_path, "a,b,c\n1\n1,2,3,4\n1,2,3,,\n\n7,8,9\n")
    (table,) = reading.tables
    assert rows(reading) == [
        {"a": "1", "b": None, "c": None},
        {"a": "1", "b": "2", "c": "3"},
        {"a": "7", "b": "8", "c": "9"},
    ]
    assert list(table.unreadable) == [2]
    assert table.row_numbers is not None
    assert table.row_numbers.tolist() == [1, 3, 4]
    assert len(reading.warnings) == 2


def test_rows_keep_their_numbers_over_chunks(tmp_path: Path) -> None:
    lines = [f"{n},x" if n % 15_000 else f"{n},x,y" for n in range(1, 45_001)]
    reading = of_text(tmp_path, "n,t\n" + "\n".join(lines) + "\n")
    (table,) = reading.tables
    assert sorted(table.unreadable) == [15_000, 30_000, 45_000]
    assert [int(row["n"]) for row in rows(reading)] == table.row_numbers.tolist()


def test_a_first_row_of_numbers_is_no_header(tmp_path: Path) -> None:
    reading = of_text(tmp_path, "K0,-1.3,36.8\nK1,-1.2,36.9\n")
    assert [row["column_1"] for row in rows(reading)] == ["K0", "K1"]
    assert "no header" in reading.warnings[0]


def test_years_make_a_header(tmp_path: Path) -> None:
    reading = of_text(tmp_path, "kelurahan,2013,2014\nCibubur,5,6\n")
    assert rows(reading) == [{"kelurahan": "Cibubur", "2013": "5", "2014": "6"}]


def test_columns_of_one_name_and_of_none_get_names(tmp_path: Path) -> None:
    reading = of_text(tmp_path, "name,name,,name_2\na,b,c,d\n")
    assert rows(reading) == [{"name": "a", "name_3": "b", "column_3": "c", "name_2": "d"}]
    assert "“name_3”" in reading.warnings[0]


def test_excels_line_naming_the_separator_is_heeded(tmp_path: Path) -> None:
    assert rows(of_text(tmp_path, "sep=;\na;b\n1,5;2\n")) == [{"a": "1,5", "b": "2"}]


def test_quotes_inside_cells_are_text(tmp_path: Path) -> None:
    reading = of_text(tmp_path, 'a,b\n"x"y,5" pipe\n"q ""q""","l\nm"\n')
    assert rows(reading)[0] == {"a": "xy", "b": '5" pipe'}
    assert rows(reading)[1] == {"a": 'q "q"', "b": "l\nm"}
    assert "quotes" in reading.warnings[0]


def test_a_quote_that_never_closes_is_refused_with_its_line(tmp_path: Path) -> None:
    with pytest.raises(Unreadable, match="line 3 is never closed"):
        of_text(tmp_path, 'a,b\n1,2\n"3,4\n5,6\n')


def test_a_missing_last_line_break_is_told(tmp_path: Path) -> None:
    assert "cut off" in of_text(tmp_path, "a,b\n1,2").warnings[0]


def test_zeros_from_a_power_loss_are_refused_and_one_is_told(tmp_path: Path) -> None:
    warnings = of_text(tmp_path, "a,b\n1\0,2\n").warnings
    assert warnings == ["Some cells hold zero bytes; they were left out."]
    with pytest.raises(Unreadable, match="zeros"):
        of_text(tmp_path, "a,b\n1,2\n" + "\0" * 100)


def test_a_header_without_rows_is_an_empty_table(tmp_path: Path) -> None:
    reading = of_text(tmp_path, "name,lat,lon\n")
    assert reading.tables[0].columns.column_names == ["name", "lat", "lon"]
    assert rows(reading) == []


def test_a_table_wider_than_any_is_refused(tmp_path: Path) -> None:
    with pytest.raises(Unreadable, match="5000 columns"):
        of_text(tmp_path, ",".join(f"c{n}" for n in range(5000)) + "\n")


def test_a_cell_of_a_megabyte_is_whole(tmp_path: Path) -> None:
    assert rows(of_text(tmp_path, f"a,b\n{'x' * 1_000_000},2\n"))[0]["a"] == "x" * 1_000_000
