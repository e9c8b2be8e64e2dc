"""Places in words: latitude and longitude in the manner of each language. No Qt."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from gisapp.core.words import _, number

if TYPE_CHECKING:
    from pyproj import Transformer

DECIMALS = 5


@cache
def _to_degrees(crs: str) -> Transformer:
    from pyproj import Transformer  # 0.1 s: not before something is shown

    return Transformer.from_crs(crs, "EPSG:4326", always_xy=True)


def place_text(x: float, y: float, crs: str) -> str:
    """Write a place of the project's CRS, in metres, as latitude and longitude."""
    longitude, latitude = _to_degrees(crs).transform(x, y)
    ns = _("{degrees}° N") if latitude >= 0 else _("{degrees}° S")
    ew = _("{degrees}° E") if longitude >= 0 else _("{degrees}° W")
    return "  ".join(
        text.format(degrees=number(abs(degrees), DECIMALS))
        for text, degrees in ((ns, latitude), (ew, longitude))
    )


def scale_text(denominator: float) -> str:
    """Write a map scale (1:5,000) to three significant digits."""
    digits = max(len(str(round(denominator))) - 3, 0)
    return f"1:{number(round(denominator, -digits))}"
