"""Symbols as small pictures for the layer panel, painted by the code that paints the map."""

from __future__ import annotations

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


@cache
def swatch(symbol: Symbol, nature: Nature, ramp: tuple[str, ...] = ()) -> QIcon:
    """Return a symbol as an icon, at the size it has on the map; of a surface, its `ramp`."""
    pixmap = QPixmap(SWATCH_PX * SHARPNESS, SWATCH_PX * SHARPNESS)
    pixmap.setDevicePixelRatio(SHARPNESS)
    pixmap.fill(Qt.GlobalColor.transparent)
    painter = QPainter(pixmap)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    box = QRectF(1.5, 3.5, SWATCH_PX - 3, SWATCH_PX - 7)
    paint_sample(painter, symbol, nature, ramp, box, SCREEN_PX_PER_MM)
    painter.end()
    return QIcon(pixmap)
