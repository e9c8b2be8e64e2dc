"""A history tells of every day what a study of that day finds."""

from __future__ import annotations

import csv
from datetime import date, timedelta
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from helpers.history import studied, told
from helpers.instances import PHASES, ids, instances, nothing
from helpers.policy import point, project, square
from helpers.survey import survey_project, survey_truth
from hypothesis import example, given, settings
from hypothesis import strategies as st

from gisapp.analysis.history import history
from gisapp.analysis.history_tables import (
    by_area,
    by_date,
    by_subject,
    of_area,
    of_subject,
    plan_warnings,
)
from gisapp.analysis.study import study
from gisapp.core.errors import GisappError

EVENTS = Path(__file__).parents[2] / "../shared/data/ciracas/ciracas_pkl_events.csv"
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


def days(first: int, last: int | None) -> dict[str, str | None]:
    """From the day of one number to the day before another's."""
    return {"valid_from": DAYS[first], "valid_to": None if last is None else DAYS[last]}


# Whatever may begin and end does, on days of its own: a zone that overrules another, a row of the
# register, a support that a family passes on to its stall, a clearance that hits it only there.
everything: dict[str, Any] = {
    **nothing,
    "businesses": [
        {"id": "B0", "geometry": point(50, 50), "kbli": "56102", "form": "pkl"},
        {"id": "B1", "geometry": point(250, 50), "kbli": "56102", "form": "kios"},
    ],
    "households": [{"id": "H0", "geometry": None}, {"id": "H1", "geometry": point(50, 60)}],
    "operates": [{"household_id": "H0", "business_id": "B1"}],
    "zoning": [
        {"id": "Z0", "KODSZN_1": "R-1", "geometry": square(0, 0, 300), **days(0, None)},
        {"id": "Z1", "KODSZN_1": "K-1", "geometry": square(0, 0, 300), **days(1, 9)},
    ],
    "rules": [
        {"subzone": "R-1", "kbli_prefix": "", "permission": "I"},
        {"subzone": "K-1", "kbli_prefix": "", "permission": "X"},
    ],
    "evictions": [
        {"id": "E0", "stage": "sp1", "geometry": square(0, 0), **days(2, 8)},
        {"id": "E1", "stage": "sp3", "geometry": square(200, 0), **days(5, 10)},
    ],
    "support_areas": [{"id": "S0", "geometry": square(0, 0), **days(7, None)}],
    "supports": [{"id": "T0", "household_id": "H0", "programme": "PKH", **days(3, 6)}],
    "provisions": [
        {"id": "P0", "applies_to": "evictions", "stance": 3.0, "status": "in_force", **days(4, 6)},
        {"id": "P1", "applies_to": "E0:form=pkl", "stance": -3.0, "status": "in_force",
         **days(5, 7)},
        {"id": "P2", "applies_to": "zoning", "stance": 1.0, "status": "in_force",
         "valid_from": None, "valid_to": DAYS[2]},
    ],
}  # fmt: skip


@settings(max_examples=5, phases=PHASES, deadline=None)
@example(everything)
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
        assert all(a != b for a, b in pairwise(states))


AS_OF = "2026-11-01"


def stall() -> Any:
    """A business under a clearance that is paused, with a support in between."""
    return project(
        businesses=[{"id": "B1", "geometry": point(50, 50)}, {"id": "B2", "geometry": None}],
        households=[{"id": "H1", "geometry": None}],
        operates=[{"household_id": "H1", "business_id": "B1"}],
        evictions=[
            {"id": "E1", "stage": "sp1", "geometry": square(0, 0), "name": "Jalan Baru",
             "valid_from": "2026-01-01", "valid_to": "2026-02-01"},
            {"id": "E2", "stage": "sp3", "geometry": square(0, 0),
             "valid_from": "2026-03-01", "valid_to": None},
            {"id": "E3", "stage": "sp3", "geometry": square(0, 0),
             "valid_from": "2026-11-02", "valid_to": None},
            {"id": "E4", "stage": "sp3", "geometry": square(0, 0), "valid_to": "2026-12-01"},
        ],
        supports=[{"id": "T1", "household_id": "H1", "programme": "KUBE",
                   "valid_from": "2026-01-11", "valid_to": "2026-03-03"}],
    )  # fmt: skip


def test_days_are_counted_to_the_as_of_date_and_not_beyond() -> None:
    found = history(stall())
    assert (found.period.first, found.period.last) == ("2026-01-01", AS_OF)
    rows = by_subject(found).set_index("id")
    first, last = rows.loc["B1", ["first_exposed", "last_exposed"]]
    assert (first, last, rows.loc["B1", "still"]) == ("2026-01-01", AS_OF, True)
    since_march = (date(2026, 11, 2) - date(2026, 3, 1)).days
    assert rows.loc["B1", "days_exposed"] == 31 + since_march
    # 11 to 31 January, and the first two days of March.
    assert rows.loc["B1", "days_contradiction"] == 21 + 2
    assert rows.loc["H1", "days_exposed"] == rows.loc["B1", "days_exposed"]
    assert rows.loc["B2", "days_exposed"] == 0
    assert rows["first_exposed"].isna()["B2"]


def test_what_began_before_the_days_asked_about_counts_in_them_only() -> None:
    rows = by_subject(history(stall(), "2026-01-30", "2026-02-10")).set_index("id")
    assert rows.loc["B1", ["first_exposed", "last_exposed"]].tolist() == [
        "2026-01-30",
        "2026-01-31",
    ]
    assert (rows.loc["B1", "days_exposed"], bool(rows.loc["B1", "still"])) == (2, False)


def test_totals_by_date_step_where_policy_begins_and_ends() -> None:
    steps = by_date(history(stall()))
    assert steps[["date", "families_affected", "businesses_contradiction"]].to_numpy().tolist() == [
        ["2026-01-01", 1, 0],
        ["2026-01-11", 1, 1],
        ["2026-02-01", 0, 0],
        ["2026-03-01", 1, 1],
        ["2026-03-03", 1, 0],
    ]


@pytest.mark.parametrize("since", ["2026", "2026-01"])
def test_a_year_or_a_month_begins_with_its_first_day(since: str) -> None:
    made = project(
        businesses=[{"id": "B1", "geometry": point(50, 50)}],
        evictions=[{"id": "E1", "stage": "sp1", "valid_from": since, "geometry": square(0, 0)}],
    )
    row = by_subject(history(made, end="2026-01-31")).iloc[0]
    assert (row["first_exposed"], row["days_exposed"]) == ("2026-01-01", 31)


def test_an_area_says_when_it_held_and_whom_it_reached() -> None:
    found = history(stall())
    rows = by_area(found).set_index("area_id")
    assert list(rows.index) == ["E1", "E2"]  # not the one of tomorrow, nor the one without a date
    assert rows.loc["E1", ["days", "businesses", "families"]].tolist() == [31, 1, 1]
    assert of_area(found, "evictions", "E1")["id"].tolist() == ["B1", "H1"]
    assert of_area(found, "evictions", "no such").empty


def test_a_subject_s_own_days_follow_on_each_other() -> None:
    rows = of_subject(history(stall()), "businesses", "B1")
    assert rows["evictions"].tolist() == ["E1", "E1", "", "E2", "E2"]
    assert rows["valid_from"].tolist()[1:] == rows["valid_to"].tolist()[:-1]
    assert rows["valid_to"].isna().tolist() == [False] * 4 + [True]
    assert of_subject(history(stall()), "businesses", "no such").empty


def test_a_plan_without_dates_is_said_to_count_on_every_day() -> None:
    zone = {"id": "Z1", "geometry": square(0, 0), "KODSZN_1": "R-1"}
    stalls = [{"id": "B1", "geometry": point(50, 50)}]
    undated = history(project(businesses=stalls, zoning=[zone]), DAYS[0], DAYS[-1])
    assert "since when" in " ".join(plan_warnings(undated))
    dated = project(businesses=stalls, zoning=[{**zone, "valid_from": DAYS[3]}])
    assert plan_warnings(history(dated, DAYS[0], DAYS[-1])) == ()


def test_days_that_end_before_they_begin_are_refused() -> None:
    with pytest.raises(GisappError, match="begins on 2026-12-01"):
        history(stall(), "2026-12-01", AS_OF)


def test_the_survey_on_the_days_its_policy_changes() -> None:
    families = survey_truth()["families"]
    survey = survey_project()
    found = history(survey, end=survey_truth()["as_of"])
    steps = by_date(found)
    assert len(steps) > 3
    for day in steps["date"]:
        assert told(found, day) == studied(study(survey, day))
    affected = sum(families.get(impact, 0) for impact in ("direct", "livelihood", "both"))
    assert steps["families_affected"].iloc[-1] == affected


def test_the_clearances_that_were_reported() -> None:
    """Dated events of the press, each at a made-up place of its own, told in their order."""
    if not EVENTS.exists():
        pytest.skip("../shared/data/ciracas is not on this machine")
    rows = list(csv.DictReader(EVENTS.read_text("utf-8").splitlines()))
    kinds = {"clearance", "raid", "relocation_start", "clearance_planned"}
    events = [row for row in rows if row["kind"] in kinds]
    areas = [
        {"id": f"E{n}", "name": row["place"], "stage": "executed", "geometry": square(200 * n, 0),
         "valid_from": row["date"], "valid_to": row["date"][:4] + "-12-31"}
        for n, row in enumerate(events)
    ]  # fmt: skip
    stalls = [{"id": f"B{n}", "geometry": point(200 * n + 9, 9)} for n in range(len(events))]
    found = history(project(businesses=stalls, evictions=areas), end=AS_OF)
    assert by_area(found)["name"].tolist() == [row["place"] for row in events]
    first = by_subject(found)["first_exposed"].tolist()
    assert first == [row["date"] for row in events] == sorted(first)
    assert by_date(found)["businesses_exposed"].iloc[-1] == 0
