"""The language of the command line itself: its help and its usage errors."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from itertools import pairwise
from typing import Any

from typer import BadParameter
from typer.core import TyperGroup

from gisapp.core.words import LANGUAGES, _


class Commands(TyperGroup):
    """Says what is wrong with an option without the wording of the library that checks it."""

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        """Parse what stands before a command."""
        with _plainly():
            return super().parse_args(ctx, args)

    def invoke(self, ctx: Any) -> Any:
        """Parse and run a command."""
        with _plainly():
            return super().invoke(ctx)


@contextmanager
def _plainly() -> Iterator[None]:
    try:
        yield
    except BadParameter as wrong:
        wrong.message = wrong.message.removeprefix("Value error, ")
        raise


def asked_language(args: Sequence[str]) -> str:
    """Return what ``--lang`` asks for, wherever it stands; empty where nothing is asked."""
    words = [part for word in args for part in word.partition("=")[::2] if part]
    return next((b for a, b in pairwise(words) if a == "--lang" and b in LANGUAGES), "")


def translated(command: Any) -> Any:
    """Put the help of a typer command, its options and its subcommands into the language in force.

    The command is changed in place and returned.
    """
    for part in (command, *command.params):
        if getattr(part, "help", None):
            part.help = _(part.help)
    for subcommand in getattr(command, "commands", {}).values():
        translated(subcommand)
    return command
