"""What lies inside a dragged polygon, compiled: sums over rows of cells, points at its border.

Points lie in cells of a grid, area by area: each admin area has a window of the grid, and within
it the points lie cell by cell, row by row. A row of the polygon is a few runs of cells that its
border touches, whose points are tested one by one, and spans between them, whose sums are the
difference of two prefix sums. Families with several places are counted by a stamp, each once.

Imported by `core.compiled` only: numba takes half a second.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from gisapp.analysis.kernels_cover import compiled

Array = Any  # numba compiles for the dtypes that the docstrings give

# Four times Shewchuk's bound for the two products of an orientation (see `kernels_cover`).
_ERROR = 4 * 3.3306690738754716e-16
# In cells: far more than rounding moves an edge or a point, far less than a cell.
_SLACK = 1e-6
# A family in one number: what is known of it already (two bits), what it was counted for (two),
# its column, and from a bit on the epoch in which it was counted last.
_AFFECTED, _UNKNOWN = 1, 2
_COLUMN_BIT, _EPOCH_BIT = 4, 24
_SETTLED = (1 << _EPOCH_BIT) - 1 - 12
# Places in the last axis of the sums; the first five are summed by place.
_FAMILIES, _INCOME_UNKNOWN = 3, 5


@compiled
def _rows_touched(y1: float, y2: float, south: float, size_m: float) -> tuple[int, int]:
    """Return the first and last row of the grid that an edge touches."""
    low, high = (min(y1, y2) - south) / size_m, (max(y1, y2) - south) / size_m
    return int(np.floor(low - _SLACK)), int(np.floor(high + _SLACK))


@compiled
def _sort_by_row(
    edges: Array, south: float, size_m: float, first_row: int, last_row: int
) -> tuple[Array, Array]:
    """Sort edges, float64 (e, 4), by the rows that they touch; one stands once for each row.

    Returns
    -------
    by_row : float64 (4, k)
    starts : int64 (rows + 1,)
    """
    starts = np.zeros(last_row - first_row + 2, np.int64)
    for e in range(len(edges)):
        a, b = _rows_touched(edges[e, 1], edges[e, 3], south, size_m)
        for row in range(max(a, first_row), min(b, last_row) + 1):
            starts[row - first_row + 1] += 1
    for row in range(last_row - first_row + 1):
        starts[row + 1] += starts[row]
    by_row, free = np.empty((4, starts[-1])), starts[:-1].copy()
    for e in range(len(edges)):
        a, b = _rows_touched(edges[e, 1], edges[e, 3], south, size_m)
        for row in range(max(a, first_row), min(b, last_row) + 1):
            by_row[:, free[row - first_row]] = edges[e]
            free[row - first_row] += 1
    return by_row, starts


@compiled
def _columns_touched(
    edge: Array, row: int, west: float, south: float, size_m: float, columns: int
) -> tuple[int, int, bool]:
    """Return the columns −1…columns that an edge touches in a row: the first, the last.

    The third value says whether it crosses the row's middle.
    """
    x1, y1, x2, y2 = edge[0], edge[1], edge[2], edge[3]
    bottom, top = south + (row - _SLACK) * size_m, south + (row + 1 + _SLACK) * size_m
    a, b = x1, x2
    if y1 != y2:
        slope = (x2 - x1) / (y2 - y1)
        if y1 < bottom or y1 > top:
            a = x1 + (min(max(y1, bottom), top) - y1) * slope
        if y2 < bottom or y2 > top:
            b = x2 + (min(max(y2, bottom), top) - y2) * slope
    first = int(np.floor((min(a, b) - west) / size_m - _SLACK))
    last = int(np.floor((max(a, b) - west) / size_m + _SLACK))
    middle = south + (row + 0.5) * size_m
    crosses = (y1 > middle) != (y2 > middle)
    return min(max(first, -1), columns), min(max(last, -1), columns), crosses


@compiled
def _runs_of_row(
    by_row: Array, begin: int, end: int, row: int,
    west: float, south: float, size_m: float, columns: int, runs: Array,
) -> int:  # fmt: skip
    """Write the runs of columns that a row's edges touch, from the left; return how many.

    A run is its first and last column, and whether the cells after it are inside the polygon.
    """
    n = 0
    for e in range(begin, end):
        first, last, crosses = _columns_touched(by_row[:, e], row, west, south, size_m, columns)
        place = n
        while place > 0 and runs[place - 1, 0] > first:
            runs[place] = runs[place - 1]
            place -= 1
        runs[place, 0], runs[place, 1], runs[place, 2] = first, last, int(crosses)
        n += 1
    inside, joined = 0, 0
    for k in range(n):
        first, last, crosses = runs[k, 0], runs[k, 1], runs[k, 2]
        inside ^= crosses
        if joined and first <= runs[joined - 1, 1] + 1:
            runs[joined - 1, 1] = max(runs[joined - 1, 1], last)
            runs[joined - 1, 2] = inside
        else:
            runs[joined, 0], runs[joined, 1], runs[joined, 2] = first, last, inside
            joined += 1
    return joined


@compiled
def _holds(px: float, py: float, edges: Array, begin: int, end: int) -> int:
    """Say whether edges `begin`…`end` go round a point: 0 no, 1 yes, 2 too close to say."""
    inside = 0
    for e in range(begin, end):
        x1, y1, x2, y2 = edges[0, e], edges[1, e], edges[2, e], edges[3, e]
        crosses = (y1 > py) != (y2 > py)
        if not crosses and py not in (y1, y2):
            continue
        left, right = (x1 - px) * (y2 - py), (y1 - py) * (x2 - px)
        if abs(left - right) <= _ERROR * (abs(left) + abs(right)):
            if crosses or min(x1, x2) <= px <= max(x1, x2):
                return 2
        elif crosses and (left > right) == (y2 > y1):
            inside = 1 - inside
    return inside


@compiled
def _count_families(
    entries: Array, begin: int, end: int, families: Array, epoch: int, sums: Array
) -> None:
    """Count the families of the entries `begin`…`end` that were not counted in this epoch."""
    for k in range(begin, end):
        family, wanted = entries[k] >> 1, _AFFECTED | (entries[k] & 1) << 1
        state = families[family]
        if state >> _EPOCH_BIT != epoch:
            state = state & _SETTLED | epoch << _EPOCH_BIT
        fresh = wanted & ~(state >> 2)
        if not fresh:
            continue
        families[family] = state | fresh << 2
        column, unlike = (state & _SETTLED) >> _COLUMN_BIT, ~state
        if fresh & _AFFECTED:
            sums[column, 0, _FAMILIES] += 1
            sums[column, 1, _FAMILIES] += unlike & _AFFECTED
        if fresh & _UNKNOWN:
            sums[column, 0, _INCOME_UNKNOWN] += 1
            sums[column, 1, _INCOME_UNKNOWN] += (unlike & _UNKNOWN) >> 1


@compiled
def add_points(
    places: Array, n: int, column_of: Array, values: Array, fresh: Array,
    entries: Array, entry_starts: Array, families: Array, epoch: int, sums: Array,
) -> None:  # fmt: skip
    """Add single points to the sums.

    Parameters
    ----------
    places : int64 (≥ n,)
        The points, as places in the sorted points, of which the first `n` count.
    column_of : int32 (points,)
        Each point's column of the sums.
    values : int64 (points, 5)
        What is summed of each point.
    fresh : bool (points,)
        Which points nothing in force affects yet.
    entries, entry_starts, families, epoch
        As `affected` takes them.
    sums : int64 (columns, 2, 6)
        Changed: all, and newly affected.
    """
    for k in range(n):
        i = places[k]
        column = column_of[i]
        for v in range(values.shape[1]):
            sums[column, 0, v] += values[i, v]
            if fresh[i]:
                sums[column, 1, v] += values[i, v]
        _count_families(entries, entry_starts[i], entry_starts[i + 1], families, epoch, sums)


@compiled
def _part_of_window(window: Array, row: int, first: int, last: int) -> tuple[int, int]:
    """Return the cells of a window between two columns of a row: the first, and one past the last.

    A window is its west column, south row, columns, rows and first cell.
    """
    if row < window[1] or row >= window[1] + window[3]:
        return 0, 0
    a, b = max(first - window[0], 0), min(last - window[0], window[2] - 1)
    if b < a:
        return 0, 0
    begin = window[4] + (row - window[1]) * window[2]
    return begin + a, begin + b + 1


@compiled
def _add_cells(
    begin: int, end: int, column: int, starts: Array, prefix: Array,
    entries: Array, entry_starts: Array, families: Array, epoch: int, sums: Array,
) -> None:  # fmt: skip
    """Add the points of the cells `begin`…`end`, all of them inside, to the sums."""
    a, b = starts[begin], starts[end]
    if a == b:
        return
    half = prefix.shape[1] // 2
    for v in range(half):
        sums[column, 0, v] += prefix[end, v] - prefix[begin, v]
        sums[column, 1, v] += prefix[end, half + v] - prefix[begin, half + v]
    _count_families(entries, entry_starts[a], entry_starts[b], families, epoch, sums)


@compiled
def affected(
    edges: Array, windows: Array, window_columns: Array,
    west: float, south: float, size_m: float, columns: int, rows: int,
    x: Array, y: Array, starts: Array, prefix: Array, column_of: Array, values: Array, fresh: Array,
    entries: Array, entry_starts: Array, families: Array, epoch: int, sums: Array,
    found: Array, open_points: Array,
) -> int:  # fmt: skip
    """Sum what lies inside a polygon.

    Parameters
    ----------
    edges : float64 (e, 4)
        x1, y1, x2, y2 of all its rings, which do not cross.
    windows : int64 (w, 5)
        Of each admin area: the west column, south row, columns and rows of its part of the grid,
        and its first cell.
    window_columns : int64 (w,)
        Its column of the sums.
    west, south, size_m, columns, rows
        The grid, metres.
    x, y : float64 (points,)
        Sorted by cell.
    starts : int64 (cells + 1,)
        The place at which each cell's points begin.
    prefix : int64 (cells + 1, 10)
        Sums of `values` over all points before a cell, and over those of them that are fresh.
    column_of, values, fresh
        As `add_points` takes them.
    entries : int64 (k,)
        Twice a family, plus one where its income there is not known, in the order of the points.
    entry_starts : int64 (points + 1,)
        Where each point's entries begin.
    families : int64 (families,)
        Sixteen times a family's column, plus 1 where it is affected already, plus 2 where a part
        of its exposed income is not known already. Changed: what it was counted for in an epoch.
    epoch : int
        Above 0, and above those of earlier calls.
    sums : int64 (columns, 2, 6)
        Changed: all, and newly affected.
    found : int64 (points,)
        Room for the points of a run.
    open_points : int64 (points,)
        Filled with the points that are too close to the border to say here.

    Returns
    -------
    int
        How many points are open; they are not in the sums.
    """
    n_open = 0
    first_row, last_row = rows, -1
    for e in range(len(edges)):
        a, b = _rows_touched(edges[e, 1], edges[e, 3], south, size_m)
        first_row, last_row = min(first_row, a), max(last_row, b)
    first_row, last_row = max(first_row, 0), min(last_row, rows - 1)
    if first_row > last_row:
        return 0
    by_row, row_starts = _sort_by_row(edges, south, size_m, first_row, last_row)
    runs = np.empty((len(edges), 3), np.int64)
    for row in range(first_row, last_row + 1):
        begin, end = row_starts[row - first_row], row_starts[row - first_row + 1]
        n = _runs_of_row(by_row, begin, end, row, west, south, size_m, columns, runs)
        for w in range(len(windows)):
            for k in range(n):
                a, b = _part_of_window(windows[w], row, runs[k, 0], runs[k, 1])
                sure = 0
                for i in range(starts[a], starts[b]):
                    inside = _holds(x[i], y[i], by_row, begin, end)
                    if inside == 1:
                        found[sure] = i
                        sure += 1
                    elif inside == 2:
                        open_points[n_open] = i
                        n_open += 1
                add_points(
                    found, sure, column_of, values, fresh,
                    entries, entry_starts, families, epoch, sums,
                )  # fmt: skip
                if k + 1 < n and runs[k, 2]:
                    a, b = _part_of_window(windows[w], row, runs[k, 1] + 1, runs[k + 1, 0] - 1)
                    _add_cells(
                        a, b, window_columns[w], starts, prefix,
                        entries, entry_starts, families, epoch, sums,
                    )  # fmt: skip
    return n_open
