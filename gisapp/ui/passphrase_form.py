"""What is said of a passphrase while it is typed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from gisapp.core.words import _
from gisapp.io.passphrases import SHORTEST_PASSPHRASE, soon_guessed

GOOD_LENGTH: Final = 18
GOOD_VARIETY: Final = 8


@dataclass(frozen=True)
class Verdict:
    """Whether the passphrase will do, and what is said of it."""

    will_do: bool
    words: str


def verdict(passphrase: str, again: str) -> Verdict:
    """Judge a passphrase that is typed twice.

    Its length and variety are judged, and that it is no number: no program can tell whether
    somebody would guess it.
    """
    if len(passphrase) < SHORTEST_PASSPHRASE:
        lacking = SHORTEST_PASSPHRASE - len(passphrase)
        return Verdict(False, _("Too short: {n} characters to go.").format(n=lacking))
    if why := soon_guessed(passphrase):
        return Verdict(False, why)
    if passphrase != again:
        return Verdict(False, _("Type the same passphrase in both fields."))
    varied = len(set(passphrase.casefold())) >= GOOD_VARIETY
    if len(passphrase) >= GOOD_LENGTH and varied:
        return Verdict(True, _("Strong, if nobody would put these words together."))
    return Verdict(True, _("It will do. A further word makes it much stronger."))
