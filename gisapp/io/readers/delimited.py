"""Delimited text in any dialect and encoding; every cell stays the text it is."""

from __future__ import annotations

import csv
import itertools
import re
import sys
from dataclasses import dataclass
from typing import IO, TYPE_CHECKING

from gisapp.core.words import _
from gisapp.io.readers.contents import Reading, ReadTable, Tick, Unreadable
from gisapp.io.readers.dialect import Dialect, detect_dialect
from gisapp.io.readers.headers import (
    Header,
    check_width,
    find_header,
    header_sentences,
    made_up_names,
    unique_names,
)
from gisapp.io.readers.regular import RegularText, read_regular
from gisapp.io.readers.rows import (
    TableBuilder,
    empty_columns,
    footer_sentences,
    set_aside_totals,
    without_columns,
)
from gisapp.io.readers.text import Encoding, chunks, detect_encoding

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

_SAMPLE_CHARACTERS = 262_144
_HEAD_ROWS = 200
# Stands behind the last line: a quote that is open there takes it in, and all rows before it.
_END = "\x03end\x03"
_ZERO_RUN = "\0" * 64
# Characters that no text holds; zeros and separators such as \x1f stand in tables at times.
_CONTROL = re.compile(r"[\x02-\x08\x0e-\x1e\x7f-\x9f]")
_MOST_CONTROL = 0.02


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
    warnings: list[str] = []
    text = _Text(path, encoding, *_oddities(path, encoding, warnings))
    with text.lines() as lines:
        dialect = detect_dialect(_sample(lines).replace("\0", ""))
    try:
        table = _read_table(text, name, dialect, warnings, tick, strict=True)
    except _StrayQuote:
        warnings.append(_("Some quotes stand inside cells; they were read as plain text."))
        table = _read_table(text, name, dialect, warnings, tick, strict=False)
    return Reading("CSV", [table], warnings)


class _StrayQuote(Exception):  # noqa: N818
    """A quoted cell goes on after its closing quote."""


@dataclass(frozen=True)
class _Text:
    """A text file: its encoding, and whether zero bytes and quotes stand in it."""

    path: Path
    encoding: Encoding
    zeros: bool
    quotes: bool

    def lines(self) -> IO[str]:
        return self.encoding.open(self.path)


def _oddities(path: Path, encoding: Encoding, warnings: list[str]) -> tuple[bool, bool]:
    """Refuse what a power loss leaves behind; warn of a missing end and of zero bytes.

    Returns
    -------
    zeros, quotes : bool
        Whether there are any.
    """
    zeros = quotes = False
    last = ""
    for chunk in chunks(path, encoding):
        if _ZERO_RUN in last[-64:] + chunk:
            raise Unreadable(
                _("a part of it is filled with zeros, as after a power loss"),
                _("Copy or download the file again."),
            )
        if not last and _share_of_control_characters(chunk) > _MOST_CONTROL:
            raise Unreadable(
                _("it is no text"), _("Choose the file itself; this one holds something else.")
            )
        zeros, quotes, last = zeros or "\0" in chunk, quotes or '"' in chunk, chunk
    if zeros:
        warnings.append(_("Some cells hold zero bytes; they were left out."))
    if not last.endswith(("\n", "\r")):
        warnings.append(
            _(
                "The last line has no line break at its end: "
                "compare the number of rows, the file may have been cut off."
            )
        )
    if encoding.warning:
        warnings.append(encoding.warning)
    return zeros, quotes


def _share_of_control_characters(text: str) -> float:
    sample = text[:_SAMPLE_CHARACTERS]
    return len(_CONTROL.findall(sample)) / len(sample)


def _sample(file: IO[str]) -> str:
    """Return the first lines, whole ones only where there are several."""
    sample = file.read(_SAMPLE_CHARACTERS)
    if len(sample) < _SAMPLE_CHARACTERS:
        return sample
    return sample[: max(sample.rfind("\n"), sample.rfind("\r")) + 1] or sample


def _read_table(
    text: _Text, name: str, dialect: Dialect, warnings: list[str], tick: Tick, *, strict: bool
) -> ReadTable:
    with text.lines() as file:
        rows = _rows(file, dialect, zeros=text.zeros, strict=strict)
        head = list(itertools.islice(rows, _HEAD_ROWS))
        header = _header(head)
        names, renamed = unique_names(header.cells or made_up_names(len(head[header.above][1])))
        check_width(len(names))
        warnings += [*header_sentences(header), *renamed]
        lines_before = head[header.data - 1][0] if header.data else int(dialect.named)
        table = _read_quickly(text, name, dialect, names, lines_before, tick)
        if table is None:
            builder = TableBuilder(name, names, tick)
            builder.extend(row for _line, row in itertools.chain(head[header.data :], rows))
            table = builder.finish()
            warnings += _row_sentences(table, builder.short_rows)
    warnings += footer_sentences(set_aside_totals(table))
    unnamed = [n for n, cell in enumerate(header.cells or ()) if not cell.strip()]
    table.columns = without_columns(table.columns, empty_columns(table.columns, unnamed))
    table.facts = _facts(text.encoding, dialect, header, head[header.above][0])
    return table


def _rows(
    file: IO[str], dialect: Dialect, *, zeros: bool, strict: bool
) -> Iterator[tuple[int, list[str]]]:
    """Give each row that has cells, with the number of the line that it ends in."""
    lines = (line.replace("\0", "") for line in file) if zeros else file
    reader = dialect.reader(itertools.chain(lines, [_END]), strict=strict)
    line = 0
    try:
        if dialect.named:
            next(reader)
        for row in reader:
            if row == [_END]:
                return
            if row and row[-1].endswith(_END):
                break
            line = reader.line_num
            if any(row):
                yield line, row
    except csv.Error as error:
        if "unexpected end" not in str(error):
            raise _StrayQuote from error
    raise Unreadable(
        _("a quote that opens in line {line} is never closed").format(line=line + 1),
        _("Close the quote there, or copy the file again if its end is missing."),
    )


def _header(head: Sequence[tuple[int, list[str]]]) -> Header:
    if not head or (len(head) == 1 and len(head[0][1]) < 2):
        raise Unreadable(
            _("it holds no table: one line, without any separator"),
            _("Choose a file with a header row and rows beneath it."),
        )
    return find_header([row for _line, row in head])


def _read_quickly(
    text: _Text, name: str, dialect: Dialect, names: list[str], lines_before: int, tick: Tick
) -> ReadTable | None:
    """Read the table through Arrow; None where that cannot be."""
    plain = (
        dialect.quote == '"'
        and not (dialect.escaped or dialect.wrapped)
        and dialect.separator.isascii()
    )
    utf8 = text.encoding.name in ("utf-8", "utf-8-sig") and text.encoding.errors == "strict"
    if text.zeros or not (plain and utf8 and dialect.separator != " "):
        return None
    regular = RegularText(text.path, dialect.separator, text.quotes, lines_before, names)
    columns = read_regular(regular, tick)
    return None if columns is None else ReadTable(name, columns)


def _row_sentences(table: ReadTable, short_rows: int) -> list[str]:
    sentences = []
    if short_rows:
        sentences.append(
            _("Rows with fewer cells than columns: {n}; the missing cells are empty.").format(
                n=short_rows
            )
        )
    if table.unreadable:
        row, reason = next(iter(table.unreadable.items()))
        sentences.append(
            _("Rows that cannot be read: {n} (first: row {row}, {reason}).").format(
                n=len(table.unreadable), row=row, reason=reason
            )
        )
    return sentences


def _facts(encoding: Encoding, dialect: Dialect, header: Header, line: int) -> dict[str, str]:
    named = {"\t": "tab", " ": "blank"}
    return {
        "encoding": encoding.name,
        "separator": named.get(dialect.separator, dialect.separator),
        "quote": dialect.quote,
        "header_row": "none" if header.cells is None else str(line),
        "skipped_lines": str(header.above + header.units),
    }
