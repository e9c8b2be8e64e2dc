"""Compiled kernels, loaded behind the window's back; until then, and without numba, Qt paints.

It loads render's kernels, and at its own time: numba takes half a second.
"""

from __future__ import annotations

import threading
from dataclasses import dataclass
from typing import TYPE_CHECKING

from gisapp.core.compiled import Compiled
from gisapp.io.folders import keep_compiled

if TYPE_CHECKING:
    from collections.abc import Callable

_AREA = Compiled("gisapp.render.kernels_area")
_POINT = Compiled("gisapp.render.kernels_point")


@dataclass(frozen=True)
class Kernels:
    """The compiled functions, as `kernels_area` and `kernels_point` describe them."""

    paint_parts: Callable[..., None]
    stamp_marks: Callable[..., int]
    lay_over: Callable[..., None]


def begin() -> None:
    """Load the kernels on a thread of their own, which does not keep the program from ending."""
    threading.Thread(target=warm, name="kernels", daemon=True).start()


def warm() -> bool:
    """Load the kernels now, compiling them where no earlier run did; say whether there are any."""
    keep_compiled()
    _AREA.load()
    _POINT.load()
    return ready()


def ready() -> bool:
    """Say whether the kernels can be called."""
    return _AREA.ready and _POINT.ready


def kernels() -> Kernels:
    """Return the compiled functions; only where `ready`, else a bug."""
    if not ready():
        raise RuntimeError("the kernels are not loaded")
    area, point = _AREA.load(), _POINT.load()
    return Kernels(area.paint_parts, point.stamp_marks, area.lay_over)
