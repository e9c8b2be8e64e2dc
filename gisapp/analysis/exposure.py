"""Exposure of businesses and households to evictions in force."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from gisapp.analysis.subjects import Pairs, Subjects, highest, joined
from gisapp.core.policy import STAGES

if TYPE_CHECKING:
    from gisapp.analysis.areas import Areas
    from gisapp.analysis.columns import Bools, Ints, Texts

# An area in force exposes also where nobody recorded how far it has gone.
UNKNOWN_STAGE = "unknown"
STAGE_ORDER = ("", UNKNOWN_STAGE, *STAGES)


@dataclass(frozen=True, eq=False)
class Exposure:
    """The eviction areas that hit each subject.

    Parameters
    ----------
    rank : ndarray of int, shape (n,)
        Place of the highest stage in `STAGE_ORDER`; 0 where not exposed.
    pairs : Pairs
    ids : ndarray of str, shape (m,)
        The areas'.
    """

    rank: Ints
    pairs: Pairs
    ids: Texts

    @cached_property
    def areas(self) -> Texts:
        """Ids of every area that exposes it, sorted and joined by ``;``, shape (n,)."""
        return joined(self.pairs.subject, self.ids[self.pairs.area], len(self.rank))

    @property
    def exposed(self) -> Bools:
        """Which subjects are exposed, shape (n,)."""
        return self.rank > 0

    @property
    def stage(self) -> Texts:
        """The highest stage, shape (n,), ``""`` where not exposed."""
        return np.array(STAGE_ORDER, dtype=object)[self.rank]


def stage_ranks(evictions: Areas) -> Ints:
    """Return each area's place in `STAGE_ORDER`, shape (m,)."""
    place = {stage: rank for rank, stage in enumerate(STAGE_ORDER) if rank}
    unknown = place[UNKNOWN_STAGE]
    return np.array([place.get(s, unknown) for s in evictions.frame["stage"]], dtype=np.int64)


def exposure(subjects: Subjects, evictions: Areas) -> Exposure:
    """Find the eviction areas (those in force, none cancelled) that each subject intersects.

    A pure function: any parts of the subjects, asked apart, are the whole's answer in parts.
    """
    n = len(subjects)
    pairs = subjects.covered_by(evictions.polygons)
    return Exposure(
        rank=highest(pairs.subject, stage_ranks(evictions)[pairs.area], n),
        pairs=pairs,
        ids=evictions.frame["id"].to_numpy(dtype=object),
    )
