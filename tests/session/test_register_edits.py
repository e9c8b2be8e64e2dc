"""Edits of the register are pure, keep what they do not name, and are kept in the file."""

import pandas as pd
import pytest
from helpers.policy import project

from gisapp.core.errors import GisappError
from gisapp.io.catalogue import load_catalogue
from gisapp.io.project_file import create_project, load_project, save_project
from gisapp.io.provisions import bundled_provisions, parse_provisions
from gisapp.session.register import put_codings, put_provision, put_provisions, remove_provision
from gisapp.ui.summary import is_stale

ROW = {"id": "P1", "instrument": "Perda", "stance": -2.0, "own": "kept"}


def rows(here, table="provisions"):
    return {row["id"]: row for row in here.tables[table].frame.to_dict("records")}


def test_a_row_takes_the_place_of_the_one_with_its_id():
    before = project(provisions=[ROW, {**ROW, "id": "P2"}])
    after = put_provision({"id": "P1", "stance": 1, "article": "8"})(before)
    assert list(rows(after)) == ["P1", "P2"]
    assert rows(after)["P1"]["own"] == "kept"
    assert (rows(after)["P1"]["stance"], rows(after)["P1"]["article"]) == (1, "8")
    assert rows(before)["P1"]["stance"] == -2
    assert list(rows(put_provision({"id": "P9", "instrument": "UU"})(before))) == ["P1", "P2", "P9"]


def test_an_emptied_field_is_not_known():
    after = put_provision({"id": "P1", "instrument": "Perda", "stance": None, "own": ""})(
        project(provisions=[ROW])
    )
    assert pd.isna(rows(after)["P1"]["stance"])


def test_a_removed_row_is_gone_and_others_stay():
    after = remove_provision("P1")(project(provisions=[ROW, {**ROW, "id": "P2"}]))
    assert list(rows(after)) == ["P2"]
    assert list(after.tables["provisions"].frame.index) == [0]


def test_codings_of_a_provision_are_replaced_and_those_of_others_stay():
    others = [{"id": "C1", "provision_id": "P2", "coder": "A", "stance": 1.0}]
    before = project(provisions=[ROW], codings=others)
    once = put_codings("P1", [{"coder": "A", "stance": 1}, {"coder": "B", "stance": 2}])(before)
    again = put_codings("P1", [{"coder": "B", "stance": -1}])(once)
    frame = again.tables["codings"].frame
    assert frame[["provision_id", "coder", "stance"]].to_numpy().tolist() == [
        ["P2", "A", 1], ["P1", "B", -1],
    ]  # fmt: skip
    assert frame["id"].is_unique


def test_a_register_begun_by_hand_is_saved_and_read_again(tmp_path):
    made = put_provisions(bundled_provisions())(create_project())
    made = put_codings("ma-42-phum-2018", [{"coder": "A", "stance": -2}])(made)
    save_project(made, tmp_path / "p.gpkg")
    read = load_project(tmp_path / "p.gpkg")
    for name in ("provisions", "codings"):
        pd.testing.assert_frame_equal(read.tables[name].frame, made.tables[name].frame)


def test_results_are_out_of_date_after_an_edit():
    from gisapp.analysis.assess import assess
    from gisapp.session.edits import assessed

    here = project(households=[{"id": "H1"}])
    done = assessed(here, assess(here))
    assert not is_stale(done)
    run = done.runs[-1]
    earlier = type(run)(**{**vars(run), "at": "2000-01-01T00:00:00+00:00"})
    done = type(done)(**{**vars(done), "runs": (earlier,)})
    assert not is_stale(done)
    assert is_stale(put_provision(ROW)(done))


# ---------------------------------------------------------------- the register to start from


def test_the_bundled_register_says_what_the_law_at_hand_gives():
    named = {(row["instrument"], row["number"], row["year"]) for row in bundled_provisions()}
    assert {
        ("Perda DKI Jakarta", "8", 2007), ("Pergub DKI Jakarta", "10", 2015), ("UU", "22", 2009),
        ("Permendagri", "41", 2012), ("Perpres", "125", 2012), ("Perda DKI Jakarta", "1", 2014),
        ("Pergub DKI Jakarta", "31", 2022), ("Putusan Mahkamah Agung", "42 P/HUM", 2018),
    } == named  # fmt: skip
    annulled = [row for row in bundled_provisions() if row.get("status") == "annulled"]
    assert [row["article"] for row in annulled] == ["25(1)"]


def test_every_bundled_row_is_illustrative_sourced_in_both_languages_and_applies_to_nothing():
    ids = [row["id"] for row in bundled_provisions()]
    assert len(ids) == len(set(ids))
    for row in bundled_provisions():
        assert row["source"]
        assert row["basis"].startswith(("Illustrative", "On record"))
        assert row["summary"]
        assert row["summary_en"]
        assert not {"quote", "quote_en", "valid_from", "applies_to"} & set(row)
        assert ("stance" in row) == ("coded_by" in row)
        field = load_catalogue().kind("provisions").fields["stance"]
        assert field.minimum <= row.get("stance", 0) <= field.maximum


@pytest.mark.parametrize(
    ("line", "message"),
    [('instrumen = "UU"', "did you mean instrument"), ('status = "valid"', "there is no valid")],
)
def test_a_register_that_says_what_no_field_holds_is_refused(line, message):
    with pytest.raises(GisappError, match=message):
        parse_provisions(f'[[provisions]]\nid = "P1"\n{line}\n')
