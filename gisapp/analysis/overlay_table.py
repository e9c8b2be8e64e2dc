"""Zoning × evictions × admin areas: a partition of the ground, so that every margin adds up.

All borders are laid over each other, and every face between them belongs to exactly one row: the
sub-zone codes that cover it (joined where the plan overlaps itself), the highest stage of the
evictions in force that cover it, and one admin area (the lower code where two overlap). What no
area of a kind covers is a row too. Nothing is dropped, so areas add up to the admin layer's.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from gisapp.analysis.areas import stacked
from gisapp.analysis.columns import as_text
from gisapp.analysis.counting_units import NO_UNIT, counting_units
from gisapp.analysis.exposure import STAGE_ORDER, stage_ranks
from gisapp.analysis.overlay import intersections, pair_areas
from gisapp.analysis.study import Study, study
from gisapp.analysis.subjects import highest
from gisapp.core.progress import SILENT, Progress
from gisapp.core.words import _

if TYPE_CHECKING:
    from collections.abc import Sequence

    from gisapp.analysis.columns import Floats, Geometries, Ints, Texts
    from gisapp.analysis.counting_units import CountingUnits
    from gisapp.analysis.subjects import Subjects
    from gisapp.core.project import Project

Level = Literal["rw", "kelurahan"]
# A piece narrower than this on average (twice its area over its border's length) is what two
# drawings of one border leave between them.
SLIVER_M = 0.5
# Borders are noded on this grid: finer than any survey, coarser than what rounding moves a corner.
NODING_M = 1e-6
OUTSIDE, UNNAMED = "outside", "?"
_STEPS = 4
NUMBERS = ("area_m2", "share", "pieces", "slivers", "sliver_m2", "businesses", "families")
KEYS = ("zone", "stage", "admin_code")


@dataclass(frozen=True, eq=False)
class OverlayTable:
    """The partition, and who stands where in it.

    Parameters
    ----------
    as_of, by : str
        The date and the level of the admin areas; `by` is empty without any.
    rows : GeoDataFrame
        One row for each zone, stage and admin area that meet, sorted: ``zone`` (codes joined by
        ``;``, ``?`` for one without a code, empty outside the plan), ``stage`` (empty where no
        eviction is in force), ``admin_code`` (``outside`` of all areas), ``admin_name``,
        ``area_m2``, ``share`` (of the whole, 0–1), ``pieces``, ``slivers``, ``sliver_m2``,
        ``businesses``, ``families`` (by their homes), ``geometry``. A subject on the border of
        two zones is in both: a row of its own, with an area of 0 where the zones only touch.
    by_eviction : DataFrame
        ``eviction_id``, ``zone``, ``area_m2``, ``share`` (of the eviction area, 0–1): as the
        areas lie, so that where the plan overlaps itself the same ground counts for each zone.
    admin_m2 : float
        The area of the admin areas, each spot once.
    overlap_m2 : mapping
        ``zoning``, ``evictions``, ``admin``: the ground that two or more areas of a kind cover.
    no_location : mapping
        ``businesses`` and ``families`` that lie nowhere: in no row.
    sliver_m : float
    """

    as_of: str
    by: str
    rows: gpd.GeoDataFrame
    by_eviction: pd.DataFrame
    admin_m2: float
    overlap_m2: dict[str, float]
    no_location: dict[str, int]
    sliver_m: float


@dataclass(frozen=True, eq=False)
class _Ground:
    """What the partition is made of."""

    zoning: Geometries
    zone_codes: Texts
    evictions: Geometries
    stages: Ints
    units: CountingUnits | None

    @property
    def admin(self) -> Geometries:
        return self.units.polygons if self.units else np.empty(0, dtype=object)


@dataclass(frozen=True, eq=False)
class _Spots:
    """Where faces or subjects lie: zone (a text), stage and unit (numbers), shape (n,)."""

    zone: Texts
    stage: Ints
    unit: Ints


def usual_level(project: Project) -> Level | Literal[""]:
    """Return the finest level that admin areas are counted by; empty without any."""
    levels = stacked(project.of_kind("admin"), ("level",)).frame["level"]
    if not len(levels):
        return ""
    return "rw" if (levels == "rw").any() else "kelurahan"


def overlay_table(
    project: Project,
    by: Level | Literal[""] = "",
    as_of: str = "",
    sliver_m: float = SLIVER_M,
    progress: Progress = SILENT,
) -> OverlayTable:
    """Lay the plan, the evictions in force and the admin areas over each other.

    Parameters
    ----------
    project : Project
    by : {"rw", "kelurahan"}
        The level of the admin areas; by default the finest there is.
    as_of : str
        ISO date; empty: the project's, else today.
    sliver_m : float
        Pieces narrower than this on average are counted as slivers; they stay in every sum.
    progress : Progress
        Told of each step; may raise `Cancelled`.

    Raises
    ------
    GisappError
        Where the project has no admin areas of that level, or cannot be assessed.
    """
    found = study(project, as_of, progress)
    level = by or usual_level(project)
    ground = _ground(found, counting_units(project, level) if level else None)
    progress.step(0, _STEPS, _("Borders"))
    faces = _faces(ground)
    progress.step(1, _STEPS, _("Areas"))
    spots, covers = _labelled(ground, faces)
    rows = _rows(faces, spots, sliver_m)
    progress.step(2, _STEPS, _("Businesses and families"))
    rows = _with_subjects(rows, found, ground)
    progress.step(3, _STEPS, _("Evictions"))
    area_m2, case = shapely.area(faces), found.case
    answer = OverlayTable(
        as_of=case.as_of,
        by=level,
        rows=gpd.GeoDataFrame(_finished(rows, ground), geometry="geometry", crs=project.crs),
        by_eviction=_by_eviction(found, ground),
        admin_m2=math.fsum(area_m2[covers["admin"] > 0]),
        overlap_m2={kind: math.fsum(area_m2[n > 1]) for kind, n in covers.items()},
        no_location={
            "businesses": int((~case.businesses.located).sum()),
            "families": int((~case.households.located).sum()),
        },
        sliver_m=sliver_m,
    )
    progress.step(_STEPS, _STEPS, _("Overlaid"))
    return answer


def _ground(found: Study, units: CountingUnits | None) -> _Ground:
    zones = found.case.plan.areas
    codes = zones.frame["subzone"].replace("", UNNAMED).to_numpy(dtype=object)
    evictions = found.case.evictions
    return _Ground(zones.polygons, codes, evictions.polygons, stage_ranks(evictions), units)


def _faces(ground: _Ground) -> Geometries:
    """Lay all borders over each other; return the faces between them, shape (f,)."""
    polygons = np.concatenate([ground.zoning, ground.evictions, ground.admin])
    noded = shapely.union_all(shapely.boundary(polygons), grid_size=NODING_M)
    faces: Geometries = shapely.get_parts(shapely.polygonize([noded]))
    return faces


def _labelled(ground: _Ground, faces: Geometries) -> tuple[_Spots, dict[str, Ints]]:
    """Say where each face lies, and how many areas of each kind cover it."""
    inside = shapely.point_on_surface(faces)
    covers, pairs = {}, {}
    for kind in ("zoning", "evictions", "admin"):
        polygons = getattr(ground, kind)
        area, face = shapely.STRtree(inside).query(polygons, predicate="contains")
        covers[kind] = np.bincount(face, minlength=len(faces))
        pairs[kind] = (face, area)
    return _spots(ground, len(faces), pairs), covers


def _spots(ground: _Ground, n: int, pairs: dict[str, tuple[Ints, Ints]]) -> _Spots:
    """Say where n spots lie, from the (spot, area) pairs of each kind."""
    zone, stage = pairs["zoning"], pairs["evictions"]
    unit = np.full(n, len(ground.admin), dtype=np.int64)
    np.minimum.at(unit, *pairs["admin"])
    unit[unit == len(ground.admin)] = NO_UNIT
    return _Spots(
        _joined_once(zone[0], ground.zone_codes[zone[1]], n),
        highest(stage[0], ground.stages[stage[1]], n),
        unit,
    )


def _joined_once(row: Ints, codes: Texts, n: int) -> Texts:
    """Join the different codes of each row by ``;``, sorted; ``""`` for a row without one."""
    pairs = pd.DataFrame({"row": row, "code": codes}).drop_duplicates()
    joined = pairs.sort_values("code").groupby("row")["code"].agg(";".join)
    texts = np.full(n, "", dtype=object)
    texts[joined.index.to_numpy(dtype=np.int64)] = joined.to_numpy(dtype=object)
    return texts


def _rows(faces: Geometries, spots: _Spots, sliver_m: float) -> pd.DataFrame:
    """Merge the faces of each zone, stage and unit, and measure what they make."""
    frame = pd.DataFrame({"zone": spots.zone, "stage": spots.stage, "unit": spots.unit})
    # A face that nothing covers is a hole between areas, or outside them all.
    covered = (frame["zone"] != "") | (frame["stage"] > 0) | (frame["unit"] != NO_UNIT)
    frame = frame[covered]
    area_m2 = shapely.area(faces)
    rows: list[tuple[Any, ...]] = []
    for (zone, stage, unit), members in frame.groupby(["zone", "stage", "unit"]):
        own = members.index.to_numpy()
        whole = shapely.coverage_union_all(faces[own])
        pieces = shapely.get_parts(whole)
        sliver = 2 * shapely.area(pieces) < sliver_m * shapely.length(pieces)
        rows.append(
            (zone, stage, unit, math.fsum(area_m2[own]), len(pieces), int(sliver.sum()),
             math.fsum(shapely.area(pieces[sliver])), whole)
        )  # fmt: skip
    columns = ["zone", "stage", "unit", "area_m2", "pieces", "slivers", "sliver_m2", "geometry"]
    return pd.DataFrame(rows, columns=columns)


def _with_subjects(rows: pd.DataFrame, found: Study, ground: _Ground) -> pd.DataFrame:
    """Count the businesses and the homes of each row; a row that has only those is added."""
    keys = ["zone", "stage", "unit"]
    for name, subjects, rank in (
        ("businesses", found.case.businesses, found.found.businesses.exposure.rank),
        ("families", found.case.households, found.found.households.exposure.rank),
    ):
        spots = _spots_of(subjects, rank, ground)
        counted = spots[subjects.located].value_counts(keys).rename(name).reset_index()
        rows = rows.merge(counted, "outer", on=keys)
        rows[name] = rows[name].fillna(0).astype("int64")
    return rows


def _spots_of(subjects: Subjects, rank: Ints, ground: _Ground) -> pd.DataFrame:
    pairs = subjects.covered_by(ground.zoning)
    zone = _joined_once(pairs.subject, ground.zone_codes[pairs.area], len(subjects))
    unit = ground.units.unit_of(subjects) if ground.units else np.full(len(subjects), NO_UNIT)
    return pd.DataFrame({"zone": zone, "stage": rank, "unit": unit})


def _finished(rows: pd.DataFrame, ground: _Ground) -> pd.DataFrame:
    """Give the rows their order, words and shares."""
    last = rows["unit"].replace(NO_UNIT, rows["unit"].max() + 1)
    rows = rows.assign(place=last).sort_values(["place", "zone", "stage"], ignore_index=True)
    for name in ("area_m2", "sliver_m2"):
        rows[name] = rows[name].fillna(0.0)
    for name in ("pieces", "slivers"):
        rows[name] = rows[name].fillna(0).astype("int64")
    total = math.fsum(rows["area_m2"])
    unit = rows["unit"].to_numpy(dtype=np.int64)
    codes, names = _unit_texts(ground.units)
    geometry = rows["geometry"].to_numpy(dtype=object, copy=True)
    geometry[shapely.is_missing(geometry)] = None
    columns = {
        "zone": as_text(rows["zone"].to_numpy(dtype=object)),
        "stage": as_text(np.array(STAGE_ORDER, dtype=object)[rows["stage"].to_numpy(np.int64)]),
        "admin_code": as_text(codes[unit]),
        "admin_name": as_text(names[unit]),
        "area_m2": rows["area_m2"],
        "share": rows["area_m2"] / total if total else 0.0,
        **{c: rows[c] for c in ("pieces", "slivers", "sliver_m2", "businesses", "families")},
        "geometry": geometry,
    }
    return pd.DataFrame(columns)


def _unit_texts(units: CountingUnits | None) -> tuple[Texts, Texts]:
    """Return codes and names by unit; the last place, which −1 also reaches, is outside."""
    codes, names = (units.codes, units.names) if units else ((), ())
    return (
        np.array([*codes, OUTSIDE], dtype=object),
        np.array([*names, _("outside admin areas")], dtype=object),
    )


def _by_eviction(found: Study, ground: _Ground) -> pd.DataFrame:
    """Say how much of each eviction area lies in which sub-zone."""
    pairs = pair_areas(ground.evictions, ground.zoning)
    ids = found.case.evictions.frame["id"].to_numpy(dtype=object)
    frame = pd.DataFrame(
        {
            "row": pairs.left,
            "zone": ground.zone_codes[pairs.right],
            "area_m2": pairs.area_m2,
        }
    )
    summed = frame.groupby(["row", "zone"])["area_m2"].agg(math.fsum).reset_index()
    row = summed["row"].to_numpy(dtype=np.int64)
    whole_m2: Floats = shapely.area(ground.evictions[row])
    made = pd.DataFrame(
        {
            "eviction_id": as_text(ids[row]),
            "zone": as_text(summed["zone"].to_numpy(dtype=object)),
            "area_m2": summed["area_m2"].to_numpy(dtype=np.float64),
        }
    )
    made["share"] = made["area_m2"] / whole_m2
    return made.sort_values(["eviction_id", "zone"], ignore_index=True)


def eviction_ground(found: Study) -> dict[tuple[str, str], shapely.Geometry]:
    """Return the ground behind each row of `OverlayTable.by_eviction`, by eviction id and zone."""
    ground = _ground(found, None)
    pairs, shared = intersections(ground.evictions, ground.zoning)
    ids = found.case.evictions.frame["id"].to_numpy(dtype=object)
    frame = pd.DataFrame({"id": ids[pairs.left], "zone": ground.zone_codes[pairs.right]})
    return {
        (str(eviction), str(zone)): shapely.union_all(shared[members.index.to_numpy()])
        for (eviction, zone), members in frame.groupby(["id", "zone"])
    }


def margin(table: OverlayTable, key: str) -> list[dict[str, Any]]:
    """Sum the rows by one of `KEYS`: every margin adds up to the same totals."""
    groups = [{key: value, **totals(rows)} for value, rows in table.rows.groupby(key, sort=True)]
    if key == "stage":
        groups.sort(key=lambda group: STAGE_ORDER.index(group[key]))
    return groups


def totals(rows: pd.DataFrame) -> dict[str, Any]:
    """Add rows of an `OverlayTable` up; areas exactly (`math.fsum`), whatever their order."""
    return {
        name: math.fsum(rows[name]) if rows[name].dtype.kind == "f" else int(rows[name].sum())
        for name in NUMBERS
    }


def overlay_frame(table: OverlayTable) -> gpd.GeoDataFrame:
    """Return the rows that have ground, as a layer has them: with an id, nothing as missing."""
    rows = table.rows[table.rows.geometry.notna()].reset_index(drop=True)
    keys = zip(*(rows[key].replace("", "–") for key in KEYS), strict=True)
    rows.insert(0, "id", as_text([" / ".join(key) for key in keys]))
    for key in ("zone", "stage"):
        rows[key] = rows[key].where(rows[key] != "")
    return rows


def overlay_summary(table: OverlayTable) -> dict[str, Any]:
    """Return the object that ``gisapp overlay --json`` prints."""
    rows = table.rows.drop(columns="geometry")
    return {
        "as_of": table.as_of,
        "by": table.by,
        "sliver_m": table.sliver_m,
        "total": totals(table.rows),
        "admin_m2": table.admin_m2,
        "overlap_m2": table.overlap_m2,
        "no_location": table.no_location,
        "rows": rows.to_dict("records"),
        "by_zone": margin(table, "zone"),
        "by_stage": margin(table, "stage"),
        "by_admin": margin(table, "admin_code"),
        "by_eviction": table.by_eviction.to_dict("records"),
    }


def displayed(values: Sequence[float], decimals: int = 1) -> Floats:
    """Round values so that they add up to their rounded sum (largest remainder), for display.

    No value moves by more than one unit of the last digit.
    """
    scaled = np.asarray(values, dtype=np.float64) * 10.0**decimals
    down = np.floor(scaled)
    short = round(math.fsum(scaled)) - int(down.sum())
    up = np.argsort(down - scaled, kind="stable")[: max(short, 0)]
    down[up] += 1
    return down / 10.0**decimals
