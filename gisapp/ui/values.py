"""A record's values in words: labels and codes from the catalogue, numbers as the language has it.

No Qt, and no pandas either: the window is shown before pandas is imported.
"""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

from gisapp.core.units import unit_text
from gisapp.core.words import _, day, label, number

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import pandas as pd

    from gisapp.core.catalogue import Field, Kind

HIDDEN_COLUMNS = frozenset({"geometry", "probability", "sigma_m", "sigma_known"})
DECIMALS = 2


def column_title(kind: Kind | None, column: str) -> str:
    """Return the catalogue's label of a column; a column that maps to no field keeps its name."""
    field = kind.fields.get(column) if kind else None
    if field is None:
        return _("Identifier") if column == "id" else column
    return label(field.labels)


def value_text(value: object, field: Field | None = None) -> str:
    """Write one value; a missing one is an empty text.

    Parameters
    ----------
    value : object
        None where it is missing (see `cells`).
    field : Field, optional
        Gives the code's label, the unit and the type.
    """
    if value is None:
        return ""
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if isinstance(value, int | float):
        return _with_unit(_number_text(value), field)
    text = str(value)
    if field is None:
        return text
    if field.type == "code":
        return code_text(field, text)
    if field.type == "date" and _is_date(text):
        return day(text)
    return _with_unit(text, field)


def code_text(field: Field, code: str) -> str:
    """Return a code's label; an unlisted code is shown as it is."""
    return label(field.codes[code]) if code in field.codes else code


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


def _number_text(value: float) -> str:
    decimals = (n for n in range(DECIMALS) if round(value, n) == value)
    return number(value, next(decimals, DECIMALS))


def _with_unit(text: str, field: Field | None) -> str:
    return f"{text} {unit_text(field.unit)}" if field and field.unit else text


def _is_date(text: str) -> bool:
    try:
        date.fromisoformat(text)
    except ValueError:
        return False
    return True
