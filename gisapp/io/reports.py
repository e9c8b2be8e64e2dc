"""The story of an import in numbers that add up."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from gisapp.core.layer import ImportReport

if TYPE_CHECKING:
    import numpy as np
    import pandas as pd
    from numpy.typing import NDArray

    from gisapp.io.mapping import ColumnMapping
    from gisapp.io.source import Source


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
