"""A record's values in words: labels and codes from the catalogue, numbers as the language has it.

No Qt, and no pandas either: the window is shown before pandas is imported.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from gisapp.core.field_text import code_text, column_title, value_text

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import pandas as pd

    from gisapp.core.catalogue import Kind

HIDDEN_COLUMNS = frozenset({"geometry", "probability", "sigma_m", "sigma_known"})
__all__ = ["cell", "cells", "code_text", "column_title", "facts", "value_text"]


def cells(column: pd.Series[Any]) -> list[object]:
    """Return a column's values as plain Python ones, None where missing."""
    return column.astype(object).where(column.notna(), None).to_list()


def cell(column: pd.Series[Any], row: int) -> object:
    """Return one value of a column as a plain Python one; None where missing."""
    value = column.array[row]
    if column.array[row : row + 1].isna()[0]:
        return None
    return value.item() if hasattr(value, "item") else value


def facts(
    frame: pd.DataFrame,
    row: int,
    kind: Kind | None,
    areas: Mapping[str, str],
    leave_out: Sequence[str] = (),
) -> tuple[tuple[str, str], ...]:
    """Return (label, value) of every value that row number `row` has.

    Its id comes first, the other columns in the frame's order.

    Parameters
    ----------
    areas : mapping
        The name of each admin area, by its code.
    """
    fields = kind.fields if kind else {}
    shown = sorted(frame.columns, key=lambda column: column != "id")
    told = []
    for column in shown:
        if column in HIDDEN_COLUMNS or column in leave_out:
            continue
        text = value_text(cell(frame[column], row), fields.get(column))
        if column == "admin_code" and text in areas:
            text = f"{areas[text]} ({text})"
        told.append((column_title(kind, column), text))
    return tuple((title, text) for title, text in told if text)
