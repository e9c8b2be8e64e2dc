"""Handing numpy buffers to Qt without a Python object per vertex."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

import numpy as np
import shiboken6
from PySide6.QtGui import QPainter, QPixmap, QPolygonF

if TYPE_CHECKING:
    from numpy.typing import NDArray

_POINT_BYTES = 16  # QPointF: two doubles
# QPainter::PixmapFragment: x, y, sourceLeft, sourceTop, width, height, scaleX, scaleY, rotation,
# opacity, all doubles.
_FRAGMENT_FIELDS = 10


def fill_polygon(polygon: QPolygonF, xy: NDArray[np.float64]) -> None:
    """Make `polygon` hold the vertices `xy` (n, 2); n > 0."""
    polygon.resize(len(xy))
    # The type stubs know neither what `data` returns nor the arguments of VoidPtr.
    memory: Any = cast("Any", shiboken6.VoidPtr)(polygon.data(), len(xy) * _POINT_BYTES, True)
    np.frombuffer(memory, dtype=np.float64).reshape(-1, 2)[:] = xy


def draw_stamps(painter: QPainter, stamp: QPixmap, centres: NDArray[np.float32]) -> None:
    """Draw `stamp` with its middle at each of `centres` (n, 2), in whole pixels."""
    if not len(centres):
        return
    fragments = np.zeros((len(centres), _FRAGMENT_FIELDS))
    fragments[:, :2] = np.floor(centres) + (stamp.width() % 2) / 2
    fragments[:, 4:6] = stamp.width(), stamp.height()
    fragments[:, 6:8] = 1.0
    fragments[:, 9] = 1.0
    first = cast(
        "QPainter.PixmapFragment",
        shiboken6.wrapInstance(fragments.ctypes.data, QPainter.PixmapFragment),
    )
    painter.drawPixmapFragments(first, len(fragments), stamp)
