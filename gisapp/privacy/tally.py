"""Subjects counted by area, cell and finding, with what must stay hidden hidden.

Every number about businesses or about households that a release carries (the summary, the table by
area, the cells on the map, the table of conflicts) is taken from one `Tally`, so that all of them
hide the same and none gives another away.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

import numpy as np
import pandas as pd

from gisapp.core.policy import (
    CONFORMITY_CLASSES,
    IMPACTS,
    NOT_ASSESSED,
    RESTRICTIVE_CLASSES,
    STAGES,
)
from gisapp.privacy.suppression import TiedCounts, suppressed

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Texts = NDArray[np.object_]

EVERYWHERE: Final = ""
EXPOSURES: Final = ("none", *STAGES, NOT_ASSESSED)
YES_NO: Final = ("yes", "no")

# Measures by kind of subject: each puts every subject in exactly one category.
MEASURES: Final[Mapping[str, Mapping[str, tuple[str, ...]]]] = {
    "businesses": {
        "class": CONFORMITY_CLASSES,
        "restricted": YES_NO,
        "stage": EXPOSURES,
        "exposed": YES_NO,
        "contradictory": YES_NO,
    },
    "households": {
        "impact": IMPACTS,
        "affected": YES_NO,
        "stage": EXPOSURES,
        "exposed": YES_NO,
        "contradictory": YES_NO,
    },
}
# Measures that are given for the whole only: by area they would hide everything else.
WHOLE_ONLY: Final = ("stage",)
# What a cell inside an area is told apart by.
CELL_MEASURE: Final = {"businesses": "restricted", "households": "affected"}

# Sums between measures that hold by definition: (measure, category) = sum of (measure, category).
IDENTITIES: Final[Mapping[str, tuple[tuple[tuple[str, str], tuple[tuple[str, str], ...]], ...]]] = {
    "businesses": (
        (("restricted", "yes"), tuple(("class", c) for c in RESTRICTIVE_CLASSES)),
        (("exposed", "yes"), tuple(("stage", s) for s in STAGES)),
        (("class", NOT_ASSESSED), (("stage", NOT_ASSESSED),)),
    ),
    "households": (
        (("affected", "yes"), tuple(("impact", i) for i in ("direct", "livelihood", "both"))),
        (("exposed", "yes"), tuple(("stage", s) for s in STAGES)),
        (("exposed", "yes"), (("impact", "direct"), ("impact", "both"))),
    ),
}


@dataclass(frozen=True, eq=False)
class Counted:
    """The subjects of one kind, ready to be counted.

    Parameters
    ----------
    kind : {"businesses", "households"}
    area : ndarray of str, shape (n,)
        Code of the admin area, ``outside`` or ``no_location``.
    measures : mapping
        Measure to each subject's category, shape (n,); empty before an assessment.
    cell : ndarray of str, shape (n,), optional
        Name of the cell inside the area.
    shown : ndarray of bool, shape (n,)
        Subjects that the release shows one by one: what it tells of them is known to a reader.
    shown_measures : tuple of str
        The measures told of those.
    """

    kind: str
    area: Texts
    measures: Mapping[str, Texts]
    shown: NDArray[np.bool_]
    shown_measures: tuple[str, ...] = ()
    cell: Texts | None = None


Key = tuple[str, str, str, str]  # area, cell, measure, category; ("", "", "", "") is the total


@dataclass
class Tally:
    """Counts by area, cell, measure and category; None where hidden."""

    kind: str
    areas: tuple[str, ...]
    assessed: bool
    numbers: Mapping[Key, int | None] = field(default_factory=dict)

    def count(
        self, measure: str = "", category: str = "", *, area: str = EVERYWHERE, cell: str = ""
    ) -> int | None:
        """Return one count; None where it is hidden or was not taken."""
        return self.numbers.get((area, cell, measure, category))

    def spread(self, measure: str, area: str = EVERYWHERE) -> dict[str, int | None]:
        """Return the counts of every category of a measure, and their total.

        Beside the classes and impacts stands the sum that matters: ``restricted``, ``affected``.
        """
        categories = MEASURES[self.kind][measure]
        counts = {c: self.count(measure, c, area=area) for c in categories}
        hit = CELL_MEASURE[self.kind]
        if measure != "stage":
            counts[hit] = self.count(hit, "yes", area=area)
        return {**counts, "total": self.count(area=area)}

    @property
    def complete(self) -> bool:
        """Whether no count of the whole is hidden."""
        return all(v is not None for (area, *_), v in self.numbers.items() if area == EVERYWHERE)

    @property
    def smallest(self) -> int | None:
        """The smallest count shown, zero aside."""
        return min((v for v in self.numbers.values() if v), default=None)


def tally(subjects: Counted, areas: Sequence[str], n: int) -> Tally:
    """Count subjects by area and measure, and hide counts below `n` with their complements.

    Parameters
    ----------
    areas : sequence of str
        The areas told apart; empty: only the whole, and its cells.
    """
    count = _Counter(subjects, tuple(areas), TiedCounts())
    count.everything()
    hidden = suppressed(count.ties, n)
    numbers = {
        key: None if hidden[place] else count.ties.values[place]
        for key, place in count.places.items()
    }
    return Tally(subjects.kind, count.areas, bool(subjects.measures), numbers)


@dataclass
class _Counter:
    subjects: Counted
    areas: tuple[str, ...]
    ties: TiedCounts
    places: dict[Key, int] = field(default_factory=dict)

    def everything(self) -> None:
        everybody = np.ones(len(self.subjects.area), dtype=bool)
        for area in (EVERYWHERE, *self.areas):
            members = everybody if area == EVERYWHERE else self.subjects.area == area
            self._count_area(area, members)
        if self.areas:
            self._tie_areas()
        if self.subjects.cell is not None:
            self._count_cells()

    def _count_area(self, area: str, members: NDArray[np.bool_]) -> None:
        self._add((area, "", "", ""), members, told=True)
        for measure, categories in self._measures(area):
            told = measure in self.subjects.shown_measures
            values = self.subjects.measures[measure]
            for category in categories:
                self._add((area, "", measure, category), members & (values == category), told)
            self._tie((area, "", "", ""), [(area, "", measure, c) for c in categories])
        if self.subjects.measures:
            for (measure, category), parts in IDENTITIES[self.subjects.kind]:
                if (area, "", *parts[0]) in self.places:
                    self._tie((area, "", measure, category), [(area, "", m, c) for m, c in parts])

    def _tie_areas(self) -> None:
        taken = [k for k in self.places if k[0] == EVERYWHERE and k[2] not in WHOLE_ONLY]
        for _area, _cell, measure, category in taken:
            parts = [(area, "", measure, category) for area in self.areas]
            self._tie((EVERYWHERE, "", measure, category), parts)

    def _count_cells(self) -> None:
        measure = CELL_MEASURE[self.subjects.kind]
        keys = [("", ""), *((measure, c) for c in YES_NO)] if self.subjects.measures else [("", "")]
        for area, cells in self._cells_by_area():
            for cell, members in cells.items():
                for m, category in keys:
                    one = members & (self.subjects.measures[m] == category) if m else members
                    self._add((area, cell, m, category), one, told=True)
                if len(keys) > 1:
                    self._tie((area, cell, "", ""), [(area, cell, m, c) for m, c in keys[1:]])
            for m, category in keys:
                self._tie((area, "", m, category), [(area, cell, m, category) for cell in cells])

    def _cells_by_area(self) -> Iterator[tuple[str, dict[str, NDArray[np.bool_]]]]:
        assert self.subjects.cell is not None
        area = self.subjects.area if self.areas else np.full(len(self.subjects.area), EVERYWHERE)
        frame = pd.DataFrame({"area": area, "cell": self.subjects.cell})
        for name in self.areas or (EVERYWHERE,):
            rows = frame.index[frame["area"] == name]
            cells = {}
            for cell, members in frame.loc[rows].groupby("cell", sort=True).groups.items():
                mask = np.zeros(len(frame), dtype=bool)
                mask[members] = True
                cells[str(cell)] = mask
            yield name, cells

    def _measures(self, area: str) -> list[tuple[str, tuple[str, ...]]]:
        taken = MEASURES[self.subjects.kind].items() if self.subjects.measures else ()
        return [(m, c) for m, c in taken if area == EVERYWHERE or m not in WHOLE_ONLY]

    def _add(self, key: Key, members: NDArray[np.bool_], told: bool) -> None:
        """Count members; those shown one by one are a known part of the number."""
        shown = int((members & self.subjects.shown).sum()) if told else 0
        total = int(members.sum())
        self.places[key] = self.ties.add(total, _rank(key))
        if shown and shown == total:
            self.ties.known.add(self.places[key])
        elif shown:
            rest, known = self.ties.add(total - shown, _rank(key)), self.ties.add(shown)
            self.ties.known.add(known)
            self.ties.tie(self.places[key], [rest, known])

    def _tie(self, total: Key, parts: list[Key]) -> None:
        self.ties.tie(self.places[total], [self.places[part] for part in parts])


def _rank(key: Key) -> int:
    """Say how much a reader would miss a number: the whole most, a cell's category least."""
    area, cell, measure, category = key
    whole, headline = area == EVERYWHERE and not cell, category in YES_NO
    return 8 * whole + 4 * (not measure) + 2 * (not cell) + headline
