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

    Booleans = NDArray[np.bool_]
    Texts = NDArray[np.object_]

EVERYWHERE: Final = ""
EVERYBODY: Final = "everybody"
SHOWN: Final = "shown"
EXPOSURES: Final = ("none", *STAGES, NOT_ASSESSED)
YES_NO: Final = ("yes", "no")

EXPOSED: Final = (*YES_NO, NOT_ASSESSED)

# Measures by kind of subject: each puts every subject in exactly one category.
MEASURES: Final[Mapping[str, Mapping[str, tuple[str, ...]]]] = {
    "businesses": {
        "class": CONFORMITY_CLASSES,
        "restricted": YES_NO,
        "stage": EXPOSURES,
        "exposed": EXPOSED,
        "contradictory": YES_NO,
    },
    "households": {
        "impact": IMPACTS,
        "affected": YES_NO,
        "stage": EXPOSURES,
        "exposed": EXPOSED,
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
        (("exposed", NOT_ASSESSED), (("stage", NOT_ASSESSED),)),
        (("class", NOT_ASSESSED), (("stage", NOT_ASSESSED),)),
    ),
    "households": (
        (("affected", "yes"), tuple(("impact", i) for i in ("direct", "livelihood", "both"))),
        (("exposed", "yes"), tuple(("stage", s) for s in STAGES)),
        (("exposed", NOT_ASSESSED), (("stage", NOT_ASSESSED),)),
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
    shown: Booleans
    shown_measures: tuple[str, ...] = ()
    cell: Texts | None = None


Key = tuple[str, str, str, str]  # area, cell, measure, category; ("", "", "", "") is the total


@dataclass(frozen=True, eq=False)
class Tally:
    """Counts by area, cell, measure and category; None where hidden.

    `smallest` is the smallest number of subjects that a shown count stands for without showing
    them one by one; None where there is none. `sums` are the totals and their parts, of the whole
    and its areas.
    """

    kind: str
    areas: tuple[str, ...]
    assessed: bool
    numbers: Mapping[Key, int | None]
    smallest: int | None
    sums: tuple[tuple[Key, tuple[Key, ...]], ...] = ()

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
        if measure not in WHOLE_ONLY:
            counts[hit] = self.count(hit, "yes", area=area)
        return {**counts, "total": self.count(area=area)}

    @property
    def complete(self) -> bool:
        """Whether no count of the whole is hidden."""
        return all(v is not None for (area, *_), v in self.numbers.items() if area == EVERYWHERE)


def tally(subjects: Counted, areas: Sequence[str], n: int) -> Tally:
    """Count subjects by area and measure, and hide counts below `n` with their complements.

    Cells are hidden area by area, in keeping with what the area itself shows: where an area's
    number is hidden, so is that of each of its cells.

    Parameters
    ----------
    areas : sequence of str
        The areas told apart; empty: only the whole, and its cells.
    """
    whole = _whole(subjects, tuple(areas))
    counted = whole.shown(n)
    for area, cells in _cells_by_area(subjects, tuple(areas)):
        counted |= _of_cells(subjects, area, cells, counted).shown(n)
    numbers = {key: told.number for key, told in counted.items()}
    shown = [told.rest for told in counted.values() if told.number is not None and told.rest]
    return Tally(
        subjects.kind,
        tuple(areas),
        bool(subjects.measures),
        numbers,
        min(shown, default=None),
        whole.sums(),
    )


@dataclass(frozen=True)
class _Told:
    """A count as it leaves, and the part of it that is not shown one by one."""

    number: int | None
    rest: int


@dataclass
class _Counter:
    """Counts of the subjects that are not shown one by one, with the sums that tie them.

    `apart` is the number of those that are, which a reader knows.
    """

    subjects: Counted
    ties: TiedCounts = field(default_factory=TiedCounts)
    places: dict[Key, int] = field(default_factory=dict)
    apart: dict[Key, int] = field(default_factory=dict)

    def add(self, key: Key, members: Booleans, *, told: bool = True) -> None:
        """Count members; `told` says whether those shown one by one tell this of themselves."""
        shown = int((members & self.subjects.shown).sum()) if told else 0
        self.apart[key] = shown
        self.places[key] = self.ties.add(int(members.sum()) - shown, _rank(key))

    def tie(self, total: Key, parts: list[Key]) -> None:
        """Say that the counts `parts` add up to the count `total`."""
        self.ties.tie(self.places[total], [self.places[part] for part in parts])

    def fix(self, key: Key, rest: int) -> None:
        """Take in a number that the reader has already."""
        self.places[key] = self.ties.add(rest)
        self.ties.known.add(self.places[key])

    def sums(self) -> tuple[tuple[Key, tuple[Key, ...]], ...]:
        """Return the sums by the keys of their numbers."""
        keys = {place: key for key, place in self.places.items()}
        return tuple((keys[t.total], tuple(keys[i] for i in t.parts)) for t in self.ties.sums)

    def shown(self, n: int) -> dict[Key, _Told]:
        """Return every count, hidden where it must be."""
        hidden = suppressed(self.ties, n)
        told = {}
        for key, apart in self.apart.items():
            place = self.places[key]
            rest = self.ties.values[place]
            told[key] = _Told(None if hidden[place] else rest + apart, rest)
        return told


def _whole(subjects: Counted, areas: tuple[str, ...]) -> _Counter:
    counter = _Counter(subjects)
    for area in (EVERYWHERE, *areas):
        members = subjects.area == area if area else np.ones(len(subjects.area), dtype=bool)
        _count_area(counter, area, members)
    if areas:
        for _area, _cell, measure, category in [k for k in counter.places if not k[0]]:
            if measure not in (*WHOLE_ONLY, EVERYBODY, SHOWN):
                parts = [(area, "", measure, category) for area in areas]
                counter.tie((EVERYWHERE, "", measure, category), parts)
    return counter


def _count_area(counter: _Counter, area: str, members: Booleans) -> None:
    subjects = counter.subjects
    total = everybody = (area, "", "", "")
    counter.add(total, members)
    if counter.apart[total]:
        everybody, shown = (area, "", EVERYBODY, ""), (area, "", SHOWN, "")
        counter.add(everybody, members, told=False)
        counter.fix(shown, counter.apart[total])
        counter.tie(everybody, [total, shown])
    for measure, categories in MEASURES[subjects.kind].items() if subjects.measures else ():
        if area == EVERYWHERE or measure not in WHOLE_ONLY:
            told = measure in subjects.shown_measures
            for category in categories:
                found = members & (subjects.measures[measure] == category)
                counter.add((area, "", measure, category), found, told=told)
            parts = [(area, "", measure, c) for c in categories]
            counter.tie(total if told else everybody, parts)
    for (measure, category), sums in IDENTITIES[subjects.kind] if subjects.measures else ():
        if (area, "", *sums[0]) in counter.places:
            counter.tie((area, "", measure, category), [(area, "", m, c) for m, c in sums])


def _cells_by_area(
    subjects: Counted, areas: tuple[str, ...]
) -> Iterator[tuple[str, dict[str, Booleans]]]:
    if subjects.cell is None:
        return
    for area in areas or (EVERYWHERE,):
        inside = subjects.area == area if area else np.ones(len(subjects.area), dtype=bool)
        names = sorted(set(subjects.cell[inside]))
        yield area, {str(name): inside & (subjects.cell == name) for name in names}


def _of_cells(
    subjects: Counted,
    area: str,
    cells: Mapping[str, Booleans],
    counted: Mapping[Key, _Told],
) -> _Counter:
    """Count one area's cells; of a number that the area hides, its cells say nothing."""
    counter = _Counter(subjects)
    hit = CELL_MEASURE[subjects.kind]
    categories = [("", ""), *((hit, c) for c in YES_NO if subjects.measures)]
    told = [x for x in categories if counted[(area, "", *x)].number is not None]
    if ("", "") not in told:
        return counter
    for measure, category in told:
        counter.fix((area, "", measure, category), counted[(area, "", measure, category)].rest)
        for cell, members in cells.items():
            found = members & (subjects.measures[measure] == category) if measure else members
            counter.add((area, cell, measure, category), found)
        parts = [(area, cell, measure, category) for cell in cells]
        counter.tie((area, "", measure, category), parts)
    if len(told) == len(categories) > 1:
        for cell in cells:
            counter.tie((area, cell, "", ""), [(area, cell, hit, c) for c in YES_NO])
    return counter


def _rank(key: Key) -> int:
    """Say how much a reader would miss a number: the whole most, what is not printed least."""
    area, cell, measure, category = key
    if category == "no":
        return 0
    whole, headline = area == EVERYWHERE and not cell, category == "yes"
    return 1 + 8 * whole + 4 * (measure in ("", EVERYBODY)) + 2 * (not cell) + headline
