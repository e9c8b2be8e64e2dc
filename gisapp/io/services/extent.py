"""The part of a layer that a service is asked for, in degrees."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pyproj import Transformer

from gisapp.io.area import MARGIN_M, area_extent

if TYPE_CHECKING:
    from gisapp.core.project import Project
    from gisapp.io.services.addresses import Address
    from gisapp.io.services.service import Bounds

_MOST_DEGREES = 360.0
_DECIMALS = 6


def asked_bounds(address: Address, project: Project, bounds: Bounds | None) -> Bounds | None:
    """Return the area to ask for.

    Parameters
    ----------
    address : Address
    project : Project
    bounds : tuple of float, optional
        The user's: west, south, east, north in degrees or in metres of the project's CRS.

    Returns
    -------
    tuple of float or None
        In degrees; the project's, where the service must be asked for one; None: everything.
    """
    if bounds is not None:
        return bounds if _are_degrees(bounds) else _in_degrees(bounds, project.crs)
    return project_bounds(project) if address.kind.areas == "must" else None


def project_bounds(project: Project) -> Bounds | None:
    """Return what surrounds the project's area; None where it has none yet."""
    extent = area_extent(project)
    if extent is None:
        return None
    west, south, east, north = extent
    around = (west - MARGIN_M, south - MARGIN_M, east + MARGIN_M, north + MARGIN_M)
    return _in_degrees(around, project.crs)


def _are_degrees(bounds: Bounds) -> bool:
    return max(map(abs, bounds)) <= _MOST_DEGREES


def _in_degrees(bounds: Bounds, crs: str) -> Bounds:
    to_degrees = Transformer.from_crs(crs, "EPSG:4326", always_xy=True)
    west, south, east, north = to_degrees.transform_bounds(*bounds)
    return (
        round(west, _DECIMALS),
        round(south, _DECIMALS),
        round(east, _DECIMALS),
        round(north, _DECIMALS),
    )
