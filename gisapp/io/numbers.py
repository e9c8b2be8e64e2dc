"""Numbers as people write them: in the Indonesian or the English manner, money, shares, words."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
import pyarrow as pa

if TYPE_CHECKING:
    from numpy.typing import NDArray

_INDONESIAN = r"[-+]?(?:\d{1,3}(?:\.\d{3})+(?:,\d+)?|\d+,\d+)"
_ENGLISH = r"[-+]?\d{1,3}(?:,\d{3})+(?:\.\d+)?"
_SURELY_INDONESIAN = r"[-+]?\d{1,3}(?:(?:\.\d{3}){2,}(?:,\d+)?|(?:\.\d{3})+,\d+)"
_SURELY_ENGLISH = r"[-+]?\d{1,3}(?:(?:,\d{3}){2,}(?:\.\d+)?|(?:,\d{3})+\.\d+)"
_ONE_GROUP = {".": r"[-+]?\d{1,3}\.\d{3}", ",": r"[-+]?\d{1,3},\d{3}"}

# Longer texts are no number: to look for one takes the square of their length.
_LONGEST = 100
_AROUND = (
    r"(?i)^(?:rp\.?|idr)\s*|\s*(?:rupiah|idr|rp\.?)$|,-+$"
    r"|(?<=\d)\s*(?:orang|jiwa|kk|unit|buah|meter|m|tahun|thn|th|persons?|people|years?)\.?$"
)
# "2,5 jt": what stands before a word has at most two decimals, so its sign parts no thousands.
_WITH_WORD = (
    r"(?i)^(?P<size>[-+]?\d+(?:[.,]\d{1,2})?)\s*"
    r"(?P<word>rb|ribu|k|thousand|jt|juta|mio|million|milyar|miliar|billion|%|persen|percent)\.?$"
)
_WORDS = {
    **dict.fromkeys(("rb", "ribu", "k", "thousand"), 1e3),
    **dict.fromkeys(("jt", "juta", "mio", "million"), 1e6),
    **dict.fromkeys(("milyar", "miliar", "billion"), 1e9),
    **dict.fromkeys(("%", "persen", "percent"), 0.01),
}


def holds_numbers(column: pd.Series) -> bool:
    """Whether a column came as numbers, which need no reading of text."""
    return pd.api.types.is_numeric_dtype(column.dtype) and not pd.api.types.is_bool_dtype(
        column.dtype
    )


def plain_numbers(text: pd.Series) -> NDArray[np.float64]:
    """Parse numbers with a decimal point or none; NaN where missing or not finite."""
    try:
        cells = pa.array(text, pa.large_string(), from_pandas=True).cast(pa.float64())
        values = cells.to_numpy(zero_copy_only=False).copy()
    except pa.ArrowInvalid:  # a cell is no number: the slower way says which
        values = pd.to_numeric(text, errors="coerce").to_numpy("float64", copy=True)
    values[~np.isfinite(values)] = np.nan
    return np.asarray(values, dtype=np.float64)


def parse_numbers(text: pd.Series, whole: bool) -> pd.Series:
    """Parse numbers written plainly, in the Indonesian (1.234,5) or the English (1,234.5) manner.

    Money (``Rp 1.250.000,-``), words (``1,2 jt``, ``500rb``), shares (``50%``) and counted things
    (``3 orang``) are numbers too.

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
    written = text[separated].where(text[separated].str.len() <= _LONGEST)
    written = written.str.replace("−", "-", regex=False)
    written = written.str.replace(_AROUND, "", regex=True)
    bare = written.str.replace(r"[\s\u00a0]+", "", regex=True)
    read = _in_manner(bare, _manner(bare, whole))
    return values.where(~separated, read.fillna(_with_word(written)))


def _floats(text: pd.Series) -> pd.Series:
    return pd.Series(plain_numbers(text), index=text.index)


def _with_word(written: pd.Series) -> pd.Series:
    """Read numbers with a word or a percent sign behind them; NaN for others."""
    parts = written.str.extract(_WITH_WORD)
    size = _floats(parts["size"].str.replace(",", ".", regex=False))
    return (size * parts["word"].str.lower().map(_WORDS).astype("float64")).round(6)


def _manner(written: pd.Series, whole: bool) -> str:
    """Return which sign groups thousands: ``.``, ``,`` or none."""
    if written.str.fullmatch(_SURELY_INDONESIAN, na=False).any():
        return "."
    if written.str.fullmatch(_SURELY_ENGLISH, na=False).any():
        return ","
    for sign, group in _ONE_GROUP.items():
        having = written[written.str.fullmatch(r"[-+\d.,]+", na=False)]
        having = having[having.str.contains(sign, regex=False)]
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
