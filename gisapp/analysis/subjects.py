"""The subjects of an assessment, and which polygons cover them."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from gisapp.analysis.columns import Bools, Geometries, Ints, Texts, text
from gisapp.analysis.covering import Points, covered
from gisapp.core.memory import FrameMemory
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
    among : int
        Of a part, how many there are in the whole, so that it is measured as the whole is.
    """

    kind: str
    frame: gpd.GeoDataFrame
    warnings: tuple[str, ...] = ()
    among: int = 0

    def __len__(self) -> int:
        return len(self.frame)

    @property
    def whole_size(self) -> int:
        """How many subjects of the kind there are, in all parts."""
        return max(len(self), self.among)

    @cached_property
    def ids(self) -> Texts:
        """The ids, shape (n,)."""
        return text(self.frame, "id")

    @cached_property
    def _index(self) -> pd.Index:
        return pd.Index(self.ids)

    def rows_of(self, ids: Texts) -> Ints:
        """Return the row of each id, shape (k,); −1 for one that nobody has."""
        if not len(ids):
            return np.empty(0, dtype=np.int64)
        rows: Ints = self._index.get_indexer(pd.Index(ids))
        return rows

    @cached_property
    def points(self) -> Geometries:
        """The locations, shape (n,)."""
        return np.asarray(self.frame.geometry.array, dtype=object)

    @cached_property
    def located(self) -> Bools:
        """Which subjects have a usable location, shape (n,)."""
        return self._places.located

    @property
    def _places(self) -> _Places:
        """Where they are, remembered with the frame."""
        known = _PLACES.get(self.frame)
        if known is None:
            known = _Places.of(self.points)
            _PLACES.put(self.frame, known)
        return known

    def covered_by(self, polygons: Geometries) -> Pairs:
        """Pair every subject with the polygons, shape (m,), that it intersects."""
        places = self._places
        entry, area = covered(places.points, polygons)
        return Pairs(entry if places.rows is None else places.rows[entry], area)


@dataclass(frozen=True, eq=False)
class _Places:
    """The places of n subjects: `rows` are the subjects of `points`, None where they are all."""

    located: Bools
    points: Points
    rows: Ints | None

    @classmethod
    def of(cls, points: Geometries) -> _Places:
        # Shapely lets go of the interpreter while it reads; what has no place has no coordinate.
        with ThreadPoolExecutor(max_workers=2) as cores:
            x, y = cores.map(lambda read: read(points), (shapely.get_x, shapely.get_y))
        located = np.isfinite(x) & np.isfinite(y)
        if located.all():
            return cls(located, Points(points, x, y), None)
        rows = np.flatnonzero(located)
        return cls(located, Points(points[rows], x[rows], y[rows]), rows)


_PLACES: FrameMemory[_Places] = FrameMemory()
_REPEATED: FrameMemory[Bools] = FrameMemory()


def gather(project: Project, kind: str) -> Subjects:
    """Put the layers of one kind of subject together, in the order of their names.

    Where two layers hold the same id, the first layer's row counts and a warning says so.
    """
    frames = [layer.frame for layer in project.of_kind(kind)]
    if not frames:
        empty = gpd.GeoDataFrame({"id": pd.Series(dtype="str")}, geometry=[], crs=project.crs)
        return Subjects(kind, empty)
    frame = frames[0] if len(frames) == 1 else pd.concat(frames, ignore_index=True)
    repeated = _repeated(frame)
    if not repeated.any():
        return Subjects(kind, frame)
    n = int(repeated.sum())
    warning = ngettext(
        "{n} record is in two layers of the kind {kind}: the first layer's row counts.",
        "{n} records are in two layers of the kind {kind}: the first layer's rows count.",
        n,
    ).format(n=n, kind=kind)
    return Subjects(kind, frame[~repeated].reset_index(drop=True), (warning,))


def _repeated(frame: pd.DataFrame) -> Bools:
    """Return which rows have the id of one above them, remembered with the frame."""
    known = _REPEATED.get(frame)
    if known is None:
        known = frame["id"].duplicated().to_numpy()
        _REPEATED.put(frame, known)
    return known


def joined(row: Ints, codes: Texts, n: int) -> Texts:
    """Join the codes of each row by ``;``, sorted, repeats kept.

    Parameters
    ----------
    row : ndarray of int, shape (k,)
        The row, 0…n−1, of each code; ascending.
    codes : ndarray of str, shape (k,)
    n : int
        How many rows there are; one without a code gets ``""``.
    """
    code, kinds = pd.factorize(codes, sort=True)
    order = np.argsort(row * max(len(kinds), 1) + code, kind="stable")
    count = np.bincount(row, minlength=n)
    first = np.cumsum(count) - count
    # The texts so far, and which of them each row has; few rows have more than a few codes.
    texts, has = np.array([""], dtype=object), np.zeros(n, dtype=np.int64)
    for place in range(int(count.max(initial=0))):
        rows = np.flatnonzero(count > place)
        longer, distinct = pd.factorize(has[rows] * len(kinds) + code[order[first[rows] + place]])
        shorter, added = texts[distinct // len(kinds)], kinds[distinct % len(kinds)]
        has[rows] = longer + len(texts)
        texts = np.append(texts, added if place == 0 else shorter + ";" + added)
    return texts[has]


def highest(row: Ints, values: Ints, n: int, least: int = 0) -> Ints:
    """Return each row's highest value, shape (n,), or `least` for a row without one."""
    best = np.full(n, least, dtype=np.int64)
    np.maximum.at(best, row, values)
    return best
