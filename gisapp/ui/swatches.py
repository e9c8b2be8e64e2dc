"""Symbols as small pictures for the layer panel, painted by the code that paints the map."""

from __future__ import annotations

from dataclasses import replace
from functools import cache
from typing import TYPE_CHECKING

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QIcon, QPainter, QPixmap

from gisapp.render.swatch import paint_sample
from gisapp.render.viewport import SCREEN_PX_PER_MM

if TYPE_CHECKING:
    from gisapp.core.style import Symbol
    from gisapp.render.legend import Nature

SWATCH_PX = 18
SHARPNESS = 2
# Diamonds and stars reach a quarter further than circles of their size.
MOST_MM = (SWATCH_PX - 1) / 1.25 / SCREEN_PX_PER_MM


@cache
def swatch(symbol: Symbol, nature: Nature, ramp: tuple[str, ...] = ()) -> QIcon:
    """Return a symbol as an icon; of a surface, its `ramp`.

    It has the size that it has on the map, up to what goes into the icon.
    """
    pixmap = QPixmap(SWATCH_PX * SHARPNESS, SWATCH_PX * SHARPNESS)
    pixmap.setDevicePixelRatio(SHARPNESS)
    pixmap.fill(Qt.GlobalColor.transparent)
    painter = QPainter(pixmap)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    box = QRectF(1.5, 3.5, SWATCH_PX - 3, SWATCH_PX - 7)
    fitting = replace(symbol, size_mm=min(symbol.size_mm, MOST_MM - symbol.stroke_mm))
    paint_sample(painter, fitting, nature, ramp, box, SCREEN_PX_PER_MM)
    painter.end()
    return QIcon(pixmap)
