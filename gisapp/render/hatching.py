"""Hatches as lines and dots inside an area, because not every paper can clip. No Qt."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from gisapp.core.style import Hatch
    from gisapp.render.viewport import Viewport

    Rings = Sequence[NDArray[np.float64]]

_SLOPES: dict[str, tuple[float, ...]] = {"diagonal": (1.0,), "back": (-1.0,), "cross": (1.0, -1.0)}


def tile_origin(viewport: Viewport, side_px: float) -> tuple[int, int]:
    """Return the pixel at which a hatch begins, so that hatches lie fixed on the ground.

    A map that is moved by whole pixels then moves its hatches with it.
    """
    ((x, y),) = viewport.to_px(np.zeros((1, 2)))
    return round(x % side_px), round(y % side_px)


def hatch_lines(rings: Rings, hatch: Hatch, spacing_px: float) -> NDArray[np.float64]:
    """Return the hatch's segments inside an area, shape (n, 2, 2) in pixels; none for dots.

    Segments lie on the lines x ± y = k · `spacing_px`, so those of neighbouring areas meet.

    Parameters
    ----------
    rings : sequence of ndarray, shape (m, 2)
        Shell and holes in pixels, in any order; inside is what lies in an odd number of them, so
        that rings may cross themselves.
    """
    segments = [_along(rings, slope, spacing_px) for slope in _SLOPES.get(hatch, ())]
    return np.concatenate([np.empty((0, 2, 2)), *segments])


def hatch_dots(rings: Rings, spacing_px: float) -> NDArray[np.float64]:
    """Return the places of dots inside an area, shape (n, 2), on a grid shared by all areas."""
    half = spacing_px / 2
    level, x0, x1 = _spans([ring - half for ring in rings], 0.0, spacing_px)
    first = np.ceil(x0 / spacing_px).astype(np.int64)
    count = np.maximum(np.floor(x1 / spacing_px).astype(np.int64) - first + 1, 0)
    start = np.repeat(np.cumsum(count) - count, count)
    column = np.repeat(first, count) + np.arange(count.sum()) - start
    row = np.repeat(level, count)
    return np.column_stack([column, row]) * spacing_px + half


def _along(rings: Rings, slope: float, spacing_px: float) -> NDArray[np.float64]:
    """Return the segments on the lines x + `slope` · y = k · `spacing_px`."""
    level, x0, x1 = _spans(rings, slope, spacing_px)
    across = level * spacing_px
    ends = [np.column_stack([x, slope * (across - x)]) for x in (x0, x1)]
    return np.stack(ends, axis=1)


def _spans(
    rings: Rings, slope: float, spacing_px: float
) -> tuple[NDArray[np.int64], NDArray[np.float64], NDArray[np.float64]]:
    """Return where evenly spaced lines run inside: the line's number, from which x to which.

    The lines are x + `slope` · y = k · spacing, or y = k · spacing where `slope` is 0. Each line
    crosses the edges an even number of times: from the first to the second it is inside, and so on.
    """
    a = np.concatenate(rings)
    b = np.concatenate([np.roll(ring, -1, axis=0) for ring in rings])
    axis = np.array([1.0, slope]) if slope else np.array([0.0, 1.0])
    low, high = a @ axis / spacing_px, b @ axis / spacing_px
    first = np.ceil(np.minimum(low, high)).astype(np.int64)
    count = np.ceil(np.maximum(low, high)).astype(np.int64) - first
    edge = np.repeat(np.arange(len(a)), count)
    level = (
        np.repeat(first, count)
        + np.arange(count.sum())
        - np.repeat(np.cumsum(count) - count, count)
    )
    share = (level - low[edge]) / (high - low)[edge]
    x = a[edge, 0] + share * (b[edge, 0] - a[edge, 0])
    order = np.lexsort((x, level))
    return level[order[::2]], x[order[::2]], x[order[1::2]]
