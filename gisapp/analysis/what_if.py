"""What if this were cleared too: who lies inside a polygon that somebody drags, at once.

An index is built once for a study; after that a polygon of any shape is answered while it moves.
The answer is that of an assessment with the polygon added to the eviction areas in force: a border
covers, a family counts once however many of its places lie inside, a missing number is counted
apart and is never zero.
"""

from __future__ import annotations

import threading
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np
import shapely

from gisapp.analysis.what_if_index import Index, index_of
from gisapp.core.compiled import Compiled
from gisapp.core.errors import GisappError
from gisapp.core.progress import SILENT, Progress
from gisapp.core.words import _

if TYPE_CHECKING:
    from gisapp.analysis.columns import Bools, Floats, Ints
    from gisapp.analysis.study import Study

KERNELS = Compiled("gisapp.analysis.kernels_what_if")
OUTSIDE, NO_LOCATION = "outside", "no_location"
_ALL, _NEW = 0, 1


@dataclass(frozen=True, eq=False)
class Tally:
    """Who is hit in each admin area: arrays of shape (areas + 2,).

    The last two places are ``outside`` (of every area) and ``no_location`` (families whose home
    has none, hit through a business). A business counts where it stands, a family where it lives.

    Parameters
    ----------
    businesses, families : ndarray of int
    workers : ndarray of float
        Where they are known; `workers_unknown` counts the businesses where they are not.
    income_idr_month : ndarray of float
        Families' income from the businesses hit, Rp a month, by the place of the business.
    income_unknown : ndarray of int
        Families with a business hit whose income, or their share in it, is not known.
    """

    businesses: Ints
    families: Ints
    workers: Floats
    workers_unknown: Ints
    income_idr_month: Floats
    income_unknown: Ints


@dataclass(frozen=True, eq=False)
class Affected:
    """What a polygon covers.

    Parameters
    ----------
    codes : tuple of str
        The admin areas, then ``outside`` and ``no_location``.
    inside : Tally
        All that lies inside.
    newly : Tally
        What no eviction area in force hits already; added to what is hit already, it is what an
        assessment with this polygon as an eviction area finds.
    """

    codes: tuple[str, ...]
    inside: Tally
    newly: Tally


class WhatIf:
    """Answers for one study; made by `WhatIf.of`. Safe to ask from several threads.

    Parameters
    ----------
    codes : tuple of str
        As in `Affected`.
    index : Index
    """

    def __init__(self, codes: tuple[str, ...], index: Index) -> None:
        self.codes = codes
        self.index = index
        self._kernels = KERNELS.load()
        self._lock = threading.Lock()
        self._epoch = 0
        n = len(index.x)
        self._families = index.families.copy()
        self._found, self._open = np.empty(n, np.int64), np.empty(n, np.int64)

    @classmethod
    def of(cls, study: Study, progress: Progress = SILENT) -> WhatIf:
        """Build the index of a study.

        Parameters
        ----------
        study : Study
        progress : Progress
            Told of each step; may raise `Cancelled`.
        """
        made = cls((*study.case.admin.codes, OUTSIDE, NO_LOCATION), index_of(study, progress))
        made.affected(made.index.corner)  # the first call compiles, or loads what is compiled
        progress.step(1, 1, _("Ready"))
        return made

    def affected(self, polygon: shapely.Polygon | shapely.MultiPolygon) -> Affected:
        """Say who lies inside `polygon`, in the project's CRS; its border covers.

        Raises
        ------
        GisappError
            Where the polygon's border crosses itself.
        """
        if not polygon.is_valid:
            raise GisappError(
                _("The border of the area crosses itself."),
                _("Move its corners so that its sides no longer cross."),
            )
        sums = np.zeros((len(self.codes), 2, 6), dtype=np.int64)
        if len(self.index.x) and not polygon.is_empty:
            if self._kernels is None:
                self._sum_by_tree(polygon, sums)
            else:
                self._sum(self._kernels, polygon, sums)
        return Affected(self.codes, self._tally(sums, _ALL), self._tally(sums, _NEW))

    def _tally(self, sums: Ints, which: int) -> Tally:
        one = sums[:, which]
        return Tally(
            businesses=one[:, 0],
            families=one[:, 3],
            workers=one[:, 1] / self.index.workers_unit,
            workers_unknown=one[:, 2],
            income_idr_month=one[:, 4] / self.index.income_unit,
            income_unknown=one[:, 5],
        )

    def _sum(self, kernels: Any, polygon: shapely.Geometry, sums: Ints) -> None:
        """Add what lies inside to `sums`; GEOS is asked about points on or next to the border."""
        ix, grid = self.index, self.index.grid
        with self._lock:
            self._epoch += 1
            families = (ix.entries, ix.entry_starts, self._families, self._epoch)
            n_open = kernels.affected(
                _edges_of(polygon), ix.windows, ix.window_columns, *grid, ix.x, ix.y, ix.starts,
                ix.prefix, ix.column_of, ix.values, ix.fresh, *families, sums,
                self._found, self._open,
            )  # fmt: skip
            places = self._open[:n_open]
            inside = places[shapely.intersects_xy(polygon, ix.x[places], ix.y[places])]
            kernels.add_points(
                inside, len(inside), ix.column_of, ix.values, ix.fresh, *families, sums
            )

    @cached_property
    def _tree(self) -> shapely.STRtree:
        return shapely.STRtree(shapely.points(self.index.x, self.index.y))

    def _sum_by_tree(self, polygon: shapely.Geometry, sums: Ints) -> None:
        """Answer as `_sum` does where there is no numba, at the pace of GEOS's tree."""
        ix = self.index
        places = self._tree.query(polygon, predicate="intersects")
        for which, chosen in ((_ALL, places), (_NEW, places[ix.fresh[places]])):
            np.add.at(sums[:, which, :5], ix.column_of[chosen], ix.values[chosen])
        starts, ends = ix.entry_starts[places], ix.entry_starts[places + 1]
        rows = [np.arange(a, b) for a, b in zip(starts.tolist(), ends.tolist(), strict=True)]
        entries = ix.entries[np.concatenate([np.empty(0, np.int64), *rows]).astype(np.int64)]
        unknown = entries[entries & 1 == 1]
        for found, column, known_bit in ((entries, 3, 1), (unknown, 5, 2)):
            family = ix.families[np.unique(found >> 1)]
            fresh: Bools = family & known_bit == 0
            np.add.at(sums[:, _ALL, column], family >> 4, 1)
            np.add.at(sums[:, _NEW, column], family[fresh] >> 4, 1)


def _edges_of(polygon: shapely.Geometry) -> Floats:
    """Return the edges of all rings, float64 (e, 4): x1, y1, x2, y2."""
    rings = shapely.get_rings(shapely.get_parts(polygon))
    xy, ring = shapely.get_coordinates(rings, return_index=True)
    same = ring[1:] == ring[:-1]
    return np.hstack([xy[:-1][same], xy[1:][same]])
