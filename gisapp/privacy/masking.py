"""Places made vague: donut masking, hexagons, pseudonyms.

The donut mask is Hampton et al.'s (Am. J. Epidemiol. 172, 2010): θ ~ U(0, 2π) and
r = √U(r_min², r_max²). Its randomness is an HMAC of the record's id under the project's key, so
that every export shifts a record by the same offset and averaging many exports gains nothing. Where
the density changed between two exports, so that the ring did, the two offsets are independent.
"""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import shapely

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]
    Objects = NDArray[np.object_]

ATTEMPTS: Final = 64
PSEUDONYM_DIGITS: Final = 16
SQRT3: Final = 3**0.5


def pseudonym(key: str, record_id: str) -> str:
    """Return a name for a record that only the key's holder can lead back to its id."""
    return _digest(key, "pseudonym", record_id).hex()[:PSEUDONYM_DIGITS]


def donut_radii(families_per_m2: Floats, families: tuple[float, float]) -> tuple[Floats, Floats]:
    """Return the radii, in metres, of circles that hold so many families: r = √(k/(πρ))."""
    low, high = (np.sqrt(k / (np.pi * families_per_m2)) for k in families)
    return low, high


def donut_mask(
    points: Floats, ids: Sequence[str], key: str, radii_m: tuple[Floats, Floats], within: Objects
) -> Floats:
    """Shift each point to another one in a ring around it and inside its area.

    Parameters
    ----------
    points : ndarray, shape (n, 2)
        In a metric CRS.
    ids : sequence of str
        What the offset is derived from, together with `key` (the project's secret, hex).
    radii_m : pair of ndarray, shape (n,)
        Inner and outer radius of the ring.
    within : ndarray of polygons, shape (n,)
        The area that the shifted point must lie in; None: anywhere.

    Returns
    -------
    ndarray, shape (n, 2)
        Where no place in the ring was found inside the area, the area's representative point.
    """
    if not key:
        raise ValueError("masking needs the project's key")
    shapely.prepare(within)
    masked = np.array(points, dtype=np.float64)
    left = np.arange(len(masked))
    for attempt in range(ATTEMPTS):
        if not left.size:
            return masked
        chosen = [ids[i] for i in left.tolist()]
        spots = np.add(points[left], _offsets(chosen, key, attempt, radii_m, left))
        free = shapely.is_missing(within[left])
        good = free | shapely.contains_xy(within[left], spots[:, 0], spots[:, 1])
        masked[left[good]] = spots[good]
        left = left[~good]
    masked[left] = shapely.get_coordinates(shapely.point_on_surface(within[left]))
    return masked


def families_around(
    masked: Floats, radii_m: tuple[Floats, Floats], families_per_m2: Floats, within: Objects
) -> Floats:
    """Return among how many families each masked point hides, shape (n,).

    Somebody who knows the method looks for the true place in the ring around the masked one, as
    far as that lies in the area: k = ρ · |ring ∩ area|. It is less than the ring was made for
    where the area's border cuts it.

    Parameters
    ----------
    masked : ndarray, shape (n, 2)
        What `donut_mask` gave for the same `radii_m` and `within`.
    families_per_m2 : ndarray, shape (n,)
    """
    low, high = radii_m
    room_m2 = np.pi * (high**2 - low**2)
    points = shapely.points(masked)
    cut = ~shapely.is_missing(within)
    cut[cut] = shapely.distance(points[cut], shapely.boundary(within[cut])) < high[cut]
    ring = shapely.difference(
        shapely.buffer(points[cut], high[cut]), shapely.buffer(points[cut], low[cut])
    )
    room_m2[cut] = shapely.area(shapely.intersection(ring, within[cut]))
    among: Floats = families_per_m2 * room_m2
    return among


def _offsets(
    ids: list[str], key: str, attempt: int, radii_m: tuple[Floats, Floats], rows: NDArray[np.intp]
) -> Floats:
    # With the radius in it: rings of two sizes in one direction would lead back to the place.
    purposes = [f"donut {attempt} {radius:.2f}" for radius in radii_m[0][rows].tolist()]
    pairs = zip(purposes, ids, strict=True)
    digests = b"".join(_digest(key, purpose, record_id)[:16] for purpose, record_id in pairs)
    uniform = np.frombuffer(digests, dtype="<u8").reshape(-1, 2) / 2.0**64
    low, high = radii_m[0][rows] ** 2, radii_m[1][rows] ** 2
    radius = np.sqrt(low + uniform[:, 0] * (high - low))
    angle = 2 * np.pi * uniform[:, 1]
    return np.column_stack([radius * np.cos(angle), radius * np.sin(angle)])


def _digest(key: str, purpose: str, record_id: str) -> bytes:
    text = f"{purpose}\0{record_id}".encode()
    return hmac.digest(bytes.fromhex(key), text, hashlib.sha256)


def hexagon_of(points: Floats, width_m: float) -> NDArray[np.int64]:
    """Return the axial coordinates (column, row) of the hexagon that holds each point.

    The grid hangs on the CRS's origin, so that it is the same for every export.

    Parameters
    ----------
    points : ndarray, shape (n, 2)
    width_m : float
        Distance between two opposite sides; the hexagons stand on a corner.

    Returns
    -------
    ndarray, shape (n, 2)
    """
    side = width_m / SQRT3
    column = points[:, 0] / width_m - points[:, 1] / (3 * side)
    row = 2 * points[:, 1] / (3 * side)
    cube = np.column_stack([column, row, -column - row])
    near = np.round(cube)
    worst = np.abs(near - cube).argmax(axis=1)
    rows = np.arange(len(cube))
    near[rows, worst] = -(near.sum(axis=1) - near[rows, worst])
    return near[:, :2].astype(np.int64)


def hexagons(axial: NDArray[np.int64], width_m: float) -> NDArray[Any]:
    """Return the polygons of the hexagons with these axial coordinates, shape (n,)."""
    side = width_m / SQRT3
    center = np.column_stack(
        [width_m * (axial[:, 0] + axial[:, 1] / 2), 1.5 * side * axial[:, 1].astype(float)]
    )
    turn = np.deg2rad(np.arange(30, 390, 60))
    corner = side * np.column_stack([np.cos(turn), np.sin(turn)])
    polygons: NDArray[Any] = shapely.polygons(center[:, None, :] + corner[None, :, :])
    return polygons
