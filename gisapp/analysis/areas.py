"""The policy areas of a kind that are in force on a date."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np
import shapely

from gisapp.analysis.columns import Bools, Floats, Geometries, texts_frame
from gisapp.analysis.intervals import in_force
from gisapp.core.memory import FrameMemory
from gisapp.core.policy import CANCELLED

if TYPE_CHECKING:
    from collections.abc import Sequence

    import geopandas as gpd
    import pandas as pd

    from gisapp.core.layer import Layer
    from gisapp.core.project import Project

POLYGONS = (shapely.GeometryType.POLYGON, shapely.GeometryType.MULTIPOLYGON)


@dataclass(frozen=True, eq=False)
class Areas:
    """Polygons with what is said of them.

    Parameters
    ----------
    frame : DataFrame
        Text columns, ``id`` and ``layer`` (its name) among them; missing is ``""``.
    polygons : ndarray of geometries, shape (m,)
        One for each row of `frame`.
    undated : tuple of str
        Ids of areas left out because it is not known since when they hold.
    """

    frame: pd.DataFrame
    polygons: Geometries
    undated: tuple[str, ...] = ()

    @cached_property
    def tree(self) -> shapely.STRtree:
        """The polygons' index."""
        return shapely.STRtree(self.polygons)

    @cached_property
    def bounds(self) -> Floats:
        """The polygons' boxes: west, south, east, north, shape (m, 4), metres."""
        boxes: Floats = shapely.bounds(self.polygons)
        return boxes


_POLYGONS: FrameMemory[tuple[Geometries, Bools]] = FrameMemory()


def stacked(layers: Sequence[Layer], columns: Sequence[str]) -> Areas:
    """Put the polygons of some layers, with some columns, one below the other."""
    frame = texts_frame([layer.frame for layer in layers], ("id", *columns))
    names = np.array([layer.name for layer in layers], dtype=object)
    frame["layer"] = np.repeat(names, [len(layer.frame) for layer in layers])
    read = [_polygons(layer.frame) for layer in layers]
    # One layer's are always the same array, of which more is remembered: see `covering.rings_of`.
    polygons = one_below([polygons for polygons, _keep in read])
    keep = np.concatenate([np.empty(0, bool), *(keep for _polygons, keep in read)])
    return Areas(frame if keep.all() else frame[keep].reset_index(drop=True), polygons)


def one_below(arrays: Sequence[Geometries]) -> Geometries:
    """Put arrays together; one alone stays itself."""
    return arrays[0] if len(arrays) == 1 else np.concatenate([np.empty(0, object), *arrays])


def _polygons(frame: gpd.GeoDataFrame) -> tuple[Geometries, Bools]:
    """Return a frame's polygons and which of its rows they are, remembered with it."""
    known = _POLYGONS.get(frame)
    if known is None:
        geometry = np.asarray(frame.geometry.array, dtype=object)
        keep = np.isin(shapely.get_type_id(geometry), POLYGONS)
        known = (geometry[keep], keep)
        _POLYGONS.put(frame, known)
    return known


def chosen(areas: Areas, as_of: str, until: str = "") -> Areas:
    """Keep the areas in force (see `in_force`), and name those that may be but say no date."""
    dates = in_force(areas.frame, as_of, until)
    undated = tuple(sorted(areas.frame.loc[dates.undated, "id"]))
    if dates.holds.all():
        return Areas(areas.frame, areas.polygons, undated)
    return Areas(
        areas.frame[dates.holds].reset_index(drop=True), areas.polygons[dates.holds], undated
    )


def evictions_in_force(project: Project, as_of: str, until: str = "") -> Areas:
    """Return the eviction areas in force (see `in_force`) whose stage is not cancelled."""
    columns = ("name", "stage", "actor", "valid_from", "valid_to")
    areas = stacked(project.of_kind("evictions"), columns)
    live = (areas.frame["stage"] != CANCELLED).to_numpy()
    if not live.all():
        areas = Areas(areas.frame[live].reset_index(drop=True), areas.polygons[live])
    return chosen(areas, as_of, until)


def support_areas_in_force(project: Project, as_of: str, until: str = "") -> Areas:
    """Return the support areas in force (see `in_force`); those drawn as a point cover nothing."""
    columns = ("name", "support_kind", "provision_id", "valid_from", "valid_to")
    return chosen(stacked(project.of_kind("support_areas"), columns), as_of, until)
