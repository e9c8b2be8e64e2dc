"""Lists with some lines a subject, and lists of now from lists of before."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

if TYPE_CHECKING:
    from collections.abc import Callable

    from gisapp.analysis.columns import Bools, Ints, Texts


@dataclass(frozen=True, eq=False)
class Lines:
    """The lines of a list, sorted by their subjects' ids; `subject` (k,) are the subjects' rows."""

    frame: pd.DataFrame
    subject: Ints


@dataclass(frozen=True, eq=False)
class Listed:
    """What is listed of one kind of subject."""

    conflicts: Lines
    pairs: Lines


def relisted(
    before: Lines, row: Ints, ids: Texts, listed: Bools, write: Callable[[Bools], Lines]
) -> Lines:
    """Write only the lines anew of subjects whose lines of `before` are not to be kept.

    Parameters
    ----------
    before : Lines
    row : ndarray of int, shape (n,)
        The row in `before` of each subject of now; −1 for one whose lines are written anew.
    ids : ndarray of str, shape (n,)
    listed : ndarray of bool, shape (n,)
        Who can have lines now.
    write : callable
        Returns the lines of the subjects, shape (n,), that it is asked for.
    """
    row_now = np.full(max(row.max(initial=-1), before.subject.max(initial=-1)) + 1, -1)
    kept = np.flatnonzero(row >= 0)
    row_now[row[kept]] = kept
    subject = row_now[before.subject]
    keep, anew = subject >= 0, (row < 0) & listed
    fresh = write(anew) if anew.any() else None
    if fresh is None or not len(fresh.subject):
        return Lines(_lines(before.frame, keep), subject[keep])
    at = np.searchsorted(ids[subject[keep]], ids[fresh.subject]) + np.arange(len(fresh.subject))
    order = np.full(int(keep.sum()) + len(at), -1)
    order[at] = len(order) - len(at) + np.arange(len(at))
    order[order < 0] = np.arange(len(order) - len(at))
    frame = pd.concat([_lines(before.frame, keep), fresh.frame], ignore_index=True)
    subject = np.concatenate([subject[keep], fresh.subject])
    return Lines(frame.iloc[order].reset_index(drop=True), subject[order])


def _lines(frame: pd.DataFrame, keep: Bools) -> pd.DataFrame:
    return frame if keep.all() else frame[keep].reset_index(drop=True)
