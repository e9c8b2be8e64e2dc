"""What the screen shows of a map: the ground and, apart from it, the names, as images."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtGui import QImage, QPainter

from gisapp.core.progress import SILENT
from gisapp.render.painter import paint_groups, paint_labels
from gisapp.render.raster import empty_image, paint_ground
from gisapp.render.scene import build_ground, build_names
from gisapp.render.warming import ready

if TYPE_CHECKING:
    from collections.abc import Sequence

    from gisapp.core.layer import Layer
    from gisapp.core.progress import Progress
    from gisapp.render.viewport import Viewport

Window = tuple[int, int, int, int]

# A coarse picture has so many times fewer pixels, across and down.
_COARSE = 4
# Areas of fewer of its pixels across are blocks in it.
_COARSE_LEAST_PX = 6.0


def draw_ground(
    layers: Sequence[Layer],
    viewport: Viewport,
    progress: Progress = SILENT,
    *,
    window: Window | None = None,
    coarse: bool = False,
) -> QImage:
    """Draw the visible layers without their names; transparent where there is nothing.

    Parameters
    ----------
    window : tuple of int, optional
        x, y, width, height in pixels of the viewport: only this is drawn, in an image of that
        size that is the same as this part of the whole.
    coarse : bool
        Something recognisable soon, rather than every detail.

    Raises
    ------
    Cancelled
        Where `progress` says so.
    """
    seen = viewport if window is None else part_of(viewport, window)
    if coarse and min(seen.width_px, seen.height_px) >= _COARSE:
        return _enlarged(_ground(layers, _coarser(seen), progress, _COARSE_LEAST_PX), seen)
    return _ground(layers, seen, progress)


def draw_names(layers: Sequence[Layer], viewport: Viewport, progress: Progress = SILENT) -> QImage:
    """Draw the names of the visible layers' features on a transparent image.

    Raises
    ------
    Cancelled
        Where `progress` says so.
    """
    image = empty_image(viewport.width_px, viewport.height_px)
    scene = build_names(layers, viewport, progress)
    painter = QPainter(image)
    try:
        paint_labels(painter, scene)
    finally:
        painter.end()
    return image


def _ground(
    layers: Sequence[Layer], viewport: Viewport, progress: Progress, least_px: float = 0.0
) -> QImage:
    image = empty_image(viewport.width_px, viewport.height_px)
    scene = build_ground(layers, viewport, progress)
    if ready():
        paint_ground(image, scene, progress, least_px)
        return image
    painter = QPainter(image)
    try:
        paint_groups(painter, scene, progress)
    finally:
        painter.end()
    return image


def _coarser(viewport: Viewport) -> Viewport:
    """Return the same view in fewer pixels: its scale and what it shows stay."""
    return replace(
        viewport,
        metres_per_px=viewport.metres_per_px * _COARSE,
        px_per_mm=viewport.px_per_mm / _COARSE,
        width_px=-(-viewport.width_px // _COARSE),
        height_px=-(-viewport.height_px // _COARSE),
    )


def _enlarged(rough: QImage, viewport: Viewport) -> QImage:
    """Return a coarse picture in the size of the view; what reaches beyond it is cut off."""
    width, height = rough.width() * _COARSE, rough.height() * _COARSE
    keep, smooth = Qt.AspectRatioMode.IgnoreAspectRatio, Qt.TransformationMode.SmoothTransformation
    left, top = (width - viewport.width_px) // 2, (height - viewport.height_px) // 2
    large = rough.scaled(width, height, keep, smooth)
    return large.copy(left, top, viewport.width_px, viewport.height_px)


def part_of(viewport: Viewport, window: Window) -> Viewport:
    """Return the viewport that shows `window` (x, y, width, height px) of another."""
    x, y, width, height = window
    resolution = viewport.metres_per_px
    return replace(
        viewport,
        center_x=viewport.center_x + (x + (width - viewport.width_px) / 2) * resolution,
        center_y=viewport.center_y - (y + (height - viewport.height_px) / 2) * resolution,
        width_px=width,
        height_px=height,
    )
