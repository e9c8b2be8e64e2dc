"""Killed at any moment of a save or an import, a project is as before or as after.

`benchmarks/kill.py` does it at random moments, many times.
"""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from helpers import killed_saves
from helpers.projects import assert_same_project
from helpers.small_project import small_project

from gisapp.io.checking import check_source
from gisapp.io.project_file import load_project, save_project
from gisapp.io.scratch import sweep

pytestmark = pytest.mark.skipif(os.name == "nt", reason="Windows has neither fork nor SIGKILL")
TIMES = 16


@pytest.fixture
def path(tmp_path):
    path = tmp_path / "p.gpkg"
    save_project(small_project(), path)
    return path


def names_in(folder):
    return sorted(x.name for x in folder.iterdir())


def test_a_save_killed_at_any_event_leaves_the_file_before_or_after(path, tmp_path):
    results = tmp_path / "results"
    results.mkdir()
    done = subprocess.run(
        [sys.executable, "-m", "helpers.killed_saves", path, results, str(TIMES)],
        cwd=Path(__file__).parents[1],
        env={**os.environ, "PYTHONPATH": str(Path(__file__).parents[2])},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert int(done.stdout) > TIMES, "a save tells of fewer events than kills"
    before, after = load_project(path), load_project(results / "last" / "p.gpkg")
    assert (before.title, after.title) == ("Ciracas", killed_saves.TITLE)
    folders = [x for x in sorted(results.iterdir()) if x.name != "last"]
    assert any(names_in(x) != ["p.gpkg"] for x in folders), "none was killed while it wrote"
    sweep()
    for folder in folders:
        found = load_project(folder / "p.gpkg")
        assert_same_project(found, after if found.title == after.title else before)
        assert check_source(folder / "p.gpkg").ok
        assert names_in(folder) == ["p.gpkg"]


def test_an_import_killed_while_it_saves_leaves_the_file_as_it_was(path, tmp_path):
    """A real gisapp, killed as soon as it begins to write beside the project."""
    source = tmp_path / "stalls.csv"
    rows = (f"S{n},-6.33,{106.8 + n / 1e5:.5f},warung" for n in range(5000))
    source.write_text("\n".join(["id,lat,lon,form", *rows]), "utf-8")
    work = tmp_path / "work"
    work.mkdir()
    project = path.rename(work / "p.gpkg")
    before = project.read_bytes()
    command = ["import", project, source, "--as", "sites"]
    with subprocess.Popen(
        [sys.executable, "-m", "gisapp", *command],
        cwd=Path(__file__).parents[2],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    ) as process:
        while len(names_in(work)) == 1 and process.poll() is None:
            time.sleep(0.001)
        os.killpg(process.pid, signal.SIGKILL)
    assert process.returncode == -signal.SIGKILL
    assert project.read_bytes() == before
    assert len(names_in(work)) == 2
    assert check_source(project).ok
    sweep()
    assert names_in(work) == ["p.gpkg"]
