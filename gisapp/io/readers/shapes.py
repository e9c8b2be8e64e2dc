"""GeoJSON geometries to WKB, many at a time."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any

import numpy as np
import shapely

from gisapp.core.words import _

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

GEOMETRY_TYPES = (
    "Point",
    "MultiPoint",
    "LineString",
    "MultiLineString",
    "Polygon",
    "MultiPolygon",
    "GeometryCollection",
)
_LEAST_RING_POSITIONS = 4
_MOST_NESTED = 32
_NUMBERS = (int, float)
_HUGE = 1e300


class BadGeometry(ValueError):  # noqa: N818 - an answer, not a fault
    """A geometry object that is no geometry; its text is a clause for the user."""


class Shapes:
    """Makes geometries of GeoJSON objects and counts what is odd about them.

    Attributes
    ----------
    oddities : Counter
        Sentence to the number of geometries it is true of.
    types : set of str
        The geometry types met.
    """

    def __init__(self) -> None:
        self.oddities: Counter[str] = Counter()
        self.types: set[str] = set()

    def make_many(self, geometries: Sequence[Any]) -> tuple[NDArray[np.object_], dict[int, str]]:
        """Make the geometries of many objects.

        Returns
        -------
        shapes : ndarray of geometry, shape (n,)
            None where the object is null or no geometry.
        faults : dict
            Position of each object that is no geometry, to what is wrong with it.
        """
        shapes = np.full(len(geometries), None, dtype=object)
        faults: dict[int, str] = {}
        points = self._plain_points(geometries)
        if points:
            self.types.add("Point")
            shapes[list(points)] = shapely.points(np.array(list(points.values()), np.float64))
        for i, geometry in enumerate(geometries):
            if i not in points:
                try:
                    shapes[i] = self.make(geometry)
                except BadGeometry as error:
                    faults[i] = str(error)
        return shapes, faults

    @staticmethod
    def _plain_points(geometries: Sequence[Any]) -> dict[int, list[float]]:
        """Pick the points of two finite numbers, nearly all there are, for one fast call."""
        return {
            i: position
            for i, geometry in enumerate(geometries)
            if type(geometry) is dict
            and geometry.get("type") == "Point"
            and type(position := geometry.get("coordinates")) is list
            and len(position) == 2
            and type(position[0]) in _NUMBERS
            and type(position[1]) in _NUMBERS
            and -_HUGE < position[0] < _HUGE
            and -_HUGE < position[1] < _HUGE
        }

    def make(self, geometry: dict[str, Any] | None, depth: int = 0) -> Any:
        """Make a shapely geometry of one geometry object; None of null.

        Raises
        ------
        BadGeometry
            Where it is no geometry.
        """
        if geometry is None:
            return None
        if not isinstance(geometry, dict):
            raise BadGeometry(_("its geometry is not an object"))
        kind = geometry.get("type")
        if kind not in GEOMETRY_TYPES:
            raise BadGeometry(_("there is no geometry type “{kind}”").format(kind=str(kind)[:40]))
        if depth == 0:
            self.types.add(kind)
        if kind == "GeometryCollection":
            return self._collection(geometry.get("geometries"), depth)
        coordinates = geometry.get("coordinates")
        if not isinstance(coordinates, list):
            raise BadGeometry(_("its geometry has no list of coordinates"))
        if not coordinates:
            return shapely.from_wkt(f"{kind.upper()} EMPTY")
        return getattr(self, f"_{kind.lower()}")(coordinates)

    def _collection(self, members: Any, depth: int) -> Any:
        if not isinstance(members, list):
            raise BadGeometry(_("a geometry collection has no list of geometries"))
        if depth >= _MOST_NESTED:
            raise BadGeometry(_("geometry collections are nested too deeply"))
        if depth == 0:
            self.oddities[_("Geometries that are collections of several types")] += 1
        parts = [self.make(member, depth + 1) for member in members]
        return shapely.geometrycollections([part for part in parts if part is not None])

    def _point(self, coordinates: list[Any]) -> Any:
        return shapely.points(self._positions([coordinates])[0])

    def _multipoint(self, coordinates: list[Any]) -> Any:
        return shapely.multipoints(shapely.points(self._positions(coordinates)))

    def _linestring(self, coordinates: list[Any]) -> Any:
        positions = self._positions(coordinates)
        if len(positions) < 2:
            raise BadGeometry(_("a line has fewer than two positions"))
        return shapely.linestrings(positions)

    def _multilinestring(self, coordinates: list[Any]) -> Any:
        return shapely.multilinestrings([self._linestring(_listed(line)) for line in coordinates])

    def _polygon(self, coordinates: list[Any]) -> Any:
        rings = [self._ring(_listed(ring)) for ring in coordinates]
        return shapely.polygons(rings[0], rings[1:] or None)

    def _multipolygon(self, coordinates: list[Any]) -> Any:
        return shapely.multipolygons([self._polygon(_listed(part)) for part in coordinates])

    def _ring(self, coordinates: list[Any]) -> Any:
        positions = self._positions(coordinates)
        if not np.array_equal(positions[0], positions[-1]):
            self.oddities[_("Rings that are not closed; they were closed")] += 1
            positions = np.vstack([positions, positions[:1]])
        if len(positions) < _LEAST_RING_POSITIONS:
            raise BadGeometry(_("a ring has fewer than four positions"))
        return shapely.linearrings(positions)

    def _positions(self, coordinates: list[Any]) -> NDArray[np.float64]:
        """Check positions and give them as an array, shape (n, 2) or (n, 3)."""
        try:
            positions = np.array(coordinates)
        except (ValueError, OverflowError):
            positions = np.array(self._cut_to_two(coordinates))
        if positions.ndim != 2 or positions.dtype.kind not in "iuf":
            raise BadGeometry(_("a position is not a list of numbers"))
        if positions.shape[1] < 2:
            raise BadGeometry(_("a position has fewer than two numbers"))
        if positions.shape[1] > 3:
            self.oddities[_("Positions of more than three numbers; the rest was left out")] += 1
        if not np.isfinite(positions).all():
            raise BadGeometry(_("a coordinate is not a finite number"))
        return positions[:, :3].astype(np.float64, copy=False)

    def _cut_to_two(self, coordinates: list[Any]) -> list[list[Any]]:
        """Drop the heights where only some positions of a geometry have one."""
        if not all(isinstance(position, list) for position in coordinates):
            raise BadGeometry(_("a position is not a list of numbers"))
        self.oddities[_("Geometries with heights at some positions only; they were left out")] += 1
        cut = [position[:2] for position in coordinates]
        if any(len(position) < 2 or isinstance(x, list) for position in cut for x in position):
            raise BadGeometry(_("a position is not a list of numbers"))
        return cut


def _listed(value: Any) -> list[Any]:
    if isinstance(value, list) and value:
        return value
    raise BadGeometry(_("its coordinates are not nested as its type asks"))
