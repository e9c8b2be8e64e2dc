"""How a delimited text is written: what stands between its cells, and around them."""

from __future__ import annotations

import csv
import io
import itertools
import re
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

from gisapp.io.readers.headers import holds_number

if TYPE_CHECKING:
    from _csv import Reader
    from collections.abc import Iterable, Iterator, Sequence

_COMMON = (",", ";", "\t", "|")
# Believed only where they cut every row alike: they also stand inside cells.
_RARE = ("^", "~", "\x1f", "\x01", "¦", "§", ":")
_SAMPLE_ROWS = 200
_NAMED = re.compile(r"\ufeff?\"?sep=(.)\"?\r?\n?", re.IGNORECASE)
_WRAPPED = "(?:^|[,;\\t|])\\s?{open}[^\\r\\n]*?{close}(?=\\s*(?:[,;\\t|]|$))"
_SINGLE = re.compile(_WRAPPED.format(open="'", close="'"), re.MULTILINE)
_SMART = re.compile(_WRAPPED.format(open="“", close="”"), re.MULTILINE)
_SMART_TO_PLAIN = str.maketrans("“”„", '"""')


@dataclass(frozen=True)
class Dialect:
    """How rows are written.

    Parameters
    ----------
    separator : str
        One character.
    quote : str
        ``"``, ``'`` or ``“``.
    escaped : bool
        Whether a quote inside a quoted cell has a backslash before it instead of being doubled.
    named : bool
        Whether a first line names the separator; it is no row.
    wrapped : bool
        Whether whole lines stand in quotes, as a spreadsheet leaves a file it took for one column.
    """

    separator: str
    quote: str = '"'
    escaped: bool = False
    named: bool = False
    wrapped: bool = False

    def reader(self, lines: Iterable[str], *, strict: bool) -> Reader:
        """Read lines as rows of cells; `strict` raises `csv.Error` for a stray quote."""
        if self.wrapped:
            lines = map(_unwrapped, lines)
        if self.quote == "“":
            lines = (line.translate(_SMART_TO_PLAIN) for line in lines)
        return csv.reader(
            lines,
            delimiter=self.separator,
            quotechar="'" if self.quote == "'" else '"',
            escapechar="\\" if self.escaped else None,
            doublequote=not self.escaped,
            skipinitialspace=self.separator == " ",
            strict=strict,
        )


class _Fit(NamedTuple):
    """How well a separator cuts a sample; the greatest is the best."""

    regular: float
    numbers: float
    width: int


_NO_FIT = _Fit(0.0, 0.0, 0)


def detect_dialect(sample: str) -> Dialect:
    """Find how the rows of a sample of whole lines are written.

    The separator is the one that cuts most rows into the same number of cells, numbers among
    them, under a row that holds none.
    """
    quote = _quote(sample)
    escaped = '\\"' in sample and '""' not in sample.replace('\\"', "")
    if named := _NAMED.match(sample):
        return Dialect(named[1], quote, escaped, named=True)
    fits = {x: _fit(sample, Dialect(x, quote, escaped)) for x in _COMMON}
    separator = max(_COMMON, key=lambda x: fits[x])
    if (wrapped := _wrapped_separator(sample)) is not None:
        return Dialect(wrapped, wrapped=True)
    if fits[separator].width < 2:
        separator = _rare_separator(sample, quote) or separator
    return Dialect(separator, quote, escaped)


def _unwrapped(line: str) -> str:
    """Take the quotes off a line that stands in them as a whole."""
    whole = line.rstrip("\r\n")
    inner = whole[1:-1]
    if len(whole) < 2 or not whole.startswith('"') or not whole.endswith('"'):
        return line
    return line if '"' in inner.replace('""', "") else inner.replace('""', '"') + "\n"


def _wrapped_separator(sample: str) -> str | None:
    """Return the separator within lines in quotes, where it cuts all of them alike."""
    lines = sample.splitlines(keepends=True)
    inner = list(map(_unwrapped, lines))
    if 2 * sum(map(str.__ne__, lines, inner)) < len(lines):
        return None
    for separator in _COMMON:
        rows = list(_sample_rows("".join(inner), Dialect(separator)))
        if len(rows) > 1 and len(rows[0]) > 1 and len(set(map(len, rows))) == 1:
            return separator
    return None


def _quote(sample: str) -> str:
    lines = max(1, sample.count("\n"))
    if '"' not in sample:
        for quote, wrapped in (("'", _SINGLE), ("“", _SMART)):
            if len(wrapped.findall(sample)) >= lines / 2:
                return quote
    return '"'


def _fit(sample: str, dialect: Dialect) -> _Fit:
    rows = list(_sample_rows(sample, dialect))
    widths = Counter(len(row) for row in rows if len(row) > 1)
    if not widths:
        return _NO_FIT
    width, count = max(widths.items(), key=lambda item: (item[1], item[0]))
    fitting = [row for row in rows if len(row) == width]
    headed = not any(map(holds_number, fitting[0]))
    numbers = sum(holds_number(cell) for row in fitting for cell in row)
    return _Fit(round(count / len(rows) + headed, 1), numbers / (count * width), width)


def _sample_rows(sample: str, dialect: Dialect) -> Iterator[list[str]]:
    """Give the rows of a sample, up to the first that cannot be read."""
    rows = dialect.reader(io.StringIO(sample, newline=""), strict=False)
    try:
        yield from filter(None, itertools.islice(rows, _SAMPLE_ROWS))
    except csv.Error:
        return


def _rare_separator(sample: str, quote: str) -> str:
    for separator in _RARE:
        rows = list(_sample_rows(sample, Dialect(separator, quote)))
        if len(rows) > 1 and len(rows[0]) > 1 and len(set(map(len, rows))) == 1:
            return separator
    blank = list(_sample_rows(sample, Dialect(" ", quote)))
    return " " if len(blank) > 1 and _is_aligned(blank) else ""


def _is_aligned(rows: Sequence[Sequence[str]]) -> bool:
    """Whether blanks part columns, not words: two numbers at least in every row."""
    return len(set(map(len, rows))) == 1 and all(
        sum(map(holds_number, row)) > 1 for row in rows[1:]
    )
