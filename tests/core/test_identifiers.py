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
        "hubungi 081234567890.", "ibu.sri@contoh.id", "surel: sri@contoh.co.id",
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
     "pemilik", "KK", "no-kk", "e-mail", "Telepon", "_submitted_by", "name"],
)  # fmt: skip
def test_names_of_personal_columns(name):
    assert is_direct_name(name, load_catalogue())


@pytest.mark.parametrize(
    "name",
    ["nama_usaha", "jumlah_kk", "reported_kk", "alamat", "id", "laba", "teknik", "pemilikan",
     "shp_area", "_uuid", "_index", "kelurahan", "photovoltaic"],
)  # fmt: skip
def test_names_of_other_columns(name):
    assert not is_direct_name(name, load_catalogue())


def test_a_name_is_compared_without_case_groups_and_signs():
    assert normal_name("grup_a/Nama  Kepala-Keluarga ") == "nama_kepala_keluarga"


def test_a_pseudonym_is_the_projects_own():
    one, other = "5f" * 32, "60" * 32
    assert pseudonym("3175096201308796", one) == pseudonym(" 3175096201308796 ", one)
    assert pseudonym("3175096201308796", one) != pseudonym("3175096201308796", other)
    assert not re.search("3175096201308796", pseudonym("3175096201308796", one))
    assert re.fullmatch(r"[0-9a-f]{32}", pseudonym("3175096201308796", one))
