"""Draws charts: vectors, the same on screen and on paper, as high as what they hold needs."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from gisapp.render.chart_cells import least_width, paint_matrix
from gisapp.render.chart_parts import GAP_MM, SMALL, TITLE, Painted, mm
from gisapp.render.chart_rows import paint_bars, paint_tornado
from gisapp.render.chart_steps import paint_steps
from gisapp.render.charts import Bars, Chart, Matrix, Steps, Tornado
from gisapp.render.text import measuring

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from PySide6.QtCore import QRectF

    from gisapp.render.text import Writer

_LEAST_WIDTH_MM = 80.0
_PAINTERS: Mapping[type[Chart], Callable[[Writer, Any, float, float, float], Painted]] = {
    Bars: paint_bars,
    Tornado: paint_tornado,
    Steps: paint_steps,
    Matrix: paint_matrix,
}


@dataclass(frozen=True)
class Spot:
    """The place of a mark, in pixels, and what it says."""

    place: QRectF
    reading: str


@dataclass(frozen=True)
class Drawn:
    """How far down a chart reaches, in pixels, and its marks."""

    bottom: float
    spots: tuple[Spot, ...]


def paint_chart(writer: Writer, chart: Chart, x: float, y: float, width: float) -> Drawn:
    """Draw a chart from its upper left corner down: title, unit, marks, note.

    Parameters
    ----------
    writer : Writer
        One that only measures (`render.text.measuring`) tells where all would lie.
    chart : Chart
    x, y, width : float
        In pixels; `width` is at least `least_width_of` for nothing to reach over its end.
    """
    gap = mm(writer, GAP_MM)
    end = writer.write(chart.title, TITLE, x, y, width) if chart.title else y
    if chart.unit:
        end = writer.write(chart.unit, SMALL, x, end, width)
    painted = _PAINTERS[type(chart)](writer, chart, x, end + gap, width)
    bottom = painted.bottom
    if chart.note:
        bottom = writer.write(chart.note, SMALL, x, bottom + gap, width)
    spots = zip(painted.marks, chart.readings(), strict=True)
    return Drawn(bottom, tuple(Spot(place, reading) for place, reading in spots))


def height_of(chart: Chart, width: float, px_per_mm: float) -> float:
    """Return how high a chart of a width is, both in pixels."""
    with measuring(px_per_mm) as writer:
        return paint_chart(writer, chart, 0.0, 0.0, width).bottom


def least_width_of(chart: Chart, px_per_mm: float) -> float:
    """Return the width in pixels below which a chart cannot be read."""
    least = _LEAST_WIDTH_MM * px_per_mm
    if not isinstance(chart, Matrix):
        return least
    with measuring(px_per_mm) as writer:
        return max(least, least_width(writer, chart))
