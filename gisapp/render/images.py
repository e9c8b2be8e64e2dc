"""Painting rasters: an image laid over a quadrilateral of the view."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QImage, QPainter, QPolygonF, QTransform

if TYPE_CHECKING:
    from gisapp.render.batches import ImageBatch


def paint_image(painter: QPainter, batch: ImageBatch) -> None:
    """Lay the image over its four corners; straight onto the pixels where it fits them."""
    height, width = batch.rgba.shape[:2]
    rgba = np.ascontiguousarray(batch.rgba)
    form = QImage.Format.Format_RGBA8888_Premultiplied
    image = QImage(rgba.data, width, height, 4 * width, form)
    (left, top), (right, _upper), (_right, bottom), _lower = batch.corners.tolist()
    upright = np.array([[left, top], [right, top], [right, bottom], [left, bottom]])
    if np.array_equal(upright, batch.corners):
        place = QRectF(left, top, right - left, bottom - top)
        painter.save()
        smooth = (place.width(), place.height()) != (width, height)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, smooth)
        painter.drawImage(place, image)
        painter.restore()
        return
    corners = QPolygonF([QPointF(x, y) for x, y in batch.corners.tolist()])
    whole = QPolygonF(QRectF(0, 0, width, height))
    whole.removeLast()  # a rectangle's polygon comes closed
    way = QTransform()
    if not QTransform.quadToQuad(whole, corners, way):
        return  # corners on one line: nothing to see
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
    painter.setTransform(way, combine=True)
    painter.drawImage(QPointF(0, 0), image)
    painter.restore()
