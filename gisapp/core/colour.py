"""Colours as ``#rrggbb``, as light and as people see them.

OKLab: Björn Ottosson 2020, "A perceptual color space for image processing". sRGB: IEC 61966-2-1.
"""

import math
from typing import NamedTuple


class Triple(NamedTuple):
    """Three coordinates of a colour in some space."""

    x: float
    y: float
    z: float


Matrix = tuple[Triple, Triple, Triple]

_TO_CONES: Matrix = (
    Triple(0.4122214708, 0.5363325363, 0.0514459929),
    Triple(0.2119034982, 0.6806995451, 0.1073969566),
    Triple(0.0883024619, 0.2817188376, 0.6299787005),
)
_FROM_CONES: Matrix = (
    Triple(4.0767416621, -3.3077115913, 0.2309699292),
    Triple(-1.2684380046, 2.6097574011, -0.3413193965),
    Triple(-0.0041960863, -0.7034186147, 1.7076147010),
)
_TO_LAB: Matrix = (
    Triple(0.2104542553, 0.7936177850, -0.0040720468),
    Triple(1.9779984951, -2.4285922050, 0.4505937099),
    Triple(0.0259040371, 0.7827717662, -0.8086757660),
)
_FROM_LAB: Matrix = (
    Triple(1.0, 0.3963377774, 0.2158037573),
    Triple(1.0, -0.1055613458, -0.0638541728),
    Triple(1.0, -0.0894841775, -1.2914855480),
)


def light_of(colour: str) -> Triple:
    """Return the linear red, green and blue, each 0 to 1, of ``#rrggbb``."""
    return Triple(*(_linear(int(colour[i : i + 2], 16) / 255) for i in (1, 3, 5)))


def colour_of(light: Triple) -> str:
    """Return ``#rrggbb`` of linear light; what no screen can show is brought to its limits."""
    return "#" + "".join(f"{round(255 * _encoded(min(max(x, 0.0), 1.0))):02x}" for x in light)


def oklab(light: Triple) -> Triple:
    """Return lightness and the two opponent colours of linear light."""
    cones = through(_TO_CONES, light)
    return through(_TO_LAB, Triple(*(_cube_root(x) for x in cones)))


def light_of_oklab(lab: Triple) -> Triple:
    """Return the linear light of an OKLab colour; it may lie outside of what screens show."""
    cones = through(_FROM_LAB, lab)
    return through(_FROM_CONES, Triple(*(x**3 for x in cones)))


def blended(one: str, other: str, share: float) -> str:
    """Return the colour `share` (0 to 1) of the way from `one` to `other`, as the eye has it."""
    start, end = oklab(light_of(one)), oklab(light_of(other))
    way = Triple(*(a + (b - a) * share for a, b in zip(start, end, strict=True)))
    return colour_of(light_of_oklab(way))


def laid_over(colour: str, opacity: float, ground: str) -> str:
    """Return what a colour of some opacity gives on a ground, as painters mix: in sRGB."""
    mixed = (
        round(int(ground[i : i + 2], 16) * (1 - opacity) + int(colour[i : i + 2], 16) * opacity)
        for i in (1, 3, 5)
    )
    return "#" + "".join(f"{x:02x}" for x in mixed)


def through(matrix: Matrix, values: Triple) -> Triple:
    """Return the matrix times the column `values`."""
    return Triple(*(sum(a * b for a, b in zip(row, values, strict=True)) for row in matrix))


def _linear(share: float) -> float:
    return share / 12.92 if share <= 0.04045 else math.pow((share + 0.055) / 1.055, 2.4)


def _encoded(light: float) -> float:
    return light * 12.92 if light <= 0.0031308 else 1.055 * math.pow(light, 1 / 2.4) - 0.055


def _cube_root(x: float) -> float:
    return math.copysign(math.pow(abs(x), 1 / 3), x)
