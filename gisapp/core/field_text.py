"""A field's name and values in words: labels, codes and units of the catalogue."""

from __future__ import annotations

import math
from datetime import date
from typing import TYPE_CHECKING

from gisapp.core.units import unit_text
from gisapp.core.words import _, day, label, number

if TYPE_CHECKING:
    from gisapp.core.catalogue import Field, Kind

DECIMALS = 2
_MOST_DECIMALS = 6


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


def _number_text(value: float) -> str:
    decimals = next((n for n in range(DECIMALS) if round(value, n) == value), DECIMALS)
    if value and not round(value, decimals):  # a small p is not 0
        decimals = min(-math.floor(math.log10(abs(value))), _MOST_DECIMALS)
    return number(value, decimals)


def _with_unit(text: str, field: Field | None) -> str:
    return f"{text} {unit_text(field.unit)}" if field and field.unit else text


def _is_date(text: str) -> bool:
    try:
        date.fromisoformat(text)
    except ValueError:
        return False
    return True
