"""Why, again, and with which documents: the commands, their JSON and their exit codes."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest
from helpers.window import assessed_project

from gisapp.cli import main
from gisapp.io.project_file import load_project, save_project

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("GISAPP_HOME", str(tmp_path / "home"))
    save_project(assessed_project(), tmp_path / "p.gpkg")
    return tmp_path / "p.gpkg"


def said(capsys: pytest.CaptureFixture[str], *arguments: object, code: int = 0) -> str:
    assert main([*map(str, arguments), "--lang", "en"]) == code
    return capsys.readouterr().out


def answer(capsys: pytest.CaptureFixture[str], *arguments: object, code: int = 0) -> Any:
    return json.loads(said(capsys, *arguments, "--json", code=code))


def test_evidence_is_told_in_sentences_and_as_json(
    project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    before = project.read_bytes()
    told = said(capsys, "evidence", project, "businesses:B2")
    assert "eviction area Kali" in told
    found = answer(capsys, "evidence", project, "businesses:B2")
    assert found["conclusion"]["stage"] == "sp2"
    assert {step["step"] for step in found["steps"]} >= {"record", "place", "plan", "eviction"}
    assert project.read_bytes() == before


@pytest.mark.parametrize(
    ("subject", "code"), [("businesses:nobody", 3), ("zoning:Z1", 2), ("B2", 2), ("businesses:", 2)]
)
def test_who_cannot_be_explained_is_refused(
    project: Path, capsys: pytest.CaptureFixture[str], subject: str, code: int
) -> None:
    assert said(capsys, "evidence", project, subject, code=code) == ""


def test_the_last_assessment_is_repeated(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert "the same bytes" in said(capsys, "repeat", project)
    found = answer(capsys, "repeat", project, "--run", 1)
    assert found["same"]
    assert set(found["results"]) == {"businesses", "households", "conflicts", "pairs", "summary"}


def test_changed_inputs_end_with_3_and_are_named(
    project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    other = load_project(project)
    evictions = other.layer("evictions")
    changed = evictions.frame.assign(stage="announced")
    save_project(other.with_layer(replace(evictions, frame=changed)), project)
    found = answer(capsys, "repeat", project, code=3)
    assert (found["same"], found["inputs"]) == (False, {"evictions": "changed"})
    assert main(["repeat", str(project), "--lang", "en"]) == 3
    errors = capsys.readouterr().err
    assert "evictions" in errors.splitlines()[0]
    assert errors.splitlines()[1].startswith("remedy: ")


@pytest.mark.parametrize("number", [2, 99])
def test_an_assessment_that_was_not_made_is_refused(
    project: Path, capsys: pytest.CaptureFixture[str], number: int
) -> None:
    said(capsys, "repeat", project, "--run", number, code=3)


def test_a_document_is_attached_listed_saved_and_taken_out(
    project: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    letter, copy = tmp_path / "surat.pdf", tmp_path / "copy.pdf"
    letter.write_bytes(b"%PDF letter")
    to = ("--to", "evictions:E1", "--title", "Surat", "--dated", "2026-05-01")
    made = answer(capsys, "attach", project, letter, *to)
    assert (made["id"], made["to_id"], made["title"], made["size_bytes"]) == (
        "1",
        "E1",
        "Surat",
        11,
    )
    assert answer(capsys, "attachments", project)["attachments"] == [made]
    assert answer(capsys, "info", project)["attachments"] == [made]
    assert "1 attached" in said(capsys, "info", project)
    said(capsys, "attachments", project, "--save", "1", copy)
    assert copy.read_bytes() == letter.read_bytes()
    said(capsys, "attachments", project, "--save", "1", copy, code=3)
    said(capsys, "attachments", project, "--save", "7", tmp_path / "other", code=3)
    assert answer(capsys, "attachments", project, "--detach", "1") == {"attachments": []}
    assert answer(capsys, "attachments", project) == {"attachments": []}


@pytest.mark.parametrize(
    ("to", "code"), [("evictions:no", 3), ("households:H1", 3), ("evictions", 2), (":E1", 2)]
)
def test_what_nothing_can_be_attached_to_is_refused(
    project: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], to: str, code: int
) -> None:
    (tmp_path / "a.txt").write_text("a")
    before = load_project(project).attachments
    said(capsys, "attach", project, tmp_path / "a.txt", "--to", to, code=code)
    assert load_project(project).attachments == before
