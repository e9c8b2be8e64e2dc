"""What the page's date slider shows: by which rule each dated feature is drawn on each date."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import numpy as np

from gisapp.core.style import on_date
from gisapp.export.packing import packed
from gisapp.render.symbols import NO_RULE, rule_of_each

if TYPE_CHECKING:
    import pandas as pd
    from numpy.typing import NDArray

    from gisapp.core.style import Style

# Beyond this many (feature, date) pairs a layer stays as it is on the as-of date.
MOST_STATES: Final = 2_000_000
_LONG_AGO: Final = "0001-01-01"


def page_times(frame: pd.DataFrame, style: Style, rule: NDArray[np.int32]) -> dict[str, Any] | None:
    """Return how a layer's features are drawn from each date on which that changes.

    Parameters
    ----------
    frame : DataFrame
        n features; ``valid_from``, ``valid_to`` are ISO dates.
    style : Style
        Says itself what is in force where it asks for these dates; where it does not, what is not
        in force is not drawn.
    rule : ndarray of int, shape (n,)
        By which rule each feature is drawn on the as-of date; −1: it is not.

    Returns
    -------
    dict, optional
        ``dates``, rising, and for each of them ``rules`` and ``counts`` of each rule: both one
        more than there are dates, the first is for the time before them all. None where no
        feature says since when or until when it holds, or there are too many of them.
    """
    starts, ends = _dates(frame, "valid_from"), _dates(frame, "valid_to")
    dates = sorted({*starts, *ends} - {""})
    if not dates or (len(dates) + 1) * len(frame) > MOST_STATES:
        return None
    tells = on_date(style, dates[0]) != on_date(style, _LONG_AGO)
    states = [
        _rules_on(day, frame, style, rule, starts, ends, tells=tells) for day in (_LONG_AGO, *dates)
    ]
    n = len(style.rules)
    counts = [np.bincount(x[x != NO_RULE], minlength=n).tolist() for x in states]
    return {"dates": dates, "rules": [packed(x.astype(np.int64)) for x in states], "counts": counts}


def _dates(frame: pd.DataFrame, column: str) -> NDArray[np.object_]:
    if column not in frame.columns:
        return np.full(len(frame), "", dtype=object)
    return frame[column].astype("str").fillna("").to_numpy(dtype=object)


def _rules_on(
    day: str,
    frame: pd.DataFrame,
    style: Style,
    rule: NDArray[np.int32],
    starts: NDArray[np.object_],
    ends: NDArray[np.object_],
    *,
    tells: bool,
) -> NDArray[np.int32]:
    if tells:
        return np.where(rule == NO_RULE, NO_RULE, rule_of_each(frame, on_date(style, day)))
    holds = (starts <= day) & ((ends == "") | (ends > day))
    return np.where(holds, rule, NO_RULE)
