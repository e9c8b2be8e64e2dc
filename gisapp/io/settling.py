"""The CRS of coordinates that do not name it, where the project's area leaves only one."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import shapely
from pyproj import CRS, Transformer

from gisapp.core.errors import GisappError
from gisapp.io.coordinates import read_coordinates
from gisapp.io.geotext import read_shapes
from gisapp.io.locations import source_crs

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from gisapp.io.area import Area
    from gisapp.io.locations import Location
    from gisapp.io.source import RawTable

    Floats = NDArray[np.float64]

# UTM and TM-3 as Indonesia uses them, and the grid of web maps.
_CANDIDATES = (
    *(f"EPSG:{327_00 + zone}" for zone in range(46, 55)),
    *(f"EPSG:{326_00 + zone}" for zone in range(46, 53)),
    *(f"EPSG:{code}" for code in range(23830, 23846)),
    "EPSG:3857",
)
_SAMPLE = 500
# A larger area holds points in a wrong zone too.
_LARGEST_M = 200_000.0
_NEARLY_ALL = 0.9
_SAME_PLACE_M = 10.0


def crs_of(
    raw: RawTable, location: Location, named: str, project_crs: str, area: Area
) -> tuple[str, bool]:
    """Return the CRS that a table's coordinates are in, and whether the area alone says so.

    Raises
    ------
    GisappError
        Where neither the user, the source nor the area says it.
    """
    try:
        return source_crs(raw, location, named), False
    except GisappError:
        settled = _settled(raw, location, project_crs, area)
        if not settled:
            raise
        return settled, True


def _settled(raw: RawTable, location: Location, project_crs: str, area: Area) -> str:
    """Return the one CRS in which nearly all of a sample lies in the area; empty where none."""
    if area.shape is None or not _is_small(area) or location.form == "geometry":
        return ""
    x, y = _sample(raw, location)
    if not len(x):
        return ""
    places = {
        crs: here
        for crs in dict.fromkeys((project_crs, *_CANDIDATES))
        if (here := _within(x, y, crs, project_crs, area)) is not None
    }
    first = next(iter(places.values()), None)
    if first is None or any(np.abs(here - first).max() > _SAME_PLACE_M for here in places.values()):
        return ""
    return next(iter(places))


def _is_small(area: Area) -> bool:
    west, south, east, north = area.shape.bounds
    return bool(max(east - west, north - south) < _LARGEST_M)


def _sample(raw: RawTable, location: Location) -> tuple[Floats, Floats]:
    """Return coordinates of the first rows that have some."""
    rows = raw.columns.head(_SAMPLE)
    if location.form == "pair":
        x, y = (read_coordinates(rows[column])[0] for column in location.columns)
    else:
        shapes = read_shapes(rows[location.columns[0]], location.form)
        x, y = shapely.get_coordinates(shapes[~shapely.is_missing(shapes)]).T
    finite = np.isfinite(x) & np.isfinite(y)
    return x[finite], y[finite]


def _within(x: Floats, y: Floats, crs: str, project_crs: str, area: Area) -> Floats | None:
    """Return the places, shape (2, n), if nearly all lie in the area, with either axis first."""
    to_project = Transformer.from_crs(CRS(crs), CRS(project_crs), always_xy=True)
    for east, north in ((x, y), (y, x)):
        here = np.array(to_project.transform(east, north))
        if area.holds(*here).mean() >= _NEARLY_ALL:
            return np.where(np.isfinite(here), here, 0.0)
    return None
