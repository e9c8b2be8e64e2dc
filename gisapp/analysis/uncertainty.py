"""How sure a finding is, given how precisely its subject was located.

With σ = ``gps_precision_m`` / 1.515 and d the signed distance to the nearest boundary at which the
finding changes, P = Φ(d/σ); a finding is uncertain where 0.05 < P < 0.95.
"""

from __future__ import annotations

import math
import os
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import shapely

from gisapp.analysis.areas import POLYGONS
from gisapp.analysis.columns import Bools, Floats, Geometries, Ints, numbers
from gisapp.analysis.margins import KERNELS, MANY_SUBJECTS, borders_in_reach, depths_in_union
from gisapp.analysis.subjects import Pairs, Subjects
from gisapp.core.policy import PRECISION_TO_SIGMA, UNKNOWN_SIGMA_M

if TYPE_CHECKING:
    from collections.abc import Callable

# Beyond 3 σ P exceeds 0.998 and is given as 1.
REACH_SIGMAS = 3.0
CERTAIN_P = 0.95
# Neighbouring polygons meet within this; a narrower slit is an artefact of drawing or reprojection.
SLIT_M = 0.01
_BATCH = 1024


@dataclass(frozen=True, eq=False)
class Certainty:
    """Arrays of shape (n,): the probability that the finding is right, and what it stands on.

    `probability` is NaN for a subject without a location. `sigma_m` is 10 m where the precision
    is unknown (missing, or the 0 that devices write for it) and `sigma_known` is False there.
    """

    probability: Floats
    sigma_m: Floats
    sigma_known: Bools

    @property
    def uncertain(self) -> Bools:
        """Which findings are uncertain; P is never under 0.5, as each finding is the likeliest."""
        below: Bools = self.probability < CERTAIN_P
        return below


@dataclass(frozen=True, eq=False)
class Near:
    """Subjects and polygons near them: distance to the border, and whether it covers them."""

    pairs: Pairs
    border_m: Floats
    inside: Bools

    def where(self, keep: Bools) -> Near:
        """Return the pairs that `keep`, shape (k,), marks."""
        return Near(self.pairs.where(keep), self.border_m[keep], self.inside[keep])


def certainty(
    subjects: Subjects,
    polygons: Geometries,
    covers: Pairs,
    rank: Ints,
    rank_in: Callable[[Pairs], Ints],
) -> Certainty:
    """Say how sure each subject's `rank` is.

    Parameters
    ----------
    subjects : Subjects
    polygons : ndarray of geometries, shape (m,)
    covers : Pairs
        Which polygon covers which subject.
    rank : ndarray of int, shape (n,)
        The finding: the highest rank of the covering polygons, or a lower one outside them all.
    rank_in : callable
        The rank that each pair's polygon gives its subject.
    """
    sigma_m, known = sigmas(subjects)
    margin_m = _margin_m(subjects, sigma_m * REACH_SIGMAS, polygons, covers, rank, rank_in)
    probability = np.where(subjects.located, 1.0, np.nan)
    near = np.isfinite(margin_m)
    probability[near] = _phi(margin_m[near] / sigma_m[near])
    return Certainty(probability, sigma_m, known)


def sigmas(subjects: Subjects) -> tuple[Floats, Bools]:
    """Return each subject's σ, shape (n,), metres, and whether its precision is known."""
    precision_m = numbers(subjects.frame, "gps_precision_m")
    known = precision_m > 0
    return np.where(known, precision_m / PRECISION_TO_SIGMA, UNKNOWN_SIGMA_M), known


def _phi(z: Floats) -> Floats:
    """Return the standard normal distribution function of `z`."""
    return np.array([0.5 * (1 + math.erf(x / math.sqrt(2))) for x in z.tolist()])


def _margin_m(
    subjects: Subjects,
    reach_m: Floats,
    polygons: Geometries,
    covers: Pairs,
    rank: Ints,
    rank_in: Callable[[Pairs], Ints],
) -> Floats:
    """Return each subject's distance to where its rank changes; infinite beyond its reach.

    The region of a rank is the union of its polygons less those of a higher rank. So the rank
    changes at the nearest polygon of a higher rank, or where the union of all polygons of at
    least this rank ends; outside every polygon only the first can happen.
    """
    kernels = KERNELS.load() if subjects.whole_size >= MANY_SUBJECTS else None
    near = (
        _borders_in_reach(subjects, reach_m, polygons, covers)
        if kernels is None
        else _borders_by_kernels(kernels, subjects, reach_m, polygons, covers)
    )
    pair_rank, own_rank = rank_in(near.pairs), rank[near.pairs.subject]
    to_higher_m = reach_m.copy()
    higher = near.where(pair_rank > own_rank)
    np.minimum.at(to_higher_m, higher.pairs.subject, higher.border_m)
    holding = near.where(pair_rank >= own_rank)
    covered = np.bincount(covers.subject, minlength=len(subjects)) > 0
    depth_m = _depth_m(kernels, subjects.points, polygons, holding, covered, to_higher_m)
    margin_m = np.minimum(to_higher_m, depth_m)
    return np.where(margin_m < reach_m, margin_m, np.inf)


def _depth_m(
    kernels: Any,
    points: Geometries,
    polygons: Geometries,
    holding: Near,
    covered: Bools,
    limit_m: Floats,
) -> Floats:
    """Return how deep each subject lies in the union of the polygons that hold it or its like.

    Exact up to `limit_m`, beyond it any larger number; infinite for a subject not `covered`.
    The union itself is made only where cheaper answers fail: a single polygon that holds a disc
    of the limit's size, a lone polygon, a nearest border that no other polygon reaches.
    """
    subject = holding.pairs.subject
    depth_m = np.where(covered, 0.0, np.inf)
    inside = holding.where(holding.inside)
    np.maximum.at(depth_m, inside.pairs.subject, inside.border_m)
    several = np.bincount(subject, minlength=len(depth_m)) > 1
    open_question = several & (depth_m < limit_m)
    asked = holding.where(open_question[subject])
    if kernels is not None:
        found = np.flatnonzero(open_question)
        depth_m[found] = _depth_by_kernels(kernels, points, polygons, asked, limit_m)
        return depth_m
    _settle_by_nearest_border(points, polygons, asked, depth_m, open_question)
    asked = asked.where(open_question[asked.pairs.subject])
    depth_m[open_question] = _depth_in_union_m(points, polygons, asked.pairs, limit_m)
    return depth_m


def _settle_by_nearest_border(
    points: Geometries,
    polygons: Geometries,
    asked: Near,
    depth_m: Floats,
    open_question: Bools,
) -> None:
    """Settle subjects whose nearest border point no other polygon reaches: the union ends there.

    Changes `depth_m` and `open_question`, shape (n,), for those.
    """
    subject, area = asked.pairs.subject, asked.pairs.area
    order = np.lexsort((asked.border_m, subject))
    found, first = np.unique(subject[order], return_index=True)
    nearest = order[first]
    borders = shapely.boundary(polygons[area[nearest]])
    line = shapely.shortest_line(borders, points[found])
    touch = np.full(len(depth_m), None, dtype=object)
    touch[found] = shapely.get_point(line, 0)
    other = np.ones(len(subject), dtype=bool)
    other[nearest] = False
    reached = shapely.dwithin(touch[subject], polygons[area], SLIT_M) & other
    clear = np.zeros(len(depth_m), dtype=bool)
    clear[found] = True
    clear[subject[reached]] = False
    depth_m[clear] = asked.border_m[nearest][clear[found]]
    open_question &= ~clear


def _borders_in_reach(
    subjects: Subjects, reach_m: Floats, polygons: Geometries, covers: Pairs
) -> Near:
    """Pair subjects with the polygons that cover them or lie in reach.

    Subjects are asked in bands of reach (each twice as wide as the last), because a polygon,
    prepared once, answers for a whole band.
    """
    band = np.ceil(np.log2(reach_m)).astype(np.int64)
    subject, area = [covers.subject], [covers.area]
    for exponent in np.unique(band[subjects.located]):
        members = np.flatnonzero(subjects.located & (band == exponent))
        tree = shapely.STRtree(subjects.points[members])
        found_area, entry = tree.query(polygons, predicate="dwithin", distance=2.0**exponent)
        subject.append(members[entry])
        area.append(found_area)
    m = max(len(polygons), 1)
    both = np.unique(np.concatenate(subject) * m + np.concatenate(area))
    pairs = Pairs(both // m, both % m)
    borders = shapely.boundary(polygons)
    border_m = shapely.distance(subjects.points[pairs.subject], borders[pairs.area])
    inside = np.isin(both, covers.subject * m + covers.area)
    near = Near(pairs, border_m, inside)
    return near.where(inside | (border_m <= reach_m[pairs.subject]))


def _borders_by_kernels(
    kernels: Any, subjects: Subjects, reach_m: Floats, polygons: Geometries, covers: Pairs
) -> Near:
    """Pair as `_borders_in_reach` does; a border out of reach is infinitely far."""
    rows = np.flatnonzero(subjects.located)
    points = subjects.points[rows]
    entry, area, border_m = borders_in_reach(
        kernels, shapely.get_x(points), shapely.get_y(points), reach_m[rows], polygons
    )
    m = max(len(polygons), 1)
    near, covering = rows[entry] * m + area, covers.subject * m + covers.area
    order = np.argsort(near)
    near, border_m = near[order], border_m[order]
    beyond = covering[~_in_sorted(covering, near)]
    at = np.searchsorted(near, beyond)
    pair = np.insert(near, at, beyond)
    inside = _in_sorted(pair, covering)
    return Near(Pairs(pair // m, pair % m), np.insert(border_m, at, np.inf), inside)


def _in_sorted(values: Ints, among: Ints) -> Bools:
    """Say which values are among some that are in order."""
    at = np.searchsorted(among, values)
    found: Bools = np.append(among, -1)[at] == values
    return found


def _depth_by_kernels(
    kernels: Any,
    points: Geometries,
    polygons: Geometries,
    asked: Near,
    limit_m: Floats,
) -> Floats:
    """Return how deep each paired subject lies in the union of its polygons, up to its limit."""
    found, place = np.unique(asked.pairs.subject, return_inverse=True)
    xy = shapely.get_x(points[found]), shapely.get_y(points[found])
    pairs = place, asked.pairs.area, asked.border_m, asked.inside
    return depths_in_union(kernels, xy, limit_m[found], pairs, polygons)


def _depth_in_union_m(
    points: Geometries, polygons: Geometries, pairs: Pairs, limit_m: Floats
) -> Floats:
    """Return how deep each paired subject lies in the union of its polygons, up to its limit.

    Only a square of the limit's size around each subject is united.
    """
    subjects, first, count = np.unique(pairs.subject, return_index=True, return_counts=True)

    def depth_of(start: int) -> Floats:
        part = slice(start, start + _BATCH)
        rows = slice(first[part][0], first[part][-1] + count[part][-1])
        place = np.repeat(np.arange(len(first[part])), count[part])
        column = np.arange(len(place)) - np.repeat(first[part] - first[part][0], count[part])
        chosen = subjects[part]
        return _depth_in_squares_m(
            points[chosen], limit_m[chosen], polygons[pairs.area[rows]], place, column
        )

    # Shapely lets go of the interpreter while it works: every core takes its share.
    with ThreadPoolExecutor(max_workers=os.cpu_count()) as cores:
        return np.concatenate([np.empty(0), *cores.map(depth_of, range(0, len(subjects), _BATCH))])


def _depth_in_squares_m(
    centre: Geometries, limit_m: Floats, polygons: Geometries, place: Ints, column: Ints
) -> Floats:
    """Return how deep each centre, shape (n,), lies in the union of its polygons, shape (k,).

    `place` (k,) is the centre of each polygon, `column` (k,) counts the polygons of one centre.
    """
    half_m = limit_m + 2 * SLIT_M
    x, y = shapely.get_x(centre), shapely.get_y(centre)
    squares = shapely.box(x - half_m, y - half_m, x + half_m, y + half_m)
    pieces = np.full((len(centre), int(column.max()) + 1), None, dtype=object)
    pieces[place, column] = _polygonal(shapely.intersection(polygons, squares[place]))
    union = _closed(shapely.union_all(pieces, axis=1, grid_size=SLIT_M))
    depth_m: Floats = shapely.distance(centre, shapely.boundary(union))
    return depth_m


def _closed(union: Geometries) -> Geometries:
    """Close slits of one step of the grid: rounding opens some between sides that run along."""
    half_m = 0.75 * SLIT_M
    wider = shapely.buffer(union, half_m, join_style="mitre")
    closed: Geometries = shapely.buffer(wider, -half_m, join_style="mitre")
    return closed


def _polygonal(geometries: Geometries) -> Geometries:
    """Drop the lines and points that are left where a polygon only touches a square."""
    odd = ~np.isin(shapely.get_type_id(geometries), POLYGONS)
    geometries[odd] = shapely.buffer(geometries[odd], 0)
    return geometries
