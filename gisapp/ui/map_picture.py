"""The pictures that a map view is laid together from, drawn off the GUI thread."""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtCore import QRect, QRectF
from PySide6.QtGui import QColor, QImage, QPainter

from gisapp.render.geometry import total_bounds

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    import geopandas as gpd

    from gisapp.core.progress import Progress
    from gisapp.render.viewport import Bounds, Viewport
    from gisapp.ui.map_frames import Work

    DrawUnder = Callable[[Viewport], QImage | None]

PAPER = QColor("#ffffff")
LEAST_EXTENT_M = 200.0


@dataclass(frozen=True, eq=False)
class Picture:
    """An image of the map and the view it was drawn for; None where there is nothing to see."""

    image: QImage | None
    viewport: Viewport


@dataclass(frozen=True, eq=False)
class Drawn:
    """What a piece of work brought: a picture for each thing that was drawn, else None."""

    work: Work
    took_s: float
    ground: Picture | None = None
    basemap: Picture | None = None
    names: Picture | None = None


def draw(
    work: Work, ground: Picture | None, draw_under: DrawUnder | None, progress: Progress
) -> Drawn:
    """Do a piece of work; safe on a worker, because it paints into images only.

    Parameters
    ----------
    ground : Picture, optional
        The ground at hand, of which strips leave the greater part.
    draw_under : callable, optional
        Draws the basemap in a viewport.

    Raises
    ------
    Cancelled
        Where `progress` says so.
    """
    # Here, on the worker: the window is shown before pandas is imported.
    from gisapp.render.picture import draw_ground, draw_names

    began = time.perf_counter()
    layers, viewport = work.wanted.layers, work.wanted.viewport
    drawn: dict[str, Picture] = {}
    if work.basemap and draw_under is not None:
        drawn["basemap"] = Picture(draw_under(viewport), viewport)
    if work.kind == "names":
        named = any(layer.visible and layer.style.labels for layer in layers)
        image = draw_names(layers, viewport, progress) if named else None
        drawn["names"] = Picture(image, viewport)
    elif work.kind == "strips":
        drawn["ground"] = Picture(_with_strips(work, ground, progress), viewport)
    elif work.kind != "basemap":
        image = draw_ground(layers, viewport, progress, coarse=work.kind == "coarse")
        drawn["ground"] = Picture(image, viewport)
    return Drawn(work, time.perf_counter() - began, **drawn)


def _with_strips(work: Work, ground: Picture | None, progress: Progress) -> QImage:
    """Move the ground at hand and draw what it does not cover."""
    from gisapp.render.picture import draw_ground

    if ground is None or ground.image is None:
        raise ValueError("strips are drawn onto a ground")
    layers, viewport = work.wanted.layers, work.wanted.viewport
    x, y = work.place
    image = ground.image.copy(QRect(-x, -y, viewport.width_px, viewport.height_px))
    painter = QPainter(image)
    painter.setCompositionMode(QPainter.CompositionMode.CompositionMode_Source)
    try:
        for window in work.strips:
            strip = draw_ground(layers, viewport, progress, window=window)
            painter.drawImage(window[0], window[1], strip)
    finally:
        painter.end()
    return image


def blit(painter: QPainter, picture: Picture, viewport: Viewport) -> None:
    """Lay a picture where it belongs in `viewport`, moved or scaled."""
    if picture.image is None:
        return
    scaled = picture.viewport.metres_per_px != viewport.metres_per_px
    painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, scaled)
    painter.drawImage(rect_of(picture.viewport, viewport), picture.image)


def rect_of(was: Viewport, now: Viewport) -> QRectF:
    """Return where the whole of the view `was` lies in the view `now`, in pixels."""
    scale = was.metres_per_px / now.metres_per_px
    width, height = was.width_px * scale, was.height_px * scale
    x = now.width_px / 2 + (was.center_x - now.center_x) / now.metres_per_px
    y = now.height_px / 2 - (was.center_y - now.center_y) / now.metres_per_px
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
