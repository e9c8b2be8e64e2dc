"""What a finding would be instead, at the nearest place where it changes."""

from __future__ import annotations

from dataclasses import dataclass
from statistics import NormalDist
from typing import TYPE_CHECKING

import numpy as np
import shapely

from gisapp.analysis.subjects import Pairs
from gisapp.analysis.uncertainty import SLIT_M

if TYPE_CHECKING:
    from collections.abc import Callable

    from gisapp.analysis.columns import Bools, Floats, Geometries, Ints
    from gisapp.analysis.subjects import Subjects
    from gisapp.analysis.uncertainty import Certainty

# Two distances are one boundary's where they differ by no more than this.
_SAME_M = 2 * SLIT_M


@dataclass(frozen=True, eq=False)
class _Near:
    """Uncertain subjects and the polygons that reach the place where their finding changes."""

    pairs: Pairs
    distance_m: Floats
    rank: Ints

    def where(self, keep: Bools) -> _Near:
        return _Near(self.pairs.where(keep), self.distance_m[keep], self.rank[keep])


def other_side(
    subjects: Subjects,
    polygons: Geometries,
    rank: Ints,
    rank_in: Callable[[Pairs], Ints],
    sure: Certainty,
    uncovered: int,
) -> Ints:
    """Return the rank beyond the boundary that makes each subject uncertain.

    That boundary is the nearest at which the rank changes: a polygon of a higher rank, else the
    end of the subject's own. Where several polygons begin there, the highest of their ranks; where
    none does, `uncovered`. A certain subject keeps its rank.

    Parameters
    ----------
    subjects : Subjects
    polygons : ndarray of geometries, shape (m,)
    rank : ndarray of int, shape (n,)
        The finding, as `uncertainty.certainty` was asked about it.
    rank_in : callable
        The rank that each pair's polygon gives its subject.
    sure : Certainty
        The answer to that.
    uncovered : int
        The rank of a located subject outside all polygons.
    """
    margin_m = _margins(sure)
    near = _near(subjects, polygons, margin_m, rank_in)
    subject = near.pairs.subject
    beyond = np.full(len(subjects), uncovered)
    touching = near.where((near.rank != rank[subject]) & ~_overlaps(near, margin_m))
    np.maximum.at(beyond, touching.pairs.subject, touching.rank)
    overlapped = np.zeros(len(subjects), dtype=bool)
    overlapped[subject[(near.rank < rank[subject]) & _overlaps(near, margin_m)]] = True
    overlapped &= beyond < rank
    _ask_at_the_exit(subjects.points, polygons, near, rank, overlapped, beyond)
    return np.where(np.isnan(margin_m), rank, beyond)


def _margins(sure: Certainty) -> Floats:
    """Return the distance to the boundary that P = Φ(d/σ) was made of; NaN where P is 1."""
    margin_m = np.full(len(sure.probability), np.nan)
    is_open = np.flatnonzero(sure.probability < 1)
    quantile = NormalDist().inv_cdf
    margin_m[is_open] = [quantile(p) for p in sure.probability[is_open].tolist()]
    return margin_m * sure.sigma_m


def _near(
    subjects: Subjects, polygons: Geometries, margin_m: Floats, rank_in: Callable[[Pairs], Ints]
) -> _Near:
    asked = np.flatnonzero(np.isfinite(margin_m))
    points, reach_m = subjects.points[asked], margin_m[asked] + _SAME_M
    entry, area = shapely.STRtree(polygons).query(points, predicate="dwithin", distance=reach_m)
    pairs = Pairs.sorted(asked[entry], area)
    distance_m = shapely.distance(subjects.points[pairs.subject], polygons[pairs.area])
    return _Near(pairs, distance_m, rank_in(pairs))


def _overlaps(near: _Near, margin_m: Floats) -> Bools:
    """Mark the polygons that begin on this side of the boundary."""
    overlaps: Bools = near.distance_m < margin_m[near.pairs.subject] - _SAME_M
    return overlaps


def _ask_at_the_exit(
    points: Geometries, polygons: Geometries, near: _Near, rank: Ints, asked: Bools, beyond: Ints
) -> None:
    """Ask which polygons that lie under a subject's own go on where its own end.

    Changes `beyond`, shape (n,), of the subjects that `asked`, shape (n,), marks.
    """
    subject, own_rank = near.pairs.subject, rank[near.pairs.subject]
    own = near.pairs.where(asked[subject] & (near.rank == own_rank))
    place = np.full(len(points), None, dtype=object)
    found, unions = _unions(own, polygons)
    place[found] = _just_beyond(points[found], unions)
    lower = near.where(asked[subject] & (near.rank < own_rank))
    goes_on = shapely.intersects(polygons[lower.pairs.area], place[lower.pairs.subject])
    np.maximum.at(beyond, lower.pairs.subject[goes_on], lower.rank[goes_on])


def _unions(pairs: Pairs, polygons: Geometries) -> tuple[Ints, Geometries]:
    """Unite the polygons of each paired subject; return the subjects and their unions."""
    found, first, count = np.unique(pairs.subject, return_index=True, return_counts=True)
    unions = polygons[pairs.area[first]]
    several = np.flatnonzero(count > 1)
    pieces = np.full((len(several), int(count.max(initial=0))), None, dtype=object)
    for column in range(pieces.shape[1]):
        there = count[several] > column
        pieces[there, column] = polygons[pairs.area[first[several[there]] + column]]
    unions[several] = shapely.union_all(pieces, axis=1, grid_size=SLIT_M)
    return found, unions


def _just_beyond(points: Geometries, own: Geometries) -> Geometries:
    """Return the places two centimetres past the nearest end of `own`, as seen from `points`."""
    lines = shapely.shortest_line(points, shapely.boundary(own))
    ends = shapely.get_coordinates(lines).reshape(-1, 2, 2)
    length_m = np.maximum(shapely.length(lines), SLIT_M)
    further = (ends[:, 1] - ends[:, 0]) * (_SAME_M / length_m)[:, None]
    beyond: Geometries = shapely.points(ends[:, 1] + further)
    return beyond
