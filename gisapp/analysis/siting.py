"""Choosing k sites so that most demand lies within reach: maximal covering, solved to proof.

The maximal covering location problem of Church & ReVelle (Papers of the Regional Science
Association 32, 1974), as an integer program that HiGHS solves. Demand that the same sites reach is
put together first: twenty thousand families become some thousand rows, with the same optimum.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

import numpy as np
import shapely
from scipy import sparse
from scipy.optimize import Bounds, LinearConstraint, milp
from scipy.spatial import KDTree

from gisapp.core.errors import GisappError
from gisapp.core.words import _, number

if TYPE_CHECKING:
    from gisapp.analysis.candidates import Candidates
    from gisapp.analysis.columns import Bools, Floats, Geometries, Ints
    from gisapp.analysis.study import Study

DemandKind = Literal["affected", "households", "businesses"]
AFFECTED = ("direct", "livelihood", "both")
LONGEST_S = 600.0
_PROVEN = 1e-9


@dataclass(frozen=True, eq=False)
class Demand:
    """Those to be reached: their places, shape (n,), and how many more have none."""

    points: Geometries
    placeless: int


@dataclass(frozen=True, eq=False)
class Siting:
    """The sites chosen.

    Parameters
    ----------
    chosen : ndarray of int, shape (k,)
        Rows of the candidates, rising.
    nearest : ndarray of int, shape (n,)
        Which of the chosen (its place in `chosen`) is nearest to each of the demand within reach;
        −1 where none is.
    distance_m : ndarray of float, shape (n,)
        To that one; NaN where none is.
    gap : float
        How much better another choice might at most be, as a share; 0 where the choice is proven.
    """

    chosen: Ints
    nearest: Ints
    distance_m: Floats
    gap: float

    @property
    def optimal(self) -> bool:
        """Whether no other choice reaches more."""
        return self.gap <= _PROVEN

    @property
    def reached(self) -> Bools:
        """Which of the demand a chosen site reaches, shape (n,)."""
        return self.nearest >= 0


def demand_of(study: Study, kind: DemandKind) -> Demand:
    """Return affected families at their homes, all families, or all businesses."""
    case, found = study.case, study.found
    subjects = case.businesses if kind == "businesses" else case.households
    wanted = np.ones(len(subjects), dtype=bool)
    if kind == "affected":
        wanted = np.isin(found.impact.impact, AFFECTED)
    placed = wanted & subjects.located
    return Demand(subjects.points[placed], int((wanted & ~subjects.located).sum()))


def choose_sites(sites: Candidates, demand: Demand, k: int, reach_m: float) -> Siting:
    """Choose `k` sites so that most of the demand lies within `reach_m`, in a straight line.

    Raises
    ------
    GisappError
        Where there are fewer sites, no demand, or no site reaches any of it.
    """
    _refuse_hopeless(sites, demand, k)
    site, subject, metres = _within_reach(sites.points, demand.points, reach_m)
    if not len(site):
        raise GisappError(
            _("No candidate site has anybody within {metres} m.").format(metres=number(reach_m)),
            _("Let the sites reach further, or add candidates nearer to the demand."),
        )
    shape = (len(demand.points), len(sites.ids))
    reaches = sparse.csr_array((np.ones(len(site)), (subject, site)), shape=shape)
    rows, weight = _alike(reaches)
    chosen, gap = _solved(rows, weight, k)
    return _served(chosen, gap, site, subject, metres, len(demand.points))


def _refuse_hopeless(sites: Candidates, demand: Demand, k: int) -> None:
    if not len(demand.points):
        raise GisappError(
            _("There is nobody to reach: no demand of this kind has a place."),
            _("Choose another demand, or assess another date."),
        )
    if k > len(sites.ids):
        raise GisappError(
            _("{k} sites are to be chosen, but only {n} may be.").format(
                k=number(k), n=number(len(sites.ids))
            ),
            _("Choose at most {n}, or add candidates.").format(n=number(len(sites.ids))),
        )


def _within_reach(
    sites: Geometries, demand: Geometries, reach_m: float
) -> tuple[Ints, Ints, Floats]:
    """Pair sites with the demand at most `reach_m` away: site, subject, metres, shape (pairs,)."""
    trees = [KDTree(shapely.get_coordinates(points)) for points in (sites, demand)]
    found = trees[0].sparse_distance_matrix(trees[1], reach_m, output_type="ndarray")
    return found["i"].astype(np.int64), found["j"].astype(np.int64), found["v"]


def _alike(reaches: sparse.csr_array) -> tuple[sparse.csr_array, Floats]:
    """Put together the demand that the same sites reach; nobody's is left out."""
    bits = np.packbits(reaches.toarray().astype(bool), axis=1)
    patterns, first, which = np.unique(bits, axis=0, return_index=True, return_inverse=True)
    weight = np.bincount(which.ravel(), minlength=len(patterns)).astype(np.float64)
    some = patterns.any(axis=1)
    return reaches[first[some]], weight[some]


def _solved(rows: sparse.csr_array, weight: Floats, k: int) -> tuple[Ints, float]:
    """Solve max w·y, y ≤ Σ x of the row's sites, Σ x = k; return the sites and the gap."""
    groups, sites = rows.shape
    covered = sparse.hstack([-rows, sparse.eye_array(groups)]).tocsr()
    exactly = sparse.csr_array(np.concatenate([np.ones(sites), np.zeros(groups)])[None, :])
    answer = milp(
        c=np.concatenate([np.zeros(sites), -weight]),
        integrality=np.concatenate([np.ones(sites), np.zeros(groups)]),
        bounds=Bounds(0.0, 1.0),
        constraints=[
            LinearConstraint(covered, -np.inf, 0.0),
            LinearConstraint(exactly, k, k),
        ],
        options={"time_limit": LONGEST_S, "mip_rel_gap": 0.0},
    )
    if answer.x is None:
        raise GisappError(
            _("No choice of sites was found in {seconds} seconds.").format(
                seconds=number(LONGEST_S)
            ),
            _("Choose fewer sites, a shorter reach, or fewer candidates."),
        )
    chosen = np.flatnonzero(answer.x[:sites] > 0.5)
    return chosen.astype(np.int64), float(answer.mip_gap or 0.0)


def _served(chosen: Ints, gap: float, site: Ints, subject: Ints, metres: Floats, n: int) -> Siting:
    """Give each of the demand its nearest chosen site; of two as near, the first."""
    place = np.full(site.max(initial=0) + 1, -1, dtype=np.int64)
    inside = chosen[chosen < len(place)]
    place[inside] = np.searchsorted(chosen, inside)
    mine = np.flatnonzero(place[site] >= 0)
    order = mine[np.lexsort((place[site[mine]], metres[mine], subject[mine]))]
    served, first = np.unique(subject[order], return_index=True)
    nearest, distance_m = np.full(n, -1, dtype=np.int64), np.full(n, np.nan)
    nearest[served] = place[site[order[first]]]
    distance_m[served] = metres[order[first]]
    return Siting(chosen, nearest, distance_m, gap)


def siting_summary(sites: Candidates, demand: Demand, found: Siting) -> dict[str, Any]:
    """Return the object that ``gisapp sites --json`` prints."""
    chosen = []
    for place, row in enumerate(found.chosen.tolist()):
        mine = found.nearest == place
        metres = float(found.distance_m[mine].mean()) if mine.any() else None
        told = {"id": sites.ids[row], "demand": int(mine.sum()), "mean_distance_m": metres}
        chosen.append(told)
    covered, total = int(found.reached.sum()), len(demand.points)
    return {
        "chosen": chosen,
        "covered": covered,
        "demand_total": total,
        "coverage": covered / total,
        "optimal": found.optimal,
        "gap": found.gap,
        "placeless": demand.placeless,
        "excluded": sites.left_out(),
    }
