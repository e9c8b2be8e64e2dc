"""Column names from a first row."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from gisapp.core.words import _
from gisapp.io.readers.contents import Unreadable

if TYPE_CHECKING:
    from collections.abc import Sequence

MOST_COLUMNS = 4096
_NUMBER = re.compile(r"\s*[-+]?\d+(?:[.,]\d+)?\s*")
_YEAR = re.compile(r"\s*(?:19|20)\d\d\s*")


def check_width(width: int) -> None:
    """Refuse a table with more columns than one can be worked with.

    Raises
    ------
    Unreadable
        Beyond `MOST_COLUMNS`.
    """
    if width > MOST_COLUMNS:
        raise Unreadable(
            _("it has {n} columns; at most {most} are read").format(n=width, most=MOST_COLUMNS),
            _("Delete the columns that you do not need; often rows and columns are swapped."),
        )


def unique_names(cells: Sequence[str]) -> tuple[list[str], list[str]]:
    """Make column names of header cells: none empty, none twice.

    Returns
    -------
    names, warnings : list of str
        One name per cell, and a sentence for each that had to be made up.
    """
    names: list[str] = []
    warnings: list[str] = []
    taken: set[str] = set()
    given = {cell.strip() for cell in cells}
    for number, cell in enumerate(cells, start=1):
        base = cell.strip() or f"column_{number}"
        name, copy = base, 1
        while name in taken or (copy > 1 and name in given):
            copy += 1
            name = f"{base}_{copy}"
        if copy > 1:
            warnings.append(
                _("Two columns are called “{name}”; the second is read as “{other}”.").format(
                    name=base, other=name
                )
            )
        taken.add(name)
        names.append(name)
    return names, warnings


def lacks_header(first: Sequence[str], second: Sequence[str]) -> bool:
    """Say whether the first row looks like data: numbers where the next row has numbers too.

    Years stand in many headers and do not count.
    """
    if len(first) != len(second):
        return False
    numeric = [i for i, cell in enumerate(second) if _NUMBER.fullmatch(cell)]
    return bool(numeric) and all(
        _NUMBER.fullmatch(first[i]) and not _YEAR.fullmatch(first[i]) for i in numeric
    )


def made_up_names(width: int) -> list[str]:
    """Name `width` columns of a table without a header."""
    return [f"column_{number}" for number in range(1, width + 1)]
