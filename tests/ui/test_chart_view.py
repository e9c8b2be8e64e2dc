"""A chart on screen: read out to mouse, keyboard and screen reader."""

from __future__ import annotations

from typing import Any

import pytest
from helpers.charts import LONG, bars, charts, matrix
from PySide6.QtCore import QPointF, Qt

from gisapp.ui.chart_view import ChartView


@pytest.fixture
def view(qtbot: Any) -> ChartView:
    shown = ChartView()
    qtbot.addWidget(shown)
    shown.resize(640, 300)
    shown.show()
    return shown


def test_it_is_described_in_words(view: ChartView) -> None:
    for chart in charts():
        view.show_chart(chart)
        assert view.paper.accessibleName() == chart.title
        assert view.paper.accessibleDescription() == chart.described()


def test_hovering_tells_the_value(view: ChartView, qtbot: Any) -> None:
    view.show_chart(bars())
    view.grab()
    spots = view.paper.drawn.spots
    assert view.paper.reading_at(spots[1].place.center()) == "Limited: 85 (70–99)"
    assert view.paper.reading_at(QPointF(1, 1)) == ""


def test_arrow_keys_go_from_mark_to_mark(view: ChartView, qtbot: Any) -> None:
    view.show_chart(bars())
    view.grab()
    for _ in range(2):
        qtbot.keyClick(view.paper, Qt.Key.Key_Down)
    assert view.paper.accessibleDescription() == "Limited: 85 (70–99)"
    qtbot.keyClick(view.paper, Qt.Key.Key_Up)
    qtbot.keyClick(view.paper, Qt.Key.Key_Up)
    assert view.paper.accessibleDescription().startswith("Permitted")
    for _ in range(9):
        qtbot.keyClick(view.paper, Qt.Key.Key_Down)
    assert view.paper.accessibleDescription() == "Not assessed: not known"


def test_a_chart_that_is_larger_than_its_room_scrolls(view: ChartView) -> None:
    view.resize(640, 120)
    view.show_chart(bars())
    assert view.verticalScrollBar().maximum() > 0
    view.resize(120, 400)
    view.show_chart(matrix())
    assert view.horizontalScrollBar().maximum() > 0


def test_another_chart_takes_its_place(view: ChartView) -> None:
    view.show_chart(matrix())
    view.show_chart(bars())
    view.grab()
    assert [spot.reading for spot in view.paper.drawn.spots] == list(bars().readings())
    assert LONG in view.paper.accessibleDescription()
    view.show_chart(None)
    view.grab()
    assert view.chart is None
    assert view.paper.accessibleDescription() == ""
