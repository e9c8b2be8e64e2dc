"""What a passphrase must be at the least."""

from typing import Final

from gisapp.core.errors import GisappError
from gisapp.core.words import _, ngettext

SHORTEST_PASSPHRASE: Final = 12


class WrongPassphraseError(GisappError):
    """A sealed file that another passphrase opens: asking again may help."""


def refuse_weak(passphrase: str) -> None:
    """Raise GisappError for a passphrase that is soon guessed."""
    if len(passphrase) < SHORTEST_PASSPHRASE:
        raise GisappError(
            ngettext(
                "The passphrase has fewer than {n} character.",
                "The passphrase has fewer than {n} characters.",
                SHORTEST_PASSPHRASE,
            ).format(n=SHORTEST_PASSPHRASE),
            _("Choose four or more words that nobody would put together."),
        )
