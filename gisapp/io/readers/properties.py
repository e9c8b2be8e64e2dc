"""Properties of features to typed columns: numbers stay numbers, exactly; the rest is text."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pyarrow as pa
import pyarrow.compute as pc

if TYPE_CHECKING:
    from collections.abc import Sequence


class PropertyColumns:
    """Collects property objects chunk by chunk.

    A column is int64 or double where every value of it is a number that fits, else text:
    dates as they are written, objects and lists as JSON, integers beyond 64 bit digit by digit.
    """

    def __init__(self) -> None:
        self._chunks: dict[str, list[pa.Array]] = {}
        self._rows = 0
        self.too_long_integers: set[str] = set()

    def extend(self, properties: Sequence[dict[str, Any]]) -> None:
        """Take one chunk of features' properties in."""
        names = dict.fromkeys(name for each in properties for name in each)
        for name in names:
            if name not in self._chunks:
                self._chunks[name] = [pa.nulls(self._rows)] if self._rows else []
            self._chunks[name].append(self._array(name, [each.get(name) for each in properties]))
        for name in self._chunks.keys() - names.keys():
            self._chunks[name].append(pa.nulls(len(properties)))
        self._rows += len(properties)

    def _array(self, name: str, values: list[Any]) -> pa.Array:
        kinds = {type(value) for value in values} - {type(None)}
        if not kinds:
            return pa.nulls(len(values))
        if kinds == {int}:
            try:
                return pa.array(values, pa.int64())
            except (OverflowError, pa.ArrowInvalid):
                self.too_long_integers.add(name)
        elif kinds <= {int, float}:
            return pa.array(values, pa.float64())
        return pa.array([_as_text(value) for value in values], pa.string())

    def finish(self) -> pa.Table:
        """Give the columns, in the order in which their names first came up."""
        columns = {name: _unified(chunks) for name, chunks in self._chunks.items()}
        if not columns:
            return _without_columns(self._rows)
        return pa.table(columns)


def _without_columns(rows: int) -> pa.Table:
    """Make a table that has rows but no column."""
    return pa.table({"": pa.nulls(rows)}).select([])


def _as_text(value: Any) -> str | None:
    if value is None or isinstance(value, str):
        return value
    return json.dumps(value, ensure_ascii=False)


def _unified(chunks: list[pa.Array]) -> pa.ChunkedArray:
    kinds = {chunk.type for chunk in chunks} - {pa.null()}
    if len(kinds) == 1:
        kind = kinds.pop()
    elif kinds == {pa.int64(), pa.float64()}:
        kind = pa.float64()
    else:
        kind = pa.string()
    return pa.chunked_array([pc.cast(chunk, kind) for chunk in chunks], type=kind)
