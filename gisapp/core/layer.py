"""Layers and tables: frames with a name, a kind and the story of how they came in."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import geopandas as gpd
    import pandas as pd

    from gisapp.core.style import Style


@dataclass(frozen=True)
class ImportReport:
    """What became of every row that was read: the last three counts add up to the first.

    `repairs` and `reasons` map the fixed words of the command-line contract to counts;
    `notes` are sentences for the user (encoding found, columns dropped, codes unknown).

    Where a layer was there before, `changes` says what became of its rows: ``added``,
    ``changed``, ``unchanged``, ``removed``, ``kept``; empty for a first import. `kept` are the
    ids of those that stayed as they were because the source's row was refused this time.
    `rows_changed_at` is when the rows last became others, by an import or by hand; empty in files
    of before, where it is `imported_at`.
    """

    source: str
    sha256: str
    imported_at: str
    rows_read: int
    accepted: int
    repaired: int
    quarantined: int
    repairs: Mapping[str, int] = field(default_factory=dict)
    reasons: Mapping[str, int] = field(default_factory=dict)
    notes: tuple[str, ...] = ()
    source_crs: str = ""
    mapping: Mapping[str, str] = field(default_factory=dict)
    changes: Mapping[str, int] = field(default_factory=dict)
    kept: tuple[str, ...] = ()
    rows_changed_at: str = ""


@dataclass(frozen=True, eq=False)
class Layer:
    """Features of one kind, in the project's metric CRS.

    Parameters
    ----------
    name : str
        Unique in the project; the table's name in the project file.
    kind : str
        A kind of the catalogue, or ``"other"``.
    frame : GeoDataFrame
        Column ``id`` (text, unique), the kind's fields, other columns as they came, and
        ``geometry``. The index is 0…n−1. A geometry may be missing where the kind allows it.
        Never changed in place.
    style : Style
        How it is drawn.
    visible : bool
        Whether it is drawn.
    title : str
        What the user calls it; empty: the kind's label.
    report : ImportReport, optional
        None for results and drawn layers.
    quarantine : DataFrame, optional
        The rows that were not taken in: ``row`` (number in the source, from 1), ``id``,
        ``reason``, ``values`` (the row's other columns as JSON, direct identifiers left out).
    plan : str
        For zoning: the instrument's name.
    """

    name: str
    kind: str
    frame: gpd.GeoDataFrame
    style: Style
    visible: bool = True
    title: str = ""
    report: ImportReport | None = None
    quarantine: pd.DataFrame | None = None
    plan: str = ""


@dataclass(frozen=True, eq=False)
class Table:
    """A relation (operates, supports), a plan's rules, the provision register or a result.

    `unmatched` counts rows whose key names no record of the project: kept, not used.
    """

    name: str
    kind: str
    frame: pd.DataFrame
    report: ImportReport | None = None
    quarantine: pd.DataFrame | None = None
    unmatched: int = 0
