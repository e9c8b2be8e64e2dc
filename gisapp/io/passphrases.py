"""What a sealed file begins with, and what its passphrase must be at the least."""

from typing import Final

from gisapp.core.errors import GisappError
from gisapp.core.words import _, ngettext

AGE_HEADERS: Final = (b"age-encryption.org/v1\n", b"-----BEGIN AGE ENCRYPTED FILE-----")
SHORTEST_PASSPHRASE: Final = 12
FEWEST_CHARACTERS: Final = 6


class WrongPassphraseError(GisappError):
    """A sealed file that another passphrase opens: asking again may help."""


def soon_guessed(passphrase: str) -> str:
    """Say why programs that guess try a passphrase early, however long; empty where they do not."""
    if len(set(passphrase.casefold())) < FEWEST_CHARACTERS:
        return _("The passphrase repeats the same few characters.")
    if not any(x.isalpha() for x in passphrase):
        return _("The passphrase has no letters: numbers are soon guessed.")
    return ""


def refuse_weak(passphrase: str) -> None:
    """Raise GisappError for a passphrase that is soon guessed."""
    remedy = _("Choose four or more words that nobody would put together.")
    if len(passphrase) < SHORTEST_PASSPHRASE:
        raise GisappError(
            ngettext(
                "The passphrase has fewer than {n} character.",
                "The passphrase has fewer than {n} characters.",
                SHORTEST_PASSPHRASE,
            ).format(n=SHORTEST_PASSPHRASE),
            remedy,
        )
    if why := soon_guessed(passphrase):
        raise GisappError(why, remedy)
