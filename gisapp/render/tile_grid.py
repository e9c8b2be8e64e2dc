"""Which web mercator tiles a view needs, and where each pixel of the view lies on them. No Qt."""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np
from pyproj import Transformer

from gisapp.io.tiles.source import TileId

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    from gisapp.io.tiles.source import TileSource
    from gisapp.render.viewport import Viewport

# Half the circumference of the sphere that web mercator is drawn on.
_HALF_M = math.pi * 6_378_137.0
# Within a cell the way from view to tiles is taken as affine. Around Jakarta that is wrong by less
# than 0.01 pixels in a city, 0.02 at 1:400,000 and 0.4 at 1:8,000,000.
CELL_PX = 128
# What one view may ask of a source: 16 × 16 tiles fill a screen of 4K.
_TILES_MAX = 256
# On paper a pixel of a tile is this large, so that the names in it can be read.
_PAPER_PX_PER_MM = 150 / 25.4


@dataclass(frozen=True, eq=False)
class TileGrid:
    """The tiles under a view, and the view's nodes on them.

    Parameters
    ----------
    zoom, x, y, columns, rows : int
        The level, the upper left tile, and how many tiles there are.
    node_px : ndarray
        (rows of nodes + 1, columns of nodes + 1, 2): where the corners of the view's cells lie, in
        tile pixels from the upper left tile's corner; not finite where they are not on the earth.
    x_px, y_px : ndarray
        The cells' corners in pixels of the view.
    """

    zoom: int
    x: int
    y: int
    columns: int
    rows: int
    node_px: NDArray[np.float64]
    x_px: NDArray[np.int64]
    y_px: NDArray[np.int64]

    def tiles(self) -> Iterator[TileId]:
        """Give the tiles, those in the middle first."""
        places = [(x, y) for y in range(self.rows) for x in range(self.columns)]
        middle = (self.columns - 1) / 2, (self.rows - 1) / 2
        places.sort(key=lambda at: math.dist(at, middle))
        for x, y in places:
            yield TileId(self.zoom, self.x + x, self.y + y)


def grid_of(source: TileSource, viewport: Viewport, crs: str) -> TileGrid | None:
    """Return the tiles of `source` under `viewport`; None where it has none there.

    Parameters
    ----------
    crs : str
        The project's, in which the viewport is.
    """
    x_px, y_px = _edges(viewport.width_px), _edges(viewport.height_px)
    mercator = _mercator(viewport, crs, x_px, y_px)
    seen = mercator[np.isfinite(mercator).all(axis=-1)]
    if not len(seen):
        return None
    box = _overlap((*seen.min(axis=0), *seen.max(axis=0)), _mercator_bounds(source))
    if box is None:
        return None
    zoom = _zoom(source, viewport, crs)
    while (span := _span(box, zoom))[2] * span[3] > _TILES_MAX:
        zoom -= 1
    if not source.min_zoom <= zoom:
        return None
    px_per_m = source.tile_px * 2**zoom / (2 * _HALF_M)
    corner = np.array([span[0], span[1]]) * source.tile_px
    node_px = np.stack([mercator[..., 0] + _HALF_M, _HALF_M - mercator[..., 1]], axis=-1)
    return TileGrid(zoom, *span, node_px * px_per_m - corner, x_px, y_px)


def _edges(length_px: int) -> NDArray[np.int64]:
    return np.append(np.arange(0, length_px, CELL_PX), length_px)


def _mercator(
    viewport: Viewport, crs: str, x_px: NDArray[np.int64], y_px: NDArray[np.int64]
) -> NDArray[np.float64]:
    """Return the nodes of the view in metres of web mercator; not finite where there is none."""
    across, down = np.meshgrid(x_px, y_px)
    places = viewport.to_map(np.column_stack([across.ravel(), down.ravel()]))
    x, y = _to_mercator(crs).transform(places[:, 0], places[:, 1])
    return np.stack([x, y], axis=-1).reshape(*across.shape, 2)


def _zoom(source: TileSource, viewport: Viewport, crs: str) -> int:
    """Return the level whose pixels are nearest in size to the view's, at its latitude."""
    step = np.array([[0.0, 0.0], [viewport.metres_per_px, 0.0]])
    places = step + np.array([viewport.center_x, viewport.center_y])
    x, y = _to_mercator(crs).transform(places[:, 0], places[:, 1])
    if not np.isfinite([x, y]).all() or (x[0], y[0]) == (x[1], y[1]):
        return source.min_zoom
    metres_per_px = math.hypot(x[1] - x[0], y[1] - y[0])
    metres_per_px *= max(1.0, viewport.px_per_mm / _PAPER_PX_PER_MM)
    exact = math.log2(2 * _HALF_M / (source.tile_px * metres_per_px))
    return max(source.min_zoom, min(source.max_zoom, round(exact)))


def _span(box: tuple[float, ...], zoom: int) -> tuple[int, int, int, int]:
    """Return x, y, columns and rows of the tiles of a level that cover a box of mercator metres."""
    side_m, last = 2 * _HALF_M / 2**zoom, 2**zoom - 1
    west, south, east, north = box
    x0, x1 = (min(max(int((x + _HALF_M) // side_m), 0), last) for x in (west, east))
    y0, y1 = (min(max(int((_HALF_M - y) // side_m), 0), last) for y in (north, south))
    return x0, y0, x1 - x0 + 1, y1 - y0 + 1


def _overlap(one: tuple[float, ...], other: tuple[float, ...]) -> tuple[float, ...] | None:
    west, south = max(one[0], other[0]), max(one[1], other[1])
    east, north = min(one[2], other[2]), min(one[3], other[3])
    return (west, south, east, north) if west < east and south < north else None


def _mercator_bounds(source: TileSource) -> tuple[float, float, float, float]:
    west, south, east, north = source.bounds
    return _mercator_x(west), _mercator_y(south), _mercator_x(east), _mercator_y(north)


def _mercator_x(lon: float) -> float:
    return _HALF_M * max(-180.0, min(180.0, lon)) / 180


def _mercator_y(lat: float) -> float:
    return 6_378_137.0 * math.asinh(math.tan(math.radians(max(-85.06, min(85.06, lat)))))


@lru_cache(maxsize=8)
def _to_mercator(crs: str) -> Transformer:
    return Transformer.from_crs(crs, "EPSG:3857", always_xy=True)
