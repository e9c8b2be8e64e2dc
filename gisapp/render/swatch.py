"""The sample beside a legend's entry, on screen and on paper."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QBrush, QColor, QLinearGradient, QPainter

from gisapp.render.pens import paint_swatch

if TYPE_CHECKING:
    from collections.abc import Sequence

    from gisapp.core.style import Symbol
    from gisapp.render.legend import Nature

# Smaller shapes cannot be told apart: 6 px of a screen.
LEAST_MM = 1.6


def paint_sample(
    painter: QPainter,
    symbol: Symbol,
    nature: Nature,
    ramp: Sequence[str],
    box: QRectF,
    px_per_mm: float,
) -> None:
    """Paint a symbol or the colours of a surface into `box`.

    A marker has the size that it has on the map, but is never a speck.
    """
    if not ramp:
        legible = replace(symbol, size_mm=max(symbol.size_mm, LEAST_MM))
        paint_swatch(painter, legible, nature, box, px_per_mm)
        return
    gradient = QLinearGradient(box.topLeft(), box.topRight())
    for place, colour in enumerate(ramp):
        gradient.setColorAt(place / max(len(ramp) - 1, 1), QColor(colour))
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(QBrush(gradient))
    painter.drawRect(box)
