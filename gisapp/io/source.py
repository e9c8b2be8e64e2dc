"""What a reader hands over: foreign tables as they came, before anything is understood."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import PurePath
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np
    import pandas as pd
    from numpy.typing import NDArray


@dataclass(frozen=True, eq=False)
class RawTable:
    """One layer, sheet or file of a foreign source.

    Parameters
    ----------
    name : str
        The layer's or sheet's name in the source.
    columns : DataFrame
        The attributes. From text formats and workbooks every column is text exactly as written
        (no type guessing: ``0812…`` and ``56102`` stay what they are); from GeoPackage and the
        like, integers and numbers keep their type, dates are ISO text. Missing is missing.
    geometry : ndarray of bytes or None, optional
        WKB per row, shape (n,); None for a table without a geometry column.
    geometry_type : str
        As the driver names it (``Point``, ``MultiPolygon``, ``Unknown``); empty for a table.
    crs : str
        Authority code or WKT; empty where the source does not say.
    unreadable : mapping
        Row number (from 1, in the source's order) to why the reader could not read it; such rows
        are not in `columns`.
    row_numbers : ndarray of int, optional
        The source's row number of each row in `columns`; None: 1…n.
    facts : mapping
        What the reader found out, in fixed words: ``encoding``, ``separator``, ``header_row`` (its
        number from 1; ``none``), ``skipped_lines``, and the like.
    """

    name: str
    columns: pd.DataFrame
    geometry: NDArray[np.object_] | None = None
    geometry_type: str = ""
    crs: str = ""
    unreadable: Mapping[int, str] = field(default_factory=dict)
    row_numbers: NDArray[np.int64] | None = None
    facts: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, eq=False)
class Source:
    """A foreign file, read: `driver` is what its content is, `warnings` are sentences."""

    path: str
    driver: str
    sha256: str
    tables: tuple[RawTable, ...]
    warnings: tuple[str, ...] = ()

    @property
    def name(self) -> str:
        """What it is called: a file by its name, a layer of a service by its whole address."""
        return self.path if "://" in self.path else PurePath(self.path).name
