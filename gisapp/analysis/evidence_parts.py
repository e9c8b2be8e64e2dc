"""What the parts of a chain share: what is asked about, and facts in words."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from gisapp.analysis.chain import Fact
from gisapp.core.field_text import column_title, value_text
from gisapp.core.words import _, day, number

if TYPE_CHECKING:
    from collections.abc import Mapping

    from shapely.geometry.base import BaseGeometry

    from gisapp.analysis.case import Case
    from gisapp.analysis.findings import About, Findings
    from gisapp.analysis.subjects import Pairs
    from gisapp.core.catalogue import Catalogue
    from gisapp.core.layer import Layer, Table
    from gisapp.core.project import Project

Value = str | int | float | bool | None
RUPIAH = "Rp"


@dataclass(frozen=True, eq=False)
class Asked:
    """A subject that is asked about, in what was found.

    Parameters
    ----------
    project : Project
        As it was asked about, with what the case leaves out.
    case, found
        The study.
    inputs : mapping
        Layer or table name to the SHA-256 of its rows.
    catalogue : Catalogue
        For the labels of fields.
    kind : {"businesses", "households"}
    row : int
        The subject's row in the case.
    """

    project: Project
    case: Case
    found: Findings
    inputs: Mapping[str, str]
    catalogue: Catalogue
    kind: str
    row: int

    @property
    def about(self) -> About:
        """What was found for the subject's kind."""
        return self.found.businesses if self.kind == "businesses" else self.found.households

    @property
    def identifier(self) -> str:
        """The subject's id."""
        return str(self.about.subjects.ids[self.row])

    @property
    def point(self) -> BaseGeometry | None:
        """Where the subject lies; None where that is not known."""
        subjects = self.about.subjects
        return subjects.points[self.row] if subjects.located[self.row] else None

    @cached_property
    def grounds(self) -> pd.DataFrame:
        """The grounds that reach the subject, by their number."""
        reach = self.about.reach
        own = np.unique(reach.ground[reach.subject == self.row])
        return self.found.provisions.grounds.iloc[own]

    def grounds_of(self, area_kind: str) -> pd.DataFrame:
        """Return the grounds of one kind that reach the subject, by the id of the area."""
        rows = self.grounds[self.grounds["area_kind"] == area_kind]
        return rows.sort_values(["area_id", "layer"], kind="stable")

    def links(self) -> tuple[np.ndarray, np.ndarray]:
        """Return the rows of the other kind that it is linked with, and the link's number."""
        links = self.case.links
        own, other = links.household, links.business
        if self.kind == "businesses":
            own, other = other, own
        number_of = np.flatnonzero(own == self.row)
        return other[number_of], number_of


def areas_of(pairs: Pairs, row: int) -> np.ndarray:
    """Return the places of the pairs of one subject."""
    return np.flatnonzero(pairs.subject == row)


def fact(name: str, label: str, value: Value, unit: str = "", decimals: int = 2) -> Fact:
    """Return a fact whose text is `value` as the language in force writes it."""
    if isinstance(value, float) and not np.isfinite(value):
        value = None
    text = _text(value, decimals)
    if unit and value is not None:
        text = f"{RUPIAH} {text}" if unit == RUPIAH else f"{text} {unit}"
    return Fact(name, label, text, value)


def dated(name: str, label: str, iso_date: str) -> Fact:
    """Return a fact that is a day; one that is not stated says so."""
    try:
        text = day(iso_date)
    except ValueError:  # a month or a year
        text = iso_date
    return Fact(name, label, text or _("not stated"), iso_date or None)


def _text(value: Value, decimals: int) -> str:
    if value is None:
        return _("not known")
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if isinstance(value, int):
        return number(value)
    if isinstance(value, float):
        shown = next((n for n in range(decimals) if round(value, n) == value), decimals)
        return number(value, shown)
    return value


def record_facts(part: Layer | Table, record: pd.Series, catalogue: Catalogue) -> tuple[Fact, ...]:
    """Return every value that a row holds, as it was imported, under the catalogue's labels."""
    kind = catalogue.kinds.get(part.kind)
    fields = kind.fields if kind else {}
    told = []
    for column in part.frame.columns:
        value = plain(record[column]) if column != "geometry" else None
        if value is not None and value != "":
            label = column_title(kind, column)
            told.append(Fact(column, label, value_text(value, fields.get(column)), value))
    return tuple(told)


def plain(value: Any) -> Value:
    """Return one cell of a frame as a plain value, None where it is missing."""
    if pd.isna(value):
        return None
    found: Value = value.item() if isinstance(value, np.generic) else value
    return found


def record(part: Layer | Table, identifier: str) -> pd.Series | None:
    """Return the row of a layer or table with an id; None where there is none."""
    if "id" not in part.frame.columns:
        return None
    rows = np.flatnonzero((part.frame["id"].astype("str") == identifier).to_numpy(dtype=bool))
    return part.frame.iloc[rows[0]] if len(rows) else None


def area_record(
    asked: Asked, layer: str, identifier: str
) -> tuple[tuple[Fact, ...], BaseGeometry | None]:
    """Return the facts of an area's row as it was imported, and where it lies."""
    part = asked.project.layer(layer)
    row = record(part, identifier)
    if row is None:
        return (), None
    return record_facts(part, row, asked.catalogue), row["geometry"]
