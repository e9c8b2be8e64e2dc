"""What a scene is made of: alike things to paint, in pixels, and how each layer's lie together."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from gisapp.core.style import Blend, Clusters, Symbol
    from gisapp.render.geometry import Outline


@dataclass(frozen=True, eq=False)
class PointBatch:
    """Marks of one symbol: `xy` (n, 2) float32 pixels."""

    symbol: Symbol
    xy: NDArray[np.float32]


@dataclass(frozen=True, eq=False)
class OutlineBatch:
    """Lines, or polygons where `closed`, of one symbol."""

    symbol: Symbol
    closed: bool
    outline: Outline


@dataclass(frozen=True, eq=False)
class ClusterBatch:
    """Circles with a number: `xy` (n, 2) pixels, `radius_px` (n,), how many points each (n,)."""

    look: Clusters
    xy: NDArray[np.float64]
    radius_px: NDArray[np.float64]
    count: NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class ImageBatch:
    """A raster: `rgba` (height, width, 4) uint8, premultiplied, over a quadrilateral of the view.

    `corners` (4, 2) are where its upper left, upper right, lower right and lower left corners lie,
    in pixels of the viewport.
    """

    rgba: NDArray[np.uint8]
    corners: NDArray[np.float64]


Batch = PointBatch | OutlineBatch | ClusterBatch | ImageBatch


@dataclass(frozen=True, eq=False)
class Group:
    """What one layer paints, the lowest first, blended as a whole with what lies below."""

    name: str
    batches: tuple[Batch, ...]
    opacity: float = 1.0
    blend: Blend = "normal"
