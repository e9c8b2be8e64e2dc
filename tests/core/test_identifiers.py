"""What identifies a person is recognised, and what only looks like it is not."""

import re

import pytest

from gisapp.core.identifiers import (
    DIRECT_CONTENT,
    is_direct_name,
    normal_name,
    pseudonym,
)
from gisapp.io.catalogue import load_catalogue


@pytest.mark.parametrize(
    "text",
    [
        "3175096201308796", "NIK 3175096201308796", "no: 3175096201308796.", "081234567890",
        "0812-3456-7890", "0812 3456 789", "+62 812 3456 7890", "+6281234567890", "62812345678",
        "hubungi 081234567890.", "ibu.sri@contoh.id", "é@contoh.id", "surel: sri@contoh.co.id",
        "3175 0962 0130 8796", "3175-0962-0130-8796", "31.75.09.620130.8796", "317509-620130-8796",
        "31 7509 620130 8796", "NIK3175096201308796", "KK: 3175096201308796", "3175096201308796.0",
        "'3175096201308796", "3.175096201308796e15", "3,17510E+15", "NIK 3175 0962 0130 8796, ada",
        "(0812)77889901", "0812.7788.9901", "https://wa.me/6281277889901", "021-8401234",
        "(021) 8401 234", "rumah 021 84012345",
    ],
)  # fmt: skip
def test_numbers_and_addresses_of_a_person(text):
    assert re.search(DIRECT_CONTENT, text)


@pytest.mark.parametrize(
    "text",
    [
        "1742000", "250000000", "-6.352139247625333", "106.8830123456789012", "56102", "2026-11-01",
        "08.00-17.00", "Senin 08-17", "550e8400-e29b-41d4-a716-446655440000", "uuid-0812-3456-7890",
        "31.75.09.1004", "B00015", "500001", "warung @ pasar", "", "0", "1700000000", "RW 08",
        "98.67123456789012", "95.31234567890123", "55012345-1234-1234-1234-123412341234",
        "31.75.09.1004.2026.11.01", "2026-11-01 10.20.30", "1.742.000", "Rp 250.000.000.000",
        "1.5e15x", "08.00 - 17.00", "021", "56.102", "POINT (706123.25 9301234.5)",
        "0f0f3175096201308796", "1999-12-31T23:59:59.123456",
    ],
)  # fmt: skip
def test_other_numbers_are_left_alone(text):
    assert not re.search(DIRECT_CONTENT, text)


def test_the_pattern_can_search_a_whole_column_at_once():
    """RE2 knows neither look-around nor back-references."""
    assert not re.search(r"\(\?[=!<]|\\[1-9]", DIRECT_CONTENT)


@pytest.mark.parametrize(
    "name",
    ["NIK", "nik_istri", "Nama", "nama_kk", "grup/Nama KK", "no_hp_2", "No. HP", "Foto rumah URL",
     "pemilik", "KK", "no-kk", "e-mail", "Telepon", "_submitted_by", "name", "pengelola",
     "nama_petugas", "Nama Pemilik Usaha", "nama_pengelola_usaha", "nm_pemilik", "NAMA_LGKP",
     "nama_krt", "hp1", "nik1", "Foto 2", "nama1", "Nama Pedagang 1", "kepala_keluarga_nama",
     "Penanggung Jawab", "gambar_warung", "ttd_responden", "instagram", "bin/binti",
     "nama_ketua_rw", "Nama Pemilik / Alias", "Nama Pemilik (sesuai KTP/SIM)", "HP / lainnya",
     "Bagian A (umum)/Nama"],
)  # fmt: skip
def test_names_of_personal_columns(name):
    assert is_direct_name(name, load_catalogue())


@pytest.mark.parametrize(
    "name",
    ["nama_usaha", "jumlah_kk", "reported_kk", "alamat", "id", "laba", "teknik", "pemilikan",
     "shp_area", "_uuid", "_index", "kelurahan", "photovoltaic", "nama_warung", "nama_toko",
     "nama_jalan", "nama_kelurahan", "nama_rw", "nama_pasar", "NAMOBJ", "KODZON_1", "jumlah_anak",
     "jumlah_pedagang", "status_kepala", "desil_1", "jenis_usaha", "pekerja", "anggota"],
)  # fmt: skip
def test_names_of_other_columns(name):
    assert not is_direct_name(name, load_catalogue())


def test_a_name_is_compared_without_case_groups_and_signs():
    assert normal_name("grup_a/Nama  Kepala-Keluarga ") == "nama_kepala_keluarga"


def test_a_slash_within_a_name_is_no_group():
    assert normal_name("Laba Bersih / Bulan") == "laba_bersih_bulan"
    assert normal_name("grup a/sub/Pendapatan (Rp/bln)") == "pendapatan_rp_bln"


def test_a_pseudonym_is_the_projects_own():
    one, other = "5f" * 32, "60" * 32
    assert pseudonym("3175096201308796", one) == pseudonym(" 3175096201308796 ", one)
    assert pseudonym("3175096201308796", one) != pseudonym("3175096201308796", other)
    assert not re.search("3175096201308796", pseudonym("3175096201308796", one))
    assert re.fullmatch(r"[0-9a-f]{32}", pseudonym("3175096201308796", one))
