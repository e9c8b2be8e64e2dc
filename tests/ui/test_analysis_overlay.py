"""The page on overlays, on a small assessed project."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import pytest
import shapely
from helpers import policy
from helpers.policy import point, square
from helpers.window import jobs_at_once

from gisapp.core.words import speaking
from gisapp.ui.analysing import pages
from gisapp.ui.analysis_overlay import OverlayPage
from gisapp.ui.overlay_view import offered_levels

if TYPE_CHECKING:
    from gisapp.core.project import Project

ZONES = [
    {"id": "Z1", "KODSZN_1": "K-1", "geometry": shapely.box(0, 0, 60, 100)},
    {"id": "Z2", "KODSZN_1": "R-2", "geometry": shapely.box(60, 0, 100, 100)},
]
EVICTION = {"id": "E", "stage": "sp1", "valid_from": "2026-01-01", "geometry": square(50, 0, 20)}


def town(**kinds: Any) -> Project:
    area = {"id": "1", "code": "01", "name": "Ciracas", "geometry": square(0, 0)}
    businesses = [{"id": "b", "geometry": point(55, 5)}]
    asked = {"admin": [area], "businesses": businesses, "zoning": ZONES, "evictions": [EVICTION]}
    return policy.project(**{**asked, **kinds})


@pytest.fixture
def page(qtbot: Any) -> Callable[[Project], OverlayPage]:
    def make(project: Project) -> OverlayPage:
        shown = OverlayPage(jobs_at_once())
        qtbot.addWidget(shown)
        shown.show()
        shown.show_project(project)
        return shown

    return make


def test_the_window_has_the_page() -> None:
    assert OverlayPage in pages()


def test_it_shows_every_row_of_ground_and_how_it_adds_up(page: Any) -> None:
    shown = page(town())
    view = shown._ground_model.shown
    assert view.frame["area_m2"].tolist() == [5800.0, 200.0, 3800.0, 200.0]
    assert view.text(0, 1) == "no eviction"
    assert view.text(1, 1) == "first warning (SP 1)"
    assert "1.00 ha in 4 pieces" in shown.claim.text()
    assert view.frame["businesses"].tolist() == [0, 1, 0, 0]


def test_bars_follow_the_margin(page: Any) -> None:
    shown = page(town())
    assert [(b.label, round(b.value, 3)) for b in shown.chart.chart.bars] == [
        ("K-1", 0.6),
        ("R-2", 0.4),
    ]
    shown.margin.setCurrentIndex(shown.margin.findData("stage"))
    assert [b.label for b in shown.chart.chart.bars] == ["first warning (SP 1)"]
    shown.margin.setCurrentIndex(shown.margin.findData("admin_code"))
    assert [b.label for b in shown.chart.chart.bars] == ["Ciracas"]


def test_chosen_rows_are_marked_on_the_map(page: Any, qtbot: Any) -> None:
    shown = page(town())
    assert not shown.mark.isEnabled()
    shown.ground.selectRow(1)
    with qtbot.waitSignal(shown.mark_asked) as asked:
        shown.mark.click()
    assert asked.args[0][0].area == pytest.approx(200)
    shown.tabs.setCurrentIndex(1)
    assert not shown.mark.isEnabled()
    shown.evictions.selectRow(1)
    with qtbot.waitSignal(shown.mark_asked) as asked:
        shown.mark.click()
    assert asked.args[0][0].bounds == pytest.approx((60, 0, 70, 20))
    assert shown._evictions_model.shown.text(1, 3) == "50"


def test_it_is_put_on_the_map_in_one_step(page: Any, qtbot: Any) -> None:
    project = town()
    shown = page(project)
    with qtbot.waitSignal(shown.edit_asked) as asked:
        shown.put.click()
    edit, _text = asked.args
    layer = edit(project).layer("overlay")
    assert (layer.kind, len(layer.frame), layer.style.name) == ("overlay", 4, "overlay")
    assert layer.frame.area.sum() == pytest.approx(10_000)


@pytest.mark.parametrize(
    ("kinds", "said"),
    [
        ({"admin": []}, "Import an admin layer of RW or kelurahan first"),
        ({"zoning": None, "evictions": None}, "Import a zoning plan or eviction areas first"),
        ({"businesses": None}, "Import businesses or households first"),
    ],
)
def test_what_is_missing_is_said(page: Any, kinds: dict[str, Any], said: str) -> None:
    whole = town()
    gone = {kind for kind, rows in kinds.items() if rows is None}
    left = [x for x in whole.layers if x.kind not in gone and x.kind not in kinds]
    shown = page(policy.project(*left))
    assert said in shown._said.text()


def test_without_evictions_in_the_plan_the_table_says_so(page: Any) -> None:
    shown = page(town(evictions=[]))
    assert shown.evictions.empty == "No eviction in force lies in the plan."
    assert shown._evictions_model.rowCount() == 0


def test_other_words_are_taken_over(page: Any) -> None:
    shown = page(town())
    with speaking("id"):
        shown.retranslate()
        assert shown.by.count() == 1
        assert shown.margin.count() == 3


def test_only_levels_that_can_be_counted_by_are_offered() -> None:
    assert offered_levels(["kecamatan", "", "rw"]) == ("rw", "kelurahan")
    assert offered_levels(["kecamatan"]) == ()
