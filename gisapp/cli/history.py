"""The command that asks about time, and the options that say what counts at a time."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Annotated, Any

import typer

from gisapp.cli.app import Json, Lang, ProjectFile, app
from gisapp.cli.printing import say, say_json, say_rows, say_warnings
from gisapp.cli.progress import terminal_progress
from gisapp.core.asked import conditions, conditions_text
from gisapp.core.dates import checked_date
from gisapp.core.errors import GisappError
from gisapp.core.finding_text import exposure_text, finding_text
from gisapp.core.words import N_, _, day, ngettext, number

if TYPE_CHECKING:
    import pandas as pd

    from gisapp.analysis.history import History
    from gisapp.core.project import Project

MOST_ROWS = 15
_SUBJECTS = ("businesses", "households")
_AREAS = ("zoning", "evictions", "support_areas")


def _date(text: str | None) -> str | None:
    try:
        return checked_date(text) if text else text
    except GisappError as error:
        raise typer.BadParameter(f"{error.message} {error.remedy}") from error


def _weekday_and_time(text: str | None) -> str | None:
    from gisapp.analysis.schedule_reading import week_minute

    try:
        if text:
            week_minute(text)
    except GisappError as error:
        raise typer.BadParameter(f"{error.message} {error.remedy}") from error
    return text


KnownOn = Annotated[
    str | None,
    typer.Option(
        callback=_date,
        metavar="DATE",
        help=N_("Leave out what was observed later; “” for nothing. By default as last time."),
    ),
]
At = Annotated[
    str | None,
    typer.Option(
        callback=_weekday_and_time,
        metavar="TIME",
        help=N_("Only who is there, and what holds, at a weekday and time: “mon 19:30”."),
    ),
]

First = Annotated[
    str | None,
    typer.Option(
        "--from",
        callback=_date,
        metavar="DATE",
        help=N_("By default when the first dated policy begins."),
    ),
]
Last = Annotated[
    str | None,
    typer.Option("--to", callback=_date, metavar="DATE", help=N_("By default the as-of date.")),
]
OneSubject = Annotated[
    str | None, typer.Option(metavar="KIND:ID", help=N_("One subject's own: businesses:B1."))
]
OneArea = Annotated[
    str | None, typer.Option(metavar="KIND:ID", help=N_("Whom one area reaches: evictions:E1."))
]


def with_presence(project: "Project", known_on: str | None, at: str | None) -> "Project":
    """Ask of what was known or there; None asks as the project does."""
    asked = project.parameters
    if known_on is not None:
        asked = replace(asked, known_on=known_on)
    if at is not None:
        asked = replace(asked, at=at)
    return project if asked == project.parameters else replace(project, parameters=asked)


@app.command("history", help=N_("Show who was exposed, or under contradicting policies, when."))
def _history(
    project: ProjectFile,
    first: First = None,
    last: Last = None,
    subject: OneSubject = None,
    area: OneArea = None,
    known_on: KnownOn = None,
    at: At = None,
    json: Json = False,
    lang: Lang = None,
) -> None:
    from gisapp.analysis.history import history
    from gisapp.io.folders import keep_compiled
    from gisapp.io.project_file import load_project

    keep_compiled()
    asked_subject = _kind_and_id(subject, _SUBJECTS)
    asked_area = _kind_and_id(area, _AREAS)
    with terminal_progress() as progress:
        opened = with_presence(load_project(project), known_on, at)
        found = history(opened, first or "", last or "", progress)
    if asked_subject:
        _tell_subject(found, *asked_subject, as_json=json)
    elif asked_area:
        _tell_area(found, *asked_area, as_json=json)
    else:
        _tell(found, as_json=json)


def _kind_and_id(text: str | None, kinds: tuple[str, ...]) -> tuple[str, str] | None:
    if text is None:
        return None
    kind, _colon, identifier = text.partition(":")
    if kind not in kinds or not identifier:
        raise typer.BadParameter(
            _("“{text}” is not of the form {form}.").format(
                text=text, form=", ".join(f"{kind}:ID" for kind in kinds)
            )
        )
    return kind, identifier


def _tell(found: "History", as_json: bool) -> None:
    from gisapp.analysis.history_tables import history_summary

    told = {**history_summary(found), **conditions(found.case.parameters)}
    if as_json:
        say_json(told)
        return
    _say_period(found)
    say(_("From each date on:"))
    headings = (_("date"), _("families affected"), _("businesses exposed"),
                _("businesses in contradiction"), _("families in contradiction"))  # fmt: skip
    say_rows([headings, *(_step_row(step) for step in told["steps"])])
    if told["areas"]:
        say(_("Policy areas with a date:"))
        say_rows([_area_headings(), *(_area_row(row) for row in told["areas"])])
    if told["subjects"]:
        _say_longest(told["subjects"])
    say_warnings(told["warnings"])


def _say_longest(subjects: Sequence[Mapping[str, Any]]) -> None:
    say(_("Longest exposed:"))
    longest = sorted(subjects, key=lambda x: (-x["days_exposed"], x["id"]))[:MOST_ROWS]
    headings = (_("subject"), _("first"), _("last"), _("days exposed"), _("in contradiction"))
    say_rows([headings, *(_subject_row(row) for row in longest)])
    _say_more(len(subjects) - MOST_ROWS)


def _say_more(n: int) -> None:
    if n > 0:
        say(ngettext("and {n} more", "and {n} more", n).format(n=number(n)))


def _say_period(found: "History") -> None:
    text = _("From {first} to {last}, both days counted.")
    say(text.format(first=day(found.period.first), last=day(found.period.last)))
    asked = found.case.parameters
    for line in conditions_text(asked.known_on, asked.at):
        say(line)


def _step_row(step: Mapping[str, Any]) -> tuple[str, ...]:
    date, *counts = step.values()
    return (date, *(number(n) for n in counts))


def _area_headings() -> tuple[str, ...]:
    return (_("area"), _("from"), _("until before"), _("days"), _("businesses"), _("families"))


def _area_row(row: Mapping[str, Any]) -> tuple[str, ...]:
    name = f"{row['area_kind']}:{row['area_id']}"
    counts = (number(row[key]) for key in ("days", "businesses", "families"))
    return (name, row["valid_from"], row["valid_to"] or "–", *counts)


def _subject_row(row: Mapping[str, Any]) -> tuple[str, ...]:
    last = _("so far") if row["still"] else row["last_exposed"]
    days = (number(row[key]) for key in ("days_exposed", "days_contradiction"))
    name = f"{row['subject_kind']}:{row['id']}"
    return (name, row["first_exposed"] or "–", last or "–", *days)


def _tell_subject(found: "History", kind: str, identifier: str, *, as_json: bool) -> None:
    from gisapp.analysis.history_tables import by_subject, of_subject, records

    runs = of_subject(found, kind, identifier)
    _refuse_unknown(runs, kind, identifier)
    rows = by_subject(found)
    (mine,) = records(rows[(rows["subject_kind"] == kind) & (rows["id"] == identifier)])
    if as_json:
        period = {"first": found.period.first, "last": found.period.last}
        say_json({**period, **mine, "runs": records(runs)})
        return
    _say_period(found)
    headings = (
        _("from"),
        _("until before"),
        _("finding"),
        _("stage"),
        _("evictions"),
        _("contradiction"),
    )
    say_rows([headings, *(_run_row(run) for run in records(runs))])
    days = mine["days_contradiction"]
    say(
        _("Exposed on {exposed} days, under contradicting policies on {days}.").format(
            exposed=number(mine["days_exposed"]), days=number(days)
        )
    )


def _run_row(run: Mapping[str, Any]) -> tuple[str, ...]:
    from gisapp.io.catalogue import load_catalogue

    until = run["valid_to"] or _("so far")
    finding = finding_text(load_catalogue(), run["finding"])
    stage = exposure_text(run["stage"]) if run["stage"] else "–"
    evictions = run["evictions"] or "–"
    score = number(run["contradiction"], 2)
    return (run["valid_from"], until, finding, stage, evictions, score)


def _tell_area(found: "History", kind: str, identifier: str, *, as_json: bool) -> None:
    from gisapp.analysis.history_tables import by_area, of_area, records

    reached = of_area(found, kind, identifier)
    areas = by_area(found)
    mine = records(areas[(areas["area_kind"] == kind) & (areas["area_id"] == identifier)])
    if not mine:  # it may hold without a date
        _refuse_unknown(reached, kind, identifier)
    if as_json:
        say_json({"areas": mine, "reached": records(reached)})
        return
    _say_period(found)
    say_rows([_area_headings(), *(_area_row(row) for row in mine)])
    say_rows([(f"{row['subject_kind']}:{row['id']}",) for row in records(reached)[:MOST_ROWS]])
    _say_more(len(reached) - MOST_ROWS)


def _refuse_unknown(rows: "pd.DataFrame", kind: str, identifier: str) -> None:
    if rows.empty:
        raise GisappError(
            _("There is no {kind}:{id} in these days.").format(kind=kind, id=identifier),
            _("Look the id up in the window's table, or ask about other days."),
        )
