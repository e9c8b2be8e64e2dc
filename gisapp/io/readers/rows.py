"""Rows of cells to a table: what delimited text and workbooks have in common."""

from __future__ import annotations

import itertools
import re
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from gisapp.core.words import _
from gisapp.io.readers.contents import ReadTable, Tick
from gisapp.io.readers.headers import check_width

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Sequence

    from numpy.typing import NDArray

_CHUNK_ROWS = 20_000
_LAST_ROWS = 10
_TOTAL = re.compile(
    r"\s*(?:grand\s+|sub\s*)?(?:total|jumlah|jml|rata-rata|average|mean|sum)\b.{0,60}",
    re.IGNORECASE | re.DOTALL,
)
_NOTE = re.compile(
    r"\s*(?:(?:sumber|source|catatan|notes?|keterangan|ket|dicetak|printed|diunduh|exported"
    r"|n\.?b)\b\.?\s*:?|\*).*",
    re.IGNORECASE | re.DOTALL,
)


class TableBuilder:
    """Collects rows of text into Arrow columns, chunk by chunk, so that memory stays small.

    Parameters
    ----------
    name : str
        The table's name.
    columns : sequence of str
        Unique column names.
    tick : callable
        Told the number of rows as they come.

    Attributes
    ----------
    short_rows : int
        How many rows had fewer cells than there are columns.
    """

    def __init__(self, name: str, columns: Sequence[str], tick: Tick) -> None:
        check_width(len(columns))
        self._name = name
        self._width = len(columns)
        self._schema = pa.schema([(column, pa.string()) for column in columns])
        self._tick = tick
        self._batches: list[pa.RecordBatch] = []
        self._numbers: list[NDArray[np.int64]] = []
        self._seen = 0
        self._unreadable: dict[int, str] = {}
        self.short_rows = 0

    def extend(self, rows: Iterable[Sequence[str]]) -> None:
        """Take data rows in; rows in which no cell holds anything do not count as rows."""
        filled = filter(any, rows)
        while chunk := list(itertools.islice(filled, _CHUNK_ROWS)):
            numbers = np.arange(self._seen + 1, self._seen + len(chunk) + 1, dtype=np.int64)
            self._seen += len(chunk)
            if set(map(len, chunk)) != {self._width}:
                chunk, numbers = self._fitted(chunk, numbers)
            self._append(chunk, numbers)
            self._tick(self._seen, 0)

    def _fitted(
        self, chunk: list[Sequence[str]], numbers: NDArray[np.int64]
    ) -> tuple[list[Sequence[str]], NDArray[np.int64]]:
        """Lengthen short rows, cut empty ends of long ones, leave out those that are too long."""
        fitted: list[Sequence[str]] = []
        kept: list[int] = []
        for row, number in zip(chunk, numbers.tolist(), strict=True):
            if any(row[self._width :]):
                self._unreadable[number] = _("{found} cells under {expected} columns").format(
                    found=len(row), expected=self._width
                )
                continue
            self.short_rows += len(row) < self._width
            fitted.append([*row[: self._width], *[""] * (self._width - len(row))])
            kept.append(number)
        return fitted, np.array(kept, dtype=np.int64)

    def _append(self, chunk: list[Sequence[str]], numbers: NDArray[np.int64]) -> None:
        if not chunk:
            return
        arrays = []
        for cells in zip(*chunk, strict=True):
            texts = pa.array(cells, pa.string())
            arrays.append(pc.if_else(pc.equal(texts, ""), pa.scalar(None, pa.string()), texts))
        self._batches.append(pa.RecordBatch.from_arrays(arrays, schema=self._schema))
        self._numbers.append(numbers)

    def finish(self) -> ReadTable:
        """Close the table."""
        return ReadTable(
            name=self._name,
            columns=pa.Table.from_batches(self._batches, schema=self._schema),
            unreadable=self._unreadable,
            row_numbers=np.concatenate([np.empty(0, np.int64), *self._numbers])
            if self._unreadable
            else None,
        )


def set_aside_totals(table: ReadTable) -> int:
    """Move totals and notes beneath a table to its unreadable rows: they are no records.

    Returns
    -------
    int
        How many there are.
    """
    rows = table.columns.num_rows
    last = table.columns.slice(max(0, rows - _LAST_ROWS)).to_pydict().values()
    cells = list(zip(*last, strict=True)) if table.columns.num_columns > 2 else []
    beneath = len(list(itertools.takewhile(_is_no_record, reversed(cells))))
    if not beneath or beneath == rows:
        return 0
    numbers = table.row_numbers if table.row_numbers is not None else np.arange(1, rows + 1)
    for number in numbers[rows - beneath :].tolist():
        table.unreadable[number] = _("a total or a note beneath the table, not a record")
    table.columns = table.columns.slice(0, rows - beneath)
    table.row_numbers = numbers[: rows - beneath]
    return beneath


def _is_no_record(cells: Sequence[str | None]) -> bool:
    said = [cell for cell in cells if cell]
    if 2 * len(said) > len(cells) + 1:
        return False
    return bool(_TOTAL.fullmatch(said[0])) or (len(said) == 1 and bool(_NOTE.fullmatch(said[0])))


def empty_columns(table: Any, unnamed: Sequence[int]) -> list[int]:
    """Return those of the columns without a name in which nothing stands; none where all are so.

    Parameters
    ----------
    table : pyarrow.Table
    unnamed : sequence of int
        Positions of the columns that have no name.
    """
    empty = [n for n in unnamed if table.column(n).null_count == table.num_rows]
    return empty if len(empty) < table.num_columns else []


def without_columns(table: Any, left_out: Collection[int]) -> Any:
    """Leave out the columns of a pyarrow.Table at some positions."""
    return table.select([n for n in range(table.num_columns) if n not in left_out])


def gap_sentences(empty: Collection[int], width: int) -> list[str]:
    """Say that empty columns part a sheet, as they part tables that stand side by side.

    Parameters
    ----------
    empty : collection of int
        Positions of the columns in which nothing stands.
    width : int
        How many columns there are, these included.
    """
    parts = [list(x) for gap, x in itertools.groupby(range(width), empty.__contains__) if not gap]
    if sum(len(part) > 1 for part in parts) < 2:
        return []
    return [
        _(
            "An empty column parts its columns; they were read as one table. Where two stand side "
            "by side, save each as a sheet of its own."
        )
    ]


def footer_sentences(n: int) -> list[str]:
    """Say that `n` rows beneath a table were set aside."""
    if not n:
        return []
    return [_("Rows beneath the table that hold totals or notes: {n}.").format(n=n)]
