"""Which names find room: none covers another, and marks are kept free where that is possible."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from gisapp.render.label_places import Measure, places, stretches
from gisapp.render.labels import precedence

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from gisapp.render.label_places import Box, Place, Run
    from gisapp.render.labels import Label

_NO_MARKS = np.empty((0, 2))
# The same name comes again this many of its heights away, along lines and elsewhere: two lanes of a
# road, or several records of one place, need not say it twice.
_SAME_NAME_HEIGHTS = 12.0
_SAME_PLACE_HEIGHTS = 4.0


@dataclass(frozen=True)
class PlacedLabel:
    """A name where it is written: its runs, and the boxes that it takes, in pixels."""

    label: Label
    runs: tuple[Run, ...]
    boxes: tuple[Box, ...]


class Taken:
    """Boxes on a grid, so that asking what is taken looks at a few neighbours alone."""

    def __init__(self, cell_px: float) -> None:
        self._cell_px = cell_px
        self._cells: dict[tuple[int, int], list[Box]] = defaultdict(list)

    def add(self, box: Box) -> None:
        """Take a box."""
        for cell in self._covered(box):
            self._cells[cell].append(box)

    def meets(self, box: Box) -> bool:
        """Say whether a box lies over one that is taken; touching is not lying over."""
        return any(
            box[0] < other[2] and other[0] < box[2] and box[1] < other[3] and other[1] < box[3]
            for cell in self._covered(box)
            for other in self._cells.get(cell, ())
        )

    def _covered(self, box: Box) -> list[tuple[int, int]]:
        left, top, right, bottom = (int(edge // self._cell_px) for edge in box)
        return [(x, y) for x in range(left, right + 1) for y in range(top, bottom + 1)]


class Marks:
    """Where point symbols stand, counted by pixels of a coarse grid, summed over its corner."""

    def __init__(
        self, xy: NDArray[np.float64], width_px: float, height_px: float, cell_px: float
    ) -> None:
        self._cell_px = cell_px
        columns, rows = int(width_px // cell_px) + 1, int(height_px // cell_px) + 1
        column, row = (np.floor(v / cell_px).astype(np.int64) for v in xy.T)
        inside = (column >= 0) & (column < columns) & (row >= 0) & (row < rows)
        marked = np.zeros((rows, columns), dtype=np.int64)
        marked[row[inside], column[inside]] = 1
        self._sums = np.zeros((rows + 1, columns + 1), dtype=np.int64)
        self._sums[1:, 1:] = marked.cumsum(axis=0).cumsum(axis=1)

    def under(self, box: Box) -> int:
        """Return how many cells with marks lie under a box that is whole in view."""
        left, top = int(box[0] // self._cell_px), int(box[1] // self._cell_px)
        right, bottom = int(box[2] // self._cell_px) + 1, int(box[3] // self._cell_px) + 1
        s = self._sums
        last_row, last_column = s.shape[0] - 1, s.shape[1] - 1
        right, bottom = min(right, last_column), min(bottom, last_row)
        return int(s[bottom, right] - s[top, right] - s[bottom, left] + s[top, left])


@dataclass(frozen=True, eq=False)
class _Sheet:
    width_px: float
    height_px: float
    taken: Taken
    marks: Marks

    def best(self, tried: Iterable[Place]) -> Place | None:
        """Return the first place that is free and covers the fewest marks."""
        best, fewest = None, None
        for place in tried:
            if not self._is_free(place.boxes):
                continue
            covered = sum(self.marks.under(box) for box in place.boxes)
            if covered == 0:
                return place
            if fewest is None or covered < fewest:
                best, fewest = place, covered
        return best

    def _is_free(self, boxes: tuple[Box, ...]) -> bool:
        return all(
            box[0] >= 0 and box[1] >= 0 and box[2] <= self.width_px and box[3] <= self.height_px
            for box in boxes
        ) and not any(self.taken.meets(box) for box in boxes)


def place_labels(
    labels: Sequence[Label],
    measure: Measure,
    width_px: float,
    height_px: float,
    px_per_mm: float,
    marks: NDArray[np.float64] = _NO_MARKS,
    taken: Iterable[Box] = (),
) -> list[PlacedLabel]:
    """Give each name, by precedence, the best of its places where it covers no other and is whole.

    The answer does not depend on the order of `labels`.

    Parameters
    ----------
    measure : callable
        A text's width and height in pixels.
    marks : ndarray, shape (n, 2)
        The middles of point symbols in pixels: kept free where a name has a choice.
    taken : iterable of Box
        Where no name may stand.
    """
    sheet = _Sheet(
        width_px, height_px, Taken(8 * px_per_mm), Marks(marks, width_px, height_px, px_per_mm)
    )
    for box in taken:
        sheet.taken.add(box)
    placed: list[PlacedLabel] = []
    same = _Repeats()
    for label in sorted(labels, key=precedence):
        for tried in _choices(label, measure):
            found = sheet.best(place for place in tried if same.is_far(label, place, measure))
            if found is not None:
                for box in found.boxes:
                    sheet.taken.add(box)
                same.add(label, found)
                placed.append(PlacedLabel(label, found.runs, found.boxes))
    return placed


def _choices(label: Label, measure: Measure) -> Iterable[Iterable[Place]]:
    """Return the places of a name, for each time that it is written."""
    if label.way is None:
        return [places(label, measure)]
    return stretches(label, label.way, measure)


class _Repeats:
    """Where each name stands already."""

    def __init__(self) -> None:
        self._middles: dict[str, list[tuple[float, float]]] = defaultdict(list)

    def add(self, label: Label, place: Place) -> None:
        self._middles[label.text].append(_middle(place))

    def is_far(self, label: Label, place: Place, measure: Measure) -> bool:
        if label.text not in self._middles:
            return True
        x, y = _middle(place)
        heights = _SAME_PLACE_HEIGHTS if label.way is None else _SAME_NAME_HEIGHTS
        least = heights * measure(label.text, label.look)[1]
        return all((x - a) ** 2 + (y - b) ** 2 >= least**2 for a, b in self._middles[label.text])


def _middle(place: Place) -> tuple[float, float]:
    box = place.boxes[len(place.boxes) // 2]
    return (box[0] + box[2]) / 2, (box[1] + box[3]) / 2
