"""Which rows of a frame a table shows, and in which order. No Qt."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from gisapp.ui.values import cells, column_title, value_text

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    import pandas as pd

    from gisapp.core.catalogue import Kind


class FrameView:
    """Columns of a frame as texts, its rows filtered and sorted.

    Parameters
    ----------
    frame : DataFrame
        Index 0…n−1; not changed.
    columns : sequence of str
        Those to show, in order; others stay in the frame.
    kind : Kind, optional
        Gives labels, codes and units.
    """

    def __init__(
        self, frame: pd.DataFrame, columns: Sequence[str], kind: Kind | None = None
    ) -> None:
        self.frame = frame
        self.columns = tuple(columns)
        self._kind = kind
        self._numbers = tuple(frame[name].dtype.kind in "iuf" for name in self.columns)
        self._values: dict[str, list[object]] = {}
        self._sorted_by: tuple[str, bool] | None = None
        self.rows = np.arange(len(frame))

    def title(self, column: int) -> str:
        """Return the heading of a column."""
        return column_title(self._kind, self.columns[column])

    def value(self, place: int, column: int) -> object:
        """Return the value at a place (0 is the topmost row shown); None where missing."""
        name = self.columns[column]
        if name not in self._values:
            self._values[name] = cells(self.frame[name])
        return self._values[name][self.rows[place]]

    def text(self, place: int, column: int) -> str:
        """Return the value at a place in words."""
        field = self._kind.fields.get(self.columns[column]) if self._kind else None
        return value_text(self.value(place, column), field)

    def is_number(self, column: int) -> bool:
        """Whether a column holds numbers (and is set to the right)."""
        return self._numbers[column]

    def sort(self, column: int, descending: bool) -> None:
        """Order the rows by a column; missing values come last, equal ones keep their order."""
        self._sorted_by = (self.columns[column], descending)
        self.rows = self._ordered(np.sort(self.rows))

    def show_only(self, column: str, values: Collection[str]) -> None:
        """Show the rows whose `column` is one of `values`; none of them: every row."""
        wanted = self.frame[column].isin(list(values)) if values else None
        rows = np.arange(len(self.frame)) if wanted is None else np.flatnonzero(wanted)
        self.rows = self._ordered(rows)

    def places_of(self, rows: Collection[int]) -> list[int]:
        """Return the places at which rows of the frame are shown; hidden ones are left out."""
        return [int(place) for place in np.flatnonzero(np.isin(self.rows, list(rows)))]

    def _ordered(self, rows: np.ndarray) -> np.ndarray:
        if self._sorted_by is None:
            return rows
        name, descending = self._sorted_by
        column = self.frame[name].iloc[rows]
        ordered = column.sort_values(ascending=not descending, kind="stable", na_position="last")
        return ordered.index.to_numpy()
