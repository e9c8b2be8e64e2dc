"""Recipes that are saved are read again as they were; what is remembered holds nobody's data."""

import stat
import sys

import pytest
from helpers.sources import table

from gisapp.core.errors import GisappError
from gisapp.core.recipe import Recipe
from gisapp.io.folders import data_folder
from gisapp.io.recipes import completed, read_recipe, remember, remembered, write_recipe

NIK = "3175096201308796"
STALLS = Recipe(
    "businesses",
    "survei",
    {"id": "kode", "activity": "jenis", "lat": "lintang", "lon": "bujur", "workers": ""},
    {"form": {"lapak": "pkl"}},
    "stalls",
    "EPSG:4326",
)


@pytest.fixture(autouse=True)
def _own_home(tmp_path, monkeypatch):
    monkeypatch.setenv("GISAPP_HOME", str(tmp_path / "home"))


def raw(*names):
    return table(**{name: ["1", "2"] for name in names})


def test_a_saved_recipe_is_read_as_it_was(tmp_path):
    write_recipe(STALLS, tmp_path / "a.toml")
    assert read_recipe(tmp_path / "a.toml") == STALLS


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ('kind = "businesses"\nfeilds = {}', "fields"),
        ('kind = "busineses"', "businesses"),
        ('kind = "businesses"\n[fields]\nactivty = "x"', "activity"),
        ('kind = "businesses"\n[values.from]\nx = "pkl"', "form"),
        ('kind = "businesses"\n[fields]\nactivity = 3', "activity"),
        ("kind = [", "TOML|Invalid"),
    ],
)
def test_what_is_unknown_is_refused_with_the_nearest(tmp_path, text, said):
    (tmp_path / "a.toml").write_text(text, encoding="utf-8")
    with pytest.raises(GisappError, match=said):
        read_recipe(tmp_path / "a.toml")


def test_what_is_named_now_goes_before_what_was_saved(tmp_path):
    write_recipe(STALLS, tmp_path / "a.toml")
    decided = Recipe("businesses", "", {"x": "e", "y": "n", "id": "no"}, {"form": {"kaki": "pkl"}})
    got = completed(decided, tmp_path / "a.toml")
    assert got.fields == {"id": "no", "activity": "jenis", "workers": "", "x": "e", "y": "n"}
    assert got.values == {"form": {"lapak": "pkl", "kaki": "pkl"}}
    assert (got.table, got.name, got.crs) == ("survei", "stalls", "EPSG:4326")
    with pytest.raises(GisappError, match="not for sites"):
        completed(Recipe("sites", ""), tmp_path / "a.toml")


def test_a_table_is_known_again_whatever_the_order_and_case_of_its_columns():
    remember(raw("kode", "jenis", "lintang", "bujur"), STALLS)
    found = remembered(raw("BUJUR", "Lintang", "jenis", "kode"))
    assert found is not None
    assert (found.likeness, found.missing, found.extra) == (1.0, (), ())
    assert found.recipe.fields["lon"] == "BUJUR"
    assert (found.recipe.table, found.recipe.name) == ("t", "")


def test_a_table_with_some_other_columns_gets_the_nearest():
    remember(raw("kode", "jenis", "lintang", "bujur"), STALLS)
    remember(raw("kode", "jenis", "x", "y"), Recipe("sites", "t"))
    found = remembered(raw("kode", "lintang", "bujur", "warna"))
    assert found is not None
    assert found.recipe.kind == "businesses"
    assert found.likeness == pytest.approx(3 / 5)
    assert (found.missing, found.extra) == (("jenis",), ("warna",))
    assert "activity" not in found.recipe.fields
    assert remembered(raw("a", "b")) is None


def test_the_last_recipe_for_the_same_columns_counts():
    for kind in ("businesses", "sites"):
        remember(raw("kode", "lat", "lon"), Recipe(kind, "t"))
    assert remembered(raw("kode", "lat", "lon")).recipe.kind == "sites"


@pytest.mark.parametrize("spoilt", ["kind = [", 'kind = "sites"\ncolumns = 2', 'kind = "sitse"'])
def test_a_memory_that_was_spoilt_is_none(spoilt):
    remember(raw("kode", "lat"), Recipe("sites", "t"))
    (path,) = (data_folder() / "mappings").iterdir()
    path.write_text(spoilt, encoding="utf-8")
    path.with_name("gone.toml").symlink_to(path.with_name("nowhere"))
    assert remembered(raw("kode", "lat")) is None


def test_nothing_personal_is_remembered():
    values = {"form": {"lapak": "pkl", NIK: "pkl"}, "activity": {"Warung Bu Siti": "Warung"}}
    remember(raw("kode", "bentuk"), Recipe("businesses", "budi", values=values, name="Budi"))
    remember(raw("kode", NIK), Recipe("businesses", "t"))
    folder = data_folder() / "mappings"
    (path,) = folder.iterdir()
    kept = path.read_text(encoding="utf-8")
    assert "lapak" in kept
    for secret in (NIK, "Siti", "budi", "Budi"):
        assert secret not in kept
    if sys.platform != "win32":
        assert [stat.S_IMODE(x.stat().st_mode) for x in (folder, path)] == [0o700, 0o600]
