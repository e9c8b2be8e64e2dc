"""The command that overlays changes nothing, and its numbers add up."""

from __future__ import annotations

import hashlib
import json
import math
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from helpers import policy
from helpers.policy import point, square
from helpers.window import plain_project

from gisapp.cli import main
from gisapp.io.project_file import create_project, save_project
from gisapp.io.styles import load_style


@pytest.fixture
def project(tmp_path: Path) -> Path:
    save_project(plain_project(), tmp_path / "p.gpkg")
    return tmp_path / "p.gpkg"


def asked(capsys: Any, *arguments: str) -> dict[str, Any]:
    assert main(["overlay", *arguments, "--json"]) == 0
    found: dict[str, Any] = json.loads(capsys.readouterr().out)
    return found


def test_it_names_areas_and_says_who_is_in_no_row(tmp_path: Path, capsys: Any) -> None:
    somebody = {"geometry": point(50, 60), "id": "h1"}
    area = {"geometry": square(0, 0), "id": "1", "code": "A", "name": "Susukan"}
    made = policy.project(
        admin=[area],
        businesses=[{"geometry": point(x, 50), "id": f"b{x}"} for x in (50, 110)],
        households=[somebody, {"geometry": None, "id": "lost"}],
        evictions=[{"geometry": square(40, 40), "id": "E1", "valid_from": "2026-01-01"}],
    )
    layers = tuple(replace(x, style=load_style("other")) for x in made.layers)
    whole = replace(create_project(), layers=layers, parameters=made.parameters)
    save_project(whole, tmp_path / "p.gpkg")
    assert main(["overlay", str(tmp_path / "p.gpkg")]) == 0
    said = capsys.readouterr().out
    assert "Susukan (A)" in said
    assert "in no row: families 1." in said
    assert "outside the admin areas: businesses 1." in said


def test_its_margins_add_up_and_it_changes_nothing(project: Path, capsys: Any) -> None:
    before = hashlib.sha256(project.read_bytes()).hexdigest()
    found = asked(capsys, str(project))
    assert hashlib.sha256(project.read_bytes()).hexdigest() == before
    assert (found["by"], found["sliver_m"]) == ("kelurahan", 0.5)
    total = found["total"]
    for margin in ("rows", "by_zone", "by_stage", "by_admin"):
        for name in ("area_m2", "businesses", "families", "slivers"):
            assert math.fsum(row[name] for row in found[margin]) == pytest.approx(total[name])
    inside = [row["area_m2"] for row in found["rows"] if row["admin_code"] != "outside"]
    assert math.fsum(inside) == pytest.approx(found["admin_m2"], rel=1e-6)


def test_people_read_it_in_rows(project: Path, capsys: Any) -> None:
    assert main(["overlay", str(project), "--sliver", "2", "--lang", "en"]) == 0
    said = capsys.readouterr().out
    assert "By eviction stage:" in said
    assert "narrower than 2.00 m" in said
    assert "31.75.09.1001" in said


def test_a_level_that_is_not_there_is_refused(project: Path, capsys: Any) -> None:
    assert main(["overlay", str(project), "--by", "rw"]) == 3
    assert "no areas of the level rw" in capsys.readouterr().err
