"""Where a table's header stands, and the column names it gives."""

from __future__ import annotations

import re
from collections import Counter
from typing import TYPE_CHECKING, NamedTuple

from gisapp.core.words import _
from gisapp.io.readers.contents import Unreadable

if TYPE_CHECKING:
    from collections.abc import Sequence

MOST_COLUMNS = 4096
# Rows in which a title or a note may stand above the header.
SEARCH_ROWS = 20
_NUMBER = re.compile(r"\s*[-+−]?\d+(?:[.,]\d+)*\s*")
_YEAR = re.compile(r"\s*(?:19|20)\d\d\s*")
_COMMENT = re.compile(r"\s*(?:#|//|--)")
_UNIT = re.compile(
    r"[(\[][^()\[\]]{1,24}[)\]]|%|°|m|m2|m²|km|km2|km²|ha|rp|idr|usd|jt|orang|jiwa|unit|kk|buah"
    r"|tahun|bulan|hari|jam|persons?|people|years?|months?|degrees?|derajat|meter|metres?",
    re.IGNORECASE,
)
_INVISIBLE = dict.fromkeys(map(ord, "\ufeff\u200b\u200e\u200f\0"))


class Header(NamedTuple):
    """A header found: `above` rows before it, its cells, and the number of the first data row.

    `cells` is None where there is none; `units` tells that the row beneath it named units.
    """

    above: int
    cells: list[str] | None
    data: int
    units: bool = False


def check_width(width: int) -> None:
    """Refuse a table with more columns than one can be worked with.

    Raises
    ------
    Unreadable
        Beyond `MOST_COLUMNS`.
    """
    if width > MOST_COLUMNS:
        raise Unreadable(
            _("it has {n} columns; at most {most} are read").format(n=width, most=MOST_COLUMNS),
            _("Delete the columns that you do not need; often rows and columns are swapped."),
        )


def find_header(rows: Sequence[Sequence[str]]) -> Header:
    """Find the header among a table's first rows.

    Titles and notes above it fill fewer than half as many cells as most rows do; comments begin
    with ``#``. A header may stand in two rows, groups above their parts, and units beneath it.

    Parameters
    ----------
    rows : sequence of sequence of str
        The first rows, at least one; some hundred are enough.
    """
    top = _first_full_row(rows)
    if top + 1 < len(rows) and lacks_header(rows[top], rows[top + 1]):
        return Header(top, None, top)
    cells, data = list(rows[top]), top + 1
    if cells:
        cells[0] = re.sub(r"^\s*#\s*", "", cells[0])
    if data + 1 < len(rows) and (both := _two_rows(cells, rows[data], rows[data + 1])):
        cells, data = both, data + 1
    units = data < len(rows) and _names_units(rows[data])
    return Header(top, cells, data + units, units)


def header_sentences(header: Header) -> list[str]:
    """Say what was left out around a header."""
    sentences = []
    if header.above:
        sentences.append(_("Rows above the header were left out: {n}.").format(n=header.above))
    if header.cells is None:
        sentences.append(_("There is no header row; the columns were numbered."))
    if header.units:
        sentences.append(_("The row beneath the header names units; it was left out."))
    return sentences


def _first_full_row(rows: Sequence[Sequence[str]]) -> int:
    filled = [sum(bool(cell.strip()) for cell in row) for row in rows]
    typical = max(Counter(filled).items(), key=lambda item: item[0] * item[1])[0]
    start = _after_comments(rows, typical)
    top = next(
        (i for i in range(start, min(len(rows), SEARCH_ROWS)) if not _is_title(filled[i], typical)),
        start,
    )
    top = _beneath_wide_titles(rows, filled, top, typical)
    return top if top == start or not _holds_lone_numbers(rows, top) else start


def _after_comments(rows: Sequence[Sequence[str]], typical: int) -> int:
    """Return the first row that is no comment; the last ``#`` row may be the header itself."""
    n = next((i for i, row in enumerate(rows) if not _COMMENT.match(row[0])), len(rows) - 1)
    return n - 1 if n and typical > 1 and len(rows[n - 1]) == len(rows[n]) == typical else n


def _beneath_wide_titles(
    rows: Sequence[Sequence[str]], filled: Sequence[int], top: int, typical: int
) -> int:
    """Return the first full row where it is one of words above numbers: titles hold commas."""
    search = range(top, min(len(rows) - 1, SEARCH_ROWS))
    full = next((i for i in search if filled[i] == typical), None)
    if full is None or filled[top] >= typical or not _is_words(rows[full]):
        return top
    if full == top + 1 and _two_rows(rows[top], rows[full], rows[full + 1]):
        return top
    return full if any(map(holds_number, rows[full + 1])) else top


def _is_title(filled: int, typical: int) -> bool:
    return 2 * filled < typical or filled < min(2, typical)


def _is_words(row: Sequence[str]) -> bool:
    return all(cell.strip() and not holds_number(cell) for cell in row) and len(set(row)) == len(
        row
    )


def _holds_lone_numbers(rows: Sequence[Sequence[str]], top: int) -> bool:
    """Whether the row at `top` is data beneath a header that other rows outgrew."""
    if not any(holds_number(x) and not _YEAR.fullmatch(x) for x in rows[top]):
        return False
    return top + 1 >= len(rows) or not lacks_header(rows[top], rows[top + 1])


def _two_rows(upper: Sequence[str], lower: Sequence[str], data: Sequence[str]) -> list[str] | None:
    """Join a row of groups and the row of their parts, as merged cells leave them."""
    if len(upper) != len(lower) or not any(map(holds_number, data)):
        return None
    if any(map(holds_number, lower)) or not all(u or x for u, x in zip(upper, lower, strict=True)):
        return None
    merged = any(above == below for above, below in zip(upper, lower, strict=True))
    if all(upper) or not upper[0] or (all(lower) and not merged):
        return None
    names, group = [], ""
    for above, below in zip(upper, lower, strict=True):
        group = above or group
        names.append(f"{group}/{below}" if below not in ("", above) else above)
    return names


def _names_units(row: Sequence[str]) -> bool:
    said = [cell.strip() for cell in row if cell.strip()]
    return bool(said) and all(map(_UNIT.fullmatch, said))


def unique_names(cells: Sequence[str]) -> tuple[list[str], list[str]]:
    """Make column names of header cells: none empty, none twice, each on one line.

    Returns
    -------
    names, warnings : list of str
        One name per cell, and a sentence for each that had to be made up.
    """
    names: list[str] = []
    warnings: list[str] = []
    taken: set[str] = set()
    copies: Counter[str] = Counter()
    cleaned = [_one_line(cell) for cell in cells]
    given = set(cleaned)
    for number, cell in enumerate(cleaned, start=1):
        base = name = cell or f"column_{number}"
        while name in taken or (name != base and name in given):
            copies[base] += 1
            name = f"{base}_{copies[base] + 1}"
        if name != base:
            warnings.append(
                _("Two columns are called “{name}”; the second is read as “{other}”.").format(
                    name=base, other=name
                )
            )
        taken.add(name)
        names.append(name)
    return names, warnings


def _one_line(cell: str) -> str:
    return re.sub(r"\s*[\r\n]+\s*", " ", cell.translate(_INVISIBLE).strip())


def holds_number(cell: str) -> bool:
    """Whether a cell is a number, whatever the manner it is written in."""
    return _NUMBER.fullmatch(cell) is not None


def lacks_header(first: Sequence[str], second: Sequence[str]) -> bool:
    """Say whether the first row looks like data: numbers where the next row has numbers too.

    Years stand in many headers and do not count.
    """
    if len(first) != len(second):
        return False
    numeric = [i for i, cell in enumerate(second) if holds_number(cell)]
    return bool(numeric) and all(
        holds_number(first[i]) and not _YEAR.fullmatch(first[i]) for i in numeric
    )


def made_up_names(width: int) -> list[str]:
    """Name `width` columns of a table without a header."""
    return [f"column_{number}" for number in range(1, width + 1)]
