"""The picture of a map view, drawn off the GUI thread, and where it lies in a newer view."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtCore import QRectF
from PySide6.QtGui import QColor, QImage, QPainter

from gisapp.render.geometry import total_bounds

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    import geopandas as gpd

    from gisapp.core.layer import Layer
    from gisapp.core.progress import Progress
    from gisapp.render.viewport import Bounds, Viewport

PAPER = QColor("#ffffff")
LEAST_EXTENT_M = 200.0


@dataclass(frozen=True, eq=False)
class Picture:
    """An image of the map and the view it was drawn for."""

    image: QImage
    viewport: Viewport


def draw_picture(layers: Sequence[Layer], viewport: Viewport, progress: Progress) -> Picture:
    """Draw the visible layers; safe on a worker, because it paints into a QImage only."""
    # Here, on the worker: the window is shown before pandas is imported.
    from gisapp.render.painter import paint
    from gisapp.render.scene import build_scene

    scene = build_scene(layers, viewport, progress)
    image = QImage(viewport.width_px, viewport.height_px, QImage.Format.Format_ARGB32_Premultiplied)
    image.fill(PAPER)
    painter = QPainter(image)
    try:
        paint(painter, scene)
    finally:
        painter.end()
    return Picture(image, viewport)


def place_of(picture: Picture, viewport: Viewport) -> QRectF:
    """Return where the whole of `picture` lies in `viewport`, in pixels."""
    was = picture.viewport
    scale = was.metres_per_px / viewport.metres_per_px
    width, height = was.width_px * scale, was.height_px * scale
    x = viewport.width_px / 2 + (was.center_x - viewport.center_x) / viewport.metres_per_px
    y = viewport.height_px / 2 - (was.center_y - viewport.center_y) / viewport.metres_per_px
    return QRectF(x - width / 2, y - height / 2, width, height)


def extent_of(frames: Iterable[gpd.GeoDataFrame]) -> Bounds | None:
    """Return the extent of frames in metres; None where nothing has a place."""
    bounds = total_bounds(list(frames))
    return at_least_a_street(bounds) if bounds is not None else None


def at_least_a_street(bounds: Iterable[float]) -> Bounds:
    """Widen an extent, so that a lone point is seen with its surroundings."""
    x0, y0, x1, y1 = map(float, bounds)
    wider = max(LEAST_EXTENT_M - (x1 - x0), 0) / 2
    higher = max(LEAST_EXTENT_M - (y1 - y0), 0) / 2
    return x0 - wider, y0 - higher, x1 + wider, y1 + higher
