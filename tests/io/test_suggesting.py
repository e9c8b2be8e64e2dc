"""What rows are, guessed by names in both languages, then by what stands in the columns."""

import pytest
from helpers.sources import LAT, LON, source, table

from gisapp.io.checking import check_source
from gisapp.io.suggesting import suggested_fields, suggested_kind

N = 6
PLACES = {"lat": [str(LAT)] * N, "lon": [str(LON)] * N}


def repeated(*values):
    return [values[i % len(values)] for i in range(N)]


@pytest.mark.parametrize(
    ("field", "cells"),
    [
        ("form", repeated("warung", "PKL", "kios")),
        ("kbli", repeated("47112", "56102", "56304")),
        ("observed_on", repeated("2026-03-01", "1/3/2026")),
        ("net_income_idr_month", repeated("Rp 2.500.000", "Rp850.000")),
        ("location_kind", repeated("trotoar", "badan jalan")),
    ],
)
def test_what_stands_in_a_column_of_no_name_says_what_it_is(field, cells):
    raw = table(k1=cells, **PLACES)
    assert suggested_fields(raw, "businesses") == {field: "k1"}
    assert suggested_kind(source(raw), raw) == "businesses" or field == "observed_on"


@pytest.mark.parametrize(
    "cells",
    [repeated("13740", "13750"), repeated("ya", "tidak"), repeated("2.500.000"), [None] * N],
)
def test_what_can_be_anything_is_not_guessed(cells):
    assert suggested_fields(table(k1=cells, **PLACES), "businesses") == {}


def test_check_tells_kind_mapping_and_dialect(tmp_path):
    rows = ["kode;jenis_usaha;k1;lintang;bujur;skor"]
    rows += [
        f"{i};Warung;{form};-6,3335;106,8665;1,5" for i, form in enumerate(repeated("pkl", "kios"))
    ]
    path = tmp_path / "data.csv"
    path.write_text("\n".join([*rows, ""]), encoding="cp1252")
    (layer,) = check_source(path).layers
    assert layer.kind == "businesses"
    assert layer.mapping == {
        "activity": "jenis_usaha",
        "id": "kode",
        "lon": "bujur",
        "lat": "lintang",
    }
    assert layer.suggestions == {"form": "k1"}
    assert (layer.separator, layer.decimal) == (";", ",")
    assert layer.encoding
