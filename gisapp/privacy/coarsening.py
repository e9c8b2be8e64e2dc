"""What somebody could recognise a record by is told less exactly until enough records look alike.

k-anonymity by local recoding (Samarati & Sweeney, SRI-CSL-98-04, 1998): step by step the records
that fewer than k equal are told coarser, the others stay as they are. So the answer depends on
neither the order of rows nor chance.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np
import pandas as pd

if TYPE_CHECKING:
    from numpy.typing import NDArray

# Column and the number of characters that stay, in the order in which they are given up: first
# what only its owner could tell, last what every passer-by sees.
STEPS: Final = (
    ("workers", 0),
    ("permit", 0),
    ("kbli", 3),
    ("kbli", 2),
    ("kbli", 0),
    ("activity", 0),
    ("location_kind", 0),
    ("form", 0),
)
RECOGNISED_BY: Final = tuple(dict.fromkeys(column for column, _kept in STEPS))
# What says nothing without another column, and goes with it.
_GOES_WITH: Final = {"kbli": "kbli_edition"}


@dataclass(frozen=True, eq=False)
class Coarsened:
    """A frame of which at least k records, or nobody, look alike.

    Parameters
    ----------
    frame : DataFrame
    coarser : ndarray of bool, shape (n,)
        Records that are told less exactly than they were.
    alone : ndarray of bool, shape (n,)
        Records that fewer than k equal even where nothing is told of them.
    """

    frame: pd.DataFrame
    coarser: NDArray[np.bool_]
    alone: NDArray[np.bool_]


def coarsened(frame: pd.DataFrame, place: NDArray[np.object_], k: int) -> Coarsened:
    """Make the columns `RECOGNISED_BY` coarser where fewer than `k` records share them.

    Parameters
    ----------
    frame : DataFrame
        n records.
    place : ndarray of str, shape (n,)
        What the record's published place tells anyway: its area.
    k : int
    """
    told = frame.copy(deep=False)
    few = _few_alike(told, place, np.ones(len(frame), dtype=bool), k)
    coarser = np.zeros(len(frame), dtype=bool)
    for column, kept in STEPS:
        if column not in told.columns or not few.any():
            continue
        before = told[column]
        told[column] = _shortened(before, few, kept)
        changed = (before.notna() & ~(before == told[column]).fillna(False)).to_numpy(dtype=bool)
        coarser |= changed
        beside = _GOES_WITH.get(column, "")
        if not kept and beside in told.columns:
            told[beside] = told[beside].mask(few)
        few = _few_alike(told, place, few, k)
    return Coarsened(told, coarser, few)


def _shortened(column: pd.Series, rows: NDArray[np.bool_], kept: int) -> pd.Series:
    return column.where(~rows, column.str[:kept]) if kept else column.mask(rows)


def _few_alike(
    frame: pd.DataFrame, place: NDArray[np.object_], asked: NDArray[np.bool_], k: int
) -> NDArray[np.bool_]:
    """Say which of the `asked` records fewer than `k` of them equal, shape (n,)."""
    few = np.zeros(len(frame), dtype=bool)
    rows = np.flatnonzero(asked)
    if not rows.size:
        return few
    alike = np.zeros(len(rows), dtype=np.int64)
    columns = [c for c in RECOGNISED_BY if c in frame.columns]
    for codes in (pd.factorize(place[rows])[0], *(_codes(frame[c].iloc[rows]) for c in columns)):
        alike, _distinct = pd.factorize(alike * (codes.max(initial=0) + 2) + codes + 1)
    few[rows] = np.bincount(alike)[alike] < k
    return few


def _codes(column: pd.Series) -> NDArray[np.int64]:
    """Return a number for each distinct value, −1 for a missing one, shape (n,)."""
    codes, _distinct = pd.factorize(column)
    return codes
