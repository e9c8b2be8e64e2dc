"""What several exports of one project tell together that none of them tells alone.

Each hides its own small counts, and others so that those cannot be worked out. But one may show
what another hides for that reason, and of two made at different times the difference tells about
those who came or went. The ledger keeps the counts that each export showed, so both is noticed.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from gisapp.core.words import moment, ngettext, number
from gisapp.privacy.presets import PRESETS
from gisapp.privacy.suppression import derivable

if TYPE_CHECKING:
    from gisapp.core.project import ExportRecord
    from gisapp.privacy.tally import Key, Tally

Counts = Mapping[str, int | None]
_BETWEEN = "/"


@dataclass(frozen=True)
class Together:
    """What one earlier export and this one tell together.

    Parameters
    ----------
    file, at, recipient : str
        Of the earlier one, as the ledger has them.
    revealed : int
        Counts that both hide and that follow from what the two show.
    differing : int
        Counts that both show and that differ by fewer subjects than either would show.
    """

    file: str
    at: str
    recipient: str
    revealed: int
    differing: int

    @property
    def sentence(self) -> str:
        """What the two tell together, in the language in force."""
        if self.revealed:
            said = ngettext(
                "Together with {file} of {when} this tells {n} count that both hide.",
                "Together with {file} of {when} this tells {n} counts that both hide.",
                self.revealed,
            )
        else:
            said = ngettext(
                "{n} count differs from {file} of {when} by so few that the difference tells "
                "about single families.",
                "{n} counts differ from {file} of {when} by so few that the differences tell "
                "about single families.",
                self.differing,
            )
        n = self.revealed or self.differing
        return said.format(n=number(n), file=self.file, when=moment(self.at))


def counts_told(tallies: Iterable[Tally]) -> dict[str, int | None]:
    """Return the counts of the whole and of its areas as the ledger keeps them, None: hidden."""
    return {
        _name(tally.kind, key): number
        for tally in tallies
        for key, number in tally.numbers.items()
        if not key[1]  # cells are told inside one area each and hang on the preset
    }


def _name(kind: str, key: Key) -> str:
    area, _cell, measure, category = key
    return _BETWEEN.join((kind, area, measure, category))


def told_together(
    tallies: Iterable[Tally], n: int, records: Iterable[ExportRecord]
) -> tuple[Together, ...]:
    """Compare what is about to leave with every export of the ledger that kept its counts.

    Parameters
    ----------
    tallies : iterable of Tally
        What is about to leave, counts below `n` hidden.
    """
    every = tuple(tallies)
    now = counts_told(every)
    found = []
    for record in records:
        if not record.counts:
            continue
        least = max(n, PRESETS[record.preset].n) if record.preset in PRESETS else n
        differing = _differing(now, record.counts, least)
        revealed = 0 if differing else sum(_revealed(x, record.counts) for x in every)
        if differing or revealed:
            told = Together(record.file, record.at, record.recipient, revealed, differing)
            found.append(told)
    return tuple(found)


def _differing(now: Counts, before: Counts, least: int) -> int:
    pairs = ((now[name], before[name]) for name in now.keys() & before.keys())
    return sum(
        1 for one, other in pairs if one is not None and other is not None
        and 0 < abs(one - other) < least
    )  # fmt: skip


def _revealed(tally: Tally, before: Counts) -> int:
    """Count the numbers that stay hidden in both and yet follow from both."""
    keys = sorted({key for total, parts in tally.sums for key in (total, *parts)})
    place = {key: i for i, key in enumerate(keys)}
    matrix = np.zeros((len(tally.sums), len(keys)))
    for row, (total, parts) in zip(matrix, tally.sums, strict=True):
        row[[place[part] for part in parts]] = 1.0
        row[place[total]] = -1.0
    hidden = [
        key in tally.numbers
        and tally.numbers[key] is None
        and before.get(_name(tally.kind, key)) is None
        for key in keys
    ]
    return int(derivable(matrix, np.array(hidden, dtype=bool)).size)
