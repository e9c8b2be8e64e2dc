"""Reading a frame's columns: one that is absent holds nothing but missing values."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from gisapp.core.memory import FrameMemory

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

Texts = NDArray[np.object_]
Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]
Geometries = NDArray[np.object_]


@dataclass(frozen=True, eq=False)
class Coded:
    """A column's texts, each kept once.

    Parameters
    ----------
    codes : ndarray of int, shape (n,)
        Each row's place in `values`.
    values : ndarray of str, shape (k,)
        The texts; one need not occur.
    """

    codes: Ints
    values: Texts

    @classmethod
    def of(cls, texts: Texts) -> Coded:
        """Number texts, shape (n,), as they come."""
        codes, values = pd.factorize(texts)
        return cls(codes, values)

    def to(self, change: Callable[[str], str]) -> Coded:
        """Change every text; those that become equal become one."""
        changed = [change(value) for value in self.values]
        if all(new is old for new, old in zip(changed, self.values, strict=True)):
            return self
        again = Coded.of(np.array(changed, dtype=object))
        return Coded(again.codes[self.codes], again.values)


_coded: FrameMemory[dict[str, Coded]] = FrameMemory()
_texts: FrameMemory[dict[str, Texts]] = FrameMemory()


def coded(frame: pd.DataFrame, column: str) -> Coded:
    """Return a column as trimmed text, numbered; remembered with the frame."""
    known = _coded.get(frame) or {}
    if column not in known:
        known = {**known, column: _read_coded(frame, column)}
        _coded.put(frame, known)
    return known[column]


def _read_coded(frame: pd.DataFrame, column: str) -> Coded:
    if column not in frame.columns:
        return Coded(np.zeros(len(frame), dtype=np.int64), np.array([""], dtype=object))
    codes, values = pd.factorize(frame[column].astype("str").fillna("").str.strip())
    return Coded(codes, np.asarray(values, dtype=object))


def text(frame: pd.DataFrame, column: str) -> Texts:
    """Return a column as trimmed text, shape (n,); missing values are ``""``.

    Remembered with the frame; nobody may change it.
    """
    known = _texts.get(frame) or {}
    if column not in known:
        as_coded = coded(frame, column)
        texts = as_coded.values[as_coded.codes]
        texts.flags.writeable = False
        known = {**known, column: texts}
        _texts.put(frame, known)
    return known[column]


def numbers(frame: pd.DataFrame, column: str) -> Floats:
    """Return a column as float64, shape (n,); whatever is not a finite number is NaN."""
    if column not in frame.columns:
        return np.full(len(frame), np.nan)
    values = pd.to_numeric(frame[column], errors="coerce").to_numpy(np.float64, na_value=np.nan)
    return np.where(np.isfinite(values), values, np.nan)


def texts_frame(frames: Sequence[pd.DataFrame], columns: Sequence[str]) -> pd.DataFrame:
    """Return `columns` of all `frames` as trimmed text, one below the other."""
    parts = {
        c: np.concatenate([np.empty(0, object), *(text(f, c) for f in frames)]) for c in columns
    }
    return pd.DataFrame(parts, columns=list(columns), dtype=object)


def as_text(values: Texts | Sequence[str | None], *, empty_is_missing: bool = False) -> pd.Series:
    """Return `values` as a ``str`` column; ``None`` (and ``""`` on request) is missing."""
    column = pd.Series(np.asarray(values, dtype=object), dtype="str")
    return column.where(column != "") if empty_is_missing else column


def dealt(
    words: Texts | Sequence[str], place: Ints, *, empty_is_missing: bool = False
) -> pd.Series:
    """Return ``words[place]`` as a ``str`` column; quick where the words are few."""
    column = as_text(words, empty_is_missing=empty_is_missing)
    return pd.Series(column.array.take(place))
