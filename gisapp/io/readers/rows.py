"""Rows of cells to a table: what delimited text and workbooks have in common."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa

from gisapp.core.words import _
from gisapp.io.readers.contents import ReadTable, Tick
from gisapp.io.readers.headers import check_width

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

_CHUNK_ROWS = 20_000
# Beyond this a bad file would only fill the report.
_MOST_REASONS = 10_000


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
    """

    def __init__(self, name: str, columns: Sequence[str], tick: Tick) -> None:
        check_width(len(columns))
        self._name = name
        self._columns = list(columns)
        self._schema = pa.schema([(column, pa.string()) for column in columns])
        self._tick = tick
        self._rows: list[Sequence[str | None]] = []
        self._numbers: list[int] = []
        self._batches: list[pa.RecordBatch] = []
        self._kept: list[np.ndarray[tuple[int], np.dtype[np.int64]]] = []
        self._seen = 0
        self._unreadable: dict[int, str] = {}
        self.short_rows = 0

    def extend(self, rows: Iterable[Sequence[str | None]]) -> None:
        """Take data rows in; rows without any cell do not count as rows."""
        width = len(self._columns)
        for row in rows:
            if not row:
                continue
            self._seen += 1
            if len(row) != width:
                fitted = self._fitted(row)
                if fitted is None:
                    continue
                row = fitted  # noqa: PLW2901
            self._rows.append(row)
            self._numbers.append(self._seen)
            if len(self._rows) >= _CHUNK_ROWS:
                self._flush()

    def _fitted(self, row: Sequence[str | None]) -> Sequence[str | None] | None:
        width = len(self._columns)
        if len(row) < width:
            self.short_rows += 1
            return [*row, *[None] * (width - len(row))]
        if not any(row[width:]):
            return row[:width]
        if len(self._unreadable) < _MOST_REASONS:
            self._unreadable[self._seen] = _("{found} cells under {expected} columns").format(
                found=len(row), expected=width
            )
        return None

    def _flush(self) -> None:
        arrays = [
            pa.array([cell or None for cell in column], pa.string())
            for column in zip(*self._rows, strict=True)
        ]
        self._batches.append(pa.RecordBatch.from_arrays(arrays, schema=self._schema))
        self._kept.append(np.array(self._numbers, dtype=np.int64))
        self._rows, self._numbers = [], []
        self._tick(self._seen, 0)

    def finish(self) -> ReadTable:
        """Close the table."""
        if self._rows:
            self._flush()
        return ReadTable(
            name=self._name,
            columns=pa.Table.from_batches(self._batches, schema=self._schema),
            unreadable=self._unreadable,
            row_numbers=np.concatenate(self._kept) if self._unreadable and self._kept else None,
        )
