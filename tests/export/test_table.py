"""Tables: no cell starts a formula, texts stay texts, nothing is cut in silence."""

import csv
import dataclasses
import json

import openpyxl
import pandas as pd
import pytest
import shapely
from helpers.naughty import NAUGHTY
from helpers.people import people_project

from gisapp.core.errors import GisappError
from gisapp.export import export_project, write
from gisapp.export.rows import CONFLICT_COLUMNS
from gisapp.export.table import FORMULA_STARTS, guarded
from gisapp.privacy.redact import SUBJECT_COLUMNS, redact

FORMULAS = ("=1+1", "+1", "-1+2", "@SUM(A1)", "\t=1", "\r=1", "\0=1", "=cmd|' /C calc'!A0")


@pytest.fixture(scope="module")
def project():
    return people_project(120, 120)


def rows_of(path):
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def export(project, path, what="", preset="internal"):
    return export_project(project, path, preset=preset, what=what, recipient="LBH", lang="en")


def with_names(project, names):
    layer = project.layer("zoning")
    column = pd.array((list(names) * 4)[: len(layer.frame)], "str")
    return project.with_layer(dataclasses.replace(layer, frame=layer.frame.assign(NAMOBJ=column)))


def test_conflicts_have_the_columns_of_the_contract(project, tmp_path):
    export(project, tmp_path / "c.csv")
    rows = rows_of(tmp_path / "c.csv")
    assert tuple(rows[0]) == CONFLICT_COLUMNS
    assert len(rows) == len(project.layer("conflicts").frame)
    assert {row["uncertain"] for row in rows} == {"true", "false"}
    assert {row["stance"] for row in rows} <= {"-1", "-2", "-3"}


def test_the_ledger_names_the_columns_that_left(project, tmp_path):
    written, (record,) = export(project, tmp_path / "c.csv")
    assert written.columns == tuple(f"conflicts.{column}" for column in CONFLICT_COLUMNS)
    assert record.columns == written.columns


def test_a_truth_is_written_the_same_where_another_table_stands_below(project, tmp_path):
    export(project, tmp_path / "c.csv", preset="partner")
    rows = rows_of(tmp_path / "c.csv")
    assert {row["uncertain"] for row in rows} <= {"true", "false", ""}
    assert any(row["uncertain"] for row in rows)


def test_subjects_have_the_columns_of_the_contract(project, tmp_path):
    export(project, tmp_path / "s.csv", "subjects")
    rows = rows_of(tmp_path / "s.csv")
    assert tuple(rows[0]) == SUBJECT_COLUMNS
    assert len(rows) == 240
    assert {row["kind"] for row in rows} == {"businesses", "households"}
    assert all(not row["class"] for row in rows if row["kind"] == "households")


@pytest.mark.parametrize("preset", ["partner", "public"])
def test_subjects_outside_are_counts_by_area(project, tmp_path, preset):
    export(project, tmp_path / "s.csv", "subjects", preset)
    rows = rows_of(tmp_path / "s.csv")
    assert set(rows[0]) == {"id", "kind", "admin_code", "name", "measure", "category", "count"}


@pytest.mark.parametrize("text", FORMULAS)
def test_a_formula_is_text_in_csv(text):
    assert guarded(text) == f"'{text}"


def test_plain_texts_are_not_touched_in_csv():
    assert [guarded(x) for x in ("Warung", "", "1-2", "'quoted")] == [
        "Warung",
        "",
        "1-2",
        "'quoted",
    ]


def test_no_cell_of_a_csv_starts_a_formula(project, tmp_path):
    layer = project.layer("conflicts")
    marked = layer.frame.assign(
        explanation=pd.array((list(FORMULAS) * 200)[: len(layer.frame)], "str")
    )
    changed = project.with_layer(dataclasses.replace(layer, frame=marked))
    export(changed, tmp_path / "c.csv")
    for row in rows_of(tmp_path / "c.csv"):
        for name, cell in row.items():
            assert name in ("stance", "severity") or not cell.startswith(FORMULA_STARTS)


def test_a_workbook_keeps_types_and_has_no_formula(project, tmp_path):
    export(with_names(project, FORMULAS[:4]), tmp_path / "p.xlsx", "project")
    book = openpyxl.load_workbook(tmp_path / "p.xlsx")
    cells = [cell for sheet in book for row in sheet.iter_rows() for cell in row]
    assert not [cell for cell in cells if cell.data_type == "f" or cell.hyperlink]
    names = {cell.value for cell in book["zoning"]["D"]} | {c.value for c in book["zoning"]["C"]}
    assert set(FORMULAS[:4]) <= names
    header = [cell.value for cell in book["conflicts"][1]]
    first = dict(zip(header, book["conflicts"][2], strict=True))
    assert isinstance(first["stance"].value, int)
    assert isinstance(first["uncertain"].value, bool)


def test_a_workbook_says_what_it_is(project, tmp_path):
    export(project, tmp_path / "p.xlsx", "conflicts", "public")
    about = openpyxl.load_workbook(tmp_path / "p.xlsx")["About"]
    told = {row[0].value: row[1].value for row in about.iter_rows()}
    assert told["Edition"] == "public"
    assert "counts below 10 are hidden" in told["Risk"]


def test_a_text_that_a_cell_cannot_hold_is_refused(project, tmp_path):
    changed = with_names(project, ["x" * 32_768])
    with pytest.raises(GisappError, match="zoning, column NAMOBJ, row 1"):
        export(changed, tmp_path / "p.xlsx", "project")
    assert not list(tmp_path.iterdir())


def test_sheet_names_are_ones_that_a_workbook_takes(project, tmp_path):
    layer = project.layer("zoning")
    names = ["a" * 40, "a" * 40 + "b", "[x]:*?/\\'", "History"]
    for name in names:
        project = project.with_layer(dataclasses.replace(layer, name=name))
    export(project, tmp_path / "p.xlsx", "project")
    sheets = openpyxl.load_workbook(tmp_path / "p.xlsx").sheetnames
    assert len(set(sheets)) == len(sheets)
    assert max(map(len, sheets)) <= 31


def test_geojson_is_what_the_standard_says(project, tmp_path):
    export(with_names(project, NAUGHTY[:4]), tmp_path / "m.geojson", "map")
    told = json.loads((tmp_path / "m.geojson").read_text("utf-8"))
    assert told["type"] == "FeatureCollection"
    assert "crs" not in told
    zones = [f for f in told["features"] if f["properties"]["layer"] == "zoning"]
    assert [f["properties"]["NAMOBJ"] for f in zones] == list(NAUGHTY[:4])
    for feature in zones:
        ring = shapely.geometry.shape(feature["geometry"]).exterior
        assert ring.is_ccw
        assert all(abs(x - 106.9) < 0.5 for x, _y in ring.coords)
        assert feature["geometry"]["coordinates"][0][0][0] == round(ring.coords[0][0], 6)


def test_a_geopackage_opens_again_as_a_project(project, tmp_path):
    from gisapp.io.project_file import load_project

    path = tmp_path / "copy.gpkg"
    release = redact(project, "partner", what="project", recipient="LBH")
    write(release, path, lang="en")
    again = load_project(path)
    assert [layer.name for layer in again.layers] == [layer.name for layer in release.layers]
    assert again.key != project.key
    assert again.runs == ()
    assert again.exports == ()
    assert release.risk_statement in again.notice
