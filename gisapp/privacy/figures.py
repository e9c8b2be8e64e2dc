"""The summary of an assessment as a preset lets it out: the tallies' numbers and few others."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from gisapp.privacy.people import People
    from gisapp.privacy.places import Ground
    from gisapp.privacy.tally import Tally

# What was known, and the hour that was asked about: without them the numbers would mislead.
_CONDITIONS = ("known_on", "at")


def figures(
    tallies: Mapping[str, Tally],
    households: People | None,
    area: Ground,
    told: Mapping[str, Any],
    n: int,
) -> dict[str, Any]:
    """Return the keys of ``gisapp assess --json`` with None for every number that is hidden.

    Parameters
    ----------
    tallies : mapping
        ``businesses`` and ``households`` to their counts.
    told : mapping
        The assessment's own summary.
    n : int
        Smallest number of families behind a number.
    """
    by_kind = {kind: t for kind, t in tallies.items() if t.assessed}
    businesses, families = by_kind.get("businesses"), by_kind.get("households")
    answer: dict[str, Any] = {"as_of": told.get("as_of", ""), "plan": told.get("plan", "")}
    answer |= {name: told[name] for name in _CONDITIONS if name in told}
    if businesses:
        answer["conformity"] = {"businesses": businesses.spread("class")}
    answer["exposure"] = {kind: t.spread("stage") for kind, t in by_kind.items()}
    if families:
        answer["families"] = families.spread("impact")
    answer["contradictions"] = {k: t.count("contradictory", "yes") for k, t in by_kind.items()}
    complete = all(t.complete for t in by_kind.values())
    answer["conflicts"] = told.get("conflicts") if complete else None
    answer["by_admin"] = [_row(code, area, by_kind) for code in area.codes]
    if families and households is not None:
        answer |= _money(households, families.count(), told, n)
    return answer


def _row(code: str, area: Ground, tallies: Mapping[str, Tally]) -> dict[str, Any]:
    measure = {"businesses": "class", "households": "impact"}
    counts = {kind: t.spread(measure[kind], code) for kind, t in tallies.items()}
    return {"code": code, "name": area.names.get(code, code), **counts}


def _money(
    households: People, total: int | None, told: Mapping[str, Any], n: int
) -> dict[str, Any]:
    frame = households.frame
    exposed = frame["exposed_income_idr_month"].to_numpy(np.float64, na_value=0.0) > 0
    newly_poor = frame["newly_poor"].astype("boolean").fillna(False).to_numpy(bool)
    unknown = frame["income_unknown"].astype("boolean").fillna(False).to_numpy(bool)
    answer = {
        "exposed_income_idr_month": None,
        "income_unknown": _count(unknown, total, n),
        "newly_poor": _count(newly_poor, total, n),
    }
    if int(exposed.sum()) == 0 or int(exposed.sum()) >= n:
        answer["exposed_income_idr_month"] = told.get("exposed_income_idr_month")
    if answer["newly_poor"] is not None and (poverty := told.get("poverty")):
        answer |= _poverty(poverty, n)
    return answer


def _poverty(poverty: Mapping[str, Any], n: int) -> dict[str, Any]:
    """Keep the poverty test where each side of it counts enough families."""
    families = poverty.get("assessed_families") or 0
    for moment in ("before", "after"):
        poor = round((poverty.get(moment) or {}).get("p0", 0.0) * families)
        if not _enough(poor, families, n):
            return {}
    return {"poverty": poverty}


def _count(members: NDArray[np.bool_], total: int | None, n: int) -> int | None:
    count = int(members.sum())
    return count if total is not None and _enough(count, total, n) else None


def _enough(count: int, total: int, n: int) -> bool:
    """Whether neither those counted nor the others are too few."""
    return all(side == 0 or side >= n for side in (count, total - count))
