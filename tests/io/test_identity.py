"""No person's name, number or address comes in unless it was mapped, and then not in clear."""

import re

import numpy as np
import pandas as pd
import pytest
from helpers.sources import KEY
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from gisapp.core.errors import GisappError
from gisapp.core.identifiers import DIRECT_CONTENT, NATIONAL_NUMBER, pseudonym
from gisapp.io.identity import made_ids, record_keys, repeated, without_identifiers

NIK, PHONE = "3175096201308796", "0812-3456-7890"


def frame(**columns):
    return pd.DataFrame({k: pd.Series(v) for k, v in columns.items()})


def test_columns_are_dropped_by_name_and_by_content():
    columns = frame(nama=["Sri"] * 3, catatan=["x", None, "y"], nomor=[NIK] * 3, laba=["9"] * 3,
                    wa_usaha=[PHONE, None, None], angka=[int(NIK)] * 3)  # fmt: skip
    kept, notes = without_identifiers(columns, (), ())
    assert list(kept) == ["catatan", "laba"]
    assert notes == ("Left out because they identify a person: nama, nomor, wa_usaha, angka.",)


def test_a_stray_number_empties_its_cell_only():
    columns = frame(catatan=["sepi"] * 30 + [f"hubungi {PHONE}"])
    kept, notes = without_identifiers(columns, (), ())
    assert kept["catatan"].isna().sum() == 1
    assert "1 value of catatan" in notes[0]


def test_a_mapped_column_keeps_its_place_but_not_the_numbers():
    columns = frame(nama=["Warung Sri", PHONE], id=[NIK, NIK])
    kept, _notes = without_identifiers(columns, {"nama"}, {"id"})
    assert kept["nama"].tolist()[0] == "Warung Sri"
    assert kept["nama"].isna().tolist() == [False, True]
    assert kept["id"].tolist() == [NIK, NIK]


def test_money_coordinates_dates_and_uuids_are_no_personal_numbers():
    columns = frame(laba=[1_742_000, 250_000_000], lat=[-6.352139247625333, 106.88129767858148],
                    uuid=["550e8400-e29b-41d4-a716-446655440000"] * 2, hari=["2026-11-01"] * 2,
                    besar=["5000000000", "900000000"], benar=[True, False])  # fmt: skip
    kept, notes = without_identifiers(columns, (), ())
    assert list(kept) == list(columns)
    assert notes == ()


def test_an_id_that_is_a_personal_number_becomes_a_pseudonym():
    keys = record_keys(pd.Series([NIK, "K-2", None], name="no"), KEY)
    assert keys.tolist()[:2] == [pseudonym(NIK, KEY), "K-2"]
    assert keys.isna().tolist() == [False, False, True]
    assert record_keys(pd.Series(["Sri"], name="nama_kk"), KEY).tolist() == [pseudonym("Sri", KEY)]
    with pytest.raises(GisappError, match="not on this machine"):
        record_keys(pd.Series([NIK], name="nik"), "")


def test_rows_without_an_id_get_one_that_nobody_has():
    ids = made_ids(pd.Series(["row-2", None, "a", None], dtype="str"), np.array([1, 2, 3, 4]))
    assert ids.is_unique
    assert ids.tolist() == ["row-2", "row-02", "a", "row-04"]


@pytest.mark.parametrize(
    ("ids", "refused", "wanted"),
    [
        ("aab", "000", "010"),
        ("aab", "100", "000"),
        ("aab", "010", "010"),
        ("aab", "110", "010"),
        ("aaa", "100", "001"),
        ("aaa", "000", "011"),
    ],
)
def test_the_first_row_with_an_id_that_can_be_kept_is_kept(ids, refused, wanted):
    found = repeated(pd.Series(list(ids)), np.array([x == "1" for x in refused]))
    assert "".join("1" if x else "0" for x in found) == wanted


NUMBERS = st.from_regex(NATIONAL_NUMBER, fullmatch=True)
TEXTS = st.one_of(
    NUMBERS,
    st.from_regex(DIRECT_CONTENT, fullmatch=True),
    NUMBERS.map(lambda x: f"no. {x} (istri)"),
    st.text(max_size=20),
    st.none(),
)


@given(st.lists(TEXTS, min_size=1, max_size=30))
@settings(suppress_health_check=[HealthCheck.too_slow])
def test_no_cell_holds_a_persons_number_however_it_came(values):
    columns = pd.DataFrame({"catatan": pd.Series(values, dtype="str"), "a": range(len(values))})
    for mapped in ((), ("catatan",)):
        kept, _notes = without_identifiers(columns, mapped, ())
        left = kept.get("catatan", pd.Series(dtype="str")).dropna()
        assert not [x for x in left if re.search(DIRECT_CONTENT, x, re.ASCII)]
    keys = record_keys(columns["catatan"].rename("id"), KEY).dropna()
    assert not [x for x in keys if re.search(DIRECT_CONTENT, x, re.ASCII)]
