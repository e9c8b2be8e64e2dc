"""A scene's groups painted into an image: compiled kernels where they can, QPainter where not.

Both paint from the same scene, in the same order, the same picture; what differs is the time.
"""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QImage, QPainter

from gisapp.core.progress import SILENT
from gisapp.render.bands import Bands
from gisapp.render.batch_painter import paint_batch
from gisapp.render.batches import OutlineBatch, PointBatch
from gisapp.render.painter import BLEND_MODES, is_plain

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from gisapp.core.progress import Progress
    from gisapp.render.batches import Batch, Group
    from gisapp.render.scene import Scene
    from gisapp.render.viewport import Viewport

IMAGE_FORMAT = QImage.Format.Format_ARGB32_Premultiplied


def empty_image(width_px: int, height_px: int) -> QImage:
    """Return a transparent image."""
    image = QImage(width_px, height_px, IMAGE_FORMAT)
    image.fill(Qt.GlobalColor.transparent)
    return image


def pixels_of(image: QImage) -> NDArray[np.uint32]:
    """Return an image's own pixels, (height, width), to be read and written; rows have no gaps."""
    pixels: NDArray[np.uint32] = np.frombuffer(image.bits(), dtype=np.uint32)
    return pixels.reshape(image.height(), image.width())


def paint_ground(
    image: QImage, scene: Scene, progress: Progress = SILENT, least_px: float = 0.0
) -> None:
    """Paint everything but the names over `image`; the kernels must be ready.

    Parameters
    ----------
    image : QImage
        As large as the scene's viewport, in `IMAGE_FORMAT`.
    least_px : float
        Areas and lines smaller than this are blocks, which takes a tenth of the time.

    Raises
    ------
    Cancelled
        Where `progress` says so.
    """
    for plain, groups in groupby(scene.groups, key=is_plain):
        if plain:
            batches = [batch for group in groups for batch in group.batches]
            _paint_batches(image, batches, scene.viewport, progress, least_px)
        else:
            for group in groups:
                _compose(image, group, scene.viewport, progress, least_px)


def _compose(
    image: QImage, group: Group, viewport: Viewport, progress: Progress, least_px: float
) -> None:
    """Paint a see-through or blended group as a whole."""
    if not group.batches:
        return
    buffer = empty_image(viewport.width_px, viewport.height_px)
    _paint_batches(buffer, group.batches, viewport, progress, least_px)
    painter = QPainter(image)
    try:
        painter.setCompositionMode(BLEND_MODES[group.blend])
        painter.setOpacity(group.opacity)
        painter.drawImage(QPointF(0, 0), buffer)
    finally:
        painter.end()


def _paint_batches(
    image: QImage,
    batches: Sequence[Batch],
    viewport: Viewport,
    progress: Progress,
    least_px: float,
) -> None:
    """Paint batches from the bottom to the top: runs of areas with the marks above them at once."""
    bands = Bands(pixels_of(image), viewport, least_px)
    for batch in batches:
        if isinstance(batch, OutlineBatch):
            if bands.has_marks:
                bands.paint(progress)
            bands.add_outlines(batch)
        elif isinstance(batch, PointBatch):
            bands.add_marks(batch)
        else:
            bands.paint(progress)
            _paint_with_qt(image, batch, viewport)
    bands.paint(progress)


def _paint_with_qt(image: QImage, batch: Batch, viewport: Viewport) -> None:
    painter = QPainter(image)
    try:
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        paint_batch(painter, batch, viewport.px_per_mm)
    finally:
        painter.end()
