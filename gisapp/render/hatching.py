"""Hatches as lines and dots inside an area, because not every paper can clip. No Qt."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np
import shapely

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from gisapp.core.style import Hatch
    from gisapp.render.viewport import Viewport

_LINE = 1


def hatch_lines(area: shapely.Geometry, hatch: Hatch, spacing_px: float) -> NDArray[np.float64]:
    """Return the hatch's segments inside `area`, shape (n, 2, 2) in pixels; none for dots.

    Segments lie on the lines x ± y = k · `spacing_px`, so those of neighbouring areas meet.
    """
    lines = []
    if hatch in ("diagonal", "cross"):
        lines += _diagonals(area.bounds, spacing_px, 1.0)
    if hatch in ("back", "cross"):
        lines += _diagonals(area.bounds, spacing_px, -1.0)
    if not lines:
        return np.empty((0, 2, 2))
    inside = shapely.get_parts(shapely.intersection(shapely.linestrings(lines), area))
    pieces = inside[shapely.get_type_id(inside) == _LINE]
    ends = [shapely.get_point(pieces, 0), shapely.get_point(pieces, -1)]
    return np.stack([shapely.get_coordinates(end) for end in ends], axis=1)


def tile_origin(viewport: Viewport, side_px: int) -> tuple[int, int]:
    """Return the pixel at which a hatch's tile begins, so that hatches lie fixed on the ground.

    A map that is moved by whole pixels then moves its hatches with it.
    """
    ((x, y),) = viewport.to_px(np.zeros((1, 2)))
    return round(x) % side_px, round(y) % side_px


def hatch_dots(area: shapely.Geometry, spacing_px: float) -> NDArray[np.float64]:
    """Return the places of dots inside `area`, shape (n, 2), on a grid shared by all areas."""
    min_x, min_y, max_x, max_y = (edge / spacing_px for edge in area.bounds)
    columns = np.arange(math.floor(min_x), math.ceil(max_x) + 1) + 0.5
    rows = np.arange(math.floor(min_y), math.ceil(max_y) + 1) + 0.5
    x, y = (grid.ravel() * spacing_px for grid in np.meshgrid(columns, rows))
    inside = shapely.contains_xy(area, x, y)
    return np.column_stack([x[inside], y[inside]])


def _diagonals(
    bounds: tuple[float, float, float, float], spacing_px: float, sign: float
) -> list[list[tuple[float, float]]]:
    """Return the lines x + sign · y = k · spacing that cross `bounds`, edge to edge."""
    min_x, min_y, max_x, max_y = bounds
    levels = [x + sign * y for x in (min_x, max_x) for y in (min_y, max_y)]
    first, last = math.floor(min(levels) / spacing_px), math.ceil(max(levels) / spacing_px)
    return [
        [(x, sign * (k * spacing_px - x)) for x in (min_x, max_x)] for k in range(first, last + 1)
    ]
