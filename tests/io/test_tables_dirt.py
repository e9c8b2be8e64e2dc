"""What stands around and between the rows of real tables is neither taken for data nor lost."""

from __future__ import annotations

import csv
import io
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gisapp.io.readers.contents import Unreadable
from gisapp.io.readers.delimited import read_delimited
from gisapp.io.readers.dialect import detect_dialect
from gisapp.io.readers.headers import find_header
from gisapp.io.readers.regular import RegularText, read_regular

if TYPE_CHECKING:
    from gisapp.io.readers.contents import Reading

NAMES = ["id", "nama", "lat", "lon"]
ROWS = [["1", "a", "-6.3", "106.8"], ["2", "b", "-6.4", "106.9"]]


def silent(_done: int, _total: int) -> None:
    """Take no notice of progress."""


def read(path: Path) -> Reading:
    return read_delimited(path, path.stem, silent)


def of(tmp_path: Path, text: str | bytes) -> Reading:
    path = tmp_path / "t.csv"
    path.write_bytes(text.encode() if isinstance(text, str) else text)
    return read(path)


def cells(reading: Reading) -> tuple[list[str], list[list[str | None]]]:
    table = reading.tables[0].columns
    return table.column_names, [list(row.values()) for row in table.to_pylist()]


BODY = "id,nama,lat,lon\n1,a,-6.3,106.8\n2,b,-6.4,106.9\n"


@pytest.mark.parametrize(
    ("text", "above"),
    [
        ("Data PKL Ciracas 2026\n\n" + BODY, 1),
        ("Data PKL, Ciracas\nDicetak, 2026\n" + BODY, 2),
        ("Data PKL Ciracas,,,\n,,,\n" + BODY, 1),
        ("# made by x\n# on: 1, 2, 3, 4, 5, 6\n" + BODY, 2),
        ("# made by x\n#" + BODY, 1),
    ],
)
def test_titles_and_comments_above_the_header(tmp_path: Path, text: str, above: int) -> None:
    reading = of(tmp_path, text)
    assert cells(reading) == (NAMES, ROWS)
    assert f"Rows above the header were left out: {above}." in reading.warnings
    assert reading.tables[0].facts["skipped_lines"] == str(above)


@pytest.mark.parametrize("footer", ["Total,,2,\n", "Jumlah;\n", "\nSumber: survei 2026\n", "* n\n"])
def test_totals_and_notes_beneath_are_set_aside_and_counted(tmp_path: Path, footer: str) -> None:
    reading = of(tmp_path, BODY + footer)
    table = reading.tables[0]
    assert cells(reading) == (NAMES, ROWS)
    assert list(table.unreadable) == [3]
    assert table.row_numbers is not None
    assert table.row_numbers.tolist() == [1, 2]


def test_a_business_called_total_is_a_business(tmp_path: Path) -> None:
    reading = of(tmp_path, "nama,jenis,lat,lon\nA,x,-6.3,106.8\nTotal Motor,bengkel,-6.3,106.8\n")
    assert reading.tables[0].columns.num_rows == 2
    assert reading.tables[0].unreadable == {}


def test_units_beneath_the_header(tmp_path: Path) -> None:
    reading = of(tmp_path, BODY.replace("\n1", "\n,,(deg),(deg)\n1", 1))
    assert cells(reading) == (NAMES, ROWS)
    assert any("units" in sentence for sentence in reading.warnings)


def test_a_header_in_two_rows(tmp_path: Path) -> None:
    names, rows = cells(of(tmp_path, "No,Nama,Lokasi,,Omzet\n,,lat,lon,\n1,a,-6.3,106.8,5\n"))
    assert names == ["No", "Nama", "Lokasi/lat", "Lokasi/lon", "Omzet"]
    assert rows == [["1", "a", "-6.3", "106.8", "5"]]


def test_empty_rows_and_columns_are_none(tmp_path: Path) -> None:
    assert cells(of(tmp_path, "a,b,\n1,2,\n,,\n\n3,4,\n")) == (
        ["a", "b"],
        [["1", "2"], ["3", "4"]],
    )


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("id^nama^lat\n1^a^-6.3\n", [["1", "a", "-6.3"]]),
        ("sep=#\na#b\n1#2\n", [["1", "2"]]),
        ("id lat lon\n1   -6.3   106.8\n2 -6.31 106.81\n", [["1", "-6.3", "106.8"]]),
        ("id;nama\n1;'a; b'\n2;'c'\n", [["1", "a; b"]]),
        ("id,nama\n1,“a, b”\n2,“c”\n", [["1", "a, b"]]),
        ('id,nama\n1,"say \\"hi\\", ok"\n2,"c"\n', [["1", 'say "hi", ok']]),
        ("K0;-6,3;106,8\nK1;-6,3;106,8\n", [["K0", "-6,3", "106,8"]]),
        ("jam\n08:00\n09:00\n", [["08:00"]]),
        ('"id,nama,lat"\n"1,""a, b"",-6.3"\n', [["1", "a, b", "-6.3"]]),
        ('id,nama\n"1,a"\n"2,b"\n"3,c"\n', [["1", "a"]]),
        ('"alamat"\n"Jl. A, 5"\n"Jl. B, 6"\n', [["Jl. A, 5"]]),
        ('"id","nama"\n"1","a, b"\n', [["1", "a, b"]]),
        ("nama usaha\nwarung makan\ntoko\n", [["warung makan"]]),
        ("id\tket\tx\n1\ta, b, c\t2\n2\td, e, f\t3\n", [["1", "a, b, c", "2"]]),
    ],
)
def test_odd_dialects(tmp_path: Path, text: str, expected: list[list[str]]) -> None:
    assert cells(of(tmp_path, text))[1][:1] == expected


def test_a_few_foreign_bytes_do_not_spoil_the_rest(tmp_path: Path) -> None:
    good = "nama,lat\nCafé,-6.3\nÑandú,-6.3\nPâté,-6.3\n".encode()
    reading = of(tmp_path, good + "Señor,-6.4\n".encode("cp1252"))
    assert [row[0] for row in cells(reading)[1]] == ["Café", "Ñandú", "Pâté", "Señor"]
    assert "Most of the text is UTF-8" in reading.warnings[0]


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be", "utf-32-le", "utf-32-be"])
def test_wide_text_without_a_mark(tmp_path: Path, encoding: str) -> None:
    assert cells(of(tmp_path, BODY.encode(encoding))) == (NAMES, ROWS)


@pytest.mark.parametrize("content", [bytes(range(256)) * 10, b"a,b\n\x02\x03\x9d\x05,1\n"])
def test_what_is_no_text_is_refused(tmp_path: Path, content: bytes) -> None:
    with pytest.raises(Unreadable, match="no text"):
        of(tmp_path, content)


def test_zero_bytes_are_left_out_of_cells(tmp_path: Path) -> None:
    assert cells(of(tmp_path, "a,b\n1\0x,2\n"))[1] == [["1x", "2"]]


def test_the_facts_say_how_it_was_read(tmp_path: Path) -> None:
    assert of(tmp_path, "id\tnama\n1\ta\n").tables[0].facts == {
        "encoding": "utf-8",
        "separator": "tab",
        "quote": '"',
        "header_row": "1",
        "skipped_lines": "0",
    }


@given(st.text(alphabet=",;\"\n\r\t|ab1 '“-6.", max_size=60))
def test_no_sample_confuses_the_search_for_a_dialect(sample: str) -> None:
    assert len(detect_dialect(sample).separator) == 1


@given(st.lists(st.lists(st.sampled_from(["", "a", "b c", "#", "1", "-6,3"]), min_size=1)))
def test_no_head_confuses_the_search_for_a_header(rows: list[list[str]]) -> None:
    header = find_header([*rows, ["x", "y"]])
    assert 0 <= header.above <= header.data <= len(rows) + 1


CELL = st.text(alphabet='abc1 ,;"\n\r.é', max_size=6)


@given(
    rows=st.lists(st.lists(CELL, min_size=3, max_size=3), min_size=1, max_size=20),
    separator=st.sampled_from(",;\t|"),
    ending=st.sampled_from(("\n", "\r\n")),
)
def test_the_quick_way_gives_what_was_written(
    tmp_path_factory: pytest.TempPathFactory, rows, separator, ending
) -> None:
    text = io.StringIO(newline="")
    writer = csv.writer(text, delimiter=separator, lineterminator=ending, quoting=csv.QUOTE_ALL)
    writer.writerows([["a", "b", "c"], *rows])
    path = tmp_path_factory.mktemp("quick") / "t.csv"
    path.write_bytes(text.getvalue().encode())
    table = read_regular(RegularText(path, separator, True, 1, ["a", "b", "c"]), silent)
    assert table is not None
    expected = [[cell or None for cell in row] for row in rows if any(row)]
    assert [list(row.values()) for row in table.to_pylist()] == expected


@pytest.mark.parametrize("text", ['1,"x"y\n', "1\n", "1,2,3\n", '1,"2\n', '1,2"x"\n'])
def test_the_quick_way_leaves_what_is_irregular(tmp_path: Path, text: str) -> None:
    path = tmp_path / "t.csv"
    path.write_text(f"a,b\n1,2\n{text}")
    assert read_regular(RegularText(path, ",", True, 1, ["a", "b"]), silent) is None


def test_a_header_of_one_word_is_refused_at_once(tmp_path: Path) -> None:
    with pytest.raises(Unreadable, match="20000 columns"):
        of(tmp_path, ",".join(["a"] * 20_000) + "\n" + ",".join(["1"] * 20_000) + "\n")


@pytest.mark.parametrize("stray", ['"x"y,2', "x,2"])
def test_a_quote_that_never_closes_swallows_no_rows(tmp_path: Path, stray: str) -> None:
    with pytest.raises(Unreadable, match="line 4 is never closed"):
        of(tmp_path, f'a,b\n{stray}\n3,4\n"z,5\n' + "6,7\n" * 50)
