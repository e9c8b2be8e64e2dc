"""Scale bars in round numbers."""

from __future__ import annotations

import math
from dataclasses import dataclass

from gisapp.core.words import _, number

_STEPS = (5.0, 2.0, 1.0)


@dataclass(frozen=True)
class ScaleBar:
    """A bar of `length_m` metres that is `length_px` pixels long."""

    length_m: float
    length_px: float

    @property
    def text(self) -> str:
        """The length in words: 500 m, 2 km."""
        return distance_text(self.length_m)


def scale_bar(metres_per_px: float, most_px: float) -> ScaleBar:
    """Return the longest bar of 1, 2 or 5 times a power of ten metres within `most_px` pixels."""
    most_m = metres_per_px * most_px
    power = 10.0 ** math.floor(math.log10(most_m))
    length_m = next(step * power for step in _STEPS if step * power <= most_m)
    return ScaleBar(length_m, length_m / metres_per_px)


def distance_text(metres: float) -> str:
    """Write a distance with the unit that keeps it short."""
    if metres >= 1000:
        return _("{n} km").format(n=_plain(metres / 1000))
    return _("{n} m").format(n=_plain(metres))


def scale_text(denominator: float) -> str:
    """Write a scale as a ratio: 1:5,000."""
    return f"1:{number(denominator)}"


def _plain(value: float) -> str:
    decimals = max(0, -math.floor(math.log10(value))) if value < 1 else int(value % 1 > 0)
    return number(value, decimals)
