"""Dates as people write them to ISO dates."""

from __future__ import annotations

import re

import pandas as pd

_ISO = r"^(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})(?:$|[T ])"
_COMPACT = r"^((?:19|20)\d{2})(\d{2})(\d{2})$"
_NUMERIC = r"^(\d{1,2})[/.\-](\d{1,2})[/.\-](\d{4}|\d{2})(?:$|[, T]+\d)"
_NAMED = (
    r"(?i)^(?:[a-z']+,?\s+)?(\d{1,2})(?:st|nd|rd|th)?[\s\-/.]+([a-z]{3,9})\.?,?[\s\-/.]+(\d{4})\b"
)
_NAMED_FIRST = r"(?i)^(?:[a-z]+,\s+)?([a-z]{3,9})\.?\s+(\d{1,2})(?:st|nd|rd|th)?,?\s+(\d{4})\b"
_SERIAL = r"^([2-6]\d{4})(?:\.\d+)?$"
# Day 0 of a spreadsheet's count, which takes 1900 for a leap year.
_SERIAL_START = pd.Timestamp("1899-12-30")
_CENTURY_FROM = 70
# The first three letters tell the months of either language apart.
_MONTHS = {
    "jan": 1,
    "feb": 2,
    "peb": 2,
    "mar": 3,
    "apr": 4,
    "mei": 5,
    "may": 5,
    "jun": 6,
    "jul": 7,
    "agu": 8,
    "agt": 8,
    "ags": 8,
    "aug": 8,
    "sep": 9,
    "okt": 10,
    "oct": 10,
    "nov": 11,
    "nop": 11,
    "des": 12,
    "dec": 12,
}
_MONTH_NAMES = re.compile(
    r"jan(?:uari|uary)?|[fp]eb(?:ruari|ruary)?|mar(?:et|ch)?|apr(?:il)?|mei|may|jun[ie]?|jul[iy]?"
    r"|agu(?:stus)?|agt|ags|aug(?:ust)?|sept?(?:ember)?|o[kc]t(?:ober)?|no[vp](?:ember)?"
    r"|de[sc](?:ember)?"
)


def iso_dates(text: pd.Series) -> pd.Series:
    """Read dates.

    Parameters
    ----------
    text : Series of str, shape (n,)
        ``2026-11-01`` with or without a time, ``01/11/2026`` (the day first, unless the column's
        other values show that the month is), ``1 Nov 2026``, ``1 Nopember 2026``,
        ``November 1, 2026``, ``20261101``, a spreadsheet's day number. A time's zone is not
        applied: the day is the one that is written.

    Returns
    -------
    Series of str
        ISO dates; missing where there is none or no such day.
    """
    parts = _parts(text, _ISO).fillna(_parts(text, _COMPACT))
    parts = parts.fillna(_numeric(text)).fillna(_named(text))
    iso = parts[0] + "-" + parts[1].str.zfill(2) + "-" + parts[2].str.zfill(2)
    real = pd.to_datetime(iso, format="%Y-%m-%d", errors="coerce").notna()
    real &= parts[0] != "0000"  # pandas knows that year, no calendar does
    return iso.astype("str").where(real).fillna(_serial(text)).astype("str")


def _parts(text: pd.Series, pattern: str) -> pd.DataFrame:
    return text.str.extract(pattern).astype("str")


def _numeric(text: pd.Series) -> pd.DataFrame:
    """Return year, month, day of dates in digits; the column says which of the two comes first."""
    found = _parts(text, _NUMERIC)
    first, second = pd.to_numeric(found[0]), pd.to_numeric(found[1])
    month_first = bool((second > 12).any() and not (first > 12).any())
    short = found[2].str.len() == 2
    century = pd.Series("20", index=text.index).mask(pd.to_numeric(found[2]) >= _CENTURY_FROM, "19")
    year = found[2].mask(short, century + found[2])
    day, month = (found[1], found[0]) if month_first else (found[0], found[1])
    return pd.DataFrame({0: year, 1: month, 2: day}, dtype="str")


def _named(text: pd.Series) -> pd.DataFrame:
    later = _parts(text, _NAMED)
    earlier = _parts(text, _NAMED_FIRST)
    month = later[1].fillna(earlier[0]).str.lower()
    number = month.where(month.str.fullmatch(_MONTH_NAMES)).str[:3].map(_MONTHS)
    return pd.DataFrame(
        {
            0: later[2].fillna(earlier[2]),
            1: number.astype("Int64").astype("string"),
            2: later[0].fillna(earlier[1]),
        },
        dtype="str",
    )


def _serial(text: pd.Series) -> pd.Series:
    days = pd.to_numeric(text.str.extract(_SERIAL)[0])
    return (_SERIAL_START + pd.to_timedelta(days, unit="D")).dt.strftime("%Y-%m-%d")
