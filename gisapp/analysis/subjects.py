"""The subjects of an assessment, and which polygons cover them."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise
from typing import TYPE_CHECKING

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from gisapp.analysis.columns import Bools, Floats, Geometries, Ints, Texts, text
from gisapp.analysis.covering import covered
from gisapp.core.words import ngettext

if TYPE_CHECKING:
    from gisapp.core.project import Project


@dataclass(frozen=True, eq=False)
class Pairs:
    """Which area (row number) covers which subject (row number), sorted by subject, then area."""

    subject: Ints
    area: Ints

    @classmethod
    def sorted(cls, subject: Ints, area: Ints) -> Pairs:
        """Make pairs of two arrays of shape (k,) in any order."""
        order = np.lexsort((area, subject))
        return cls(subject[order], area[order])

    def where(self, keep: Bools) -> Pairs:
        """Return the pairs that `keep`, shape (k,), marks."""
        return Pairs(self.subject[keep], self.area[keep])


@dataclass(frozen=True, eq=False)
class Subjects:
    """Businesses or households: all layers of the kind, one row an id.

    Parameters
    ----------
    kind : {"businesses", "households"}
    frame : GeoDataFrame
        Index 0…n−1; points in the project's CRS, missing where there is no location.
    warnings : tuple of str
        What was left out while gathering.
    """

    kind: str
    frame: gpd.GeoDataFrame
    warnings: tuple[str, ...] = ()

    def __len__(self) -> int:
        return len(self.frame)

    @cached_property
    def ids(self) -> Texts:
        """The ids, shape (n,)."""
        return text(self.frame, "id")

    @cached_property
    def points(self) -> Geometries:
        """The locations, shape (n,)."""
        return np.asarray(self.frame.geometry.array, dtype=object)

    @cached_property
    def located(self) -> Bools:
        """Which subjects have a usable location, shape (n,)."""
        usable: Bools = ~(shapely.is_missing(self.points) | shapely.is_empty(self.points))
        return usable

    @cached_property
    def _xy(self) -> Floats:
        """The coordinates of those that have a location, shape (located, 2), metres."""
        xy: Floats = shapely.get_coordinates(self.points[self.located])
        return xy

    def covered_by(self, polygons: Geometries) -> Pairs:
        """Pair every subject with the polygons, shape (m,), that it intersects."""
        entry, area = covered(self._xy, self.points[self.located], polygons)
        return Pairs(np.flatnonzero(self.located)[entry], area)


def gather(project: Project, kind: str) -> Subjects:
    """Put the layers of one kind of subject together, in the order of their names.

    Where two layers hold the same id, the first layer's row counts and a warning says so.
    """
    frames = [layer.frame for layer in project.of_kind(kind)]
    if not frames:
        empty = gpd.GeoDataFrame({"id": pd.Series(dtype="str")}, geometry=[], crs=project.crs)
        return Subjects(kind, empty)
    frame = frames[0] if len(frames) == 1 else pd.concat(frames, ignore_index=True)
    repeated = frame["id"].duplicated().to_numpy()
    if not repeated.any():
        return Subjects(kind, frame)
    n = int(repeated.sum())
    warning = ngettext(
        "{n} record is in two layers of the kind {kind}: the first layer's row counts.",
        "{n} records are in two layers of the kind {kind}: the first layer's rows count.",
        n,
    ).format(n=n, kind=kind)
    return Subjects(kind, frame[~repeated].reset_index(drop=True), (warning,))


def joined(row: Ints, codes: Texts, n: int) -> Texts:
    """Join the codes of each row by ``;``, sorted, repeats kept.

    Parameters
    ----------
    row : ndarray of int, shape (k,)
        The row, 0…n−1, of each code.
    codes : ndarray of str, shape (k,)
    n : int
        How many rows there are; one without a code gets ``""``.
    """
    rank, kinds = pd.factorize(codes, sort=True)
    order = np.lexsort((rank, row))
    in_order = kinds[rank[order]].tolist()
    bounds = np.concatenate([[0], np.cumsum(np.bincount(row, minlength=n))]).tolist()
    return np.array([";".join(in_order[a:b]) for a, b in pairwise(bounds)], dtype=object)


def highest(row: Ints, values: Ints, n: int, least: int = 0) -> Ints:
    """Return each row's highest value, shape (n,), or `least` for a row without one."""
    best = np.full(n, least, dtype=np.int64)
    np.maximum.at(best, row, values)
    return best
