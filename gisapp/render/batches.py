"""What a scene is made of: alike things to paint, in pixels, and how each layer's lie together."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from gisapp.render.geometry import points_within
from gisapp.render.outline import Outline, outline

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from gisapp.core.style import Blend, Clusters, Symbol
    from gisapp.render.geometry import Parts
    from gisapp.render.spots import Spots
    from gisapp.render.viewport import Viewport


@dataclass(frozen=True, eq=False)
class PointBatch:
    """Marks of one symbol, sized for the view; `factor` is how large against its style's size.

    They stay in metres until somebody asks for `xy`: the compiled kernels do not.
    """

    symbol: Symbol
    spots: Spots
    factor: float
    viewport: Viewport

    @cached_property
    def xy(self) -> NDArray[np.float32]:
        """The marks in view in pixels, (n, 2), the lowest first."""
        reach = (self.symbol.size_mm + self.symbol.stroke_mm) * self.viewport.px_per_mm
        size = self.viewport.width_px, self.viewport.height_px
        px = self.spots.px(self.viewport, self.factor)
        seen = points_within(px, (-reach, -reach, size[0] + reach, size[1] + reach))
        return px[seen][::-1].astype(np.float32)


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
