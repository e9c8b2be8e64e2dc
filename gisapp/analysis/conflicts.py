"""Conflict rows: one for each subject and policy area that restricts or contradicts."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, NamedTuple

import geopandas as gpd
import numpy as np
import pandas as pd

from gisapp.analysis.columns import Bools, Floats, Ints, Texts, as_text, dealt, text
from gisapp.analysis.listing import Lines
from gisapp.core.policy import RESTRICTIVE_CLASSES, stage_text
from gisapp.core.words import _, day

if TYPE_CHECKING:
    from gisapp.analysis.contradiction import Contradiction
    from gisapp.analysis.findings import About
    from gisapp.analysis.grounds import Reach
    from gisapp.analysis.subjects import Subjects

CONTRADICTION, EVICTION = "contradiction", "eviction"
_FINDINGS = (*RESTRICTIVE_CLASSES, EVICTION, CONTRADICTION)


def conflict_rows(
    about: About,
    grounds: pd.DataFrame,
    class_uncertain: Bools,
    admin_code: Texts,
    among: Bools,
) -> Lines:
    """Make the conflict rows of one kind of subject, without the date, by subject and area.

    A restrictive ground gives its own finding; a promoting one gives ``contradiction`` where its
    subject is under contradicting policies. ``uncertain`` is about the row's own finding. Of a
    subject and an area the severest row is kept: there are two where the register favours what
    the plan forbids there, or where two layers hold an area under the same id.

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
    among : ndarray of bool, shape (n,)
        Of which subjects.
    """
    subjects = about.subjects
    rows = _rows(about.reach, grounds, about.contradiction, among)
    used, place = np.unique(rows.ground, return_inverse=True)
    named = _Named(grounds.iloc[used].reset_index(drop=True), place)
    kept = _severest_in_order(subjects.ids, rows, named)
    rows, named = rows.take(kept), named.take(kept)
    subject, finding = rows.subject, _findings(rows, named)
    frame = pd.DataFrame(
        {
            "subject_kind": dealt([subjects.kind], np.zeros(len(subject), np.int64)),
            "subject_id": as_text(subjects.ids[subject]),
            "area_kind": named.column("area_kind"),
            "area_id": named.column("area_id"),
            "finding": dealt(_FINDINGS, finding),
            "severity": pd.Series(rows.severity).astype("Int64"),
            "stage": named.column("stage", empty_is_missing=True),
            "stance": pd.Series(rows.stance).astype("Int64"),
            "uncertain": _uncertain(
                finding, class_uncertain[subject], about.exposure_certainty.uncertain[subject]
            ),
            "admin_code": as_text(admin_code[subject], empty_is_missing=True),
            "explanation": _explanations(subjects, subject, named, finding),
        }
    )
    points = subjects.points[subject]
    return Lines(gpd.GeoDataFrame(frame, geometry=points, crs=subjects.frame.crs), subject)


class _Rows(NamedTuple):
    """Arrays of shape (k,): a subject, a ground, whether it promotes, how much, how severely."""

    subject: Ints
    ground: Ints
    promoting: Bools
    stance: Floats
    severity: Floats

    def take(self, rows: Ints) -> _Rows:
        return _Rows._make(values[rows] for values in self)


class _Named(NamedTuple):
    """The grounds of some rows: each ground once, and the place (k,) of each row's ground."""

    grounds: pd.DataFrame
    place: Ints

    def take(self, rows: Ints) -> _Named:
        return self._replace(place=self.place[rows])

    def column(self, name: str, *, empty_is_missing: bool = False) -> pd.Series:
        """Return what the row's ground says, row by row."""
        words = self.grounds[name].to_numpy(dtype=object)
        return dealt(words, self.place, empty_is_missing=empty_is_missing)


def _rows(reach: Reach, grounds: pd.DataFrame, found: Contradiction, among: Bools) -> _Rows:
    applied = _Applied.of(found.applied, among, len(grounds))
    parts = (_restrictive(reach, grounds, applied, among), _promoting(applied, found))
    return _Rows._make(np.concatenate(values) for values in zip(*parts, strict=True))


class _Applied(NamedTuple):
    """Provisions that apply, sorted by `key`: the subject's row times `n_grounds`, plus the ground.

    `first` is where each pair of a subject and a ground begins.
    """

    key: Ints
    stance: Floats
    first: Ints
    n_grounds: int

    @classmethod
    def of(cls, applied: pd.DataFrame, keep: Bools, n_grounds: int) -> _Applied:
        """Take those of the subjects, shape (n,), to `keep`."""
        subject = applied["subject"].to_numpy(np.int64)
        kept = slice(None) if keep.all() else keep[subject]
        key = subject[kept] * n_grounds + applied["ground"].to_numpy(np.int64)[kept]
        first = np.flatnonzero(np.diff(key, prepend=-1))
        return cls(key, applied["stance"].to_numpy(np.float64)[kept], first, n_grounds)


def _restrictive(reach: Reach, grounds: pd.DataFrame, applied: _Applied, among: Bools) -> _Rows:
    """Return the pairs with a restrictive ground, and the lowest stance applied through it."""
    keep = (grounds["finding"] != "").to_numpy()[reach.ground] & among[reach.subject]
    subject, ground = reach.subject[keep], reach.ground[keep]
    stance = grounds["stance"].to_numpy(np.float64)[ground]
    if len(applied.first):
        key = subject * applied.n_grounds + ground
        pairs = applied.key[applied.first]
        at = np.minimum(np.searchsorted(pairs, key), len(pairs) - 1)
        lowest = np.minimum.reduceat(applied.stance, applied.first)[at]
        stance = np.where(pairs[at] == key, lowest, stance)
    promoting = np.zeros(len(subject), dtype=bool)
    return _Rows(subject, ground, promoting, stance, np.maximum(-stance, 0))


def _promoting(applied: _Applied, found: Contradiction) -> _Rows:
    """Return the promoting grounds of contradictory subjects, with their highest stance."""
    best = np.maximum.reduceat(applied.stance, applied.first) if len(applied.first) else np.empty(0)
    subject, ground = np.divmod(applied.key[applied.first], max(applied.n_grounds, 1))
    keep = found.contradictory[subject] & (best > 0)
    subject, best = subject[keep], best[keep]
    severity = np.minimum(best, -found.lowest[subject])
    return _Rows(subject, ground[keep], np.ones(len(subject), dtype=bool), best, severity)


def _severest_in_order(ids: Texts, rows: _Rows, named: _Named) -> Ints:
    """Return the rows to keep, in the order of subject id, kind of area and its id."""
    subjects, entry = np.unique(rows.subject, return_inverse=True)
    subject = _order_of(ids[subjects])[entry]
    kind, area = (_order_of(named.grounds[c].to_numpy(object)) for c in ("area_kind", "area_id"))
    area = (kind * (area.max(initial=0) + 1) + area)[named.place]
    order = np.lexsort((-rows.severity, area, subject))
    first = np.diff(subject[order], prepend=-1) != 0
    first |= np.diff(area[order], prepend=-1) != 0
    kept: Ints = order[first]
    return kept


def _order_of(texts: Texts) -> Ints:
    """Return each text's place in alphabetic order; equal texts share one."""
    place: Ints = pd.factorize(texts, sort=True)[0]
    return place


def _findings(rows: _Rows, named: _Named) -> Ints:
    """Return each row's place in `_FINDINGS`."""
    place = {finding: i for i, finding in enumerate(_FINDINGS)}
    own = np.array([place.get(f, 0) for f in named.grounds["finding"]], dtype=np.int64)
    return np.where(rows.promoting, place[CONTRADICTION], own[named.place])


def _uncertain(finding: Ints, by_class: Bools, by_exposure: Bools) -> Bools:
    return np.select(
        [finding == _FINDINGS.index(EVICTION), finding == _FINDINGS.index(CONTRADICTION)],
        [by_exposure, by_class | by_exposure],
        by_class,
    )


def _explanations(subjects: Subjects, subject: Ints, named: _Named, finding: Ints) -> pd.Series:
    """Write one plain sentence for each row; equal questions are answered once."""
    told = named.grounds[list(_Question._fields[:-2])].copy()
    # The sentence about a zone names neither its id, where it has a name, nor its dates.
    is_zone = told["area_kind"] == "zoning"
    told.loc[is_zone, ["valid_from", "valid_to"]] = ""
    told.loc[is_zone & (told["name"] != ""), "area_id"] = ""
    ground, grounds = pd.factorize(pd.MultiIndex.from_frame(told))
    activity, activities = pd.factorize(text(subjects.frame.iloc[subject], "activity"))
    size = max(len(activities), 1)
    question, distinct = pd.factorize(
        (ground[named.place] * len(_FINDINGS) + finding) * size + activity
    )
    write = _Writer()
    sentences = []
    for one in distinct.tolist():
        rest, by_activity = divmod(one, size)
        by_ground, by_finding = divmod(rest, len(_FINDINGS))
        asked = (*grounds[by_ground], _FINDINGS[by_finding], activities[by_activity])
        sentences.append(write.sentence(_Question._make(asked)))
    return dealt(sentences, question)


class _Question(NamedTuple):
    """What the sentence of a row depends on."""

    area_kind: str
    area_id: str
    name: str
    instrument: str
    stage: str
    valid_from: str
    valid_to: str
    tie: str
    finding: str
    activity: str


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
