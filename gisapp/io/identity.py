"""Who a row is: its id, and what identifies a person left out of it."""

from __future__ import annotations

from shlex import quote
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from gisapp.core.errors import GisappError
from gisapp.core.identifiers import DIRECT_CONTENT, is_direct_name, pseudonym
from gisapp.core.words import _, ngettext, number
from gisapp.io.catalogue import load_catalogue
from gisapp.io.values import as_text, clean_text

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from numpy.typing import NDArray

    from gisapp.core.layer import Layer, Table
    from gisapp.core.project import Project

# A column in which this share of the values is a person's number is a column of such numbers;
# below it only the cells concerned are emptied.
_DIRECT_SHARE = 0.1
# The smallest mobile number written without its 0, the smallest 16-digit number: smaller
# numeric columns cannot hold one.
_SMALLEST_IDENTIFIER = 6.2e9
_PSEUDONYM = "[0-9a-f]{32}"
_DIGITS = r"\+?\d[\d .\-]*"
_KEY_COLUMNS = ["id", "household_id", "business_id"]


def without_identifiers(
    columns: pd.DataFrame, mapped: Collection[str], untouched: Collection[str]
) -> tuple[pd.DataFrame, tuple[str, ...]]:
    """Leave out what identifies a person.

    Parameters
    ----------
    columns : DataFrame
        As they came.
    mapped : collection of str
        Columns that a field is read from: their name is no reason to drop them.
    untouched : collection of str
        Columns not looked into: the id (it becomes a pseudonym) and the coordinates.

    Returns
    -------
    tuple
        The columns that are kept, and sentences that say what was left out.
    """
    catalogue = load_catalogue()
    dropped, emptied, kept = [], [], {}
    for name, column in columns.items():
        if name in untouched:
            kept[name] = column
        elif name not in mapped and is_direct_name(str(name), catalogue):
            dropped.append(str(name))
        else:
            direct = _identifying(column)
            if name not in mapped and direct.sum() > _DIRECT_SHARE * column.notna().sum():
                dropped.append(str(name))
            elif direct.any():
                emptied.append((str(name), int(direct.sum())))
                kept[name] = column.mask(direct)
            else:
                kept[name] = column
    return pd.DataFrame(kept, index=columns.index), _notes(dropped, emptied)


def _identifying(column: pd.Series) -> NDArray[np.bool_]:
    """Return where a NIK, KK, mobile number or e-mail address stands, shape (n,)."""
    if pd.api.types.is_bool_dtype(column.dtype):
        return np.zeros(len(column), dtype=bool)
    if pd.api.types.is_numeric_dtype(column.dtype) and not (
        (column.abs() >= _SMALLEST_IDENTIFIER).any()
    ):
        return np.zeros(len(column), dtype=bool)
    text = pa.array(as_text(column), pa.large_string(), from_pandas=True)
    found = pc.match_substring_regex(text, DIRECT_CONTENT).fill_null(False)
    return np.asarray(found.to_numpy(zero_copy_only=False), dtype=bool)


def _notes(dropped: Sequence[str], emptied: Sequence[tuple[str, int]]) -> tuple[str, ...]:
    notes = []
    if dropped:
        notes.append(
            _("Left out because they identify a person: {columns}.").format(
                columns=", ".join(dropped)
            )
        )
    for name, n in emptied:
        notes.append(
            ngettext(
                "{n} value of {column} held a person's number or address and was left out.",
                "{n} values of {column} held a person's number or address and were left out.",
                n,
            ).format(n=number(n), column=name)
        )
    return tuple(notes)


def key_note(columns: pd.DataFrame) -> tuple[str, ...]:
    """Say which of the columns that are left out could be the id, as pseudonyms.

    It is one of numbers, another in every row; the longest, because a NIK stays where a mobile
    number changes. Names are none: two persons can have the same.
    """
    texts = {str(name): clean_text(column) for name, column in columns.items()}
    found = {
        name: text.str.len().min()
        for name, text in texts.items()
        if len(text) > 1 and text.is_unique and bool(text.str.fullmatch(_DIGITS, na=False).all())
    }
    if not found:
        return ()
    column = max(found, key=lambda x: found[x])
    return (
        _(
            "{column}, which was left out, has another number in every row: taken for the "
            "identifier (on the command line --map {words}), it keeps the rows apart under "
            "pseudonyms."
        ).format(column=column, words=quote(f"id={column}")),
    )


def record_keys(column: pd.Series, key: str) -> pd.Series:
    """Read a column of ids: text, and a pseudonym where an id is a person's own number.

    Parameters
    ----------
    column : Series
        Ids as they came; its name counts as well as its content.
    key : str
        The project's secret, hexadecimal.

    Raises
    ------
    GisappError
        Where a pseudonym is needed and the project's secret is not on this machine.
    """
    text = clean_text(column)
    direct = text.notna() & (
        _identifying(text) | is_direct_name(str(column.name), load_catalogue())
    )
    if not direct.any():
        return text
    if not key:
        raise GisappError(
            _(
                "Column {column} holds personal numbers, and the secret that hides them in this "
                "project is not on this machine: here they would get other names."
            ).format(column=column.name),
            _(
                "Import them where the project was made, have it sealed there and open the sealed "
                "file here, or map another column to the id."
            ),
        )
    return text.mask(direct, text[direct].map(lambda x: pseudonym(x, key)))


def secret_was_used(project: Project) -> bool:
    """Whether anything was made with the project's secret, which another must not replace.

    That is a pseudonym among the ids, or businesses masked for a partner. An id that only looks
    like a pseudonym counts as one.
    """
    if any(record.preset == "partner" for record in project.exports):
        return True
    parts: tuple[Layer | Table, ...] = (*project.layers, *project.tables.values())
    return any(
        bool(part.frame[name].astype("str").str.fullmatch(_PSEUDONYM).any())
        for part in parts
        for name in part.frame.columns.intersection(_KEY_COLUMNS)
    )


def made_ids(ids: pd.Series, numbers: NDArray[np.int64]) -> pd.Series:
    """Give the rows without an id one that no row has: ``row-`` and the source's row number."""
    prefix = "row-"
    taken = set(ids.dropna())
    missing = ids.isna()
    while not taken.isdisjoint(made := [f"{prefix}{n}" for n in numbers[missing]]):
        prefix = f"{prefix}0"
    return ids.mask(missing, pd.Series(made, index=ids.index[missing], dtype="str"))


def repeated(
    ids: pd.Series, refused: NDArray[np.bool_], taken: pd.Series | None = None
) -> NDArray[np.bool_]:
    """Return which rows repeat an id, or have one of `taken`, shape (n,).

    The first row with an id is kept, unless it is refused for its own sake and a later one is
    not; then that one is.
    """
    found = np.zeros(len(ids), dtype=bool)
    shared = (ids.duplicated(keep=False) & ids.notna()).to_numpy(dtype=bool)
    some, out = ids[shared], refused[shared]
    among_kept = some.where(~out)
    found[shared] = (among_kept.duplicated() & among_kept.notna()) | (out & some.duplicated())
    if taken is not None:
        found |= (ids.isin(taken) & ids.notna()).to_numpy(dtype=bool)
    return found
