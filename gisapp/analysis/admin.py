"""Which admin area each subject belongs to."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from gisapp.analysis.areas import Areas, stacked
from gisapp.core.policy import NEAR_BORDER_M

if TYPE_CHECKING:
    from gisapp.analysis.columns import Ints, Texts
    from gisapp.analysis.subjects import Subjects
    from gisapp.core.project import Project

# Totals are given for kelurahan; the others serve where the project has none.
LEVELS = ("kelurahan", "rw", "kecamatan")
NO_AREA = -1


@dataclass(frozen=True, eq=False)
class AdminAreas:
    """The areas of one level, sorted by code, so that a lower place is a lower code."""

    codes: tuple[str, ...]
    names: tuple[str, ...]
    areas: Areas
    place: Ints


@dataclass(frozen=True, eq=False)
class Membership:
    """Each subject's admin area.

    Parameters
    ----------
    place : ndarray of int, shape (n,)
        Place in `AdminAreas.codes`; −1 where it has none.
    how : ndarray of str, shape (n,)
        ``inside``, ``nearest`` (outside all, within 50 m), ``outside`` or ``no_location``.
    """

    place: Ints
    how: Texts


def admin_areas(project: Project) -> AdminAreas:
    """Return the areas to count by: the kelurahan, else the RW, else the kecamatan."""
    everything = stacked(project.of_kind("admin"), ("code", "name", "level"))
    level = everything.frame["level"].replace("", LEVELS[0])
    best = next((x for x in LEVELS if (level == x).any()), None)
    keep = (level == best).to_numpy(dtype=bool)
    areas = Areas(everything.frame[keep].reset_index(drop=True), everything.polygons[keep])
    code = areas.frame["code"].where(areas.frame["code"] != "", areas.frame["id"])
    place, codes = pd.factorize(code.to_numpy(dtype=object), sort=True)
    names = pd.Series(areas.frame["name"].to_numpy()).groupby(place).min()
    return AdminAreas(tuple(codes), tuple(names), areas, place.astype(np.int64))


def membership(subjects: Subjects, admin: AdminAreas) -> Membership:
    """Assign each subject to one area; on a shared border to the lower code."""
    n = len(subjects)
    pairs = subjects.covered_by(admin.areas.polygons)
    place = _lowest(pairs.subject, admin.place[pairs.area], n)
    inside = place != NO_AREA
    rest = np.flatnonzero(subjects.located & ~inside)
    entry, area = admin.areas.tree.query_nearest(
        subjects.points[rest], max_distance=NEAR_BORDER_M, all_matches=True
    )
    nearest = _lowest(rest[entry], admin.place[area], n)
    how = np.select(
        [inside, nearest != NO_AREA, subjects.located],
        ["inside", "nearest", "outside"],
        "no_location",
    )
    return Membership(np.where(inside, place, nearest), how.astype(object))


def _lowest(row: Ints, places: Ints, n: int) -> Ints:
    """Return each row's lowest place, shape (n,); −1 for a row without one."""
    none = np.iinfo(np.int64).max
    lowest = np.full(n, none, dtype=np.int64)
    np.minimum.at(lowest, row, places)
    return np.where(lowest == none, NO_AREA, lowest)
