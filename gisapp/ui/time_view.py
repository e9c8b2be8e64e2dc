"""What the page on time shows of a history: its chart, tables and words. No Qt."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from gisapp.analysis.history import history
from gisapp.analysis.history_tables import (
    by_area,
    by_date,
    by_subject,
    plan_warnings,
    runs_of,
    tracks,
)
from gisapp.core.words import _, day, ngettext, number
from gisapp.render.charts import Event, Line, Step, Steps
from gisapp.ui.frame_view import FrameView

if TYPE_CHECKING:
    import pandas as pd
    from numpy.typing import NDArray

    from gisapp.analysis.history import History
    from gisapp.core.catalogue import Catalogue, Kind
    from gisapp.core.progress import Progress
    from gisapp.core.project import Project

SUBJECT_COLUMNS = (
    "subject_kind", "id", "first_exposed", "last_exposed", "days_exposed", "days_contradiction",
    "still",
)  # fmt: skip
AREA_COLUMNS = (
    "valid_from", "valid_to", "area_kind", "area_id", "name", "stage", "days", "businesses",
    "families",
)  # fmt: skip
RUN_COLUMNS = ("valid_from", "valid_to", "finding", "stage", "evictions", "contradiction")
_FINDING = {"businesses": "class", "households": "family_impact"}
# More would be a hedge of lines; the table has them all.
MOST_EVENTS = 40


@dataclass(frozen=True, eq=False)
class TimeAnswer:
    """A history, with what is shown of it worked out: the chart, and the two tables' frames."""

    found: History
    chart: Steps
    subjects: pd.DataFrame
    areas: pd.DataFrame


def time_answer(project: Project, first: str, progress: Progress) -> TimeAnswer:
    """Ask for the history from `first` (empty: the first dated policy) to the as-of date."""
    found = history(project, first, "", progress)
    subjects = by_subject(found)
    ever = (subjects["days_exposed"] > 0) | (subjects["days_contradiction"] > 0)
    subjects = subjects.assign(row=np.arange(len(subjects)))[ever].reset_index(drop=True)
    areas = by_area(found)
    return TimeAnswer(found, _chart(found, areas), subjects, areas)


def _chart(found: History, areas: pd.DataFrame) -> Steps:
    """Draw who is affected from date to date, with the days on which evictions begin and end."""
    steps = by_date(found)
    lines = (
        ("families_affected", _("Families affected")),
        ("businesses_exposed", _("Businesses exposed")),
        ("businesses_contradiction", _("Businesses in contradiction")),
    )
    events = _events(found, areas)
    note = _("Counted on every day from {first} to {last}.").format(
        first=day(found.period.first), last=day(found.period.last)
    )
    note = " ".join((note, *plan_warnings(found)))
    if len(events) > MOST_EVENTS:
        note += " " + _("The first {n} events are marked.").format(n=MOST_EVENTS)
    return Steps(
        title=_("Who is affected, from date to date"),
        note=note,
        lines=tuple(
            Line(label, tuple(Step(d, float(n)) for d, n in steps[["date", name]].to_numpy()))
            for name, label in lines
        ),
        until=found.period.last,
        events=events[:MOST_EVENTS],
    )


def _events(found: History, areas: pd.DataFrame) -> tuple[Event, ...]:
    """Return the first and the last days of eviction areas, one event a day."""
    period = found.period
    on: dict[str, list[str]] = {}
    rows = areas[areas["area_kind"] == "evictions"]
    for area_id, name, begins, ends in rows[
        ["area_id", "name", "valid_from", "valid_to"]
    ].to_numpy():
        told = f"{name} ({area_id})" if name else area_id
        if period.first <= begins <= period.last:
            on.setdefault(begins, []).append(_("begins: {area}").format(area=told))
        if ends and period.first <= ends <= period.last:
            on.setdefault(ends, []).append(_("ends: {area}").format(area=told))
    return tuple(Event(date, "; ".join(texts)) for date, texts in sorted(on.items()))


def subjects_view(answer: TimeAnswer, catalogue: Catalogue) -> FrameView:
    """Return the table of the subjects that were ever exposed or under contradiction."""
    return FrameView(answer.subjects, SUBJECT_COLUMNS, catalogue.kind("history"))


def areas_view(answer: TimeAnswer, catalogue: Catalogue) -> FrameView:
    """Return the table of the policy areas with a date."""
    return FrameView(answer.areas, AREA_COLUMNS, catalogue.kind("history_areas"))


def runs_view(answer: TimeAnswer, row: int, catalogue: Catalogue) -> FrameView:
    """Return one subject's own days: of the subject in a row of `answer.subjects`."""
    kind, place = _track_row(answer, row)
    frame = runs_of(dict(tracks(answer.found))[kind], place, answer.found.period)
    return FrameView(frame, RUN_COLUMNS, _run_kind(kind, catalogue))


def _run_kind(kind: str, catalogue: Catalogue) -> Kind:
    """Return the fields of a subject's findings, with the dates between which they stand."""
    findings = catalogue.kind(f"assessed_{kind}")
    areas = catalogue.kind("history_areas").fields
    dated = {name: areas[name] for name in ("valid_from", "valid_to")}
    return replace(
        findings, fields={**findings.fields, **dated, "finding": findings.fields[_FINDING[kind]]}
    )


def heading(answer: TimeAnswer, row: int) -> str:
    """Say in a sentence how long one subject was exposed."""
    subject = answer.subjects.iloc[row]
    exposed, contradiction = int(subject["days_exposed"]), int(subject["days_contradiction"])
    days = ngettext("exposed on {n} day", "exposed on {n} days", exposed).format(n=number(exposed))
    under = ngettext(
        "under contradicting policies on {n} day",
        "under contradicting policies on {n} days",
        contradiction,
    ).format(n=number(contradiction))
    return f"{subject['id']}: {days}, {under}"


def place_of(answer: TimeAnswer, row: int) -> NDArray[np.object_]:
    """Return where the subject in a row of `answer.subjects` is, shape (1,) or (0,)."""
    kind, place = _track_row(answer, row)
    subjects = dict(tracks(answer.found))[kind].subjects
    return subjects.points[[place]][subjects.located[[place]]]


def first_day(answer: TimeAnswer) -> str:
    """Return the first day of the history."""
    return answer.found.period.first


def first_day_of(frame: pd.DataFrame, row: int) -> str:
    """Return the day on which a row of areas or of runs begins."""
    return str(frame["valid_from"].iloc[row])


def _track_row(answer: TimeAnswer, row: int) -> tuple[str, int]:
    """Return the kind and the row in its track of a row of `answer.subjects`."""
    subject = answer.subjects.iloc[row]
    kind, place = str(subject["subject_kind"]), int(subject["row"])
    # The subjects are the businesses, then the families.
    return kind, place - (len(answer.found.case.businesses) if kind == "households" else 0)


def row_of(answer: TimeAnswer, kind: str, identifier: str) -> int | None:
    """Return the row of `answer.subjects` that is a subject's; None where it has none."""
    subjects = answer.subjects
    mine = (subjects["subject_kind"] == kind) & (subjects["id"] == identifier)
    rows = np.flatnonzero(mine)
    return int(rows[0]) if len(rows) else None
