"""Kill gisapp at random moments of an import and of an assessment, and look at what is left.

    python benchmarks/kill.py [--times 200] [--rows 20000] [--seed N]

Each time a real `gisapp` process works on a copy of the bundled demo's project with ROWS more
stalls, and it and its children get SIGKILL somewhere between their start and their end. Afterwards
the project must open, be what it was before or what it was to become, nothing may be wrong with it
for `gisapp check`, and once what dead processes left has been swept, nothing may lie beside it.
"""

from __future__ import annotations

import argparse
import contextlib
import hashlib
import os
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import geopandas as gpd
    import pandas as pd

WEST, SOUTH, EAST, NORTH = 106.862, -6.373, 106.896, -6.287
JOBS = {
    "import": ("import", "{project}", "{stalls}", "--as", "businesses", "--layer", "more stalls"),
    "assess": ("assess", "{project}", "--as-of", "2026-12-01"),
}


@dataclass
class Tally:
    """What was found after the kills of one job, and how long it takes undisturbed."""

    seconds: float
    counts: Counter[str] = field(default_factory=Counter)
    wrong: list[str] = field(default_factory=list)


def main() -> int:
    """Print the table; exit code 1 where anything was wrong."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--times", type=int, default=200)
    parser.add_argument("--rows", type=int, default=20_000)
    parser.add_argument("--seed", type=int, default=time.time_ns())
    given = parser.parse_args()
    print(f"seed {given.seed}")
    with tempfile.TemporaryDirectory(prefix="gisapp-kill-") as folder:
        os.environ["GISAPP_HOME"] = f"{folder}/home"
        bench = Bench(Path(folder), given.rows, random.Random(given.seed))
        for n in range(given.times):
            bench.kill(list(JOBS)[n % len(JOBS)])
        return bench.report()


class Bench:
    """A folder with the project, its copies, and what was found."""

    def __init__(self, folder: Path, rows: int, chance: random.Random) -> None:
        self._folder, self._chance = folder, chance
        self._origin = folder / "origin.gpkg"
        self._stalls = folder / "stalls.csv"
        self._project = folder / "work" / "p.gpkg"
        _write_stalls(self._stalls, rows, chance)
        _gisapp("demo", str(folder / "demo")).wait()
        shutil.copy(folder / "demo" / "demo.gpkg", self._origin)
        _gisapp(*self._words("import", self._origin, layer="stalls")).wait()
        self._before = state(self._origin)
        self._after: dict[str, object] = {}
        self._tallies = {job: self._undisturbed(job) for job in JOBS}

    def kill(self, job: str) -> None:
        """Kill one `job` at a random moment, and note what is found."""
        tally = self._tallies[job]
        self._fresh()
        process = _gisapp(*self._words(job, self._project))
        moment = self._chance.uniform(0, tally.seconds)
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(moment)
        died = process.poll() is None
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()
        tally.counts["killed" if died else "had ended"] += 1
        try:
            self._look(job, tally)
        except Exception as error:  # whatever it is, it is a finding
            tally.wrong.append(f"{job} killed after {moment:.3f} s: {error!r}")

    def report(self) -> int:
        """Print what was found of each job."""
        columns = ("killed", "had ended", "as before", "as after", "left beside", "swept")
        print(f"{'job':8} {'seconds':>8} " + " ".join(f"{x:>11}" for x in columns) + "       wrong")
        for job, tally in self._tallies.items():
            counts = " ".join(f"{tally.counts[x]:11}" for x in columns)
            print(f"{job:8} {tally.seconds:8.2f} {counts} {len(tally.wrong):11}")
        wrong = [x for tally in self._tallies.values() for x in tally.wrong]
        for sentence in wrong:
            print(sentence)
        return bool(wrong)

    def _look(self, job: str, tally: Tally) -> None:
        from gisapp.io.checking import check_source
        from gisapp.io.scratch import sweep

        beside = self._beside()
        tally.counts["left beside"] += bool(beside)
        sweep()
        tally.counts["swept"] += bool(beside) and not self._beside()
        assert not self._beside(), f"left beside it: {self._beside()}"
        found = state(self._project)
        if found == self._before:
            tally.counts["as before"] += 1
        else:
            assert found == self._after[job], "neither as before nor as after"
            tally.counts["as after"] += 1
        report = check_source(self._project)
        assert report.ok, report.errors
        assert not report.warnings, report.warnings

    def _undisturbed(self, job: str) -> Tally:
        self._fresh()
        _gisapp(*self._words(job, self._project)).wait()
        self._fresh()
        began = time.perf_counter()
        process = _gisapp(*self._words(job, self._project))
        assert process.wait() == 0, f"{job} fails undisturbed"
        self._after[job] = state(self._project)
        return Tally(time.perf_counter() - began)

    def _fresh(self) -> None:
        shutil.rmtree(self._project.parent, ignore_errors=True)
        self._project.parent.mkdir()
        shutil.copy(self._origin, self._project)

    def _beside(self) -> list[str]:
        return [x.name for x in self._project.parent.iterdir() if x != self._project]

    def _words(self, job: str, project: Path, layer: str = "") -> list[str]:
        words = [x.format(project=project, stalls=self._stalls) for x in JOBS[job]]
        return [*words[:-1], layer] if layer else words


def state(path: Path) -> dict[str, object]:
    """Return what the project at `path` holds, but for times of day."""
    from gisapp.io.project_file import load_project

    project = load_project(path)
    layers = {x.name: (*_told(x.frame), _digest(x.frame.geometry.dropna())) for x in project.layers}
    return {
        "layers": layers,
        "tables": {x.name: _told(x.frame) for x in project.tables.values()},
        "as_of": project.parameters.as_of,
        "runs": [x.parameters for x in project.runs],
        "exports": len(project.exports),
    }


def _told(frame: pd.DataFrame) -> tuple[int, str]:
    return len(frame), ",".join(frame.columns)


def _digest(shapes: gpd.GeoSeries) -> str:
    return hashlib.sha256(b"".join(shapes.to_wkb())).hexdigest()


def _write_stalls(path: Path, rows: int, chance: random.Random) -> None:
    with path.open("w", encoding="utf-8") as file:
        file.write("id;lat;lon;jenis_usaha;bentuk\n")
        for n in range(rows):
            lat, lon = chance.uniform(SOUTH, NORTH), chance.uniform(WEST, EAST)
            file.write(f"S{n};{lat:.7f};{lon:.7f};warung makan;warung\n")


def _gisapp(*words: str) -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        [sys.executable, "-m", "gisapp", *words],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )


if __name__ == "__main__":
    sys.exit(main())
