"""Foreign cells to typed values: text, numbers in both manners, dates, codes.

A value that stands in the source but cannot be read is "not known", never zero and never a
guess; it is counted and said.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from gisapp.core.words import label, ngettext, number
from gisapp.io.days import iso_dates
from gisapp.io.numbers import holds_numbers, parse_numbers

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from numpy.typing import NDArray

    from gisapp.core.catalogue import Field

UNKNOWN = "unknown"
# Words that stand for nothing, as forms, spreadsheets and people write them.
_PLACEHOLDERS = (
    *("n/a", "n.a.", "na", "nan", "null", "#n/a", "#na", "#ref!", "#value!", "#div/0!", "#name?"),
    *("-", "–", "—", "--", ".", "tidak tahu", "tdk tahu", "tidak diketahui", "kosong"),
)

_PERCENT = re.compile(r"%|persen|percent", re.IGNORECASE)
_CODE_BLANKS = re.compile(r"[\W_]+")


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
    if field.maximum == 1 and not codes:
        column = _with_percent_signs(column)
    if field.type in ("number", "integer") and not codes and holds_numbers(column):
        return _read_number(column, field)
    text = clean_text(column)
    if field.type != "text":
        text = without_placeholders(text)
    if codes:
        text = text.map(codes).astype("str").fillna(text)
    return _READERS[field.type](text, field)


def _with_percent_signs(column: pd.Series) -> pd.Series:
    """Return shares with the percent sign that only their heading bears, where they need it."""
    if not _PERCENT.search(str(column.name)):
        return column
    text = clean_text(column)
    plain = parse_numbers(text.mask(text.str.contains(_PERCENT.pattern, case=False)), whole=False)
    return text.mask(plain.notna(), text + "%") if (plain > 1).any() else column


def has_blanks(column: pd.Series) -> NDArray[np.bool_]:
    """Return where a text has blanks at its ends, shape (n,); a cell of blanks only is empty."""
    if not isinstance(column.dtype, pd.StringDtype):
        return np.zeros(len(column), dtype=bool)
    text = column.str.strip()
    return ((text != column) & (text != "") & column.notna()).to_numpy(dtype=bool)


def _read_text(text: pd.Series, field: Field) -> Read:
    del field
    return Read(without_decimals(text))


def without_decimals(text: pd.Series) -> pd.Series:
    """Return codes as they were before a program took the whole column for decimal numbers."""
    said = text.dropna()
    if len(said) and said.str.endswith(".0").all() and said.str.fullmatch(r"\d+\.0").all():
        return text.str.removesuffix(".0")
    return text


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
    days = _by_word(text, iso_dates)
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


def _read_code(text: pd.Series, field: Field) -> Read:
    meaning = meanings(field)
    codes = _by_word(text, lambda words: words.map(code_key).map(meaning))
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


def meanings(field: Field) -> dict[str, str]:
    """Return what a field's codes are called, by `code_key`, and the code that each means."""
    labels = {label: code for code, labels in field.codes.items() for label in labels.values()}
    own = {code: code for code in field.codes}
    words = {UNKNOWN: UNKNOWN, **labels, **field.code_aliases, **own}
    return {code_key(word): code for word, code in words.items()}


def code_key(word: str) -> str:
    """Return a word without case, accents, blanks and signs: ``SP-1`` is ``sp1``."""
    letters = unicodedata.normalize("NFKD", word.casefold())
    plain = "".join(x for x in letters if not unicodedata.combining(x))
    return _CODE_BLANKS.sub("", plain) or word


def _lost(
    rows: pd.Series, field: Field, sentence: Callable[[int], str], examples: str = ""
) -> tuple[str, ...]:
    n = int(rows.sum())
    if not n:
        return ()
    told = sentence(n).format(n=number(n), field=label(field.labels), examples=examples)
    return (told,)
