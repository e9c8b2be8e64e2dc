"""Correcting rows that were not taken in, decided without Qt."""

import pytest
from helpers.sources import LAT, LON, project, source, table

from gisapp.core.progress import SILENT
from gisapp.core.recipe import Recipe
from gisapp.io.recipe import bring_in
from gisapp.ui.mending_form import ID, REASON, ROW, MendingForm, answer_text, remedy_text

LAT_COLUMN = ID + 1


@pytest.fixture
def part():
    """Row 2 has a latitude that is no number, row 3 the id of row 1, row 4 no place."""
    raw = table(
        kode=["a", "b", "a", "d"],
        lintang=[f"{LAT}", "-6.3x1", f"{LAT}", None],
        bujur=[f"{LON}", f"{LON}", f"{LON}", None],
        jenis_usaha=["Bengkel", "Penjahit", None, "Warung"],
        unreadable={9: "a quotation mark is not closed"},
    )
    return bring_in(
        project(), source(raw), Recipe("businesses", "t", {"id": "kode"}), SILENT
    )  # fmt: skip


@pytest.fixture
def form(part):
    return MendingForm(part)


def test_rows_show_their_reason_and_first_of_all_where_they_say_they_lie(form):
    assert form.columns[:5] == (
        "Row", "Reason", "Identifier", "lintang (Latitude)", "bujur (Longitude)",
    )  # fmt: skip
    shown = [[form.text(place, column) for column in range(4)] for place in range(4)]
    assert shown == [
        ["2", "coordinates that are not numbers", "b", "-6.3x1"],
        ["3", "its id was already taken", "a", f"{LAT}"],
        ["4", "no location", "d", ""],
        ["9", "cannot be read", "", ""],
    ]


def test_what_is_typed_is_a_correction_of_that_row(form):
    form.type(0, LAT_COLUMN, f" {LAT} ")
    form.type(1, ID, "c")
    assert form.corrections == {2: {"lintang": f"{LAT}"}, 3: {"id": "c"}}
    assert form.text(0, LAT_COLUMN) == f"{LAT}"
    assert form.is_typed(0, LAT_COLUMN)
    assert not form.is_typed(0, ID)


def test_typing_what_stood_there_takes_the_correction_back(form):
    form.type(0, LAT_COLUMN, f"{LAT}")
    form.type(0, LAT_COLUMN, "-6.3x1")
    assert form.corrections == {}


def test_clearing_a_cell_is_a_correction(form):
    form.type(0, LAT_COLUMN, "")
    assert form.corrections == {2: {"lintang": ""}}
    form.forget_typed()
    assert form.corrections == {}


def test_a_row_that_could_not_be_taken_apart_is_only_told_of(form):
    assert not any(form.is_editable(3, column) for column in range(len(form.columns)))
    assert "a quotation mark is not closed" in form.remedy(3)
    assert form.is_editable(0, LAT_COLUMN)
    assert not form.is_editable(0, ROW)
    assert not form.is_editable(0, REASON)


def test_rows_with_one_reason_can_be_shown(form):
    assert [reason for reason, _text in form.reasons].count("duplicate_id") == 1
    form.show_only("duplicate_id")
    assert [form.text(place, ROW) for place in range(len(form.places))] == ["3"]
    form.type(0, ID, "c")
    form.show_only("")
    assert len(form.places) == 4
    assert form.corrections == {3: {"id": "c"}}


def test_a_column_that_is_empty_in_every_row_can_be_filled(part):
    """A relation's row without its required value does not hold the column at all."""
    raw = table(subzone=["R-1", None], kbli_prefix=["56", "47"], permission=["X", "I"])
    made = bring_in(project(), source(raw), Recipe("rules", "t"), SILENT)
    form = MendingForm(made)
    assert form.text(0, REASON) == "cannot be read"
    column = next(n for n, title in enumerate(form.columns) if title.startswith("subzone"))
    assert form.is_editable(0, column)


def test_every_reason_has_a_remedy():
    from gisapp.core import reasons

    words = ("no_location", "null_island", "outside_area", "bad_number", "duplicate_id",
             "empty_geometry", "wrong_geometry", "unreadable_row")  # fmt: skip
    for word in words:
        assert reasons.reason_text(word) != word
        assert remedy_text(word)


def test_what_became_of_corrections_is_said():
    assert answer_text(3, {}) == "3 rows were taken in."
    assert answer_text(3, {7: "bad_number"}) == (
        "2 rows were taken in. 1 row still cannot be: coordinates that are not numbers 1."
    )
