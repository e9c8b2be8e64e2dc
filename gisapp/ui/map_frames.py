"""Which piece of the map's picture is drawn next, and which work has become worthless. No Qt."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from collections.abc import Sequence

    from gisapp.core.layer import Layer
    from gisapp.render.viewport import Viewport

Kind = Literal["coarse", "full", "strips", "basemap", "names"]
Window = tuple[int, int, int, int]
"""A rectangle of a viewport in pixels: x, y, width, height."""

# A full frame that takes longer is preceded by a coarse one.
SOON_S = 0.05
# A thousandth of a pixel: rounding of coordinates, not a movement.
_WHOLE_PX = 1e-3


@dataclass(frozen=True)
class Wanted:
    """What the map should show: layers (by identity), where, and the basemap's state.

    `basemap` counts the changes of the basemap; None where there is none.
    """

    layers: tuple[Layer, ...]
    viewport: Viewport
    basemap: int | None = None


@dataclass(frozen=True)
class Shown:
    """What the pictures at hand show; None where there is none.

    `names` is what the names were drawn for, `basemap` what the basemap was; `coarse` says that
    the ground is a coarse frame.
    """

    ground: Wanted | None = None
    coarse: bool = False
    basemap: Wanted | None = None
    names: Wanted | None = None


@dataclass(frozen=True)
class Work:
    """One piece of drawing: what of, for what, and with a new basemap or not.

    For strips, the ground at hand is moved so that its upper left corner lies at `place` and the
    windows in `strips` are drawn anew.
    """

    kind: Kind
    wanted: Wanted
    basemap: bool = False
    place: tuple[int, int] = (0, 0)
    strips: tuple[Window, ...] = ()


def next_work(wanted: Wanted, shown: Shown, last_full_s: float) -> Work | None:
    """Return what to draw next so that the map comes to show what is wanted; None: it does.

    The basemap is drawn with the ground, so that they never part; names come last.

    Parameters
    ----------
    last_full_s : float
        How long the last full frame took; infinity where there was none.
    """
    basemap = _lacks_basemap(wanted, shown)
    if not _has_ground(wanted, shown):
        return _next_ground(wanted, shown, last_full_s, basemap=basemap)
    if basemap:
        return Work("basemap", wanted, basemap=True)
    if not _same(shown.names, wanted):
        return Work("names", wanted)
    return None


def is_current(wanted: Wanted, shown: Shown) -> bool:
    """Say whether everything that is wanted is shown, drawn in full."""
    return next_work(wanted, shown, 0.0) is None


def is_worthless(work: Work, wanted: Wanted) -> bool:
    """Say whether the answer to `work` would help nothing to show what is wanted now.

    A coarse frame is quick and better than the picture before it, so it is let finish whatever
    the scale; so is, during a drag, a frame of the same scale, of which the rest is moved. Names
    are drawn for one view only, and give way.
    """
    if work.wanted.layers != wanted.layers:
        return True
    if work.kind == "names":
        return work.wanted.viewport != wanted.viewport
    return work.kind != "coarse" and place_of(work.wanted.viewport, wanted.viewport) is None


def place_of(was: Viewport, now: Viewport) -> tuple[int, int] | None:
    """Return where the upper left corner of the view `was` lies in the view `now`, in pixels.

    None where the scale differs, where nothing of it is in view, or where it does not lie on
    whole pixels: such a picture cannot be moved into place.
    """
    if (was.metres_per_px, was.px_per_mm) != (now.metres_per_px, now.px_per_mm):
        return None
    x = (now.width_px - was.width_px) / 2 + (was.center_x - now.center_x) / now.metres_per_px
    y = (now.height_px - was.height_px) / 2 - (was.center_y - now.center_y) / now.metres_per_px
    whole = abs(x - round(x)) < _WHOLE_PX and abs(y - round(y)) < _WHOLE_PX
    apart = not (-was.width_px < x < now.width_px and -was.height_px < y < now.height_px)
    return None if apart or not whole else (round(x), round(y))


def uncovered(place: tuple[int, int], was: Viewport, now: Viewport) -> tuple[Window, ...]:
    """Return the windows of `now` that a picture of `was` at `place` does not cover.

    At most four, which do not overlap: above and below over the whole width, then left and right.
    """
    width, height = now.width_px, now.height_px
    left, right = max(place[0], 0), min(place[0] + was.width_px, width)
    top, bottom = max(place[1], 0), min(place[1] + was.height_px, height)
    around = (
        (0, 0, width, top),
        (0, bottom, width, height - bottom),
        (0, top, left, bottom - top),
        (right, top, width - right, bottom - top),
    )
    return tuple(window for window in around if window[2] > 0 and window[3] > 0)


def whole_px(way: Sequence[float]) -> tuple[int, int]:
    """Return a movement in whole pixels, so that a picture can be moved by it."""
    return round(way[0]), round(way[1])


def _next_ground(wanted: Wanted, shown: Shown, last_full_s: float, *, basemap: bool) -> Work:
    ground = shown.ground
    if ground is not None and ground.layers == wanted.layers and not shown.coarse:
        place = place_of(ground.viewport, wanted.viewport)
        if place is not None:
            strips = uncovered(place, ground.viewport, wanted.viewport)
            return Work("strips", wanted, basemap, place, strips)
    has_coarse = shown.coarse and _same(ground, wanted)
    slow = last_full_s > SOON_S
    return Work("coarse" if slow and not has_coarse else "full", wanted, basemap)


def _has_ground(wanted: Wanted, shown: Shown) -> bool:
    return not shown.coarse and _same(shown.ground, wanted)


def _lacks_basemap(wanted: Wanted, shown: Shown) -> bool:
    if wanted.basemap is None:
        return False
    was = shown.basemap
    return was is None or (was.basemap, was.viewport) != (wanted.basemap, wanted.viewport)


def _same(was: Wanted | None, wanted: Wanted) -> bool:
    return was is not None and (was.layers, was.viewport) == (wanted.layers, wanted.viewport)
