"""Commands for documents and photos that belong to an area, an event, a site or a provision."""

from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from gisapp.cli.app import Json, Lang, ProjectFile, app, changing
from gisapp.cli.printing import say, say_json, say_rows
from gisapp.core.words import N_, _, number

if TYPE_CHECKING:
    from gisapp.core.attachment import Attachment


@app.command("attach", help=N_("Attach a document or photo to an area, a site or a provision."))
def _attach(
    project: ProjectFile,
    file: Annotated[
        Path, typer.Argument(metavar="FILE", help=N_("Any file of at most 50 MB; it is copied."))
    ],
    to: Annotated[
        str, typer.Option(metavar="KIND:ID", help=N_("The record, such as evictions:E1."))
    ],
    title: Annotated[str, typer.Option(help=N_("What to call it; by default its name."))] = "",
    source: Annotated[str, typer.Option(help=N_("Who it comes from."))] = "",
    dated: Annotated[str, typer.Option(metavar="DATE", help=N_("The date that it bears."))] = "",
    note: Annotated[str, typer.Option(help=N_("What else is to be said of it."))] = "",
    json: Json = False,
    lang: Lang = None,
) -> None:
    kind, _colon, identifier = to.partition(":")
    if not (kind and identifier):
        raise typer.BadParameter(
            _("“{text}” is not of the form {form}.").format(text=to, form="KIND:ID")
        )
    from gisapp.io.attachments import take_in
    from gisapp.session.edits import attach

    with changing(project) as session:
        attachment = take_in(
            session.project, file, (kind, identifier), title=title, source=source, dated=dated,
            note=note,
        )  # fmt: skip
        session.apply(attach(attachment), "attach")
    if json:
        say_json(asdict(attachment))
        return
    text = _("Attached as number {id} to {kind} {record}: {title}")
    say(text.format(id=attachment.id, kind=kind, record=identifier, title=attachment.shown_title))


@app.command("attachments", help=N_("List what is attached, take one away or save a copy of it."))
def _attachments(
    project: ProjectFile,
    detach: Annotated[
        str, typer.Option(metavar="ID", help=N_("Take this one out of the project."))
    ] = "",
    save: Annotated[
        tuple[str, Path] | None,
        typer.Option(metavar="ID FILE", help=N_("Write a copy of this one to a new FILE.")),
    ] = None,
    json: Json = False,
    lang: Lang = None,
) -> None:
    if detach and save:
        raise typer.BadParameter(_("--detach and --save do not go together."))
    if detach:
        from gisapp.session.edits import detach as taken_away

        with changing(project) as session:
            session.apply(taken_away(detach), "detach")
            left = session.project.attachments
    else:
        from gisapp.io.attachments import attachments_in

        left = attachments_in(project)
    if save:
        _save(left, *save)
    _answer(left, json)


def _save(attachments: "tuple[Attachment, ...]", identifier: str, target: Path) -> None:
    from gisapp.core.attachment import with_id
    from gisapp.io.attachments import save_copy

    save_copy(with_id(attachments, identifier), target)


def _answer(attachments: "tuple[Attachment, ...]", as_json: bool) -> None:
    if as_json:
        say_json({"attachments": [asdict(x) for x in attachments]})
        return
    if not attachments:
        say(_("Nothing is attached."))
        return
    head = ("ID", _("belongs to"), _("title"), _("size in kB"))
    rows = [
        (x.id, f"{x.to_kind}:{x.to_id}", x.shown_title, number(x.size_bytes / 1000))
        for x in attachments
    ]
    say_rows([head, *rows])
