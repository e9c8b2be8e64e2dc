"""The page on uncertainty, on a small project with two sets of boundaries."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest
import shapely
from helpers.policy import layer, project
from helpers.window import ADMIN, AS_OF, jobs_at_once, plain_project

from gisapp.core.words import speaking
from gisapp.render.charts import Bars, Tornado
from gisapp.ui.analysing import pages
from gisapp.ui.analysis_uncertainty import UncertaintyPage
from gisapp.ui.uncertainty_view import BOUNDARIES, INTERVALS, SENSITIVITY, subjects

if TYPE_CHECKING:
    from gisapp.core.project import Project

SHIFTED = [{**row, "geometry": shapely.affinity.translate(row["geometry"], 20)} for row in ADMIN]


def small_project() -> Project:
    """Three businesses, two families, an eviction in force."""
    made = plain_project()
    return replace(made, parameters=replace(made.parameters, as_of=AS_OF))


def two_sets() -> Project:
    return small_project().with_layer(layer("admin", SHIFTED, "other"))


@pytest.fixture
def page(qtbot: Any) -> Callable[[Project], UncertaintyPage]:
    def make(project: Project) -> UncertaintyPage:
        shown = UncertaintyPage(jobs_at_once())
        qtbot.addWidget(shown)
        shown.resize(1_000, 700)
        shown.show()
        shown.show_project(project)
        return shown

    return make


def choose(box: Any, value: object) -> None:
    assert box.findData(value) >= 0
    box.setCurrentIndex(box.findData(value))


def test_the_window_has_the_page() -> None:
    assert UncertaintyPage in pages()


def test_it_says_how_many_families_are_affected(page: Any) -> None:
    shown = page(small_project())
    # B2 lies 10 m inside a square of 20 m at σ = 10 m: P = Φ(1).
    assert shown.sentence.text() == "Between 0 and 1 families are affected (95 %); 1 were found."
    chart = shown.chart.chart
    assert isinstance(chart, Bars)
    affected = chart.bars[0]
    assert (affected.value, affected.low, affected.high) == (1, 0, 1)
    frame = shown._model.shown.frame
    assert frame["expected"].tolist()[0] == pytest.approx(0.8)
    assert "independent" in shown.notes.text()


def test_the_level_changes_the_whiskers(page: Any) -> None:
    shown = page(small_project())
    choose(shown.level, 0.9)
    assert "(90 %)" in shown.sentence.text()
    assert "90 %" in shown.chart.chart.note


@pytest.mark.parametrize(
    "subject",
    ["families", "classes", "businesses", "households", "affected_by_area", "restricted_by_area"],
)
def test_every_subject_is_shown_as_bars_and_table(page: Any, subject: str) -> None:
    shown = page(small_project())
    choose(shown.subject, subject)
    bars, frame = shown.chart.chart.bars, shown._model.shown.frame
    assert [bar.label for bar in bars] == frame.iloc[:, 0].tolist()
    assert [bar.value for bar in bars] == frame["found"].tolist()
    assert all(label and "_" not in label for label in frame.iloc[:, 0])


def test_the_tornado_has_every_parameter(page: Any) -> None:
    shown = page(small_project())
    choose(shown.question, SENSITIVITY)
    chart = shown.chart.chart
    assert isinstance(chart, Tornado)
    assert chart.base == 1
    spans = [swing.high - swing.low for swing in chart.swings]
    assert spans == sorted(spans, reverse=True)
    assert spans[0] == 1
    assert not shown.level.isVisible()
    choose(shown.subject, "exposed_businesses")
    assert shown.chart.chart.title == "Businesses exposed to evictions"


def test_two_sets_of_boundaries_are_compared(page: Any) -> None:
    shown = page(two_sets())
    choose(shown.question, BOUNDARIES)
    assert shown.sentence.text().startswith("“admin” and “other” lie up to 20 m apart")
    assert shown._model.shown.frame["greatest distance (m)"].tolist() == [20]
    assert shown.count_by.isVisible()


def test_one_set_says_what_to_do(page: Any) -> None:
    shown = page(small_project())
    choose(shown.question, BOUNDARIES)
    assert "second set of boundaries" in shown._said.text()
    choose(shown.question, INTERVALS)
    assert shown.sentence.isVisible()


def test_the_layer_to_count_by_is_chosen_in_one_edit(page: Any, qtbot: Any) -> None:
    made = two_sets()
    shown = page(made)
    choose(shown.question, BOUNDARIES)
    with qtbot.waitSignal(shown.edit_asked) as asked:
        choose(shown.count_by, "other")
    edit, _text = asked.args
    edited = edit(made)
    assert edited.parameters.admin_layer == "other"
    shown.show_project(edited)
    assert shown.count_by.currentData() == "other"
    assert subjects(edited, BOUNDARIES) == (("admin", "admin"),)


def test_it_speaks_the_language_in_force(page: Any) -> None:
    shown = page(small_project())
    with speaking("id"):
        shown.retranslate()
        assert "95" in shown.sentence.text()
    assert shown.question.currentData() == INTERVALS


def test_nobody_to_count_says_so(page: Any) -> None:
    assert "Import businesses" in page(project(admin=ADMIN))._said.text()
