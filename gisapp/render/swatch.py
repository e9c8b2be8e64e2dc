"""The sample beside a legend's entry, on screen and on paper."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QBrush, QColor, QLinearGradient, QPainter

from gisapp.render.pens import paint_swatch

if TYPE_CHECKING:
    from collections.abc import Sequence

    from gisapp.core.style import Symbol
    from gisapp.render.legend import Nature


def paint_sample(
    painter: QPainter,
    symbol: Symbol,
    nature: Nature,
    ramp: Sequence[str],
    box: QRectF,
    px_per_mm: float,
) -> None:
    """Paint a symbol at the size it has on the map, or the colours of a surface, into `box`."""
    if not ramp:
        paint_swatch(painter, symbol, nature, box, px_per_mm)
        return
    gradient = QLinearGradient(box.topLeft(), box.topRight())
    for place, colour in enumerate(ramp):
        gradient.setColorAt(place / max(len(ramp) - 1, 1), QColor(colour))
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(QBrush(gradient))
    painter.drawRect(box)
