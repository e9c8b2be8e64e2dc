"""Every edition says who and what alone was counted; nothing else of it leaves."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest
from helpers.people import people_project

from gisapp.analysis.assess import assess
from gisapp.core.project import Parameters, Project
from gisapp.core.words import speaking
from gisapp.export.report_notes import method
from gisapp.privacy.redact import redact
from gisapp.session.edits import assessed

AS_OF = "2026-11-01"


def at_an_hour() -> Project:
    plain = people_project()
    asked = replace(plain, parameters=Parameters(AS_OF, known_on="2026-10-01", at="mon 19:30"))
    return assessed(asked, assess(asked))


@pytest.mark.parametrize("preset", ["internal", "partner", "public"])
def test_an_edition_tells_the_conditions_of_its_numbers(preset: str) -> None:
    released = redact(at_an_hour(), preset, what="report", recipient="LBH Jakarta")
    assert (released.summary["known_on"], released.summary["at"]) == ("2026-10-01", "mon 19:30")
    with speaking("en"):
        told = str(method(released))
    assert "observed by 1 October 2026" in told
    assert "mon 19:30" in told


@pytest.mark.parametrize("preset", ["partner", "public"])
def test_how_many_rows_were_left_out_stays_here(preset: str) -> None:
    released = redact(at_an_hour(), preset, what="report", recipient="LBH Jakarta")
    assert "_rows" not in json.dumps(released.summary, default=str)


def test_without_conditions_none_are_told() -> None:
    released = redact(people_project(), "public", what="report")
    assert not {"known_on", "at"} & set(released.summary)
    with speaking("en"):
        assert "observed by" not in str(method(released))
