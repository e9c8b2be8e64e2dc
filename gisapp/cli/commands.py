"""The commands: each parses its arguments, calls one or two functions and prints the answer."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from gisapp import __version__
from gisapp.cli import answers, pictures
from gisapp.cli.printing import say, say_json
from gisapp.cli.progress import terminal_progress
from gisapp.cli.spoken import Commands
from gisapp.core.catalogue import LayerKind, Relation
from gisapp.core.dates import checked_date
from gisapp.core.errors import GisappError
from gisapp.core.project import DEFAULT_CRS
from gisapp.core.words import N_, Language, _, language

if TYPE_CHECKING:
    from gisapp.export import Written
    from gisapp.export.settings import PictureSettings
    from gisapp.session.session import Session


class CommandOrProject(Commands):
    """Takes ``gisapp PROJECT`` for ``gisapp open PROJECT``."""

    def resolve_command(self, ctx, args):  # type: ignore[no-untyped-def]  # typer's own types
        """Look the command up; a path to a project stands for opening it."""
        first = args[0]
        if first not in self.commands and (first.endswith(".gpkg") or Path(first).is_file()):
            args = ["open", *args]
        return super().resolve_command(ctx, args)


app = typer.Typer(
    cls=CommandOrProject,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
    help=N_("See where urban policy meets livelihoods, and whom it hits."),
)

What = Literal["map", "report", "conflicts", "subjects", "project"]
Preset = Literal["internal", "partner", "public"]


def _iso_date(text: str) -> str:
    try:
        return checked_date(text) if text else ""
    except GisappError as error:  # a wrong argument is wrong usage, not data that is refused
        raise typer.BadParameter(f"{error.message} {error.remedy}") from error


def _pair(text: str, mark: str, form: str) -> tuple[str, str]:
    left, found, right = text.partition(mark)
    if not (found and left and right):
        raise _of_another_form(text, form)
    return left, right


def _of_another_form(text: str, form: str) -> typer.BadParameter:
    return typer.BadParameter(_("“{text}” is not of the form {form}.").format(text=text, form=form))


ProjectFile = Annotated[
    Path, typer.Argument(metavar="PROJECT", help=N_("The project file (.gpkg)."))
]
SourceFile = Annotated[Path, typer.Argument(metavar="SOURCE", help=N_("The file to read."))]
Sheet = Annotated[str, typer.Option(help=N_("The sheet or layer of SOURCE to read."))]
FieldMap = Annotated[
    list[str] | None,
    typer.Option("--map", metavar="FIELD=COLUMN", help=N_("Take FIELD from COLUMN.")),
]
Json = Annotated[bool, typer.Option("--json", help=N_("Print one JSON object."))]
# `main` has heard it already, so that help and usage errors speak it too.
Lang = Annotated[Language | None, typer.Option(help=N_("Speak Indonesian or English."))]


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
    from gisapp.ui.app import run

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


@app.command("new", help=N_("Make an empty project."))
def _new(
    project: ProjectFile,
    crs: Annotated[
        str, typer.Option(help=N_("The metric CRS everything is measured in."))
    ] = DEFAULT_CRS,
    lang: Lang = None,
) -> None:
    from gisapp.io.project_file import create_project, refuse_existing, save_project

    refuse_existing(project)
    save_project(create_project(crs), project)
    answers.created(project, crs)


@app.command("import", help=N_("Bring one source in as a layer."))
def _import_source(
    project: ProjectFile,
    source: SourceFile,
    kind: Annotated[LayerKind, typer.Option("--as", help=N_("What the rows are."))],
    layer: Annotated[str, typer.Option(help=N_("The layer's name; by default the kind's."))] = "",
    sheet: Sheet = "",
    fields: FieldMap = None,
    value_codes: Annotated[
        list[str] | None,
        typer.Option("--value", metavar="FIELD:RAW=CODE", help=N_("Read RAW in FIELD as CODE.")),
    ] = None,
    crs: Annotated[str, typer.Option(help=N_("The CRS of SOURCE where it does not say."))] = "",
    json: Json = False,
    lang: Lang = None,
) -> None:
    columns, codes = _fields(fields), _codes(value_codes)
    from gisapp.io.importer import import_layer
    from gisapp.io.reading import read_source
    from gisapp.session.edits import add_layer

    with _changing(project) as session, terminal_progress() as progress:
        made = import_layer(
            session.project,
            read_source(source, layer=sheet or None, progress=progress),
            kind,
            name=layer,
            sheet=sheet,
            fields=columns,
            values=codes,
            crs=crs,
            progress=progress,
        )
        session.apply(add_layer(made), "import")
    answers.imported(made, json)


@app.command(
    "link",
    help=N_("Bring a table in: who runs what, who gets what, a plan's rules, the provisions."),
)
def _link(
    project: ProjectFile,
    relation: Annotated[Relation, typer.Argument(help=N_("What the rows say."))],
    source: SourceFile,
    sheet: Sheet = "",
    fields: FieldMap = None,
    json: Json = False,
    lang: Lang = None,
) -> None:
    columns = _fields(fields)
    from gisapp.io.linker import link_table, unmatched_keys
    from gisapp.io.reading import read_source
    from gisapp.session.edits import add_table

    with _changing(project) as session, terminal_progress() as progress:
        table = link_table(
            session.project,
            read_source(source, progress=progress),
            relation,
            sheet=sheet,
            fields=columns,
            progress=progress,
        )
        unmatched = unmatched_keys(session.project, table)
        session.apply(add_table(table), "link")
    answers.linked(table, unmatched, json)


@app.command(
    "assess",
    help=N_("Find the conflicts: conformity, exposure, impact on families, contradiction."),
)
def _assess(
    project: ProjectFile,
    as_of: Annotated[
        str, typer.Option(callback=_iso_date, metavar="DATE", help=N_("The date asked about."))
    ] = "",
    json: Json = False,
    lang: Lang = None,
) -> None:
    from gisapp.analysis.assess import assess as assess_project
    from gisapp.session.edits import assessed

    with _changing(project) as session, terminal_progress() as progress:
        assessment = assess_project(session.project, as_of, progress)
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
        _changing(path) as session,
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


@app.command("info", help=N_("Say what PROJECT holds."))
def _info(project: ProjectFile, json: Json = False, lang: Lang = None) -> None:
    from gisapp.io.project_info import project_info

    found = project_info(project)
    if json:
        say_json(found)
    else:
        answers.info(found)


@app.command(
    "check", help=N_("Read SOURCE as far as it will go and say what it holds; change nothing.")
)
def _check(source: SourceFile, json: Json = False, lang: Lang = None) -> None:
    from gisapp.io.checking import check_source

    answers.checked(source, check_source(source), json)


def _fields(pairs: list[str] | None) -> dict[str, str]:
    return dict(_pair(text, "=", "FIELD=COLUMN") for text in pairs or ())


def _codes(entries: list[str] | None) -> dict[str, dict[str, str]]:
    codes: dict[str, dict[str, str]] = {}
    for entry in entries or ():
        field, rest = _pair(entry, ":", "FIELD:RAW=CODE")
        raw, _mark, code = rest.rpartition("=")
        if not (raw and code):
            raise _of_another_form(entry, "FIELD:RAW=CODE")
        codes.setdefault(field, {})[raw] = code
    return codes


@contextmanager
def _changing(path: Path) -> Iterator["Session"]:
    """Open the project at `path` for a change, which is saved where the block ends well."""
    from gisapp.session.session import Session

    session = Session.open(path)
    try:
        if session.read_only:
            raise GisappError(
                _("Another gisapp is using {path}.").format(path=path),
                _("Try again when it is done, or close its window."),
            )
        if not os.access(path.resolve().parent, os.W_OK):
            session.save()  # refuses now, before anything was worked out or left the machine
        yield session
        session.save()
    finally:
        session.close()
