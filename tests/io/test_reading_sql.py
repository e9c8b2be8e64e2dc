"""Dumps of databases are read as text: every row, nothing run."""

import pytest
import shapely

from gisapp.io.readers.contents import Unreadable
from gisapp.io.readers.sqltext import read_sql

RING = "[[-6.3,106.8],[-6.4,106.8],[-6.4,106.9],[-6.3,106.8]]"


def read(tmp_path, text):
    path = tmp_path / "t.sql"
    path.write_text(text)
    return read_sql(path, lambda _done, _total: None)


def rows(tmp_path, text):
    (table,) = read(tmp_path, text).tables
    return [list(row.values()) for row in table.columns.to_pylist()]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (r"INSERT INTO t (a, b) VALUES ('it\'s', 'x\ny');", [["it's", "x\ny"]]),
        ("INSERT INTO t (a, b) VALUES ('it''s', 'C:\\\\x');", [["it's", "C:\\x"]]),
        ("-- PostgreSQL database dump\nINSERT INTO public.t VALUES ('C:\\x', E'a\\nb');",
         [["C:\\x", "a\nb"]]),
        ("INSERT INTO `s`.`t` VALUES (1, NULL), (-2, 'b');\nINSERT INTO t VALUES (3, 'c');",
         [["1", None], ["-2", "b"], ["3", "c"]]),
        ('INSERT INTO "t a" ("x y", [z]) VALUES (\'1\'::text, true);', [["1", "true"]]),
        ("REPLACE INTO t (a, b) VALUES (ST_GeomFromText('POINT(1 2)', 4326), 2);",
         [["POINT(1 2)", "2"]]),
        ("INSERT INTO t (a) VALUES ('INSERT INTO u (b) VALUES (1);'), ('x');",
         [["INSERT INTO u (b) VALUES (1);"], ["x"]]),
        ("-- INSERT INTO u (b) VALUES (1);\nINSERT INTO t (a) VALUES ('x');", [["x"]]),
        ("-- INSERT INTO u (b) VALUES\nINSERT INTO t (a) VALUES ('x');", [["x"]]),
        ("# INSERT INTO t VALUES (1); INSERT INTO t VALUES ()\nINSERT INTO t VALUES (3);", [["3"]]),
        ("INSERT INTO t VALUES ('#5'); UPDATE t SET b = '#'; INSERT INTO t VALUES ('--');",
         [["#5"], ["--"]]),
        ("COPY t (a, b) FROM stdin;\n1\tx\x0cy\u2028\n\\.\n", [["1", "x\x0cy\u2028"]]),
        ("COPY t (a) FROM stdin;\n\\.\nINSERT INTO t (a) VALUES ('x');", [["x"]]),
        ("COPY public.t (a, b) FROM stdin;\n1\tx\\ty\n2\t\\N\n\\.\n", [["1", "x\ty"], ["2", None]]),
    ],
)  # fmt: skip
def test_statements_of_any_dump(tmp_path, text, expected):
    assert rows(tmp_path, text) == expected


def test_columns_come_from_the_statement_that_makes_the_table(tmp_path):
    text = (
        "CREATE TABLE IF NOT EXISTS `kel` (\n  `kode` varchar(13) NOT NULL,\n  `nama` text,\n"
        "  PRIMARY KEY (`kode`)\n);\nINSERT INTO `kel` VALUES ('31.75', 'Ciracas');"
    )
    assert read(tmp_path, text).tables[0].columns.to_pylist() == [
        {"kode": "31.75", "nama": "Ciracas"}
    ]


@pytest.mark.parametrize("depth", [0, 1, 2])
@pytest.mark.parametrize("column", ["path", "batas"])
def test_rings_at_any_depth_in_any_column(tmp_path, depth, column):
    nested = "[" * depth + RING + "]" * depth
    table = read(tmp_path, f"INSERT INTO desa (kode,{column}) VALUES ('1','{nested}');").tables[0]
    assert shapely.from_wkb(table.wkb[0].as_py()).bounds == (106.8, -6.4, 106.9, -6.3)
    assert table.columns.column_names == ["kode"]


def test_a_first_number_that_is_no_latitude_is_a_longitude(tmp_path):
    ring = "[[106.8,-6.3],[106.8,-6.4],[106.9,-6.4],[106.8,-6.3]]"
    table = read(tmp_path, f"INSERT INTO desa (path) VALUES ('{ring}');").tables[0]
    assert shapely.from_wkb(table.wkb[0].as_py()).bounds == (106.8, -6.4, 106.9, -6.3)


def test_a_row_of_another_width_is_told_and_the_others_are_kept(tmp_path):
    table = read(tmp_path, f"INSERT INTO t (a,path) VALUES ('1'),('2','{RING}'),('3','[[1]]');")
    (table,) = table.tables
    assert list(table.unreadable) == [1, 3]
    assert table.row_numbers.tolist() == [2]
    assert table.columns.to_pylist() == [{"a": "2"}]


@pytest.mark.parametrize(
    "outline",
    ["[[]]", "[[{}]]", "[[[NaN,106],[1,106],[1,107],[NaN,106]]]", "[[[1,2],[1,3]]]",
     "[[[Infinity,1],[2,1],[2,2],[Infinity,1]],[[1,1],[1,2],[2,2],[1,1]]]"],
)  # fmt: skip
def test_an_outline_that_is_none_is_told(tmp_path, outline):
    sql = f"INSERT INTO t (a,path) VALUES ('1','{outline}'),('2','{RING}');"
    (table,) = read(tmp_path, sql).tables
    assert list(table.unreadable) == [1]
    assert table.columns.to_pylist() == [{"a": "2"}]


def test_what_breaks_off_is_said(tmp_path):
    with pytest.raises(Unreadable, match="breaks off"):
        read(tmp_path, "INSERT INTO t (a) VALUES ('1'),('2")
    with pytest.raises(Unreadable, match="breaks off"):
        read(tmp_path, "COPY t (a) FROM stdin;\n1\n2")
    assert "cut off" in read(tmp_path, "INSERT INTO t (a) VALUES ('1'),").warnings[0]


def test_nothing_is_run(tmp_path):
    text = "DROP TABLE t; ATTACH 'x.db' AS x; INSERT INTO t (a) SELECT load_extension('x');"
    with pytest.raises(Unreadable, match="without rows"):
        read(tmp_path, text)
