"""What depends on whose boundaries are believed: two layers of the same admin areas, compared."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
import shapely

from gisapp.analysis.admin import NO_AREA, admin_areas, membership
from gisapp.analysis.columns import as_text
from gisapp.analysis.outlines import outline_distances
from gisapp.analysis.totals import IMPACTS_AFFECTED
from gisapp.core.errors import GisappError
from gisapp.core.policy import RESTRICTIVE_CLASSES
from gisapp.core.words import _

if TYPE_CHECKING:
    from gisapp.analysis.admin import AdminAreas
    from gisapp.analysis.columns import Bools, Floats, Geometries, Ints
    from gisapp.analysis.findings import About
    from gisapp.analysis.study import Study
    from gisapp.analysis.subjects import Subjects
    from gisapp.core.project import Project


@dataclass(frozen=True, eq=False)
class Boundaries:
    """Two sets of boundaries of the same areas, and what hangs on the choice.

    Parameters
    ----------
    layer, other : str
        The layers' names.
    pairs : DataFrame
        A row for each area of `layer` with its counterpart in `other`: ``code, name, other_name``,
        ``hausdorff_m`` and ``mean_m`` (the greatest and the mean distance of the outlines),
        ``difference_m2`` (the area that only one of them has), ``area_m2``, ``other_area_m2``.
    unpaired, other_unpaired : tuple of str
        Names of areas without a counterpart.
    moved : DataFrame
        A row for each subject that changes its area: ``kind, id, code, other_code`` (``""``:
        outside). An area of `other` goes by the code of its counterpart.
    ranges : DataFrame
        A row for each area of `pairs`, then one for ``outside``: ``code``, and for each total its
        value by `layer` and by `other` (``…_other``).
    """

    layer: str
    other: str
    pairs: pd.DataFrame
    unpaired: tuple[str, ...]
    other_unpaired: tuple[str, ...]
    moved: pd.DataFrame
    ranges: pd.DataFrame


@dataclass(frozen=True, eq=False)
class _Sets:
    """Areas of two sets, one polygon each; `counterpart`, shape (others,), is −1 for none."""

    areas: AdminAreas
    polygons: Geometries
    others: AdminAreas
    other_polygons: Geometries
    counterpart: Ints


def compare_boundaries(project: Project, study: Study, layer: str, other: str) -> Boundaries:
    """Compare the areas of two admin layers, and count by both.

    Areas are paired by code, else by name, where “RW 010” is “RW 10”; of several of one name the
    two that share the most ground belong together. Where `other` draws smaller areas than
    `layer`, those that lie mostly in one area of it are its counterpart together.

    Parameters
    ----------
    project : Project
    study : Study
        What was found; the findings themselves do not depend on admin areas.
    layer, other : str
        Names of layers of the kind admin.

    Raises
    ------
    GisappError
        Where there is no such layer, both are one, or no area has a counterpart.
    """
    areas, sets = _sets_of(project, layer, other)
    here = [membership(about.subjects, areas).place for about in _both(study)]
    there = [_counterpart(sets, about.subjects) for about in _both(study)]
    others = sets.others
    paired = np.unique(sets.counterpart[sets.counterpart >= 0])
    missing = np.setdiff1d(np.arange(len(areas.codes)), paired)
    return Boundaries(
        layer=layer,
        other=other,
        pairs=_pairs(sets, paired),
        unpaired=tuple(areas.names[i] for i in missing.tolist()),
        other_unpaired=tuple(
            sorted(n for n, c in zip(others.names, sets.counterpart, strict=True) if c < 0)
        ),
        moved=_moved(study, areas, here, there),
        ranges=_ranges(study, areas, here, there),
    )


def _sets_of(project: Project, layer: str, other: str) -> tuple[AdminAreas, _Sets]:
    areas, others = (_areas_of(project, name) for name in (layer, other))
    if layer == other:
        raise GisappError(
            _("“{layer}” cannot be compared with itself.").format(layer=layer),
            _("Import the other set of boundaries as a layer of the kind admin."),
        )
    sets = _paired(areas, others)
    if not (sets.counterpart >= 0).any():
        raise GisappError(
            _("No area of “{layer}” is found in “{other}”.").format(layer=layer, other=other),
            _("Give the areas of both layers the same codes or names."),
        )
    return areas, sets


def layer_in_use(project: Project, other: str) -> str:
    """Return the admin layer that is counted by, to compare `other` with; the first by name."""
    names = [layer.name for layer in project.of_kind("admin") if layer.name != other]
    return project.parameters.admin_layer or (names[0] if names else other)


def boundaries_summary(found: Boundaries) -> dict[str, Any]:
    """Return a comparison as the key ``boundaries`` of ``gisapp uncertainty --json``."""
    totals = [c for c in found.ranges.columns if c != "code" and not c.endswith("_other")]
    return {
        "layer": found.layer,
        "other": found.other,
        "pairs": found.pairs.round(2).to_dict("records"),
        "unpaired": list(found.unpaired),
        "other_unpaired": list(found.other_unpaired),
        "moved": found.moved.to_dict("records"),
        "by_admin": [
            {
                "code": row["code"],
                **{name: sorted([row[name], row[f"{name}_other"]]) for name in totals},
            }
            for row in found.ranges.to_dict("records")
        ],
    }


def _areas_of(project: Project, layer: str) -> AdminAreas:
    return admin_areas(replace(project, parameters=replace(project.parameters, admin_layer=layer)))


def _both(study: Study) -> tuple[About, About]:
    return study.found.businesses, study.found.households


def _paired(areas: AdminAreas, others: AdminAreas) -> _Sets:
    polygons, other_polygons = _united(areas), _united(others)
    finer = bool(len(others.codes)) and _level(areas) != _level(others) == "rw"
    by_ground = _shared_ground(other_polygons, polygons)
    counterpart = np.full(len(others.codes), NO_AREA, dtype=np.int64)
    if finer:
        best = by_ground.argmax(axis=1)
        mostly = by_ground[np.arange(len(best)), best] * 2 > shapely.area(other_polygons)
        counterpart[mostly] = best[mostly]
    else:
        by_code = pd.Index(areas.codes).get_indexer(pd.Index(others.codes))
        alike = by_code >= 0
        alike &= _coded(others) & np.append(_coded(areas), False)[by_code]
        counterpart[alike] = by_code[alike]
        _pair_by_name(areas, others, by_ground, counterpart)
    return _Sets(areas, polygons, others, other_polygons, counterpart)


def _coded(areas: AdminAreas) -> Bools:
    """Mark the areas that have a code; others go by their row's id, which says nothing of them."""
    has_code = (areas.areas.frame["code"] != "").to_numpy(dtype=bool)
    return np.bincount(areas.place[has_code], minlength=len(areas.codes)) > 0


def _pair_by_name(
    areas: AdminAreas, others: AdminAreas, by_ground: Floats, counterpart: Ints
) -> None:
    """Give areas that no code pairs the one of their name that shares the most ground, if any.

    Changes `counterpart`. Several others of one name and no code may have one counterpart, as a
    kelurahan that is drawn in pieces.
    """
    names = np.array([plain_name(name) for name in areas.names], dtype=object)
    taken = np.isin(np.arange(len(names)), counterpart)
    for place in np.flatnonzero(counterpart < 0).tolist():
        same = (names == plain_name(others.names[place])) & ~taken & (by_ground[place] > 0)
        if same.any():
            counterpart[place] = int(np.where(same, by_ground[place], -1.0).argmax())


def plain_name(name: str) -> str:
    """Return what of an area's name tells it apart: “RW 010” and “rw. 10” are one."""
    words = re.findall(r"\d+|[^\W\d_]+", name.casefold())
    return " ".join(word.lstrip("0") or "0" if word.isdigit() else word for word in words)


def _level(areas: AdminAreas) -> str:
    levels = areas.areas.frame["level"]
    return str(levels.min()) if len(levels) else ""


def _united(areas: AdminAreas) -> Geometries:
    """Return one polygon an area, shape (areas,)."""
    whole = np.full(len(areas.codes), None, dtype=object)
    for place in range(len(whole)):
        whole[place] = shapely.union_all(areas.areas.polygons[areas.place == place])
    return whole


def _shared_ground(one: Geometries, other: Geometries) -> Floats:
    """Return the area, m², that each of `one` shares with each of `other`."""
    shared = np.zeros((len(one), len(other)))
    i, j = shapely.STRtree(other).query(one, predicate="intersects")
    shared[i, j] = shapely.area(shapely.intersection(one[i], other[j]))
    return shared


def _counterpart(sets: _Sets, subjects: Subjects) -> Ints:
    """Return each subject's area by the other set, as the place of its counterpart."""
    place = membership(subjects, sets.others).place
    return np.append(sets.counterpart, NO_AREA)[place]


def _pairs(sets: _Sets, paired: Ints) -> pd.DataFrame:
    rows = []
    for place in paired.tolist():
        others = np.flatnonzero(sets.counterpart == place)
        mine, theirs = sets.polygons[place], shapely.union_all(sets.other_polygons[others])
        hausdorff_m, mean_m = outline_distances(mine, theirs)
        rows.append(
            {
                "code": sets.areas.codes[place],
                "name": sets.areas.names[place],
                "other_name": ", ".join(sorted({sets.others.names[i] for i in others.tolist()})),
                "hausdorff_m": hausdorff_m,
                "mean_m": mean_m,
                "difference_m2": shapely.symmetric_difference(mine, theirs).area,
                "area_m2": mine.area,
                "other_area_m2": theirs.area,
            }
        )
    return pd.DataFrame(rows)


def _moved(study: Study, areas: AdminAreas, here: list[Ints], there: list[Ints]) -> pd.DataFrame:
    codes = np.array([*areas.codes, ""], dtype=object)
    parts = []
    for about, one, other in zip(_both(study), here, there, strict=True):
        moved = np.flatnonzero(one != other)
        columns = {
            "kind": as_text([about.subjects.kind] * len(moved)),
            "id": as_text(about.subjects.ids[moved]),
            "code": as_text(codes[one[moved]]),
            "other_code": as_text(codes[other[moved]]),
        }
        parts.append(pd.DataFrame(columns).sort_values("id", ignore_index=True))
    return pd.concat(parts, ignore_index=True)


def _ranges(study: Study, areas: AdminAreas, here: list[Ints], there: list[Ints]) -> pd.DataFrame:
    """Count each total area by area, by both sets."""
    codes = [*areas.codes, "outside"]
    columns: dict[str, list[int]] = {}
    for kind, totals in enumerate(_totals(study)):
        for name, counted in totals.items():
            for place, suffix in ((here[kind], ""), (there[kind], "_other")):
                row = np.where(place[counted] < 0, len(areas.codes), place[counted])
                columns[name + suffix] = np.bincount(row, minlength=len(codes)).tolist()
    return pd.DataFrame({"code": codes, **columns})


def _totals(study: Study) -> tuple[dict[str, Bools], dict[str, Bools]]:
    """Return which businesses and which households each total counts."""
    found = study.found
    businesses: dict[str, Bools] = {
        "businesses": np.ones(len(study.case.businesses), dtype=bool),
        "restricted": np.isin(found.conformity.classes, RESTRICTIVE_CLASSES),
        "exposed": found.businesses.exposure.exposed,
    }
    families: dict[str, Bools] = {
        "households": np.ones(len(study.case.households), dtype=bool),
        "affected": np.isin(found.impact.impact, IMPACTS_AFFECTED),
    }
    return businesses, families
