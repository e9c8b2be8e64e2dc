"""Coordinates on a map: which lines of a grid show, where, and what is written at them. No Qt."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Literal

import numpy as np
import pyproj

from gisapp.core.words import _, number

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    from gisapp.render.layout import GridUnit
    from gisapp.render.viewport import Viewport

Edge = Literal["left", "right", "top", "bottom"]

_APART_MM = 32.0
_METRES: Final = (1.0, 2.0, 5.0)
_SECOND = 1 / 3600
# Steps that a clock's numbers divide into, from a tenth of a second to thirty degrees.
_DEGREES: Final = tuple(
    [n * _SECOND for n in (0.1, 0.2, 0.5, 1, 2, 5, 10, 15, 30)]
    + [n / 60 for n in (1, 2, 5, 10, 15, 30)]
    + [1.0, 2.0, 5.0, 10.0, 15.0, 30.0]
)
_STOPS = 33  # along a meridian that is curved on the map
_MOST_LINES = 200


@dataclass(frozen=True, eq=False)
class GridLine:
    """One line of a grid: `px` (n, 2) pixels within the viewport, and its coordinate in words."""

    px: NDArray[np.float64]
    text: str
    axis: Literal["x", "y"]


def grid_lines(viewport: Viewport, crs: str, unit: GridUnit) -> tuple[GridLine, ...]:
    """Return the lines of a round grid that cross the viewport, some 3 cm apart.

    Parameters
    ----------
    crs : str
        The project's, metric.
    """
    lines = _metric(viewport) if unit == "metres" else _geographic(viewport, crs)
    return tuple(line for line in lines if len(line.px) > 1)


def crossing(line: GridLine, edge: Edge, width: float, height: float) -> float | None:
    """Return where a line meets an edge of the map, in pixels along it; None where it does not."""
    along, across, at = {
        "left": (1, 0, 0.0),
        "right": (1, 0, width),
        "top": (0, 1, 0.0),
        "bottom": (0, 1, height),
    }[edge]
    for end in (line.px[0], line.px[-1]):
        if abs(end[across] - at) < 0.5:
            return float(end[along])
    return None


def convergence(x: float, y: float, crs: str) -> float:
    """Return the angle from true north to grid north at a place, degrees, east positive.

    0 where the CRS tells none.
    """
    lon, lat = _to_degrees(crs).transform(x, y)
    if not (math.isfinite(lon) and math.isfinite(lat)):
        return 0.0
    angle = float(pyproj.Proj(crs).get_factors(lon, lat).meridian_convergence)
    return angle if math.isfinite(angle) else 0.0


def _metric(viewport: Viewport) -> Iterator[GridLine]:
    min_x, min_y, max_x, max_y = viewport.bounds
    step = _step_m(_APART_MM * viewport.px_per_mm * viewport.metres_per_px)
    for x in _multiples(min_x, max_x, step):
        yield _inside(viewport, np.array([[x, min_y], [x, max_y]]), _metres(x), "x")
    for y in _multiples(min_y, max_y, step):
        yield _inside(viewport, np.array([[min_x, y], [max_x, y]]), _metres(y), "y")


def _geographic(viewport: Viewport, crs: str) -> Iterator[GridLine]:
    west, south, east, north = _to_degrees(crs).transform_bounds(*viewport.bounds)
    if not np.isfinite([west, south, east, north]).all() or east <= west:
        return
    to_map = _from_degrees(crs)
    apart = _APART_MM * viewport.px_per_mm
    lon_step = _step_degrees((east - west) * apart / viewport.width_px)
    lat_step = _step_degrees((north - south) * apart / viewport.height_px)
    # A little beyond the view: the curved ends must reach the frame.
    lats = np.linspace(south - (north - south) * 0.1, north + (north - south) * 0.1, _STOPS)
    lons = np.linspace(west - (east - west) * 0.1, east + (east - west) * 0.1, _STOPS)
    for lon in _multiples(west, east, lon_step):
        xy = np.column_stack(to_map.transform(np.full(_STOPS, lon), lats))
        yield _inside(viewport, xy, _degrees(lon, lon_step, _("E"), _("W")), "x")
    for lat in _multiples(south, north, lat_step):
        xy = np.column_stack(to_map.transform(lons, np.full(_STOPS, lat)))
        yield _inside(viewport, xy, _degrees(lat, lat_step, _("N"), _("S")), "y")


def _inside(
    viewport: Viewport, xy: NDArray[np.float64], text: str, axis: Literal["x", "y"]
) -> GridLine:
    """Cut a line that runs along `axis`'s other direction to the view, ends on its edges."""
    px = viewport.to_px(xy[np.isfinite(xy).all(axis=1)])
    for column, size in ((0, viewport.width_px), (1, viewport.height_px)):
        px = _cut(px, column, float(size))
    return GridLine(px, text, axis)


def _cut(px: NDArray[np.float64], column: int, size: float) -> NDArray[np.float64]:
    """Keep the part of a line with 0 ≤ coordinate ≤ size; the line is monotonous or constant."""
    if len(px) < 2:
        return px
    values = px[:, column]
    if np.ptp(values) == 0:
        return px if 0 <= values[0] <= size else px[:0]
    order = px if values[-1] >= values[0] else px[::-1]
    along = order[:, column]
    low, high = max(0.0, along[0]), min(size, along[-1])
    if low >= high:
        return px[:0]
    other = 1 - column
    stops = np.concatenate([[low], along[(along > low) & (along < high)], [high]])
    kept = np.empty((len(stops), 2))
    kept[:, column] = stops
    kept[:, other] = np.interp(stops, along, order[:, other])
    return kept


def _multiples(low: float, high: float, step: float) -> list[float]:
    first, last = math.ceil(low / step), math.floor(high / step)
    return [i * step for i in range(first, min(last, first + _MOST_LINES) + 1)]


def _step_m(at_least: float) -> float:
    power = 10.0 ** math.floor(math.log10(at_least))
    return next(s for s in (*(n * power for n in _METRES), 10 * power) if s >= at_least * 0.999)


def _step_degrees(at_least: float) -> float:
    return next((step for step in _DEGREES if step >= at_least * 0.999), _DEGREES[-1])


def _metres(value: float) -> str:
    return number(value, 0 if float(value).is_integer() else 1)


def _degrees(value: float, step: float, positive: str, negative: str) -> str:
    """Write an angle in degrees and as many minutes and seconds as the step needs."""
    tenths = round(abs(value) * 36_000)
    degrees, rest = divmod(tenths, 36_000)
    minutes, rest = divmod(rest, 600)
    side = positive if value >= 0 else negative
    text = f"{degrees}°"
    if step < 1:
        text += f"{minutes:02}′"
    if step < 1 / 60 - 1e-12:
        seconds = number(rest / 10, 1) if step < _SECOND - 1e-12 else f"{rest // 10:02}"
        text += f"{seconds}″"
    return f"{text}\u202f{side}" if tenths else "0°"


def _to_degrees(crs: str) -> pyproj.Transformer:
    return pyproj.Transformer.from_crs(crs, "EPSG:4326", always_xy=True)


def _from_degrees(crs: str) -> pyproj.Transformer:
    return pyproj.Transformer.from_crs("EPSG:4326", crs, always_xy=True)
