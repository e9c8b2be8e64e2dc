"""Commands that seal a project for transport and open it again."""

import os
import sys
from pathlib import Path
from typing import Annotated

import typer

from gisapp.cli.app import Json, Lang, ProjectFile, app, changing
from gisapp.cli.printing import say, say_json
from gisapp.cli.progress import terminal_progress
from gisapp.core.causes import why
from gisapp.core.errors import GisappError
from gisapp.core.words import N_, _, number

VARIABLE = "GISAPP_PASSPHRASE"

SealedFile = Annotated[
    Path, typer.Argument(metavar="FILE", help=N_("The sealed file; its name ends in .age."))
]
PassphraseFile = Annotated[
    Path | None,
    typer.Option(
        help=N_("Read the passphrase from the first line of this file, not from the terminal.")
    ),
]


@app.command("seal", help=N_("Seal PROJECT with a passphrase for transport, as the age file FILE."))
def _seal(
    project: ProjectFile,
    file: SealedFile,
    recipient: Annotated[str, typer.Option(help=N_("Who gets it, for the ledger."))] = "",
    passphrase_file: PassphraseFile = None,
    json: Json = False,
    lang: Lang = None,
) -> None:
    from gisapp.io.atomic import refuse_existing
    from gisapp.io.passphrases import refuse_weak
    from gisapp.io.sealing import seal
    from gisapp.session.edits import add_export
    from gisapp.session.sealed import sealing_record

    refuse_existing(file)
    with changing(project) as session:
        passphrase = _passphrase(passphrase_file, twice=True)
        refuse_weak(passphrase)
        with terminal_progress() as progress:
            sealed = seal(project, file, passphrase, progress)
        session.enter(add_export(sealing_record(session.project, file, sealed, recipient)))
    if json:
        say_json({"file": str(file), "sha256": sealed.sha256, "bytes": sealed.bytes,
                  "recipient": recipient, "has_key": sealed.has_key})  # fmt: skip
        return
    size = number(sealed.bytes / 1000)
    say(_("{path} sealed as {file}, {size} kB.").format(path=project, file=file, size=size))
    say(_("Send the passphrase by another way than the file."))


@app.command("unseal", help=N_("Open the sealed file FILE as the project PROJECT."))
def _unseal(
    file: SealedFile,
    project: ProjectFile,
    passphrase_file: PassphraseFile = None,
    json: Json = False,
    lang: Lang = None,
) -> None:
    from gisapp.io.atomic import refuse_existing
    from gisapp.io.sealing import refuse_unsealed, unseal

    refuse_existing(project)
    refuse_unsealed(file)
    passphrase = _passphrase(passphrase_file, twice=False)
    with terminal_progress() as progress:
        has_key = unseal(file, project, passphrase, progress)
    if json:
        say_json({"project": str(project), "has_key": has_key})
    else:
        say(_("{file} opened as {path}.").format(file=file, path=project))


def _passphrase(file: Path | None, *, twice: bool) -> str:
    """Ask for the passphrase, unless a file or the environment has it; never an argument has."""
    if file is not None:
        return _first_line(file)
    given = os.environ.pop(VARIABLE, "")  # no process that is started learns it
    if given:
        return given
    if not sys.stdin.isatty():
        raise GisappError(
            _("There is no terminal to ask for the passphrase."),
            _("Put it into {variable}, or name a file with {option}.").format(
                variable=VARIABLE, option="--passphrase-file"
            ),
        )
    asked: str = typer.prompt(
        _("Passphrase"),
        hide_input=True,
        confirmation_prompt=_("The same again") if twice else False,
        err=True,
    )
    return asked


def _first_line(file: Path) -> str:
    try:
        lines = file.read_text("utf-8-sig").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        reason = why(error) if isinstance(error, OSError) else _("it is not text")
        raise GisappError(
            _("{file} cannot be opened: {reason}.").format(file=file, reason=reason),
            _("Check the path, and that you may read the file."),
        ) from error
    return lines[0] if lines else ""
