"""Relations, rule tables and the register come in whole; what they name is checked, not lost."""

import pandas as pd
import pytest
import shapely
from helpers.sources import CRS, KEY, LAT, LON, SQUARE_M, layer, project, source, table

from gisapp.core.errors import GisappError
from gisapp.core.identifiers import pseudonym
from gisapp.core.progress import SILENT
from gisapp.core.recipe import Recipe
from gisapp.io.importer import import_layer
from gisapp.io.linker import link_table, unmatched_keys
from gisapp.io.recipe import bring_in

NIK = "3175096201308796"
HOMES = layer("households", geometry=[SQUARE_M.centroid] * 2, id=["H1", "H2"])
STALLS = layer("businesses", geometry=[SQUARE_M.centroid] * 2, id=["B1", "B2"])
ZONES = layer("zoning", geometry=[SQUARE_M], KODSZN_1=["R-1"])
HERE = project(HOMES, STALLS, ZONES)


def kobo(submissions, **columns):
    """The main sheet of a workbook: families, at the same place all of them."""
    n = len(submissions)
    return table("survei", _uuid=list(submissions), _index=[str(i + 1) for i in range(n)],
                 lat=[f"{LAT}"] * n, lon=[f"{LON}"] * n, **columns)  # fmt: skip


def repeat(parents, uuids, businesses):
    """Its repeat group: what the families run."""
    return table("usaha", _index=[str(i + 1) for i in range(len(parents))], id_usaha=businesses,
                 bagian=["0.5"] * len(parents), _parent_index=parents,
                 _parent_table_name=["survei"] * len(parents), _submission__uuid=uuids)  # fmt: skip


def test_a_relation_by_its_keys():
    src = source(table(keluarga=["H1", "H2", "H9"], id_usaha=["B1", "B9", "B9"],
                       bagian=["1", "0,5", "2"]))  # fmt: skip
    made = link_table(HERE, src, "operates")
    assert made.frame["household_id"].tolist() == ["H1", "H2", "H9"]
    assert made.frame["income_share"].tolist()[:2] == [1, 0.5]
    assert made.frame["income_share"].isna().tolist() == [False, False, True]
    assert made.unmatched == 2
    assert unmatched_keys(HERE, made) == {"household_id": ("H9",), "business_id": ("B9",)}
    assert made.report.accepted == made.report.rows_read == 3
    told = "one that is not in the project; it is kept, not used"
    assert f"Household: 1 row names {told}: H9" in made.report.notes
    assert "1 value of Share of income is not possible and is kept as not known." in (
        made.report.notes
    )


def test_columns_of_a_relation_that_are_no_field_are_named():
    src = source(table(keluarga=["H1"], id_usaha=["B1"], catatan=["x"]))
    assert link_table(HERE, src, "operates").report.notes == ("Kept as they are: catatan.",)


def test_codes_are_what_the_user_says():
    rules = source(table(subzone=["R-1"] * 2, kbli_prefix=["47", "56"], permission=["boleh", "X"]))
    recipe = Recipe("rules", "", values={"permission": {"boleh": "I"}})
    made = bring_in(HERE, rules, recipe, SILENT)
    assert made.frame["permission"].tolist() == ["I", "X"]
    assert made.report.mapping["permission:boleh"] == "I"


def test_a_missing_key_is_unmatched_and_a_support_needs_one_only():
    relation = source(table(household=["H1", None], business=[None, "B1"]))
    assert link_table(HERE, relation, "operates").unmatched == 2
    supports = source(table(household=["H1", None, None], business=[None, "B1", None],
                            programme=["PKH"] * 3))  # fmt: skip
    assert link_table(HERE, supports, "supports").unmatched == 1


@pytest.mark.parametrize("id_column", ["_uuid", "id"])
def test_a_kobo_repeat_sheet_finds_its_household(id_column):
    main = kobo(["u1", "u2"], id=["H7", "H8"])
    book = source(main, repeat(["1", "2", "2"], ["u1", "u2", "uuid:u2"], ["B1", "B2", "B1"]))
    homes = import_layer(HERE, book, "households", sheet="survei", fields={"id": id_column})
    made = link_table(HERE.with_layer(homes), book, "operates")
    assert made.frame["household_id"].tolist() == [homes.frame["id"][i] for i in (0, 1, 1)]
    assert made.unmatched == 0


def test_a_repeat_row_whose_submission_disagrees_is_kept_unmatched():
    book = source(kobo(["u1", "u2"]), repeat(["1", "2", "5"], ["u1", "u9", "u3"], ["B1"] * 3))
    homes = import_layer(HERE, book, "households", sheet="survei")
    made = link_table(HERE.with_layer(homes), book, "operates", sheet="usaha")
    assert made.frame["household_id"].tolist() == ["u1", "u9", "u3"]
    assert made.unmatched == 2
    assert sum(note.startswith("1 row's _submission__uuid") for note in made.report.notes) == 1
    assert not any("rows' _submission__uuid" in note for note in made.report.notes)


def test_two_surveys_with_the_same_indices_are_told_apart_by_the_submission():
    one, two = source(kobo(["u1"])), source(kobo(["v1"]))
    both = HERE.without_layer("households")
    for name, src in (("rw1", one), ("rw2", two)):
        both = both.with_layer(import_layer(both, src, "households", name=name))
    made = link_table(both, source(repeat(["1", "1"], ["v1", "u1"], ["B1", "B2"])), "operates")
    assert made.frame["household_id"].tolist() == ["v1", "u1"]
    assert made.unmatched == 0


def test_the_user_may_name_the_household_instead():
    rows = repeat(["1"], ["u1"], ["B1"])
    rows.columns["rumah_tangga"] = ["H2"]
    made = link_table(HERE, source(rows), "operates", fields={"household_id": "rumah_tangga"})
    assert made.frame["household_id"].tolist() == ["H2"]


def test_rules_are_checked_row_by_row():
    src = source(table(subzone=["R-1", "R-1", None, "R-9", "R-1"], permission=list("xIITZ"),
                       kbli_prefix=["56", "", "1", "2", "3"]))  # fmt: skip
    made = link_table(HERE, src, "rules")
    assert made.frame["permission"].tolist() == ["X", "I", "T"]
    assert made.frame["kbli_prefix"].isna().tolist() == [False, True, False]
    assert made.report.reasons == {"unreadable_row": 2}
    assert made.quarantine["row"].tolist() == [3, 5]
    assert unmatched_keys(HERE, made) == {"subzone": ("R-9",)}


def test_the_register_of_provisions():
    src = source(
        table(
            id=["p1", "p2", "p1"],
            instrument=["Perda DKI"] * 3,
            year=["2007"] * 3,
            stance=["-3", "-9", "1"],
            deontic=["prohibit", "?", "permit"],
            quote=["=dilarang", "x", "y"],
        )
    )
    made = link_table(HERE, src, "provisions")
    assert made.frame["id"].tolist() == ["p1", "p2"]
    assert made.frame["stance"].tolist() == [-3, pd.NA]
    assert made.frame["deontic"].tolist() == ["prohibit", "unknown"]
    assert made.frame["quote"].tolist() == ["=dilarang", "x"]
    assert made.report.reasons == {"duplicate_id": 1}


def test_a_personal_number_as_key_meets_its_pseudonym():
    homes = source(table(nik=[NIK], lat=[f"{LAT}"], lon=[f"{LON}"]))
    here = HERE.with_layer(import_layer(HERE, homes, "households", fields={"id": "nik"}))
    supports = source(table(nik=[NIK, NIK], programme=["PKH", "KIP"], nomor=["1", "1"]))
    fields = {"household_id": "nik", "id": "nomor"}
    made = link_table(here, supports, "supports", fields=fields)
    assert made.frame["household_id"].tolist() == [pseudonym(NIK, KEY)]
    assert made.unmatched == 0
    assert made.report.reasons == {"duplicate_id": 1}
    assert pseudonym(NIK, KEY) in made.quarantine["values"].iloc[0]
    assert NIK not in made.frame.to_json() + made.quarantine.to_json() + str(made.report)


@pytest.mark.parametrize(
    ("relation", "columns", "said"),
    [
        ("operates", {"id_usaha": ["B1"]}, "Household"),
        ("supports", {"programme": ["PKH"]}, "Household, Business"),
        ("rules", {"subzone": ["R-1"]}, "Permission"),
        ("provisions", {"pasal": ["25"]}, "Instrument"),
        ("rule", {"subzone": ["R-1"]}, "did you mean rules?"),
        ("operates", {"id_usaha": []}, "no rows"),
    ],
)
def test_what_means_nothing_is_refused_with_a_remedy(relation, columns, said):
    with pytest.raises(GisappError) as error:
        link_table(HERE, source(table(**columns)), relation)
    assert said in error.value.message
    assert error.value.remedy


def test_a_table_of_the_same_name_is_updated_and_that_is_said():
    src = source(table(subzone=["R-1"], permission=["I"]))
    first = link_table(HERE, src, "rules")
    second = link_table(HERE.with_table(first), src, "rules")
    assert second.report.changes["unchanged"] == 1
    assert second.frame is first.frame
    assert any("Updated by id" in note for note in second.report.notes)


def test_a_zone_of_the_older_plan_counts_as_a_subzone():
    old = layer("zoning", "old", geometry=[shapely.box(0, 0, 1, 1)], SUB_ZONA=["R.9"])
    made = link_table(
        HERE.with_layer(old), source(table(subzone=["R.9"], permission=["I"])), "rules"
    )
    assert made.unmatched == 0
    assert HERE.crs == CRS
