"""Numbers in a report's sentences and tables, hidden ones among them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from gisapp.core.words import label, number
from gisapp.io.catalogue import load_catalogue

Counts = Mapping[str, int | None]

HIDDEN = "•"  # in every font, unlike rarer signs


def codes(kind: str, field: str) -> dict[str, str]:
    """Return a field's codes with their labels in the language in force."""
    field_codes = load_catalogue().kind(kind).fields[field].codes
    return {code: label(texts) for code, texts in field_codes.items()}


def part(counts: Counts, name: str, codes: Iterable[str]) -> int | None:
    """Return a part of the total: as the release tells it by name, else the sum of its codes.

    None where it, or one of the codes, is hidden.
    """
    if name in counts:
        return counts[name]
    parts = [counts.get(code, 0) for code in codes]
    known = [part for part in parts if part is not None]
    return sum(known) if len(known) == len(parts) else None


def told(text: str, **numbers: float | None) -> str:
    """Return the sentence with its numbers; nothing where one of them is hidden."""
    known = {name: number(value) for name, value in numbers.items() if value is not None}
    return text.format(**known) if len(known) == len(numbers) else ""


def counted(n: int | None, text: str) -> str:
    """Return the sentence with its number; nothing where that is zero or hidden."""
    return text.format(n=number(n)) if n else ""


def count(value: int | None) -> str:
    """Write a count, or the sign of one that the edition hides."""
    return HIDDEN if value is None else number(value)
