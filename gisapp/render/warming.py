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


class _Loader:
    """Loads once, whoever asks first."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._tried = False
        self.kernels: Kernels | None = None

    def load(self) -> None:
        with self._lock:
            if self._tried:
                return
            self._tried = True
            self.kernels = _imported()


_loader = _Loader()


def begin() -> None:
    """Load the kernels on a thread of their own, which does not keep the program from ending."""
    threading.Thread(target=_loader.load, name="kernels", daemon=True).start()


def warm() -> bool:
    """Load the kernels now, compiling them where no earlier run did; say whether there are any."""
    _loader.load()
    return ready()


def ready() -> bool:
    """Say whether the kernels can be called."""
    return _loader.kernels is not None


def kernels() -> Kernels:
    """Return the compiled functions; only where `ready`, else a bug."""
    if _loader.kernels is None:
        raise RuntimeError("the kernels are not loaded")
    return _loader.kernels


def _imported() -> Kernels | None:
    keep_compiled()
    area, point = _AREA.load(), _POINT.load()
    if area is None or point is None:
        return None
    return Kernels(area.paint_parts, point.stamp_marks, area.lay_over)
