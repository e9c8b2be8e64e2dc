"""Painting a scene with QPainter: screen, PNG, SVG and PDF by the same code."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QImage, QPainter

from gisapp.core.progress import SILENT
from gisapp.render.batch_painter import is_raster, paint_batch
from gisapp.render.batches import ImageBatch, OutlineBatch
from gisapp.render.label_painter import paint_names

if TYPE_CHECKING:
    from collections.abc import Sequence

    from gisapp.core.progress import Progress
    from gisapp.core.style import Blend
    from gisapp.render.batches import Group
    from gisapp.render.scene import Scene
    from gisapp.render.viewport import Viewport

_FORMAT = QImage.Format.Format_ARGB32_Premultiplied

_Mode = QPainter.CompositionMode
BLEND_MODES: dict[Blend, QPainter.CompositionMode] = {
    "normal": _Mode.CompositionMode_SourceOver,
    "multiply": _Mode.CompositionMode_Multiply,
    "screen": _Mode.CompositionMode_Screen,
    "darken": _Mode.CompositionMode_Darken,
    "lighten": _Mode.CompositionMode_Lighten,
}


def paint(painter: QPainter, scene: Scene, progress: Progress = SILENT) -> None:
    """Paint `scene` at the painter's origin; the background stays what it is.

    May run outside the GUI thread where the painter works on a QImage.

    Raises
    ------
    Cancelled
        Where `progress` says so, between two batches.
    """
    paint_groups(painter, scene, progress)
    paint_labels(painter, scene)


def paint_groups(painter: QPainter, scene: Scene, progress: Progress = SILENT) -> None:
    """Paint everything but the names; raises `Cancelled` where `progress` says so.

    A group that is see-through or blended is composed as a whole. Paper cannot do that: such a
    group becomes an image of the sheet's resolution there, unless nothing in it can overlap.
    """
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    try:
        for done, group in enumerate(scene.groups):
            progress.step(done, len(scene.groups), "")
            if is_plain(group):
                _paint_group(painter, group, scene.viewport, progress)
            elif is_raster(painter):
                _compose(painter, group, scene.viewport, progress)
            elif group.blend == "normal" and _cannot_overlap(group):
                painter.setOpacity(group.opacity)
                _paint_group(painter, group, scene.viewport, progress)
                painter.setOpacity(1.0)
            else:
                below = scene.groups[:done] if group.blend != "normal" else ()
                image = _as_image(group, below, scene.viewport, progress)
                painter.drawImage(QPointF(0, 0), image)
    finally:
        painter.restore()


def paint_labels(painter: QPainter, scene: Scene) -> None:
    """Paint the names that find room."""
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    try:
        paint_names(painter, scene)
    finally:
        painter.restore()


def is_plain(group: Group) -> bool:
    """Say whether a group's batches lie as they are over what is below."""
    return group.opacity == 1.0 and group.blend == "normal"


def _cannot_overlap(group: Group) -> bool:
    """Say whether a group paints nothing twice: an image, or one batch of unstroked areas."""
    if len(group.batches) != 1:
        return not group.batches
    (batch,) = group.batches
    if isinstance(batch, OutlineBatch):
        return batch.closed and batch.symbol.stroke is None and len(batch.chosen) == 1
    return isinstance(batch, ImageBatch)


def _paint_group(
    painter: QPainter, group: Group, viewport: Viewport, progress: Progress = SILENT
) -> None:
    for done, batch in enumerate(group.batches):
        progress.step(done, len(group.batches), "")
        paint_batch(painter, batch, viewport.px_per_mm)


def _compose(painter: QPainter, group: Group, viewport: Viewport, progress: Progress) -> None:
    """Paint the group on an image of its own, and that onto the painter's pixels."""
    device = painter.device()
    buffer = QImage(device.width(), device.height(), _FORMAT)
    buffer.fill(Qt.GlobalColor.transparent)
    own = QPainter(buffer)
    try:
        own.setRenderHint(QPainter.RenderHint.Antialiasing)
        own.setTransform(painter.combinedTransform())
        _paint_group(own, group, viewport, progress)
    finally:
        own.end()
    painter.save()
    painter.resetTransform()
    painter.setCompositionMode(BLEND_MODES[group.blend])
    painter.setOpacity(group.opacity)
    painter.drawImage(QPointF(0, 0), buffer)
    painter.restore()


def _as_image(
    group: Group, below: Sequence[Group], viewport: Viewport, progress: Progress
) -> QImage:
    """Return the group for paper; a blended one with what it is blended with, on white paper."""
    image = QImage(viewport.width_px, viewport.height_px, _FORMAT)
    image.fill(Qt.GlobalColor.white if below else Qt.GlobalColor.transparent)
    painter = QPainter(image)
    try:
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        for one in (*below, group):
            _compose(painter, one, viewport, progress)
        if below:
            painter.setCompositionMode(_Mode.CompositionMode_DestinationIn)
            painter.drawImage(QPointF(0, 0), _mask(group, viewport, progress))
    finally:
        painter.end()
    return image


def _mask(group: Group, viewport: Viewport, progress: Progress) -> QImage:
    """Return where the group paints anything, opaque there."""
    image = QImage(viewport.width_px, viewport.height_px, _FORMAT)
    image.fill(Qt.GlobalColor.transparent)
    painter = QPainter(image)
    try:
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        _paint_group(painter, group, viewport, progress)
    finally:
        painter.end()
    alpha = np.frombuffer(image.bits(), dtype=np.uint8)[3::4]
    alpha[alpha > 0] = 255
    return image
