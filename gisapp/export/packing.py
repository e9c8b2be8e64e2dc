"""Numbers as base64 of arrays, little-endian, which the page's script reads as they lie there.

A tenth of what they take as digits, and nothing for the browser to parse. `packed.js` unpacks.
"""

from __future__ import annotations

import base64
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import pandas as pd
import shapely

if TYPE_CHECKING:
    from numpy.typing import NDArray

Packed = dict[str, str]

PER_DEGREE: Final = 1_000_000  # a millionth of a degree is 0.1 m
MISSING_TRUTH: Final = 2
_WHOLE_TYPES: Final = ("u1", "i1", "u2", "i2", "u4", "i4")
_MOST_DECIMALS: Final = 6
# Whole numbers up to here fit with room to spare for the one that stands for "missing".
_MOST_WHOLE: Final = 2**31 - 2


def packed(numbers: NDArray[Any]) -> Packed:
    """Pack numbers, shape (n,), as the narrowest type that holds them all."""
    if numbers.dtype.kind == "f":
        narrow = numbers.astype("<f8")
    else:
        low, high = (int(numbers.min()), int(numbers.max())) if len(numbers) else (0, 0)
        narrow = numbers.astype("<" + _type_for(low, high))
    kind = narrow.dtype.str.lstrip("<|")
    return {"type": kind, "bytes": base64.b64encode(narrow.tobytes()).decode()}


def _type_for(low: int, high: int) -> str:
    for kind in _WHOLE_TYPES:
        limits = np.iinfo(kind)
        if limits.min <= low and high <= limits.max:
            return kind
    return "f8"


def packed_column(column: pd.Series) -> dict[str, Any]:
    """Pack a column of a frame, n rows.

    Returns
    -------
    dict
        ``truths`` (0, 1, 2 for missing); or ``numbers`` with ``divide`` (each is to be divided by
        it) and ``missing`` (the one that stands for a missing value); or ``texts``, the distinct
        ones, with ``at``, the place of each row's text, counted from 1, 0 for a missing one.
        Without ``at`` every row has the text of its own place.
    """
    if pd.api.types.is_bool_dtype(column):
        truths = column.astype("boolean").astype("Int64").fillna(MISSING_TRUTH)
        return {"truths": packed(truths.to_numpy(np.int64))}
    if pd.api.types.is_numeric_dtype(column):
        return _packed_numbers(column.to_numpy(np.float64, na_value=np.nan))
    places, distinct = pd.factorize(column.astype("str"))
    told: dict[str, Any] = {"texts": [str(x) for x in distinct]}
    if len(distinct) < len(column) or not len(column):
        told["at"] = packed(places + 1)
    return told


def _packed_numbers(values: NDArray[np.float64]) -> dict[str, Any]:
    """Pack numbers to six decimals, as whole ones wherever these say the same."""
    known = np.isfinite(values)
    rounded = np.round(values[known], _MOST_DECIMALS)
    for decimals in range(_MOST_DECIMALS + 1):
        divide = 10**decimals
        whole = np.round(rounded * divide)
        if np.abs(whole).max(initial=0) > _MOST_WHOLE:
            break
        if (whole / divide == rounded).all():
            missing = int(whole.max(initial=0)) + 1
            filled = np.full(len(values), missing, dtype=np.int64)
            filled[known] = whole.astype(np.int64)
            return {"numbers": packed(filled), "divide": divide, "missing": missing}
    filled_floats = np.full(len(values), np.nan)
    filled_floats[known] = rounded
    return {"numbers": packed(filled_floats), "divide": 1, "missing": None}


def packed_points(points: NDArray[np.object_], row: NDArray[np.int64]) -> dict[str, Any]:
    """Pack points in degrees, shape (n,), and the row of each one's feature, in rising order."""
    return {"row": _packed_steps(row), **_packed_places(shapely.get_coordinates(points))}


def packed_shapes(parts: NDArray[np.object_], row: NDArray[np.int64]) -> dict[str, Any]:
    """Pack lines or polygons in degrees, shape (n,), and the row of each one's feature.

    ``rings`` counts the rings of each part, ``vertices`` the vertices of each ring; ``x``, ``y``
    are the places of their first vertices, ``dx``, ``dy`` the steps from there on, ring by ring.
    """
    is_area = shapely.get_type_id(parts) == shapely.GeometryType.POLYGON
    lines, part = (
        shapely.get_rings(parts, return_index=True)
        if is_area.any()
        else (parts, np.arange(len(parts)))
    )
    xy, ring = shapely.get_coordinates(lines, return_index=True)
    whole = _millionths(xy)
    first = np.ones(len(ring), dtype=bool)
    first[1:] = ring[1:] != ring[:-1]
    steps = np.diff(whole, axis=0, prepend=whole[:1])[~first]
    return {
        "row": _packed_steps(row),
        "rings": packed(np.bincount(part, minlength=len(parts))),
        "vertices": packed(np.bincount(ring, minlength=len(lines))),
        **_packed_places(xy[first]),
        "dx": packed(steps[:, 0]),
        "dy": packed(steps[:, 1]),
    }


def _packed_steps(rising: NDArray[np.int64]) -> Packed:
    return packed(np.diff(rising, prepend=0))


def _packed_places(degrees: NDArray[np.float64]) -> dict[str, Any]:
    """Pack places as their distance from the south-western corner of them all."""
    whole = _millionths(degrees)
    corner = whole.min(axis=0) if len(whole) else np.zeros(2, np.int64)
    x, y = (whole - corner).T
    return {"from": corner.tolist(), "x": packed(x), "y": packed(y)}


def _millionths(degrees: NDArray[np.float64]) -> NDArray[np.int64]:
    return np.round(degrees * PER_DEGREE).astype(np.int64)
