"""How large point symbols are drawn at a scale: far out, full-size ones would bury the map."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from gisapp.core.style import Symbol
    from gisapp.render.viewport import Viewport

# Nearer than this, symbols are as large as their style says: stalls along a street stand apart.
_FULL_SIZE_SCALE = 12_000.0
# Smaller than this the shapes cannot be told apart.
_LEAST_FACTOR = 0.45
_STEP = 0.05


def size_factor(viewport: Viewport) -> float:
    """Return what sizes and strokes of point symbols are multiplied with, in steps of 0.05.

    Halving the scale quarters the room for the same points; shrinking with the square root keeps
    the balance between crowding and legibility.
    """
    factor = float((_FULL_SIZE_SCALE / viewport.scale) ** 0.5)
    return round(min(max(factor, _LEAST_FACTOR), 1.0) / _STEP) * _STEP


def crowded(viewport: Viewport) -> bool:
    """Say whether it is so far out that stalls along a street hide each other and their area."""
    return size_factor(viewport) < 1


def sized(symbol: Symbol, viewport: Viewport) -> Symbol:
    """Return a point symbol as it is drawn in `viewport`."""
    factor = size_factor(viewport)
    if factor == 1.0:
        return symbol
    return replace(symbol, size_mm=symbol.size_mm * factor, stroke_mm=symbol.stroke_mm * factor)
