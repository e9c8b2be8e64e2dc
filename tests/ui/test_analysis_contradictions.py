"""The page on contradictions, on a small project."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from helpers.policy import point, project, square
from helpers.window import jobs_at_once, plain_project

from gisapp.core.words import speaking
from gisapp.ui.analysing import pages
from gisapp.ui.analysis_contradictions import ContradictionsPage

if TYPE_CHECKING:
    from collections.abc import Callable

    from gisapp.core.project import Project

PLACES: dict[str, Any] = {
    "admin": [{"id": "A1", "code": "A1", "name": "Ciracas", "geometry": square(-500, -500, 1_000)}],
    "households": [{"id": "H1", "geometry": point(50, 50)}, {"id": "H2", "geometry": None}],
    "businesses": [{"id": "B1", "geometry": point(60, 60)}],
    "operates": [{"household_id": "H2", "business_id": "B1"}],
    "support_areas": [{"id": "S1", "geometry": square(0, 0), "valid_from": "2018-03-01"}],
    "evictions": [
        {"id": "E1", "geometry": square(0, 0), "stage": "sp2", "valid_from": "2026-01-01",
         "actor": "Satpol PP", "name": "Penertiban"}
    ],
    "provisions": [
        {"id": "P1", "applies_to": "S1", "status": "in_force", "stance": 2.0,
         "instrument": "Perpres 125", "institution": "Dinas UMKM", "deontic": "support",
         "institution_kind": "technical_agency", "quote": "pemberdayaan", "quote_en": "empowering"}
    ],
    "codings": [
        {"provision_id": "P1", "coder": "RS", "stance": 2.0},
        {"provision_id": "P1", "coder": "TU", "stance": 1.0},
    ],
}  # fmt: skip


@pytest.fixture
def page(qtbot: Any) -> Callable[[Project], ContradictionsPage]:
    def make(project: Project) -> ContradictionsPage:
        shown = ContradictionsPage(jobs_at_once())
        qtbot.addWidget(shown)
        shown.show()
        shown.show_project(project)
        return shown

    return make


def test_the_window_has_the_page() -> None:
    assert ContradictionsPage in pages()


def test_the_headline_comes_first_and_the_matrix_names_both_institutions(page: Any) -> None:
    shown = page(project(**PLACES))
    assert shown.claim.text().startswith("1 family is promoted by one policy and repressed")
    assert "“Perpres 125 (Dinas UMKM)” promotes" in shown.claim.text()
    chart = shown.chart.chart
    assert (chart.rows, chart.columns, chart.values) == (("Dinas UMKM",), ("Satpol PP",), ((2,),))
    shown.measure.setCurrentIndex(shown.measure.findData("area"))
    assert shown.chart.chart.values == ((1.0,),)
    shown.by.setCurrentIndex(shown.by.findData("institution_kind"))
    assert shown.chart.chart.rows == ("Technical agency",)


def test_a_pair_tells_both_quotes_and_who_coded_it(page: Any) -> None:
    shown = page(project(**PLACES))
    assert "Choose a pair" in shown.told.text()
    shown.pairs.selectRow(0)
    told = shown.told.text()
    assert "“pemberdayaan” · “empowering”" in told
    assert "RS: +2, TU: +1" in told
    assert "Penertiban (Satpol PP) · sanctions · its stance is the usual one" in told
    assert "lawful" not in told


def test_whom_it_hits_is_marked_and_where_it_concentrates_is_put_on_the_map(page: Any) -> None:
    here = project(**PLACES)
    shown = page(here)
    marked: list[Any] = []
    edits: list[Any] = []
    shown.mark_asked.connect(marked.append)
    shown.edit_asked.connect(lambda edit, _text: edits.append(edit))
    shown.mark.click()
    assert len(marked[0]) == 2  # the home and the stall; the other family has no place
    shown.put.click()
    layer = edits[0](here).layer("contradiction_cells")
    assert layer.frame["families"].sum() == layer.frame["businesses"].sum() == 1
    again = edits[0](edits[0](here))
    assert [x.kind for x in again.layers].count("contradiction_cells") == 1


def test_a_chosen_cell_shows_its_own_pairs(page: Any) -> None:
    more = [*PLACES["evictions"], {**PLACES["evictions"][0], "id": "E2", "actor": "Dinas SDA"}]
    shown = page(project(**{**PLACES, "evictions": more}))
    assert len(shown._pairs_model.shown.rows) == 2
    shown.cells.selectRow(0)
    assert len(shown._pairs_model.shown.rows) == 1


def test_where_nothing_contradicts_it_says_so(page: Any) -> None:
    shown = page(plain_project())
    assert shown.claim.text().startswith(("No family", "0 ", "1 "))
    empty = page(project(businesses=[{"id": "B1", "geometry": point(0, 0)}]))
    assert empty.claim.text().startswith("No family")
    assert not empty.mark.isEnabled()
    assert not empty.put.isEnabled()
    assert "No two policies contradict" in empty.pairs.empty


def test_it_says_what_is_missing(page: Any) -> None:
    assert "Import businesses or households" in page(project())._said.text()


def test_it_speaks_indonesian_at_once(page: Any) -> None:
    shown = page(project(**PLACES))
    with speaking("id"):
        shown.retranslate()
        assert shown.by.itemData(1) == "institution_kind"
    shown.retranslate()


def test_a_provision_whose_coders_disagree_is_named(page: Any) -> None:
    assert "coders disagree" not in page(project(**PLACES)).notes.text()
    unagreed = {**PLACES["provisions"][0], "id": "P2", "stance": None}
    apart = [
        {"provision_id": "P2", "coder": "RS", "stance": 2.0},
        {"provision_id": "P2", "coder": "TU", "stance": -1.0},
    ]
    places = {**PLACES, "provisions": [*PLACES["provisions"], unagreed]}
    shown = page(project(**{**places, "codings": [*PLACES["codings"], *apart]}))
    assert "it is not used: P2" in shown.notes.text()
