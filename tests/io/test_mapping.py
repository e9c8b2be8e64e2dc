"""Columns find their fields; what the user says goes before, and what does not exist is refused."""

import pytest
import shapely
from helpers.sources import source, table

from gisapp.core.errors import GisappError
from gisapp.io.mapping import choose_table, suggest_mapping

SURVEY = table(
    id=["B1", "B2"], nama_usaha=["a", "b"], jenis_usaha=["c", "d"], Bentuk=["pkl", "kios"],
    pekerja=["1", "2"], laba=["1000", "2000"], presisi=["4", "5"], catatan=["x", "y"],
    lat=["-6.3", "-6.3"], lon=["106.8", "106.8"],
)  # fmt: skip


def test_indonesian_columns_find_their_fields():
    found = suggest_mapping(SURVEY, "businesses")
    assert found.fields == {
        "name": "nama_usaha", "activity": "jenis_usaha", "form": "Bentuk", "workers": "pekerja",
        "net_income_idr_month": "laba", "gps_precision_m": "presisi",
    }  # fmt: skip
    assert found.id_column == "id"
    assert found.location.columns == ("lon", "lat")


def test_a_unit_behind_a_name_is_no_part_of_it():
    raw = table(**{"Laba Bersih / Bulan (Rp)": ["1"], "Jml Pekerja (orang)": ["1"]})
    assert suggest_mapping(raw, "businesses").fields == {
        "workers": "Jml Pekerja (orang)", "net_income_idr_month": "Laba Bersih / Bulan (Rp)",
    }  # fmt: skip
    home = table(**{"Pendapatan (Rp/bln)": ["1"]})
    assert suggest_mapping(home, "households").fields == {"income_idr_month": "Pendapatan (Rp/bln)"}


@pytest.mark.parametrize("unit", ["juta Rp", "ribu", "Rp/tahun", "orang"])
def test_what_is_counted_in_another_unit_is_not_taken(unit):
    raw = table(**{f"Laba ({unit})": ["1"]})
    assert suggest_mapping(raw, "businesses").fields == {}


def test_the_user_goes_before_and_takes_the_column_away_from_others():
    found = suggest_mapping(
        SURVEY, "businesses", fields={"name": "jenis_usaha", "id": "nama_usaha", "workers": ""}
    )
    assert found.fields["name"] == "jenis_usaha"
    assert "activity" not in found.fields
    assert "workers" not in found.fields
    assert found.id_column == "nama_usaha"


def test_a_recipe_says_the_mapping_in_the_words_of_the_command_line():
    values = {"form": {"gerobak": "pkl"}}
    recipe = suggest_mapping(SURVEY, "businesses", values=values).recipe()
    assert recipe["id"] == "id"
    assert (recipe["lat"], recipe["lon"]) == ("lat", "lon")
    assert recipe["form:gerobak"] == "pkl"
    named = {k: v for k, v in recipe.items() if ":" not in k}
    assert suggest_mapping(SURVEY, "businesses", fields=named, values=values).recipe() == recipe


def test_names_cut_by_a_shapefile_are_found():
    raw = table(net_income=["1"], gps_precis=["2"], location_k=["pasar"], lat=["1"], lon=["2"])
    assert suggest_mapping(raw, "businesses").fields == {
        "net_income_idr_month": "net_income", "gps_precision_m": "gps_precis",
        "location_kind": "location_k",
    }  # fmt: skip


def test_official_names_are_found_in_any_case():
    raw = table(objectid=["1"], kodszn_1=["R-1"], izn=["a"], geometry=[shapely.box(0, 0, 1, 1)])
    found = suggest_mapping(raw, "zoning")
    assert found.fields == {"KODSZN_1": "kodszn_1", "IZN": "izn"}
    assert found.id_column == "objectid"


@pytest.mark.parametrize(
    ("columns", "kind", "wanted"),
    [
        ({"_uuid": ["u", "u"], "_id": ["1", "2"]}, "households", "_uuid"),
        ({"_id": ["1", "2"]}, "households", "_id"),
        ({"_id": ["1", "1"]}, "households", ""),
        ({"ID": ["1", "1"], "_uuid": ["u", "v"]}, "households", "ID"),
        ({"kode": ["31.75", "31.76"], "gid": ["1", "2"]}, "admin", "kode"),
        ({"kode": ["31.75", "31.75"], "gid": ["1", "2"]}, "admin", "gid"),
        ({"KODE_BLOK": ["1", None], "OBJECTID_1": ["1", "2"]}, "zoning", "OBJECTID_1"),
        ({"catatan": ["1", "2"]}, "businesses", ""),
        ({"id": ["1", "1"], "programme": ["PKH", "KIP"]}, "supports", ""),
        ({"_submission__id": ["1", "2"], "programme": ["PKH", "KIP"]}, "supports", ""),
    ],
)
def test_the_id_column(columns, kind, wanted):
    geometry = None if kind == "supports" else [shapely.box(0, 0, 1, 1)] * 2
    assert suggest_mapping(table(geometry=geometry, **columns), kind).id_column == wanted


@pytest.mark.parametrize(
    ("fields", "values", "said"),
    [
        ({"wrkers": "pekerja"}, {}, "did you mean workers?"),
        ({"workers": "pekrja"}, {}, "did you mean pekerja?"),
        ({"zzz": "pekerja"}, {}, "there are"),
        ({}, {"frm": {"a": "pkl"}}, "did you mean form?"),
        ({}, {"form": {"gerobak": "pkkl"}}, "did you mean pkl?"),
    ],
)
def test_what_does_not_exist_is_refused_naming_the_nearest(fields, values, said):
    with pytest.raises(GisappError) as error:
        suggest_mapping(SURVEY, "businesses", fields=fields, values=values)
    assert said in error.value.message
    assert error.value.remedy


def test_the_only_table_that_fits_is_chosen():
    homes = table("survei", _uuid=["u"], lat=["-6.3"], lon=["106.8"])
    repeat = table("usaha", id_usaha=["B1"], _parent_index=["1"])
    book = source(homes, repeat)
    assert choose_table(book, "households", "", {}) is homes
    assert choose_table(book, "operates", "", {}) is repeat
    assert choose_table(book, "households", "usaha", {}) is repeat
    with pytest.raises(GisappError, match="did you mean usaha"):
        choose_table(book, "households", "usahaa", {})


def test_several_tables_that_fit_are_listed():
    one, two = (table(name, lat=["-6.3"], lon=["106.8"]) for name in ("a", "b"))
    with pytest.raises(GisappError, match="a, b") as error:
        choose_table(source(one, two), "businesses", "", {})
    assert "--sheet" in error.value.remedy


def test_a_source_without_tables_is_refused():
    with pytest.raises(GisappError, match="no table"):
        choose_table(source(), "businesses", "", {})
