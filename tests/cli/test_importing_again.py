"""Importing again, saved mappings and mending, as the command line does them."""

import json
from contextlib import closing
from pathlib import Path

import pytest

from gisapp.cli import main
from gisapp.session.session import Session

ROWS = ["kode;lintang;bujur;jenis", "a;-6.3335;106.8665;lapak", "b;-6.3336;106.8666;lapak"]
BROKEN = "c;-6.33x;106.8667;kios"
READ = [
    "--as",
    "businesses",
    "--map",
    "id=kode",
    "--map",
    "form=jenis",
    "--value",
    "form:lapak=pkl",
]


@pytest.fixture
def survey(tmp_path):
    def write(*rows, header=ROWS[0]):
        (tmp_path / "survey.csv").write_text("\n".join([header, *rows, ""]), encoding="utf-8")
        return str(tmp_path / "survey.csv")

    return write


@pytest.fixture
def project(tmp_path, capsys):
    path = str(tmp_path / "p.gpkg")
    assert main(["new", path]) == 0
    capsys.readouterr()
    return path


def run(capsys, *args):
    assert main([*args, "--json"]) == 0
    return json.loads(capsys.readouterr().out)


def frame(project):
    with closing(Session.open(Path(project))) as session:
        return session.project.layer("businesses").frame


def test_importing_again_updates_by_id_and_says_what_changed(project, survey, capsys):
    first = run(capsys, "import", project, survey(*ROWS[1:], BROKEN), *READ)
    assert first["changes"] == {}
    same = run(capsys, "import", project, survey(*ROWS[1:], BROKEN), *READ)
    assert same["changes"] == {"added": 0, "changed": 0, "unchanged": 2, "removed": 0, "kept": 0}
    mended = run(capsys, "mend", project, "businesses", "--row", "3", "--set", "lintang=-6.3337")
    assert (mended["repairs"], mended["quarantined"], mended["rows_read"]) == ({"mended": 1}, 0, 3)
    again = run(capsys, "import", project, survey(*ROWS[1:], BROKEN), *READ)
    assert again["changes"] == {"added": 0, "changed": 0, "unchanged": 2, "removed": 0, "kept": 1}
    rows = survey(ROWS[1], "d;-6.3338;106.8668;kios")
    moved = run(capsys, "import", project, rows, *READ, "--keep-missing")
    assert moved["changes"] == {"added": 1, "changed": 0, "unchanged": 1, "removed": 0, "kept": 2}
    assert sorted(frame(project)["id"]) == ["a", "b", "c", "d"]
    less = run(capsys, "import", project, rows, *READ)
    assert less["changes"] == {"added": 0, "changed": 0, "unchanged": 2, "removed": 2, "kept": 0}
    assert any("Updated by id" in note for note in less["notes"])


def test_a_layer_of_another_kind_is_replaced_only_where_that_is_said(project, survey, capsys):
    path = survey(*(f"{row};kuning" for row in ROWS[1:]), header=f"{ROWS[0]};warna")
    run(capsys, "import", project, path, *READ)
    before = Path(project).read_bytes()
    other = ("import", project, path, "--as", "sites", "--layer", "businesses", "--map", "id=kode")
    assert main(list(other)) == 3
    said = capsys.readouterr().err
    assert "holds Informal businesses, not Candidate sites" in said
    assert "another name with --layer, or say --replace" in said
    assert Path(project).read_bytes() == before
    made = run(capsys, *other, "--replace")
    assert (made["kind"], made["accepted"], made["rows_read"]) == ("sites", 2, 2)
    assert any("was there before and is replaced" in note for note in made["notes"])
    assert "Kept as they are: warna." in made["notes"]


def test_a_saved_mapping_reads_the_next_file_alike(project, survey, tmp_path, capsys):
    saved = tmp_path / "stalls.toml"
    path = survey(*ROWS[1:])
    run(capsys, "import", project, path, *READ, "--save-mapping", str(saved))
    run(
        capsys,
        "import",
        project,
        path,
        "--as",
        "businesses",
        "--layer",
        "two",
        "--mapping",
        str(saved),
    )
    with closing(Session.open(Path(project))) as session:
        assert session.project.layer("two").frame["form"].tolist() == ["pkl", "pkl"]
    assert main(["import", project, path, "--as", "sites", "--mapping", str(saved)]) == 3
    assert "for businesses" in capsys.readouterr().err


def test_a_row_that_is_still_wrong_leaves_the_project_alone(project, survey, capsys):
    run(capsys, "import", project, survey(*ROWS[1:], BROKEN), *READ)
    for cells, exit_code in ((["lintang=x"], 3), (["lad=1"], 3), (["lintang"], 2)):
        assert main(["mend", project, "businesses", "--row", "3", "--set", *cells]) == exit_code
    assert main(["mend", project, "businesses", "--row", "9", "--set", "lintang=1"]) == 3
    assert main(["mend", project, "stalls", "--row", "3", "--set", "lintang=1"]) == 3
    assert frame(project)["id"].tolist() == ["a", "b"]


def test_the_rows_that_can_be_mended_are_listed(project, survey, capsys):
    run(capsys, "import", project, survey(*ROWS[1:], BROKEN), *READ)
    listed = run(capsys, "mend", project, "businesses")
    (row,) = listed["rows"]
    assert (listed["layer"], row["row"], row["id"]) == ("businesses", 3, "c")
    assert (row["reason"], row["values"]["lintang"]) == ("bad_number", "-6.33x")
    assert main(["mend", project, "businesses"]) == 0
    said = capsys.readouterr().out
    assert said.startswith("Row 3, c: coordinates that are not numbers: ")
    assert "lintang=-6.33x" in said
    run(capsys, "mend", project, "businesses", "--row", "3", "--set", "lintang=-6.3337")
    assert main(["mend", project, "businesses"]) == 0
    assert capsys.readouterr().out == "Every row of businesses was taken in.\n"


@pytest.mark.parametrize("half", [["--row", "3"], ["--set", "lintang=-6.3"]])
def test_half_a_correction_is_wrong_usage(project, half):
    assert main(["mend", project, "businesses", *half]) == 2
