"""Businesses that leave one by one: masked under a pseudonym, or as their owners agreed.

Rows are ordered by pseudonym, so that their order tells nothing of their ids. A masked business is
told coarser until at least n others of its area look like it; of one that stands alone even then
nothing is told but that it is there. One whose masked place would hide it among too few families
is put where its whole area is: at the same spot as all such.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from gisapp.analysis.columns import text
from gisapp.privacy.coarsening import coarsened
from gisapp.privacy.columns import fields_of, scrubbed
from gisapp.privacy.masking import donut_mask, donut_radii, families_around, pseudonym
from gisapp.privacy.places import SPARSE_FAMILIES_PER_M2, families_per_m2
from gisapp.privacy.release import Care

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from gisapp.core.project import Project
    from gisapp.privacy.people import People
    from gisapp.privacy.places import Ground
    from gisapp.privacy.presets import Preset


def consenting(businesses: People, preset: Preset) -> NDArray[np.bool_]:
    """Say which businesses' names and places the preset shows, shape (n,)."""
    frame = businesses.frame
    if preset.businesses != "consented":
        return np.zeros(len(frame), dtype=bool)
    agreed = text(frame, "consent") == "public"
    both: NDArray[np.bool_] = agreed & np.isfinite(businesses.coordinates).all(axis=1)
    return both


def agreed_points(project: Project, businesses: People, preset: Preset) -> gpd.GeoDataFrame:
    """Return the businesses whose owners agreed to be named and placed, where they are."""
    kept = consenting(businesses, preset)
    told = _told(project, businesses, preset, businesses.coordinates)
    return _by_pseudonym(told[kept])


@dataclass(frozen=True, eq=False)
class Masked:
    """The masked businesses, in the order of their pseudonyms; `nameless` (n,) tells nothing."""

    frame: gpd.GeoDataFrame
    nameless: NDArray[np.bool_]
    care: Care


def masked_points(project: Project, businesses: People, preset: Preset, area: Ground) -> Masked:
    """Return all businesses, each shifted to another place inside its admin area."""
    spots, among = _masked_spots(project, businesses, preset, area)
    told = _told(project, businesses, preset, spots)
    like = coarsened(told, businesses.area, preset.n)
    kept = ("id", "admin_code", "geometry")
    blank = {c: like.frame[c].mask(like.alone) for c in like.frame.columns if c not in kept}
    frame = like.frame.assign(**blank)
    hidden = np.isfinite(among) & (among >= preset.mask_families[0])
    care = Care(
        coarser=int((like.coarser & ~like.alone).sum()),
        alone=int(like.alone.sum()),
        area_only=int((np.isfinite(among) & ~hidden).sum()),
        families=int(among[hidden].min()) if hidden.any() else None,
    )
    order = frame["id"].argsort()
    return Masked(frame.iloc[order].reset_index(drop=True), like.alone[order], care)


def _masked_spots(
    project: Project, businesses: People, preset: Preset, area: Ground
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return each business's masked place, shape (n, 2), and among how many families it hides."""
    points = businesses.coordinates
    located = np.isfinite(points).all(axis=1)
    dense = families_per_m2(project, area)
    codes = businesses.area[located]
    density = np.array([dense.get(code, SPARSE_FAMILIES_PER_M2) for code in codes])
    within = np.array([area.polygons.get(code) for code in codes], dtype=object)
    radii_m = donut_radii(density, preset.mask_families)
    ids = businesses.frame["id"][located].tolist()
    masked = donut_mask(points[located], ids, project.key, radii_m, within)
    families = families_around(masked, radii_m, density, within)
    few = (families < preset.mask_families[0]) & ~shapely.is_missing(within)
    masked[few] = shapely.get_coordinates(shapely.point_on_surface(within[few]))
    spots, among = np.full(points.shape, np.nan), np.full(len(points), np.nan)
    spots[located], among[located] = masked, families
    return spots, among


def masked_conflicts(
    conflicts: gpd.GeoDataFrame, masked: Masked, key: str, n: int
) -> gpd.GeoDataFrame:
    """Return the conflicts of businesses at their masked places.

    Those of a business of which nothing is told stay. A policy area is named only where at least
    `n` subjects share it: a smaller one would lead back to the place. A support is never named: it
    is its receiver's. Only the columns that a conflict row has by definition leave; the
    explanation stays at home, because it is free text.

    Parameters
    ----------
    masked : Masked
        What `masked_points` gave.
    """
    points = masked.frame
    untold = set(points["id"][masked.nameless])
    rows = conflicts[conflicts["subject_kind"] == "businesses"]
    sharing = rows.groupby(["area_kind", "area_id"])["subject_id"].transform("nunique")
    nameless = ~(sharing >= n) | (rows["area_kind"] == "supports")
    known = {"id", *fields_of("conflicts")} - {"explanation"}
    own = [x for x in rows.columns if x in known]
    told = pd.DataFrame(rows[own]).assign(
        area_id=rows["area_id"].mask(nameless),
        subject_id=[pseudonym(key, record_id) for record_id in rows["subject_id"]],
    )
    told = told[~told["subject_id"].isin(untold)]
    told = told.sort_values(["subject_id", "area_kind", "finding"], ignore_index=True)
    told["id"] = pd.Series([str(i + 1) for i in range(len(told))], dtype="str")
    places = points.set_index("id").geometry.reindex(told["subject_id"])
    made = gpd.GeoDataFrame(told, geometry=gpd.GeoSeries(places.to_numpy(), crs=points.crs))
    return scrubbed(made)


def _told(
    project: Project, businesses: People, preset: Preset, spots: NDArray[np.float64]
) -> gpd.GeoDataFrame:
    """Return the preset's columns under pseudonyms, at `spots` (NaN: no place)."""
    frame = businesses.frame.assign(admin_code=pd.array(businesses.area, dtype="str"))
    kept = [column for column in preset.business_columns if column in frame.columns]
    told = pd.DataFrame(frame[kept])
    if "activity" in kept:
        told["activity"] = _shared(told["activity"], preset.n)
    ids = [pseudonym(project.key, record_id) for record_id in frame["id"]]
    told.insert(0, "id", pd.Series(ids, dtype="str"))
    points = gpd.GeoSeries(gpd.points_from_xy(spots[:, 0], spots[:, 1]), crs=project.crs)
    geometry = points.where(np.isfinite(spots).all(axis=1))
    return scrubbed(gpd.GeoDataFrame(told, geometry=geometry, crs=project.crs))


def _by_pseudonym(frame: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    return frame.sort_values("id", ignore_index=True)


def _shared(texts: pd.Series, n: int) -> pd.Series:
    """Keep a free text that at least `n` records have; a rarer one may name somebody."""
    plain = texts.str.strip().str.casefold()
    return texts.where(plain.groupby(plain).transform("size") >= n)
