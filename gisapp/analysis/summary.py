"""The totals of an assessment: the object that ``gisapp assess --json`` prints.

Every table of totals is a cross-count of the same arrays, so each column adds up to its total.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from gisapp.analysis.exposure import UNKNOWN_STAGE, Exposure
from gisapp.core.policy import NOT_ASSESSED, STAGES
from gisapp.core.words import _

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from gisapp.analysis.admin import AdminAreas, Membership
    from gisapp.analysis.columns import Ints, Texts
    from gisapp.analysis.impact import Impact
    from gisapp.analysis.poverty import PovertyTest
    from gisapp.analysis.subjects import Subjects
    from gisapp.core.project import Parameters

NONE = "none"


def counts(words: Texts, vocabulary: Sequence[str]) -> dict[str, int]:
    """Count each word of `vocabulary` in `words`, shape (n,); ``total`` is n."""
    number = np.bincount(_places(words, vocabulary), minlength=len(vocabulary) + 1)
    return {**dict(zip(vocabulary, number.tolist(), strict=False)), "total": len(words)}


def _places(words: Texts, vocabulary: Sequence[str]) -> Ints:
    """Return each word's place in `vocabulary`, shape (n,); its length for any other word."""
    code, kinds = pd.factorize(words)
    place = {word: i for i, word in enumerate(vocabulary)}
    return np.array([place.get(kind, len(place)) for kind in kinds], dtype=np.int64)[code]


def exposure_counts(subjects: Subjects, exposure: Exposure) -> dict[str, int]:
    """Count subjects by their highest stage; ``unknown`` only where an area has no known stage."""
    words = exposure.stage
    words[~exposure.exposed & subjects.located] = NONE
    words[~exposure.exposed & ~subjects.located] = NOT_ASSESSED
    unknown = (UNKNOWN_STAGE,) if (words == UNKNOWN_STAGE).any() else ()
    return counts(words, (*unknown, *STAGES, NONE, NOT_ASSESSED))


def counts_by_area(
    admin: AdminAreas,
    columns: Mapping[str, tuple[Membership, Texts, Sequence[str]]],
) -> list[dict[str, Any]]:
    """Count the words of each column in every area, then ``outside`` and ``no_location``.

    Parameters
    ----------
    admin : AdminAreas
    columns : mapping
        Kind of subject to its membership, its words (shape (n,)) and their vocabulary.
    """
    elsewhere = {"outside": _("outside admin areas"), "no_location": _("no usable location")}
    codes, names = [*admin.codes, *elsewhere], [*admin.names, *elsewhere.values()]
    rows: list[dict[str, Any]] = [
        {"code": code, "name": name} for code, name in zip(codes, names, strict=True)
    ]
    for kind, (member, words, vocabulary) in columns.items():
        table = _crossed(_row_of(member, len(admin.codes)), words, len(codes), vocabulary)
        for row, numbers in zip(rows, table, strict=True):
            row[kind] = {"total": sum(numbers), **dict(zip(vocabulary, numbers, strict=True))}
    return rows


def _row_of(member: Membership, n_areas: int) -> np.ndarray:
    elsewhere = np.where(member.how == "no_location", n_areas + 1, n_areas)
    return np.where(member.place >= 0, member.place, elsewhere)


def _crossed(
    row: np.ndarray, words: Texts, n_rows: int, vocabulary: Sequence[str]
) -> list[list[int]]:
    flat = np.bincount(
        row * len(vocabulary) + _places(words, vocabulary), minlength=n_rows * len(vocabulary)
    )
    table: list[list[int]] = flat.reshape(n_rows, len(vocabulary)).tolist()
    return table


def income_totals(impact: Impact) -> dict[str, Any]:
    """Return exposed income (Rp a month), the families counted apart and the newly poor."""
    return {
        "exposed_income_idr_month": round(impact.exposed_income_total, 2),
        "income_unknown": int(impact.income_unknown.sum()),
        "newly_poor": int(impact.poverty.newly_poor.sum()),
    }


def poverty_totals(test: PovertyTest, parameters: Parameters) -> dict[str, Any]:
    """Return the poverty line and P₀, P₁, P₂ before and after."""
    return {
        "line": parameters.poverty_line_idr_month,
        "source": parameters.poverty_line_source,
        "before": _named(test.before),
        "after": _named(test.after),
        "assessed_families": int(test.assessed.sum()),
    }


def _named(indices: tuple[float, float, float] | None) -> dict[str, float] | None:
    return None if indices is None else dict(zip(("p0", "p1", "p2"), indices, strict=True))
