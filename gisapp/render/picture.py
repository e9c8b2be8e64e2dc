"""What the screen shows of a map: the ground and, apart from it, the names, as images."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtGui import QImage, QPainter

from gisapp.core.progress import SILENT
from gisapp.render.painter import paint_groups, paint_labels
from gisapp.render.scene import build_ground, build_names

if TYPE_CHECKING:
    from collections.abc import Sequence

    from gisapp.core.layer import Layer
    from gisapp.core.progress import Progress
    from gisapp.render.viewport import Viewport

Window = tuple[int, int, int, int]


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
    image = QImage(seen.width_px, seen.height_px, QImage.Format.Format_ARGB32_Premultiplied)
    image.fill(Qt.GlobalColor.transparent)
    scene = build_ground(layers, seen, progress)
    painter = QPainter(image)
    try:
        paint_groups(painter, scene, progress)
    finally:
        painter.end()
    return image


def draw_names(layers: Sequence[Layer], viewport: Viewport, progress: Progress = SILENT) -> QImage:
    """Draw the names of the visible layers' features on a transparent image.

    Raises
    ------
    Cancelled
        Where `progress` says so.
    """
    image = QImage(viewport.width_px, viewport.height_px, QImage.Format.Format_ARGB32_Premultiplied)
    image.fill(Qt.GlobalColor.transparent)
    scene = build_names(layers, viewport, progress)
    painter = QPainter(image)
    try:
        paint_labels(painter, scene)
    finally:
        painter.end()
    return image


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
