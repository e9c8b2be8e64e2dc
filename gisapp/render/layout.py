"""What a printed sheet is like, as data: its paper, what lies beside the map, its scale. No Qt."""

from __future__ import annotations

import math
from dataclasses import dataclass
from types import MappingProxyType
from typing import TYPE_CHECKING, Final, Literal

if TYPE_CHECKING:
    from collections.abc import Mapping

Paper = Literal["a4", "a3"]
Orientation = Literal["auto", "portrait", "landscape"]
LegendPlace = Literal["auto", "side", "below"]
Graticule = Literal["none", "ticks", "grid"]
GridUnit = Literal["metres", "degrees"]

# Upright: width, height.
PAPERS_MM: Final[Mapping[Paper, tuple[float, float]]] = MappingProxyType(
    {"a4": (210.0, 297.0), "a3": (297.0, 420.0)}
)
MARGIN_MM: Final = 11.0

# A ruler reads these off: 1 cm is a round number of metres.
_ROUND = (1.0, 1.25, 1.5, 2.0, 2.5, 3.0, 4.0, 5.0, 6.0, 7.5)


@dataclass(frozen=True)
class Layout:
    """A sheet's paper and furniture.

    Parameters
    ----------
    paper : {"a4", "a3"}
    orientation : {"auto", "portrait", "landscape"}
        ``auto`` takes the one that shows the extent larger.
    legend : {"auto", "side", "below"}
        Where the legend lies; ``auto`` likewise.
    graticule : {"none", "ticks", "grid"}
        Nothing, coordinates at the frame, or these with lines across the map.
    grid_unit : {"metres", "degrees"}
        Of the graticule: the project's CRS, or longitude and latitude.
    """

    paper: Paper = "a4"
    orientation: Orientation = "auto"
    legend: LegendPlace = "auto"
    graticule: Graticule = "none"
    grid_unit: GridUnit = "metres"

    def sizes_mm(self) -> tuple[tuple[float, float], ...]:
        """Return the widths and heights that the sheet may have, in mm."""
        upright = PAPERS_MM[self.paper]
        lying = upright[::-1]
        return {"auto": (upright, lying), "portrait": (upright,), "landscape": (lying,)}[
            self.orientation
        ]


def round_scale(at_least: float) -> float:
    """Return the nearest round denominator that is not below `at_least` (> 0)."""
    power = 10.0 ** math.floor(math.log10(at_least))
    # The last steps into the next power of ten; rounding must not lift 5000.0000001 to 6000.
    steps = (*(step * power for step in _ROUND), 10 * power)
    return next(step for step in steps if step >= at_least * (1 - 1e-9))
