"""Lines that names follow: merged by name, measured along, and tried for bends."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import shapely

from gisapp.render.geometry import clipped

if TYPE_CHECKING:
    import pandas as pd
    from numpy.typing import NDArray

    from gisapp.render.geometry import Parts
    from gisapp.render.viewport import Viewport

# The longest pieces of lines are taken where there are more.
_MOST_PIECES = 20_000
# Kinks shorter than this share of a millimetre are not followed by letters.
_SMOOTHED_MM = 0.4


@dataclass(frozen=True, eq=False)
class Way:
    """A line in pixels: `xy` (n, 2), and how far along it each vertex lies, (n,)."""

    xy: NDArray[np.float64]
    reach: NDArray[np.float64]

    @classmethod
    def along(cls, xy: NDArray[np.float64]) -> Way:
        """Return the way through `xy` (n, 2), n ≥ 2."""
        steps = np.hypot(*np.diff(xy, axis=0).T)
        return cls(xy, np.concatenate([[0.0], np.cumsum(steps)]))

    @property
    def length(self) -> float:
        """How long the way is."""
        return float(self.reach[-1])

    def at(self, distance: float) -> tuple[float, float]:
        """Return the place `distance` along the way."""
        x = np.interp(distance, self.reach, self.xy[:, 0])
        y = np.interp(distance, self.reach, self.xy[:, 1])
        return float(x), float(y)

    def turned(self) -> Way:
        """Return the way from its end to its start."""
        return Way(self.xy[::-1], self.length - self.reach[::-1])

    def strays(self, start: float, stop: float) -> float:
        """Return how far the way between two distances lies off the straight line, at most."""
        inside = self.xy[(self.reach > start) & (self.reach < stop)]
        x0, y0 = self.at(start)
        x1, y1 = self.at(stop)
        chord = math.hypot(x1 - x0, y1 - y0)
        if not len(inside):
            return 0.0
        if chord == 0:
            return math.inf
        across = (inside[:, 0] - x0) * (y1 - y0) - (inside[:, 1] - y0) * (x1 - x0)
        return float(np.abs(across).max() / chord)


def ways_of(
    parts: Parts, chosen: NDArray[np.intp], column: pd.Series, viewport: Viewport
) -> list[tuple[int, Way]]:
    """Return what is in view of lines, those of one name joined where they meet.

    Returns
    -------
    list of (int, Way)
        A row that bears the name, and the way; the longest first.
    """
    chosen = chosen[:_MOST_PIECES]  # parts lie largest first
    codes, _ = column.iloc[parts.row[chosen]].factorize()
    order = np.argsort(codes, kind="stable")
    pieces, owner = shapely.get_parts(
        clipped(parts.shapes(chosen[order]), viewport.bounds), return_index=True
    )
    line = (shapely.get_type_id(pieces) == shapely.GeometryType.LINESTRING) & (
        shapely.length(pieces) > 0
    )
    codes, rows = codes[order][owner[line]], parts.row[chosen[order]][owner[line]]
    names, first = np.unique(codes, return_index=True)
    if not len(names):
        return []
    merged = shapely.line_merge(
        shapely.multilinestrings(pieces[line], indices=np.searchsorted(names, codes))
    )
    merged, owner = shapely.get_parts(shapely.normalize(merged), return_index=True)
    tolerance = _SMOOTHED_MM * viewport.px_per_mm * viewport.metres_per_px
    smooth = shapely.simplify(merged, tolerance)
    longest = np.argsort(-shapely.length(smooth), kind="stable")
    return [
        (int(rows[first[owner[i]]]), Way.along(viewport.to_px(shapely.get_coordinates(smooth[i]))))
        for i in longest.tolist()
    ]
