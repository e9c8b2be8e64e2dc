"""What is read of an SQLite file page by page is what SQLite reads, and no less than can be."""

import sqlite3
from contextlib import closing

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gisapp.io.pages import Damaged, Loss, Pages

PAGE = 512
values = st.one_of(
    st.none(),
    st.integers(-(2**63), 2**63 - 1),
    st.floats(allow_nan=False),
    st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=2000),
    st.binary(max_size=3000),
)
numbers = st.integers(-(2**63), 2**63 - 1)


def silent(_done, _total):
    pass


def made(path, rows, page=PAGE):
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute(f"PRAGMA page_size = {page}")
        connection.execute("CREATE TABLE t (number INTEGER PRIMARY KEY, a, b)")
        connection.executemany("INSERT INTO t VALUES (?, ?, ?)", rows)
    return path


def read(path):
    loss = Loss()
    with Pages(path, silent) as pages:
        entries, whole = pages.schema()
        rows = list(pages.rows(entries["t"].root, loss)) if "t" in entries else []
    return {number: found[1:] for number, found in rows}, loss, whole


@pytest.mark.parametrize("page", [512, 4096, 65_536])
@given(rows=st.dictionaries(numbers, st.tuples(values, values), max_size=20))
def test_every_value_is_read_as_sqlite_reads_it(tmp_path_factory, rows, page):
    path = made(tmp_path_factory.mktemp("db") / "x.db", [(n, *v) for n, v in rows.items()], page)
    found, loss, whole = read(path)
    with closing(sqlite3.connect(path)) as connection:
        wanted = {n: list(v) for n, *v in connection.execute("SELECT * FROM t")}
    assert whole
    assert not loss
    assert found == wanted


@pytest.fixture
def large(tmp_path):
    return made(tmp_path / "x.db", [(n, n, "x" * (n % 90)) for n in range(3000)])


def test_a_table_of_many_pages_is_read_whole(large):
    found, loss, _whole = read(large)
    assert list(found) == list(range(3000))
    assert not loss


def test_a_damaged_page_costs_its_own_rows(large):
    """Any page but the first: what is lost is a page's rows, or those of the pages below it."""
    content = bytearray(large.read_bytes())
    pages = len(content) // PAGE
    costs = []
    for number in range(2, pages, 7):
        content_now = content.copy()
        content_now[number * PAGE : (number + 1) * PAGE] = b"\xaa" * PAGE
        large.write_bytes(content_now)
        found, loss, _whole = read(large)
        assert all(v == [n, "x" * (n % 90)] for n, v in found.items())
        assert loss.pages == (len(found) < 3000)
        costs.append(3000 - len(found))
    assert sorted(costs)[len(costs) // 2] < 10


def test_a_tree_that_turns_in_a_circle_is_left(large):
    content = bytearray(large.read_bytes())
    root = 2
    content[(root - 1) * PAGE + 8 : (root - 1) * PAGE + 12] = root.to_bytes(4)
    large.write_bytes(content)
    found, loss, _whole = read(large)
    assert loss.pages == 1
    assert found


def test_an_overflow_chain_that_turns_in_a_circle_ends(tmp_path):
    path = made(tmp_path / "x.db", [(1, b"x" * 5000, None), (2, "whole", None)])
    content = bytearray(path.read_bytes())
    for number in range(3, len(content) // PAGE):
        content[number * PAGE : number * PAGE + 4] = (number + 1).to_bytes(4)
    path.write_bytes(content)
    found, _loss, _whole = read(path)
    assert found[2] == ["whole", None]


def test_a_text_that_is_none_costs_its_row(tmp_path):
    path = made(tmp_path / "x.db", [(1, "before-it", None), (2, "after-it", None)])
    path.write_bytes(path.read_bytes().replace(b"before-it", b"before\xff\xfe\xfd"))
    found, loss, _whole = read(path)
    assert found == {2: ["after-it", None]}
    assert loss.rows == 1


@given(garbage=st.binary(min_size=100, max_size=4000))
def test_anything_at_all_is_read_without_harm(tmp_path_factory, garbage):
    path = tmp_path_factory.mktemp("db") / "x.db"
    path.write_bytes(b"SQLite format 3\x00\x02\x00" + garbage)
    read(path)


def test_less_than_a_header_is_no_file(tmp_path):
    (tmp_path / "x.db").write_bytes(b"SQLite")
    with pytest.raises(Damaged):
        Pages(tmp_path / "x.db", silent)
