"""Point symbols stamped by compiled code, the topmost first, so that hidden ones cost nothing."""

from __future__ import annotations

from typing import Any

import numpy as np

from gisapp.render.kernels import SQUARE_BITS, compiled, inlined, over, seen_through

_24 = np.uint32(24)


@inlined
def _lay(
    image: Any, stamp: Any, from_row: int, from_column: int, left: int, right: int, top: int,
    bottom: int, through: Any,
) -> None:  # fmt: skip
    """Lay the stamp under the pixels, and count those that became opaque."""
    for row in range(top, bottom):
        for column in range(left, right):
            below = stamp[row - from_row, column - from_column]
            above = image[row, column]
            if below == 0 or above >> _24 == 255:
                continue
            pixel = below if above == 0 else over(below, above)
            image[row, column] = pixel
            if pixel >> _24 == 255:
                through[row >> SQUARE_BITS, column >> SQUARE_BITS] -= 1


@inlined
def _first_from(xy: Any, first: int, after: int, y: float) -> int:
    """Return the first of [first, after) that lies at `y` or north of it; they go north."""
    while first < after:
        middle = (first + after) >> 1
        if xy[middle, 1] < y:
            first = middle + 1
        else:
            after = middle
    return first


@compiled(
    "void(uint32[:,::1], int64, int64, float64[:,::1], float32[:,::1], int64[::1], int64, int64,"
    " float64[::1], float64, float64, uint32[:,::1], uint8[:,::1], int32[:,::1])"
)
def stamp_marks(
    image: Any, y0: int, y1: int, xy: Any, beside_mm: Any, starts: Any, begin: int, end: int,
    view: Any, px_per_mm: float, room_px: float, stamp: Any, taken: Any, through: Any,
) -> None:  # fmt: skip
    """Lay a stamp under what rows [y0, y1) of `image` hold already, once at each mark.

    Parameters
    ----------
    image : uint32 (height, width)
        Premultiplied ARGB: what lies above.
    xy, beside_mm, starts
        As in `spots.Spots`: the topmost mark first; columns [begin, end) are gone through.
    view : float64 (3,)
        West and north edge of the image in metres, pixels per metre.
    px_per_mm : float
        What `beside_mm` is multiplied with.
    room_px : float
        How far beside its place a mark can stand at most.
    stamp : uint32 (side, side)
        The symbol, with its middle in the middle; `side` is odd.
    taken : uint8 (y1 − y0 + 2 · reach, width + 2 · reach)
        Where a mark of this symbol stands already: another there would be hidden by it.
    through : int32
        How many pixels of each square are not opaque yet.
    """
    reach = stamp.shape[0] // 2
    width = image.shape[1]
    west, north, per_m = view[0], view[1], view[2]
    room = reach + room_px + 1.0
    south_m, north_m = north - (y1 + room) / per_m, north - (y0 - room) / per_m
    for run in range(begin, end):
        for i in range(_first_from(xy, starts[run], starts[run + 1], south_m), starts[run + 1]):
            if xy[i, 1] > north_m:
                break
            x = (xy[i, 0] - west) * per_m
            y = (north - xy[i, 1]) * per_m
            if len(beside_mm):
                x += beside_mm[i, 0] * px_per_mm
                y += beside_mm[i, 1] * px_per_mm
            if not (-reach <= x < width + reach and y0 - reach <= y < y1 + reach):
                continue
            column, row = int(x + reach) - reach, int(y + reach) - reach
            if taken[row + reach - y0, column + reach]:
                continue
            taken[row + reach - y0, column + reach] = 1
            left, right = max(column - reach, 0), min(column + reach + 1, width)
            top, bottom = max(row - reach, y0), min(row + reach + 1, y1)
            if left < right and top < bottom and seen_through(through, left, right, top, bottom):
                _lay(image, stamp, row - reach, column - reach, left, right, top, bottom, through)
