"""What a reader gives back inside the child process, and how it refuses."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

Tick = Callable[[int, int], None]
"""Told (done, total) as the work moves; a reader that stays silent too long is stopped."""


class Unreadable(Exception):  # noqa: N818 - an answer, not a fault
    """A file that cannot be read.

    Parameters
    ----------
    reason : str
        What is wrong, as a clause that goes on after "… cannot be read:", without a full stop.
    remedy : str
        One sentence: what the user can do about it.
    """

    def __init__(self, reason: str, remedy: str) -> None:
        super().__init__(reason)
        self.reason = reason
        self.remedy = remedy


@dataclass
class ReadTable:
    """One layer, sheet or file as it was read.

    Parameters
    ----------
    name : str
        The layer's or sheet's name.
    columns : pyarrow.Table
        Text, int64 or double columns.
    wkb : pyarrow.Array, optional
        Binary, one per row of `columns`; None for a table without geometries.
    geometry_type : str
        As the driver names it.
    crs : str
        Authority code or WKT; empty where the source does not say.
    unreadable : dict
        Row number (from 1) to why the row could not be read; those rows are not in `columns`.
    row_numbers : ndarray of int, optional
        Row number of each row in `columns`; None: 1…n.
    facts : dict
        What was found out about the text, as `source.RawTable` says.
    """

    name: str
    columns: Any
    wkb: Any = None
    geometry_type: str = ""
    crs: str = ""
    unreadable: dict[int, str] = field(default_factory=dict)
    row_numbers: NDArray[np.int64] | None = None
    facts: dict[str, str] = field(default_factory=dict)


@dataclass
class Reading:
    """All tables of one file, what its content is, and sentences for the user."""

    driver: str
    tables: list[ReadTable]
    warnings: list[str] = field(default_factory=list)
