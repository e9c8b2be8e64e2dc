"""What a picture shows: everything, an asked-for extent, or an area by its name."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pyproj
import shapely

from gisapp.core.errors import GisappError
from gisapp.core.words import _, number
from gisapp.render.geometry import geometry_of, in_view, total_bounds
from gisapp.render.viewport import Viewport

if TYPE_CHECKING:
    from shapely.geometry.base import BaseGeometry

    from gisapp.core.layer import Layer
    from gisapp.export.settings import Bounds
    from gisapp.privacy.release import Release

_NAMES_SHOWN = 8
_MOST_AREAS = 300
_TESTED_PX = 1000


@dataclass(frozen=True, eq=False)
class Area:
    """One area of a layer: what it is called, its code, its place, its row in the frame."""

    name: str
    code: str
    shape: BaseGeometry
    row: int

    @property
    def bounds(self) -> Bounds:
        """min_x, min_y, max_x, max_y in metres."""
        return shapely.bounds(self.shape).tolist()  # type: ignore[no-any-return]


def everything(release: Release) -> Bounds:
    """Return the extent of the visible layers.

    Raises
    ------
    GisappError
        Where none of them holds a feature with a place.
    """
    bounds = total_bounds([layer.frame for layer in release.layers if layer.visible])
    if bounds is None:
        raise GisappError(
            _("There is nothing to draw: no visible layer holds a feature with a place."),
            _("Import a layer, or make one visible, and export again."),
        )
    return bounds


def refuse_empty(release: Release, bounds: Bounds) -> None:
    """Refuse an extent in which no visible layer has anything; a point is none.

    Raises
    ------
    GisappError
        Where that is so; it tells the extent of what there is.
    """
    min_x, min_y, max_x, max_y = bounds
    if min_x == max_x or min_y == max_y:
        return
    metres_per_px = max(max_x - min_x, max_y - min_y) / _TESTED_PX
    center = (min_x + max_x) / 2, (min_y + max_y) / 2
    across, up = ((b - a) / metres_per_px for a, b in ((min_x, max_x), (min_y, max_y)))
    size_px = max(math.ceil(across), 1), max(math.ceil(up), 1)
    view = Viewport(*center, metres_per_px, *size_px)
    visible = (geometry_of(layer.frame) for layer in release.layers if layer.visible)
    if any(in_view(geometry, view).any() for geometry in visible):
        return
    to_degrees = pyproj.Transformer.from_crs(release.crs, "EPSG:4326", always_xy=True)
    extent = ",".join(f"{x:.4f}" for x in to_degrees.transform_bounds(*everything(release)))
    raise GisappError(
        _("Nothing of the visible layers lies within the extent asked for."),
        _("Choose one within {extent} (W,S,E,N in degrees), the extent of the layers.").format(
            extent=extent
        ),
    )


def in_metres(bounds: Bounds, crs: str) -> Bounds:
    """Return bounds in metres of `crs`; those that can only be degrees are put into it.

    Raises
    ------
    GisappError
        Where they lie outside of what `crs` can show.
    """
    west, south, east, north = bounds
    if max(abs(west), abs(east)) > 180 or max(abs(south), abs(north)) > 90:
        return bounds
    to_map = pyproj.Transformer.from_crs("EPSG:4326", crs, always_xy=True)
    placed = to_map.transform_bounds(west, south, east, north)
    if not np.isfinite(placed).all():
        raise GisappError(
            _("The extent lies outside of what {crs} can show.").format(crs=crs),
            _("Give west, south, east, north in degrees, such as 106.86,-6.37,106.90,-6.29."),
        )
    return placed


def layer_of_areas(release: Release, name: str) -> Layer:
    """Return the layer of areas of that name, or else of that kind.

    Raises
    ------
    GisappError
        Where there is none among those that leave.
    """
    able = [layer for layer in release.layers if len(_areas(layer))]
    for layer in (*(x for x in able if x.name == name), *(x for x in able if x.kind == name)):
        return layer
    raise GisappError(
        _("No layer of areas called {name} leaves with this edition.").format(name=name),
        _("Choose one of {names}.").format(names=", ".join(layer.name for layer in able) or "–"),
    )


def areas_of(layer: Layer) -> list[Area]:
    """Return the areas of a layer by code and name; of administrative ones the kelurahan.

    Raises
    ------
    GisappError
        Where there are too many for an atlas.
    """
    rows = _areas(layer)
    if "level" in layer.frame.columns:
        kelurahan = rows[(layer.frame["level"].iloc[rows] == "kelurahan").to_numpy(bool)]
        rows = kelurahan if len(kelurahan) else rows
    if len(rows) > _MOST_AREAS:
        raise GisappError(
            _("{layer} has {n} areas; an atlas has at most {most} pages.").format(
                layer=layer.name, n=number(len(rows)), most=number(_MOST_AREAS)
            ),
            _("Choose a layer of fewer areas, or one of them with --area."),
        )
    shapes = layer.frame.geometry.array
    codes = _texts(layer, "code", "id")
    names = _texts(layer, "name", "NAMOBJ", "code", "id")
    found = [Area(names[row] or codes[row], codes[row], shapes[row], row) for row in rows.tolist()]
    return sorted(found, key=lambda area: (area.code, area.name, area.row))


def area_called(areas: list[Area], name: str) -> Area:
    """Return the area of that id, code or name, whatever its case.

    Raises
    ------
    GisappError
        Where none is called so, or several are.
    """
    wanted = name.strip().casefold()
    found = [a for a in areas if wanted in (a.code.casefold(), a.name.casefold())]
    if len(found) == 1:
        return found[0]
    names = ", ".join(area.name for area in areas[:_NAMES_SHOWN])
    if found:
        names = ", ".join(area.code for area in found)
    raise GisappError(
        (_("Several areas are called {name}.") if found else _("No area is called {name}.")).format(
            name=name
        ),
        _("Choose one of {names}.").format(names=names or "–"),
    )


def _areas(layer: Layer) -> np.ndarray[tuple[int], np.dtype[np.intp]]:
    shapes = np.asarray(layer.frame.geometry.array)
    return np.flatnonzero((shapely.get_dimensions(shapes) == 2) & (shapely.area(shapes) > 0))


def _texts(layer: Layer, *columns: str) -> list[str]:
    """Return each row's first text among `columns`, in one line; empty where it has none."""
    texts = [""] * len(layer.frame)
    for column in reversed([c for c in columns if c in layer.frame.columns]):
        values = layer.frame[column]
        known = values.notna().to_numpy()
        for row in np.flatnonzero(known).tolist():
            texts[row] = " ".join(str(values.iloc[row]).split()) or texts[row]
    return texts
