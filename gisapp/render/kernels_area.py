"""Areas and lines painted by compiled code: from metres to pixels of one band of an image."""

from __future__ import annotations

from typing import Any

import numpy as np

from gisapp.render.kernels import (
    HAIR_PX,
    add_hairline,
    add_polygon,
    add_stroke,
    compiled,
    inlined,
    over,
    scaled,
    seen_through,
    shared,
)

# Half a pixel, as in `outline`: finer than antialiasing lets an eye see.
_PER_PX = 2.0
# A roundish area fills its box but for so much on each side.
_INSET = 0.12

_SIGNATURE = (
    "void(uint32[:,::1], int64, int64, float64[:,::1], int64[::1], int64[::1], float64[:,::1],"
    " int64[::1], int64, int64, float64[::1], boolean, uint32, uint32[:,::1], int64[::1],"
    " uint32, float64, float64[::1], uint32, float64, float32[::1], float32[::1], float64[:,::1],"
    " float64[:,::1], int32[:,::1])"
)


@inlined
def _box(
    bounds: Any, part: int, view: Any, reach: float, width: int, y0: int, y1: int
) -> tuple[int, int, int, int]:
    """Return left, right, top, bottom of the pixels that a part can touch in rows [y0, y1)."""
    room = reach + 0.5
    left = np.floor((bounds[part, 0] - view[0]) * view[2] - room)
    right = np.ceil((bounds[part, 2] - view[0]) * view[2] + room)
    top = np.floor((view[1] - bounds[part, 3]) * view[2] - room)
    bottom = np.ceil((view[1] - bounds[part, 1]) * view[2] + room)
    return (
        int(max(left, 0.0)),
        int(min(right, float(width))),
        int(max(top, float(y0))),
        int(min(bottom, float(y1))),
    )


@shared
def _to_px(xy: Any, first: int, after: int, view: Any, px: Any) -> int:
    """Write a ring in pixels, decimated; return how many vertices it has."""
    used = 0
    was_x = was_y = 0.0
    for i in range(first, after):
        x, y = (xy[i, 0] - view[0]) * view[2], (view[1] - xy[i, 1]) * view[2]
        cell_x, cell_y = np.rint(x * _PER_PX), np.rint(y * _PER_PX)
        px[used, 0], px[used, 1] = x, y
        used += (i == first) | (cell_x != was_x) | (cell_y != was_y)
        was_x, was_y = cell_x, cell_y
    return used


@shared
def _add_dashes(
    cover: Any, width: int, height: int, px: Any, count: int, left: float, top: float,
    reach: float, closed: bool, dashes: Any, out: Any,
) -> None:  # fmt: skip
    """Add the dashes along the `count` vertices of `px`, behind which each dash is laid out."""
    turn, rest = 0, dashes[0]
    px[count, 0], px[count, 1] = px[0, 0], px[0, 1]
    used = count + 1
    for i in range(count if closed else count - 1):
        x0, y0 = px[i, 0], px[i, 1]
        x1, y1 = px[(i + 1) % count, 0], px[(i + 1) % count, 1]
        length = np.sqrt((x1 - x0) * (x1 - x0) + (y1 - y0) * (y1 - y0))
        done = 0.0
        while length - done > rest:
            done += rest
            x, y = x0 + (x1 - x0) * done / length, y0 + (y1 - y0) * done / length
            px[used, 0], px[used, 1] = x, y
            if turn % 2 == 0:
                add_stroke(cover, width, height, px, count, used + 1, left, top, reach, False, out)
            px[count, 0], px[count, 1] = x, y
            used = count + 1
            turn = (turn + 1) % len(dashes)
            rest = dashes[turn]
        rest -= length - done
        px[used, 0], px[used, 1] = x1, y1
        used += 1
    if turn % 2 == 0:
        add_stroke(cover, width, height, px, count, used, left, top, reach, False, out)


@shared
def _add_ring(
    filled: Any, cover: Any, width: int, height: int, px: Any, used: int, left: float, top: float,
    fills: bool, reach: float, closed: bool, dashes: Any, out: Any,
) -> None:  # fmt: skip
    """Add the area of a ring of `used` vertices and its outline to what is covered."""
    if fills:
        add_polygon(filled, width, height, px, 0, used, left, top)
    if reach <= 0.0:
        return
    if len(dashes):
        _add_dashes(cover, width, height, px, used, left, top, reach, closed, dashes, out)
    elif reach <= HAIR_PX:
        add_hairline(cover, width, height, px, used, left, top, reach, closed)
    else:
        add_stroke(cover, width, height, px, 0, used, left, top, reach, closed, out)


@inlined
def _even_odd(covered: float) -> float:
    """Return the share of a pixel that is inside, where shapes may lie over each other."""
    folded = abs(covered)
    if folded <= 1.0:
        return folded
    folded = folded % 2.0
    return 2.0 - folded if folded > 1.0 else folded


@inlined
def _laid(below: np.uint32, colour: np.uint32, alpha: int) -> np.uint32:
    """Return a pixel with a colour over it, of which it takes `alpha` / 255."""
    if alpha == 0:
        return below
    return over(below, colour if alpha == 255 else scaled(colour, alpha))


@shared
def _blend_box(
    image: Any, left: int, top: int, width: int, height: int, filled: Any, cover: Any,
    fill: np.uint32, tile: Any, tile_at: Any, hair: bool,
    stroke: np.uint32,
) -> None:  # fmt: skip
    """Lay fill and outline of a shape over the image, and leave the buffers empty."""
    side = tile.shape[0]
    for row in range(height):
        start, y = row * (width + 1), top + row
        area = line = np.float32(0.0)
        area_alpha = line_alpha = 0
        for column in range(width):
            change = filled[start + column]
            if change != 0.0:
                area += change
                filled[start + column] = 0.0
                area_alpha = int(_even_odd(area) * 255.0 + 0.5)
            change = cover[start + column]
            if change != 0.0:
                line = change if hair else line + change
                cover[start + column] = 0.0
                line_alpha = int(min(abs(line), 1.0) * 255.0 + 0.5)
            elif hair:
                line_alpha = 0
            if line_alpha == 0 and area_alpha == 0:
                continue
            x = left + column
            colour = fill
            if side > 0:
                colour = tile[(y + tile_at[1]) % side, (x + tile_at[0]) % side]
            below = _laid(image[y, x], colour, area_alpha)
            image[y, x] = _laid(below, stroke, line_alpha)
        filled[start + width] = 0.0
        cover[start + width] = 0.0


@shared
def _paint_speck(image: Any, y0: int, y1: int, x: float, y: float, colour: np.uint32) -> None:
    """Paint a square pixel with its middle at a place between the image's pixels."""
    column, row = np.floor(x - 0.5), np.floor(y - 0.5)
    right, down = x - 0.5 - column, y - 0.5 - row
    for j in range(2):
        line = int(row) + j
        if line < y0 or line >= y1:
            continue
        for i in range(2):
            at = int(column) + i
            if at < 0 or at >= image.shape[1]:
                continue
            share = (right if i else 1.0 - right) * (down if j else 1.0 - down)
            alpha = int(share * 255.0 + 0.5)
            image[line, at] = over(image[line, at], scaled(colour, alpha))


@shared
def _paint_block(
    image: Any, bounds: Any, part: int, view: Any, y0: int, y1: int, colour: np.uint32
) -> None:
    """Paint whole pixels, one at least, where most of a small part must be: inside its box."""
    left, right = (bounds[part, 0] - view[0]) * view[2], (bounds[part, 2] - view[0]) * view[2]
    top, bottom = (view[1] - bounds[part, 3]) * view[2], (view[1] - bounds[part, 1]) * view[2]
    inset_x, inset_y = _INSET * (right - left), _INSET * (bottom - top)
    column, row = int(np.floor(left + inset_x)), int(np.floor(top + inset_y))
    end_x = max(int(np.rint(right - inset_x)), column + 1)
    end_y = max(int(np.rint(bottom - inset_y)), row + 1)
    for y in range(max(row, y0), min(end_y, y1)):
        for x in range(max(column, 0), min(end_x, image.shape[1])):
            image[y, x] = over(image[y, x], colour)


@compiled(_SIGNATURE)
def paint_parts(
    image: Any, y0: int, y1: int, xy: Any, ring_starts: Any, part_starts: Any, bounds: Any,
    index: Any, begin: int, end: int, view: Any, closed: bool, fill: np.uint32, tile: Any,
    tile_at: Any, stroke: np.uint32, reach: float, dashes: Any, speck: np.uint32, least: float,
    filled: Any, cover: Any, px: Any, out: Any, through: Any,
) -> None:  # fmt: skip
    """Paint parts `index` [begin, end) into rows [y0, y1) of `image`, in their order.

    Parameters
    ----------
    image : uint32 (height, width)
        Premultiplied ARGB.
    xy, ring_starts, part_starts, bounds
        As in `geometry.Parts`.
    view : float64 (3,)
        West and north edge of the image in metres, pixels per metre.
    fill, stroke, speck : uint32
        Premultiplied colours; 0: none.
    tile : uint32 (side, side)
        A hatch in the place of the fill, where `side` > 0; `tile_at` (2,) is where in it the
        image's first pixel lies.
    reach : float
        Half the outline's width in pixels; 0: none.
    dashes : float64
        Lengths of dashes and gaps in pixels; none: a solid line.
    least : float
        Parts that are less wide and high, in pixels, become blocks in the colour `speck`.
    filled, cover : float32
        Zeros, at least (y1 − y0) × (width + 1).
    px : float64 (n, 2)
        Room for twice the vertices of the largest ring, and four.
    out : float64 (n, 2)
        Room for eight times those, and some thousands.
    through : int32
        How many pixels of each square can be seen through what will lie above; where none can, a
        part is left out. Empty: nothing lies above.
    """
    fills = closed and (fill != 0 or tile.shape[0] > 0)
    for k in range(begin, end):
        part = index[k]
        left, right, top, bottom = _box(bounds, part, view, reach, image.shape[1], y0, y1)
        if left >= right or top >= bottom:
            continue
        if through.shape[0] and not seen_through(through, left, right, top, bottom):
            continue
        across = max(bounds[part, 2] - bounds[part, 0], bounds[part, 3] - bounds[part, 1])
        if across * view[2] < least:
            _paint_block(image, bounds, part, view, y0, y1, speck)
            continue
        ring, after = part_starts[part], part_starts[part + 1]
        used = _to_px(xy, ring_starts[ring], ring_starts[ring + 1], view, px)
        if used < 2:
            if speck != 0:
                _paint_speck(image, y0, y1, px[0, 0], px[0, 1], speck)
            continue
        while ring < after:
            if used >= 2:
                _add_ring(
                    filled, cover, right - left, bottom - top, px, used, float(left), float(top),
                    fills, reach, closed, dashes, out,
                )  # fmt: skip
            ring += 1
            if ring < after:
                used = _to_px(xy, ring_starts[ring], ring_starts[ring + 1], view, px)
        _blend_box(
            image, left, top, right - left, bottom - top, filled, cover, fill, tile, tile_at,
            reach <= HAIR_PX and len(dashes) == 0, stroke,
        )  # fmt: skip


@compiled("void(uint32[:,::1], uint32[:,::1], int64, int64)")
def lay_over(image: Any, above: Any, y0: int, y1: int) -> None:
    """Lay rows [y0, y1) of `above` over `image`, and leave them empty."""
    for row in range(y0, y1):
        for column in range(image.shape[1]):
            pixel = above[row, column]
            if pixel != 0:
                image[row, column] = over(image[row, column], pixel)
                above[row, column] = 0
