"""The ground of the page: the outlines around its area, and tiles that the reader may turn on."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import numpy as np
import shapely

from gisapp.core.basemap import OUTLINES
from gisapp.export.packing import packed_shapes
from gisapp.io.outlines import ATTRIBUTION, provinces

if TYPE_CHECKING:
    from collections.abc import Sequence

    from gisapp.core.basemap import Basemap

# How far around the map's area the outlines go, and how finely they are drawn: seen from 1:500,000
# outward a pixel is wider than this.
_AROUND_DEGREES: Final = 8.0
_FINENESS_DEGREES: Final = 0.005
# Nearer, the outlines would be false by more than a reader may think (about 1:500,000).
FARTHEST_ZOOM: Final = 10.25


def page_ground(basemap: Basemap, bounds: Sequence[float] | None) -> dict[str, Any] | None:
    """Return the outlines around an area; None where the project shows another ground.

    Parameters
    ----------
    bounds : west, south, east, north
        In degrees.
    """
    if basemap.kind not in ("outlines", "tiles") or bounds is None:
        return None
    west, south, east, north = bounds
    around = shapely.box(
        west - _AROUND_DEGREES, south - _AROUND_DEGREES,
        east + _AROUND_DEGREES, north + _AROUND_DEGREES,
    )  # fmt: skip
    shapes = np.asarray(provinces().geometry.array, dtype=object)
    near = shapes[shapely.intersects(shapes, around)]
    coarse = shapely.simplify(shapely.intersection(near, around), _FINENESS_DEGREES)
    parts, row = shapely.get_parts(coarse, return_index=True)
    areas = shapely.get_type_id(parts) == shapely.GeometryType.POLYGON
    areas &= shapely.area(parts) > _FINENESS_DEGREES**2
    if not areas.any():
        return None
    return {
        "areas": packed_shapes(parts[areas], row[areas]),
        "attribution": ATTRIBUTION,
        "zoom": FARTHEST_ZOOM,
        "opacity": basemap.opacity if basemap.kind == OUTLINES.kind else 1.0,
    }


def page_tiles(basemap: Basemap) -> dict[str, Any] | None:
    """Return the provider whose tiles the reader may turn on; None where the project has none."""
    from gisapp.io.tiles.providers import providers

    if basemap.kind != "tiles" or basemap.name not in providers():
        return None
    provider = providers()[basemap.name]
    return {
        "url": provider.template,
        "host": provider.host,
        "name": provider.name,
        "attribution": provider.attribution,
        "minZoom": provider.min_zoom,
        "maxZoom": provider.max_zoom,
        "opacity": basemap.opacity,
    }
