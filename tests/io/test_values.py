"""Cells are read as they were meant, or they are not known."""

import datetime

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gisapp.core.catalogue import Field
from gisapp.core.words import speaking
from gisapp.io.numbers import parse_numbers
from gisapp.io.values import as_text, has_blanks, read_field

LABELS = {"en": "x", "id": "x"}
MONEY = Field("laba", "number", "quasi", LABELS, unit="IDR/month")
METRES = Field("precision", "number", "open", LABELS, unit="m", minimum=0)
COUNT = Field("workers", "integer", "quasi", {"en": "Workers", "id": "Pekerja"}, minimum=0)
DATE = Field("valid_from", "date", "open", LABELS)
TEXT = Field("kbli", "text", "quasi", LABELS)
TENURE = Field(
    "tenure", "code", "quasi", LABELS,
    codes={"owner": {"en": "Owner", "id": "Milik sendiri"},
           "renter": {"en": "Renter", "id": "Sewa"}},
    code_aliases={"kontrak": "renter"},
)  # fmt: skip


def read(values, field, codes=None):
    return read_field(pd.Series(values, dtype="str"), field, codes or {})


@pytest.mark.parametrize(
    ("heading", "values", "meant"),
    [
        ("Bagian (%)", ["50", "100", "80%", "0", None], [0.5, 1, 0.8, 0, np.nan]),
        ("persen", ["33,5", "1"], [0.335, 0.01]),
        ("Bagian (%)", ["0.5", "1"], [0.5, 1]),
        ("bagian", ["50", "0.5"], [np.nan, 0.5]),
    ],
)
def test_a_share_may_bear_its_percent_sign_in_the_heading(heading, values, meant):
    share = Field("income_share", "number", "quasi", LABELS, minimum=0, maximum=1)
    read = read_field(pd.Series(values, dtype="str", name=heading), share, {})
    np.testing.assert_allclose(read.values, meant)


@pytest.mark.parametrize(
    ("values", "meant"),
    [
        (["1742000", "513000.5"], [1742000, 513000.5]),
        (["1.742.000", "850.000"], [1742000, 850000]),
        (["850.000", "513.000"], [850000, 513000]),
        (["1,742,000", "850,000.5"], [1742000, 850000.5]),
        (["Rp 1.742.000,50", "rp1.000.000", "IDR 900.000"], [1742000.5, 1000000, 900000]),
        (["Rp 1.742.000,-", "-1.500.000"], [1742000, -1500000]),
        (["850.5", "850.000"], [850.5, 850]),
        (["Rp 1,5 ton", "banyak", "inf", "1.742.00"], [np.nan] * 4),
    ],
)
def test_money_in_either_manner(values, meant):
    np.testing.assert_equal(read(values, MONEY).values.to_numpy(), meant)


def test_a_measure_with_three_decimals_stays_a_measure():
    assert read(["3.125", "4,5", "12"], METRES).values.tolist() == [3.125, 4.5, 12]


def test_what_is_no_number_is_missing_and_said_never_zero():
    found = read(["2", "banyak", None, ""], COUNT)
    assert found.values.dtype == "Int64"
    assert found.values.tolist() == [2, pd.NA, pd.NA, pd.NA]
    assert found.notes == ("1 value of Workers is not a number and is kept as not known.",)


def test_a_note_calls_the_field_as_the_language_in_force_does():
    with speaking("id"):
        (note,) = read(["banyak"], COUNT).notes
    assert note.startswith("1 nilai Pekerja ")


def test_what_cannot_be_is_not_believed():
    found = read(["-2", "3", "2.5"], COUNT)
    assert found.values.tolist() == [pd.NA, 3, pd.NA]
    assert len(found.notes) == 2


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("2026-11-01", "2026-11-01"), ("2026-11-01T08:30:00+07:00", "2026-11-01"),
        ("2026-11-01 08:30", "2026-11-01"), ("1/11/2026", "2026-11-01"),
        ("01-11-2026", "2026-11-01"), ("1.11.2026", "2026-11-01"),
    ],
)  # fmt: skip
def test_dates_become_iso(written, meant):
    assert read([written], DATE).values.tolist() == [meant]


@pytest.mark.parametrize("written", ["2026-02-30", "31/02/2026", "2026", "kemarin", "13/13/2026",
                                     "0000-01-01"])  # fmt: skip
def test_what_is_no_date_is_missing_and_said(written):
    found = read([written, None], DATE)
    assert found.values.isna().all()
    assert len(found.notes) == 1


def test_codes_by_code_label_other_word_and_the_users_own():
    found = read(["owner", "MILIK SENDIRI", " Kontrak ", "rumah dinas", "?", None], TENURE,
                 {"rumah dinas": "renter"})  # fmt: skip
    assert found.values.tolist()[:5] == ["owner", "owner", "renter", "renter", "unknown"]
    assert found.values.isna().tolist() == [False] * 5 + [True]
    assert "?" in found.notes[0]


def test_the_users_word_goes_before_the_catalogues():
    assert read(["kontrak"], TENURE, {"kontrak": "owner"}).values.tolist() == ["owner"]


@pytest.mark.parametrize(
    ("values", "dtype"),
    [([56102, None], "float64"), ([56102, None], "Int64"), (["56102", None], "str"),
     ([56102.0, None], "object"), (["56102", None], "string")],
)  # fmt: skip
def test_a_whole_number_as_text_has_no_decimals(values, dtype):
    found = read_field(pd.Series(values, dtype=dtype), TEXT, {}).values
    assert found.tolist()[0] == "56102"
    assert found.dtype == "str"
    assert found.isna().tolist() == [False, True]


def test_a_fraction_and_a_truth_as_text():
    assert as_text(pd.Series([1.5, np.nan, np.inf])).tolist()[0] == "1.5"
    assert as_text(pd.Series([True, False])).tolist() == ["True", "False"]


def test_blanks_at_the_ends_are_noticed():
    cells = pd.Series([" a", "a\t", "a b", "a ", "   ", None, ""], dtype="str")
    assert has_blanks(cells).tolist() == [True, True, False, True, False, False, False]
    assert not has_blanks(pd.Series([1, 2])).any()


@given(st.lists(st.one_of(st.none(), st.text(max_size=8)), max_size=6))
def test_no_text_breaks_a_reader(values):
    for field in (MONEY, COUNT, DATE, TENURE, TEXT, METRES):
        found = read(values, field).values
        assert len(found) == len(values)


@given(st.lists(st.integers(-(10**12), 10**12), min_size=1))
def test_a_number_written_in_either_manner_is_the_same(values):
    indonesian = pd.Series([f"{v:,}".replace(",", ".") for v in values], dtype="str")
    english = pd.Series([f"{v:,}" for v in values], dtype="str")
    assert parse_numbers(indonesian, whole=True).tolist() == values
    assert parse_numbers(english, whole=True).tolist() == values


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("Rp 1.250.000,-", 1_250_000), ("Rp1.250.000,00", 1_250_000), ("1.250.000 IDR", 1_250_000),
        ("IDR 750000", 750_000), ("1,2 jt", 1_200_000), ("1.5 juta", 1_500_000), ("500rb", 500_000),
        ("Rp 500 ribu", 500_000), ("2,5 jt rupiah", 2_500_000), ("1 milyar", 1e9), ("75k", 75_000),
        ("1.250.000 rupiah", 1_250_000), ("1.250 juta", np.nan), ("1-2 juta", np.nan),
        ("< 500000", np.nan), ("lima ratus ribu", np.nan), ("(500)", np.nan), ("jt", np.nan),
    ],
)  # fmt: skip
def test_money_in_words(written, meant):
    assert read([written], MONEY).values[0] == pytest.approx(meant, nan_ok=True)


def test_counted_things_and_shares():
    assert read(["3 orang", "4 jiwa", "2"], COUNT).values.tolist() == [3, 4, 2]
    assert read(["15 m", "4,5 meter"], METRES).values.tolist() == [15.0, 4.5]
    assert parse_numbers(pd.Series(["50%", "12,5 %", "1"]), False).tolist() == [0.5, 0.125, 1.0]


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("1 Nov 2026", "2026-11-01"), ("1 Nopember 2026", "2026-11-01"),
        ("Minggu, 1 November 2026", "2026-11-01"), ("November 1, 2026", "2026-11-01"),
        ("1-Nov-2026", "2026-11-01"), ("17 Agustus 2026", "2026-08-17"),
        ("2026/11/1", "2026-11-01"), ("20261101", "2026-11-01"), ("01.11.2026", "2026-11-01"),
        ("1/11/26", "2026-11-01"), ("5/3/85", "1985-03-05"), ("46327", "2026-11-01"),
        ("46327.5", "2026-11-01"), ("2026-11-01T03:06:00.000+07:00", "2026-11-01"),
        ("01/11/2026 08:30", "2026-11-01"), ("31 Februari 2026", None), ("2026", None),
        ("Nov 2026", None), ("1 Foo 2026", None), ("12345678", None),
    ],
)  # fmt: skip
def test_more_dates(written, meant):
    got = read([written], DATE)
    assert got.values.dropna().tolist() == ([] if meant is None else [meant])
    assert bool(got.notes) == (meant is None)


def test_the_column_says_whether_the_month_comes_first():
    assert read(["11/25/2026", "03/04/2026"], DATE).values.tolist() == ["2026-11-25", "2026-03-04"]
    assert read(["25/11/2026", "03/04/2026"], DATE).values.tolist() == ["2026-11-25", "2026-04-03"]
    mixed = read(["25/11/2026", "11/25/2026"], DATE)
    assert mixed.values.isna().tolist() == [False, True]


@given(
    st.dates(datetime.date(1950, 1, 1), datetime.date(2099, 12, 31)),
    st.sampled_from(
        [
            "%Y-%m-%d",
            "%d/%m/%Y",
            "%d %B %Y",
            "%d-%b-%Y",
            "%B %d, %Y",
            "%Y%m%d",
            "%Y-%m-%dT%H:%M:%SZ",
        ]
    ),
)
def test_a_day_is_the_same_in_whatever_manner(day, manner):
    assert read([day.strftime(manner)], DATE).values[0] == day.isoformat()


@pytest.mark.parametrize(
    "word", ["MILIK  SENDIRI", "milik_sendiri", "Milik-Sendiri", "ówner", " Owner."]
)
def test_codes_whatever_the_case_the_accents_and_the_signs(word):
    assert read([word], TENURE).values[0] == "owner"


def test_codes_that_a_program_took_for_decimals():
    assert read(["56102.0", None, "1111.0"], TEXT).values.dropna().tolist() == ["56102", "1111"]
    assert read(["56102.0", "4.5"], TEXT).values.tolist() == ["56102.0", "4.5"]
