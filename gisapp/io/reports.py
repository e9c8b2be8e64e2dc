"""The story of an import in numbers that add up."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from gisapp.core.layer import ImportReport
from gisapp.core.words import _, number

if TYPE_CHECKING:
    import numpy as np
    import pandas as pd
    from numpy.typing import NDArray

    from gisapp.core.catalogue import Kind
    from gisapp.io.mapping import ColumnMapping
    from gisapp.io.source import Source

_LISTED = 8


def import_report(
    source: Source,
    mapping: ColumnMapping,
    repairs: NDArray[np.object_],
    quarantine: pd.DataFrame,
    *,
    notes: tuple[str, ...],
    crs: str = "",
) -> ImportReport:
    """Count what became of a source's rows.

    Parameters
    ----------
    source : Source
    mapping : ColumnMapping
        As it was read.
    repairs : ndarray of str, shape (n,)
        Repair words of each row that was taken in, joined by blanks.
    quarantine : DataFrame
        The rows that were not, with their ``reason``.
    notes : tuple of str
    crs : str
        What the coordinates were in.
    """
    repaired = repairs[repairs != ""]
    return ImportReport(
        source=source.name,
        sha256=source.sha256,
        imported_at=datetime.now(UTC).isoformat(timespec="seconds"),
        rows_read=len(repairs) + len(quarantine),
        accepted=len(repairs) - len(repaired),
        repaired=len(repaired),
        quarantined=len(quarantine),
        repairs=dict(sorted(Counter(word for row in repaired for word in row.split()).items())),
        reasons=dict(sorted(Counter(quarantine["reason"]).items())),
        notes=notes,
        source_crs=crs,
        mapping=mapping.recipe(),
    )


def kept_note(frame: pd.DataFrame, kind: Kind) -> tuple[str, ...]:
    """Name the columns of a layer or table that are no field of its kind; of no kind all are."""
    if kind.name == "other":
        return ()
    names = [str(x) for x in frame.columns if x not in {*kind.fields, "id", "geometry"}]
    if not names:
        return ()
    columns, more = ", ".join(names[:_LISTED]), len(names) - _LISTED
    if more > 0:
        told = _("Kept as they are: {columns} and {n} more.")
        return (told.format(columns=columns, n=number(more)),)
    return (_("Kept as they are: {columns}.").format(columns=columns),)
