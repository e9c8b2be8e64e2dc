"""The program as it is started, in a process of its own."""

import os
import subprocess
import sys

import pytest
from helpers.window import assessed_project

from gisapp.io.project_file import save_project


@pytest.fixture
def start(tmp_path):
    def run(project):
        code = (
            "import sys; from pathlib import Path; from gisapp.ui.app import run\n"
            f"sys.exit(run(Path({str(project)!r}), smoke=True))"
        )
        environment = {**os.environ, "GISAPP_TIMING": "1"}
        return subprocess.run(
            [sys.executable, "-W", "error", "-c", code],
            env=environment, capture_output=True, text=True, timeout=60, check=False,
        )  # fmt: skip

    return run


def test_the_window_comes_up_before_the_project_is_read_and_ends_with_the_map(start, tmp_path):
    path = tmp_path / "p.gpkg"
    save_project(assessed_project(), path)
    ended = start(path)
    assert ended.returncode == 0, ended.stderr
    told = [line.split("s  ")[1] for line in ended.stderr.splitlines() if " s  " in line]
    assert told == ["window made", "first paint", "project read", "map drawn"]


def test_a_project_that_cannot_be_opened_ends_the_check(start, tmp_path):
    path = tmp_path / "no.gpkg"
    path.write_text("nothing of the kind")
    ended = start(path)
    assert ended.returncode == 3
    assert ended.stderr.count("error: ") == 1
    assert "Traceback" not in ended.stderr


def test_the_window_is_made_without_pandas(tmp_path):
    code = (
        "import sys, gisapp.ui.app\n"
        "assert not {'pandas', 'geopandas', 'pyogrio', 'pydantic', 'folium'} & set(sys.modules)"
    )
    subprocess.run([sys.executable, "-c", code], check=True, timeout=60)
