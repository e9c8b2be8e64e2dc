"""Coordinates as people write them: decimal point or comma, degrees with minutes, hemispheres."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from gisapp.io.numbers import holds_numbers, plain_numbers
from gisapp.io.values import clean_text, without_placeholders

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Bools = NDArray[np.bool_]
    Floats = NDArray[np.float64]

# Lintang Selatan, Lintang Utara, Bujur Timur, Bujur Barat, and their English and short names.
_HEMISPHERES = {
    **dict.fromkeys(("s", "ls", "selatan", "south", "w", "bb", "b", "barat", "west"), -1.0),
    **dict.fromkeys(("n", "lu", "u", "utara", "north", "e", "bt", "t", "timur", "east"), 1.0),
}
LATITUDE_LETTERS = r"(?:L\.?[SU]\.?|S(?:outh|elatan)?|N(?:orth)?|U(?:tara)?)"
LONGITUDE_LETTERS = r"(?:B\.?[TB]\.?|E(?:ast)?|W(?:est)?|T(?:imur)?|B(?:arat)?)"
_HEMISPHERE = rf"(?:{LATITUDE_LETTERS}|{LONGITUDE_LETTERS})"
# Longer texts are no coordinate, and blanks in a row can be shared out in too many ways.
_LONGEST = 60
_AXIS_WORDS = r"(?i)\b(?:lintang|bujur)\s+"
_DECIMALS = r"(?:[.,]\d+)?"
_ANGLE = (
    rf"(?i)^(?P<before>{_HEMISPHERE})?\s*(?P<sign>[-+])?\s*(?P<degrees>\d{{1,3}}{_DECIMALS})"
    rf"(?:\s*[°ºo˚d:\s]\s*(?:(?P<minutes>\d{{1,2}}{_DECIMALS})"
    rf"(?:\s*['′’`´m:\s]\s*(?:(?P<seconds>\d{{1,2}}{_DECIMALS})\s*(?:[\"″”“]|['′’]{{2}}|s(?=\s*[a-z]))?)?)?)?)?"
    rf"\s*(?P<after>{_HEMISPHERE})?$"
)
_COMMA = r"[-+]?\d+,\d+"
_GROUPED = (
    (r"[-+]?\d{1,3}(?:\.\d{3})+,\d+", ".", ","),
    (r"[-+]?\d{1,3}(?:,\d{3})+\.\d+", ",", "."),
)


def read_coordinates(column: pd.Series) -> tuple[Floats, Bools, Bools]:
    """Read one axis.

    Parameters
    ----------
    column : Series, shape (n,)
        Numbers, or text: ``-6.32``, ``-6,32``, ``−6.32``, ``6°19'45" S``, ``6.32 LS``,
        ``9.301.234,5``.

    Returns
    -------
    values : ndarray of float64, shape (n,)
        In the unit that they are written in; NaN where there is none that can be read.
    comma : ndarray of bool, shape (n,)
        Where a comma stood for the decimal point.
    there : ndarray of bool, shape (n,)
        Where anything stood.
    """
    if holds_numbers(column):
        values = column.to_numpy("float64", na_value=np.nan, copy=True)
        values[~np.isfinite(values)] = np.nan
        return values, np.zeros(len(values), dtype=bool), ~np.isnan(values)
    text = without_placeholders(clean_text(column))
    there = text.notna().to_numpy(dtype=bool)
    values = plain_numbers(text)
    comma = np.zeros(len(values), dtype=bool)
    rest = np.flatnonzero(there & np.isnan(values))
    if len(rest):
        values[rest], comma[rest] = _read_written(text.iloc[rest])
    return values, comma, there


def _read_written(text: pd.Series) -> tuple[Floats, Bools]:
    short = text.where(text.str.len() <= _LONGEST).str.replace(r"\s+", " ", regex=True)
    written = short.str.replace("−", "-", regex=False)
    comma = written.str.fullmatch(_COMMA).to_numpy(dtype=bool)
    plain = written.mask(comma, written.str.replace(",", ".", regex=False))
    for pattern, group, point in _GROUPED:
        grouped = written.str.fullmatch(pattern)
        whole = written.str.replace(group, "", regex=False).str.replace(point, ".", regex=False)
        plain = plain.mask(grouped, whole)
    values = plain_numbers(plain)
    odd = np.flatnonzero(np.isnan(values))
    if len(odd):
        values[odd] = _angles(written.iloc[odd])
    return values, comma


def _angles(text: pd.Series) -> Floats:
    """Read degrees with minutes, seconds or a hemisphere; NaN where they are not such."""
    parts = text.str.replace(_AXIS_WORDS, "", regex=True).str.extract(_ANGLE)
    degrees, minutes, seconds = (
        pd.to_numeric(parts[name].str.replace(",", ".", regex=False), errors="coerce")
        for name in ("degrees", "minutes", "seconds")
    )
    said = parts["before"].fillna(parts["after"]).str.replace(".", "", regex=False).str.lower()
    sign = said.map(_HEMISPHERES).astype("float64")
    sound = (minutes.isna() | (minutes < 60)) & (seconds.isna() | (seconds < 60))
    sound &= parts["before"].isna() | parts["after"].isna()
    # "6 19" could be two numbers: blanks part degrees only where seconds or a letter follow.
    sound &= seconds.notna() | sign.notna() | text.str.contains("[°º˚]", regex=True)
    size = degrees + minutes.fillna(0) / 60 + seconds.fillna(0) / 3600
    signed = size * sign.fillna(1.0) * np.where(parts["sign"].eq("-") & sign.isna(), -1.0, 1.0)
    return np.asarray(signed.where(sound).to_numpy("float64"))
