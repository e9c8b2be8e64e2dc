"""Dates as text: one form, ISO, in every frame and parameter."""

from datetime import date

from gisapp.core.errors import GisappError
from gisapp.core.words import _


def checked_date(text: str) -> str:
    """Return `text` as an ISO date (``2026-11-01``).

    Raises
    ------
    GisappError
        Where it is not a calendar date.
    """
    try:
        return date.fromisoformat(text.strip()).isoformat()
    except ValueError as error:
        raise GisappError(
            _("“{text}” is not a date.").format(text=text),
            _("Write the date as year-month-day, for example 2026-11-01."),
        ) from error
