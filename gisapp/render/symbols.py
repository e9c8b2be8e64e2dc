"""Which rule of a style draws each feature."""

from __future__ import annotations

import operator
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from gisapp.render.memory import FrameMemory

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from gisapp.core.style import Condition, Style

NO_RULE = -1

_COMPARE: dict[str, Callable[[Any, Any], Any]] = {
    "eq": operator.eq,
    "ne": operator.ne,
    "lt": operator.lt,
    "le": operator.le,
    "gt": operator.gt,
    "ge": operator.ge,
}

_last_answer: FrameMemory[tuple[Style, NDArray[np.int32]]] = FrameMemory()


def rule_of_each(frame: pd.DataFrame, style: Style) -> NDArray[np.int32]:
    """Return the index of the first rule that fits each row.

    Parameters
    ----------
    frame : DataFrame
        A layer's frame, n rows; the answer is remembered as long as it lives.
    style : Style
        Its conditions compare like with like (numbers, truth values, text); a missing value, or a
        column that the frame does not have, fits the operator ``missing`` only.

    Returns
    -------
    ndarray of int32, shape (n,)
        `NO_RULE` (−1) where no rule fits. Not to be written to.
    """
    known = _last_answer.get(frame)
    if known is not None and known[0] == style:
        return known[1]
    chosen = np.full(len(frame), NO_RULE, dtype=np.int32)
    for index in reversed(range(len(style.rules))):
        fits = np.ones(len(frame), dtype=bool)
        for condition in style.rules[index].when:
            fits &= _fits(frame, condition)
        chosen[fits] = index
    _last_answer.put(frame, (style, chosen))
    return chosen


def _fits(frame: pd.DataFrame, condition: Condition) -> NDArray[np.bool_]:
    if condition.column not in frame.columns:
        return np.full(len(frame), condition.op == "missing")
    column = frame[condition.column]
    if condition.op == "missing":
        return column.isna().to_numpy()
    if isinstance(condition.value, tuple):
        answer = _as_text(column).isin(condition.value)
    elif isinstance(condition.value, bool):
        answer = _COMPARE[condition.op](column, condition.value)
    elif isinstance(condition.value, str):
        answer = _COMPARE[condition.op](_as_text(column), condition.value)
    else:
        column = pd.to_numeric(column, errors="coerce")
        answer = _COMPARE[condition.op](column, condition.value)
    return (answer.fillna(False) & column.notna()).to_numpy(dtype=bool)


def _as_text(column: pd.Series) -> pd.Series:
    return column if isinstance(column.dtype, pd.StringDtype) else column.astype("str")
