"""Foreign cells to typed values: text, numbers in both manners, dates, codes.

A value that stands in the source but cannot be read is "not known", never zero and never a
guess; it is counted and said.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
import pyarrow as pa

from gisapp.core.words import ngettext, number

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from numpy.typing import NDArray

    from gisapp.core.catalogue import Field

UNKNOWN = "unknown"
_PLACEHOLDERS = ("n/a", "na", "nan", "null", "-", "–")

_INDONESIAN = r"[-+]?(?:\d{1,3}(?:\.\d{3})+(?:,\d+)?|\d+,\d+)"
_ENGLISH = r"[-+]?\d{1,3}(?:,\d{3})+(?:\.\d+)?"
_SURELY_INDONESIAN = r"[-+]?\d{1,3}(?:(?:\.\d{3}){2,}(?:,\d+)?|(?:\.\d{3})+,\d+)"
_SURELY_ENGLISH = r"[-+]?\d{1,3}(?:(?:,\d{3}){2,}(?:\.\d+)?|(?:,\d{3})+\.\d+)"
_ONE_GROUP = {".": r"[-+]?\d{1,3}\.\d{3}", ",": r"[-+]?\d{1,3},\d{3}"}
_DAY_FIRST = r"^(\d{1,2})[/.\-](\d{1,2})[/.\-](\d{4})$"
_ISO = r"^(\d{4}-\d{2}-\d{2})(?:$|[T ])"


@dataclass(frozen=True, eq=False)
class Read:
    """One column, read: its `values`, and sentences about what could not be."""

    values: pd.Series
    notes: tuple[str, ...] = ()


def as_text(column: pd.Series) -> pd.Series:
    """Return a column as text exactly as it stands; a whole number has no ``.0``."""
    if isinstance(column.dtype, pd.StringDtype):
        return column.astype("str")
    if pd.api.types.is_float_dtype(column.dtype):
        whole = column.notna() & np.isfinite(column) & (column % 1 == 0) & (column.abs() < 2**63)
        text = column.astype("str")
        return text.where(~whole, column.where(whole, 0).astype("int64").astype("str"))
    if column.dtype == object:
        return column.map(_cell_text, na_action="ignore").astype("str")
    return column.astype("string").astype("str")


def _cell_text(cell: object) -> str:
    return str(int(cell)) if isinstance(cell, float) and cell.is_integer() else str(cell)


def clean_text(column: pd.Series) -> pd.Series:
    """Return a column as text without blanks at its ends; an empty cell is missing."""
    text = as_text(column).str.strip()
    return text.mask(text == "")


def without_placeholders(text: pd.Series) -> pd.Series:
    """Return cleaned text, missing where a word stands for nothing (Kobo writes ``n/a``)."""
    return text.mask(text.str.lower().isin(_PLACEHOLDERS))


def plain_numbers(text: pd.Series) -> NDArray[np.float64]:
    """Parse numbers with a decimal point or none; NaN where missing or not finite."""
    try:
        cells = pa.array(text, pa.large_string(), from_pandas=True).cast(pa.float64())
        values = cells.to_numpy(zero_copy_only=False).copy()
    except pa.ArrowInvalid:  # a cell is no number: the slower way says which
        values = pd.to_numeric(text, errors="coerce").to_numpy("float64", copy=True)
    values[~np.isfinite(values)] = np.nan
    return np.asarray(values, dtype=np.float64)


def read_field(column: pd.Series, field: Field, codes: Mapping[str, str]) -> Read:
    """Read one column as a field of the catalogue.

    Parameters
    ----------
    column : Series
        As it came.
    field : Field
        What it is.
    codes : mapping
        The user's own words for values: raw text to what it means; they go before everything.
    """
    if column.isna().all():
        return Read(pd.Series(None, index=column.index, dtype=_DTYPES[field.type]))
    if field.type in ("number", "integer") and not codes and holds_numbers(column):
        return _read_number(column, field)
    text = clean_text(column)
    if field.type != "text":
        text = without_placeholders(text)
    if codes:
        text = text.map(codes).astype("str").fillna(text)
    return _READERS[field.type](text, field)


def holds_numbers(column: pd.Series) -> bool:
    """Whether a column came as numbers, which need no reading of text."""
    return pd.api.types.is_numeric_dtype(column.dtype) and not pd.api.types.is_bool_dtype(
        column.dtype
    )


def has_blanks(column: pd.Series) -> NDArray[np.bool_]:
    """Return where a text has blanks at its ends, shape (n,); a cell of blanks only is empty."""
    if not isinstance(column.dtype, pd.StringDtype):
        return np.zeros(len(column), dtype=bool)
    text = column.str.strip()
    return ((text != column) & (text != "") & column.notna()).to_numpy(dtype=bool)


def _read_text(text: pd.Series, field: Field) -> Read:
    del field
    return Read(text)


def _read_number(text: pd.Series, field: Field) -> Read:
    whole = field.type == "integer" or field.unit.startswith("IDR")
    values = parse_numbers(text, whole)
    if field.type == "integer":
        values = values.where(values % 1 == 0)
    notes = _lost(
        text.notna() & values.isna(),
        field,
        lambda n: ngettext(
            "{n} value of {field} is not a number and is kept as not known.",
            "{n} values of {field} are not numbers and are kept as not known.",
            n,
        ),
    )
    low, high = field.minimum, field.maximum
    outside = (values < (-np.inf if low is None else low)) | (
        values > (np.inf if high is None else high)
    )
    notes += _lost(
        outside,
        field,
        lambda n: ngettext(
            "{n} value of {field} is not possible and is kept as not known.",
            "{n} values of {field} are not possible and are kept as not known.",
            n,
        ),
    )
    values = values.mask(outside)
    return Read(values.astype("Int64") if field.type == "integer" else values, notes)


def _read_date(text: pd.Series, field: Field) -> Read:
    days = _by_word(text, _iso_dates)
    notes = _lost(
        text.notna() & days.isna(),
        field,
        lambda n: ngettext(
            "{n} value of {field} is not a date and is kept as not known.",
            "{n} values of {field} are not dates and are kept as not known.",
            n,
        ),
    )
    return Read(days, notes)


def _by_word(text: pd.Series, read: Callable[[pd.Series], pd.Series]) -> pd.Series:
    """Read every different word once: codes and dates repeat."""
    numbers, words = pd.factorize(text)
    meanings = read(pd.Series(words, dtype="str")).astype("str")
    return meanings.reindex(numbers).set_axis(text.index)


def _iso_dates(text: pd.Series) -> pd.Series:
    parts = text.str.extract(_DAY_FIRST)
    day_first = parts[2] + "-" + parts[1].str.zfill(2) + "-" + parts[0].str.zfill(2)
    iso = day_first.fillna(text.str.extract(_ISO)[0]).astype("str")
    return iso.where(pd.to_datetime(iso, format="%Y-%m-%d", errors="coerce").notna())


def _read_code(text: pd.Series, field: Field) -> Read:
    meaning = _meanings(field)
    codes = _by_word(text, lambda words: words.str.lower().map(meaning))
    stray = text.notna() & codes.isna()
    notes = _lost(
        stray,
        field,
        lambda n: ngettext(
            "{n} value of {field} is no code of the catalogue and is kept as unknown: {examples}.",
            "{n} values of {field} are no codes of the catalogue and are kept as unknown: "
            "{examples}.",
            n,
        ),
        ", ".join(text[stray].drop_duplicates().head(5)),
    )
    return Read(codes.mask(stray, UNKNOWN), notes)


_DTYPES: Mapping[str, str] = {
    "text": "str",
    "number": "float64",
    "integer": "Int64",
    "date": "str",
    "code": "str",
}
_READERS: Mapping[str, Callable[[pd.Series, Field], Read]] = {
    "text": _read_text,
    "number": _read_number,
    "integer": _read_number,
    "date": _read_date,
    "code": _read_code,
}


def _meanings(field: Field) -> dict[str, str]:
    labels = {
        label.lower(): code for code, labels in field.codes.items() for label in labels.values()
    }
    own = {code.lower(): code for code in field.codes}
    return {UNKNOWN: UNKNOWN, **labels, **field.code_aliases, **own}


def _lost(
    rows: pd.Series, field: Field, sentence: Callable[[int], str], examples: str = ""
) -> tuple[str, ...]:
    n = int(rows.sum())
    if not n:
        return ()
    return (sentence(n).format(n=number(n), field=field.name, examples=examples),)


def parse_numbers(text: pd.Series, whole: bool) -> pd.Series:
    """Parse numbers written plainly, in the Indonesian (1.234,5) or the English (1,234.5) manner.

    Parameters
    ----------
    text : Series of str, or of numbers, which are taken as they are
        Trimmed, missing where empty.
    whole : bool
        Whether ``850.000`` can only mean 850 thousand (people, rupiah). Which manner a column
        follows is decided by all its values together, never one by one.

    Returns
    -------
    Series of float64
        NaN where missing or not a number.
    """
    if holds_numbers(text):
        values = text.astype("float64")
        return values.where(np.isfinite(values))
    values = _floats(text)
    separated = text.notna() & (values.isna() | (text.str.contains(".", regex=False) & whole))
    if not separated.any():
        return values
    written = text[separated].str.replace(r"^(?:[Rr][Pp]\.?|IDR)\s*|[\s ]+|,-$", "", regex=True)
    written = written.str.replace("−", "-", regex=False)
    return values.where(~separated, _in_manner(written, _manner(written, whole)))


def _floats(text: pd.Series) -> pd.Series:
    return pd.Series(plain_numbers(text), index=text.index)


def _manner(written: pd.Series, whole: bool) -> str:
    """Return which sign groups thousands: ``.``, ``,`` or none."""
    if written.str.fullmatch(_SURELY_INDONESIAN, na=False).any():
        return "."
    if written.str.fullmatch(_SURELY_ENGLISH, na=False).any():
        return ","
    for sign, group in _ONE_GROUP.items():
        having = written[written.str.contains(sign, regex=False)]
        if whole and len(having) and having.str.fullmatch(group).all():
            return sign
    return ""


def _in_manner(written: pd.Series, manner: str) -> pd.Series:
    if manner == ",":
        fits = written.str.fullmatch(_ENGLISH, na=False)
        plain = written.str.replace(",", "", regex=False)
    else:
        pattern = _INDONESIAN if manner == "." else r"[-+]?\d+,\d+"
        fits = written.str.fullmatch(pattern, na=False)
        plain = written.str.replace(".", "", regex=False).str.replace(",", ".", regex=False)
    return _floats(written.where(~fits, plain))
