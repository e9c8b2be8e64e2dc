"""A history tells of every day what a study of that day finds."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from helpers.history import on_day, studied, told
from helpers.instances import PHASES, ids, instances
from helpers.policy import point, project, square
from hypothesis import given, settings
from hypothesis import strategies as st

from gisapp.analysis.history import history
from gisapp.analysis.study import study
from gisapp.core.errors import GisappError

FROM, TO = date(2026, 1, 1), date(2026, 1, 12)
DAYS = [(FROM + timedelta(n)).isoformat() for n in range((TO - FROM).days + 1)]
# Among them days around the period, a month, a year, a text that is no date, and no date.
some_day = st.sampled_from((None, "2025", "2026-01", "2025-12-31", *DAYS[1:], "2026-02", "soon"))
DATED = ("evictions", "support_areas", "supports", "provisions", "zoning")


@st.composite
def dated_instances(draw: st.DrawFn) -> dict[str, Any]:
    """Random instances whose policy begins and ends on days of the period, zoning now and then."""
    kinds = draw(instances)
    kinds["provisions"] = [
        {**row, "applies_to": draw(st.sampled_from((row["applies_to"], "evictions", "zoning")))}
        for row in kinds["provisions"]
    ]
    dated = DATED if draw(st.booleans()) else DATED[:-1]
    for kind in dated:
        kinds[kind] = [
            {**row, "valid_from": draw(some_day), "valid_to": draw(some_day)} for row in kinds[kind]
        ]
    kinds["supports"].append(
        {"id": "T99", "household_id": draw(ids("H", 12)), "programme": "PKH", "valid_from": "2026"}
    )
    return kinds


@settings(max_examples=8, phases=PHASES, deadline=None)
@given(dated_instances())
def test_on_every_day_it_is_the_study_of_that_day(kinds: dict[str, Any]) -> None:
    asked = project(**kinds)
    found = history(asked, DAYS[0], DAYS[-1])
    for day in DAYS:
        assert told(found, day) == studied(study(asked, day)), day


@settings(max_examples=5, phases=PHASES, deadline=None)
@given(dated_instances())
def test_the_days_of_a_subject_follow_on_each_other(kinds: dict[str, Any]) -> None:
    found = history(project(**kinds), DAYS[0], DAYS[-1])
    for track in (found.businesses, found.households):
        first = track.subject[1:] != track.subject[:-1]
        assert (track.start < track.end).all()
        assert (track.start[1:][~first] == track.end[:-1][~first]).all()
        assert (track.start[1:][first] == found.period.start).all()
        assert (track.end[:-1][first] == found.period.end).all()
        states = list(zip(track.subject, track.finding, track.stage, track.evictions,
                          track.contradiction, track.affected, strict=True))  # fmt: skip
        assert all(a != b for a, b in zip(states, states[1:], strict=False))
