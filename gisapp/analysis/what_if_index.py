"""The index of a what-if: points sorted by admin area and cell, with prefix sums over the cells."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import shapely

from gisapp.analysis.admin import NO_AREA
from gisapp.analysis.columns import numbers
from gisapp.core.words import _

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from gisapp.analysis.columns import Bools, Floats, Ints
    from gisapp.analysis.findings import About
    from gisapp.analysis.study import Study
    from gisapp.core.progress import Progress

_STEPS = 4
_POINTS_A_CELL = 4
# A few points far away must not make a grid of nothing but empty cells.
_CELLS_A_POINT = 4
_FEWEST_CELLS = 10_000
_HIT = ("direct", "livelihood", "both")


class Grid(NamedTuple):
    """The grid that the windows are parts of: its corner, the width of its cells, their number."""

    west: float
    south: float
    size_m: float
    columns: int
    rows: int


@dataclass(frozen=True, eq=False)
class Index:
    """What `kernels_what_if.affected` asks; n points, sorted by admin area and cell.

    Parameters
    ----------
    grid : Grid
    windows, window_columns, x, y, starts, prefix, column_of, values, fresh, entries, entry_starts,
    families
        As `kernels_what_if.affected` describes them. Amounts are whole numbers of a small unit,
        so that sums do not depend on their order.
    workers_unit, income_unit : float
        How many of those units a worker, and a rupiah, has.
    """

    grid: Grid
    windows: Ints
    window_columns: Ints
    x: Floats
    y: Floats
    starts: Ints
    prefix: Ints
    column_of: NDArray[np.int32]
    values: Ints
    fresh: Bools
    entries: Ints
    entry_starts: Ints
    families: Ints
    workers_unit: float
    income_unit: float

    @property
    def corner(self) -> shapely.Polygon:
        """The grid's first cell."""
        west, south, size_m = self.grid[:3]
        return shapely.box(west, south, west + size_m, south + size_m)


class _Amounts(NamedTuple):
    """Amounts as whole numbers of a unit; 0 where `unknown`."""

    units: Ints
    unknown: Bools
    per_one: float


class _Cells(NamedTuple):
    """Where each point lies: the order that sorts them, and their cells."""

    order: Ints
    starts: Ints
    windows: Ints
    window_columns: Ints


def index_of(study: Study, progress: Progress) -> Index:
    """Sort the subjects of a study and sum them up."""
    progress.step(0, _STEPS, _("Places"))
    case, found = study.case, study.found
    on_business, at_home = found.businesses, found.households
    n_areas = len(case.admin.codes)
    xy = np.concatenate([_xy_of(on_business), _xy_of(at_home)])
    columns = np.concatenate([_columns_of(about, n_areas)[0] for about in (on_business, at_home)])
    progress.step(1, _STEPS, _("Grid"))
    grid = _grid_of(xy, columns)
    cells = _into_cells(grid, xy, columns)
    progress.step(2, _STEPS, _("Sums"))
    values, workers_unit, income_unit = _values(study)
    values = values[cells.order]
    fresh = np.concatenate([~about.exposure.exposed[_located(about)]
                            for about in (on_business, at_home)])[cells.order]  # fmt: skip
    progress.step(3, _STEPS, _("Families"))
    place = _places(cells.order)
    number = _family_numbers(study, place)
    entries, entry_starts = _entries(study, place, number)
    return Index(
        grid=grid,
        windows=cells.windows,
        window_columns=cells.window_columns,
        x=xy[cells.order, 0],
        y=xy[cells.order, 1],
        starts=cells.starts,
        prefix=_prefix(values, fresh, cells.starts),
        column_of=columns[cells.order].astype(np.int32),
        values=values,
        fresh=fresh,
        entries=entries,
        entry_starts=entry_starts,
        families=_families(study, number),
        workers_unit=workers_unit,
        income_unit=income_unit,
    )


def _located(about: About) -> Bools:
    return about.subjects.located


def _xy_of(about: About) -> Floats:
    xy: Floats = shapely.get_coordinates(about.subjects.points[_located(about)])
    return xy


def _columns_of(about: About, n_areas: int) -> tuple[Ints, Ints]:
    """Return the column of each located subject, and of every one; the last for no location."""
    place = np.where(about.member.place == NO_AREA, n_areas, about.member.place)
    everyone = np.where(_located(about), place, n_areas + 1)
    return everyone[_located(about)], everyone


def _grid_of(xy: Floats, columns: Ints) -> Grid:
    """Choose cells that hold a few points on average, in not too many windows of them."""
    if not len(xy):
        return Grid(0.0, 0.0, 1.0, 1, 1)
    west, south = xy.min(axis=0)
    width, height = xy.max(axis=0) - (west, south)
    box = np.array([_box(xy[columns == c]) for c in np.unique(columns)])
    area_m2 = (np.prod(box[:, 2:] - box[:, :2], axis=1)).sum()
    size_m = max(np.sqrt(area_m2 * _POINTS_A_CELL / len(xy)), max(width, height) / 30_000, 1e-3)
    most = max(len(xy) * _CELLS_A_POINT, _FEWEST_CELLS)
    while np.prod(np.floor((box[:, 2:] - box[:, :2]) / size_m) + 2, axis=1).sum() > most:
        size_m *= 1.25
    return Grid(west, south, size_m, int(width / size_m) + 1, int(height / size_m) + 1)


def _box(xy: Floats) -> Floats:
    return np.concatenate([xy.min(axis=0), xy.max(axis=0)])


def _into_cells(grid: Grid, xy: Floats, columns: Ints) -> _Cells:
    """Give each area's points a window of the grid and sort them by window and cell."""
    west, south, size_m, n_columns, n_rows = grid
    across = np.minimum(((xy[:, 0] - west) / size_m).astype(np.int64), n_columns - 1)
    up = np.minimum(((xy[:, 1] - south) / size_m).astype(np.int64), n_rows - 1)
    used, window = np.unique(columns, return_inverse=True)
    windows = np.zeros((len(used), 5), dtype=np.int64)
    for w in range(len(used)):
        own_across, own_up = across[window == w], up[window == w]
        windows[w, :2] = own_across.min(), own_up.min()
        windows[w, 2:4] = own_across.max() + 1, own_up.max() + 1
        windows[w, 2:4] -= windows[w, :2]
    n_cells = windows[:, 2] * windows[:, 3]
    windows[:, 4] = np.cumsum(n_cells) - n_cells
    own = windows[window]
    cell = own[:, 4] + (up - own[:, 1]) * own[:, 2] + across - own[:, 0]
    starts = np.concatenate([[0], np.cumsum(np.bincount(cell, minlength=n_cells.sum()))])
    # Within a cell by place, so that nothing depends on the order of rows.
    return _Cells(np.argsort(cell, kind="stable"), starts.astype(np.int64), windows, used)


def _values(study: Study) -> tuple[Ints, float, float]:
    """Return what is summed of each located business, then home, shape (n, 5), and the units."""
    businesses, links = study.case.businesses, study.case.links
    workers = _amounts(numbers(businesses.frame, "workers"))
    income = _amounts(_incomes(study))
    earned = np.zeros(len(businesses), dtype=np.int64)
    np.add.at(earned, links.business, income.units)
    own = np.column_stack(
        [
            np.ones(len(businesses), dtype=np.int64),
            workers.units,
            workers.unknown,
            np.zeros(len(businesses), dtype=np.int64),
            earned,
        ]
    )[businesses.located]
    homes = np.zeros((len(study.case.households), 5), dtype=np.int64)
    homes[:, 3] = ~_earns_somewhere(study)
    homes = homes[study.case.households.located]
    return np.concatenate([own, homes]), workers.per_one, income.per_one


def _incomes(study: Study) -> Floats:
    """Return what each link gives its family, Rp a month, shape (links,); NaN where not known."""
    links = study.case.links
    income = numbers(study.case.businesses.frame, "net_income_idr_month")[links.business]
    return income * links.share


def _amounts(values: Floats) -> _Amounts:
    """Write amounts as whole numbers of the smallest unit in which their sum has room."""
    unknown = ~np.isfinite(values)
    known = np.where(unknown, 0.0, values)
    bits = np.ceil(np.log2(np.abs(known).sum() + 1.0))
    per_one = 2.0 ** min(60.0 - bits, 20.0)
    return _Amounts(np.rint(known * per_one).astype(np.int64), unknown, per_one)


def _prefix(values: Ints, fresh: Bools, starts: Ints) -> Ints:
    """Sum the values of all points before each cell, and of those that nothing affects yet."""
    both = np.hstack([values, values * fresh[:, None]])
    sums = np.zeros((len(values) + 1, both.shape[1]), dtype=np.int64)
    np.cumsum(both, axis=0, out=sums[1:])
    return sums[starts]


def _links_on_the_map(study: Study) -> Bools:
    """Mark the links whose business has a location, shape (links,)."""
    return study.case.businesses.located[study.case.links.business]


def _earns_somewhere(study: Study) -> Bools:
    """Mark the families that operate a business with a location, shape (families,)."""
    family = study.case.links.household[_links_on_the_map(study)]
    return np.bincount(family, minlength=len(study.case.households)) > 0


def _places(order: Ints) -> Ints:
    """Return the place of each point in the sorted points."""
    place = np.empty(len(order), dtype=np.int64)
    place[order] = np.arange(len(order))
    return place


def _home_places(study: Study, place: Ints) -> Ints:
    """Return the place of each family's home, shape (families,); after all others without one."""
    located = study.case.households.located
    homes = np.full(len(located), len(place), dtype=np.int64)
    homes[located] = place[len(place) - int(located.sum()) :]
    return homes


def _family_numbers(study: Study, place: Ints) -> Ints:
    """Number the families by where they live, so that neighbours lie side by side in memory."""
    return _places(np.argsort(_home_places(study, place), kind="stable"))


def _entries(study: Study, place: Ints, number: Ints) -> tuple[Ints, Ints]:
    """List the families that more than their home stands for, point by point."""
    businesses, households, links = (
        study.case.businesses, study.case.households, study.case.links,
    )  # fmt: skip
    used = _links_on_the_map(study)
    unknown = ~np.isfinite(_incomes(study)[used])
    row_on_map = np.cumsum(businesses.located) - 1
    homes = np.flatnonzero(households.located & _earns_somewhere(study))
    at = np.concatenate(
        [place[row_on_map[links.business[used]]], _home_places(study, place)[homes]]
    )
    entry = np.concatenate([number[links.household[used]] * 2 + unknown, number[homes] * 2])
    starts = np.concatenate([[0], np.cumsum(np.bincount(at, minlength=len(place)))])
    return entry[np.argsort(at, kind="stable")].astype(np.int64), starts.astype(np.int64)


def _families(study: Study, number: Ints) -> Ints:
    """Return each family's column and what is known of it already, as the kernel takes them."""
    about, found = study.found.households, study.found.impact
    column = _columns_of(about, len(study.case.admin.codes))[1]
    families = np.empty(len(number), dtype=np.int64)
    families[number] = column * 16 + found.income_unknown * 2 + np.isin(found.impact, _HIT)
    return families
