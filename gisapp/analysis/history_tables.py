"""What a history adds up to: by subject, by policy area, by date."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from gisapp.analysis.columns import as_text
from gisapp.analysis.timeline import iso
from gisapp.core.words import _

if TYPE_CHECKING:
    from gisapp.analysis.columns import Bools, Ints, Texts
    from gisapp.analysis.grounds import Reach
    from gisapp.analysis.history import History, Track
    from gisapp.analysis.timeline import Period

KINDS = ("businesses", "households")
COUNTS = (
    "families_affected", "businesses_exposed", "businesses_contradiction", "families_contradiction",
)  # fmt: skip
_AREA_KINDS = ("zoning", "evictions", "support_areas")


def dates(days: Ints) -> Texts:
    """Return days (`date.toordinal`), shape (n,), as ISO dates."""
    which, distinct = pd.factorize(days)
    return np.array([iso(int(day)) for day in distinct], dtype=object)[which]


def tracks(found: History) -> tuple[tuple[str, Track], ...]:
    """Return both kinds of subject with their tracks."""
    return (("businesses", found.businesses), ("households", found.households))


def by_subject(found: History) -> pd.DataFrame:
    """Say of each subject when and how long it was exposed, and under contradicting policies.

    Returns
    -------
    DataFrame
        ``subject_kind``, ``id``; ``first_exposed`` and ``last_exposed`` (ISO dates, both days it
        was exposed on; missing where never), ``days_exposed``, ``days_contradiction`` (Int64, in
        the period), ``still`` (exposed on the period's last day). A family is exposed while its
        home, or a business that it operates, is.
    """
    parts = [_subjects(kind, track, found.period.end) for kind, track in tracks(found)]
    return pd.concat(parts, ignore_index=True)


def _subjects(kind: str, track: Track, end: int) -> pd.DataFrame:
    n = len(track.subjects)
    exposed, length = track.affected, track.end - track.start
    who = track.subject[exposed]
    first, after = np.full(n, end, dtype=np.int64), np.zeros(n, dtype=np.int64)
    np.minimum.at(first, who, track.start[exposed])
    np.maximum.at(after, who, track.end[exposed])
    ever = after > 0
    return pd.DataFrame(
        {
            "subject_kind": as_text([kind] * n),
            "id": as_text(track.subjects.ids),
            "first_exposed": _dated(first, ever),
            "last_exposed": _dated(after - 1, ever),
            "days_exposed": _days(track.subject, length, exposed, n),
            "days_contradiction": _days(track.subject, length, track.contradiction > 0, n),
            "still": after == end,
        }
    )


def _dated(days: Ints, known: Bools) -> pd.Series:
    texts = np.full(len(days), "", dtype=object)
    texts[known] = dates(days[known])
    return as_text(texts, empty_is_missing=True)


def _days(subject: Ints, length: Ints, counts: Bools, n: int) -> pd.Series:
    total = np.zeros(n, dtype=np.int64)
    np.add.at(total, subject[counts], length[counts])
    return pd.Series(total, dtype="Int64")


def by_area(found: History) -> pd.DataFrame:
    """Say of each policy area with a date when it held, and whom it reached while it did.

    Returns
    -------
    DataFrame
        ``area_kind``, ``area_id``, ``name``, ``stage``, ``valid_from`` and ``valid_to`` (as they
        were recorded), ``days`` (in the period), ``businesses`` and ``families`` (that lie in it;
        of an eviction also the families that operate a business in it). By the first day.
    """
    dated = (found.grounds["valid_from"] != "") & found.grounds["area_kind"].isin(_AREA_KINDS)
    grounds = found.grounds[dated]
    columns = ["area_kind", "area_id", "name", "stage", "valid_from", "valid_to", "layer"]
    hits = reached(found)
    kinds = hits["subject_kind"].to_numpy()
    counts = {
        counted: hits[kinds == kind].groupby("ground")["subject"].nunique()
        for counted, kind in (("businesses", "businesses"), ("families", "households"))
    }
    frame = grounds[columns].assign(days=(grounds["end"] - grounds["start"]).astype("Int64"))
    for counted, n in counts.items():
        frame[counted] = n.reindex(grounds.index, fill_value=0).astype("Int64")
    same = ["layer", *columns[:6], "days"]
    # A zoning polygon is a ground for each class that it gives; a business has one of them.
    frame = frame.groupby(same, as_index=False, sort=False)[["businesses", "families"]].sum()
    order = ["valid_from", "area_kind", "area_id", "layer"]
    return frame.sort_values(order, ignore_index=True).drop(columns="layer")


def reached(found: History) -> pd.DataFrame:
    """Return whom each ground reaches while it holds: ``ground, subject_kind, subject`` (rows).

    An eviction that reaches a business also reaches the families that operate it.
    """
    links = pd.DataFrame(
        {"passed": found.case.links.household, "subject": found.case.links.business}
    )
    businesses = _hits("businesses", found.reach)
    evicting = (found.grounds["area_kind"] == "evictions").to_numpy()
    at_work = businesses[evicting[businesses["ground"]]].merge(links, on="subject")
    at_work = at_work.assign(subject=at_work["passed"], subject_kind="households")
    parts = [businesses, _hits("households", found.home_reach), at_work.drop(columns="passed")]
    return pd.concat(parts, ignore_index=True).drop_duplicates(ignore_index=True)


def _hits(kind: str, reach: Reach) -> pd.DataFrame:
    return pd.DataFrame({"ground": reach.ground, "subject": reach.subject, "subject_kind": kind})


def by_date(found: History) -> pd.DataFrame:
    """Count who is affected from each date on, until the next one.

    Returns
    -------
    DataFrame
        ``date`` (ISO; the period's first day and every day on which a count changes) and the
        `COUNTS` (Int64): ``families_affected`` by evictions at home or at work,
        ``businesses_exposed`` to one, and both kinds under contradicting policies.
    """
    start = found.period.start
    counted = (
        (found.households, found.households.affected),
        (found.businesses, found.businesses.affected),
        (found.businesses, found.businesses.contradiction > 0),
        (found.households, found.households.contradiction > 0),
    )
    changes = [_changes(track, counts) for track, counts in counted]
    days = np.unique(np.concatenate([[start], *(day for day, _change in changes)]))
    days = days[days < found.period.end]
    series = {}
    for name, (day, change) in zip(COUNTS, changes, strict=True):
        within = day < found.period.end
        steps = np.zeros(len(days), dtype=np.int64)
        np.add.at(steps, np.searchsorted(days, day[within]), change[within])
        series[name] = np.cumsum(steps)
    frame = pd.DataFrame({name: pd.array(values, "Int64") for name, values in series.items()})
    moved = (frame != frame.shift(fill_value=-1)).any(axis=1)
    frame.insert(0, "date", as_text(dates(days)))
    return frame[moved].reset_index(drop=True)


def _changes(track: Track, counts: Bools) -> tuple[Ints, Ints]:
    """Return the days on which a count changes, and by how much."""
    days = np.concatenate([track.start[counts], track.end[counts]])
    n = int(counts.sum())
    return days, np.repeat(np.array([1, -1], dtype=np.int64), n)


def of_subject(found: History, kind: str, subject_id: str) -> pd.DataFrame:
    """Return one subject's own runs of days, oldest first.

    Returns
    -------
    DataFrame
        ``valid_from``, ``valid_to`` (half-open; missing where it goes on on the period's last
        day), ``finding``, ``stage``, ``evictions``, ``contradiction``; empty for an unknown id.
    """
    track = dict(tracks(found))[kind]
    row = np.flatnonzero(track.subjects.ids == subject_id)
    return runs_of(track, int(row[0]) if len(row) else len(track.subjects), found.period)


def runs_of(track: Track, row: int, period: Period) -> pd.DataFrame:
    """Return the runs of days of the subject in a row, as `of_subject` does."""
    mine = slice(*np.searchsorted(track.subject, (row, row + 1)))
    start, end = track.start[mine], track.end[mine]
    return pd.DataFrame(
        {
            "valid_from": as_text(dates(start)),
            "valid_to": _dated(end, end < period.end),
            "finding": as_text(track.finding[mine]),
            "stage": as_text(track.stage[mine], empty_is_missing=True),
            "evictions": as_text(track.evictions[mine]),
            "contradiction": track.contradiction[mine],
        }
    )


def of_area(found: History, kind: str, area_id: str) -> pd.DataFrame:
    """Return whom one policy area reaches, and when it held: ``subject_kind``, ``id``, dates."""
    grounds = found.grounds
    named = (grounds["area_kind"] == kind) & (grounds["area_id"] == area_id)
    hits = reached(found)
    hits = hits[named.to_numpy()[hits["ground"]]]
    ids = {name: track.subjects.ids for name, track in tracks(found)}
    frame = pd.DataFrame(
        {
            "subject_kind": as_text(hits["subject_kind"].to_numpy(object)),
            "id": as_text([ids[k][i] for k, i in hits[["subject_kind", "subject"]].to_numpy()]),
            "valid_from": as_text(grounds["valid_from"].to_numpy(object)[hits["ground"]]),
            "valid_to": as_text(
                grounds["valid_to"].to_numpy(object)[hits["ground"]], empty_is_missing=True
            ),
        }
    )
    return frame.sort_values(["valid_from", "subject_kind", "id"], ignore_index=True)


def history_summary(found: History) -> dict[str, Any]:
    """Return the object that ``gisapp history --json`` prints."""
    subjects = by_subject(found)
    ever = subjects[(subjects["days_exposed"] > 0) | (subjects["days_contradiction"] > 0)]
    return {
        "first": found.period.first,
        "last": found.period.last,
        "steps": records(by_date(found)),
        "areas": records(by_area(found)),
        "totals": {kind: _totals(subjects[subjects["subject_kind"] == kind]) for kind in KINDS},
        "subjects": records(ever),
        "undated": found.case.undated,
        "warnings": [*found.case.warnings, *plan_warnings(found)],
    }


def plan_warnings(found: History) -> tuple[str, ...]:
    """Say where the plan does not say since when it holds, so that it counts on every day."""
    plan = found.case.plan
    if not (plan.areas.frame["valid_from"] == "").any():
        return ()
    sentence = _("The plan “{plan}” does not say since when it holds: it counts on all these days.")
    return (sentence.format(plan=plan.name),)


def _totals(subjects: pd.DataFrame) -> dict[str, int]:
    return {
        "total": len(subjects),
        "ever_exposed": int((subjects["days_exposed"] > 0).sum()),
        "still_exposed": int(subjects["still"].sum()),
        "ever_contradiction": int((subjects["days_contradiction"] > 0).sum()),
        "days_exposed": int(subjects["days_exposed"].sum()),
        "days_contradiction": int(subjects["days_contradiction"].sum()),
    }


def records(frame: pd.DataFrame) -> list[dict[str, Any]]:
    """Return a frame's rows as JSON objects; what is missing is null."""
    plain = frame.astype(object)
    rows = plain.where(plain.notna(), None).to_dict("records")
    return [{str(name): value for name, value in row.items()} for row in rows]
