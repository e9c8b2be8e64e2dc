"""Where the map looks: the way between map metres and the pixels of one image or sheet."""

from dataclasses import dataclass, replace
from typing import Self

import numpy as np
from numpy.typing import NDArray

from gisapp.core.project import MapView

Bounds = tuple[float, float, float, float]

SCREEN_PX_PER_MM = 96 / 25.4
_MIN_METRES_PER_PX = 1e-3
_MAX_METRES_PER_PX = 1e5


@dataclass(frozen=True)
class Viewport:
    """A rectangle of device pixels on the project's metric plane; y grows upward on the map.

    Parameters
    ----------
    center_x, center_y : float
        What lies in the middle, in metres of the project's CRS.
    metres_per_px : float
        Resolution; > 0.
    width_px, height_px : int
        Size of the drawing in device pixels.
    px_per_mm : float
        Device pixels per millimetre of screen or paper: what symbol sizes are multiplied with.
    """

    center_x: float
    center_y: float
    metres_per_px: float
    width_px: int
    height_px: int
    px_per_mm: float = SCREEN_PX_PER_MM

    @classmethod
    def fitting(
        cls,
        bounds: Bounds,
        width_px: int,
        height_px: int,
        px_per_mm: float = SCREEN_PX_PER_MM,
        margin: float = 0.04,
    ) -> Self:
        """Return the viewport that shows `bounds` whole.

        Parameters
        ----------
        bounds : tuple of float
            min_x, min_y, max_x, max_y in metres; a single point is shown at about 1:2,000.
        margin : float
            Share of the width and the height left free on each side.
        """
        min_x, min_y, max_x, max_y = bounds
        room = 1 - 2 * margin
        across, up = max(width_px, 1) * room, max(height_px, 1) * room
        needed = max((max_x - min_x) / across, (max_y - min_y) / up)
        closest = 2.0 / px_per_mm
        return cls(
            (min_x + max_x) / 2,
            (min_y + max_y) / 2,
            _within_limits(needed or closest),
            width_px,
            height_px,
            px_per_mm,
        )

    @classmethod
    def of_view(
        cls, view: MapView, width_px: int, height_px: int, px_per_mm: float = SCREEN_PX_PER_MM
    ) -> Self:
        """Return the viewport that shows a project's kept view."""
        metres_per_px = _within_limits(view.metres_per_mm / px_per_mm)
        return cls(view.center_x, view.center_y, metres_per_px, width_px, height_px, px_per_mm)

    @property
    def view(self) -> MapView:
        """The view to keep in the project: independent of the device's resolution."""
        return MapView(self.center_x, self.center_y, self.metres_per_px * self.px_per_mm)

    @property
    def bounds(self) -> Bounds:
        """What is in view: min_x, min_y, max_x, max_y in metres."""
        half_width_m = self.width_px * self.metres_per_px / 2
        half_height_m = self.height_px * self.metres_per_px / 2
        return (
            self.center_x - half_width_m,
            self.center_y - half_height_m,
            self.center_x + half_width_m,
            self.center_y + half_height_m,
        )

    @property
    def scale(self) -> float:
        """The scale's denominator: 5000.0 for 1:5,000."""
        return self.metres_per_px * self.px_per_mm * 1000

    def to_px(self, xy: NDArray[np.float64]) -> NDArray[np.float64]:
        """Return map coordinates (n, 2) as pixels (n, 2); the origin is the upper left corner."""
        px = np.empty((len(xy), 2))
        np.subtract(xy[:, 0], self.bounds[0], out=px[:, 0])
        np.subtract(self.bounds[3], xy[:, 1], out=px[:, 1])
        px /= self.metres_per_px
        return px

    def to_map(self, px: NDArray[np.float64]) -> NDArray[np.float64]:
        """Return pixels (n, 2) as map coordinates (n, 2)."""
        scaled = np.asarray(px, dtype=np.float64) * self.metres_per_px
        min_x, _, _, max_y = self.bounds
        return np.column_stack([min_x + scaled[:, 0], max_y - scaled[:, 1]])

    def zoomed(self, factor: float, at_px: tuple[float, float] | None = None) -> Self:
        """Zoom in by `factor` (out where below 1); what lies at `at_px` stays there."""
        resolution = _within_limits(self.metres_per_px / factor)
        at_x, at_y = at_px or (self.width_px / 2, self.height_px / 2)
        grown = self.metres_per_px - resolution
        return replace(
            self,
            center_x=self.center_x + (at_x - self.width_px / 2) * grown,
            center_y=self.center_y - (at_y - self.height_px / 2) * grown,
            metres_per_px=resolution,
        )

    def panned(self, dx_px: float, dy_px: float) -> Self:
        """Move what is drawn by `dx_px` to the right and `dy_px` down."""
        return replace(
            self,
            center_x=self.center_x - dx_px * self.metres_per_px,
            center_y=self.center_y + dy_px * self.metres_per_px,
        )

    def resized(self, width_px: int, height_px: int) -> Self:
        """Keep centre and scale on a drawing of another size."""
        return replace(self, width_px=width_px, height_px=height_px)


def _within_limits(metres_per_px: float) -> float:
    return min(max(metres_per_px, _MIN_METRES_PER_PX), _MAX_METRES_PER_PX)
