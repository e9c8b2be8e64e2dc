"""What the rows of a foreign table are, by its name and its columns."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING

import pandas as pd

from gisapp.core.catalogue import LAYER_KINDS, RELATIONS
from gisapp.io.catalogue import load_catalogue
from gisapp.io.days import iso_dates
from gisapp.io.mapping import suggest_mapping
from gisapp.io.values import UNKNOWN, clean_text, code_key, meanings

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from gisapp.core.catalogue import Field
    from gisapp.io.mapping import ColumnMapping
    from gisapp.io.source import RawTable, Source

# Found in most sources, so they say little of what the rows are.
_COMMON = frozenset({"name", "source", "valid_from", "valid_to", "observed_on", "plan", "code"})
_SAMPLE, _MOST_COLUMNS = 1_000, 300
# Rows below which a content says nothing; the share of them that has to fit.
_FEWEST = 5
_MOST, _HALF = 0.8, 0.5
_MOST_DATES = 50
_KBLI = re.compile(r"\d{5}")
# KBLI of what stalls do: retail, meals, repair, personal services. A post code is none of these.
_INFORMAL = re.compile(r"(?:47|56|95|96)\d{3}")
# A bare number can be a spreadsheet's day as well, but is hardly ever one.
_PERHAPS_A_DATE = re.compile(
    r"(?=.*\d)(?=.*[-/.\s])(?![-+]?[\d.,]+$)"
    r"(?=\d{4}-\d|[^a-z]*$|.*(?:jan|[fp]eb|mar|apr|mei|may|jun|jul|ag[ust]|aug|sep|o[kc]t|no[vp]|de[sc]))"
    r".{6,40}",
    re.IGNORECASE,
)
_RUPIAH = re.compile(r"(?:[Rr][Pp]|IDR)\W?\s*[\d.,]+.*")
# A date of no name is the day of the survey; which date of a validity it is nobody can tell.
_DATES = ("observed_on",)


def suggested_kinds(source: Source) -> Mapping[str, str]:
    """Guess what the rows of each table of a source are."""
    return {raw.name: suggested_kind(source, raw) for raw in source.tables}


def suggested_kind(source: Source, raw: RawTable) -> str:
    """Guess what the rows of a table are.

    By its name and the file's; then by the names of its columns; where these say nothing, by
    what stands in them.
    """
    rows = _sample(raw)
    mappings = {name: suggest_mapping(rows, name) for name in (*LAYER_KINDS, *RELATIONS)}
    fitting = [name for name, mapping in mappings.items() if _can_be(rows, name, mapping)]
    alone = len(source.tables) == 1
    for text in (raw.name, source.path.rsplit("/", 1)[-1] if alone else ""):
        for name in fitting:
            if name in text.lower():
                return name
    by_name = {name: len(mappings[name].fields.keys() - _COMMON) for name in fitting}
    if any(by_name.values()):
        return max(by_name, key=lambda name: by_name[name])
    contents = _contents(rows)
    by_content = {name: len(_fields(contents, name, mappings[name])) for name in fitting}
    best = max(by_content, key=lambda name: by_content[name], default="other")
    return best if by_content.get(best) else "other"


def suggested_fields(raw: RawTable, kind: str) -> Mapping[str, str]:
    """Guess by their content which columns are fields that no column's name says.

    An import does not follow this by itself: a column of rupiah can be income or turnover.

    Returns
    -------
    mapping
        Field to column, in the catalogue's order.
    """
    rows = _sample(raw)
    return _fields(_contents(rows), kind, suggest_mapping(rows, kind))


@dataclass(frozen=True, eq=False)
class _Content:
    """What stands in a column: its words, and how often."""

    words: Counter[str]

    @property
    def rows(self) -> int:
        return self.words.total()

    def share(self, pattern: re.Pattern[str]) -> float:
        return sum(n for word, n in self.words.items() if pattern.fullmatch(word)) / self.rows

    @cached_property
    def dated(self) -> bool:
        """Whether nearly all words are dates."""
        some = list(self.words)[:_MOST_DATES]
        if not _PERHAPS_A_DATE.fullmatch(some[0]):
            return False
        return bool(iso_dates(pd.Series(some, dtype="str")).notna().mean() >= _MOST)


def _contents(rows: RawTable) -> dict[str, _Content]:
    """Return what stands in the columns of which there is enough to guess from."""
    contents = {
        str(name): _Content(Counter(clean_text(column).dropna().tolist()))
        for name, column in rows.columns.items()
    }
    return {name: content for name, content in contents.items() if content.rows >= _FEWEST}


def _fields(contents: Mapping[str, _Content], kind: str, mapping: ColumnMapping) -> dict[str, str]:
    location = mapping.location
    taken = {*mapping.fields.values(), *location.columns, *location.companions, mapping.id_column}
    free = {name: content for name, content in contents.items() if name not in taken}
    found: dict[str, str] = {}
    for field in load_catalogue().kind(kind).fields.values():
        if field.name not in mapping.fields:
            fits = _test_of(field)
            column = next((name for name, content in free.items() if fits(content)), "")
            if column:
                found[field.name] = column
                del free[column]
    return found


def _sample(raw: RawTable) -> RawTable:
    """Return the first rows and columns of a table: enough to guess from, however large it is."""
    return replace(
        raw,
        columns=raw.columns.iloc[:_SAMPLE, :_MOST_COLUMNS],
        geometry=None if raw.geometry is None else raw.geometry[:_SAMPLE],
        row_numbers=None,
    )


def _test_of(field: Field) -> Callable[[_Content], bool]:
    """Return what says whether a column can hardly be anything but the field."""
    if field.type == "code" and field.codes:
        known = meanings(field)
        return lambda content: _speaks_in(content, known)
    if field.name == "kbli":
        return lambda content: content.share(_KBLI) >= _MOST and content.share(_INFORMAL) >= _HALF
    if field.name in _DATES:
        return lambda content: content.dated
    if field.unit.startswith("IDR"):
        return lambda content: content.share(_RUPIAH) >= _MOST
    return lambda _content: False


def _speaks_in(content: _Content, known: Mapping[str, str]) -> bool:
    """Whether nearly all words of a column are codes, several of them."""
    codes: Counter[str] = Counter()
    rows = content.rows
    for word, n in content.words.items():
        codes[known.get(code_key(word), UNKNOWN)] += n
        if rows - codes[UNKNOWN] < _MOST * rows:  # in a text nearly every word is another one
            return False
    return len(codes.keys() - {UNKNOWN}) > 1


def _can_be(raw: RawTable, kind: str, mapping: ColumnMapping) -> bool:
    """Whether a table lies somewhere, or nowhere, as its kind does."""
    definition = load_catalogue().kind(kind)
    if definition.geometry == "table":
        return raw.geometry is None
    placed = mapping.location.form != "none"
    return placed and not ("olygon" in raw.geometry_type and definition.geometry == "point")
