"""Candidate sites: where they lie, what they hold on a date, and which may not be chosen."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import numpy as np
import pandas as pd
import shapely

from gisapp.analysis.columns import Floats, Geometries, Texts, numbers, text
from gisapp.analysis.conformity import PlanReader, conformity
from gisapp.analysis.plan import RANK
from gisapp.analysis.subjects import Subjects
from gisapp.core.errors import GisappError
from gisapp.core.words import _

if TYPE_CHECKING:
    import geopandas as gpd

    from gisapp.analysis.case import Case
    from gisapp.core.project import Project

Reason = Literal["eviction", "prohibited", "no_location"]
_REASONS: tuple[Reason | Literal[""], ...] = ("", "no_location", "eviction", "prohibited")


@dataclass(frozen=True, eq=False)
class Candidates:
    """Sites that may be chosen: arrays of shape (m,).

    Parameters
    ----------
    ids : ndarray of str
        Of several rows about one site, that of the latest.
    points : ndarray of points
        In the project's CRS.
    capacity, occupied : ndarray of float
        The latest figures known on the date; NaN is not known.
    excluded : tuple of (id, reason)
        Those that lie in an eviction area in force, or where the plan prohibits every activity.
    """

    ids: Texts
    points: Geometries
    capacity: Floats
    occupied: Floats
    excluded: tuple[tuple[str, Reason], ...] = ()

    @property
    def free(self) -> Floats:
        """How many more each takes, shape (m,); NaN where that is not known."""
        return np.maximum(self.capacity - self.occupied, 0.0)

    def left_out(self) -> list[dict[str, str]]:
        """Return the excluded candidates as the commands tell them."""
        return [{"id": identifier, "reason": reason} for identifier, reason in self.excluded]


def candidates(project: Project, case: Case, layer: str = "") -> Candidates:
    """Read the candidate sites.

    Parameters
    ----------
    layer : str
        The layer to take them from; empty: every layer of the kind ``sites``.

    Raises
    ------
    GisappError
        Where there is no such layer, or no candidate in it that may be chosen.
    """
    frames = [_as_of(frame, case.as_of) for frame in _frames(project, layer)]
    rows = pd.concat(frames, ignore_index=True) if frames else pd.DataFrame({"id": []})
    if rows.empty:
        raise GisappError(
            _("The project has no candidate sites."),
            _("Import a layer of the kind sites, or name another one with --candidates."),
        )
    rows = rows.sort_values("id", ignore_index=True)
    reasons = _reasons(Subjects("sites", rows), case)
    free = np.array([not reason for reason in reasons])
    excluded = tuple((i, r) for i, r in zip(rows["id"], reasons, strict=True) if r)
    if not free.any():
        raise GisappError(
            _("Every candidate site lies under eviction or where the plan prohibits everything."),
            _("Add candidates elsewhere."),
        )
    kept = rows[free]
    return Candidates(
        ids=text(kept, "id"),
        points=np.asarray(kept.geometry.array, dtype=object),
        capacity=numbers(kept, "capacity"),
        occupied=numbers(kept, "occupied"),
        excluded=excluded,
    )


def _frames(project: Project, layer: str) -> list[gpd.GeoDataFrame]:
    if not layer:
        return [x.frame for x in project.of_kind("sites")]
    try:
        return [project.layer(layer).frame]
    except KeyError:
        names = ", ".join(sorted(x.name for x in project.layers))
        raise GisappError(
            _("The project has no layer “{layer}”.").format(layer=layer),
            _("Choose one of: {layers}.").format(layers=names or "–"),
        ) from None


def _as_of(frame: gpd.GeoDataFrame, as_of: str) -> gpd.GeoDataFrame:
    """Keep one row a site: its capacity is a series, of which the latest known figure counts.

    Rows about one site have its name and its place.
    """
    points = shapely.point_on_surface(np.asarray(frame.geometry.array, dtype=object))
    rows = frame.assign(told_on=text(frame, "as_of")).set_geometry(points, crs=frame.crs)
    rows = rows[rows["told_on"] <= as_of].sort_values(["told_on", "id"], ignore_index=True)
    named = text(rows, "name")
    site = np.where(named != "", named, text(rows, "id"))
    keys = pd.MultiIndex.from_arrays([site, rows.geometry.x, rows.geometry.y])
    group, _sites = pd.factorize(keys)
    known = {c: numbers(rows, c) for c in ("capacity", "occupied")}
    latest = pd.DataFrame(known).groupby(group).last()
    last = np.flatnonzero(~pd.Series(group).duplicated(keep="last"))
    return rows.iloc[last].assign(**{c: latest[c].to_numpy()[group[last]] for c in known})


def _reasons(sites: Subjects, case: Case) -> list[Reason | Literal[""]]:
    """Say why each site may not be chosen, "" where it may."""
    evicted = np.zeros(len(sites), dtype=bool)
    evicted[sites.covered_by(case.evictions.polygons).subject] = True
    # a site asked as a business of no activity: prohibited where whatever is done there is
    conforms = conformity(sites, case.plan, PlanReader(case.plan, sites))
    prohibited = conforms.rank == RANK["prohibited"]
    names = np.select([~sites.located, evicted, prohibited], [1, 2, 3], 0)
    return [_REASONS[name] for name in names]
