"""What was known by a date, and who is there and what holds at an hour of the week."""

from __future__ import annotations

from dataclasses import replace

import pytest
from helpers.policy import layer, point, project, square, table

from gisapp.analysis.assess import assess
from gisapp.analysis.history import history
from gisapp.analysis.history_tables import by_subject
from gisapp.analysis.presence import present
from gisapp.core.errors import GisappError
from gisapp.core.project import Parameters, Project

AS_OF = "2026-11-01"
HERE = {"geometry": point(50, 50)}
SINCE = {"valid_from": "2026-01-01", "geometry": square(0, 0)}


def night_market() -> Project:
    return project(
        businesses=[
            {
                "id": "B1",
                "schedule": "setiap hari 17.00-01.00",
                "observed_on": "2026-10-01",
                **HERE,
            },
            {
                "id": "B2",
                "schedule": "Senin-Jumat 06.00-14.00",
                "observed_on": "2026-10-02",
                **HERE,
            },
            {"id": "B3", "schedule": "tidak tentu", "observed_on": None, **HERE},
        ],
        households=[{"id": "H1", "observed_on": "2026-10-01", "geometry": None}],
        operates=[{"household_id": "H1", "business_id": "B2"}],
        evictions=[
            {"id": "E1", "stage": "sp1", "schedule": "Sabtu-Minggu 18.00-23.00", **SINCE},
            {"id": "E2", "stage": "sp3", "observed_on": "2026-10-15", "schedule": None, **SINCE},
        ],
    )


def asked(at: str = "", known_on: str = "") -> Project:
    return replace(night_market(), parameters=Parameters(AS_OF, at=at, known_on=known_on))


def evictions(answer):
    rows = answer.businesses
    return dict(zip(rows["id"], rows["evictions"], strict=True))


def test_where_neither_is_asked_nothing_is_left_out_or_told():
    asked_about = asked()
    assert present(asked_about, asked_about.parameters).project is asked_about
    summary = assess(asked_about).summary
    assert not {"known_on", "known_on_rows", "at", "at_rows"} & set(summary)
    assert summary["exposure"]["businesses"]["sp3"] == 3


def test_at_an_hour_only_who_is_there_and_what_holds_then_counts():
    assert evictions(assess(asked(at="sat 19:30"))) == {"B1": "E1;E2", "B3": "E1;E2"}
    # Half past midnight is still Saturday's evening for the stall, not for the clearance.
    assert evictions(assess(asked(at="sun 00:30"))) == {"B1": "E2", "B3": "E2"}
    assert evictions(assess(asked(at="mon 06:00"))) == {"B2": "E2", "B3": "E2"}
    assert evictions(assess(asked(at="mon 14:00"))) == {"B3": "E2"}


def test_a_schedule_that_is_not_known_counts_and_is_counted():
    summary = assess(asked(at="mon 06:00")).summary
    assert summary["at_rows"] == {
        "left_out": {"businesses": 1, "evictions": 1},
        "unknown": {"businesses": 1, "evictions": 1},
    }
    assert any("2 businesses or policies are not there" in text for text in summary["warnings"])


def test_a_family_is_spared_where_its_stall_is_closed():
    impacts = [
        assess(asked(at=at)).households["family_impact"].tolist() for at in ("mon 6:00", "mon 5:59")
    ]
    assert impacts == [["livelihood"], ["not_assessed"]]


def test_what_was_observed_later_is_left_out_and_what_has_no_date_counts():
    answer = assess(asked(known_on="2026-10-01"))
    assert evictions(answer) == {"B1": "E1", "B3": "E1"}
    assert answer.summary["known_on_rows"] == {
        "left_out": {"businesses": 1, "evictions": 1},
        "unknown": {"businesses": 1, "evictions": 1, "operates": 1},
    }
    assert answer.parameters.known_on == "2026-10-01"


def test_a_row_is_known_on_the_day_it_was_observed():
    assert "B2" in evictions(assess(asked(known_on="2026-10-02")))
    assert "E2" in evictions(assess(asked(known_on="2026-10-15")))["B1"]
    assert "E2" not in evictions(assess(asked(known_on="2026-10-14")))["B1"]


def test_a_history_asks_of_the_same_rows():
    rows = by_subject(history(asked(at="mon 06:00")))
    assert rows["id"].tolist() == ["B2", "B3", "H1"]


def test_a_provision_s_schedule_decides_when_it_applies():
    register = table("provisions", [
        {"id": "P1", "applies_to": "evictions", "stance": 3.0, "schedule": "Senin 07.00-09.00"},
    ])  # fmt: skip
    scores = [
        assess(asked(at=at).with_table(register)).businesses["contradiction"].max()
        for at in ("mon 08:00", "mon 10:00")
    ]
    assert scores == [0.0, 0.0]
    grown = layer("support_areas", [{"id": "S1", **SINCE}])
    scores = [
        assess(asked(at=at).with_table(register).with_layer(grown))
        .businesses["contradiction"]
        .max()
        for at in ("mon 08:00", "mon 10:00")
    ]
    assert scores == [0.0, 2 / 3]


@pytest.mark.parametrize(
    "parameters", [Parameters(AS_OF, at="noon"), Parameters(AS_OF, known_on="yesterday")]
)
def test_what_cannot_be_understood_is_refused(parameters):
    with pytest.raises(GisappError):
        assess(replace(night_market(), parameters=parameters))


def test_what_ends_before_it_begins_is_told():
    wrong = {"valid_from": "2026-05-01", "valid_to": "2026-05-01", "geometry": square(0, 0)}
    answer = assess(project(businesses=[{"id": "B1", **HERE}],
                            evictions=[{"id": "E1", "stage": "sp1", **wrong}]))  # fmt: skip
    assert any("ends before it begins" in text for text in answer.summary["warnings"])
    assert evictions(answer) == {"B1": ""}


def test_the_same_question_of_the_same_rows_has_the_same_rows_for_its_answer():
    one = asked(at="mon 06:00")
    frames = [present(one, one.parameters).project.layer("businesses").frame for _ in range(2)]
    assert frames[0] is frames[1]
    other = replace(one, parameters=Parameters(AS_OF, at="mon 15:00"))
    assert present(other, other.parameters).project.layer("businesses").frame["id"].tolist() == [
        "B3"
    ]


def test_an_edit_after_asking_at_an_hour_is_seen():
    one = asked(at="mon 06:00")
    assess(one)
    open_late = one.layer("businesses")
    frame = open_late.frame.assign(schedule=["24 jam", "24 jam", "tutup"])
    again = assess(one.with_layer(replace(open_late, frame=frame)))
    assert evictions(again) == {"B1": "E2", "B2": "E2"}
