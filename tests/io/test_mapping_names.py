"""Columns are recognised by what surveys call them, in either language."""

import pytest
from helpers.sources import table

from gisapp.io.mapping import suggest_mapping


@pytest.mark.parametrize(
    ("kind", "column", "field"),
    [
        ("businesses", "Jumlah Karyawan", "workers"),
        ("businesses", "Laba bersih per bulan", "net_income_idr_month"),
        ("businesses", "group_usaha/bidang_usaha", "activity"),
        ("businesses", "Street vendor or not/form", "form"),
        ("businesses", "GPS precision", "gps_precision_m"),
        ("households", "Anggota rumah tangga", "members"),
        ("households", "Jenis kelamin kepala keluarga", "head_sex"),
        ("households", "Sex of the head", "head_sex"),
        ("households", "Total Pendapatan", "income_idr_month"),
        ("operates", "ID Responden", "household_id"),
        ("operates", "porsi", "income_share"),
        ("supports", "Nama bantuan", "programme"),
    ],
)
def test_names_of_columns(kind, column, field):
    raw = table(**{"catatan": ["x", "y"], column: ["1", "2"]})
    assert suggest_mapping(raw, kind).fields.get(field) == column


@pytest.mark.parametrize("column", ["omzet", "pendapatan kotor", "jumlah", "nama", "nik"])
def test_what_could_mean_something_else_is_left_alone(column):
    found = suggest_mapping(table(**{column: ["1", "2"]}), "businesses")
    assert column not in found.fields.values()


def test_an_answer_of_several_is_no_column_of_that_name():
    raw = table(**{"sumber": ["laba karyawan"], "sumber/laba": ["1"], "sumber/karyawan": ["1"]})
    assert suggest_mapping(raw, "businesses").fields == {"source": "sumber"}
    raw = table(**{"usaha/laba": ["1"], "usaha/karyawan": ["1"]})
    assert suggest_mapping(raw, "businesses").fields == {
        "workers": "usaha/karyawan",
        "net_income_idr_month": "usaha/laba",
    }
