"""Remembering what was worked out about a frame or an array for as long as it lives."""

from __future__ import annotations

import weakref
from typing import TYPE_CHECKING, Any, Generic, TypeVar

if TYPE_CHECKING:
    import pandas as pd
    from numpy.typing import NDArray

Value = TypeVar("Value")


class FrameMemory(Generic[Value]):
    """One value per frame (or array), by identity.

    Frames are never changed in place, so what was worked out from one stays true; it is
    forgotten with the frame. Safe to use from several threads: at worst two work out the same.
    """

    def __init__(self) -> None:
        self._kept: dict[int, tuple[weakref.ref[pd.DataFrame | NDArray[Any]], Value]] = {}

    def get(self, frame: pd.DataFrame | NDArray[Any]) -> Value | None:
        """Return what is known of `frame`, or None."""
        entry = self._kept.get(id(frame))
        return entry[1] if entry is not None and entry[0]() is frame else None

    def put(self, frame: pd.DataFrame | NDArray[Any], value: Value) -> None:
        """Remember `value` in the place of what was known of `frame`."""
        key = id(frame)

        def forget(dead: weakref.ref[pd.DataFrame | NDArray[Any]]) -> None:
            entry = self._kept.get(key)
            if entry is not None and entry[0] is dead:
                del self._kept[key]

        self._kept[key] = (weakref.ref(frame, forget), value)
