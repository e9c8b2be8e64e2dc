"""What the rows of a foreign table are, by its name and its columns."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from gisapp.core.catalogue import LAYER_KINDS, RELATIONS
from gisapp.io.catalogue import load_catalogue
from gisapp.io.mapping import suggest_mapping
from gisapp.io.values import UNKNOWN, clean_text, read_field

if TYPE_CHECKING:
    from collections.abc import Mapping, Set

    import pandas as pd

    from gisapp.core.catalogue import Field
    from gisapp.io.source import RawTable, Source

# Found in most sources, so they say little of what the rows are.
_COMMON = frozenset({"name", "source", "valid_from", "valid_to", "observed_on", "plan", "code"})
_SAMPLE, _MOST_COLUMNS = 1_000, 300
# Rows below which a content says nothing; the share of them that has to fit.
_FEWEST = 5
_MOST, _HALF = 0.8, 0.5
# KBLI of what stalls do: retail, meals, repair, personal services. A post code is none of these.
_INFORMAL = r"(?:47|56|95|96)\d{3}"
# A date of no name is the day of the survey; which date of a validity it is nobody can tell.
_DATES = ("observed_on",)


def suggested_kinds(source: Source) -> Mapping[str, str]:
    """Guess what the rows of each table of a source are; takes a while for wide tables."""
    return {raw.name: suggested_kind(source, raw) for raw in source.tables}


def suggested_kind(source: Source, raw: RawTable) -> str:
    """Guess what the rows of a table are.

    By its name and the file's; then by the names of its columns; where these say nothing, by
    what stands in them.
    """
    rows = _sample(raw)
    fitting = [name for name in (*LAYER_KINDS, *RELATIONS) if _can_be(rows, name)]
    alone = len(source.tables) == 1
    for text in (raw.name, source.path.rsplit("/", 1)[-1] if alone else ""):
        for name in fitting:
            if name in text.lower():
                return name
    for scored in (_recognised, suggested_fields):
        scores = {name: len(scored(rows, name)) for name in fitting}
        best = max(scores, key=lambda name: scores[name], default="other")
        if scores.get(best):
            return best
    return "other"


def suggested_fields(raw: RawTable, kind: str) -> Mapping[str, str]:
    """Guess by their content which columns are fields that no column's name says.

    An import does not follow this by itself: a column of rupiah can be income or turnover.

    Returns
    -------
    mapping
        Field to column, in the catalogue's order.
    """
    rows = _sample(raw)
    mapping = suggest_mapping(rows, kind)
    location = mapping.location
    taken = {*mapping.fields.values(), *location.columns, *location.companions, mapping.id_column}
    texts = {
        str(name): clean_text(column).dropna()
        for name, column in rows.columns.items()
        if name not in taken
    }
    fields = load_catalogue().kind(kind).fields
    found: dict[str, str] = {}
    for field in fields.values():
        if field.name not in mapping.fields:
            fitting = (x for x in texts if x not in found.values() and _holds(texts[x], field))
            found[field.name] = next(fitting, "")
    return {name: column for name, column in found.items() if column}


def _sample(raw: RawTable) -> RawTable:
    """Return the first rows and columns of a table: enough to guess from, however large it is."""
    return replace(
        raw,
        columns=raw.columns.iloc[:_SAMPLE, :_MOST_COLUMNS],
        geometry=None if raw.geometry is None else raw.geometry[:_SAMPLE],
        row_numbers=None,
    )


def _holds(text: pd.Series, field: Field) -> bool:
    """Whether what stands in a column is such that it can hardly be anything but the field."""
    if len(text) < _FEWEST:
        return False
    if field.type == "code" and field.codes:
        read = read_field(text, field, {}).values
        known = read[read.notna() & (read != UNKNOWN)]
        return len(known) >= _MOST * len(text) and known.nunique() > 1
    if field.name == "kbli":
        return _share(text, r"\d{5}") >= _MOST and _share(text, _INFORMAL) >= _HALF
    if field.name in _DATES:
        dates = read_field(text, field, {}).values
        return bool(dates.notna().mean() >= _MOST)
    return (
        field.unit.startswith("IDR") and _share(text, r"(?:[Rr][Pp]|IDR)\W?\s*[\d.,]+.*") >= _MOST
    )


def _share(text: pd.Series, pattern: str) -> float:
    return float(text.str.fullmatch(pattern).mean())


def _can_be(raw: RawTable, kind: str) -> bool:
    """Whether a table lies somewhere, or nowhere, as its kind does."""
    definition = load_catalogue().kind(kind)
    if definition.geometry == "table":
        return raw.geometry is None
    placed = suggest_mapping(raw, kind).location.form != "none"
    return placed and not ("olygon" in raw.geometry_type and definition.geometry == "point")


def _recognised(raw: RawTable, kind: str) -> Set[str]:
    """Return a kind's own fields that columns fit by name."""
    return suggest_mapping(raw, kind).fields.keys() - _COMMON
