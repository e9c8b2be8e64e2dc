"""Which rule of a style draws each feature."""

from __future__ import annotations

import operator
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from gisapp.core.memory import FrameMemory

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

# The map at its scale, the legend of every scale and a preview ask about one frame in turns.
KEPT_ANSWERS = 4
# A column of text is numbered value by value once where its first rows say that values repeat.
PROBED_ROWS, FEW_VALUES = 1_000, 200

Answer = tuple["Style", "NDArray[np.int32]"]
_answers: FrameMemory[tuple[Answer, ...]] = FrameMemory()
_numbered: FrameMemory[dict[str, tuple[NDArray[np.int64], pd.Series]]] = FrameMemory()


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
    known = _answers.get(frame) or ()
    for asked, answer in known:
        if asked == style:
            return answer
    chosen = np.full(len(frame), NO_RULE, dtype=np.int32)
    for index in reversed(range(len(style.rules))):
        fits = np.ones(len(frame), dtype=bool)
        for condition in style.rules[index].when:
            fits &= _fits(frame, condition)
        chosen[fits] = index
    _answers.put(frame, ((style, chosen), *known[: KEPT_ANSWERS - 1]))
    return chosen


def _fits(frame: pd.DataFrame, condition: Condition) -> NDArray[np.bool_]:
    if condition.column not in frame.columns:
        return np.full(len(frame), condition.op == "missing")
    column = frame[condition.column]
    if condition.op == "missing":
        return column.isna().to_numpy()
    if isinstance(condition.value, tuple | str):
        return _text_fits(frame, condition)
    if not isinstance(condition.value, bool):
        column = pd.to_numeric(column, errors="coerce")
    answer: pd.Series = _COMPARE[condition.op](column, condition.value)
    return (answer.fillna(False) & column.notna()).to_numpy(dtype=bool)


def _text_fits(frame: pd.DataFrame, condition: Condition) -> NDArray[np.bool_]:
    column = frame[condition.column]
    if column.iloc[:PROBED_ROWS].nunique() > FEW_VALUES:
        return _compared(column, condition)
    known = _numbered.get(frame) or {}
    if condition.column not in known:
        numbers, found = pd.factorize(column)
        known = {**known, condition.column: (numbers, pd.Series(found))}
        _numbered.put(frame, known)
    codes, values = known[condition.column]
    # A missing value has the code −1: the last place.
    return np.append(_compared(values, condition), False)[codes]


def _compared(column: pd.Series, condition: Condition) -> NDArray[np.bool_]:
    text = column if isinstance(column.dtype, pd.StringDtype) else column.astype("str")
    answer: pd.Series
    if isinstance(condition.value, tuple):
        answer = text.isin(condition.value)
    else:
        answer = _COMPARE[condition.op](text, condition.value)
    return (answer.fillna(False) & column.notna()).to_numpy(dtype=bool)
