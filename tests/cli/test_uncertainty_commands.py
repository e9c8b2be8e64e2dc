"""`gisapp uncertainty` and `gisapp sensitivity` change nothing and tell it all."""

from __future__ import annotations

import hashlib
import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import shapely
from helpers.policy import layer
from helpers.window import ADMIN, AS_OF, assessed_project, plain_project

from gisapp.cli import main
from gisapp.io.project_file import load_project, save_project
from gisapp.io.styles import load_style
from gisapp.privacy.redact import redact

SHIFTED = [{**row, "geometry": shapely.affinity.translate(row["geometry"], 20)} for row in ADMIN]


@pytest.fixture
def path(tmp_path: Path) -> Path:
    other = replace(layer("admin", SHIFTED, "other"), style=load_style("admin"))
    save_project(plain_project().with_layer(other), tmp_path / "p.gpkg")
    return tmp_path / "p.gpkg"


def asked(capsys: Any, *arguments: str) -> dict[str, Any]:
    assert main([*arguments, "--as-of", AS_OF, "--json"]) == 0
    found: dict[str, Any] = json.loads(capsys.readouterr().out)
    return found


def test_the_totals_are_told_with_both_levels(path: Path, capsys: Any) -> None:
    before = hashlib.sha256(path.read_bytes()).hexdigest()
    found = asked(capsys, "uncertainty", str(path))
    assert hashlib.sha256(path.read_bytes()).hexdigest() == before
    assert found["as_of"] == AS_OF
    affected = found["families"]["affected"]
    assert affected["found"] == 1
    assert affected["mean"] == pytest.approx(0.8413, abs=1e-4)  # Φ(1)
    assert (affected["90%"], affected["95%"]) == ([0, 1], [0, 1])
    assert {row["code"] for row in found["by_admin"]} == {"31.75.09.1001", "outside"}
    assert "boundaries" not in found


def test_boundaries_are_compared_with_the_set_in_use(path: Path, capsys: Any) -> None:
    found = asked(capsys, "uncertainty", str(path), "--boundaries", "other")["boundaries"]
    assert (found["layer"], found["other"]) == ("admin", "other")
    (pair,) = found["pairs"]
    assert pair["hausdorff_m"] == 20
    assert found["by_admin"][0]["businesses"] == [3, 3]


def test_settings_are_told_with_their_totals(path: Path, capsys: Any) -> None:
    found = asked(capsys, "sensitivity", str(path), "--total", "exposed_businesses")
    assert (found["total"], found["base"]) == ("exposed_businesses", 1)
    first = found["parameters"][0]
    assert first["parameter"] == "policy_change"
    assert first["low"] == {"setting": "2025-12-31", "total": 0.0}
    assert first["high"] == {"setting": "", "total": 1.0}


def test_people_read_sentences_and_rows(path: Path, capsys: Any) -> None:
    assert main(["uncertainty", str(path), "--as-of", AS_OF, "--boundaries", "other",
                 "--level", "0.9"]) == 0  # fmt: skip
    told = capsys.readouterr().out
    assert "Between 0 and 1 families are affected (90 %); 1 were found." in told
    assert "“admin” and “other” draw the same areas" in told
    assert main(["sensitivity", str(path), "--as-of", AS_OF]) == 0
    assert "−10 m" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (["--boundaries", "nowhere"], 3),
        (["--boundaries", "admin", "--level", "0.5"], 2),
    ],
)
def test_what_cannot_be_told_is_refused(path: Path, arguments: list[str], code: int) -> None:
    assert main(["uncertainty", str(path), *arguments]) == code


def test_the_chosen_admin_layer_is_kept_in_the_file(path: Path) -> None:
    made = load_project(path)
    save_project(replace(made, parameters=replace(made.parameters, admin_layer="other")), path)
    assert load_project(path).parameters.admin_layer == "other"


@pytest.mark.parametrize("preset", ["partner", "public"])
def test_no_interval_leaves_the_machine(preset: str) -> None:
    assert "intervals" in assessed_project().runs[-1].summary
    released = redact(assessed_project(), preset, what="map", recipient="LBH Jakarta")
    assert "mean" not in json.dumps(released.summary)
    assert "intervals" not in released.summary
