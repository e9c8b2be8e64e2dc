"""`gisapp contradictions`: read from a project, which stays as it is."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest
from helpers.policy import point, project, square

from gisapp.cli import main
from gisapp.io.project_file import create_project, load_project, save_project
from gisapp.io.styles import load_style
from gisapp.session.edits import put_result
from gisapp.session.register import put_provisions

PLACES = {
    "admin": [{"id": "A1", "code": "A1", "name": "Ciracas", "geometry": square(-500, -500, 2_000)}],
    "households": [{"id": "H1", "geometry": point(50, 50)}],
    "businesses": [{"id": "B1", "geometry": point(900, 900), "activity": "Warung"}],
    "support_areas": [{"id": "S1", "geometry": square(0, 0), "valid_from": "2018-03-01"}],
    "evictions": [
        {"id": "E1", "geometry": square(0, 0), "stage": "sp2", "valid_from": "2026-01-01",
         "actor": "Satpol PP"}
    ],
}  # fmt: skip


@pytest.fixture
def path(tmp_path: Path) -> Path:
    plain = project(**PLACES).layers
    styled = tuple(replace(layer, style=load_style(layer.kind)) for layer in plain)
    made = replace(create_project(), layers=styled)
    register = [
        {"id": f"P{n}", "instrument": "Perpres", "applies_to": "", "status": "in_force"}
        for n in (1, 2)
    ]
    save_project(put_provisions(register)(made), tmp_path / "p.gpkg")
    return tmp_path / "p.gpkg"


def run(capsys: pytest.CaptureFixture[str], *words: object) -> str:
    assert main([str(word) for word in words]) == 0
    return capsys.readouterr().out


def test_the_answer_is_one_object_and_the_project_stays(
    path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    before = path.read_bytes()
    found = json.loads(run(capsys, "contradictions", path, "--as-of", "2026-11-01", "--json"))
    assert path.read_bytes() == before
    assert found["headline"]["families"] == found["total"]["families"] == 1
    (cell,) = found["matrix"]
    assert (cell["promoting"], cell["repressing"], cell["area_m2"]) == ("", "Satpol PP", 10_000)
    assert cell["pairs"] == {
        "direct": 0, "instrumental": 1, "not_classified": 0, "total": 1,
    }  # fmt: skip
    assert found["coding"]["alpha"] is None
    assert [row["code"] for row in found["by_admin"]] == ["A1", "outside", "no_location"]


def test_people_read_the_headline_first(path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    said = run(capsys, "contradictions", path, "--as-of", "2026-11-01", "--lang", "en").splitlines()
    assert said[1].startswith("1 family is promoted by one policy and repressed by another")
    assert any(line.split()[:4] == ["not", "stated", "Satpol", "PP"] for line in said)
    assert not any("lawful" in line for line in said)


def test_codings_are_linked_and_their_agreement_told(
    path: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    rows = ["id_ketentuan,pengode,sikap", "P1,RS,1", "P1,TU,1", "P2,RS,-2", "P2,TU,-1", "P7,RS,1"]
    (tmp_path / "codings.csv").write_text("\n".join(rows))
    told = json.loads(run(capsys, "link", path, "codings", tmp_path / "codings.csv", "--json"))
    assert (told["accepted"], told["unmatched"]) == (5, 1)
    assert told["unmatched_keys"] == {"provision_id": ["P7"]}
    assert load_project(path).tables["codings"].frame["coder"].tolist() == [
        "RS", "TU", "RS", "TU", "RS",
    ]  # fmt: skip
    coding = json.loads(run(capsys, "contradictions", path, "--json"))["coding"]
    assert (coding["units"], coding["coders"], coding["codings"]) == (2, 2, 5)
    assert 0 < coding["alpha"] < 1
    assert [row["provision_id"] for row in coding["disagreements"]] == ["P2"]


@pytest.mark.parametrize("preset", ["partner", "public"])
def test_nothing_of_cells_codings_or_the_headline_leaves(preset: str, path: Path) -> None:
    from gisapp.analysis.assess import assess
    from gisapp.analysis.concentration import contradiction_cells
    from gisapp.analysis.study import study
    from gisapp.privacy.redact import redact
    from gisapp.session.edits import assessed
    from gisapp.session.register import put_codings

    here = put_codings("P1", [{"coder": "Rini Sulastri", "stance": 1, "note": "ragu"}])(
        load_project(path)
    )
    here = assessed(here, assess(here, "2026-11-01"))
    here = put_result("contradiction_cells", contradiction_cells(here, study(here)))(here)
    assert here.layer("contradiction_cells").frame["families"].sum() == 1
    for what in ("map", "report", "conflicts", "subjects", "project"):
        released = redact(here, preset, what=what, recipient="LBH")
        assert "contradiction_cells" not in {layer.kind for layer in released.layers}
        assert "codings" not in {table.kind for table in released.tables.values()}
        assert "headline" not in released.summary
        texts = [t.frame.to_csv() for t in released.tables.values()]
        texts += [x.frame.drop(columns="geometry").to_csv() for x in released.layers]
        assert not any("Rini" in text or "ragu" in text for text in texts)


def test_within_the_office_codings_leave_without_the_coders_names(path: Path) -> None:
    from gisapp.privacy.redact import redact
    from gisapp.session.register import put_codings

    here = put_codings("P1", [{"coder": "Rini Sulastri", "stance": 1}])(load_project(path))
    tables = redact(here, "internal", what="project").tables
    assert not any("Rini" in table.frame.to_csv() for table in tables.values())
