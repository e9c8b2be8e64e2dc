"""The bundled demo: made by its script, honest about what it is, assessed as a user would."""

import json
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest
import shapely

from gisapp.core.errors import GisappError
from gisapp.core.project import Project
from gisapp.core.words import speaking
from gisapp.io.bundled import bundled
from gisapp.session import demo

DEMO = bundled("layers") / "demo"
MAKE = bundled("layers") / "make_demo"
BY_HAND = {"provisions.csv", "itbx_rules.csv", "sites.csv"}
OFFICIAL = {  # Kemendagri code: name, population 2024, area in km² (BPS)
    "31.75.09.1001": ("Ciracas", 82_183, 4.04),
    "31.75.09.1002": ("Cibubur", 84_649, 4.94),
    "31.75.09.1003": ("Kelapa Dua Wetan", 60_156, 3.36),
    "31.75.09.1004": ("Susukan", 47_114, 2.18),
    "31.75.09.1005": ("Rambutan", 46_677, 2.32),
}


class Steps:
    """A progress that remembers what it was told."""

    def __init__(self) -> None:
        self.texts: list[str] = []

    def step(self, done: int, total: int, text: str) -> None:
        assert 0 <= done <= total or total == 0
        self.texts.append(text)


@pytest.fixture(scope="module")
def steps() -> Steps:
    return Steps()


@pytest.fixture(scope="module")
def project(steps: Steps) -> Project:
    return demo.build_demo(steps)


def content(path: Path) -> object:
    """A file's bytes; a workbook's parts, because deflate may differ between zlib builds."""
    if path.suffix != ".xlsx":
        return path.read_bytes()
    with zipfile.ZipFile(path) as book:
        return {name: book.read(name) for name in book.namelist()}


def test_the_script_makes_the_very_files_that_ship(tmp_path: Path) -> None:
    subprocess.run([sys.executable, str(MAKE), str(tmp_path)], check=True, timeout=60)
    made = {path.name for path in tmp_path.iterdir()}
    assert made | BY_HAND == {path.name for path in DEMO.iterdir()}
    assert [name for name in made if content(tmp_path / name) != content(DEMO / name)] == []


def test_it_ships_little() -> None:
    assert sum(path.stat().st_size for path in DEMO.iterdir()) < 1_500_000


def test_official_codes_and_figures_in_schematic_outlines(project: Project) -> None:
    frame = project.layer("admin").frame
    assert set(frame["code"]) == set(OFFICIAL)
    for area in frame.itertuples():
        name, population, area_km2 = OFFICIAL[area.code]
        assert (area.name, area.population) == (name, population)
        assert area.geometry.area / 1e6 == pytest.approx(area_km2, rel=0.05)
    assert frame["source"].str.contains("schematic outline").all()


def test_kelurahan_and_zones_tile_the_district(project: Project) -> None:
    """In degrees, as they ship: reprojecting moves neighbours by the same rounding."""
    whole = []
    for name in ("admin", "zoning_rdtr"):
        features = json.loads((DEMO / f"{name}.geojson").read_text("utf-8"))["features"]
        polygons = [shapely.geometry.shape(feature["geometry"]) for feature in features]
        assert shapely.is_valid(polygons).all()
        assert shapely.coverage_is_valid(polygons)
        whole.append(shapely.union_all(polygons))
    assert whole[0].symmetric_difference(whole[1]).area < 1e-4 * whole[0].area


def test_every_source_is_taken_in_and_the_dirt_is_told(project: Project) -> None:
    report = project.layer("businesses").report
    assert report is not None
    assert (report.rows_read, report.accepted, report.repaired, report.quarantined) == (
        2003, 1980, 11, 12,
    )  # fmt: skip
    assert report.repairs == {"axes_swapped": 6, "decimal_comma": 5}
    assert report.reasons == {
        "no_location": 3, "null_island": 2, "outside_area": 2, "bad_number": 2, "duplicate_id": 3,
    }  # fmt: skip
    clean = [x for x in project.layers if x.report and x.name != "businesses"]
    assert {x.name: x.report.quarantined for x in clean if x.report} == dict.fromkeys(
        (
            "admin",
            "zoning",
            "evictions",
            "evictions_reported",
            "support_areas",
            "households",
            "sites",
        ),
        0,
    )
    assert len(project.layer("households").frame) == 1500


def test_tables_name_records_of_the_project(project: Project) -> None:
    assert project.tables["supports"].unmatched == 0
    assert project.tables["operates"].unmatched <= 12  # no more than the quarantined businesses
    assert set(project.tables) >= {"operates", "supports", "rules", "provisions"}


def test_no_column_identifies_a_person(project: Project) -> None:
    assert "nama_kk" not in project.layer("households").frame
    assert any("nama_kk" in note for note in project.layer("households").report.notes)


def test_every_record_says_where_it_comes_from(project: Project) -> None:
    frames = [x.frame for x in project.layers if x.report is not None]
    frames += [table.frame for table in project.tables.values() if table.report is not None]
    assert [frame for frame in frames if not frame["source"].str.len().gt(0).all()] == []
    for name in ("businesses", "households"):
        assert set(project.layer(name).frame["source"]) == {"gisapp demo, invented"}


def test_no_quote_is_invented(project: Project) -> None:
    provisions = project.tables["provisions"].frame
    assert provisions["quote"].str.startswith("(paraphrase)").all()
    assert set(provisions["coded_by"]) == {"gisapp demo"}


def test_what_is_reported_is_dated_and_what_is_invented_says_so(project: Project) -> None:
    reported = project.layer(demo.REPORTED).frame
    assert (reported["valid_to"] < demo.AS_OF).all()
    assert reported["source"].str.contains(r"\(press").all()
    assert reported["source"].str.contains("schematic").all()
    scenario = project.layer("evictions").frame
    assert scenario["source"].eq("gisapp demo, invented scenario").all()
    assert scenario["name"].str.contains("skenario").all()


def test_the_assessment_tells_a_story(project: Project) -> None:
    summary = project.runs[-1].summary
    assert summary["as_of"] == demo.AS_OF
    assert summary["plan"]["used"].startswith("RDTR 2022")
    classes = summary["conformity"]["businesses"]
    assert min(classes[x] for x in ("permitted", "limited", "conditional", "prohibited")) > 20
    stages = summary["exposure"]["businesses"]
    assert min(stages[x] for x in ("announced", "disputed", "sp1", "sp2", "executed")) > 10
    assert stages["sp3"] == 0  # that area is not in force yet
    assert min(summary["families"][x] for x in ("direct", "livelihood", "both")) > 5
    assert min(summary["contradictions"].values()) > 10
    assert summary["newly_poor"] > 10
    assert summary["warnings"] == []


def test_totals_reconcile(project: Project) -> None:
    summary = project.runs[-1].summary
    for kind, frame in (
        ("businesses", "assessed_businesses"),
        ("households", "assessed_households"),
    ):
        of_areas = sum(area[kind]["total"] for area in summary["by_admin"])
        assert of_areas == len(project.layer(frame).frame)


def test_it_opens_on_what_explains_itself(project: Project, steps: Steps) -> None:
    assert project.layer("conflicts").visible
    assert not project.layer(demo.REPORTED).visible
    assert "invented" in project.notice
    assert project.title
    assert "Bringing businesses.csv in" in steps.texts


def test_the_built_demo_is_kept_and_found_again(
    project: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    builds = []
    monkeypatch.setattr(demo, "build_demo", lambda _progress: builds.append(1) or project)
    path = demo.demo_project_path()
    path.unlink(missing_ok=True)
    assert demo.open_demo() is project
    again = demo.open_demo()
    assert builds == [1]
    assert [x.name for x in again.layers] == [x.name for x in project.layers]
    assert again.runs[-1].summary["conflicts"] == project.runs[-1].summary["conflicts"]


def test_a_damaged_cache_is_built_anew(project: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(demo, "build_demo", lambda _progress: project)
    path = demo.demo_project_path()
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(b"no project")
    assert demo.open_demo() is project
    assert demo.open_demo() is not project


def test_a_cache_that_cannot_be_written_costs_only_time(
    project: Project, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / "home").write_text("a file where the folder should be")
    monkeypatch.setenv("GISAPP_HOME", str(tmp_path / "home"))
    monkeypatch.setattr(demo, "build_demo", lambda _progress: project)
    assert demo.open_demo() is project


def test_another_language_or_other_data_is_another_cache(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    english = demo.demo_project_path()
    with speaking("id"):
        assert demo.demo_project_path() != english
    shutil.copytree(bundled("layers"), tmp_path / "layers")
    (tmp_path / "layers" / "demo" / "sites.csv").write_text("id;lat;lon\n")
    monkeypatch.setattr(
        demo, "bundled", lambda folder: tmp_path / folder if folder == "layers" else bundled(folder)
    )
    assert demo.demo_project_path() != english


def test_a_missing_source_is_an_error_with_a_remedy(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(demo, "bundled", lambda _folder: tmp_path)
    with pytest.raises(GisappError) as caught:
        demo.build_demo()
    assert caught.value.remedy
