"""Delimited text in any dialect and encoding; every cell stays the text it is."""

from __future__ import annotations

import csv
import itertools
import sys
from collections import Counter
from typing import IO, TYPE_CHECKING

from gisapp.core.words import _
from gisapp.io.readers.contents import Reading, ReadTable, Tick, Unreadable
from gisapp.io.readers.headers import lacks_header, made_up_names, unique_names
from gisapp.io.readers.rows import TableBuilder
from gisapp.io.readers.text import Encoding, detect_encoding

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

_SEPARATORS = (",", ";", "\t", "|")
_SAMPLE_CHARACTERS = 262_144
_SAMPLE_ROWS = 200
_ZERO_RUN = b"\0" * 64


def read_delimited(path: Path, name: str, tick: Tick) -> Reading:
    """Read one delimited text file.

    Parameters
    ----------
    path : Path
        The file.
    name : str
        What its table shall be called.
    tick : callable
        Told the number of rows as they come.

    Raises
    ------
    Unreadable
        Where there is no table in it: no columns, a quote that never closes, blocks of zeros.
    """
    csv.field_size_limit(min(sys.maxsize, 2**31 - 1))
    encoding = detect_encoding(path)
    warnings = _byte_warnings(path, encoding)
    if encoding.guessed:
        warnings.append(encoding.warning)
    with path.open(encoding=encoding.name, newline="") as file:
        separator = _separator(file)
        try:
            table = _read_table(file, name, separator, warnings, tick, strict=True)
        except _StrayQuote:
            file.seek(0)
            warnings.append(_("Some quotes stand inside cells; they were read as plain text."))
            table = _read_table(file, name, separator, warnings, tick, strict=False)
    return Reading("CSV", [table], warnings)


class _StrayQuote(Exception):  # noqa: N818
    """A quoted cell goes on after its closing quote."""


def _byte_warnings(path: Path, encoding: Encoding) -> list[str]:
    """Refuse what a power loss leaves behind; warn of a missing end and of zero bytes."""
    content = path.read_bytes()
    if encoding.name.startswith(("utf-16", "utf-32")):
        content = content.replace(b"\0", b"")
    warnings = []
    if _ZERO_RUN in content:
        raise Unreadable(
            _("a part of it is filled with zeros, as after a power loss"),
            _("Copy or download the file again."),
        )
    if b"\0" in content:
        warnings.append(_("Some cells hold zero bytes."))
    if not content.endswith((b"\n", b"\r")):
        warnings.append(
            _(
                "The last line has no line break at its end: "
                "compare the number of rows, the file may have been cut off."
            )
        )
    return warnings


def _separator(file: IO[str]) -> str:
    """Pick the separator that cuts most rows of the sample into the same number of cells."""
    sample = file.read(_SAMPLE_CHARACTERS)
    file.seek(0)
    if sample[:4].lower() == "sep=" and sample[4:5] in _SEPARATORS:
        return sample[4]
    whole = len(sample) < _SAMPLE_CHARACTERS
    lines = sample.splitlines(keepends=True)
    return max(
        _SEPARATORS, key=lambda separator: _regularity(lines if whole else lines[:-1], separator)
    )


def _regularity(lines: Sequence[str], separator: str) -> tuple[float, int]:
    try:
        rows = list(itertools.islice(csv.reader(lines, delimiter=separator), _SAMPLE_ROWS))
    except csv.Error:
        return (0.0, 0)
    widths = Counter(len(row) for row in rows if row)
    if not widths:
        return (0.0, 0)
    width, count = max(widths.items(), key=lambda item: (item[1], item[0]))
    if width == 1:
        return (0.0, max(widths))
    return (count / widths.total() + (len(rows[0]) == width), width)


def _read_table(
    file: IO[str], name: str, separator: str, warnings: list[str], tick: Tick, *, strict: bool
) -> ReadTable:
    rows = _rows(file, separator, strict=strict)
    first = next(rows, [])
    if first and first[0].lower().startswith("sep=") and not any(first[1:]):
        first = next(rows, [])
    second = next(rows, [])
    if len(first) < 2 and not second:
        raise Unreadable(
            _("it holds no table: one line, without any separator"),
            _("Choose a file with a header row and rows beneath it."),
        )
    columns, data = _header(first, second, warnings)
    builder = TableBuilder(name, columns, tick)
    builder.extend(itertools.chain(data, rows))
    table = builder.finish()
    _warn_of_rows(table, builder.short_rows, warnings)
    return table


def _header(
    first: list[str], second: list[str], warnings: list[str]
) -> tuple[list[str], list[list[str]]]:
    """Return the column names and the rows that were read ahead and hold data."""
    if second and lacks_header(first, second):
        warnings.append(_("There is no header row; the columns were numbered."))
        return made_up_names(len(first)), [first, second]
    columns, renamed = unique_names(first)
    warnings.extend(renamed)
    return columns, [second]


def _rows(file: IO[str], separator: str, *, strict: bool) -> Iterator[list[str]]:
    reader = csv.reader(file, delimiter=separator, strict=strict)
    line = 0
    try:
        for row in reader:
            if row:
                yield row
            line = reader.line_num
    except csv.Error as error:
        if "unexpected end" not in str(error):
            raise _StrayQuote from error
        raise Unreadable(
            _("a quote that opens in line {line} is never closed").format(line=line + 1),
            _("Close the quote there, or copy the file again if its end is missing."),
        ) from error


def _warn_of_rows(table: ReadTable, short_rows: int, warnings: list[str]) -> None:
    if short_rows:
        warnings.append(
            _("Rows with fewer cells than columns: {n}; the missing cells are empty.").format(
                n=short_rows
            )
        )
    if table.unreadable:
        row, reason = next(iter(table.unreadable.items()))
        warnings.append(
            _("Rows that cannot be read: {n} (first: row {row}, {reason}).").format(
                n=len(table.unreadable), row=row, reason=reason
            )
        )
