"""What the rows of a foreign table are, by its name and its columns."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gisapp.core.catalogue import LAYER_KINDS, RELATIONS
from gisapp.io.catalogue import load_catalogue
from gisapp.io.mapping import suggest_mapping

if TYPE_CHECKING:
    from collections.abc import Mapping, Set

    from gisapp.io.source import RawTable, Source

# Found in most sources, so they say little of what the rows are.
_COMMON = frozenset({"name", "source", "valid_from", "valid_to", "observed_on", "plan", "code"})


def suggested_kinds(source: Source) -> Mapping[str, str]:
    """Guess what the rows of each table of a source are; takes a while for wide tables."""
    return {raw.name: suggested_kind(source, raw) for raw in source.tables}


def suggested_kind(source: Source, raw: RawTable) -> str:
    """Guess what the rows of a table are: by its name and the file's, then by its columns."""
    fitting = [name for name in (*LAYER_KINDS, *RELATIONS) if _can_be(raw, name)]
    alone = len(source.tables) == 1
    for text in (raw.name, source.path.rsplit("/", 1)[-1] if alone else ""):
        for name in fitting:
            if name in text.lower():
                return name
    scores = {name: len(_recognised(raw, name)) for name in fitting}
    best = max(scores, key=lambda name: scores[name], default="other")
    return best if scores.get(best) else "other"


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
