"""How far subjects are from the nearest support area: in a straight line, not by any road."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING
from weakref import WeakKeyDictionary

import numpy as np
import shapely

from gisapp.analysis.columns import texts_frame
from gisapp.analysis.intervals import in_force
from gisapp.core.policy import NOT_ASSESSED
from gisapp.core.progress import SILENT, Progress
from gisapp.core.words import _

if TYPE_CHECKING:
    from collections.abc import Mapping

    from gisapp.analysis.case import Case
    from gisapp.analysis.columns import Bools, Floats, Geometries, Texts
    from gisapp.analysis.findings import Findings
    from gisapp.analysis.study import Study
    from gisapp.analysis.subjects import Subjects

BEYOND_M = (500.0, 1_000.0)
ANY_KIND = ""


@dataclass(frozen=True, eq=False)
class SupportPlaces:
    """The support areas in force, those drawn as a point too: arrays of shape (m,)."""

    shapes: Geometries
    kinds: Texts


@dataclass(frozen=True)
class Spread:
    """The distances of a group.

    Parameters
    ----------
    n : int
        How many have a distance.
    unknown : int
        How many have none: no location, or no support area in force.
    median_m, p90_m : float
        NaN where nobody has one.
    beyond : tuple of float
        Shares, 0–1, farther than each of `BEYOND_M`.
    """

    n: int
    unknown: int
    median_m: float
    p90_m: float
    beyond: tuple[float, ...]


@dataclass(frozen=True, eq=False)
class Distances:
    """Distances of businesses and households, by kind of support area.

    Parameters
    ----------
    metres : mapping
        Kind of subject to kind of support (`ANY_KIND` for the nearest of all) to an ndarray of
        float, shape (n,); 0 inside, NaN where not known.
    by_support : mapping
        Kind of subject to kind of support to its spread.
    by_exposure : mapping
        Kind of subject to the spreads of those affected and those not.
    by_admin : mapping
        Kind of subject to the spread of each admin area, in the order of their codes.
    """

    metres: Mapping[str, Mapping[str, Floats]]
    by_support: Mapping[str, Mapping[str, Spread]]
    by_exposure: Mapping[str, tuple[Spread, Spread]]
    by_admin: Mapping[str, tuple[Spread, ...]]


# Other questions to the same findings have the same distances.
_MEASURED: WeakKeyDictionary[Findings, Distances] = WeakKeyDictionary()


def support_distances(study: Study, progress: Progress = SILENT) -> Distances:
    """Measure how far every subject is from support, and spread it over groups."""
    known = _MEASURED.get(study.found)
    if known is None:
        known = _MEASURED[study.found] = _measured(study, progress)
    return known


def _measured(study: Study, progress: Progress) -> Distances:
    places = support_places(study.case)
    found = study.found
    impact = found.impact.impact
    affected = {
        "businesses": found.businesses.exposure.exposed,
        "households": (impact != "none") & (impact != NOT_ASSESSED),
    }
    abouts = {"businesses": found.businesses, "households": found.households}
    metres = {kind: _by_kind(about.subjects, places, progress) for kind, about in abouts.items()}
    nearest = {kind: by[ANY_KIND] for kind, by in metres.items()}
    return Distances(
        metres=metres,
        by_support={k: {s: spread(m) for s, m in by.items()} for k, by in metres.items()},
        by_exposure={
            kind: (spread(m[affected[kind]]), spread(m[~affected[kind]]))
            for kind, m in nearest.items()
        },
        by_admin={
            kind: tuple(
                spread(m[abouts[kind].member.place == i])
                for i in range(len(study.case.admin.codes))
            )
            for kind, m in nearest.items()
        },
    )


def support_places(case: Case) -> SupportPlaces:
    """Gather the support areas in force on the date."""
    layers = case.presence.project.of_kind("support_areas")
    columns = ("support_kind", "valid_from", "valid_to")
    frame = texts_frame([layer.frame for layer in layers], columns)
    geometry = [np.asarray(layer.frame.geometry.array, dtype=object) for layer in layers]
    shapes = np.concatenate([np.empty(0, object), *geometry])
    usable = ~(shapely.is_missing(shapes) | shapely.is_empty(shapes))
    keep = usable & in_force(frame, case.as_of, case.until).holds
    return SupportPlaces(shapes[keep], frame["support_kind"].to_numpy(dtype=object)[keep])


def _by_kind(subjects: Subjects, places: SupportPlaces, progress: Progress) -> dict[str, Floats]:
    """Return the distances to each kind of support; under `ANY_KIND` the least of all."""
    kinds = sorted(set(places.kinds))
    metres = {}
    for done, kind in enumerate(kinds):
        progress.step(done, len(kinds), _("Distances to support"))
        metres[kind] = nearest_m(subjects, places.shapes[places.kinds == kind])
    unknown = np.full(len(subjects), np.nan)
    nearest = np.fmin.reduce([unknown, *metres.values()])
    return {ANY_KIND: nearest, **{kind: metres[kind] for kind in kinds if kind}}


def nearest_m(subjects: Subjects, shapes: Geometries) -> Floats:
    """Return each subject's distance to the nearest of `shapes`, shape (n,), in metres.

    0 inside one; NaN for a subject without a location, and where there are no shapes.
    """
    metres = np.full(len(subjects), np.nan)
    located = np.flatnonzero(subjects.located)
    if len(shapes) and len(located):
        (entry, _shape), found = shapely.STRtree(shapes).query_nearest(
            subjects.points[located], return_distance=True, all_matches=False
        )
        metres[located[entry]] = found
    return metres


def spread(metres: Floats) -> Spread:
    """Sum distances, shape (n,), up; NaN is not known."""
    known: Bools = np.isfinite(metres)
    n, unknown = int(known.sum()), int((~known).sum())
    if not n:
        return Spread(0, unknown, np.nan, np.nan, (np.nan,) * len(BEYOND_M))
    median, p90 = np.quantile(metres[known], (0.5, 0.9))
    beyond = tuple(float((metres[known] > limit).mean()) for limit in BEYOND_M)
    return Spread(n, unknown, float(median), float(p90), beyond)
