"""What an import would make of a source, decided without Qt."""

import pytest
from helpers.sources import CRS, LAT, LON, SQUARE_M, layer, project, source, table

from gisapp.core.progress import SILENT
from gisapp.core.recipe import Recipe
from gisapp.io.recipe import bring_in
from gisapp.ui.import_preview import preview, quarantined, refused_places

FAR_LON = LON + 0.1  # eleven kilometres east of the project's area


@pytest.fixture
def stalls():
    """Two stalls as they are, one swapped, one far away, one at 0, 0, one without a place."""
    return table(
        id=["a", "b", "c", "d", "e", "f"],
        lat=[f"{LAT}", f"{LAT}", f"{LON}", f"{LAT}", "0", None],
        lon=[f"{LON}", f"{LON}", f"{LAT}", f"{FAR_LON}", "0", None],
        bentuk=["kios", "kios", "kios", "kios", "kios", "kios"],
    )


def preview_of(raw, kind="businesses", into=None):
    return preview(into or project(), source(raw), Recipe(kind, raw.name), SILENT)


def frames(rows):
    return {layer.name: len(layer.frame) for layer in rows.layers}


def test_rows_lie_in_layers_by_what_became_of_them(stalls):
    rows = preview_of(stalls).places
    assert frames(rows) == {"refused": 1, "repaired": 1, "accepted": 2, "ground": 1}
    assert [item.text for item in rows.legend] == [
        "2 accepted", "1 repaired", "1 of 3 not taken in",
    ]  # fmt: skip


def test_the_map_shows_what_is_taken_in_first(stalls):
    bounds = preview_of(stalls).places.bounds
    west, south, east, north = SQUARE_M.bounds
    assert west < bounds[0] <= bounds[2] < east
    assert south < bounds[1] <= bounds[3] < north


def test_where_nothing_is_taken_in_the_map_shows_what_is_refused():
    raw = table(id=["d", "e"], lat=[f"{LAT}", f"{LAT}"], lon=[f"{FAR_LON}", f"{FAR_LON}"])
    rows = preview_of(raw).places
    assert frames(rows) == {"refused": 2, "ground": 1}
    assert rows.bounds[0] > SQUARE_M.bounds[2]


def test_without_any_place_the_map_says_why(stalls):
    nowhere = table(id=["a"], lat=["0"], lon=["0"])
    assert preview_of(nowhere).places.empty
    linked = table(household_id=["H1"], business_id=["B1"])
    into = project(layer("households", id=["H1"], geometry=[SQUARE_M.centroid]))
    rows = preview_of(linked, "operates", into).places
    assert rows.empty == "A table: its rows lie nowhere."
    assert rows.layers == ()


def test_families_without_a_home_are_counted(stalls):
    rows = preview_of(stalls, "households").places
    assert "1 without a place" in [item.text for item in rows.legend]


def test_repaired_rows_come_first_with_what_was_done(stalls):
    shown = preview_of(stalls).rows
    assert [shown.title(column) for column in range(3)] == ["Row", "Repaired", "Identifier"]
    cells = [[shown.text(row, column) for column in range(3)] for row in range(3)]
    assert cells == [
        ["3", "latitude and longitude swapped", "c"],
        ["1", "", "a"],
        ["2", "", "b"],
    ]


def test_the_preview_makes_what_the_import_makes(stalls):
    recipe = Recipe("businesses", stalls.name)
    made = bring_in(project(), source(stalls), recipe, SILENT)
    shown = preview_of(stalls)
    assert shown.made.frame.equals(made.frame)
    assert len(shown.refused.rows) == made.report.quarantined == 3


def test_a_source_with_columns_of_the_previews_names_is_shown():
    raw = table(id=["a"], lat=[f"{LAT}"], lon=[f"{LON}"], Row=["x"], Repaired=["y"])
    shown = preview_of(raw).rows
    titles = [shown.title(column) for column in range(len(shown.columns))]
    assert {"Row", "Row *", "Repaired", "Repaired *"} <= set(titles)
    assert len(titles) == len(set(titles))


@pytest.mark.parametrize(
    "columns",
    [
        {"koordinat": [f"{LAT} {FAR_LON} 0 4.2", "0 0 0 0"]},
        {"shape": [f"POINT ({FAR_LON} {LAT})", "POINT (0 0)"]},
        {"x": [f"{FAR_LON}".replace(".", ","), "0"], "y": [f"{LAT}", "0"]},
    ],
)
def test_the_place_of_a_refused_row_is_read_as_the_import_reads_it(columns):
    made = preview_of(table(id=["a", "b"], **columns)).made
    far, null = refused_places(made, CRS)
    assert far.x > SQUARE_M.bounds[2]
    assert null is None


def test_the_map_of_a_quarantine_lies_over_what_was_taken_in(stalls):
    into = project()
    made = preview_of(stalls).made
    found = quarantined(into, made)
    assert frames(found.places) == {"refused": 1, "accepted": 3, "ground": 1}
    assert [place is not None for place in found.of_row] == [True, False, False]
