"""Dense points on paper: so many that vectors would make a file nobody can open become an image."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

import numpy as np
from PySide6.QtGui import QImage, QPainter

from gisapp.core.progress import SILENT
from gisapp.render.batch_painter import is_raster
from gisapp.render.batches import Group, ImageBatch, PointBatch
from gisapp.render.painter import paint_groups

if TYPE_CHECKING:
    from gisapp.core.progress import Progress
    from gisapp.render.scene import Scene

MOST_MARKS: Final = 20_000


def for_paper(painter: QPainter, scene: Scene, progress: Progress = SILENT) -> Scene:
    """Return the scene as `painter` shall paint it.

    On SVG and PDF a layer with more than `MOST_MARKS` marks in view becomes an image of the
    sheet's resolution; the others stay vectors. On pixels nothing changes.
    """
    if is_raster(painter):
        return scene
    groups = [_image(scene, g, progress) if _marks(g) > MOST_MARKS else g for g in scene.groups]
    return replace(scene, groups=tuple(groups))


def _marks(group: Group) -> int:
    return sum(len(batch.xy) for batch in group.batches if isinstance(batch, PointBatch))


def _image(scene: Scene, group: Group, progress: Progress) -> Group:
    """Return the group with its batches painted on an image; how it is blended stays."""
    width, height = scene.viewport.width_px, scene.viewport.height_px
    image = QImage(width, height, QImage.Format.Format_RGBA8888_Premultiplied)
    image.fill(0)
    painter = QPainter(image)
    try:
        plain = replace(group, opacity=1.0, blend="normal")
        paint_groups(painter, replace(scene, groups=(plain,), labels=()), progress)
    finally:
        painter.end()
    rows = np.frombuffer(image.constBits(), dtype=np.uint8).reshape(height, -1)
    rgba = rows[:, : 4 * width].reshape(height, width, 4).copy()
    corners = np.array([[0.0, 0.0], [width, 0.0], [width, height], [0.0, height]])
    return replace(group, batches=(ImageBatch(rgba, corners),))
