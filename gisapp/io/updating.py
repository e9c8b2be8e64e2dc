"""Importing again: rows with the same id take each other's place, and what changed is counted."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, TypeVar

import geopandas as gpd
import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
import shapely

from gisapp.core.layer import Layer, Table
from gisapp.core.words import _, ngettext, number

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from numpy.typing import NDArray

    from gisapp.core.layer import ImportReport

Part = TypeVar("Part", Layer, Table)
_LISTED = 10
_ABSENT = -1


def updated(earlier: Part, fresh: Part, *, keep_missing: bool = False) -> Part:
    """Return a layer or table with the rows of a fresh import of it, found by their ids.

    Parameters
    ----------
    earlier : Layer or Table
        As the project has it. Its style, title, visibility and plan stay.
    fresh : Layer or Table
        As the source has it now, of the same name and kind, with its report.
    keep_missing : bool
        Whether rows stay that `earlier` has and the source has no longer.

    Returns
    -------
    Layer or Table
        A row that the source refuses now and `earlier` has stays as it was. Where no row
        differs, the frame is `earlier`'s own. The report's `changes` count what became of the
        rows, `kept` names those that stayed though they were refused, and `notes` say it.
    """
    found = _compared(earlier, fresh, keep_missing)
    frame = earlier.frame
    if found.touched or set(earlier.frame.columns) != set(fresh.frame.columns):
        frame = _joined(fresh.frame, earlier.frame[found.kept])
    report = _told(earlier.report, fresh.report, found)
    if isinstance(earlier, Table):
        return replace(fresh, frame=frame, report=report)
    return replace(
        earlier,
        frame=frame,
        report=report,
        quarantine=fresh.quarantine,
        plan=_plan(earlier, fresh),
    )


@dataclass(frozen=True, eq=False)
class _Compared:
    """What became of the rows: `kept` masks the earlier rows that stay without a fresh one."""

    changes: Mapping[str, int]
    kept: NDArray[np.bool_]
    refused: tuple[str, ...]

    @property
    def touched(self) -> bool:
        return any(self.changes[x] for x in ("added", "changed", "removed"))


def _compared(earlier: Layer | Table, fresh: Layer | Table, keep_missing: bool) -> _Compared:
    before = _found_in(fresh.frame["id"], earlier.frame["id"])
    refused = _refused(earlier, fresh)
    gone = np.ones(len(earlier.frame), dtype=bool)
    gone[before[before != _ABSENT]] = False
    kept = gone if keep_missing else gone & refused
    changed = int(_differs(earlier.frame, fresh.frame, before).sum())
    changes = {
        "added": int((before == _ABSENT).sum()),
        "changed": changed,
        "unchanged": int((before != _ABSENT).sum()) - changed,
        "removed": int((gone & ~kept).sum()),
        "kept": int(kept.sum()),
    }
    return _Compared(changes, kept, tuple(earlier.frame["id"][gone & refused]))


def _found_in(ids: pd.Series, among: pd.Series) -> NDArray[np.int64]:
    """Return where each id stands in `among`, shape (n,); -1 where it does not."""
    if len(ids) == len(among) and bool((ids.array == among.array).all()):
        return np.arange(len(ids), dtype=np.int64)
    found = pc.index_in(
        pa.array(ids, pa.large_string(), from_pandas=True),
        value_set=pa.array(among, pa.large_string(), from_pandas=True),
    )
    return np.asarray(found.fill_null(_ABSENT).to_numpy(zero_copy_only=False), dtype=np.int64)


def _refused(earlier: Layer | Table, fresh: Layer | Table) -> NDArray[np.bool_]:
    """Return which earlier rows the source still has, but refused, shape (n,)."""
    assert fresh.report is not None
    refused = fresh.quarantine
    if refused is None or not len(refused):
        return np.zeros(len(earlier.frame), dtype=bool)
    ids = refused["id"]
    if "id" not in fresh.report.mapping:
        ids = refused["row"].astype("str")  # the reader could not read some: they have no id
    return earlier.frame["id"].isin(ids.dropna()).to_numpy(dtype=bool)


def _differs(
    earlier: pd.DataFrame, fresh: pd.DataFrame, before: NDArray[np.int64]
) -> NDArray[np.bool_]:
    """Return which fresh rows stand in `earlier` (at `before`) with another value, shape (n,)."""
    here = np.flatnonzero(before != _ABSENT)
    there = before[here]
    different = np.zeros(len(here), dtype=bool)
    for name in earlier.columns.union(fresh.columns, sort=False):
        one, other = (_rows(x, name, rows) for x, rows in ((earlier, there), (fresh, here)))
        if one is None or other is None:
            known = one if other is None else other
            assert known is not None
            different |= known.notna().to_numpy(dtype=bool)
        else:
            different |= _unequal(one, other)
    differs = np.zeros(len(fresh), dtype=bool)
    differs[here[different]] = True
    return differs


def _rows(frame: pd.DataFrame, name: str, rows: NDArray[np.int64]) -> pd.Series | None:
    if name not in frame:
        return None
    every = len(rows) == len(frame) and bool((rows == np.arange(len(rows))).all())
    return frame[name] if every else frame[name].take(rows)


def _unequal(one: pd.Series, other: pd.Series) -> NDArray[np.bool_]:
    """Compare two columns row by row, shape (n,); missing equals missing."""
    if isinstance(one.dtype, gpd.array.GeometryDtype):
        shapes, others = one.to_numpy(), other.to_numpy()
        absent = shapely.is_missing(shapes) & shapely.is_missing(others)
        return np.asarray(~(shapely.equals_identical(shapes, others) | absent), dtype=bool)
    if one.dtype != other.dtype and not (_is_number(one) and _is_number(other)):
        one, other = one.astype("object"), other.astype("object")
    missing, missing_too = (x.isna().to_numpy(dtype=bool) for x in (one, other))
    same = one.array == other.array
    equal = np.asarray(pd.array(same, dtype="boolean").fillna(False), dtype=bool)
    return np.asarray((missing != missing_too) | ~(equal | missing), dtype=bool)


def _is_number(column: pd.Series) -> bool:
    return pd.api.types.is_numeric_dtype(column.dtype)


def _joined(fresh: pd.DataFrame, kept: pd.DataFrame) -> pd.DataFrame:
    """Put the rows that stay behind the fresh ones; a column of one of them is missing there."""
    if not len(kept):
        return fresh
    gone = [x for x in kept.columns.difference(fresh.columns) if kept[x].isna().all()]
    return pd.concat([fresh, kept.drop(columns=gone)], ignore_index=True)


def _plan(earlier: Layer, fresh: Layer) -> str:
    """Keep the plan's name, unless the rows name another one than before."""
    named = [
        set(x.frame["plan"].dropna()) if "plan" in x.frame else set() for x in (earlier, fresh)
    ]
    return fresh.plan if named[1] and named[0] != named[1] else earlier.plan


def _told(
    earlier: ImportReport | None, fresh: ImportReport | None, found: _Compared
) -> ImportReport:
    """Add to the report of a fresh import what became of the rows of before."""
    assert fresh is not None
    notes = (
        changes_note(found.changes),
        *_key_notes(earlier, fresh),
        *_kept_notes(found.refused),
        *fresh.notes,
    )
    same = not any(found.changes[x] for x in ("added", "changed", "removed"))
    at = earlier.rows_changed_at or earlier.imported_at if earlier and same else fresh.imported_at
    return replace(
        fresh, changes=found.changes, kept=found.refused, notes=notes, rows_changed_at=at
    )


def changes_note(changes: Mapping[str, int]) -> str:
    """Return the note in which an import says what became of the rows of before."""
    return _(
        "Updated by id: {added} added, {changed} changed, {unchanged} unchanged, "
        "{removed} no longer in the source and taken out, {kept} kept."
    ).format(**{word: number(n) for word, n in changes.items()})


def _key_notes(earlier: ImportReport | None, fresh: ImportReport) -> tuple[str, ...]:
    """Say by what the rows were compared, where that can mislead."""
    by_number = "id" not in fresh.mapping
    if earlier is not None and by_number != ("id" not in earlier.mapping):
        return (
            _(
                "The rows had ids in one import and were numbered in the other: most of them "
                "count as removed and added."
            ),
        )
    if by_number:
        return (
            _(
                "Without an id column the rows were compared by their number: after a row that was "
                "put in or left out, all count as changed."
            ),
        )
    return ()


def _kept_notes(ids: Sequence[str]) -> tuple[str, ...]:
    if not ids:
        return ()
    listed = ", ".join(ids[:_LISTED]) + (", …" if len(ids) > _LISTED else "")
    return (
        ngettext(
            "{n} row cannot be used as the source has it now; it stays as it was: {ids}",
            "{n} rows cannot be used as the source has them now; they stay as they were: {ids}",
            len(ids),
        ).format(n=number(len(ids)), ids=listed),
    )
