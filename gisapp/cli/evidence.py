"""Commands that say why a finding is what it is, and show that it can be found again."""

from typing import Annotated

import typer

from gisapp.cli.app import Json, Lang, ProjectFile, app
from gisapp.cli.printing import say, say_json
from gisapp.cli.progress import terminal_progress
from gisapp.core.words import N_, _


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
