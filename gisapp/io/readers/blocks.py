"""Tables that stand beneath one another on a sheet, parted by empty rows."""

from __future__ import annotations

import itertools
from typing import TYPE_CHECKING

from gisapp.io.readers.headers import holds_number

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator


def blocks_of(rows: Iterable[list[str]]) -> Iterator[Iterator[list[str]]]:
    """Part rows into tables; each has to be read to its end before the next is asked for.

    A table begins behind an empty row with a row of words where the one above had numbers.
    """
    return (block for _number, block in itertools.groupby(rows, key=_BlockNumber()))


class _BlockNumber:
    """Numbers rows by the table that they belong to."""

    def __init__(self) -> None:
        self._number = 0
        self._after_gap = False
        self._numeric: frozenset[int] = frozenset()

    def __call__(self, row: list[str]) -> int:
        filled = [n for n, cell in enumerate(row) if cell]
        if not filled:
            self._after_gap = True
            return self._number
        numeric = frozenset(n for n in filled if holds_number(row[n]))
        if self._after_gap and not numeric and len(filled) > 1:
            clash = self._numeric.intersection(filled)
            if clash and 2 * len(clash) >= len(self._numeric):
                self._number += 1
                self._numeric = frozenset()
        self._after_gap = False
        self._numeric = numeric or self._numeric
        return self._number
