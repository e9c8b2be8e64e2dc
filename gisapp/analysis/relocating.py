"""Relocation: which stall under eviction finds room where, at the least total distance.

A transportation problem (Hitchcock, J. Math. Phys. 20, 1941), solved by HiGHS: as many as there is
room for are placed, and among all ways to do so the way with the least sum of distances is taken.
Its vertices are whole numbers, so nobody is split.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import shapely
from scipy import sparse
from scipy.optimize import linprog
from scipy.spatial.distance import cdist

from gisapp.core.errors import GisappError
from gisapp.core.words import _

if TYPE_CHECKING:
    from gisapp.analysis.candidates import Candidates
    from gisapp.analysis.columns import Floats, Geometries, Ints
    from gisapp.analysis.study import Study


@dataclass(frozen=True, eq=False)
class Relocation:
    """Who goes where.

    Parameters
    ----------
    stalls : ndarray of int, shape (n,)
        Rows of the exposed businesses.
    site : ndarray of int, shape (n,)
        The row of each one's site among the candidates; −1 where there is no room for it.
    distance_m : ndarray of float, shape (n,)
        In a straight line; NaN where it has no site.
    """

    stalls: Ints
    site: Ints
    distance_m: Floats


def relocate(study: Study, sites: Candidates) -> Relocation:
    """Place the exposed businesses at sites with room.

    Raises
    ------
    GisappError
        Where no business is exposed, or no site is known to have room.
    """
    stalls = np.flatnonzero(study.found.businesses.exposure.exposed)
    if not len(stalls):
        raise GisappError(
            _("No business lies in an eviction area in force, so none must move."),
            _("Assess another date."),
        )
    room = np.nan_to_num(np.floor(sites.free), nan=0.0)
    if not room.any():
        raise GisappError(
            _("No site is known to have room."),
            _("Give the sites a capacity and how many places are taken."),
        )
    site, distance_m = placed(study.case.businesses.points[stalls], sites.points, room)
    return Relocation(stalls, site, distance_m)


def placed(stalls: Geometries, sites: Geometries, room: Floats) -> tuple[Ints, Floats]:
    """Place n stalls at m sites with so much room.

    Returns
    -------
    site : ndarray of int, shape (n,)
        −1 where there is no room.
    distance_m : ndarray of float, shape (n,)
    """
    metres = cdist(shapely.get_coordinates(stalls), shapely.get_coordinates(sites))
    n, m = metres.shape
    a_stall = sparse.kron(sparse.eye_array(n), np.ones((1, m))).tocsr()
    a_site = sparse.kron(np.ones((1, n)), sparse.eye_array(m)).tocsr()
    # Any stall may go to any site: either every stall finds a place, or every place is taken.
    everybody = room.sum() >= n
    exactly, at_most = (a_stall, a_site) if everybody else (a_site, a_stall)
    one = np.ones(n)
    answer = linprog(
        metres.ravel(),
        A_eq=exactly,
        b_eq=one if everybody else room,
        A_ub=at_most,
        b_ub=room if everybody else one,
        bounds=(0.0, 1.0),
        method="highs-ds",
    )
    share = answer.x.reshape(n, m)
    site = np.where(share.max(axis=1) > 0.5, share.argmax(axis=1), -1).astype(np.int64)
    distance_m = np.where(site >= 0, metres[np.arange(n), site], np.nan)
    return site, distance_m


def relocation_summary(sites: Candidates, found: Relocation) -> dict[str, Any]:
    """Return the object that ``gisapp relocate --json`` prints."""
    moved = found.site >= 0
    metres = found.distance_m[moved]
    free = sites.free
    return {
        "placed": int(moved.sum()),
        "unplaced": int((~moved).sum()),
        "mean_distance_m": float(metres.mean()) if metres.size else None,
        "p95_distance_m": float(np.percentile(metres, 95)) if metres.size else None,
        "by_site": [
            {"id": identifier, "placed": int((found.site == row).sum()), "free": int(free[row])}
            for row, identifier in enumerate(sites.ids)
            if np.isfinite(free[row])
        ],
        "capacity_unknown": [sites.ids[row] for row in np.flatnonzero(~np.isfinite(free))],
        "excluded": sites.left_out(),
    }
