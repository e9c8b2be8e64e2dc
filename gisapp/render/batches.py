"""What a scene is made of: alike things to paint, in pixels, and how each layer's lie together."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from gisapp.render.geometry import outline

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from gisapp.core.style import Blend, Clusters, Symbol
    from gisapp.render.geometry import Outline, Parts
    from gisapp.render.viewport import Viewport


@dataclass(frozen=True, eq=False)
class PointBatch:
    """Marks of one symbol: `xy` (n, 2) float32 pixels."""

    symbol: Symbol
    xy: NDArray[np.float32]


@dataclass(frozen=True, eq=False)
class OutlineBatch:
    """Lines, or polygons where `closed`, of one symbol: some parts of a layer, by their index.

    They stay in metres until somebody asks for their `outline`: the compiled kernels do not.
    """

    symbol: Symbol
    parts: Parts
    chosen: NDArray[np.intp]
    viewport: Viewport

    @property
    def closed(self) -> bool:
        """Whether these are areas."""
        return self.parts.closed

    @cached_property
    def outline(self) -> Outline:
        """The parts in pixels, without detail that cannot be seen."""
        return outline(self.parts, self.chosen, self.viewport)


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
