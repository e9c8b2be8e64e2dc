"""Whose findings an edit may have changed: two cases compared row by row.

Where an edit left something alone, the two cases share geometries and values, so comparing costs a
few array operations. A subject is kept where itself, and every polygon in its reach, before and
now, is what it was; all others are to be found anew. What cannot be told cheaply counts as changed.
"""

from __future__ import annotations

from dataclasses import dataclass, fields
from operator import is_
from typing import TYPE_CHECKING

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from gisapp.analysis.margins import MANY_SUBJECTS
from gisapp.analysis.partition import Places, reach_m

if TYPE_CHECKING:
    from gisapp.analysis.areas import Areas
    from gisapp.analysis.case import Case
    from gisapp.analysis.columns import Bools, Geometries, Ints, Texts
    from gisapp.analysis.plan import Plan
    from gisapp.analysis.subjects import Pairs, Subjects
    from gisapp.core.project import Parameters

GONE = -1
# What of the parameters a comparison of all that a case holds sees, or no finding depends on.
_SEEN = frozenset(
    {"as_of", "plan", "unlisted", "poverty_line_idr_month", "poverty_line_source"}
    | {"known_on", "at", "admin_layer"}
)


@dataclass(frozen=True, eq=False)
class Kept:
    """What of an earlier case still holds.

    Parameters
    ----------
    places : Places
        The subjects whose place decides what it did: rows before (`taken`) and now (`put`), and
        where the earlier areas lie now.
    businesses, households : ndarray of int, shape (n,)
        For each row now, the earlier row with the same provisions for the same reasons; −1 where
        there is none. Holds of the texts told of it only where `told_alike`.
    told_alike : bool
        The language, the register, the plan's name and the CRS are the same.
    """

    places: Places
    businesses: Ints
    households: Ints
    told_alike: bool


def compared(before: Case, now: Case) -> Kept:
    """Compare two cases; the later one may be of another date, plan, project or anything else."""
    places = {
        "zoning": _same_zones(before.plan, now.plan),
        "evictions": _same_areas(before.evictions, now.evictions),
        "support_areas": _same_areas(before.support_areas, now.support_areas),
        "admin": _same_areas(before.admin.areas, now.admin.areas),
    }
    changed = {
        "zoning": _changed(before.plan.areas, now.plan.areas, places["zoning"]),
        "evictions": _changed(before.evictions, now.evictions, places["evictions"]),
        "support_areas": _changed(before.support_areas, now.support_areas, places["support_areas"]),
        "admin": _changed(before.admin.areas, now.admin.areas, places["admin"]),
    }
    for_all = [changed["evictions"], changed["support_areas"], changed["admin"]]
    comparable = _comparable(before, now)
    same_rules = comparable and before.plan.unlisted == now.plan.unlisted
    businesses = _kept(before.businesses, now.businesses, [changed["zoning"], *for_all], same_rules)
    households = _kept(before.households, now.households, for_all, comparable)
    put = {"businesses": np.flatnonzero(businesses >= 0)}
    put["households"] = np.flatnonzero(households >= 0)
    taken = {
        "businesses": businesses[put["businesses"]],
        "households": households[put["households"]],
    }
    supports = _same_rows_in_order(before.supports.frame, now.supports.frame)
    return Kept(
        Places(
            taken,
            put,
            zoning=places["zoning"],
            evictions=places["evictions"],
            support_areas=places["support_areas"],
            admin=_places_by_code(before.admin.codes, now.admin.codes),
        ),
        _supported_alike(businesses, before.supports.businesses, now.supports.businesses, supports),
        _supported_alike(households, before.supports.households, now.supports.households, supports),
        told_alike=comparable
        and _languages(before) == _languages(now)
        and before.plan.name == now.plan.name
        and before.register.equals(now.register),
    )


def _comparable(before: Case, now: Case) -> bool:
    """Say whether the cases differ in nothing that a comparison would not see."""
    unseen = {f.name for f in fields(now.parameters)} - _SEEN
    asked_alike = _values(before.parameters, unseen) == _values(now.parameters, unseen)
    return asked_alike and all(
        getattr(before, kind).frame.crs == getattr(now, kind).frame.crs
        for kind in ("businesses", "households")
    )


def _values(parameters: Parameters, names: set[str]) -> dict[str, object]:
    return {name: getattr(parameters, name) for name in names}


def _languages(case: Case) -> set[str]:
    return {reading.language for reading in case.readings.values()}


def _places_by_code(before: tuple[str, ...], now: tuple[str, ...]) -> Ints:
    place = {code: i for i, code in enumerate(now)}
    return np.array([place.get(code, GONE) for code in before], dtype=np.int64)


def _same_zones(before: Plan, now: Plan) -> Ints:
    """Return where each earlier polygon lies now, −1 where it or its rules are others."""
    place = _same_areas(before.areas, now.areas)
    asked = {
        key
        for key in before.rules.keys() | now.rules.keys()
        if before.rules.get(key) != now.rules.get(key)
    }
    ruled_anew = before.areas.frame["subzone"].isin({subzone for subzone, _kbli in asked})
    return np.where(ruled_anew, GONE, place)


def _same_areas(before: Areas, now: Areas) -> Ints:
    """Return where each earlier area lies now, in the same order; −1 where it is another."""
    if before is now:
        return np.arange(len(now.polygons))
    place = _same_rows_in_order(before.frame, now.frame)
    kept = np.flatnonzero(place >= 0)
    alike = _same_shapes(before.polygons[kept], now.polygons[place[kept]])
    place[kept[~alike]] = GONE
    return place


def _same_rows_in_order(before: pd.DataFrame, now: pd.DataFrame) -> Ints:
    """Match rows by ``layer`` and id and compare them; −1 for a row that is gone or another."""
    if before is now:
        return np.arange(len(now))
    id_column = "id" if "id" in now.columns else "area_id"
    keys = [_joined_text(frame["layer"], frame[id_column]) for frame in (before, now)]
    place = _found(keys[1], keys[0])
    kept = np.flatnonzero(place >= 0)
    if np.any(np.diff(place[kept]) <= 0):
        return np.full(len(before), GONE)
    place[kept[~_same_values(before, kept, now, place[kept])]] = GONE
    return place


def _joined_text(left: pd.Series, right: pd.Series) -> Texts:
    joined: Texts = left.to_numpy(dtype=object) + "\x1f" + right.to_numpy(dtype=object)
    return joined


def _found(keys: Texts, wanted: Texts) -> Ints:
    """Return the row in `keys` of each wanted key; −1 where it is not there once.

    Rows at the beginning and at the end are taken as they lie, so that what few rows were added
    or removed costs little.
    """
    n = min(len(keys), len(wanted))
    head = _first_false(keys[:n] == wanted[:n])
    tail = _first_false((keys[len(keys) - n :] == wanted[len(wanted) - n :])[::-1])
    tail = min(tail, n - head)
    row = np.arange(len(wanted))
    row[len(wanted) - tail :] += len(keys) - len(wanted)
    middle = slice(head, len(wanted) - tail)
    known = pd.Index(keys[head : len(keys) - tail])
    asked = pd.Index(wanted[middle])
    at = known.drop_duplicates(keep=False).get_indexer(asked)
    once = np.flatnonzero(~known.duplicated(keep=False))
    found = (at >= 0) & ~asked.duplicated(keep=False)
    row[middle] = np.where(found, head + np.append(once, GONE)[at], GONE)
    return row


def _first_false(flags: Bools) -> int:
    return int(np.argmin(flags)) if len(flags) and not flags.all() else len(flags)


def _same_values(before: pd.DataFrame, rows: Ints, now: pd.DataFrame, places: Ints) -> Bools:
    """Compare rows of one frame with rows of another, column by column; shape (k,)."""
    same = np.full(len(rows), set(before.columns) == set(now.columns))
    for column in now.columns if same.any() else ():
        same &= _same_column(_taken(before[column], rows), _taken(now[column], places))
    return same


def _taken(column: pd.Series, rows: Ints) -> pd.Series:
    whole = len(rows) == len(column) and bool((np.diff(rows) == 1).all())
    return column if whole else column.iloc[rows]


def _same_column(before: pd.Series, now: pd.Series) -> Bools:
    if before.dtype != now.dtype:
        return np.zeros(len(now), dtype=bool)
    if isinstance(now, gpd.GeoSeries):
        return _same_shapes(np.asarray(before.array), np.asarray(now.array))
    if now.dtype == object:
        pairs = zip(before, now, strict=True)
        return np.array([x is y or _same_text(x, y) for x, y in pairs], dtype=bool)
    equal = before.array == now.array
    missing = before.isna().to_numpy() & now.isna().to_numpy()
    same: Bools = pd.array(equal, dtype="boolean").to_numpy(dtype=bool, na_value=False) | missing
    return same


def _same_text(x: object, y: object) -> bool:
    return isinstance(x, str) and isinstance(y, str) and x == y


def _same_shapes(before: Geometries, now: Geometries) -> Bools:
    """Compare geometries, shape (k,), bit by bit; those that are shared cost nothing."""
    same = np.fromiter(map(is_, before, now), dtype=bool, count=len(now))
    asked = np.flatnonzero(~same)
    same[asked] = shapely.equals_identical(before[asked], now[asked])
    return same


def _changed(before: Areas, now: Areas, place: Ints) -> Geometries:
    """Return the polygons that are gone or others, as they were and as they are."""
    new = np.ones(len(now.polygons), dtype=bool)
    new[place[place >= 0]] = False
    return np.concatenate([before.polygons[place < 0], now.polygons[new]])


def _kept(before: Subjects, now: Subjects, changed: list[Geometries], comparable: bool) -> Ints:
    """Return each subject's earlier row, −1 where its place may decide something else now."""
    measured_alike = (len(before) >= MANY_SUBJECTS) == (len(now) >= MANY_SUBJECTS)
    if not comparable or not measured_alike:
        return np.full(len(now), GONE)
    if before is now:
        row = np.arange(len(now))
    else:
        row = _found(before.ids, now.ids)
        known = np.flatnonzero(row >= 0)
        same = _same_values(before.frame, row[known], now.frame, known)
        row[known[~same]] = GONE
    row[_near(now, row >= 0, np.concatenate(changed))] = GONE
    return row


def _near(subjects: Subjects, among: Bools, polygons: Geometries) -> Ints:
    """Return the rows of those `among` the subjects to whom one of the polygons can matter."""
    polygons = polygons[~shapely.is_empty(polygons)]
    rows = np.flatnonzero(among & subjects.located)
    if not len(polygons) or not len(rows):
        return np.empty(0, dtype=np.int64)
    far_m = reach_m(subjects)[rows]
    x, y = shapely.get_x(subjects.points[rows]), shapely.get_y(subjects.points[rows])
    west, south, east, north = shapely.total_bounds(polygons)
    meets = (x >= west - far_m) & (x <= east + far_m) & (y >= south - far_m) & (y <= north + far_m)
    rows, far_m = rows[meets], far_m[meets]
    near = [np.empty(0, dtype=np.int64)]
    band = np.ceil(np.log2(far_m))
    for exponent in np.unique(band):
        members = rows[band == exponent]
        tree = shapely.STRtree(subjects.points[members])
        _polygon, entry = tree.query(polygons, predicate="dwithin", distance=2.0**exponent)
        near.append(members[np.unique(entry)])
    return np.concatenate(near)


def _supported_alike(row: Ints, before: Pairs, now: Pairs, place: Ints) -> Ints:
    """Return `row`, −1 also where other supports reach the subject than before."""
    n_before = int(max(row.max(initial=-1), before.subject.max(initial=-1))) + 1
    row_now = np.full(n_before, GONE)
    kept = np.flatnonzero(row >= 0)
    row_now[row[kept]] = kept
    subject, support = row_now[before.subject], place[before.area]
    here = subject >= 0
    alike = row.copy()
    alike[subject[here & (support < 0)]] = GONE
    m = int(max(support.max(initial=0), now.area.max(initial=0))) + 1
    there = here & (support >= 0)
    other = np.setxor1d(subject[there] * m + support[there], now.subject * m + now.area)
    alike[other // m] = GONE
    return alike
