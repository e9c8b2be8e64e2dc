"""Institution by institution: who promotes what whom represses, and whom it hits."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

import numpy as np
import pandas as pd
import shapely

from gisapp.analysis.crossings import (
    MANNERS,
    Crossings,
    Meetings,
    crossings,
    manner,
    polygons_of,
)

if TYPE_CHECKING:
    from gisapp.analysis.columns import Geometries, Ints
    from gisapp.analysis.study import Study

# The headline names the pairs of policies that most families stand between.
TOP_PAIRS = 5
By = Literal["institution", "institution_kind"]


@dataclass(frozen=True)
class Hit:
    """How many subjects, each once; `livelihood` are families hit only through a business."""

    families: int
    livelihood: int
    businesses: int

    def as_json(self) -> dict[str, int]:
        """Return the keys of ``gisapp contradictions --json``."""
        return {
            "families": self.families,
            "families_through_livelihood": self.livelihood,
            "businesses": self.businesses,
        }


@dataclass(frozen=True, eq=False)
class Cell:
    """One promoting against one repressing institution; ``""`` is "not stated".

    Parameters
    ----------
    plus, minus : str
    hit : Hit
        A family may be in several cells.
    pairs : dict
        Pairs of policies by manner, with ``total``.
    area_m2 : float
        Ground on which they meet, counted once; 0 where one side has no area.
    rows : ndarray of int
        Rows of `Matrix.pairs`.
    """

    plus: str
    minus: str
    hit: Hit
    pairs: dict[str, int]
    area_m2: float
    rows: Ints


@dataclass(frozen=True, eq=False)
class Matrix:
    """The cells that have anybody in them, sorted by promoting, then repressing institution.

    Parameters
    ----------
    by : {"institution", "institution_kind"}
    crossings : Crossings
    pairs : DataFrame
        ``plus``, ``minus`` (rows of the policies), ``manner``, ``cell`` and whom it hits
        (``families``, ``livelihood``, ``businesses``): each pair of policies once.
    cells : tuple of Cell
    total, within, between, not_stated : Hit
        Of all contradictory subjects; of those between policies of one institution, of two, and
        where one is not known. A subject may be in all three.
    manners : dict
        ``direct``, ``instrumental`` and ``not_classified`` to whom they hit.
    """

    by: By
    crossings: Crossings
    pairs: pd.DataFrame
    cells: tuple[Cell, ...]
    total: Hit
    within: Hit
    between: Hit
    not_stated: Hit
    manners: dict[str, Hit]


def matrix(studied: Study, by: By = "institution") -> Matrix:
    """Count whom the policies of each two institutions stand against each other for."""
    found = crossings(studied)
    meeting = _Meeting(found)
    stated = found.policies[by].to_numpy(dtype=object)
    plus, minus = stated[meeting.plus], stated[meeting.minus]
    cell, keys = pd.factorize(pd.MultiIndex.from_arrays([plus, minus]), sort=True)
    pairs = meeting.pairs().assign(cell=cell)
    relation = np.select([(plus == "") | (minus == ""), plus == minus], [2, 0], 1)
    within, between, not_stated = meeting.hits(relation, 3)
    in_manner = pd.Index(MANNERS).get_indexer(pd.Index(pairs["manner"]))
    return Matrix(
        by=by,
        crossings=found,
        pairs=pairs,
        cells=_cells(studied, meeting, pairs, list(keys)),
        total=meeting.total(),
        within=within,
        between=between,
        not_stated=not_stated,
        manners=dict(zip(MANNERS, meeting.hits(in_manner, len(MANNERS)), strict=True)),
    )


def headline(studied: Study) -> dict[str, Any]:
    """Return whom promoting and repressing policies meet at, and between which policies.

    The pairs that most families stand between come first; equal ones in the order of their texts.
    """
    found = crossings(studied)
    meeting = _Meeting(found)
    pairs = meeting.pairs()
    reached = pairs["families"] + pairs["livelihood"]
    order = np.lexsort((np.arange(len(pairs)), -pairs["businesses"], -reached))[:TOP_PAIRS]
    told = [told_pair(found.policies, pairs.iloc[row]) for row in order]
    return {**meeting.total().as_json(), "pairs": told}


def told_pair(policies: pd.DataFrame, pair: pd.Series) -> dict[str, Any]:
    """Tell of a pair of policies what is known of both, and whom it hits."""
    hit = Hit(int(pair["families"]), int(pair["livelihood"]), int(pair["businesses"]))
    sides = {side: _told_policy(policies, int(pair[side])) for side in ("plus", "minus")}
    return {**sides, "manner": pair["manner"], **hit.as_json()}


def _told_policy(policies: pd.DataFrame, policy: int) -> dict[str, str]:
    return {str(name): text for name, text in policies.iloc[policy].items() if text}


def _cells(
    studied: Study, meeting: _Meeting, pairs: pd.DataFrame, keys: list[tuple[str, str]]
) -> tuple[Cell, ...]:
    cell = pairs["cell"].to_numpy(np.int64)
    hits = meeting.hits(cell, len(keys))
    areas = meeting.areas_m2(studied, cell, len(keys))
    cells = []
    for place, ((plus, minus), hit, area_m2) in enumerate(zip(keys, hits, areas, strict=True)):
        rows = np.flatnonzero(cell == place)
        words = pairs["manner"].to_numpy(dtype=object)[rows]
        counted = {word: int((words == word).sum()) for word in MANNERS}
        cells.append(Cell(plus, minus, hit, {**counted, "total": len(rows)}, area_m2, rows))
    return tuple(cells)


class _Meeting:
    """Meetings by pair of policies (`plus`, `minus`, shape (p,)), counted by any grouping."""

    def __init__(self, found: Crossings) -> None:
        self._found, size = found, max(len(found.policies), 1)
        kinds = (found.businesses, found.families)
        keys = [found.policy_of(m.plus) * size + found.policy_of(m.minus) for m in kinds]
        distinct, pair = np.unique(np.concatenate(keys), return_inverse=True)
        self.plus, self.minus = np.divmod(distinct, size)
        self._pair = np.split(pair, [len(keys[0])])

    def total(self) -> Hit:
        """Count everybody whom any pair hits."""
        return self.hits(np.zeros(len(self.plus), dtype=np.int64), 1)[0]

    def pairs(self) -> pd.DataFrame:
        """Return the pairs as `Matrix.pairs` has them, without ``cell``."""
        how = manner(self._found.policies, self.plus, self.minus)
        alone = self.hits(np.arange(len(self.plus)), len(self.plus))
        counted = {
            name: np.array([getattr(hit, name) for hit in alone], dtype=np.int64)
            for name in ("families", "livelihood", "businesses")
        }
        return pd.DataFrame({"plus": self.plus, "minus": self.minus, "manner": how, **counted})

    def hits(self, group: Ints, n: int) -> list[Hit]:
        """Count whom the pairs of each group hit.

        Parameters
        ----------
        group : ndarray of int, shape (p,)
            The group, 0…n−1, of each pair.
        n : int
        """
        businesses = _marked(self._found.businesses, group[self._pair[0]])
        families = _marked(self._found.families, group[self._pair[1]])
        family, business = self._found.operates
        links = pd.DataFrame({"family": family, "subject": business})
        passed = businesses.merge(links, on="subject")[["group", "family"]]
        passed = passed.drop_duplicates().set_axis(["group", "subject"], axis=1)
        either = pd.concat([families, passed]).drop_duplicates()
        n_families, n_either, n_businesses = (
            np.bincount(marked["group"], minlength=n) for marked in (families, either, businesses)
        )
        return [
            Hit(int(own), int(all_ - own), int(stalls))
            for own, all_, stalls in zip(n_families, n_either, n_businesses, strict=True)
        ]

    def areas_m2(self, studied: Study, group: Ints, n: int) -> list[float]:
        """Measure the ground on which the pairs of each group meet, counted once."""
        polygons = polygons_of(studied, self._found.uses["ground"].to_numpy(np.int64))
        kinds = (self._found.businesses, self._found.families)
        parts = [
            pd.DataFrame({"group": group[pair], "plus": m.plus, "minus": m.minus})
            for m, pair in zip(kinds, self._pair, strict=True)
        ]
        met = pd.concat(parts).drop_duplicates().sort_values(["group", "plus", "minus"])
        # A support has no polygon, so that nothing is common with it.
        common = shapely.intersection(polygons[met["plus"]], polygons[met["minus"]])
        of_group = met["group"].to_numpy(np.int64)
        return [_area_m2(common[of_group == g]) for g in range(n)]


def _marked(meetings: Meetings, group: Ints) -> pd.DataFrame:
    frame = pd.DataFrame({"group": group, "subject": meetings.subject})
    return frame.drop_duplicates()


def _area_m2(shapes: Geometries) -> float:
    """Measure shapes, counting no ground twice; what is shared along a line has no area."""
    parts = shapely.get_parts(shapes[~shapely.is_missing(shapes)])
    solid = parts[shapely.get_dimensions(parts) == 2]
    return float(shapely.area(shapely.disjoint_subset_union_all(solid)))


@dataclass(frozen=True, eq=False)
class Who:
    """Rows of subjects; `livelihood` are families that are not in `families` themselves."""

    businesses: Ints
    families: Ints
    livelihood: Ints


def who_stands_between(found: Matrix, rows: Ints) -> Who:
    """Return the subjects that some pairs of policies hit.

    Parameters
    ----------
    found : Matrix
    rows : ndarray of int
        Rows of `Matrix.pairs`.
    """
    crossed, pairs = found.crossings, found.pairs.iloc[rows]
    size = len(crossed.policies)
    wanted = pairs["plus"].to_numpy(np.int64) * size + pairs["minus"].to_numpy(np.int64)
    hit = [
        np.unique(
            m.subject[
                np.isin(crossed.policy_of(m.plus) * size + crossed.policy_of(m.minus), wanted)
            ]
        )
        for m in (crossed.businesses, crossed.families)
    ]
    family, business = crossed.operates
    passed = np.unique(family[np.isin(business, hit[0])])
    return Who(hit[0], hit[1], np.setdiff1d(passed, hit[1]))
