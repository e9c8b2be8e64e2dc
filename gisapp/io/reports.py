"""The story of an import in numbers that add up."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
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
# The word for what was repaired by hand.
_MENDED = "mended"


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
    at = _now()
    return ImportReport(
        source=source.name,
        sha256=source.sha256,
        imported_at=at,
        rows_changed_at=at,
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


def recounted(
    report: ImportReport, ids: pd.Series, repairs: NDArray[np.object_], quarantine: pd.DataFrame
) -> ImportReport:
    """Count rows that were corrected by hand and taken in.

    Parameters
    ----------
    report : ImportReport
        Of before.
    ids : Series, shape (n,)
        Of the rows that were taken in.
    repairs : ndarray of str, shape (n,)
        What else was repaired of each, joined by blanks.
    quarantine : DataFrame
        The rows that still are not.
    """
    words = Counter(report.repairs)
    words.update(word for row in repairs for word in (_MENDED, *row.split()))
    replaced = set(report.kept) & set(ids)
    changes = Counter(report.changes)
    changes.update({"kept": -len(replaced), "changed": len(replaced)} if replaced else {})
    return replace(
        report,
        repaired=report.repaired + len(ids),
        quarantined=len(quarantine),
        repairs=dict(sorted(words.items())),
        reasons=dict(sorted(Counter(quarantine["reason"]).items())),
        changes={name: changes[name] for name in report.changes},
        kept=tuple(x for x in report.kept if x not in replaced),
        rows_changed_at=_now() if len(ids) else report.rows_changed_at,
    )


def _now() -> str:
    """Return the moment as a report keeps it."""
    return datetime.now(UTC).isoformat(timespec="seconds")


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
