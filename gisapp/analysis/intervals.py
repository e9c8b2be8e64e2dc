"""What is in force on a date: half-open intervals ``[valid_from, valid_to)`` of ISO dates.

Dates are compared as texts, so that a year or a month (``2017``, ``2017-05``) is its first day, at
either end.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from gisapp.analysis.columns import Bools, text

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True, eq=False)
class InForce:
    """Which rows are in force on a date, and which might be but do not say since when.

    Parameters
    ----------
    holds, undated : ndarray of bool, shape (n,)
        No row is both. An empty ``valid_from`` is "date unknown", never "always".
    """

    holds: Bools
    undated: Bools


def in_force(frame: pd.DataFrame, as_of: str, until: str = "") -> InForce:
    """Ask each row of `frame` whether it is in force on a date, or in a period.

    Parameters
    ----------
    frame : DataFrame
    as_of : str
        ISO date.
    until : str
        ISO date; where given, a row counts that is in force on any day from `as_of` to this one.
    """
    start, end = text(frame, "valid_from"), text(frame, "valid_to")
    not_over = (end == "") | (end > as_of)
    known = start != ""
    begun = known & (start <= (until or as_of)) & ((end == "") | (start < end))
    return InForce(holds=begun & not_over, undated=~known & not_over)


def ends_before_it_begins(frame: pd.DataFrame) -> Bools:
    """Mark the rows that never hold, because they end on or before their first day."""
    start, end = text(frame, "valid_from"), text(frame, "valid_to")
    backwards: Bools = (start != "") & (end != "") & (end <= start)
    return backwards


def carries_dates(frame: pd.DataFrame) -> bool:
    """Say whether any row of `frame` has a date of validity at all."""
    return bool((text(frame, "valid_from") != "").any() or (text(frame, "valid_to") != "").any())
