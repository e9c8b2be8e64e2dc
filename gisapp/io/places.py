"""Coordinates to geometries in the project's CRS: checked, repaired where that is certain.

Every row ends with a geometry, with none where its kind allows that, or with the reason why it
is quarantined. A repair is believed only where the repaired place lies in the project's area.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np
import shapely
from numpy.typing import NDArray
from pyproj import CRS, Transformer

from gisapp.io.coordinates import read_coordinates

if TYPE_CHECKING:
    import pandas as pd

    from gisapp.core.catalogue import Kind
    from gisapp.io.area import Area

Bools = NDArray[np.bool_]
Floats = NDArray[np.float64]
Geometries = NDArray[np.object_]
Transform = Callable[[Floats, Floats], tuple[Floats, Floats]]

# GEOS type ids, as shapely.get_type_id gives them.
POINT, POLYGON, MULTIPOINT, MULTIPOLYGON, COLLECTION = 0, 3, 4, 6, 7
_ALLOWED = {
    "point": (POINT,),
    "polygon": (POLYGON, MULTIPOLYGON),
    "polygon_or_point": (POINT, POLYGON, MULTIPOLYGON),
    "any": tuple(range(COLLECTION + 1)),
}


@dataclass(eq=False)
class Placed:
    """What became of n places: filled in step by step by the functions of this module.

    Parameters
    ----------
    geometry : ndarray of shapely geometry or None, shape (n,)
        In the project's CRS.
    reason : ndarray of str, shape (n,)
        Why a row is quarantined; empty where it is not.
    repairs : dict
        Repair word to a mask of the rows it was done to.
    """

    geometry: Geometries
    reason: Geometries
    repairs: dict[str, Bools] = field(default_factory=dict)

    @classmethod
    def empty(cls, n: int) -> Placed:
        """Start with `n` rows that have no place and no reason yet."""
        return cls(np.full(n, None, dtype=object), np.full(n, "", dtype=object))

    def refuse(self, rows: Bools, reason: str) -> None:
        """Quarantine those of `rows` that have no reason yet."""
        self.reason[rows & (self.reason == "")] = reason

    def repaired(self, rows: Bools, repair: str) -> None:
        """Note that a repair was done to `rows`."""
        if rows.any():
            self.repairs[repair] = self.repairs.get(repair, np.zeros(len(rows), dtype=bool)) | rows


@dataclass(frozen=True, eq=False)
class Ground:
    """Where places are read to: from which CRS, into which, and the area they must lie in."""

    source_crs: CRS
    crs: CRS
    area: Area

    def transform(self) -> Transform | None:
        """Return the way from the source's CRS to the project's; None where they are one."""
        if self.source_crs.equals(self.crs, ignore_axis_order=True):
            return None
        to_crs = Transformer.from_crs(self.source_crs, self.crs, always_xy=True)

        def transform(x: Floats, y: Floats) -> tuple[Floats, Floats]:
            east, north = to_crs.transform(x, y)
            return east, north

        return transform


def place_nowhere(n: int, kind: Kind) -> Placed:
    """Place rows of a source without any location."""
    placed = Placed.empty(n)
    if kind.location_required:
        placed.refuse(np.ones(n, dtype=bool), "no_location")
    return placed


def place_pairs(x: pd.Series, y: pd.Series, kind: Kind, ground: Ground) -> Placed:
    """Place rows by two columns of coordinates.

    Parameters
    ----------
    x, y : Series, shape (n,)
        Longitudes and latitudes (or eastings and northings), as numbers or text.
    kind : Kind
        Whether a row may lack a location, and be a point at all.
    ground : Ground
    """
    placed = Placed.empty(len(x))
    x_value, x_comma, x_there = read_coordinates(x)
    y_value, y_comma, y_there = read_coordinates(y)
    nowhere = ~x_there & ~y_there
    placed.refuse((x_there & np.isnan(x_value)) | (y_there & np.isnan(y_value)), "bad_number")
    placed.refuse((x_there ^ y_there) | (nowhere & kind.location_required), "no_location")
    _place_points(placed, (placed.reason == "") & ~nowhere, x_value, y_value, ground)
    placed.repaired(x_comma | y_comma, "decimal_comma")
    if not _takes(kind, np.array([POINT]))[0]:
        placed.refuse(~nowhere, "wrong_geometry")
    return placed


def place_coordinates(x: Floats, y: Floats, kind: Kind, ground: Ground) -> Placed:
    """Place rows that are all points, by their coordinates in the source's CRS; shape (n,)."""
    placed = Placed.empty(len(x))
    rows = np.full(len(x), _takes(kind, np.array([POINT]))[0])
    _place_points(placed, rows, x, y, ground)
    placed.refuse(~rows, "wrong_geometry")
    return placed


def _place_points(placed: Placed, rows: Bools, x: Floats, y: Floats, ground: Ground) -> None:
    """Place the points of `rows`: as they stand, else swapped, else as already projected."""
    placed.refuse(rows & (x == 0) & (y == 0), "null_island")
    left = np.flatnonzero(rows & (placed.reason == ""))
    to_crs = ground.transform()
    attempts: list[tuple[str, Transform | None, bool]] = [
        ("", to_crs, False),
        ("axes_swapped", to_crs, True),
    ]
    if to_crs is not None:
        attempts.append(("reprojected", None, False))
    for repair, transform, swap in attempts:
        east, north = (y[left], x[left]) if swap else (x[left], y[left])
        if transform is not None and len(left):
            east, north = transform(east, north)
        inside = ground.area.holds(east, north)
        placed.geometry[left[inside]] = shapely.points(east[inside], north[inside])
        if repair:
            placed.repaired(_mask(len(x), left[inside]), repair)
        left = left[~inside]
    placed.refuse(_mask(len(x), left), "outside_area")


def _mask(n: int, rows: NDArray[np.intp]) -> Bools:
    mask = np.zeros(n, dtype=bool)
    mask[rows] = True
    return mask


def place_geometries(geometry: Geometries, unreadable: Bools, kind: Kind, ground: Ground) -> Placed:
    """Place rows by their geometry.

    Parameters
    ----------
    geometry : ndarray of shapely geometry or None, shape (n,)
        In the source's CRS.
    unreadable : ndarray of bool, shape (n,)
        Where a geometry stood that could not be read; these rows have their reason elsewhere.
    kind : Kind
        Which geometries it takes and whether a row may lack one.
    ground : Ground
    """
    placed = Placed.empty(len(geometry))
    missing = shapely.is_missing(geometry)
    empty = shapely.is_empty(geometry)
    placed.refuse(missing & ~unreadable & kind.location_required, "no_location")
    placed.refuse(empty & kind.location_required, "empty_geometry")
    there = ~missing & ~empty
    present = geometry.copy()
    present[~there] = None
    flat = _flat(_single_points(present))
    kinds = shapely.get_type_id(flat)
    points = there & (kinds == POINT) & _takes(kind, kinds)
    _place_points(placed, points, shapely.get_x(flat), shapely.get_y(flat), ground)
    _place_shapes(placed, there & (kinds != POINT), flat, kind, ground)
    placed.refuse(there & (kinds == POINT) & ~points, "wrong_geometry")
    placed.repaired(there & shapely.has_z(geometry), "dropped_z")
    return placed


def _takes(kind: Kind, type_ids: NDArray[np.integer[Any]]) -> Bools:
    return np.isin(type_ids, _ALLOWED[kind.geometry])


def _single_points(geometry: Geometries) -> Geometries:
    """Return the geometries, a multipoint of one point as that point."""
    single = shapely.get_type_id(geometry) == MULTIPOINT
    single[single] = shapely.get_num_geometries(geometry[single]) == 1
    points = geometry.copy()
    points[single] = shapely.get_geometry(geometry[single], 0)
    return points


def _flat(geometry: Geometries) -> Geometries:
    """Return the geometries without heights."""
    high = shapely.has_z(geometry)
    flat = geometry.copy()
    flat[high] = shapely.force_2d(geometry[high])
    return flat


def _place_shapes(
    placed: Placed, rows: Bools, geometry: Geometries, kind: Kind, ground: Ground
) -> None:
    at = np.flatnonzero(rows)
    if not len(at):
        return
    here, repairs, outside = _reproject_shapes(geometry[at], ground)
    for repair, done in repairs.items():
        placed.repaired(_mask(len(rows), at[done]), repair)
    placed.refuse(_mask(len(rows), at[outside]), "outside_area")
    valid = shapely.is_valid(here) | outside
    kept = here.copy()
    kept[~valid] = shapely.make_valid(here[~valid], method="structure", keep_collapsed=False)
    mixed = (shapely.get_type_id(kept) == COLLECTION) & (kind.geometry != "any")
    kept[mixed] = [_polygons(x) for x in kept[mixed]]
    fits = _takes(kind, shapely.get_type_id(kept)) & ~shapely.is_empty(kept)
    placed.refuse(_mask(len(rows), at[~fits]), "wrong_geometry")
    placed.repaired(_mask(len(rows), at[~valid | mixed]), "made_valid")
    placed.geometry[at[fits]] = kept[fits]


def _reproject_shapes(
    geometry: Geometries, ground: Ground
) -> tuple[Geometries, dict[str, Bools], Bools]:
    """Return shapes in the project's CRS, the repairs done and which shapes lie nowhere."""
    to_crs = ground.transform()
    if to_crs is None:
        return geometry, {}, np.zeros(len(geometry), dtype=bool)
    here = _transformed(geometry, to_crs)
    lost = ~_finite(here)
    repairs: dict[str, Bools] = {}
    for repair, way in (
        ("axes_swapped", lambda x, y: to_crs(y, x)),
        ("reprojected", lambda x, y: (x, y)),
    ):
        at = np.flatnonzero(lost)
        again = _transformed(geometry[at], way)
        certain = _finite(again) & _touches(ground.area, again)
        here[at[certain]] = again[certain]
        repairs[repair] = _mask(len(geometry), at[certain])
        lost = lost & ~repairs[repair]
    here[lost] = None
    return here, repairs, lost


def _transformed(geometry: Geometries, way: Transform) -> Geometries:
    moved: Any = shapely.transform(geometry, way, interleaved=False)
    return np.asarray(moved, dtype=object)


def _finite(geometry: Geometries) -> Bools:
    finite: Bools = np.isfinite(shapely.bounds(geometry)).all(axis=1)
    return finite


def _touches(area: Area, geometry: Geometries) -> Bools:
    if area.shape is None:
        return np.ones(len(geometry), dtype=bool)
    touches: Bools = shapely.intersects(shapely.box(*area.shape.bounds), geometry)
    return touches


def _polygons(collection: Any) -> Any:
    """Return the polygons of a collection as one; the collection where it has none."""
    parts = shapely.get_parts(collection)
    polygons = parts[np.isin(shapely.get_type_id(parts), (POLYGON, MULTIPOLYGON))]
    return shapely.union_all(polygons) if len(polygons) else collection
