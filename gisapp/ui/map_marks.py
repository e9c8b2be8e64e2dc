"""What lies over the map's pictures: marks of the chosen features, scale bar, attribution."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import shapely
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPainter, QPen, QPolygonF

from gisapp.render.qt_arrays import fill_polygon
from gisapp.render.scale import scale_bar
from gisapp.ui import theme

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray
    from shapely.geometry.base import BaseGeometry

    from gisapp.render.viewport import Bounds, Viewport

RING_MM = 2.4
HALO_MM, LINE_MM = 1.2, 0.6
BAR_SHARE = 0.2
_POINT = 0
_VEIL = QColor(255, 255, 255, 215)


class Marks:
    """Rings around points and outlines of lines and areas, in a colour no style uses.

    Only what the view shows of the outlines is handed to Qt, to half a pixel: a district of a
    million vertices may be marked, too.
    """

    def __init__(self, geometries: Sequence[BaseGeometry] = ()) -> None:
        self.geometries = tuple(geometries)
        parts = shapely.get_parts(np.array(self.geometries, dtype=object))
        while (shapely.get_type_id(parts) > shapely.GeometryType.POLYGON).any():
            parts = shapely.get_parts(parts)
        single = shapely.get_dimensions(parts) == _POINT
        self._points = shapely.get_coordinates(parts[single])
        self._outlines = _lines(parts[~single])

    def paint(self, painter: QPainter, viewport: Viewport) -> None:
        """Paint the marks, first a dark halo."""
        points = [QPointF(x, y) for x, y in viewport.to_px(self._points).tolist()]
        outlines = list(_drawn(self._outlines, viewport))
        radius = RING_MM * viewport.px_per_mm
        painter.setBrush(Qt.BrushStyle.NoBrush)
        for colour, width_mm in ((theme.INK, HALO_MM), (theme.HIGHLIGHT, LINE_MM)):
            pen = QPen(QColor(colour), width_mm * viewport.px_per_mm)
            pen.setJoinStyle(Qt.PenJoinStyle.RoundJoin)
            painter.setPen(pen)
            for outline in outlines:
                painter.drawPolyline(outline)
            for point in points:
                painter.drawEllipse(point, radius, radius)


def _lines(shapes: NDArray[np.object_]) -> NDArray[np.object_]:
    """Return lines and the rings of polygons as lines, which clipping does not close."""
    areas = shapely.get_dimensions(shapes) > 1
    rings = np.concatenate([shapes[~areas], shapely.get_rings(shapes[areas])])
    xy, owner = shapely.get_coordinates(rings, return_index=True)
    lines: NDArray[np.object_] = shapely.linestrings(xy, indices=owner)
    return lines


def _drawn(lines: NDArray[np.object_], viewport: Viewport) -> list[QPolygonF]:
    inside = shapely.get_parts(shapely.clip_by_rect(lines, *_widened(viewport)))
    kept = inside[shapely.get_type_id(inside) == shapely.GeometryType.LINESTRING]
    xy, owner = shapely.get_coordinates(kept, return_index=True)
    px = viewport.to_px(xy)
    half = np.rint(2 * px)
    new = np.ones(len(px), dtype=bool)
    new[1:] = (half[1:] != half[:-1]).any(axis=1) | (owner[1:] != owner[:-1])
    px, owner = px[new], owner[new]
    outlines = []
    for line in np.split(px, np.flatnonzero(np.diff(owner)) + 1):
        if len(line):
            outline = QPolygonF()
            fill_polygon(outline, line)
            outlines.append(outline)
    return outlines


def _widened(viewport: Viewport) -> Bounds:
    """Return the view with room for the halo, so that no cut end shows."""
    room = HALO_MM * viewport.px_per_mm * viewport.metres_per_px
    west, south, east, north = viewport.bounds
    return west - room, south - room, east + room, north + room


def paint_scale_bar(painter: QPainter, viewport: Viewport, font: QFont) -> None:
    """Paint a bar of a round length in the lower left corner."""
    bar = scale_bar(viewport.metres_per_px, BAR_SHARE * viewport.width_px)
    unit = viewport.px_per_mm
    painter.setFont(font)
    metrics = QFontMetricsF(font)
    left, bottom = 4 * unit, viewport.height_px - 4 * unit
    width = max(bar.length_px, metrics.horizontalAdvance(bar.text)) + 2 * unit
    height = metrics.height() + 3 * unit
    box = QRectF(left - unit, bottom + unit - height, width, height)
    painter.fillRect(box, _VEIL)
    painter.setPen(QPen(QColor(theme.INK), 0.4 * unit))
    ends = (QPointF(left, bottom - unit), QPointF(left, bottom))
    across = QPointF(bar.length_px, 0)
    painter.drawPolyline([ends[0], ends[1], ends[1] + across, ends[0] + across])
    painter.drawText(QPointF(left, bottom - 1.6 * unit), bar.text)


def paint_attribution(painter: QPainter, text: str, viewport: Viewport, font: QFont) -> None:
    """Write whose the basemap is in the lower right corner."""
    if not text:
        return
    painter.setFont(font)
    metrics, unit = QFontMetricsF(font), viewport.px_per_mm
    line = metrics.elidedText(text, Qt.TextElideMode.ElideRight, 0.6 * viewport.width_px)
    width, height = metrics.horizontalAdvance(line) + 2 * unit, metrics.height()
    box = QRectF(viewport.width_px - width, viewport.height_px - height, width, height)
    painter.fillRect(box, _VEIL)
    painter.setPen(QColor(theme.INK))
    painter.drawText(box, Qt.AlignmentFlag.AlignCenter, line)
