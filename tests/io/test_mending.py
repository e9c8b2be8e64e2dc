"""Rows that were not taken in are corrected and taken in, and the report still adds up."""

import json
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
import shapely
from helpers.sources import CRS, KEY, LAT, LON, SQUARE_M, layer, project, source, table
from hypothesis import given, settings
from hypothesis import strategies as st

from gisapp.core.errors import GisappError
from gisapp.core.identifiers import pseudonym
from gisapp.core.project import Project
from gisapp.io.importer import import_layer
from gisapp.io.linker import link_table
from gisapp.io.mending import mend

NIK = "3175096201308796"
HERE = str(LAT), str(LON)
BAD = {"no_location": (None, None), "bad_number": ("-6.3x", str(LON)), "null_island": ("0", "0")}


def survey(rows, **columns):
    """Businesses with these (id, lat, lon)."""
    ids, lat, lon = zip(*rows, strict=True)
    return source(table(kode=list(ids), lat=list(lat), lon=list(lon), **columns))


def bring(src, **options):
    return import_layer(project(), src, "businesses", fields={"id": "kode"}, **options)


def rows_by_id(part):
    frame = pd.DataFrame(part.frame.drop(columns="geometry", errors="ignore"))
    return frame.sort_values("id", ignore_index=True)


def adds_up(report):
    counts = (report.accepted, report.repaired, report.quarantined)
    return sum(counts) == report.rows_read and sum(report.reasons.values()) == report.quarantined


def test_a_corrected_row_is_taken_in_as_mended():
    made = bring(
        survey([("a", *HERE), ("b", "-6.3x", HERE[1])], pekerja=["2", "3"], warna=["x", "y"])
    )
    long_ago = replace(made, report=replace(made.report, rows_changed_at="2020-01-01"))
    mended = mend(project(), long_ago, {2: {"lat": HERE[0]}})
    assert mended.refused == {}
    assert mended.part.report.rows_changed_at > "2020-01-01"
    assert mended.part.frame["id"].tolist() == ["a", "b"]
    assert mended.part.frame["workers"].tolist() == [2, 3]
    assert mended.part.frame["warna"].tolist() == ["x", "y"]
    assert mended.part.frame.dtypes.equals(made.frame.dtypes)
    assert mended.part.frame.crs == CRS
    assert mended.part.report.repairs == {"mended": 1}
    assert mended.part.report.quarantined == 0
    assert adds_up(mended.part.report)
    assert len(made.frame) == 1


def test_a_row_that_is_still_wrong_keeps_its_new_reason():
    made = bring(survey([("a", *HERE), ("b", None, None)]))
    mended = mend(project(), made, {2: {"lat": "-6.9", "lon": "107.6"}})
    assert mended.refused == {2: "outside_area"}
    assert mended.part.frame is made.frame
    assert mended.part.quarantine["reason"].tolist() == ["outside_area"]
    assert json.loads(mended.part.quarantine["values"].iloc[0]) == {"lat": "-6.9", "lon": "107.6"}
    assert adds_up(mended.part.report)


def test_an_id_that_is_taken_stays_refused_and_a_new_one_is_not():
    made = bring(survey([("a", *HERE), ("a", *HERE), ("a", *HERE)]))
    mended = mend(project(), made, {2: {"id": "b"}, 3: {"lat": HERE[0]}})
    assert mended.refused == {3: "duplicate_id"}
    assert mended.part.frame["id"].tolist() == ["a", "b"]


def test_an_id_that_is_a_field_too_is_corrected_as_both():
    box = SQUARE_M.buffer(-10).wkt
    raw = table(kode=["31.1", "31.2", "31.2", "31.2"], nama=list("abcd"), wkt=[box, "x", box, box])
    made = import_layer(Project(key=KEY), source(raw), "admin", crs=CRS, fields={"id": "kode"})
    assert made.report.reasons == {"bad_number": 1, "duplicate_id": 1}
    mended = mend(Project(key=KEY), made, {2: {"wkt": box, "kode": "31.3"}, 4: {"id": "31.4"}})
    assert mended.refused == {}
    assert mended.part.frame["code"].tolist() == ["31.1", "31.2", "31.3", "31.4"]
    assert mended.part.frame["id"].tolist() == ["31.1", "31.2", "31.3", "31.4"]


def test_rows_without_an_id_column_keep_their_number():
    src = source(table(lat=[HERE[0], None], lon=[HERE[1], None], jenis_usaha=["x", "y"]))
    mended = mend(
        project(), import_layer(project(), src, "businesses"), {2: {"lat": HERE[0], "lon": HERE[1]}}
    )
    assert mended.part.frame["id"].tolist() == ["1", "2"]


def test_what_the_reader_could_not_take_apart_stays():
    raw = table(kode=["a"], lat=[HERE[0]], lon=[HERE[1]], unreadable={7: "11 cells"})
    made = bring(source(raw))
    mended = mend(project(), made, {7: {"lat": HERE[0]}})
    assert mended.refused == {7: "unreadable_row"}
    assert mended.part is made


@pytest.mark.parametrize("corrections", [{9: {"lat": "1"}}, {2: {"lad": "1"}}])
def test_rows_and_columns_that_are_not_there_are_refused(corrections):
    made = bring(survey([("a", *HERE), ("b", None, None)]))
    with pytest.raises(GisappError):
        mend(project(), made, corrections)


def test_personal_numbers_stay_pseudonyms_and_those_typed_become_some():
    src = source(table(nik=[NIK, NIK], lat=[HERE[0], None], lon=[HERE[1], None]))
    fields = {"id": "nik"}
    made = import_layer(project(), src, "households", fields=fields)
    assert made.report.reasons == {"duplicate_id": 1}
    other = NIK[:-1] + "7"
    mended = mend(project(), made, {2: {"id": other}})
    assert mended.part.frame["id"].tolist() == [pseudonym(NIK, KEY), pseudonym(other, KEY)]
    first = source(table(nik=[NIK, other], lat=[HERE[0], "x"], lon=list(2 * HERE[1:])))
    made = import_layer(project(), first, "households", fields=fields)
    mended = mend(project(), made, {2: {"lat": HERE[0]}})
    assert mended.part.frame["id"].tolist() == [pseudonym(NIK, KEY), pseudonym(other, KEY)]


def test_a_place_can_be_typed_for_a_source_of_geometries():
    centre = SQUARE_M.centroid
    raw = table(kode=["a", "b"], lantai=[1, 2], geometry=[centre, shapely.Point()], crs=CRS)
    made = bring(source(raw))
    assert made.report.quarantined == 1
    mended = mend(project(), made, {2: {"geometry": "POINT (706400 9299400)"}})
    assert mended.part.frame.geometry.iloc[1].equals(shapely.Point(706_400, 9_299_400))
    assert mended.part.frame["lantai"].tolist() == [1, 2]
    assert mend(project(), made, {2: {"geometry": "nonsense"}}).refused == {2: "unreadable_row"}
    with pytest.raises(GisappError):
        mend(project(), made, {2: {"lantai": "dua"}})


def test_the_row_of_a_table_finds_its_record_when_it_is_mended():
    homes = layer("households", geometry=[SQUARE_M.centroid], id=[pseudonym(NIK, KEY)])
    src = source(table(nik=[NIK, NIK], programme=["PKH", None], no=["1", "1"]))
    rules = source(table(subzone=["R", None], kbli_prefix=["47", "56"], permission=["I", "X"]))
    made = link_table(Project(key=KEY), rules, "rules")
    mended = mend(Project(key=KEY), made, {2: {"subzone": "K"}})
    assert mended.part.frame["subzone"].tolist() == ["R", "K"]
    assert adds_up(mended.part.report)
    into = project(homes)
    made = link_table(into, src, "supports", fields={"household_id": "nik", "id": "no"})
    assert made.report.reasons == {"duplicate_id": 1}
    mended = mend(into, made, {2: {"id": "2"}})
    assert mended.part.frame["household_id"].tolist() == 2 * [pseudonym(NIK, KEY)]
    assert mended.part.unmatched == 0


broken = st.lists(st.sampled_from([None, *BAD]), min_size=2, max_size=8)


@settings(max_examples=25)
@given(broken, st.lists(st.sampled_from(["1", "x", None, " 4"]), min_size=8, max_size=8))
def test_mending_all_is_importing_the_mended_table(reasons, workers):
    places = [HERE if x is None else BAD[x] for x in reasons]
    ids = [f"B{i}" for i in range(len(places))]
    columns = {"pekerja": workers[: len(ids)], "catatan": ids}
    made = bring(survey([(i, *p) for i, p in zip(ids, places, strict=True)], **columns))
    assert adds_up(made.report)
    rows = made.quarantine["row"].tolist()
    mended = mend(
        project(), made, {row: dict(zip(("lat", "lon"), HERE, strict=True)) for row in rows}
    )
    whole = bring(survey([(i, *HERE) for i in ids], **columns))
    assert mended.refused == {}
    pd.testing.assert_frame_equal(rows_by_id(mended.part), rows_by_id(whole))
    assert np.array_equal(
        shapely.get_coordinates(mended.part.frame.geometry),
        shapely.get_coordinates(whole.frame.geometry),
    )
    assert adds_up(mended.part.report)
    assert mended.part.report.rows_read == len(ids)
