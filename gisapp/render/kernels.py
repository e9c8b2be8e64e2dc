"""What the compiled kernels share: pixels, coverage, outlines. Compiled; imported by `warming`.

Coverage is worked out as FreeType and Qt do: every edge adds, to each pixel that it crosses, the
signed area that lies to its right; the running sum along a row is then what a shape covers of
each pixel. Buffers are as large as the box of one shape, so that they stay in the cache.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeVar, cast

import numpy as np
from numba import njit

if TYPE_CHECKING:
    from collections.abc import Callable

    Function = TypeVar("Function", bound=Callable[..., Any])

_LOW_BYTES = np.uint64(0x00FF00FF00FF00FF)
_HALVES = np.uint64(0x0080008000800080)
_EIGHT, _24 = np.uint64(8), np.uint64(24)
_ALPHA = np.uint32(24)
# Lines up to this half width are hairlines: Qt draws them as such.
HAIR_PX = 0.5
# A round join is left out where it differs from a straight one by less.
_FLAT_PX = 0.1
_MOST_STEPS = 16
# Squares of so many pixels (as a power of two) count how many of theirs can still be seen through.
SQUARE_BITS = 3


def compiled(signature: str) -> Callable[[Function], Function]:
    """Compile a function that writes pixels without the GIL, and keep it on disk."""
    made: Any = njit([signature], nogil=True, cache=True, error_model="numpy", fastmath=True)
    return cast("Callable[[Function], Function]", made)


def inlined(function: Function) -> Function:
    """Compile a function into each of its callers: for what is called for every pixel or edge."""
    made: Any = njit(nogil=True, error_model="numpy", fastmath=True, forceinline=True)
    return cast("Function", made(function))


def shared(function: Function) -> Function:
    """Compile a function for those that call it: for what is called for every ring."""
    made: Any = njit(nogil=True, error_model="numpy", fastmath=True)
    return cast("Function", made(function))


@inlined
def scaled(pixel: np.uint32, alpha: Any) -> np.uint32:
    """Return a premultiplied pixel times an integer `alpha` / 255, rounded as Qt rounds."""
    wide = np.uint64(pixel)
    wide = (wide | (wide << _24)) & _LOW_BYTES
    wide = wide * np.uint64(alpha)
    wide = ((wide + ((wide >> _EIGHT) & _LOW_BYTES) + _HALVES) >> _EIGHT) & _LOW_BYTES
    return np.uint32((wide | (wide >> _24)) & np.uint64(0xFFFFFFFF))


@inlined
def over(below: np.uint32, above: np.uint32) -> np.uint32:
    """Return a premultiplied pixel laid over another."""
    alpha = above >> _ALPHA
    if alpha == 255 or below == 0:
        return above
    return np.uint32(above + scaled(below, 255 - alpha))


@inlined
def seen_through(through: Any, left: int, right: int, top: int, bottom: int) -> bool:
    """Say whether anything laid under these pixels could be seen; `right`, `bottom` are outside."""
    for row in range(top >> SQUARE_BITS, ((bottom - 1) >> SQUARE_BITS) + 1):
        for column in range(left >> SQUARE_BITS, ((right - 1) >> SQUARE_BITS) + 1):
            if through[row, column] > 0:
                return True
    return False


@inlined
def _add_span(
    cover: Any, start: int, width: int, xa: float, xb: float, tall: float, steep: float
) -> None:
    """Add an edge within one row, from `xa` to `xb`, `tall` high (signed), `steep` a pixel.

    What lies left of the box counts whole, what lies right of it not at all.
    """
    if xa > xb:
        xa, xb = xb, xa
    if xa >= width:
        return
    if xb <= 0.0:
        cover[start] += tall
        return
    if xa < 0.0:
        cover[start] += -xa * steep
        tall += xa * steep
        xa = 0.0
    first, last = int(xa), min(int(xb), width - 1)
    if first == last and xb <= width:
        share = tall * (0.5 * (xa + xb) - first)
        cover[start + first] += tall - share
        cover[start + first + 1] += share
        return
    for column in range(first, last + 1):
        left, right = max(xa, float(column)), min(xb, column + 1.0)
        part = steep * (right - left)
        share = part * (0.5 * (left + right) - column)
        cover[start + column] += part - share
        cover[start + column + 1] += share


@inlined
def _add_edge(
    cover: Any, width: int, height: int, x0: float, y0: float, x1: float, y1: float
) -> None:
    sign = 1.0
    if y0 > y1:
        x0, y0, x1, y1, sign = x1, y1, x0, y0, -1.0
    if y1 <= 0.0 or y0 >= height or y0 == y1:
        return
    slope = (x1 - x0) / (y1 - y0)
    steep = sign * abs((y1 - y0) / (x1 - x0)) if x1 != x0 else 0.0
    if y0 < 0.0:
        x0, y0 = x0 - y0 * slope, 0.0
    if y1 > height:
        x1, y1 = x0 + (height - y0) * slope, float(height)
    row, last = int(y0), min(int(y1), height - 1)
    x, y = x0, y0
    while row < last:
        after = x + (row + 1.0 - y) * slope
        _add_span(cover, row * (width + 1), width, x, after, sign * (row + 1.0 - y), steep)
        row += 1
        x, y = after, float(row)
    _add_span(cover, row * (width + 1), width, x, x1, sign * (y1 - y), steep)


@shared
def add_polygon(
    cover: Any, width: int, height: int, px: Any, first: int, after: int, left: float, top: float
) -> None:
    """Add what `px` [first, after) encloses to `cover`, in a box whose corner is (left, top).

    `cover` is flat, rows of `width` + 1, of which the last column takes what leaves the box.
    """
    x0, y0 = px[after - 1, 0] - left, px[after - 1, 1] - top
    for i in range(first, after):
        x1, y1 = px[i, 0] - left, px[i, 1] - top
        _add_edge(cover, width, height, x0, y0, x1, y1)
        x0, y0 = x1, y1


@inlined
def _put_join(
    out: Any, used: int, x: float, y: float, ax: float, ay: float, bx: float, by: float,
    reach: float, round_until: int,
) -> int:  # fmt: skip
    """Write the corner at (x, y) between the offsets (ax, ay) and (bx, by), both `reach` long."""
    out[used, 0], out[used, 1] = x + ax, y + ay
    used += 1
    outside = ax * by - ay * bx > 0.0
    flat = max(1.0 - _FLAT_PX / reach, 0.0)
    sharp = ax * bx + ay * by < (2.0 * flat * flat - 1.0) * reach * reach
    if outside and sharp and used + _MOST_STEPS < round_until:
        turn = np.arctan2(ax * by - ay * bx, ax * bx + ay * by)
        steps = int(min(np.ceil(turn * np.sqrt(reach) * 1.2), float(_MOST_STEPS)))
        for step in range(1, steps):
            part = turn * step / steps
            sine, cosine = np.sin(part), np.cos(part)
            out[used, 0], out[used, 1] = x + ax * cosine - ay * sine, y + ax * sine + ay * cosine
            used += 1
    out[used, 0], out[used, 1] = x + bx, y + by
    return used + 1


@shared
def put_side(
    out: Any, used: int, px: Any, first: int, count: int, step: int, reach: float, closed: bool
) -> int:
    """Write the left side of a line behind the `used` vertices of `out`; return how many are used.

    Parameters
    ----------
    first, count, step
        Where in `px` the line starts, of how many vertices it is, and whether it is gone through
        forward (1) or backward (−1).
    closed : bool
        Whether the last vertex leads to the first.
    """
    was_x = was_y = first_x = first_y = 0.0
    round_until = out.shape[0] - 4 * count
    begun = False
    for i in range(count if closed else count - 1):
        k = i + 1 if i + 1 < count else 0
        x0, y0 = px[first + i * step, 0], px[first + i * step, 1]
        x1, y1 = px[first + k * step, 0], px[first + k * step, 1]
        length = np.sqrt((x1 - x0) * (x1 - x0) + (y1 - y0) * (y1 - y0))
        if length == 0.0:
            continue
        nx, ny = (y1 - y0) / length * reach, (x0 - x1) / length * reach
        if begun:
            used = _put_join(out, used, x0, y0, was_x, was_y, nx, ny, reach, round_until)
        else:
            begun, first_x, first_y = True, nx, ny
            if not closed:
                out[used, 0], out[used, 1] = x0 + nx, y0 + ny
                used += 1
        was_x, was_y = nx, ny
    if not begun:
        return used
    if closed:
        x0, y0 = px[first, 0], px[first, 1]
        return _put_join(out, used, x0, y0, was_x, was_y, first_x, first_y, reach, round_until)
    last = first + (count - 1) * step
    out[used, 0], out[used, 1] = px[last, 0] + was_x, px[last, 1] + was_y
    return used + 1


@inlined
def _add_across(cover: Any, start: int, step: int, count: int, middle: float, share: float) -> None:
    """Add a pixel's width around `middle` to `count` pixels in a line of the buffer."""
    low = middle - 0.5
    first = np.floor(low)
    after = share * (low - first)
    if 0.0 <= first < count:
        cover[start + int(first) * step] += share - after
    if -1.0 <= first < count - 1.0:
        cover[start + int(first + 1.0) * step] += after


@shared
def add_hairline(
    cover: Any, width: int, height: int, px: Any, count: int, left: float, top: float,
    reach: float, closed: bool,
) -> None:  # fmt: skip
    """Add a line thinner than a pixel: here `cover` is what is covered of each pixel itself.

    As Qt draws it: a pixel wide across the axis that it follows more, and as faint as it is thin.
    """
    for i in range(count if closed else count - 1):
        k = i + 1 if i + 1 < count else 0
        x0, y0, x1, y1 = px[i, 0] - left, px[i, 1] - top, px[k, 0] - left, px[k, 1] - top
        steep = abs(y1 - y0) > abs(x1 - x0)
        if steep:
            x0, y0, x1, y1 = y0, x0, y1, x1
        if x0 > x1:
            x0, y0, x1, y1 = x1, y1, x0, y0
        along, across = (height, width) if steep else (width, height)
        if x0 == x1 or x1 <= 0.0 or x0 >= along:
            continue
        slope = (y1 - y0) / (x1 - x0)
        begin, end = max(x0, 0.0), min(x1, float(along))
        for cell in range(int(begin), int(np.ceil(end))):
            share = 2.0 * reach * (min(end, cell + 1.0) - max(begin, float(cell)))
            middle = y0 + (cell + 0.5 - x0) * slope
            if steep:
                _add_across(cover, cell * (width + 1), 1, across, middle, share)
            else:
                _add_across(cover, cell, width + 1, across, middle, share)


@shared
def add_stroke(
    cover: Any, width: int, height: int, px: Any, first: int, after: int, left: float, top: float,
    reach: float, closed: bool, out: Any,
) -> None:  # fmt: skip
    """Add the outline of a line along `px` [first, after), `reach` to each side: flat ends.

    `out` has room for four vertices for each of the line's; what is more serves round joins.
    """
    count = after - first
    used = put_side(out, 0, px, first, count, 1, reach, closed)
    if closed and used:
        add_polygon(cover, width, height, out, 0, used, left, top)
        used = 0
    used = put_side(out, used, px, after - 1, count, -1, reach, closed)
    if used:
        add_polygon(cover, width, height, out, 0, used, left, top)
