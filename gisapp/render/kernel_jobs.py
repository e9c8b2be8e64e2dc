"""Batches as the compiled kernels take them: arrays in metres, colours and lengths in pixels."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtGui import QColor, QImage

from gisapp.render.batch_painter import stamp_of
from gisapp.render.hatching import tile_origin
from gisapp.render.outline import REACH_VIEWS, cut_where_far
from gisapp.render.pens import dashes_px, fill_colour, hatched_brush

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from gisapp.core.style import Symbol
    from gisapp.render.batches import OutlineBatch, PointBatch
    from gisapp.render.geometry import Parts
    from gisapp.render.spots import Spots
    from gisapp.render.viewport import Viewport

# Squares in which the kernels count what can be seen through; see `kernels.SQUARE_BITS`.
SQUARE_PX = 8
# So much is done between two looks at whether the frame is still wanted: some milliseconds.
_VERTICES_A_CHUNK = 100_000
_MARKS_A_CHUNK = 200_000
# Solid outlines need no cutting until they reach so many views beyond the view that the places of
# pixels lose their decimals; dashes are worked out along all of a line.
_SOLID_REACH_VIEWS = 1e5

_NO_TILE = np.empty((0, 0), dtype=np.uint32)

Chunks = tuple[tuple[int, int], ...]


@dataclass(frozen=True, eq=False)
class Outlines:
    """Arguments of `kernels_area.paint_parts`: `chosen` parts, painted in `chunks`."""

    parts: Parts
    chosen: NDArray[np.int64]
    chunks: Chunks
    most_vertices: int
    view: NDArray[np.float64]
    fill: int
    tile: NDArray[np.uint32]
    tile_at: NDArray[np.int64]
    stroke: int
    reach_px: float
    dashes_px: NDArray[np.float64]
    speck: int
    least_px: float


@dataclass(frozen=True, eq=False)
class Marks:
    """Arguments of `kernels_point.stamp_marks`: `spots` gone through in `chunks` of columns."""

    spots: Spots
    chunks: Chunks
    view: NDArray[np.float64]
    px_per_mm: float
    room_px: float
    stamp: NDArray[np.uint32]


def outline_jobs(batch: OutlineBatch, viewport: Viewport, least_px: float = 0.0) -> list[Outlines]:
    """Return what paints a batch, the lowest first; parts that reach too far are cut.

    Parts smaller than `least_px` become blocks in the colour of their area.
    """
    reach_views = REACH_VIEWS if batch.symbol.dash_mm else _SOLID_REACH_VIEWS
    near, cut = cut_where_far(batch.parts, batch.chosen, viewport, reach_views)
    pieces = [] if cut is None else [(cut, np.arange(len(cut.row)))]
    if len(near):
        pieces.append((batch.parts, near))
    return [_outlines(parts, chosen, batch.symbol, viewport, least_px) for parts, chosen in pieces]


def marks_job(batch: PointBatch, viewport: Viewport) -> Marks:
    """Return what paints a batch."""
    spots = batch.spots
    px_per_mm = batch.factor * viewport.px_per_mm
    furthest_mm = float(np.abs(spots.beside_mm).max(initial=0.0))
    return Marks(
        spots,
        _chunks(spots.starts, _MARKS_A_CHUNK),
        _view(viewport),
        px_per_mm,
        furthest_mm * px_per_mm,
        _without_margin(_copied(stamp_of(batch.symbol, viewport.px_per_mm))),
    )


def _outlines(
    parts: Parts, chosen: NDArray[np.intp], symbol: Symbol, viewport: Viewport, least_px: float
) -> Outlines:
    first, after = parts.part_starts[chosen], parts.part_starts[chosen + 1]
    counts = parts.ring_starts[after] - parts.ring_starts[first]
    tile, tile_at = _tile(symbol, viewport) if parts.closed else (_NO_TILE, (0, 0))
    colours = (symbol.fill, symbol.stroke) if least_px else (symbol.stroke, symbol.fill)
    speck = colours[0] or colours[1]
    strokes = symbol.stroke is not None and symbol.stroke_mm > 0
    return Outlines(
        parts,
        chosen.astype(np.int64),
        _chunks(np.concatenate([[0], np.cumsum(counts)]), _VERTICES_A_CHUNK),
        int(counts.max(initial=0)),
        _view(viewport),
        _premultiplied(fill_colour(symbol)) if symbol.fill is not None else 0,
        tile,
        np.array(tile_at, dtype=np.int64),
        _premultiplied(QColor(symbol.stroke)) if strokes else 0,
        symbol.stroke_mm * viewport.px_per_mm / 2 if strokes else 0.0,
        np.array(dashes_px(symbol, viewport.px_per_mm) if strokes else []),
        _premultiplied(QColor(speck)) if speck is not None else 0,
        least_px,
    )


def _tile(symbol: Symbol, viewport: Viewport) -> tuple[NDArray[np.uint32], tuple[int, int]]:
    """Return a hatch's tile and where in it the first pixel of the view lies."""
    if not symbol.hatch:
        return _NO_TILE, (0, 0)
    tile = _copied(hatched_brush(symbol, viewport.px_per_mm).textureImage())
    x, y = tile_origin(viewport, len(tile))
    return tile, (len(tile) - x, len(tile) - y)


def _without_margin(stamp: NDArray[np.uint32]) -> NDArray[np.uint32]:
    """Return a stamp without the pixels all around that are empty; its middle stays its middle."""
    rows, columns = np.nonzero(stamp)
    if not len(rows):
        return stamp
    middle = len(stamp) // 2
    reach = int(max(np.abs(rows - middle).max(), np.abs(columns - middle).max()))
    inner = slice(middle - reach, middle + reach + 1)
    return np.ascontiguousarray(stamp[inner, inner])


def _chunks(starts: NDArray[np.int64], most: int) -> Chunks:
    """Cut runs, which start at `starts` (n + 1,), into groups of about `most` members."""
    total, runs = int(starts[-1]), len(starts) - 1
    edges = np.searchsorted(starts, np.arange(most, total, most)).tolist()
    edges = [0, *sorted({edge for edge in edges if 0 < edge < runs}), runs]
    return tuple(pairwise(edges))


def _view(viewport: Viewport) -> NDArray[np.float64]:
    west, _, _, north = viewport.bounds
    return np.array([west, north, 1.0 / viewport.metres_per_px])


def _premultiplied(colour: QColor) -> int:
    alpha = colour.alpha()
    red, green, blue = (
        _scaled(value, alpha) for value in (colour.red(), colour.green(), colour.blue())
    )
    return alpha << 24 | red << 16 | green << 8 | blue


def _scaled(value: int, alpha: int) -> int:
    """Return value × alpha / 255, rounded as Qt rounds."""
    product = value * alpha
    return (product + (product >> 8) + 0x80) >> 8


def _copied(image: QImage) -> NDArray[np.uint32]:
    pixels: NDArray[np.uint32] = np.frombuffer(image.constBits(), dtype=np.uint32)
    return pixels.reshape(image.height(), image.width()).copy()
