"""What an import asks and shows, decided without Qt."""

import geopandas as gpd
import pandas as pd
import pytest
from helpers.sources import CRS, SQUARE_M, layer
from helpers.window import plain_project

from gisapp.core.errors import GisappError
from gisapp.core.layer import ImportReport
from gisapp.core.progress import SILENT
from gisapp.core.project import Project
from gisapp.core.recipe import Recipe
from gisapp.io.catalogue import load_catalogue
from gisapp.io.mapping import mapping_of
from gisapp.io.project_file import create_project
from gisapp.io.recipe import bring_in
from gisapp.io.source import RawTable, Source
from gisapp.io.suggesting import suggested_kind
from gisapp.ui.import_form import (
    MOST_WORDS,
    NO_COLUMN,
    changes_text,
    code_rows,
    counts_text,
    field_rows,
    form_of,
    kind_choices,
    layer_read_from,
    location_note,
    replaces_all,
)


def text(**columns):
    return pd.DataFrame({name: pd.Series(cells, dtype="str") for name, cells in columns.items()})


def a_source(path="data.csv", **columns):
    raw = RawTable("data", text(**columns))
    return Source(path, "CSV", "0" * 64, (raw,)), raw


def rows_of(ask, raw, recipe, *more):
    return ask(raw, mapping_of(raw, recipe), load_catalogue().kind(recipe.kind), *more)


def codes_of(raw, recipe):
    rows, _unknown = rows_of(code_rows, raw, recipe, recipe.values)
    return {row.raw: row.code for row in rows}


STALLS = {
    "kode": ["U1", "U2", "U3", "U1"],
    "lintang": ["-6.3295", "-6.3296", "0", "-6.3297"],
    "bujur": ["106.8713", "106.8714", "0", "106.8715"],
    "jenis_usaha": ["Bengkel", "Penjahit", "Bengkel", "Bengkel"],
    "bentuk": ["kios", "lapak", "kios", "lapak"],
    "laba": ["1.500.000", "n/a", "2.000.000", "1"],
    "warna": ["merah", "biru", "hijau", "putih"],
}


def test_every_kind_and_relation_can_be_chosen():
    names = [name for name, _title in kind_choices()]
    assert {"businesses", "households", "zoning", "evictions", "operates", "rules"} <= set(names)
    assert len(names) == len(set(names))


@pytest.mark.parametrize(
    ("path", "columns", "kind"),
    [
        ("survey.csv", STALLS, "businesses"),
        ("evictions-2026.csv", STALLS, "evictions"),
        ("a.csv", {"subzone": ["R-1"], "kbli_prefix": ["56"], "permission": ["X"]}, "rules"),
        ("a.csv", {"household_id": ["H1"], "business_id": ["U1"], "bagian": ["1"]}, "operates"),
        ("a.csv", {"warna": ["merah"]}, "other"),
    ],
)
def test_the_kind_is_guessed_from_names(path, columns, kind):
    assert suggested_kind(*a_source(path, **columns)) == kind


def test_a_sheet_of_a_workbook_is_not_named_by_the_file():
    stalls = RawTable("survei", text(**STALLS))
    relation = RawTable("usaha", text(_parent_index=["1"], id_usaha=["U1"], bagian=["1"]))
    source = Source("households.xlsx", "XLSX", "0" * 64, (stalls, relation))
    assert suggested_kind(source, stalls) == "businesses"
    assert suggested_kind(source, relation) == "operates"


def test_fields_show_the_column_found_and_what_stands_in_it():
    _source, raw = a_source(**STALLS)
    rows = {row.field: row for row in rows_of(field_rows, raw, Recipe("businesses", "data"))}
    assert (rows["lat"].column, rows["lon"].column) == ("lintang", "bujur")
    assert rows["activity"].column == "jenis_usaha"
    assert rows["activity"].sample == "Bengkel · Penjahit"
    assert rows["workers"].column == NO_COLUMN
    assert rows_of(location_note, raw, Recipe("businesses", "data")) == "places from bujur, lintang"


def test_a_column_can_be_chosen_and_taken_away():
    _source, raw = a_source(**STALLS)
    recipe = Recipe("businesses", "data", {"activity": NO_COLUMN, "schedule": "warna"})
    rows = {row.field: row.column for row in rows_of(field_rows, raw, recipe)}
    assert rows["activity"] == NO_COLUMN
    assert rows["schedule"] == "warna"


def test_words_are_read_as_codes_and_can_be_given_one():
    _source, raw = a_source(**STALLS)
    found = codes_of(raw, Recipe("businesses", "data"))
    assert found == {"kios": "kios", "lapak": "unknown"}
    recipe = Recipe("businesses", "data", values={"form": {"lapak": "pkl"}})
    assert codes_of(raw, recipe) == {"kios": "kios", "lapak": "pkl"}


def test_of_many_words_those_without_a_code_are_shown_first_and_all_are_counted():
    words = [f"jenis {n}" for n in range(50)]
    _source, raw = a_source(id=[str(n) for n in range(150)], bentuk=["kios"] * 100 + words)
    recipe = Recipe("businesses", "data", values={"form": {"jenis 7": "pkl"}})
    rows, unknown = rows_of(code_rows, raw, recipe, recipe.values)
    assert unknown == 49
    assert len(rows) == MOST_WORDS
    assert {row.code for row in rows} == {"unknown", "pkl"}


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({}, ""),
        (
            {"added": 2, "removed": 4},
            (
                "Nothing of what is in the project already is in this file: 2 new, 4 no longer in "
                "the file are taken out. Under another layer name both are kept."
            ),
        ),
        ({"added": 0, "unchanged": 2000}, "It is in the project already: 2,000 as before."),
        (
            {"added": 1, "changed": 2, "unchanged": 3, "removed": 4, "kept": 5},
            (
                "It is in the project already: 1 new, 2 changed, 3 as before, 4 no longer in the "
                "file are taken out, 5 kept as they were. Under another layer name both are kept."
            ),
        ),
    ],
)
def test_what_an_import_would_change_is_said(changes, told):
    report = ImportReport("a.csv", "", "", 0, 0, 0, 0, changes=changes)
    assert changes_text(report) == told


def test_of_a_table_no_other_name_is_offered():
    report = ImportReport("a.csv", "", "", 0, 0, 0, 0, changes={"changed": 2})
    assert changes_text(report, named=False) == "It is in the project already: 2 changed."


@pytest.mark.parametrize(
    ("changes", "all_go"),
    [
        ({}, False),
        ({"added": 5, "removed": 4}, True),
        ({"added": 5, "removed": 4, "unchanged": 1}, False),
        ({"added": 5, "kept": 4}, False),
    ],
)
def test_another_survey_in_the_place_of_one_is_noticed(changes, all_go):
    assert replaces_all(ImportReport("a.csv", "", "", 0, 0, 0, 0, changes=changes)) is all_go


def test_the_layer_read_from_such_columns_is_found_whatever_its_name():
    source, raw = a_source(**STALLS)
    project = create_project()
    assert layer_read_from(raw, "businesses", project) == ""
    made = bring_in(project, source, Recipe("businesses", "data", name="stalls"), SILENT)
    project = project.with_layer(made)
    assert layer_read_from(raw, "businesses", project) == "stalls"
    assert layer_read_from(a_source(kode=["a"], warna=["x"])[1], "businesses", project) == ""
    plain = bring_in(project, source, Recipe("businesses", "data"), SILENT)
    assert layer_read_from(raw, "businesses", project.with_layer(plain)) == ""


def test_the_preview_is_the_import():
    source, _raw = a_source(**STALLS)
    recipe = Recipe(
        "businesses", "data", {"id": "kode"}, {"form": {"lapak": "pkl"}}, "stalls", "EPSG:4326"
    )
    made = bring_in(create_project(), source, recipe, SILENT)
    report = made.report
    assert made.name == "stalls"
    assert made.frame["id"].tolist() == ["U1", "U2"]
    assert made.frame["form"].tolist() == ["kios", "pkl"]
    assert dict(report.reasons) == {"null_island": 1, "duplicate_id": 1}
    assert report.accepted + report.repaired + report.quarantined == report.rows_read == 4
    assert counts_text(report).startswith("4 rows read")
    assert "(its id was already taken: 1; at 0, 0: 1)" in counts_text(report)


def test_what_cannot_be_read_says_how_to_mend_it():
    source, _raw = a_source(**{**STALLS, "lintang": STALLS["warna"], "bujur": STALLS["warna"]})
    with pytest.raises(GisappError) as refused:
        bring_in(plain_project(), source, Recipe("nonsense", "data"), SILENT)
    assert refused.value.remedy


def test_a_relation_is_linked():
    source, _raw = a_source(
        household_id=["H1", "H9"], business_id=["B1", "B2"], bagian=["1", "0,5"]
    )
    made = bring_in(plain_project(), source, Recipe("operates", "data"), SILENT)
    assert len(made.frame) == 2
    assert made.unmatched == 1


@pytest.mark.parametrize(
    ("areas", "crs", "said"),
    [
        (1, "", "EPSG:23834, by the project's area"),
        (1, "EPSG:32748", "EPSG:32748"),
        (0, "", "no CRS"),
    ],
)
def test_the_crs_that_the_area_settles_is_said_to_be_so(areas, crs, said):
    here = gpd.points_from_xy([706_100.0] * 3, [9_299_200.0] * 3, crs=CRS)
    x, y = here.to_crs("EPSG:23834").x, here.to_crs("EPSG:23834").y
    source, raw = a_source(id=["a", "b", "c"], x=list(map(str, x)), y=list(map(str, y)))
    given = Project(crs=CRS, layers=(layer("admin", geometry=[SQUARE_M]),) * areas)
    found = form_of(given, source, raw, Recipe("businesses", "", crs=crs))
    assert said in found.found.split(" · ")
