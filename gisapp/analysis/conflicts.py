"""Conflict rows: one for each subject and policy area that restricts or contradicts."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, NamedTuple

import geopandas as gpd
import numpy as np
import pandas as pd

from gisapp.analysis.columns import Bools, Texts, as_text, text
from gisapp.core.policy import stage_text
from gisapp.core.words import _, day

if TYPE_CHECKING:
    from gisapp.analysis.contradiction import Contradiction
    from gisapp.analysis.findings import About
    from gisapp.analysis.grounds import Reach
    from gisapp.analysis.subjects import Subjects

CONTRADICTION = "contradiction"
ROW_ORDER = ("subject_kind", "subject_id", "area_kind", "area_id")


def conflict_rows(
    about: About,
    grounds: pd.DataFrame,
    class_uncertain: Bools,
    admin_code: Texts,
    as_of: str,
) -> gpd.GeoDataFrame:
    """Make the conflict rows of one kind of subject.

    A restrictive ground gives its own finding; a promoting one gives ``contradiction`` where its
    subject is under contradicting policies. ``uncertain`` is about the row's own finding.

    Parameters
    ----------
    about : About
        What was found for the n subjects of the kind.
    grounds : DataFrame
        What its `reach` points into.
    class_uncertain : ndarray of bool, shape (n,)
        Whose conformity is uncertain.
    admin_code : ndarray of str, shape (n,)
        ``""`` for a subject that belongs to no area.
    as_of : str
        ISO date.
    """
    subjects, found = about.subjects, about.contradiction
    restrictive = _restrictive(about.reach, grounds, found)
    rows = pd.concat([restrictive, _promoting(found)], ignore_index=True)
    ground = grounds.iloc[rows["ground"]].reset_index(drop=True)
    subject = rows["subject"].to_numpy()
    finding = ground["finding"].where(~rows["promoting"].to_numpy(), CONTRADICTION)
    frame = pd.DataFrame(
        {
            "subject_kind": as_text([subjects.kind] * len(rows)),
            "subject_id": as_text(subjects.ids[subject]),
            "area_kind": as_text(ground["area_kind"].to_numpy()),
            "area_id": as_text(ground["area_id"].to_numpy()),
            "finding": as_text(finding.to_numpy()),
            "severity": rows["severity"].astype("Int64"),
            "stage": as_text(ground["stage"].to_numpy(), empty_is_missing=True),
            "stance": rows["stance"].astype("Int64"),
            "as_of": as_text([as_of] * len(rows)),
            "uncertain": _uncertain(
                finding.to_numpy(dtype=object),
                class_uncertain[subject],
                about.exposure_certainty.uncertain[subject],
            ),
            "admin_code": as_text(admin_code[subject], empty_is_missing=True),
            "explanation": as_text(_explanations(subjects, subject, ground, finding)),
        }
    )
    return gpd.GeoDataFrame(frame, geometry=subjects.points[subject], crs=subjects.frame.crs)


def in_conflict(about: About, grounds: pd.DataFrame) -> Bools:
    """Mark the subjects, shape (n,), that have at least one conflict row."""
    conflicting = about.contradiction.contradictory.copy()
    restrictive = (grounds["finding"] != "").to_numpy()[about.reach.ground]
    conflicting[about.reach.subject[restrictive]] = True
    return conflicting


def in_row_order(frame: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Sort conflict rows and keep the severest of each subject and area.

    An area has two where the register favours what the plan forbids there, or where two layers
    hold it under the same id.
    """
    frame = frame.sort_values([*ROW_ORDER, "severity"], ascending=[True] * 4 + [False])
    return frame.drop_duplicates(list(ROW_ORDER), ignore_index=True)


def _restrictive(reach: Reach, grounds: pd.DataFrame, found: Contradiction) -> pd.DataFrame:
    """Return the pairs with a restrictive ground, and the lowest stance applied through it."""
    restrictive = (grounds["finding"] != "").to_numpy()[reach.ground]
    pairs = pd.DataFrame({"subject": reach.subject, "ground": reach.ground})[restrictive]
    lowest = found.applied.groupby(["subject", "ground"])["stance"].min()
    stance = lowest.reindex(pd.MultiIndex.from_frame(pairs)).to_numpy()
    own = grounds["stance"].to_numpy()[pairs["ground"]]
    stance = np.where(np.isnan(stance), own, stance)
    return pairs.assign(promoting=False, stance=stance, severity=np.maximum(-stance, 0))


def _promoting(found: Contradiction) -> pd.DataFrame:
    """Return the promoting grounds of contradictory subjects, with their highest stance."""
    applied = found.applied
    keep = found.contradictory[applied["subject"]] & (applied["stance"] > 0).to_numpy()
    best = applied[keep].groupby(["subject", "ground"])["stance"].max()
    pairs = pd.DataFrame(best).reset_index()
    against = -found.lowest[pairs["subject"]]
    return pairs.assign(promoting=True, severity=np.minimum(pairs["stance"], against))


def _uncertain(finding: Texts, by_class: Bools, by_exposure: Bools) -> Bools:
    return np.select(
        [finding == "eviction", finding == CONTRADICTION],
        [by_exposure, by_class | by_exposure],
        by_class,
    )


def _explanations(
    subjects: Subjects, subject: np.ndarray, ground: pd.DataFrame, finding: pd.Series
) -> Texts:
    """Write one plain sentence for each row; equal questions are answered once."""
    activity = text(subjects.frame, "activity")[subject]
    asked = ground.assign(finding=finding.to_numpy(), activity=activity)[list(_Question._fields)]
    question, distinct = pd.factorize(pd.MultiIndex.from_frame(asked))
    write = _Writer()
    sentences = [write.sentence(_Question(*q)) for q in distinct]
    return np.array(sentences, dtype=object)[question] if sentences else np.empty(0, object)


class _Question(NamedTuple):
    """What the sentence of a row depends on."""

    area_kind: str
    area_id: str
    name: str
    instrument: str
    stage: str
    valid_from: str
    valid_to: str
    finding: str
    activity: str
    tie: str


class _Writer:
    """Writes explanations in the language in force; patterns and periods are made once."""

    def __init__(self) -> None:
        self._patterns = _patterns()
        self._period = cache(_period)

    def sentence(self, asked: _Question) -> str:
        said = self._patterns[asked.area_kind, asked.finding].format(
            name=asked.name or asked.area_id,
            plan=asked.instrument,
            activity=asked.activity or _("this activity"),
            period=self._period(asked.valid_from, asked.valid_to),
            stage=stage_text(asked.stage),
        )
        if not asked.tie:
            return said
        tie = _("Rules of equal weight disagree here; the more restrictive counts.")
        return f"{said} {tie}"


def _patterns() -> dict[tuple[str, str], str]:
    return {
        ("zoning", "prohibited"): _("In sub-zone {name} the plan {plan} prohibits: {activity}."),
        ("zoning", "conditional"): _(
            "In sub-zone {name} the plan {plan} allows under conditions: {activity}."
        ),
        ("zoning", "limited"): _(
            "In sub-zone {name} the plan {plan} allows with limits: {activity}."
        ),
        ("evictions", "eviction"): _(
            "It lies in the eviction area {name}, stage {stage}, in force {period}."
        ),
        ("zoning", CONTRADICTION): _(
            "In sub-zone {name} of the plan {plan} policy favours: {activity}; "
            "another policy in force restricts the same place or people."
        ),
        ("support_areas", CONTRADICTION): _(
            "It lies in the support area {name}, in force {period}; "
            "another policy in force restricts the same place or people."
        ),
        ("supports", CONTRADICTION): _(
            "The support {name} reaches it, in force {period}; "
            "another policy in force restricts the same place or people."
        ),
        ("evictions", CONTRADICTION): _(
            "A coded provision favours it in the eviction area {name}, in force {period}; "
            "another policy in force restricts the same place or people."
        ),
    }


def _period(valid_from: str, valid_to: str) -> str:
    if not valid_from:
        return _("without a stated date")
    if not valid_to:
        return _("since {start}").format(start=day(valid_from))
    return _("from {start} until before {end}").format(start=day(valid_from), end=day(valid_to))
