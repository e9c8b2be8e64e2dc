"""Through what a policy reaches a subject: polygons that cover it, supports that it receives.

A *ground* is one such thing: a zoning polygon with the class it gives, an eviction area, a support
area or a support. Grounds are rows of a frame with the text columns `TEXTS` and ``stance``, NaN
where it has none of its own. ``finding`` is the finding that the ground alone gives, or ``""``;
``tie`` is ``"tie"`` where a plan's rules of equal weight disagreed.
`Reach` says which grounds reach which subjects.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from gisapp.analysis.columns import Bools, Ints, Texts, texts_frame
from gisapp.analysis.exposure import STAGE_ORDER, stage_ranks
from gisapp.analysis.intervals import in_force
from gisapp.analysis.subjects import Pairs, Subjects
from gisapp.core.policy import (
    CONFORMITY_CLASSES,
    RESTRICTIVE_CLASSES,
    STAGE_STANCE,
    SUPPORT_STANCE,
    ZONING_STANCE,
    stage_text,
)
from gisapp.core.words import _

if TYPE_CHECKING:
    from collections.abc import Sequence

    from gisapp.analysis.areas import Areas
    from gisapp.analysis.conformity import Conformity
    from gisapp.analysis.impact import Operated
    from gisapp.analysis.plan import Plan
    from gisapp.core.project import Project

# What an area in force whose stage nobody recorded does at the least.
_UNKNOWN_STAGE_STANCE = -1
TEXTS = (
    "area_kind", "area_id", "layer", "programme", "provision_id", "name", "instrument",
    "institution", "finding", "tie", "stage", "valid_from", "valid_to",
)  # fmt: skip


@dataclass(frozen=True, eq=False)
class Reach:
    """Arrays of shape (k,): a subject's row, a ground's row, and whether it bears on the score.

    A zoning polygon that a more restrictive one overrules (`bears` False) still has a finding.
    """

    subject: Ints
    ground: Ints
    bears: Bools


def zoning_grounds(plan: Plan, conforms: Conformity) -> tuple[pd.DataFrame, Reach]:
    """Return a ground for each (polygon, class, tie) there is, and the businesses it reaches."""
    pairs, rank = conforms.pairs, conforms.verdicts.rank
    size = len(CONFORMITY_CLASSES)
    ground, distinct = pd.factorize(
        (pairs.area * size + rank) * 2 + conforms.verdicts.tie, sort=True
    )
    area, class_rank = distinct // 2 // size, distinct // 2 % size
    findings = [c if c in RESTRICTIVE_CLASSES else "" for c in CONFORMITY_CLASSES]
    stances = [float(ZONING_STANCE.get(c, np.nan)) for c in CONFORMITY_CLASSES]
    zones = plan.areas.frame.iloc[area].reset_index(drop=True)
    frame = zones[["layer", "valid_from", "valid_to"]].assign(
        area_kind="zoning",
        area_id=zones["id"],
        name=zones["subzone"],
        instrument=plan.name,
        finding=np.array(findings, dtype=object)[class_rank],
        tie=np.where(distinct % 2, "tie", ""),
        stance=np.array(stances)[class_rank],
    )
    return frame, Reach(pairs.subject, ground, rank == conforms.rank[pairs.subject])


def eviction_grounds(evictions: Areas) -> pd.DataFrame:
    """Return a ground for each eviction area in force."""
    areas = evictions.frame
    rank = stage_ranks(evictions)
    told = [_("eviction, stage {stage}").format(stage=stage_text(s)) for s in STAGE_ORDER]
    stances = [float(STAGE_STANCE.get(s, _UNKNOWN_STAGE_STANCE)) for s in STAGE_ORDER]
    return areas[["layer", "name", "valid_from", "valid_to"]].assign(
        area_kind="evictions",
        area_id=areas["id"],
        stage=np.array(STAGE_ORDER, dtype=object)[rank],
        instrument=np.array(told, dtype=object)[rank],
        institution=areas["actor"],
        finding="eviction",
        stance=np.array(stances)[rank],
    )


def support_area_grounds(areas: Areas) -> pd.DataFrame:
    """Return a ground for each support area in force."""
    frame = areas.frame
    return frame[["layer", "name", "provision_id", "valid_from", "valid_to"]].assign(
        area_kind="support_areas",
        area_id=frame["id"],
        instrument=frame["support_kind"].where(frame["support_kind"] != "", frame["name"]),
        stance=float(SUPPORT_STANCE),
    )


@dataclass(frozen=True, eq=False)
class Supports:
    """The supports in force: grounds, whom they reach, and ids of those without a date."""

    frame: pd.DataFrame
    businesses: Pairs
    households: Pairs
    undated: tuple[str, ...]


def supports_in_force(
    project: Project,
    as_of: str,
    households: Subjects,
    businesses: Subjects,
    links: Operated,
    until: str = "",
) -> Supports:
    """Read the table ``supports``.

    A household's support also reaches the businesses that it operates, and a business's the
    households that operate it.

    Parameters
    ----------
    project : Project
    as_of : str
        ISO date.
    households, businesses : Subjects
        Who may receive one.
    links : Operated
        Which household operates which business.
    until : str
        ISO date; where given, supports count that hold on any day from `as_of` to this one.
    """
    tables = [(n, t.frame) for n, t in sorted(project.tables.items()) if t.kind == "supports"]
    columns = ("id", "household_id", "business_id", "programme", "valid_from", "valid_to")
    rows = texts_frame([frame for _name, frame in tables], columns)
    rows["layer"] = [name for name, frame in tables for _row in range(len(frame))]
    rows["id"] = rows["id"].where(rows["id"] != "", rows["programme"])
    # Sorted, because of two supports of one name the first one's period is told.
    rows = rows.sort_values(list(columns), ignore_index=True)
    dates = in_force(rows, as_of, until)
    undated = tuple(sorted(rows.loc[dates.undated, "id"]))
    rows = rows[dates.holds].reset_index(drop=True)
    to_household = _receivers(rows["household_id"], households)
    to_business = _receivers(rows["business_id"], businesses)
    told = ["layer", "programme", "household_id", "business_id", "valid_from", "valid_to"]
    frame = rows[told].assign(
        area_kind="supports",
        area_id=rows["id"],
        name=rows["programme"],
        instrument=rows["programme"],
        stance=float(SUPPORT_STANCE),
    )
    return Supports(
        frame,
        businesses=_with_passed_on(to_business, to_household, links.household, links.business),
        households=_with_passed_on(to_household, to_business, links.business, links.household),
        undated=undated,
    )


def _receivers(key: pd.Series, subjects: Subjects) -> Pairs:
    row = subjects.rows_of(key.to_numpy(dtype=object))
    named = np.flatnonzero(row >= 0)
    return Pairs(row[named], named)


def _with_passed_on(own: Pairs, other: Pairs, giver: Ints, taker: Ints) -> Pairs:
    """Add to the subjects' `own` supports those that reach them through the `other` kind."""
    passed = pd.DataFrame({"giver": other.subject, "support": other.area}).merge(
        pd.DataFrame({"giver": giver, "taker": taker}), on="giver"
    )
    subject = np.concatenate([own.subject, passed["taker"].to_numpy(np.int64)])
    support = np.concatenate([own.area, passed["support"].to_numpy(np.int64)])
    both = pd.DataFrame({"subject": subject, "support": support}).drop_duplicates()
    return Pairs.sorted(both["subject"].to_numpy(), both["support"].to_numpy())


def stacked_grounds(frames: Sequence[pd.DataFrame]) -> tuple[pd.DataFrame, list[int]]:
    """Put grounds one below the other; the second value is where each frame starts."""
    starts = np.cumsum([0, *(len(f) for f in frames)])[:-1].tolist()
    texts = {c: np.concatenate([_trimmed(f, c) for f in frames]) for c in TEXTS}
    frame = pd.DataFrame(texts, columns=list(TEXTS), dtype=object)
    frame["stance"] = np.concatenate([np.asarray(f["stance"], dtype=np.float64) for f in frames])
    return frame, starts


def _trimmed(frame: pd.DataFrame, column: str) -> Texts:
    """Return a column whose missing values are ``""`` already as trimmed text, shape (n,)."""
    if column not in frame.columns:
        return np.full(len(frame), "", dtype=object)
    code, words = pd.factorize(frame[column].to_numpy(dtype=object))
    return np.array([word.strip() for word in words], dtype=object)[code]


def reach_of(parts: Sequence[tuple[Pairs, int]], first: Reach | None = None) -> Reach:
    """Put pairs of (subject, area), each with its kind's start among the grounds, together."""
    bearing = [Reach(p.subject, p.area + start, np.ones(len(p.area), bool)) for p, start in parts]
    every = ([first] if first else []) + bearing
    return Reach(
        np.concatenate([r.subject for r in every]),
        np.concatenate([r.ground for r in every]),
        np.concatenate([r.bears for r in every]),
    )
