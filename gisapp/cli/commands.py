"""The window and the demo, and the modules whose commands belong to the application."""

from pathlib import Path
from typing import Annotated

import typer

from gisapp import __version__
from gisapp.cli import (
    answers,
    attachments,
    contradictions,
    data,
    evidence,
    history,
    overlay,
    patterns,
    results,
    sealing,
    siting,
    uncertainty,
)
from gisapp.cli.app import Json, Lang, ProjectFile, app
from gisapp.cli.printing import say, say_json
from gisapp.cli.progress import terminal_progress
from gisapp.core.words import N_, language

__all__ = [
    "app",
    "attachments",
    "contradictions",
    "data",
    "evidence",
    "history",
    "overlay",
    "patterns",
    "results",
    "sealing",
    "siting",
    "uncertainty",
]


@app.callback(
    invoke_without_command=True,
    help=N_("Open the window on PROJECT, else on the last one, else on the bundled demo."),
)
def _gisapp(
    context: typer.Context,
    lang: Lang = None,
    version: Annotated[bool, typer.Option("--version", help=N_("Print the version."))] = False,
    smoke: Annotated[bool, typer.Option("--smoke", hidden=True)] = False,
) -> None:
    if version:
        say(__version__)
    elif context.invoked_subcommand is None:
        _open_window(None, smoke)


@app.command("open", hidden=True, help=N_("Open the window on PROJECT."))
def _open_project(project: ProjectFile, lang: Lang = None) -> None:
    _open_window(project, smoke=False)


def _open_window(project: Path | None, smoke: bool) -> None:
    from gisapp.io.scratch import sweep_once
    from gisapp.ui.app import run

    sweep_once()
    raise typer.Exit(run(project, smoke=smoke))


@app.command(
    "demo", help=N_("Run the main job on the bundled demo and write its results into DIR.")
)
def _demo(
    directory: Annotated[Path, typer.Argument(metavar="DIR", help=N_("Where the results go."))],
    json: Json = False,
    lang: Lang = None,
) -> None:
    from gisapp.cli.demo import write_demo

    with terminal_progress() as progress:
        summary, paths = write_demo(directory, language(), progress)
    if json:
        say_json({**summary, "files": [str(path) for path in paths]})
        return
    answers.assessment(summary)
    answers.demo_files(paths)
