"""Charts: what they say, where their ticks stand, and that nothing of them is cut off."""

from __future__ import annotations

from datetime import date
from itertools import pairwise

import pytest
from helpers.charts import LONG, bars, charts, matrix, steps, tornado
from hypothesis import assume, given
from hypothesis import strategies as st
from PySide6.QtCore import QBuffer, QIODevice, QRectF, QSize
from PySide6.QtGui import QColor, QGuiApplication, QImage, QPainter
from PySide6.QtSvg import QSvgGenerator

from gisapp.core.words import speaking
from gisapp.render.chart_cells import _LEAST, _MOST
from gisapp.render.chart_painter import Drawn, height_of, least_width_of, paint_chart
from gisapp.render.chart_parts import COLOURS
from gisapp.render.charts import Bar, Bars, Chart, Steps, date_ticks, tick_decimals, ticks
from gisapp.render.text import Writer
from gisapp.render.vision import TELLS_APART, VISIONS, difference

PX_PER_MM = 96 / 25.4
EDGE = 40
CHARTS = charts()
KINDS = [type(chart).__name__ for chart in CHARTS]


def painted(chart: Chart, width: float) -> tuple[QImage, Drawn]:
    """Paint a chart with an empty edge around the room that it has."""
    height = height_of(chart, width, PX_PER_MM)
    image = QImage(int(width) + 2 * EDGE, int(height) + 2 * EDGE + 1, QImage.Format.Format_RGB32)
    image.fill(QColor("white"))
    painter = QPainter(image)
    drawn = paint_chart(Writer(painter, PX_PER_MM), chart, EDGE, EDGE, width)
    painter.end()
    assert drawn.bottom == pytest.approx(EDGE + height)
    return image, drawn


def inked(image: QImage, rect: QRectF) -> bool:
    part = image.copy(rect.toAlignedRect())
    white = QColor("white").rgb()
    return any(part.pixel(x, y) != white for y in range(part.height()) for x in range(part.width()))


@pytest.mark.parametrize("language", ["en", "id"])
@pytest.mark.parametrize("wide", [True, False], ids=["wide", "narrow"])
@pytest.mark.parametrize("chart", CHARTS, ids=KINDS)
def test_nothing_reaches_over_the_room_that_a_chart_asks_for(
    qapp: QGuiApplication, chart: Chart, wide: bool, language: str
) -> None:
    width = 700 if wide else least_width_of(chart, PX_PER_MM)
    with speaking(language):
        image, _drawn = painted(chart, width)
    w, h = image.width(), image.height()
    assert inked(image, QRectF(EDGE, EDGE, w - 2 * EDGE, h - 2 * EDGE))
    for rect in (
        QRectF(0, 0, w, EDGE - 1),
        QRectF(0, h - EDGE + 1, w, EDGE - 1),
        QRectF(0, 0, EDGE - 1, h),
        QRectF(w - EDGE + 1, 0, EDGE - 1, h),
    ):
        assert not inked(image, rect), rect


@pytest.mark.parametrize("chart", CHARTS, ids=KINDS)
def test_every_mark_has_its_place_and_reading(qapp: QGuiApplication, chart: Chart) -> None:
    image, drawn = painted(chart, 600)
    assert tuple(spot.reading for spot in drawn.spots) == chart.readings()
    whole = QRectF(image.rect())
    assert all(whole.contains(spot.place) and spot.place.width() > 0 for spot in drawn.spots)
    assert all(text in chart.described() for text in (chart.title, *chart.readings()))


def test_a_longer_value_has_a_longer_bar_and_zero_none(qapp: QGuiApplication) -> None:
    chart = Bars(title="", bars=(Bar("a", 10.0), Bar("b", 5.0), Bar("c", 0.0)))
    image, drawn = painted(chart, 600)
    blue = QColor(COLOURS[0]).rgb()
    lengths = []
    for spot in drawn.spots:
        y = round(spot.place.center().y())
        lengths.append(sum(image.pixel(x, y) == blue for x in range(image.width())))
    assert lengths[0] == pytest.approx(2 * lengths[1], abs=2)
    assert lengths[2] == 0


def test_a_chart_is_vectors_on_paper(qapp: QGuiApplication) -> None:
    for chart in CHARTS:
        buffer = QBuffer()
        buffer.open(QIODevice.OpenModeFlag.WriteOnly)
        paper = QSvgGenerator()
        paper.setOutputDevice(buffer)
        paper.setSize(QSize(800, 800))
        painter = QPainter(paper)
        paint_chart(Writer(painter, PX_PER_MM), chart, 0, 0, 700)
        painter.end()
        drawing = bytes(buffer.data().data()).decode()
        assert "<image" not in drawing
        assert "clip" not in drawing
        assert "<text" in drawing


def test_what_the_marks_say() -> None:
    assert bars().readings() == (
        "Permitted: 1,203 (1,180–1,230)",
        "Limited: 85 (70–99)",
        f"{LONG}: 12 (2–33)",
        "Nothing: 0",
        "Not assessed: not known",
    )
    assert tornado().readings()[0] == "As-of date – −90 days: 90 · +90 days: 131"
    assert tornado().readings()[2] == "Poverty line – 124 at every setting"
    assert steps().readings()[1] == "Ciracas, 4 May 2024 to 1 November 2026: 20"
    assert matrix().readings()[:2] == ("Satpol PP × Satpol PP: –", f"Satpol PP × {LONG}: 0")
    with speaking("id"):
        assert bars().readings()[0] == "Permitted: 1.203 (1.180–1.230)"


def test_an_empty_chart_is_drawn_too(qapp: QGuiApplication) -> None:
    empty = (
        Bars(title="Nothing", bars=()),
        Steps(title="Nothing", lines=(), until="2026-01-01"),
    )
    for chart in empty:
        _image, drawn = painted(chart, 400)
        assert drawn.spots == ()


@given(
    low=st.floats(-1e9, 1e9),
    width=st.floats(0, 1e9).filter(lambda w: w == 0 or w > 1e-3),
    most=st.integers(2, 10),
)
def test_ticks_are_round_even_and_hold_everything(low: float, width: float, most: int) -> None:
    assume(width == 0 or width > 1e-8 * abs(low))  # else the digits of a float are too few
    high = low + width
    found = ticks(low, high, most)
    slack = (found[1] - found[0]) * 1e-6
    assert found[0] <= low + slack
    assert found[-1] >= high - slack
    step = found[1] - found[0]
    rounding = 1e-9 * max(abs(low), abs(high))
    assert all(b - a == pytest.approx(step, rel=1e-6, abs=rounding) for a, b in pairwise(found))
    assert len(found) <= most + 2
    assert f"{step:.3e}"[0] in "125"


def test_counted_things_have_no_tick_between_them() -> None:
    assert ticks(0, 2, 8, least_step=1.0) == (0.0, 1.0, 2.0)
    assert tick_decimals((0.0, 0.5)) == 1
    assert tick_decimals((0.0, 20.0)) == 0


@given(
    first=st.dates(date(1950, 1, 1), date(2050, 1, 1)),
    days=st.integers(1, 40_000),
    most=st.integers(1, 12),
)
def test_dates_stand_on_first_days_of_months(first: date, days: int, most: int) -> None:
    start = first.toordinal()
    found = date_ticks(start, start + days, most)
    assert len(found) <= most
    assert all(start <= x <= start + days and date.fromordinal(x).day == 1 for x in found)


@pytest.mark.parametrize("vision", VISIONS)
def test_colours_tell_apart_in_every_vision(vision: str) -> None:
    for i, one in enumerate(COLOURS):
        assert difference(one, "#ffffff", vision) > 0.2
        for other in COLOURS[i + 1 :]:
            assert difference(one, other, vision) > TELLS_APART, (one, other)
    assert difference(_LEAST, _MOST, vision) > 0.3
