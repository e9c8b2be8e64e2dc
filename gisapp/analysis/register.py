"""The provision register: rows that override the default stance of what they name.

``applies_to`` names a kind (``zoning``, ``evictions``, ``support_areas``, ``supports``), a layer,
the id of an area or a support programme, and may be narrowed to some businesses:
``zoning:form=pkl:location_kind=trotoar``. A support area also names a row by ``provision_id``.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from gisapp.analysis.coding import agreed_stances, codings_of, stances_of
from gisapp.analysis.columns import text, texts_frame
from gisapp.analysis.intervals import in_force
from gisapp.core.errors import GisappError
from gisapp.core.words import _

if TYPE_CHECKING:
    from gisapp.analysis.columns import Bools, Floats
    from gisapp.analysis.grounds import Reach
    from gisapp.analysis.subjects import Subjects
    from gisapp.core.project import Project

_TITLE = ("instrument", "number", "year", "article")
NARROWINGS = ("form", "location_kind")
_NAMED_BY = ("area_kind", "layer", "area_id", "programme")
_COLUMNS = (
    "id", "instrument", "number", "year", "article", "status", "institution", "applies_to",
    "quote", "coded_by", "valid_from", "valid_to",
)  # fmt: skip
# What is told of a provision and changes no score.
_TOLD = (
    "institution_kind", "deontic", "quote_en", "summary", "summary_en", "source", "page", "basis",
)  # fmt: skip
_LIVE = ("", "in_force")
# Stands for "no row of the register": the stance that a ground has of itself.
OWN_STANCE = -1


def register_in_force(project: Project, as_of: str, until: str = "") -> pd.DataFrame:
    """Read the tables ``provisions``: rows with a stance, in force by status and by their dates.

    A row without one takes the stance that its coders agree on (`coding.agreed_stances`).

    `until` as in `in_force`. An empty ``valid_from`` holds by its status alone.

    Returns
    -------
    DataFrame
        The table's columns as text, ``target`` and the `NARROWINGS` read from ``applies_to``, and
        ``stance`` (float).
    """
    tables = [t.frame for name, t in sorted(project.tables.items()) if t.kind == "provisions"]
    frame = texts_frame(tables, (*_COLUMNS, *_TOLD))
    frame["stance"] = np.concatenate([np.empty(0), *(stances_of(t) for t in tables)])
    frame["stance"] = _with_agreed(frame, project)
    dates = in_force(frame, as_of, until)
    # Its status says that a provision holds, also where nobody recorded since when.
    not_over = dates.holds | dates.undated
    live = frame["status"].isin(_LIVE) & not_over & frame["stance"].notna()
    # Sorted, because a row's number decides the order of pairs that are alike otherwise.
    frame = frame[live].sort_values([*_COLUMNS, "stance", *_TOLD], ignore_index=True)
    frame["instrument"] = [_title(*row) for row in frame[list(_TITLE)].itertuples(index=False)]
    narrowed = [parsed_applies_to(entry) for entry in frame["applies_to"]]
    return frame.join(pd.DataFrame(narrowed, columns=["target", *NARROWINGS], dtype=object))


def disputed_provisions(project: Project) -> tuple[str, ...]:
    """Return the ids of provisions in force without a stance whose coders agree on none."""
    agreed = agreed_stances(codings_of(project))
    tables = [t.frame for t in project.tables.values() if t.kind == "provisions"]
    frame = texts_frame(tables, ("id", "status"))
    stance = np.concatenate([np.empty(0), *(stances_of(t) for t in tables)])
    open_ = frame["status"].isin(_LIVE).to_numpy(dtype=bool) & np.isnan(stance)
    return tuple(sorted({x for x in frame.loc[open_, "id"] if agreed.get(x, 0.0) is None}))


def _with_agreed(frame: pd.DataFrame, project: Project) -> Floats:
    """Return the stances of the register; where it has none, the one that its coders agree on."""
    agreed = agreed_stances(codings_of(project))
    coded = np.array([agreed.get(x) for x in frame["id"]], dtype=np.float64)
    stance = frame["stance"].to_numpy(np.float64)
    return np.where(np.isnan(stance), coded, stance)


def _title(instrument: str, number: str, year: str, article: str) -> str:
    """Write a row's instrument in full: name, number and year, article."""
    numbered = "/".join(part for part in (number, year) if part)
    shown = instrument if numbered in instrument else f"{instrument} {numbered}".strip()
    return (
        _("{instrument}, art. {article}").format(instrument=shown, article=article)
        if article
        else shown
    )


def parsed_applies_to(applies_to: str) -> tuple[str, ...]:
    """Split ``kind[:form=…][:location_kind=…]`` into target, form and location kind."""
    target, *narrowings = (part.strip() for part in applies_to.split(":"))
    values = dict.fromkeys(NARROWINGS, "")
    for narrowing in narrowings:
        name, _equals, value = (part.strip() for part in narrowing.partition("="))
        if name not in values or not value:
            raise GisappError(
                _("The provision register says “applies_to” = “{text}”.").format(text=applies_to),
                _("Write a kind, layer, area or programme, then :form=… or :location_kind=…"),
            )
        values[name] = value
    return (target, *values.values())


@dataclass(frozen=True, eq=False)
class Provisions:
    """All that may apply to somebody: grounds with their own stance, and what the register says.

    Parameters
    ----------
    grounds : DataFrame
        As `gisapp.analysis.grounds` makes them.
    register : DataFrame
        As `register_in_force` reads it.
    named : DataFrame
        ``ground`` and ``provision`` (row of the register): which row names which ground.
    """

    grounds: pd.DataFrame
    register: pd.DataFrame
    named: pd.DataFrame

    @property
    def idle_rows(self) -> Bools:
        """Which rows of the register name a target that is not in force here."""
        rows = self.register
        named = rows.index.isin(self.named["provision"])
        return (rows["target"] != "").to_numpy(dtype=bool) & ~named

    @property
    def idle(self) -> int:
        """How many rows of the register name a target that is not in force here."""
        return int(self.idle_rows.sum())


def with_register(grounds: pd.DataFrame, register: pd.DataFrame) -> Provisions:
    """Find the grounds that each row of the register names."""
    rows = register.reset_index(names="provision")
    by_target = [_matches(grounds, by, rows, "target") for by in _NAMED_BY]
    by_id = _matches(grounds, "provision_id", rows, "id")
    named = pd.concat([*by_target, by_id], ignore_index=True).drop_duplicates()
    return Provisions(grounds, register, named)


def _matches(grounds: pd.DataFrame, by: str, rows: pd.DataFrame, name: str) -> pd.DataFrame:
    right = rows.loc[rows[name] != "", [name, "provision"]]
    left = grounds[[by]].reset_index(names="ground")
    left = left[left[by].isin(right[name])]
    return left.merge(right, left_on=by, right_on=name)[["ground", "provision"]]


def provisions_applied(subjects: Subjects, reach: Reach, provisions: Provisions) -> pd.DataFrame:
    """Say which provisions apply to which subjects, and with what stance.

    Returns
    -------
    DataFrame
        ``subject``, ``ground``, ``provision`` (row of the register, −1 for the ground's own
        stance) and ``stance``; grounds without any stance are left out.
    """
    named = np.zeros(len(provisions.grounds), dtype=bool)
    named[provisions.named["ground"].to_numpy(np.int64)] = True
    subject, ground = reach.subject[reach.bears], reach.ground[reach.bears]
    bearing = pd.DataFrame({"subject": subject, "ground": ground})[named[ground]]
    overriding = _overriding(subjects, bearing, provisions)
    pair = subject * len(named) + ground
    overridden = overriding["subject"].to_numpy() * len(named) + overriding["ground"].to_numpy()
    stance = provisions.grounds["stance"].to_numpy(np.float64)[ground]
    own = np.isfinite(stance) & ~(named[ground] & np.isin(pair, overridden))
    columns = {
        "subject": subject[own],
        "ground": ground[own],
        "provision": np.full(int(own.sum()), OWN_STANCE),
        "stance": stance[own],
    }
    applied = pd.DataFrame(
        {
            name: np.concatenate([values, overriding[name].to_numpy(values.dtype)])
            for name, values in columns.items()
        }
    )
    key = applied["subject"].to_numpy() * len(named) + applied["ground"].to_numpy()
    order = np.argsort(key * (len(provisions.register) + 1) + applied["provision"], kind="stable")
    return applied.iloc[order].reset_index(drop=True)


def _overriding(subjects: Subjects, bearing: pd.DataFrame, provisions: Provisions) -> pd.DataFrame:
    """Return the rows of the register that apply instead of a ground's own stance."""
    rows = provisions.register
    pairs = bearing.merge(provisions.named, on="ground")
    holds = np.ones(len(pairs), dtype=bool)
    for column in NARROWINGS:
        wanted = rows[column].to_numpy(dtype=object)[pairs["provision"]]
        holds &= (wanted == "") | (wanted == text(subjects.frame, column)[pairs["subject"]])
    pairs = pairs[holds]
    return pairs.assign(stance=rows["stance"].to_numpy()[pairs["provision"]])
