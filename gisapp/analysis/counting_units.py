"""The units that subjects are counted in: RW, kelurahan, or equal cells over the admin areas."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Literal, get_args

import numpy as np
import pandas as pd
import shapely

from gisapp.analysis.admin import admin_areas
from gisapp.analysis.areas import stacked
from gisapp.analysis.columns import Floats, Geometries, Ints, Texts, numbers
from gisapp.core.errors import GisappError
from gisapp.core.words import _

if TYPE_CHECKING:
    from gisapp.analysis.admin import AdminAreas
    from gisapp.analysis.subjects import Subjects
    from gisapp.core.project import Project

UnitKind = Literal["rw", "kelurahan", "hexagons", "squares"]
UNIT_KINDS: tuple[str, ...] = get_args(UnitKind)
CELL_M = 250.0
MOST_CELLS = 20_000
# A unit this much smaller than the median one is what digitising or clipping left over: its
# density says more about its border than about people.
SLIVER_SHARE = 0.05
NO_UNIT = -1


@dataclass(frozen=True, eq=False)
class CountingUnits:
    """u units in the order of their codes.

    Parameters
    ----------
    kind : UnitKind
    codes, names : ndarray of str, shape (u,)
    polygons : ndarray of geometries, shape (u,)
        Cells lie inside the admin areas.
    population, families : ndarray of float, shape (u,)
        After the admin layer; NaN where it does not say, as for cells.
    """

    kind: UnitKind
    codes: Texts
    names: Texts
    polygons: Geometries
    population: Floats
    families: Floats

    def __len__(self) -> int:
        return len(self.codes)

    @cached_property
    def area_km2(self) -> Floats:
        """The area of each unit, shape (u,)."""
        area: Floats = shapely.area(self.polygons) / 1e6
        return area

    @cached_property
    def slivers(self) -> np.ndarray:
        """Which units are leftovers (`SLIVER_SHARE`), shape (u,)."""
        return self.area_km2 < SLIVER_SHARE * np.median(self.area_km2)

    def unit_of(self, subjects: Subjects) -> Ints:
        """Return each subject's unit, shape (n,); `NO_UNIT` outside all of them.

        On a border that is the unit with the lower code.
        """
        pairs = subjects.covered_by(self.polygons)
        unit = np.full(len(subjects), len(self), dtype=np.int64)
        np.minimum.at(unit, pairs.subject, pairs.area)
        return np.where(unit == len(self), NO_UNIT, unit)


def usual_units(project: Project) -> UnitKind:
    """Return the finest units that a project can count by: its RW, else hexagons."""
    levels = stacked(project.of_kind("admin"), ("level",)).frame["level"]
    return "rw" if (levels == "rw").any() else "hexagons"


def counting_units(project: Project, kind: UnitKind, cell_m: float = CELL_M) -> CountingUnits:
    """Lay out the units to count by.

    Parameters
    ----------
    project : Project
    kind : {"rw", "kelurahan", "hexagons", "squares"}
        The first two are the areas of that level in the admin layers, merged by code.
    cell_m : float
        Width of a cell between two opposite sides, metres. The same width gives the same cells
        in every project of the CRS.

    Raises
    ------
    GisappError
        Where the admin layers have no such areas, or there would be too many cells.
    """
    if kind in ("rw", "kelurahan"):
        return _admin_units(project, kind)
    return _cells(project, kind, cell_m)


def _admin_units(project: Project, level: UnitKind) -> CountingUnits:
    columns = ("code", "name", "level", "population", "families")
    areas = stacked(project.of_kind("admin"), columns)
    told = areas.frame["level"].where(areas.frame["level"] != "", "kelurahan")
    keep = (told == level).to_numpy(dtype=bool)
    if not keep.any():
        raise GisappError(
            _("The admin layer has no areas of the level {level}.").format(level=level),
            _("Choose hexagons, or import an admin layer that has them."),
        )
    frame, polygons = areas.frame[keep].reset_index(drop=True), areas.polygons[keep]
    code = frame["code"].where(frame["code"] != "", frame["id"]).to_numpy(dtype=object)
    place, codes = pd.factorize(code, sort=True)
    population, families = (
        np.asarray(pd.Series(numbers(frame, c)).groupby(place).max(), np.float64)
        for c in columns[3:]
    )
    return CountingUnits(
        level,
        np.asarray(codes, dtype=object),
        frame["name"].groupby(place).min().to_numpy(dtype=object),
        np.array([shapely.union_all(polygons[place == i]) for i in range(len(codes))], object),
        population,
        families,
    )


def _cells(project: Project, kind: UnitKind, cell_m: float) -> CountingUnits:
    admin = admin_areas(project)
    ground = admin.areas.polygons
    if not len(ground):
        raise GisappError(
            _("There is no admin layer to lay cells over."),
            _("Import a layer of the kind admin first."),
        )
    whole = shapely.union_all(ground)
    place, cells = _laid_over(shapely.bounds(whole), kind, cell_m)
    shapely.prepare(whole)
    keep = shapely.intersects(whole, cells)
    place, cells = place[keep], cells[keep]
    cut = ~shapely.contains_properly(whole, cells)
    cells[cut] = shapely.intersection(cells[cut], whole)
    keep = shapely.area(cells) > 0
    codes = np.array([f"{column}_{row}" for column, row in place[keep]], dtype=object)
    order = np.argsort(codes)
    codes, cells = codes[order], cells[keep][order]
    unknown = np.full(len(order), np.nan)
    return CountingUnits(kind, codes, _cell_names(admin, codes, cells), cells, unknown, unknown)


def _cell_names(admin: AdminAreas, codes: Texts, cells: Geometries) -> Texts:
    """Return each cell's code behind the name of an admin area that it lies in: one finds it."""
    inside = shapely.point_on_surface(cells)
    cell, area = shapely.STRtree(admin.areas.polygons).query(inside, predicate="intersects")
    place = np.full(len(cells), len(admin.codes), dtype=np.int64)
    np.minimum.at(place, cell, admin.place[area])
    names = np.array([*admin.names, ""], dtype=object)[place]
    told = [f"{name} {code}".strip() for name, code in zip(names, codes, strict=True)]
    return np.array(told, dtype=object)


def _laid_over(bounds: Floats, kind: UnitKind, cell_m: float) -> tuple[Ints, Geometries]:
    """Return the columns and rows, shape (k, 2), and outlines of the cells over a box.

    Cells are counted from the CRS's origin. Hexagons stand on a corner; odd rows are shifted by
    half a cell.
    """
    tall = cell_m * np.sqrt(3) / 2 if kind == "hexagons" else cell_m
    west, south = np.floor(bounds[:2] / (cell_m, tall)).astype(np.int64) - 1
    east, north = np.ceil(bounds[2:] / (cell_m, tall)).astype(np.int64) + 1
    if (east - west) * (north - south) > MOST_CELLS * 4:
        raise _too_many(cell_m)
    place = np.stack(np.meshgrid(np.arange(west, east), np.arange(south, north)), -1).reshape(-1, 2)
    centres = (place + 0.5) * (cell_m, tall)
    if kind == "hexagons":
        centres[:, 0] += np.where(place[:, 1] % 2, cell_m / 2, 0.0)
        turns = np.deg2rad(30 + 60 * np.arange(6))
        corners = np.stack([np.cos(turns), np.sin(turns)], -1) * cell_m / np.sqrt(3)
    else:
        corners = np.array([(-1, -1), (1, -1), (1, 1), (-1, 1)]) * cell_m / 2
    return place, shapely.polygons(centres[:, None, :] + corners)


def _too_many(cell_m: float) -> GisappError:
    return GisappError(
        _("Cells of {width} m would be too many to count by.").format(width=f"{cell_m:g}"),
        _("Choose wider cells."),
    )
