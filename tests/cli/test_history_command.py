"""`gisapp history`, and what was known by a date or is there at an hour."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from helpers.policy import point, square
from helpers.policy import project as policy_project
from helpers.window import KEY, UUID

from gisapp.cli import main
from gisapp.core.project import Parameters
from gisapp.io.project_file import load_project, save_project
from gisapp.io.styles import load_style

AS_OF = "2026-11-01"


@pytest.fixture
def path(tmp_path: Path) -> Path:
    made = policy_project(
        businesses=[
            {"id": "B1", "geometry": point(50, 50), "schedule": "malam",
             "observed_on": "2026-10-01"},
            {"id": "B2", "geometry": point(60, 50), "schedule": None, "observed_on": "2026-10-09"},
        ],
        households=[{"id": "H1", "geometry": None}],
        operates=[{"household_id": "H1", "business_id": "B1"}],
        evictions=[
            {"id": "E1", "name": "Jalan Baru", "stage": "sp1", "geometry": square(0, 0),
             "valid_from": "2026-10-01", "valid_to": "2026-10-11"},
        ],
    )  # fmt: skip
    file = tmp_path / "p.gpkg"
    layers = tuple(replace(layer, style=load_style(layer.kind)) for layer in made.layers)
    save_project(replace(made, layers=layers, uuid=UUID, key=KEY), file)
    return file


@pytest.fixture
def told(path: Path, capsys: pytest.CaptureFixture[str]) -> Any:
    """Run a command on the project that prints JSON."""

    def run(command: str, *options: str) -> Any:
        assert main([command, str(path), *options, "--json", "--lang", "en"]) == 0
        return json.loads(capsys.readouterr().out)

    return run


def test_a_history_is_told_by_date_by_area_and_by_subject(told: Any) -> None:
    answer = told("history")
    assert (answer["first"], answer["last"]) == ("2026-10-01", AS_OF)
    assert [(x["date"], x["businesses_exposed"]) for x in answer["steps"]] == [
        ("2026-10-01", 2),
        ("2026-10-11", 0),
    ]
    (area,) = answer["areas"]
    assert (area["area_id"], area["days"], area["businesses"], area["families"]) == ("E1", 10, 2, 1)
    assert [x["id"] for x in answer["subjects"]] == ["B1", "B2", "H1"]
    assert answer["subjects"][0]["last_exposed"] == "2026-10-10"
    assert answer["totals"]["businesses"] == {
        "total": 2, "ever_exposed": 2, "still_exposed": 0, "ever_contradiction": 0,
        "days_exposed": 20, "days_contradiction": 0,
    }  # fmt: skip


def test_one_subject_s_own(told: Any) -> None:
    answer = told("history", "--subject", "households:H1", "--to", "2026-10-03")
    assert (answer["days_exposed"], answer["still"]) == (3, True)
    assert [(x["valid_from"], x["valid_to"], x["finding"]) for x in answer["runs"]] == [
        ("2026-10-01", None, "livelihood")
    ]


def test_one_area_s_own(told: Any) -> None:
    answer = told("history", "--area", "evictions:E1")
    assert [x["id"] for x in answer["reached"]] == ["B1", "B2", "H1"]


def test_it_changes_nothing(told: Any, path: Path) -> None:
    before = path.read_bytes()
    told("history", "--known-on", "2026-10-01", "--at", "mon 19:00")
    assert path.read_bytes() == before


@pytest.mark.parametrize(
    ("options", "words"),
    [
        (["--from", "2026-12-01"], "begins on"),
        (["--subject", "businesses:B9"], "no businesses:B9"),
        (["--area", "evictions:E9", "--json"], "no evictions:E9"),
    ],
)
def test_what_is_not_there_is_refused(
    path: Path, capsys: pytest.CaptureFixture[str], options: list[str], words: str
) -> None:
    assert main(["history", str(path), *options, "--lang", "en"]) == 3
    assert words in capsys.readouterr().err


@pytest.mark.parametrize(
    "options", [["--subject", "B1"], ["--at", "noon"], ["--known-on", "x"], ["--to", "2026-13-01"]]
)
def test_wrong_usage(path: Path, options: list[str]) -> None:
    assert main(["history", str(path), *options]) == 2


def test_people_read_rows(path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for options in ([], ["--subject", "businesses:B1"], ["--area", "evictions:E1"]):
        assert main(["history", str(path), *options, "--lang", "en"]) == 0
        said = capsys.readouterr().out
        assert "From 1 October 2026 to 1 November 2026" in said
    assert "evictions:E1  2026-10-01    2026-10-11" in said  # below "until before"


def test_what_an_assessment_asked_is_kept_with_it(told: Any, path: Path) -> None:
    day = ("--as-of", "2026-10-05")
    assert told("assess", *day, "--known-on", "2026-10-01")["known_on_rows"]["left_out"] == {
        "businesses": 1
    }
    there = told("assess", "--at", "tue 10:00")
    assert there["at_rows"]["left_out"] == {"businesses": 1}
    kept = load_project(path)
    asked = Parameters("2026-10-05", known_on="2026-10-01", at="tue 10:00")
    assert replace(kept.parameters, plan="") == replace(asked, plan="")
    assert (kept.runs[-1].parameters.known_on, kept.runs[-1].parameters.at) == (
        "2026-10-01",
        "tue 10:00",
    )
    plain = told("assess", "--known-on", "", "--at", "")
    assert not {"known_on_rows", "at_rows"} & set(plain)
    assert load_project(path).parameters.known_on == ""


@pytest.mark.parametrize(
    "command", ["uncertainty", "sensitivity", "contradictions", "overlay", "history"]
)
def test_what_was_asked_last_time_is_told_by_every_answer(
    path: Path, told: Any, capsys: pytest.CaptureFixture[str], command: str
) -> None:
    assert not {"known_on", "at"} & set(told(command))
    told("assess", "--known-on", "2026-10-01", "--at", "mon 19:00")
    answer = told(command)
    assert (answer["known_on"], answer["at"]) == ("2026-10-01", "mon 19:00")
    assert main([command, str(path), "--lang", "en"]) == 0
    said = capsys.readouterr().out
    assert "observed by 1 October 2026" in said
    assert "mon 19:00" in said
