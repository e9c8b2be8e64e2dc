"""Businesses that leave one by one: masked under a pseudonym, or as their owners agreed.

Rows are ordered by pseudonym, so that their order tells nothing of their ids.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import geopandas as gpd
import numpy as np
import pandas as pd

from gisapp.analysis.columns import text
from gisapp.privacy.columns import fields_of, scrubbed
from gisapp.privacy.masking import donut_mask, donut_radii, pseudonym
from gisapp.privacy.places import SPARSE_FAMILIES_PER_M2, families_per_m2

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


def masked_points(
    project: Project, businesses: People, preset: Preset, area: Ground
) -> gpd.GeoDataFrame:
    """Return all businesses, each shifted to another place inside its admin area."""
    points = businesses.coordinates
    located = np.isfinite(points).all(axis=1)
    dense = families_per_m2(project, area)
    codes = businesses.area[located]
    density = np.array([dense.get(code, SPARSE_FAMILIES_PER_M2) for code in codes])
    spots = np.full(points.shape, np.nan)
    spots[located] = donut_mask(
        points[located],
        businesses.frame["id"][located].tolist(),
        project.key,
        donut_radii(density, preset.mask_families),
        np.array([area.polygons.get(code) for code in codes], dtype=object),
    )
    return _by_pseudonym(_told(project, businesses, preset, spots))


def masked_conflicts(
    conflicts: gpd.GeoDataFrame, points: gpd.GeoDataFrame, key: str, n: int
) -> gpd.GeoDataFrame:
    """Return the conflicts of businesses at their masked places.

    A policy area is named only where at least `n` subjects share it: a smaller one would lead back
    to the place. A support is never named: it is its receiver's. Only the columns that a conflict
    row has by definition leave; the explanation stays at home, because it is free text.

    Parameters
    ----------
    points : GeoDataFrame
        What `masked_points` gave.
    """
    rows = conflicts[conflicts["subject_kind"] == "businesses"]
    sharing = rows.groupby(["area_kind", "area_id"])["subject_id"].transform("nunique")
    nameless = ~(sharing >= n) | (rows["area_kind"] == "supports")
    known = {"id", *fields_of("conflicts")} - {"explanation"}
    own = [x for x in rows.columns if x in known]
    told = pd.DataFrame(rows[own]).assign(
        area_id=rows["area_id"].mask(nameless),
        subject_id=[pseudonym(key, record_id) for record_id in rows["subject_id"]],
    )
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
