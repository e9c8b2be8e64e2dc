"""The command line's application, and what its commands share."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from gisapp.cli.printing import note
from gisapp.cli.spoken import Commands
from gisapp.core.dates import checked_date
from gisapp.core.errors import GisappError
from gisapp.core.words import N_, Language, _

if TYPE_CHECKING:
    from gisapp.session.session import Session


class CommandOrProject(Commands):
    """Takes ``gisapp PROJECT`` for ``gisapp open PROJECT``."""

    def resolve_command(self, ctx, args):  # type: ignore[no-untyped-def]  # typer's own types
        """Look the command up; a path to a project stands for opening it."""
        first = args[0]
        if first not in self.commands and (
            first.endswith((".gpkg", ".age")) or Path(first).is_file()
        ):
            args = ["open", *args]
        return super().resolve_command(ctx, args)


app = typer.Typer(
    cls=CommandOrProject,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
    help=N_("See where urban policy meets livelihoods, and whom it hits."),
)


def _iso_date(text: str) -> str:
    try:
        return checked_date(text) if text else ""
    except GisappError as error:  # a wrong argument is wrong usage, not data that is refused
        raise typer.BadParameter(f"{error.message} {error.remedy}") from error


ProjectFile = Annotated[
    Path, typer.Argument(metavar="PROJECT", help=N_("The project file (.gpkg)."))
]
Json = Annotated[bool, typer.Option("--json", help=N_("Print one JSON object."))]
AsOf = Annotated[
    str, typer.Option(callback=_iso_date, metavar="DATE", help=N_("The date asked about."))
]
# `main` has heard it already, so that help and usage errors speak it too.
Lang = Annotated[Language | None, typer.Option(help=N_("Speak Indonesian or English."))]


@contextmanager
def changing(path: Path) -> Iterator["Session"]:
    """Open the project at `path` for a change, which is saved where the block ends well."""
    from gisapp.session.recovery import waiting_for
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
        if waiting_for(path, session.project.uuid):
            note(
                GisappError(
                    _("Unsaved changes of {path} wait in an autosave.").format(path=path),
                    _("This works on the saved state; open the window to recover them."),
                )
            )
        yield session
        session.save()
    finally:
        session.close()
