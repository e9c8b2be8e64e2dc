"""What a history says of one day, in the words of a study."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from gisapp.analysis.history import History, Track
    from gisapp.analysis.study import Study


def on_day(track: Track, iso: str) -> dict[str, tuple[Any, ...]]:
    """Return id to (finding, stage, evictions, contradiction) on a day, each subject once."""
    day = date.fromisoformat(iso).toordinal()
    rows = np.flatnonzero((track.start <= day) & (day < track.end))
    answer = {
        track.subjects.ids[track.subject[i]]: (
            track.finding[i],
            track.stage[i],
            track.evictions[i],
            float(track.contradiction[i]),
        )
        for i in rows
    }
    assert len(answer) == len(rows)
    return answer


def told(found: History, iso: str) -> tuple[dict[str, Any], dict[str, Any]]:
    return on_day(found.businesses, iso), on_day(found.households, iso)


def studied(answer: Study) -> tuple[dict[str, Any], dict[str, Any]]:
    """Say of a study what `told` says of a history."""
    found = answer.found
    return (
        _rows(found.businesses, found.conformity.classes),
        _rows(found.households, found.impact.impact),
    )


def _rows(about: Any, finding: Any) -> dict[str, Any]:
    columns = (finding, about.exposure.stage, about.exposure.areas, about.contradiction.score)
    return dict(zip(about.subjects.ids, zip(*columns, strict=True), strict=True))
