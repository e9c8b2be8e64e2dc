"""The project's area: where a point of it can lie."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import shapely
from pyproj import CRS, Transformer

from gisapp.core.memory import FrameMemory
from gisapp.core.words import _
from gisapp.io.catalogue import load_catalogue

if TYPE_CHECKING:
    import geopandas as gpd
    from numpy.typing import NDArray

    from gisapp.core.layer import Layer
    from gisapp.core.project import Project

# cli.md: a point belongs to the project up to this far outside its area.
MARGIN_M = 500.0


@dataclass(frozen=True, eq=False)
class Area:
    """A shape in the project's CRS (None: everywhere), and in words where it comes from."""

    shape: Any
    origin: str

    def holds(self, x: NDArray[np.float64], y: NDArray[np.float64]) -> NDArray[np.bool_]:
        """Whether each point lies in the area or within `MARGIN_M` of it; shape (n,)."""
        finite: NDArray[np.bool_] = np.isfinite(x) & np.isfinite(y)
        if self.shape is None:
            return finite
        west, south, east, north = self.shape.bounds
        held: NDArray[np.bool_] = finite & (x >= west - MARGIN_M) & (x <= east + MARGIN_M)
        held &= (y >= south - MARGIN_M) & (y <= north + MARGIN_M)
        near = np.flatnonzero(held)
        shapely.prepare(self.shape)
        inside = shapely.contains_xy(self.shape, x[near], y[near])
        doubtful = near[~inside]
        points = shapely.points(x[doubtful], y[doubtful])
        held[doubtful] = shapely.dwithin(self.shape, points, MARGIN_M)  # the prepared one first
        return held


def project_area(project: Project, replacing: str = "") -> Area:
    """Return the area of a project.

    Its admin layers, else the extent of its layers, else where its CRS is meant to be used.

    Parameters
    ----------
    project : Project
    replacing : str
        A layer that is about to be replaced and does not count.
    """
    layers = _telling_layers(project, replacing)
    if not layers:
        return Area(_area_of_use(CRS.from_user_input(project.crs)), _("where the CRS is used"))
    if layers[0].kind == "admin":
        shapes = [_united(x.frame) for x in layers]
        return Area(shapely.union_all(shapes), _("the admin layer"))
    return Area(shapely.box(*_extent(layers)), _("the extent of the layers"))


_unions: FrameMemory[Any] = FrameMemory()


def _united(frame: gpd.GeoDataFrame) -> Any:
    """Return the union of a frame's areas; of many it takes seconds, so that it is remembered."""
    union = _unions.get(frame)
    if union is None:
        union = shapely.union_all(frame.geometry.array)
        _unions.put(frame, union)
    # A shape of its own, because threads may not share one that is prepared.
    return shapely.force_2d(union)


def area_extent(project: Project) -> tuple[float, float, float, float] | None:
    """Return west, south, east, north of a project's area in metres; None without layers.

    At once, where the shape of many admin areas takes seconds.
    """
    layers = _telling_layers(project, "")
    return _extent(layers) if layers else None


def _telling_layers(project: Project, replacing: str) -> list[Layer]:
    """Return the admin layers, else every layer that was surveyed."""
    layers = [
        x
        for x in project.layers
        if x.name != replacing and _surveyed(x.kind) and x.frame.geometry.notna().any()
    ]
    return [x for x in layers if x.kind == "admin"] or layers


def _extent(layers: list[Layer]) -> tuple[float, float, float, float]:
    bounds = np.array([x.frame.total_bounds for x in layers])
    west, south = np.nanmin(bounds[:, :2], axis=0).tolist()
    east, north = np.nanmax(bounds[:, 2:], axis=0).tolist()
    return west, south, east, north


def _surveyed(kind: str) -> bool:
    known = load_catalogue().kinds.get(kind)
    return known is None or not known.result


def _area_of_use(crs: CRS) -> Any:
    if crs.area_of_use is None:
        return None
    to_crs = Transformer.from_crs("EPSG:4326", crs, always_xy=True)
    bounds = to_crs.transform_bounds(*crs.area_of_use.bounds)
    return shapely.box(*bounds) if np.isfinite(bounds).all() else None
