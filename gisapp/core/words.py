"""The user's language: one gettext catalogue, and numbers in each language's manner.

Messages are written in English in the code; ``gisapp/locale`` holds the Indonesian.
"""

import gettext
import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import date, datetime
from functools import cache
from pathlib import Path
from typing import Literal, get_args

Language = Literal["id", "en"]
LANGUAGES: tuple[str, ...] = get_args(Language)
_LOCALE_DIR = Path(__file__).parents[1] / "locale"
_chosen = "en"
_spoken: ContextVar[str | None] = ContextVar("spoken", default=None)


def language() -> str:
    """Return the language in force: ``"id"`` or ``"en"``."""
    return _spoken.get() or _chosen


def set_language(code: str) -> None:
    """Speak `code` from now on, in every thread (`LANGUAGES` lists the codes)."""
    global _chosen  # noqa: PLW0603 - one language a program, read by every room
    if code not in LANGUAGES:
        raise ValueError(f"no such language: {code}")
    _chosen = code


@contextmanager
def speaking(code: str) -> Iterator[None]:
    """Speak `code` inside the ``with`` block only, in this thread only."""
    token = _spoken.set(code)
    try:
        yield
    finally:
        _spoken.reset(token)


def language_of_environment() -> str:
    """Return the language that the environment asks for; English where it names another."""
    for variable in ("GISAPP_LANG", "LC_ALL", "LC_MESSAGES", "LANG"):
        code = os.environ.get(variable, "")[:2].lower()
        if code:
            return "id" if code in ("id", "in") else "en"
    return "en"


@cache
def _catalogue(code: str) -> gettext.NullTranslations:
    return gettext.translation("gisapp", _LOCALE_DIR, [code], fallback=True)


def _(message: str) -> str:
    """Return `message` in the language in force."""
    return _catalogue(language()).gettext(message) if message else ""


def N_(message: str) -> str:  # noqa: N802 - gettext's own name
    """Mark `message` for the catalogue; it is translated where it is shown."""
    return message


def ngettext(singular: str, plural: str, n: int) -> str:
    """Return the form of the message that fits `n`, in the language in force."""
    return _catalogue(language()).ngettext(singular, plural, n)


def label(texts: Mapping[str, str]) -> str:
    """Pick from a two-language label (catalogue, styles) the one in force."""
    return texts.get(language()) or texts.get("en") or next(iter(texts.values()), "")


def number(value: float, decimals: int = 0) -> str:
    """Write a number in the manner of the language in force (1.234,5 or 1,234.5)."""
    from babel.numbers import format_decimal  # 35 ms: only where a number is shown

    pattern = "#,##0." + "0" * decimals if decimals else "#,##0"
    return format_decimal(value, pattern, locale=language())


def day(iso_date: str) -> str:
    """Write an ISO date in words (1 November 2026); an empty one stays empty."""
    from babel.dates import format_date

    if not iso_date:
        return ""
    # Babel's plain "en" is American; Jakarta's English writes the day first.
    locale = "en_GB" if language() == "en" else language()
    return format_date(date.fromisoformat(iso_date), "long", locale=locale)


def month(iso_date: str) -> str:
    """Write the month of an ISO date shortly (Nov 2026)."""
    from babel.dates import format_date

    return format_date(date.fromisoformat(iso_date), "MMM y", locale=language())


def moment(iso_time: str) -> str:
    """Write an ISO time with its zone as this machine's day and clock (1 November 2026, 17:05)."""
    here = datetime.fromisoformat(iso_time).astimezone()
    return f"{day(here.date().isoformat())}, {here:%H:%M}"
