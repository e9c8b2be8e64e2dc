"""What is in force on a date: half-open intervals ``[valid_from, valid_to)`` of ISO dates."""

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


def in_force(frame: pd.DataFrame, as_of: str) -> InForce:
    """Ask each row of `frame` whether it is in force on `as_of` (ISO date)."""
    start, end = text(frame, "valid_from"), text(frame, "valid_to")
    not_over = (end == "") | (end > as_of)
    known = start != ""
    return InForce(holds=known & (start <= as_of) & not_over, undated=~known & not_over)


def carries_dates(frame: pd.DataFrame) -> bool:
    """Say whether any row of `frame` has a date of validity at all."""
    return bool((text(frame, "valid_from") != "").any() or (text(frame, "valid_to") != "").any())
