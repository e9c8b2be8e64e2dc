"""What a project holds is known without pandas, numpy or GDAL."""

import json
import subprocess
import sys

import pytest
from helpers.small_project import small_project

from gisapp.io.project_file import save_project
from gisapp.io.project_info import project_info


@pytest.fixture
def path(tmp_path):
    save_project(small_project(), tmp_path / "p.gpkg")
    return tmp_path / "p.gpkg"


def test_it_says_what_the_project_holds(path):
    found = project_info(path)
    assert {x["name"]: (x["kind"], x["features"], x["quarantined"]) for x in found["layers"]} == {
        "businesses": ("businesses", 4, 1),
        "evictions": ("evictions", 2, 0),
        "admin": ("admin", 1, 0),
        "zoning": ("zoning", 2, 0),
    }
    assert found["tables"] == [
        {"name": "rules", "kind": "rules", "features": 1, "unmatched": 1, "quarantined": 0}
    ]
    assert (found["crs"], found["as_of"], found["title"]) == (
        "EPSG:32748",
        "2026-11-01",
        "Ciracas",
    )
    assert [(x["at"], x["conflicts"]) for x in found["runs"]] == [("2026-11-02T08:00:00+00:00", 3)]
    assert [(x["file"], x["columns"]) for x in found["exports"]] == [("map.html", ["class"])]
    assert json.loads(json.dumps(found)) == found


def test_it_needs_no_heavy_library(path):
    program = (
        "import sys; from pathlib import Path; from gisapp.io.project_info import project_info;"
        "project_info(Path(sys.argv[1]));"
        "print([x for x in ('numpy', 'pandas', 'pyogrio', 'pydantic') if x in sys.modules])"
    )
    run = subprocess.run(
        [sys.executable, "-c", program, str(path)], check=True, capture_output=True, text=True
    )
    assert run.stdout.strip() == "[]"
