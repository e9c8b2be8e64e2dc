"""The rows of a foreign table that are not taken in, as a layer or table keeps them."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
import shapely

from gisapp.io.identity import without_identifiers

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from gisapp.io.mapping import ColumnMapping
    from gisapp.io.source import RawTable


def row_numbers(raw: RawTable) -> NDArray[np.int64]:
    """Return the source's number of each row, from 1; shape (n,)."""
    if raw.row_numbers is not None:
        return raw.row_numbers
    return np.arange(1, len(raw.columns) + 1, dtype=np.int64)


def quarantine(
    raw: RawTable,
    columns: pd.DataFrame,
    ids: pd.Series,
    reason: NDArray[np.object_],
    mapping: ColumnMapping,
) -> pd.DataFrame:
    """Return the rows with a reason, and those the reader could not read, as a layer keeps them.

    Parameters
    ----------
    raw : RawTable
    columns : DataFrame
        The columns of `raw` that may be kept. Those of the location are kept too, because they
        are what a user has to correct; that of the id is not, because `ids` says it.
    ids : Series, shape (n,)
    reason : ndarray of str, shape (n,)
        Empty for the rows that are taken in.
    mapping : ColumnMapping
    """
    refused = reason != ""
    places = raw.columns.loc[refused, list(mapping.location.columns)]
    shown = pd.concat(
        [
            columns[refused].drop(columns=mapping.id_column, errors="ignore"),
            without_identifiers(places, places.columns, ())[0],
        ],
        axis=1,
    )
    if mapping.location.form == "geometry" and raw.geometry is not None:
        shown = shown.assign(geometry=_point_text(raw.geometry[refused]))
    rows = zip(
        row_numbers(raw)[refused], ids[refused], reason[refused], _as_json(shown), strict=True
    )
    unreadable = [
        (row, None, "unreadable_row", json.dumps({"error": why}, ensure_ascii=False))
        for row, why in raw.unreadable.items()
    ]
    frame = pd.DataFrame([*rows, *unreadable], columns=["row", "id", "reason", "values"])
    text = dict.fromkeys(("id", "reason", "values"), "str")
    return frame.astype({"row": "int64", **text}).sort_values("row", ignore_index=True)


def _point_text(geometry: NDArray[np.object_]) -> NDArray[np.object_]:
    """Return points as WKT; other geometries are left out, they can be long."""
    read = shapely.from_wkb(geometry, on_invalid="ignore")
    points = np.where(shapely.get_type_id(read) == 0, read, None)
    return np.asarray(shapely.to_wkt(points, rounding_precision=7), dtype=object)


def _as_json(rows: pd.DataFrame) -> list[str]:
    """Return each row as a JSON object of what stands in it."""
    cells = rows.astype(object).where(rows.notna(), None)
    return [
        json.dumps({k: v for k, v in row.items() if v is not None}, ensure_ascii=False, default=str)
        for row in cells.to_dict("records")
    ]
