"""The areas and cells that subjects are counted by, with their outlines."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import pandas as pd
import shapely

from gisapp.analysis.admin import admin_areas
from gisapp.analysis.areas import stacked
from gisapp.privacy.masking import hexagon_of, hexagons
from gisapp.privacy.people import NO_LOCATION, OUTSIDE

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

    from gisapp.core.project import Project
    from gisapp.privacy.cells import Place
    from gisapp.privacy.people import People
    from gisapp.privacy.presets import Preset

    Texts = NDArray[np.object_]

NO_CELL: Final = "-"
# Where the admin layer does not say how many families live in an area.
PERSONS_PER_FAMILY: Final = 4.0
SPARSE_FAMILIES_PER_M2: Final = 0.0005


@dataclass(frozen=True, eq=False)
class Ground:
    """The admin areas that totals are given for.

    Parameters
    ----------
    codes : tuple of str
        Every area's code, then ``outside`` and ``no_location``; empty where the preset may not
        count by the areas that the project has.
    names, polygons : mapping
        By code.
    """

    codes: tuple[str, ...]
    names: Mapping[str, str]
    polygons: Mapping[str, Any]


def ground(project: Project, preset: Preset) -> Ground:
    """Return the areas to count by; none where they are finer than the preset allows."""
    admin = admin_areas(project)
    levels = set(admin.areas.frame["level"])
    if preset.area_level == "kelurahan" and "rw" in levels:
        return Ground((), {}, {})
    merged = {
        code: shapely.union_all(admin.areas.polygons[admin.place == place])
        for place, code in enumerate(admin.codes)
    }
    names = dict(zip(admin.codes, admin.names, strict=True))
    return Ground((*admin.codes, OUTSIDE, NO_LOCATION), names, merged)


def outlines(area: Ground) -> dict[Place, Any]:
    """Return the areas' own outlines, as places without a cell."""
    return {(code, ""): polygon for code, polygon in area.polygons.items()}


def cells(
    project: Project, people: People, preset: Preset, area: Ground
) -> tuple[Texts | None, dict[Place, Any]]:
    """Return the cell of every subject inside its area, and the outlines that counts stand for.

    Cells lie inside one area each, so that an area's total is the sum of its cells: an RW where
    the project knows them, else a hexagon, cut at the area's border. Under ``public`` an area is
    its own cell.
    """
    if preset.area_level == "kelurahan" and area.codes:
        return None, outlines(area)
    regions = _regions(project) if preset.area_level == "rw" else None
    if regions is not None:
        cell, shapes = _region_of(people, *regions), dict(zip(*regions, strict=True))
    else:
        cell, shapes = _hexagon_of(people, preset.hexagon_m)
    named = people.area if area.codes else np.full(len(cell), "", dtype=object)
    places = sorted({(str(a), str(c)) for a, c in zip(named, cell, strict=True) if c != NO_CELL})
    return cell, {
        place: _clipped(shapes[place[1]], area.polygons.get(place[0])) for place in places
    }


def _clipped(shape: Any, border: Any) -> Any:
    return shape if border is None else shapely.intersection(shape, border)


def _regions(project: Project) -> tuple[list[str], list[Any]] | None:
    """Return codes and outlines of the RW, sorted by code; None where there are none."""
    areas = stacked(project.of_kind("admin"), ("code", "level"))
    is_rw = (areas.frame["level"] == "rw").to_numpy(dtype=bool)
    if not is_rw.any():
        return None
    frame = areas.frame[is_rw].reset_index(drop=True)
    code = frame["code"].where(frame["code"] != "", frame["id"])
    place, codes = pd.factorize(code.to_numpy(dtype=object), sort=True)
    polygons = areas.polygons[is_rw]
    return list(codes), [shapely.union_all(polygons[place == i]) for i in range(len(codes))]


def _region_of(people: People, codes: list[str], polygons: list[Any]) -> Texts:
    points = np.asarray(people.frame.geometry.array, dtype=object)
    tree = shapely.STRtree(polygons)
    row, place = tree.query(points, predicate="intersects")
    lowest = np.full(len(points), len(codes))
    np.minimum.at(lowest, row, place)
    names: Texts = np.array([*codes, NO_CELL], dtype=object)[lowest]
    return names


def _hexagon_of(people: People, width_m: float) -> tuple[Texts, dict[str, Any]]:
    points = people.coordinates
    located = np.isfinite(points).all(axis=1)
    axial = hexagon_of(points[located], width_m)
    distinct, which = np.unique(axial, axis=0, return_inverse=True)
    names = [f"{column}_{row}" for column, row in distinct]
    cell = np.full(len(points), NO_CELL, dtype=object)
    cell[located] = np.array(names, dtype=object)[which.ravel()]
    return cell, dict(zip(names, hexagons(distinct, width_m), strict=True))


def families_per_m2(project: Project, area: Ground) -> dict[str, float]:
    """Return how densely families live in each area, after the admin layer's figures."""
    columns = ("code", "families", "population")
    told = stacked(project.of_kind("admin"), columns).frame.drop_duplicates("code")
    number = told.set_index("code")[["families", "population"]].apply(
        pd.to_numeric, errors="coerce"
    )
    families = number["families"].fillna(number["population"] / PERSONS_PER_FAMILY)
    dense = {
        code: families.get(code, np.nan) / polygon.area for code, polygon in area.polygons.items()
    }
    return {code: d if d > 0 else SPARSE_FAMILIES_PER_M2 for code, d in dense.items()}
