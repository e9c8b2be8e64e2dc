"""The quick way through delimited text: Arrow reads what is regular from end to end."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from numpy.typing import NDArray

    from gisapp.io.readers.contents import Tick

_BLOCK_BYTES = 4 << 20
_QUOTE = ord('"')
_BREAKS = (ord("\n"), ord("\r"))


@dataclass(frozen=True)
class RegularText:
    """UTF-8 text whose rows may all have the same number of cells.

    Parameters
    ----------
    path : Path
    separator : str
        One ASCII character.
    quotes : bool
        Whether there are quotes in it.
    lines_before : int
        How many lines stand above the first row.
    names : sequence of str
        The columns' names.
    """

    path: Path
    separator: str
    quotes: bool
    lines_before: int
    names: Sequence[str]


def read_regular(text: RegularText, tick: Tick) -> pa.Table | None:
    """Read the rows as columns of text, empty cells missing, rows without any left out.

    Returns
    -------
    pyarrow.Table or None
        None where a row has more or fewer cells, or a quote stands where none belongs: then the
        rows have to be looked at one by one.
    """
    if text.quotes and not _is_well_quoted(text.path, ord(text.separator)):
        return None
    schema = pa.schema([(name, pa.string()) for name in text.names])
    try:
        batches = list(_batches(text, schema, tick))
    except pa.ArrowInvalid:
        return None
    return pa.Table.from_batches(batches, schema=schema)


def _batches(text: RegularText, schema: pa.Schema, tick: Tick) -> Iterator[Any]:
    reader = pyarrow.csv.open_csv(
        text.path,
        pyarrow.csv.ReadOptions(
            use_threads=False,
            block_size=_BLOCK_BYTES,
            skip_rows=text.lines_before,
            column_names=list(text.names),
        ),
        pyarrow.csv.ParseOptions(delimiter=text.separator, newlines_in_values=text.quotes),
        pyarrow.csv.ConvertOptions(column_types=schema, strings_can_be_null=True, null_values=[""]),
    )
    done = 0
    for batch in reader:
        filled = _filled(batch)
        done += filled.num_rows
        tick(done, 0)
        yield filled


def _filled(batch: pa.RecordBatch) -> pa.RecordBatch:
    """Leave out the rows in which nothing stands."""
    present = batch.column(0).is_valid()
    for column in batch.columns[1:]:
        if pc.all(present).as_py():
            return batch
        present = pc.or_(present, column.is_valid())
    return batch.filter(present)


def _is_well_quoted(path: Path, separator: int) -> bool:
    """Whether every quote opens a cell, closes one, or is one of two within one."""
    inside = 0
    before = _BREAKS[0]
    with path.open("rb") as file:
        block = file.read(_BLOCK_BYTES)
        before_mark = block.startswith(b"\xef\xbb\xbf")
        block = block[3 * before_mark :]
        while block:
            following = file.read(_BLOCK_BYTES)
            after = following[0] if following else _BREAKS[0]
            bytes_ = np.frombuffer(bytes([before]) + block + bytes([after]), np.uint8)
            quotes = np.flatnonzero(bytes_[1:-1] == _QUOTE) + 1
            opening = quotes[inside::2]
            closing = quotes[1 - inside :: 2]
            if not (
                _stands_beside(bytes_[opening - 1], separator)
                and _stands_beside(bytes_[closing + 1], separator)
            ):
                return False
            inside = (inside + len(quotes)) % 2
            before, block = block[-1], following
    return inside == 0


def _stands_beside(neighbours: NDArray[np.uint8], separator: int) -> bool:
    return bool(np.isin(neighbours, (separator, _QUOTE, *_BREAKS)).all())
