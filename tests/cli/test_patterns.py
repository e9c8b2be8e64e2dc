"""The command that asks about patterns changes nothing and tells what it may claim."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import Any

import pytest
from helpers.window import plain_project

from gisapp.cli import main
from gisapp.io.project_file import save_project


@pytest.fixture
def project(tmp_path: Path) -> Path:
    save_project(plain_project(), tmp_path / "p.gpkg")
    return tmp_path / "p.gpkg"


def asked(capsys: Any, *arguments: str) -> dict[str, Any]:
    assert main(["patterns", *arguments, "--json"]) == 0
    found: dict[str, Any] = json.loads(capsys.readouterr().out)
    return found


def test_it_tells_every_unit_and_changes_nothing(project: Path, capsys: Any) -> None:
    before = hashlib.sha256(project.read_bytes()).hexdigest()
    found = asked(capsys, str(project), "--units", "kelurahan", "--value", "businesses")
    assert hashlib.sha256(project.read_bytes()).hexdigest() == before
    assert (found["measure"], found["units"], found["per"]) == ("businesses", "kelurahan", "km2")
    (unit,) = found["by_unit"]
    assert (unit["id"], unit["count"], unit["pattern"]) == ("31.75.09.1001", 3, "no_claim")
    assert unit["density"] == pytest.approx(3 / 0.09)
    assert unit["p"] is None
    assert (found["claim"], found["why_no_claim"]) == (False, "too_few_units")
    assert found["counted"] + found["outside"] + found["no_location"] == found["total"] == 3


def test_cells_and_seed_are_in_the_answer(project: Path, capsys: Any) -> None:
    arguments = (str(project), "--units", "squares", "--cell", "50", "--seed", "7")
    found = asked(capsys, *arguments)
    assert (found["cell_m"], found["seed"]) == (50.0, 7)
    assert len(found["by_unit"]) == 36
    assert found["claim"]
    assert asked(capsys, *arguments) == found


def test_it_speaks_in_sentences(project: Path, capsys: Any) -> None:
    assert main(["patterns", str(project), "--per", "assessed"]) == 0
    said = capsys.readouterr().out
    assert "Under 30 units chance cannot be told from a pattern" in said
    assert "businesses and families in conflict per 100 assessed" in said
    assert "Straight-line distance" in said


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (("--units", "rw"), 3),
        (("--value", "families", "--per", "assessed"), 3),
        (("--value", "crimes"), 2),
        (("--cell", "1"), 2),
    ],
)
def test_what_cannot_be_asked_is_refused(
    project: Path, capsys: Any, arguments: tuple[str, ...], code: int
) -> None:
    assert main(["patterns", str(project), *arguments]) == code
    assert "Traceback" not in capsys.readouterr().err
