"""Compiled kernels, loaded behind the window's back; until then, and without numba, Qt paints.

What was compiled is kept in the user's cache: site-packages may be read-only, and a bundled
program has no source files beside which numba could keep it. Nothing else imports numba.
"""

from __future__ import annotations

import importlib
import os
import threading
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from gisapp.io.folders import cache_folder

if TYPE_CHECKING:
    from collections.abc import Callable


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
    folder = cache_folder() / "kernels"
    # Read by numba when it is first imported.
    os.environ.setdefault("NUMBA_CACHE_DIR", str(folder))
    try:
        folder.mkdir(parents=True, exist_ok=True)
        area: Any = importlib.import_module("gisapp.render.kernels_area")
        point: Any = importlib.import_module("gisapp.render.kernels_point")
    except (ImportError, OSError):
        return None
    return Kernels(area.paint_parts, point.stamp_marks, area.lay_over)
