"""Commands that find the conflicts, and let results leave the machine."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from gisapp.cli import answers, pictures
from gisapp.cli.app import AsOf, Json, Lang, ProjectFile, app, changing
from gisapp.cli.history import At, KnownOn, with_presence
from gisapp.cli.printing import say_json
from gisapp.cli.progress import terminal_progress
from gisapp.core.words import N_, language

if TYPE_CHECKING:
    from gisapp.export import Written
    from gisapp.export.settings import PictureSettings

What = Literal["map", "report", "conflicts", "subjects", "project"]
Preset = Literal["internal", "partner", "public"]


@app.command(
    "assess",
    help=N_("Find the conflicts: conformity, exposure, impact on families, contradiction."),
)
def _assess(
    project: ProjectFile,
    as_of: AsOf = "",
    known_on: KnownOn = None,
    at: At = None,
    json: Json = False,
    lang: Lang = None,
) -> None:
    from gisapp.analysis.assess import assess as assess_project
    from gisapp.io.folders import keep_compiled
    from gisapp.session.edits import assessed

    keep_compiled()

    with changing(project) as session, terminal_progress() as progress:
        asked = with_presence(session.project, known_on, at)
        assessment = assess_project(asked, as_of, progress)
        session.apply(lambda present: assessed(present, assessment), "assess")
    if json:
        say_json(assessment.summary)
    else:
        answers.assessment(assessment.summary)


@app.command(
    "export",
    cls=pictures.ExportCommand,
    help=N_("Let a map, table, report or project copy leave the machine, as PRESET allows."),
)
def _export(
    project: ProjectFile,
    file: Annotated[
        Path, typer.Argument(metavar="FILE", help=N_("Its ending chooses the format."))
    ],
    preset: Annotated[Preset, typer.Option(help=N_("Who may see it."))],
    what: Annotated[
        What | None, typer.Option(help=N_("By default what FILE's ending suggests."))
    ] = None,
    recipient: Annotated[str, typer.Option(help=N_("Who gets it (for the partner preset)."))] = "",
    layout: pictures.Arrangement = None,
    paper: pictures.Paper = None,
    orientation: pictures.Orientation = None,
    dpi: pictures.Dpi = None,
    size: pictures.Size = None,
    scale: pictures.Scale = None,
    bounds: pictures.Extent = None,
    area: pictures.Area = None,
    grid: pictures.Grid = None,
    grid_unit: pictures.GridUnit = None,
    atlas: pictures.Atlas = None,
    online_basemap: Annotated[
        bool,
        typer.Option(
            "--online-basemap",
            help=N_("Ask the basemap's provider for tiles, if you agreed to that in the window."),
        ),
    ] = False,
    json: Json = False,
    lang: Lang = None,
) -> None:
    from gisapp.export import content_of

    picture = pictures.picture_settings(
        file, content_of(file, what or ""), layout=layout, paper=paper, orientation=orientation,
        dpi=dpi, size=size, scale=scale, bounds=bounds, area=area, grid=grid,
        grid_unit=grid_unit, atlas=atlas,
    )  # fmt: skip
    written = _written(project, file, preset, what or "", recipient, picture, online_basemap)
    answers.exported(file, preset, written, json)


def _written(
    path: Path,
    file: Path,
    preset: str,
    what: str,
    recipient: str,
    picture: "PictureSettings | None",
    online_basemap: bool,
) -> "Written":
    from gisapp.cli.basemap import tiles_for
    from gisapp.export import export_project
    from gisapp.session.edits import add_export

    with (
        changing(path) as session,
        tiles_for(file, session.project.basemap, path, asks=online_basemap) as tiles,
        terminal_progress() as progress,
    ):
        written, records = export_project(
            session.project,
            file,
            preset=preset,
            what=what,
            recipient=recipient,
            lang=language(),
            tiles=tiles,
            picture=picture,
            progress=progress,
        )
        session.enter(add_export(*records))
    return written
