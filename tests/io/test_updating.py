"""Importing again: by id, nothing lost in silence, and what did not change is not touched."""

from dataclasses import replace

import pandas as pd
import pytest
from helpers.sources import CRS, LAT, LON, project, source, table
from hypothesis import given, settings
from hypothesis import strategies as st

from gisapp.core.errors import GisappError
from gisapp.core.style import Style
from gisapp.io.importer import import_layer
from gisapp.io.linker import link_table
from gisapp.io.mending import mend

HERE, THERE = (str(LAT), str(LON)), (str(LAT - 0.001), str(LON))
NOWHERE = None, None


def survey(rows, ids=True, **columns):
    """Businesses with these (id, place, workers)."""
    names, places, workers = zip(*rows, strict=True)
    lat, lon = zip(*places, strict=True)
    given_ids = {"kode": list(names)} if ids else {}
    return source(
        table(**given_ids, lat=list(lat), lon=list(lon), pekerja=list(workers), **columns)
    )


def bring(rows, into=None, **options):
    ids = options.pop("ids", True)
    columns = options.pop("columns", {})
    fields = {"id": "kode"} if ids else {}
    return import_layer(
        into or project(), survey(rows, ids, **columns), "businesses", fields=fields, **options
    )


def again(earlier, rows, **options):
    return bring(rows, project().with_layer(earlier), **options)


def counts(part):
    return {name: n for name, n in part.report.changes.items() if n}


ROWS = [("a", HERE, "1"), ("b", THERE, None), ("c", HERE, "3")]


def test_the_same_file_again_changes_nothing_and_keeps_the_frame():
    first = bring(ROWS)
    assert first.report.changes == {}
    second = again(first, ROWS[::-1])
    assert counts(second) == {"unchanged": 3}
    assert second.frame is first.frame


def test_when_the_rows_changed_is_not_when_they_were_read_again():
    first = bring(ROWS)
    assert first.report.rows_changed_at == first.report.imported_at
    before = "2020-01-01T00:00:00+00:00"
    old = replace(first, report=replace(first.report, imported_at=before, rows_changed_at=""))
    assert again(old, ROWS).report.rows_changed_at == before
    changed = again(old, [*ROWS[:2], ("c", HERE, "4")]).report
    assert changed.rows_changed_at == changed.imported_at > before


def test_rows_are_added_changed_and_removed():
    first = bring(ROWS)
    second = again(first, [("a", THERE, "1"), ("b", THERE, "2"), ("d", HERE, "1")])
    assert counts(second) == {"added": 1, "changed": 2, "removed": 1}
    assert second.frame["id"].tolist() == ["a", "b", "d"]
    assert second.frame.index.tolist() == [0, 1, 2]


def test_rows_that_are_gone_can_be_kept():
    second = again(bring(ROWS), [("a", HERE, "1")], keep_missing=True)
    assert counts(second) == {"unchanged": 1, "kept": 2}
    third = again(second, [("a", HERE, "9")], keep_missing=True)
    assert counts(third) == {"changed": 1, "kept": 2}
    assert sorted(third.frame["id"]) == ["a", "b", "c"]
    assert third.frame.crs == CRS
    assert third.report.kept == ()


def test_a_row_that_is_refused_now_stays_as_it_was_and_can_be_mended():
    first = bring(ROWS)
    second = again(first, [("a", HERE, "1"), ("b", NOWHERE, "7"), ("c", HERE, "3")])
    assert counts(second) == {"unchanged": 2, "kept": 1}
    assert second.frame is first.frame
    assert second.report.kept == ("b",)
    assert any("stays as it was: b" in note for note in second.report.notes)
    mended = mend(project(), second, {2: {"lat": HERE[0], "lon": HERE[1]}})
    assert mended.refused == {}
    assert counts(mended.part) == {"changed": 1, "unchanged": 2}
    workers = mended.part.frame.set_index("id")["workers"]
    assert workers["b"] == 7
    assert len(workers) == 3


def test_what_was_mended_survives_the_same_file():
    rows = [*ROWS, ("d", NOWHERE, "4")]
    mended = mend(project(), bring(rows), {4: {"lat": HERE[0], "lon": HERE[1]}}).part
    second = again(mended, rows)
    assert counts(second) == {"unchanged": 3, "kept": 1}
    assert second.frame is mended.frame


def test_the_user_s_style_title_and_plan_stay():
    own = replace(bring(ROWS), style=Style("mine", ()), title="Warung", visible=False)
    second = again(own, [("a", THERE, "1")])
    assert (second.style, second.title, second.visible) == (own.style, "Warung", False)


def test_columns_may_come_and_go():
    first = bring(ROWS, columns={"warna": ["x", None, "y"]})
    second = again(first, ROWS, columns={"rasa": ["m", None, None]})
    assert counts(second) == {"changed": 2, "unchanged": 1}
    assert {"rasa"} == set(second.frame) - set(bring(ROWS).frame)
    third = again(first, ROWS[:1], keep_missing=True)
    assert third.frame.set_index("id")["warna"].loc["c"] == "y"


def test_rows_without_ids_are_compared_by_their_number_and_that_is_said():
    first = bring(ROWS, ids=False)
    second = again(first, ROWS[1:], ids=False)
    assert second.report.changes["removed"] == 1
    assert any("by their number" in note for note in second.report.notes)
    other = again(first, ROWS)
    assert counts(other) == {"added": 3, "removed": 3}
    assert any("most of them count" in note for note in other.report.notes)


def test_a_layer_of_another_kind_is_replaced_where_that_is_said():
    into = project().with_layer(bring(ROWS))
    with pytest.raises(GisappError, match="holds Informal businesses, not Candidate") as error:
        import_layer(into, survey(ROWS), "sites", name="businesses")
    assert "--replace" in error.value.remedy
    made = import_layer(into, survey(ROWS), "sites", name="businesses", replace=True)
    assert made.report.changes == {}
    assert "replaced" in made.report.notes[0]


def test_tables_too():
    rules = {"subzone": ["R", "K"], "kbli_prefix": ["47", "56"], "permission": ["I", "X"]}
    first = link_table(
        project(), source(table(no=["1", "2"], **rules)), "rules", fields={"id": "no"}
    )
    into = project().with_table(first)
    changed = {**rules, "permission": ["I", "T"]}
    second = link_table(into, source(table(no=["1", "2"], **changed)), "rules", fields={"id": "no"})
    assert counts(second) == {"changed": 1, "unchanged": 1}


places = st.sampled_from([HERE, THERE, NOWHERE])
workers = st.sampled_from(["1", "2", None, "x"])
names = st.sampled_from("abcdef")
surveys = st.lists(st.tuples(names, places, workers), min_size=1, max_size=8).filter(
    lambda rows: any(place != NOWHERE for _name, place, _n in rows)
)


@settings(max_examples=40)
@given(surveys, surveys, st.booleans())
def test_what_changed_adds_up(before, after, keep):
    first, fresh = bring(before), bring(after)
    made = again(first, after, keep_missing=keep)
    n = made.report.changes
    assert n["added"] + n["changed"] + n["unchanged"] == len(fresh.frame)
    assert n["changed"] + n["unchanged"] + n["removed"] + n["kept"] == len(first.frame)
    assert len(made.frame) == len(fresh.frame) + n["kept"]
    assert made.frame["id"].is_unique
    report = made.report
    assert report.accepted + report.repaired + report.quarantined == report.rows_read == len(after)
    rows = pd.DataFrame(made.frame.drop(columns="geometry")).set_index("id")
    wanted = pd.DataFrame(fresh.frame.drop(columns="geometry")).set_index("id")
    pd.testing.assert_frame_equal(rows.loc[wanted.index], wanted)
    twice = again(made, after, keep_missing=keep)
    assert twice.frame is made.frame
    assert twice.report.changes["unchanged"] == len(fresh.frame)
