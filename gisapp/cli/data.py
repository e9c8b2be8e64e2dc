"""Commands that bring data in, or look at it."""

from pathlib import Path
from typing import Annotated

import typer

from gisapp.cli import answers
from gisapp.cli.app import Json, Lang, ProjectFile, app, changing
from gisapp.cli.printing import say_json
from gisapp.cli.progress import terminal_progress
from gisapp.cli.sources import look_at, read
from gisapp.core.catalogue import LayerKind, Relation
from gisapp.core.project import DEFAULT_CRS
from gisapp.core.words import N_, _

SourceText = Annotated[
    str, typer.Argument(metavar="SOURCE", help=N_("The file to read, or the address of a service."))
]
Sheet = Annotated[str, typer.Option(help=N_("The sheet or layer of SOURCE to read."))]
FieldMap = Annotated[
    list[str] | None,
    typer.Option("--map", metavar="FIELD=COLUMN", help=N_("Take FIELD from COLUMN.")),
]
ServiceArea = Annotated[
    str | None,
    typer.Option(
        "--bounds",
        metavar="W,S,E,N",
        help=N_("Of a service, only what lies here, in degrees or the project's metres."),
    ),
]
MappingFile = Annotated[
    Path | None,
    typer.Option(
        "--mapping",
        metavar="FILE",
        help=N_("Read SOURCE as a saved mapping says; what is named here goes before it."),
    ),
]
SavedMapping = Annotated[
    Path | None,
    typer.Option("--save-mapping", metavar="FILE", help=N_("Keep how SOURCE was read in FILE.")),
]
KeepMissing = Annotated[
    bool,
    typer.Option(
        "--keep-missing",
        help=N_("When importing again, keep the rows that SOURCE no longer has."),
    ),
]
Replace = Annotated[
    bool,
    typer.Option("--replace", help=N_("Replace a layer of another kind that has this name.")),
]


@app.command("new", help=N_("Make an empty project."))
def _new(
    project: ProjectFile,
    crs: Annotated[
        str, typer.Option(help=N_("The metric CRS everything is measured in."))
    ] = DEFAULT_CRS,
    lang: Lang = None,
) -> None:
    from gisapp.io.atomic import refuse_existing
    from gisapp.io.project_file import create_project, save_project

    refuse_existing(project)
    save_project(create_project(crs), project)
    answers.created(project, crs)


@app.command("import", help=N_("Bring one source in as a layer."))
def _import_source(
    project: ProjectFile,
    source: SourceText,
    kind: Annotated[LayerKind, typer.Option("--as", help=N_("What the rows are."))],
    layer: Annotated[str, typer.Option(help=N_("The layer's name; by default the kind's."))] = "",
    sheet: Sheet = "",
    fields: FieldMap = None,
    value_codes: Annotated[
        list[str] | None,
        typer.Option("--value", metavar="FIELD:RAW=CODE", help=N_("Read RAW in FIELD as CODE.")),
    ] = None,
    crs: Annotated[str, typer.Option(help=N_("The CRS of SOURCE where it does not say."))] = "",
    bounds: ServiceArea = None,
    mapping: MappingFile = None,
    save_mapping: SavedMapping = None,
    keep_missing: KeepMissing = False,
    replace: Replace = False,
    json: Json = False,
    lang: Lang = None,
) -> None:
    columns, codes = _fields(fields), _codes(value_codes)
    from gisapp.core.layer import Layer
    from gisapp.core.recipe import Recipe
    from gisapp.io.recipe import bring_in
    from gisapp.io.recipes import completed, recipe_of, write_recipe
    from gisapp.session.edits import add_layer

    decided = Recipe(kind, sheet, columns, codes, layer, crs, keep_missing, replace)
    recipe = completed(decided, mapping)
    with changing(project) as session, terminal_progress() as progress:
        found = read(source, session.project, progress, sheet=recipe.table, bounds=bounds)
        made = bring_in(session.project, found, recipe, progress)
        assert isinstance(made, Layer)
        assert made.report is not None
        if save_mapping is not None:
            write_recipe(recipe_of(made.report, recipe), save_mapping)
        session.apply(add_layer(made), "import")
    answers.imported(made, json)


@app.command(
    "link",
    help=N_("Bring a table in: who runs what, who gets what, a plan's rules, the provisions."),
)
def _link(
    project: ProjectFile,
    relation: Annotated[Relation, typer.Argument(help=N_("What the rows say."))],
    source: SourceText,
    sheet: Sheet = "",
    fields: FieldMap = None,
    mapping: MappingFile = None,
    save_mapping: SavedMapping = None,
    keep_missing: KeepMissing = False,
    json: Json = False,
    lang: Lang = None,
) -> None:
    columns = _fields(fields)
    from gisapp.core.layer import Table
    from gisapp.core.recipe import Recipe
    from gisapp.io.linker import unmatched_keys
    from gisapp.io.recipe import bring_in
    from gisapp.io.recipes import completed, recipe_of, write_recipe
    from gisapp.session.edits import add_table

    decided = Recipe(relation, sheet, columns, keep_missing=keep_missing)
    recipe = completed(decided, mapping)
    with changing(project) as session, terminal_progress() as progress:
        found = read(source, session.project, progress, sheet=recipe.table, whole=True)
        table = bring_in(session.project, found, recipe, progress)
        assert isinstance(table, Table)
        assert table.report is not None
        if save_mapping is not None:
            write_recipe(recipe_of(table.report, recipe), save_mapping)
        unmatched = unmatched_keys(session.project, table)
        session.apply(add_table(table), "link")
    answers.linked(table, unmatched, json)


@app.command("mend", help=N_("List the rows that were not taken in, or correct one of them."))
def _mend(
    project: ProjectFile,
    layer: Annotated[
        str, typer.Argument(metavar="LAYER", help=N_("The layer or table that refused it."))
    ],
    row: Annotated[
        int | None, typer.Option("--row", help=N_("The row's number in its source."))
    ] = None,
    cells: Annotated[
        list[str] | None,
        typer.Option(
            "--set",
            metavar="COLUMN=VALUE",
            help=N_("What shall stand in COLUMN of the source; id is the row's id."),
        ),
    ] = None,
    json: Json = False,
    lang: Lang = None,
) -> None:
    corrections = dict(_pair(text, "=", "COLUMN=VALUE", empty=True) for text in cells or ())
    if row is None and not corrections:
        _list_refused(project, layer, json)
        return
    if row is None or not corrections:
        raise typer.BadParameter(_("--row and --set go together; without them rows are listed."))
    from gisapp.io.mending import mend_row
    from gisapp.session.edits import put_part

    with changing(project) as session, terminal_progress():
        mended = mend_row(session.project, layer, row, corrections)
        session.apply(put_part(mended.part), "mend")
    answers.mended(mended, row, json)


def _list_refused(project: Path, layer: str, json: bool) -> None:
    from gisapp.io.mending import refused_rows
    from gisapp.io.project_file import load_project

    answers.refused_rows(layer, refused_rows(load_project(project), layer), json)


@app.command("info", help=N_("Say what PROJECT holds."))
def _info(project: ProjectFile, json: Json = False, lang: Lang = None) -> None:
    from gisapp.io.project_info import project_info
    from gisapp.session.recovery import unsaved_edits

    found = project_info(project)
    found["autosave"] = unsaved_edits(project, found["uuid"])
    if json:
        say_json(found)
    else:
        answers.info(found)


@app.command(
    "check", help=N_("Read SOURCE as far as it will go and say what it holds; change nothing.")
)
def _check(
    source: SourceText,
    salvage: Annotated[
        Path | None,
        typer.Option(
            metavar="FILE", help=N_("Save what is readable of a damaged project to FILE.")
        ),
    ] = None,
    json: Json = False,
    lang: Lang = None,
) -> None:
    if salvage is None:
        with terminal_progress() as progress:
            report = look_at(source, progress)
        answers.checked(source, report, json)
        return
    from gisapp.io.salvage import salvage_project

    with terminal_progress() as progress:
        saved = salvage_project(Path(source), salvage, progress)
    answers.salvaged(saved, json)


def _pair(text: str, mark: str, form: str, *, empty: bool = False) -> tuple[str, str]:
    left, found, right = text.partition(mark)
    if not (found and left and (right or empty)):
        raise _of_another_form(text, form)
    return left, right


def _of_another_form(text: str, form: str) -> typer.BadParameter:
    return typer.BadParameter(_("“{text}” is not of the form {form}.").format(text=text, form=form))


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
