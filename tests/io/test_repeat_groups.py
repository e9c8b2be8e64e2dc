"""Repeat groups of any export find their household: nested, without indices, by ODK's keys."""

import zipfile

import pytest
from helpers.sources import LAT, LON, SQUARE_M, layer, project, source, table

from gisapp.io.importer import import_layer
from gisapp.io.kobo import at_root
from gisapp.io.linker import link_table
from gisapp.io.mapping import suggest_mapping
from gisapp.io.reading import read_source

HERE = project(layer("businesses", geometry=[SQUARE_M.centroid] * 3, id=["B1", "B2", "B3"]))


def families(**columns):
    n = len(next(iter(columns.values())))
    return table("survei", lat=[f"{LAT}"] * n, lon=[f"{LON}"] * n, **columns)


def kobo_group(name, parent, index, parents, **columns):
    n = len(parents)
    return table(name, _index=index, _parent_index=parents, _parent_table_name=[parent] * n,
                 **columns)  # fmt: skip


def linked(book, **options):
    homes = import_layer(HERE, book, "households", sheet="survei")
    return link_table(HERE.with_layer(homes), book, "operates", **options)


def test_a_group_within_a_group_points_at_its_form():
    main = families(_uuid=["u1", "u2"], _index=["1", "2"])
    members = kobo_group("anggota", "survei", ["1", "2", "3"], ["1", "2", "2"])
    stalls = kobo_group("usaha", "anggota", ["1", "2"], ["3", "1"], id_usaha=["B1", "B2"],
                        _submission__uuid=["u2", "u1"])  # fmt: skip
    rows = at_root(stalls, (main, members, stalls)).columns
    assert rows["_parent_index"].tolist() == ["2", "1"]
    assert rows["_parent_table_name"].tolist() == ["survei", "survei"]
    made = linked(source(main, members, stalls), sheet="usaha")
    assert made.frame["household_id"].tolist() == ["u2", "u1"]
    assert made.unmatched == 0


def test_groups_that_point_in_a_circle_end():
    a = kobo_group("a", "b", ["1"], ["1"])
    b = kobo_group("b", "a", ["1"], ["1"])
    assert len(at_root(a, (a, b)).columns) == 1


@pytest.mark.parametrize("turned", [False, True])
def test_an_index_that_two_forms_count_says_nothing_without_a_submission(turned):
    forms = [source(families(_uuid=[u], _index=["1"])) for u in ("u1", "v1")]
    homes = [
        import_layer(HERE, form, "households", name=name)
        for name, form in zip("ab", forms, strict=True)
    ]
    here = HERE.with_layer(homes[turned]).with_layer(homes[not turned])
    for uuids, expected in (({}, "1"), ({"_submission__uuid": ["v1"]}, "v1")):
        group = kobo_group("usaha", "survei", ["1"], ["1"], id_usaha=["B1"], **uuids)
        made = link_table(here, source(group), "operates")
        assert made.frame["household_id"].tolist() == [expected]
        assert made.unmatched == (expected == "1")


def test_the_submission_alone_is_enough_where_households_have_no_index():
    book = source(
        families(_uuid=["u1", "u2"]),
        kobo_group("usaha", "survei", ["1", "2", "3"], ["1", "2", "3"],
                   id_usaha=["B1", "B2", "B3"], _submission__uuid=["u2", "uuid:u1", "u9"]),
    )  # fmt: skip
    made = linked(book, sheet="usaha")
    assert made.frame["household_id"].tolist() == ["u2", "u1", "u9"]
    assert made.unmatched == 1


@pytest.mark.parametrize("key", ["KEY", "meta-instanceID", "meta/instanceID"])
def test_odk_keys_nested_too(key):
    book = source(
        families(**{key: ["uuid:u1", "uuid:u2"]}),
        table("survei-usaha", id_usaha=["B1", "B2"], PARENT_KEY=["uuid:u2", "uuid:u1/anggota[1]"],
              KEY=["uuid:u2/usaha[1]", "uuid:u1/anggota[1]/usaha[1]"]),
    )  # fmt: skip
    made = linked(book, sheet="survei-usaha")
    assert made.frame["household_id"].tolist() == ["uuid:u2", "uuid:u1"]
    assert made.unmatched == 0


def test_an_archive_of_odk_central(tmp_path):
    path = tmp_path / "survey.csv.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr(
            "survei.csv",
            "SubmissionDate,anggota,gps-Latitude,gps-Longitude,gps-Altitude,gps-Accuracy,KEY\n"
            f"2026-11-01T00:00:00Z,4,{LAT},{LON},1,5,uuid:a\n",
        )
        archive.writestr(
            "survei-usaha.csv",
            "id_usaha,bagian,PARENT_KEY,KEY\nB1,0.5,uuid:a,uuid:a/usaha[1]\n",
        )
    book = read_source(path)
    assert [x.name for x in book.tables] == ["survei", "survei-usaha"]
    made = linked(book)
    assert made.frame[["household_id", "income_share"]].values.tolist() == [["uuid:a", 0.5]]
    assert made.unmatched == 0


@pytest.mark.parametrize("name", ["id_usaha", "ID Usaha", "kode_usaha", "No", "No. Urut", "KEY"])
def test_ids_by_other_names(name):
    ids = [f"X{i}" for i in range(20)] + ["X0"]
    raw = table(**{"jenis_usaha": ["warung"] * 21, name: ids})
    assert suggest_mapping(raw, "businesses").id_column == name


def test_what_repeats_is_no_id():
    assert suggest_mapping(table(kode_kelurahan=["a", "a", "b"]), "businesses").id_column == ""
