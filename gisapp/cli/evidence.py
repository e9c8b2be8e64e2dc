"""Commands that say why a finding is what it is, and show that it can be found again."""

from typing import TYPE_CHECKING, Annotated

import typer

from gisapp.cli.app import Json, Lang, ProjectFile, app
from gisapp.cli.printing import refuse, say, say_json, say_rows
from gisapp.cli.progress import terminal_progress
from gisapp.core.errors import GisappError
from gisapp.core.words import N_, _, day, moment

if TYPE_CHECKING:
    from gisapp.analysis.repeating import Repeated


@app.command("evidence", help=N_("Show the chain behind every finding about one record."))
def _evidence(
    project: ProjectFile,
    subject: Annotated[
        str,
        typer.Argument(metavar="KIND:ID", help=N_("businesses:ID or households:ID.")),
    ],
    json: Json = False,
    lang: Lang = None,
) -> None:
    kind, _colon, identifier = subject.partition(":")
    if kind not in ("businesses", "households") or not identifier:
        raise typer.BadParameter(
            _("“{text}” is not of the form {form}.").format(
                text=subject, form="businesses:ID, households:ID"
            )
        )
    from gisapp.analysis.chain import as_json, as_text
    from gisapp.analysis.evidence import evidence
    from gisapp.io.catalogue import load_catalogue
    from gisapp.io.folders import keep_compiled
    from gisapp.io.project_file import load_project

    keep_compiled()
    with terminal_progress() as progress:
        chain = evidence(
            load_project(project), (kind, identifier), load_catalogue(), progress=progress
        )
    if json:
        say_json(as_json(chain))
        return
    for line in as_text(chain).splitlines():
        say(line)


@app.command("repeat", help=N_("Work an assessment out again and compare it byte by byte."))
def _repeat(
    project: ProjectFile,
    run: Annotated[
        int | None, typer.Option(min=1, metavar="N", help=N_("Which one; by default the last."))
    ] = None,
    json: Json = False,
    lang: Lang = None,
) -> None:
    from gisapp.analysis.repeating import repeat
    from gisapp.io.folders import keep_compiled
    from gisapp.io.project_file import load_project

    keep_compiled()
    present = load_project(project)
    number = run or len(present.runs)
    if not 1 <= number <= len(present.runs):
        raise GisappError(
            _("{path} has {n} assessments.").format(path=project, n=len(present.runs)),
            _("Name one of them by its number, or assess the project first."),
        )
    with terminal_progress() as progress:
        repeated = repeat(present, present.runs[number - 1], progress)
    _answer_repeated(number, repeated, json)


def _answer_repeated(number: int, repeated: "Repeated", as_json: bool) -> None:
    run = repeated.run
    if as_json:
        say_json(
            {
                "run": number,
                "at": run.at,
                "as_of": run.parameters.as_of,
                "same": repeated.same,
                "inputs": dict(repeated.inputs),
                "differing": list(repeated.differing),
                "results": dict(run.record.results) if run.record else {},
                "made_with": {name: list(x) for name, x in repeated.made_with.items()},
            }
        )
    if not repeated.same:
        refuse(repeated.refusal())
        raise typer.Exit(3)
    if as_json:
        return
    text = _("Assessment {n} of {at}, as of {date}: the same data give the same bytes.")
    say(text.format(n=number, at=moment(run.at), date=day(run.parameters.as_of)))
    say_rows(list(run.record.results.items()) if run.record else [])
    for name, (then, now) in repeated.made_with.items():
        say(_("Made with {name} {then}, now {now}.").format(name=name, then=then, now=now))
