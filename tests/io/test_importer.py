"""A source becomes a layer; nothing is lost, nothing is guessed, and the report adds up."""

import json
from collections import Counter
from dataclasses import replace

import geopandas as gpd
import numpy as np
import pytest
import shapely
from helpers.sources import CRS, KEY, LAT, LON, SQUARE_M, layer, project, source, table
from hypothesis import given, settings
from hypothesis import strategies as st

from gisapp.core.errors import GisappError
from gisapp.core.identifiers import pseudonym
from gisapp.core.progress import SILENT
from gisapp.core.project import Project
from gisapp.io.importer import import_layer
from gisapp.io.locations import LOCATION_NAMES
from gisapp.io.mapping import suggest_mapping
from gisapp.io.understanding import understand

NIK = "3175096201308796"
PLACES = {
    "": (f"{LAT}", f"{LON}"),
    "axes_swapped": (f"{LON}", f"{LAT}"),
    "decimal_comma": (f"{LAT}".replace(".", ","), f"{LON}".replace(".", ",")),
    "no_location": (None, None),
    "null_island": ("0", "0"),
    "outside_area": ("-6.9", "107.6"),
    "bad_number": ("-6.3x", f"{LON}"),
}
REPAIRS = {"axes_swapped", "decimal_comma"}


def survey(places, ids=None, **columns):
    """Businesses, one for each of `places` (keys of PLACES)."""
    ids = ids or [f"B{i}" for i in range(len(places))]
    lat, lon = zip(*(PLACES[p] for p in places), strict=True)
    return source(table("survey", id=list(ids), lat=list(lat), lon=list(lon), **columns))


def bring(src, kind="businesses", into=None, **options):
    return import_layer(into or project(), src, kind, **options)


def test_every_row_is_accepted_repaired_or_quarantined():
    made = bring(survey(list(PLACES)))
    report = made.report
    assert (report.rows_read, report.accepted, report.repaired, report.quarantined) == (7, 1, 2, 4)
    assert report.repairs == {"axes_swapped": 1, "decimal_comma": 1}
    assert report.reasons == dict.fromkeys(
        ("bad_number", "no_location", "null_island", "outside_area"), 1
    )
    assert made.quarantine["row"].tolist() == [4, 5, 6, 7]
    assert made.quarantine["id"].tolist() == ["B3", "B4", "B5", "B6"]
    assert json.loads(made.quarantine["values"].iloc[3]) == {"lat": "-6.3x", "lon": f"{LON}"}
    assert made.frame.crs == CRS
    assert made.frame.index.tolist() == [0, 1, 2]
    assert "the admin layer" in report.notes[-1]


rows = st.lists(
    st.tuples(st.sampled_from(["a", "b", "c", "d", None]), st.sampled_from(sorted(PLACES))),
    min_size=1,
    max_size=12,
)


@settings(max_examples=30)
@given(rows)
def test_no_row_is_lost_and_the_report_adds_up(given_rows):
    ids, places = zip(*given_rows, strict=True)
    src = survey(places, ids)
    read = understand(
        project(), src.tables[0], "businesses", suggest_mapping(src.tables[0], "businesses")
    )
    assert sorted([*read.rows, *read.quarantine["row"]]) == list(range(1, len(ids) + 1))
    assert read.frame["id"].is_unique
    for row, words in zip(read.rows, read.repairs, strict=True):
        assert words == (places[row - 1] if places[row - 1] in REPAIRS else "")
    for row, reason in zip(read.quarantine["row"], read.quarantine["reason"], strict=True):
        assert reason in (places[row - 1], "duplicate_id")
    report = bring(src).report
    assert report.accepted + report.repaired + report.quarantined == report.rows_read == len(ids)
    assert sum(report.reasons.values()) == report.quarantined
    assert sum(report.repairs.values()) == report.repaired


@settings(max_examples=30)
@given(rows, st.randoms(use_true_random=False))
def test_which_ids_come_in_does_not_depend_on_the_order_of_the_rows(given_rows, random):
    shuffled = random.sample(given_rows, len(given_rows))
    named = [[(i, p) for i, p in x if i is not None] for x in (given_rows, shuffled)]
    if named[0]:
        one, other = (
            bring(survey([p for _, p in x], [i for i, _ in x])).frame["id"] for x in named
        )
        assert sorted(one) == sorted(other)


def test_the_first_row_with_an_id_is_kept():
    made = bring(survey(["", "", "bad_number"], ["B1", "B1", "B1"], nama_usaha=["a", "b", "c"]))
    assert made.frame["name"].tolist() == ["a"]
    assert made.report.reasons == {"duplicate_id": 2}


def test_a_household_without_a_place_is_accepted_without_one():
    made = bring(survey(["", "no_location", "null_island"]), "households")
    assert made.frame.geometry.isna().tolist() == [False, True]
    assert made.report.reasons == {"null_island": 1}
    homes = bring(source(table(_uuid=["u"], anggota=["4"])), "households")
    assert homes.frame["members"].tolist() == [4]
    assert homes.frame.geometry.isna().all()


def test_rows_the_reader_could_not_read_are_quarantined_with_their_number():
    raw = table(id=["a", "b"], lat=[f"{LAT}"] * 2, lon=[f"{LON}"] * 2, unreadable={2: "11 cells"},
                rows=np.array([1, 3]))  # fmt: skip
    made = bring(source(raw))
    assert made.report.rows_read == 3
    assert made.report.reasons == {"unreadable_row": 1}
    assert made.quarantine["row"].tolist() == [2]
    assert "11 cells" in made.quarantine["values"].iloc[0]


def test_a_geometry_that_cannot_be_decoded_is_an_unreadable_row():
    raw = table(geometry=[SQUARE_M.centroid, SQUARE_M.centroid], crs=CRS, id=["a", "b"])
    broken = replace(raw, geometry=np.array([raw.geometry[0], b"\x01\x02rubbish"], dtype=object))
    assert bring(source(broken)).report.reasons == {"unreadable_row": 1}
    wkt = table(id=["a", "b"], w=["POINT (706500 9299500)", "POINT (706500"])
    assert bring(source(wkt), crs=CRS).report.reasons == {"bad_number": 1}


def test_all_fields_are_there_and_other_columns_follow_as_they_came():
    made = bring(survey([""], Catatan=["sepi"], workers_raw=["x"], pekerja=["2"], workers=["9"]),
                 fields={"workers": "pekerja"})  # fmt: skip
    frame = made.frame
    assert list(frame.columns[:3]) == ["id", "name", "activity"]
    assert list(frame.columns[-4:]) == ["Catatan", "workers_raw", "workers_raw_raw", "geometry"]
    assert frame["workers"].tolist() == [2]
    assert frame["workers_raw_raw"].tolist() == ["9"]
    assert frame.dtypes["workers"] == "Int64"
    assert frame.dtypes["net_income_idr_month"] == "float64"
    assert frame.dtypes["form"] == "str"


def test_official_columns_exist_only_where_the_source_has_them():
    raw = table(geometry=[SQUARE_M], crs=CRS, SUB_ZONA=["R.1"], DIIZINKAN=["Warung; Toko"])
    made = bring(source(raw), "zoning")
    assert {"SUB_ZONA", "DIIZINKAN"} <= set(made.frame.columns)
    assert "KODSZN_1" not in made.frame.columns
    assert made.plan == "zoning"


def test_a_plan_is_named_by_its_column_and_two_are_refused():
    raw = table(geometry=[SQUARE_M] * 2, crs=CRS, plan=["RDTR 2014", "RDTR 2014"])
    assert bring(source(raw), "zoning", name="old").plan == "RDTR 2014"
    mixed = table(geometry=[SQUARE_M] * 2, crs=CRS, plan=["RDTR 2014", "RDTR 2022"])
    with pytest.raises(GisappError, match="several plans"):
        bring(source(mixed), "zoning")


def test_personal_columns_come_in_nowhere():
    made = bring(survey(["", "bad_number"], nama=["Sri", "Ani"], nik=[NIK, NIK],
                        catatan=["ok", f"nik {NIK}"]))  # fmt: skip
    everything = made.frame.to_json() + made.quarantine.to_json() + str(made.report)
    assert NIK not in everything
    assert "Sri" not in everything
    assert "Left out because they identify a person: nama, nik, catatan." in made.report.notes


def test_columns_that_are_no_field_are_named_as_they_are_in_the_layer():
    made = bring(survey([""], catatan=["sepi"], pekerja=["2"], workers=["9"]),
                 fields={"workers": "pekerja"})  # fmt: skip
    assert made.report.notes[-1] == "Kept as they are: catatan, workers_raw."
    assert {"catatan", "workers_raw"} <= set(made.frame.columns)
    assert bring(survey([""])).report.notes == ()


def test_of_many_columns_that_are_no_field_some_are_named():
    made = bring(survey([""], **{f"c{n}": ["x"] for n in range(11)}))
    assert made.report.notes[-1] == "Kept as they are: c0, c1, c2, c3, c4, c5, c6, c7 and 3 more."


def test_of_no_kind_every_column_is_kept_without_a_word():
    made = bring(survey([""], catatan=["sepi"]), "other")
    assert "catatan" in made.frame
    assert made.report.notes == ()


NIKS = [f"{NIK[:-1]}{n}" for n in range(3)]


def keyed(**columns):
    """Businesses without an id; the second's place cannot be read."""
    places = {"lat": [f"{LAT}", "x", f"{LAT}"], "lon": [f"{LON}"] * 3}
    return source(table("survey", **places, **columns))


def test_a_personal_number_that_could_be_the_id_is_pointed_out_and_can_be():
    src = keyed(hp=[f"08123456789{n}" for n in range(3)], **{"No KK": NIKS})
    made = bring(src)
    (hint,) = [note for note in made.report.notes if "--map" in note]
    assert hint.startswith("No KK, which was left out, has another number in every row")
    assert "--map 'id=No KK')" in hint
    taken = bring(src, fields={"id": "No KK"})
    assert taken.frame["id"].tolist() == [pseudonym(NIKS[0], KEY), pseudonym(NIKS[2], KEY)]
    assert not any("--map" in note for note in taken.report.notes)
    for report in (made.report, taken.report):
        assert report.accepted + report.repaired + report.quarantined == report.rows_read == 3


@pytest.mark.parametrize(
    "columns",
    [
        {"nik": [NIKS[0], NIKS[0], NIKS[1]]},
        {"nik": [NIKS[0], None, NIKS[1]]},
        {"nama": ["Sri", "Ani", "Budi"]},
        {"foto": ["1.jpg", "2.jpg", "3.jpg"]},
        {"kode": ["a", "b", "c"], "nik": NIKS},
    ],
)
def test_what_could_not_be_the_id_or_need_not_be_is_not_pointed_out(columns):
    made = bring(keyed(**columns))
    assert any("Left out" in note for note in made.report.notes)
    assert not any("--map" in note for note in made.report.notes)


def test_an_id_that_is_a_personal_number_is_hidden_everywhere():
    made = bring(survey(["", "bad_number"], [NIK, NIK[:-1] + "7"]))
    assert made.frame["id"].tolist() == [pseudonym(NIK, KEY)]
    assert NIK[:-1] not in made.frame.to_json() + made.quarantine.to_json()


def test_a_personal_number_in_a_coordinate_is_not_quarantined_in_clear():
    src = source(table(id=["a"], lat=[NIK], lon=[f"{LON}"]))
    assert NIK not in bring(src).quarantine.to_json()


def test_numbers_that_are_none_are_missing_and_codes_that_are_none_unknown():
    made = bring(survey(["", ""], pekerja=["banyak", "2"], bentuk=["gerobak", "pkl"]))
    assert made.frame["workers"].isna().tolist() == [True, False]
    assert made.frame["form"].tolist() == ["unknown", "pkl"]
    assert made.report.accepted == 2
    assert len(made.report.notes) == 2


def test_blanks_around_an_id_or_a_field_are_a_repair():
    made = bring(survey(["", ""], [" B1", "B2"], bentuk=["pkl", "pkl"], catatan=["x ", " y "]))
    assert made.frame["id"].tolist() == ["B1", "B2"]
    assert made.report.repairs == {"trimmed": 1}
    assert made.frame["catatan"].tolist() == ["x ", " y "]


def test_a_kobo_geopoint_in_one_column_gives_place_and_precision():
    made = bring(source(table(_uuid=["u"], rumah=[f"{LAT} {LON} 30 14.2"])), "households")
    assert made.frame["gps_precision_m"].tolist() == [14.2]
    assert "rumah" not in made.frame
    assert SQUARE_M.contains(made.frame.geometry[0])


@pytest.mark.parametrize("name", LOCATION_NAMES)
def test_location_columns_do_not_stay_as_attributes(name):
    texts = {"geopoint": f"{LAT} {LON}", "wkt": f"POINT ({LON} {LAT})",
             "geojson": f'{{"type": "Point", "coordinates": [{LON}, {LAT}]}}'}  # fmt: skip
    if name in texts:
        columns, fields = {"tempat": [texts[name]]}, {name: "tempat"}
    else:
        x, y = ("lon", "lat") if name in ("lat", "lon") else ("x", "y")
        columns, fields = {"a": [f"{LON}"], "b": [f"{LAT}"]}, {x: "a", y: "b"}
    made = bring(source(table(id=["1"], **columns)), fields=fields)
    assert SQUARE_M.contains(made.frame.geometry[0])
    assert not set(columns) & set(made.frame.columns)
    assert made.report.source_crs == "EPSG:4326"


def test_a_declared_crs_is_no_repair():
    point = gpd.GeoSeries([SQUARE_M.centroid], crs=CRS).to_crs("EPSG:3857")
    made = bring(source(table(geometry=list(point), crs="EPSG:3857", id=["a"])))
    assert made.report.accepted == 1
    assert made.frame.geometry[0].distance(SQUARE_M.centroid) < 0.01


@pytest.mark.parametrize("told", ["EPSG:4326", "not a CRS at all"])
def test_a_named_crs_goes_before_the_sources_and_that_is_said(told):
    raw = table(geometry=[SQUARE_M.centroid], crs=told, id=["a"])
    made = bring(source(raw), crs=CRS)
    assert made.frame.geometry[0].equals(SQUARE_M.centroid)
    assert "another CRS" in made.report.notes[0]


@pytest.mark.parametrize(
    ("src", "kind", "options", "said"),
    [
        (source(table(id=[])), "businesses", {}, "no rows"),
        (source(table(**{f"c{n}": ["1"] for n in range(1901)})), "businesses", {}, "1,901 columns"),
        (source(table(id=["a"])), "businesses", {}, "no coordinates"),
        (source(table(id=["a"])), "other", {}, "no coordinates"),
        (source(table(x=["5"], y=["70500"])), "businesses", {}, "which CRS"),
        (source(table(geometry=[SQUARE_M])), "evictions", {}, "which CRS"),
        (survey([""]), "businesses", {"crs": "EPSG:99999999"}, "EPSG:99999999"),
        (survey([""]), "busineses", {}, "did you mean businesses?"),
        (survey([""]), "conflicts", {}, "Nothing can be imported as conflicts"),
        (survey([""]), "operates", {}, "is a table"),
        (survey([""]), "businesses", {"sheet": "other"}, "no such table"),
        (survey([""]), "businesses", {"name": "gisapp_meta"}, "cannot be called"),
        (survey([""]), "businesses", {"name": "Admin"}, "cannot be called"),
        (survey([""]), "businesses", {"name": "a\nb"}, "cannot be called"),
        (survey([""]), "businesses", {"fields": {"workers": "nowhere"}}, "no such column"),
    ],
)
def test_what_cannot_be_served_is_refused_with_a_remedy(src, kind, options, said):
    with pytest.raises(GisappError, match=said) as error:
        bring(src, kind, **options)
    assert error.value.remedy


def test_a_layer_of_the_same_name_is_updated_and_does_not_count_for_the_area():
    far = layer("sites", geometry=[shapely.Point(900_000, 9_299_500)])
    into = Project(layers=(far, layer("households", geometry=[SQUARE_M.centroid])), key=KEY)
    raw = table(id=["a", "b"], x=["706500", "900000"], y=["9299500", "9299500"])
    made = bring(source(raw), "sites", into, crs=CRS)
    assert made.report.reasons == {"outside_area": 1}
    assert "Updated by id" in made.report.notes[0]


def test_a_layer_is_not_replaced_by_nothing():
    into = Project(layers=(layer("sites", geometry=[SQUARE_M.centroid]),), key=KEY)
    wrong = source(table(id=["a", "b"], x=["900000", ""], y=["9299500", ""]))
    with pytest.raises(GisappError, match="no location: 1; outside the project's area: 1") as error:
        bring(wrong, "sites", into, crs=CRS)
    assert "sites stays as it is" in error.value.remedy
    beside = bring(wrong, "sites", into, crs=CRS, name="others")
    assert beside.report.quarantined == 2
    assert bring(wrong, "businesses", into, crs=CRS).report.quarantined == 2


def test_progress_is_told_and_the_source_is_named_without_its_folder():
    steps = []

    class Told:
        def step(self, done, total, text):
            steps.append((done, total, text))

    made = bring(survey([""]), progress=Told())
    assert [x[0] for x in steps] == sorted(x[0] for x in steps)
    assert all(total == steps[0][1] and text for _, total, text in steps)
    assert made.report.source == "survey.csv"


def test_the_source_is_not_changed():
    src = survey(list(PLACES))
    before = src.tables[0].columns.copy()
    bring(src, progress=SILENT)
    assert src.tables[0].columns.equals(before)


def test_a_layer_whose_rows_are_all_refused_is_empty_and_says_why():
    made = bring(survey(["bad_number", "no_location"]))
    assert len(made.frame) == 0
    assert made.frame.crs == CRS
    assert Counter(made.quarantine["reason"]) == Counter(["bad_number", "no_location"])


@pytest.mark.parametrize(
    ("shape", "style"),
    [
        (shapely.LineString([(LON, LAT), (LON + 0.001, LAT)]), "roads"),
        (shapely.Point(LON, LAT), "other"),
    ],
)
def test_lines_of_no_kind_are_drawn_as_streets_named_along_them(shape, style):
    raw = table(geometry=[shape], crs="EPSG:4326", NAME=["Jl. Raya Bogor"])
    made = import_layer(project(), source(raw), "other")
    assert made.style.name == style
    assert made.frame["name"].tolist() == ["Jl. Raya Bogor"]
