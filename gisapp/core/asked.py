"""What an answer was asked of, in words: no number stands without its date and its conditions."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gisapp.core.words import _, day

if TYPE_CHECKING:
    from gisapp.core.project import Parameters


def conditions(parameters: Parameters) -> dict[str, str]:
    """Return those of `known_on` and `at` that are asked, by name."""
    asked = {"known_on": parameters.known_on, "at": parameters.at}
    return {name: text for name, text in asked.items() if text}


def conditions_text(known_on: str, at: str) -> tuple[str, ...]:
    """Say who and what alone was counted, a sentence a condition; none where none was asked.

    Parameters
    ----------
    known_on, at : str
        As in `core.project.Parameters`; empty: not asked.
    """
    sentences = (
        _("Only what had been observed by {day} counts, and what does not say when it was.").format(
            day=day(known_on)
        ),
        _(
            "Only who is there, and what holds, at this hour of the week counts: {hour}. What has "
            "no schedule that can be read counts too."
        ).format(hour=at),
    )
    return tuple(text for asked, text in zip((known_on, at), sentences, strict=True) if asked)


def asked_text(as_of: str, known_on: str = "", at: str = "") -> tuple[str, ...]:
    """Return the as-of date and the conditions that an answer holds for, a line each."""
    return (_("As of {day}").format(day=day(as_of)), *conditions_text(known_on, at))
