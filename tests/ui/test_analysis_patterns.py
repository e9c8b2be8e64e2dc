"""The page on patterns, on a small assessed project."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from helpers import policy
from helpers.policy import point, square
from helpers.window import jobs_at_once, plain_project
from PySide6.QtCore import Qt

from gisapp.core.words import speaking
from gisapp.ui.analysing import pages
from gisapp.ui.analysis_patterns import PatternsPage
from gisapp.ui.pattern_view import offered_denominators, offered_units

if TYPE_CHECKING:
    from gisapp.core.project import Project


@pytest.fixture
def page(qtbot: Any) -> Callable[[Project], PatternsPage]:
    def make(project: Project) -> PatternsPage:
        shown = PatternsPage(jobs_at_once())
        qtbot.addWidget(shown)
        shown.show()
        shown.show_project(project)
        return shown

    return make


def test_the_window_has_the_page() -> None:
    assert PatternsPage in pages()


def test_it_says_what_can_be_claimed_and_shows_every_unit(page: Any) -> None:
    shown = page(plain_project())
    assert shown.units.currentData() == "hexagons"
    assert "Under 30 units" in shown.claim.text()
    assert "seed 20261" in shown.notes.text()
    view = shown._units_model.shown
    assert len(view.rows) == len(view.frame) > 1
    assert view.frame["density"].is_monotonic_decreasing
    assert shown.chart.chart.bars[0].value == view.frame["density"].iloc[0]


def test_other_choices_are_asked_at_once(page: Any) -> None:
    shown = page(plain_project())
    shown.units.setCurrentIndex(shown.units.findData("kelurahan"))
    assert shown._units_model.shown.text(0, 0) == "Ciracas"
    assert not shown.cell.isVisible()
    shown.measure.setCurrentIndex(shown.measure.findData("affected"))
    assert shown._units_model.shown.frame["count"].tolist() == [1]
    shown.per.setCurrentIndex(shown.per.findData("assessed"))
    assert shown._units_model.shown.frame["density"].tolist() == [50.0]


@pytest.mark.parametrize(
    ("measure", "units", "offered"),
    [
        ("families", "kelurahan", ("km2", "inhabitants", "families")),
        ("affected", "rw", ("km2", "inhabitants", "families", "assessed")),
        ("affected", "hexagons", ("km2", "assessed")),
        ("businesses", "squares", ("km2",)),
    ],
)
def test_a_denominator_is_offered_where_there_is_one(
    measure: str, units: str, offered: tuple[str, ...]
) -> None:
    assert offered_denominators(measure, units) == offered


def test_what_is_no_longer_offered_gives_way(page: Any) -> None:
    shown = page(plain_project())
    shown.per.setCurrentIndex(shown.per.findData("assessed"))
    shown.measure.setCurrentIndex(shown.measure.findData("businesses"))
    assert shown.per.currentData() == "km2"
    assert shown.claim.isVisible()


def test_the_finest_units_come_first() -> None:
    areas = [
        {"id": level, "code": level, "level": level, "geometry": square(0, 0)}
        for level in ("kecamatan", "kelurahan", "rw")
    ]
    offered = offered_units(policy.project(admin=areas))
    assert offered == ("rw", "hexagons", "squares", "kelurahan")
    assert offered_units(policy.project()) == ("hexagons", "squares")


def test_chosen_units_are_shown_on_the_map(page: Any, qtbot: Any) -> None:
    shown = page(plain_project())
    assert not shown.mark.isEnabled()
    shown.table.sortByColumn(0, shown.table.horizontalHeader().sortIndicatorOrder())
    shown.table.selectRow(0)
    with qtbot.waitSignal(shown.mark_asked) as asked:
        shown.mark.click()
    (polygon,) = asked.args[0]
    view = shown._units_model.shown
    assert polygon is view.frame.geometry.iloc[int(view.rows[0])]


def test_units_become_a_layer_in_one_edit(page: Any, qtbot: Any) -> None:
    project = plain_project()
    shown = page(project)
    with qtbot.waitSignal(shown.edit_asked) as asked:
        shown.put.click()
    edit, _text = asked.args
    layer = edit(project).layer("patterns")
    assert layer.kind == "patterns"
    assert layer.title == "Businesses and families in conflict per km²"
    assert set(layer.frame["pattern"]) == {"no_claim", "left_out"}  # slivers at the border
    assert layer.frame["seed"].tolist() == [20261] * len(layer.frame)


def test_distances_are_told_by_group(page: Any) -> None:
    support = {"id": "S", "valid_from": "2020-01-01", "support_kind": "pasar",
               "geometry": point(50, 50)}  # fmt: skip
    project = plain_project().with_layer(policy.layer("support_areas", [support]))
    frame = page(project)._distances_model.shown.frame
    businesses = frame[frame["subjects"] == "businesses"].set_index("group")
    assert businesses.loc["all", "median (m)"] == 100.0
    assert businesses.loc["affected", "known"] == 1
    assert "to pasar" in businesses.index
    without = page(plain_project())._distances_model.shown.frame
    assert np.isnan(without["median (m)"]).all()


@pytest.mark.parametrize(
    ("project", "said"),
    [
        (policy.project(admin=({"id": "A", "geometry": square(0, 0)},)), "Import businesses"),
        (policy.project(businesses=({"id": "B", "geometry": point(0, 0)},)), "admin layer"),
    ],
)
def test_what_is_missing_is_said(page: Any, project: Project, said: str) -> None:
    assert said in page(project)._said.text()


def test_the_choice_stays_in_another_language(page: Any) -> None:
    shown = page(plain_project())
    shown.measure.setCurrentIndex(shown.measure.findData("prohibited"))
    with speaking("id"):
        shown.retranslate()
    assert shown.measure.currentData() == "prohibited"


def test_everything_is_reached_by_keyboard_and_has_a_name(page: Any) -> None:
    shown = page(plain_project())
    fields = (shown.measure, shown.per, shown.units, shown.cell)
    assert [label.buddy() for label in shown._labels] == list(fields)
    assert all(label.text() for label in shown._labels)
    for widget in (*fields, shown.table, shown.distances, shown.mark, shown.put):
        assert widget.focusPolicy() & Qt.FocusPolicy.TabFocus
    assert shown.table.accessibleName()
    assert shown.distances.accessibleName()


def test_a_density_that_nobody_can_know_is_said(page: Any) -> None:
    shown = page(plain_project())
    shown.units.setCurrentIndex(shown.units.findData("kelurahan"))
    shown.per.setCurrentIndex(shown.per.findData("inhabitants"))
    assert "1 unit has no density" in shown.notes.text()
    assert shown.chart.chart.bars == ()
    assert not shown.grab().isNull()
