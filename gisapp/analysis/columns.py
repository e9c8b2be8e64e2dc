"""Reading a frame's columns: one that is absent holds nothing but missing values."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
from numpy.typing import NDArray

if TYPE_CHECKING:
    from collections.abc import Sequence

Texts = NDArray[np.object_]
Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]
Geometries = NDArray[np.object_]


def text(frame: pd.DataFrame, column: str) -> Texts:
    """Return a column as trimmed text, shape (n,); missing values are ``""``."""
    if column not in frame.columns:
        return np.full(len(frame), "", dtype=object)
    trimmed = frame[column].astype("str").fillna("").str.strip()
    return trimmed.to_numpy(dtype=object)


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
