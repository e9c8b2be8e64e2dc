"""Which admin area each subject belongs to."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
import shapely

from gisapp.analysis.areas import Areas, stacked
from gisapp.core.errors import GisappError
from gisapp.core.policy import NEAR_BORDER_M
from gisapp.core.words import _, ngettext

if TYPE_CHECKING:
    from gisapp.analysis.columns import Ints, Texts
    from gisapp.analysis.subjects import Subjects
    from gisapp.core.layer import Layer
    from gisapp.core.project import Project

# Totals are given for kelurahan; the others serve where the project has none.
LEVELS = ("kelurahan", "rw", "kecamatan")
NO_AREA = -1


@dataclass(frozen=True, eq=False)
class AdminAreas:
    """The areas of one level, sorted by code, so that a lower place is a lower code."""

    codes: tuple[str, ...]
    names: tuple[str, ...]
    areas: Areas
    place: Ints
    warnings: tuple[str, ...] = ()


@dataclass(frozen=True, eq=False)
class Membership:
    """Each subject's admin area.

    Parameters
    ----------
    place : ndarray of int, shape (n,)
        Place in `AdminAreas.codes`; −1 where it has none.
    how : ndarray of str, shape (n,)
        ``inside``, ``nearest`` (outside all, within 50 m), ``outside`` or ``no_location``.
    """

    place: Ints
    how: Texts


def admin_areas(project: Project) -> AdminAreas:
    """Return the areas to count by: the kelurahan, else the RW, else the kecamatan.

    Of the layer that the project's parameters name, else of all layers.

    Raises
    ------
    GisappError
        Where the project has no admin layer of that name.
    """
    layers = _layers_in_use(project, project.parameters.admin_layer)
    everything = stacked(layers, ("code", "name", "level"))
    level = everything.frame["level"].replace("", LEVELS[0])
    best = next((x for x in LEVELS if (level == x).any()), None)
    keep = (level == best).to_numpy(dtype=bool)
    areas = Areas(everything.frame[keep].reset_index(drop=True), everything.polygons[keep])
    code = areas.frame["code"].where(areas.frame["code"] != "", areas.frame["id"])
    place, codes = pd.factorize(code.to_numpy(dtype=object), sort=True)
    names = pd.Series(areas.frame["name"].to_numpy()).groupby(place).min()
    return AdminAreas(tuple(codes), tuple(names), areas, place.astype(np.int64), _warnings(areas))


def _layers_in_use(project: Project, wanted: str) -> tuple[Layer, ...]:
    layers = project.of_kind("admin")
    if not wanted:
        return layers
    chosen = tuple(layer for layer in layers if layer.name == wanted)
    if not chosen:
        names = ", ".join(layer.name for layer in layers)
        raise GisappError(
            _("The project has no admin layer “{layer}”.").format(layer=wanted),
            _("Choose one of: {layers}.").format(layers=names or "–"),
        )
    return chosen


def _warnings(areas: Areas) -> tuple[str, ...]:
    """Tell of areas that another layer's cover: which of the two counts is then an accident."""
    layer, _names = pd.factorize(areas.frame["layer"].to_numpy(dtype=object))
    if not layer.any():
        return ()
    middles = shapely.point_on_surface(areas.polygons)
    one, other = areas.tree.query(middles, predicate="intersects")
    n = len(np.unique(one[layer[one] != layer[other]]))
    if not n:
        return ()
    sentence = ngettext(
        "{n} admin area lies in one of another layer. Choose the layer to count by under "
        "Analysis, Uncertainty.",
        "{n} admin areas lie in those of another layer. Choose the layer to count by under "
        "Analysis, Uncertainty.",
        n,
    )
    return (sentence.format(n=n),)


def membership(subjects: Subjects, admin: AdminAreas) -> Membership:
    """Assign each subject to one area; on a shared border to the lower code."""
    n = len(subjects)
    pairs = subjects.covered_by(admin.areas.polygons)
    place = _lowest(pairs.subject, admin.place[pairs.area], n)
    inside = place != NO_AREA
    rest = np.flatnonzero(subjects.located & ~inside)
    entry, area = admin.areas.tree.query_nearest(
        subjects.points[rest], max_distance=NEAR_BORDER_M, all_matches=True
    )
    nearest = _lowest(rest[entry], admin.place[area], n)
    how = np.select(
        [inside, nearest != NO_AREA, subjects.located],
        ["inside", "nearest", "outside"],
        "no_location",
    )
    return Membership(np.where(inside, place, nearest), how.astype(object))


def _lowest(row: Ints, places: Ints, n: int) -> Ints:
    """Return each row's lowest place, shape (n,); −1 for a row without one."""
    none = np.iinfo(np.int64).max
    lowest = np.full(n, none, dtype=np.int64)
    np.minimum.at(lowest, row, places)
    return np.where(lowest == none, NO_AREA, lowest)
