"""What keeping unsaved edits costs beside a million points: seconds, bytes, pauses of the window.

    python benchmarks/autosaving.py [--points 1000000]

The pause is the longest time for which another thread did not get the interpreter.
"""

import argparse
import os
import tempfile
import threading
import time
from collections.abc import Callable
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from gisapp.core.layer import Layer
from gisapp.io.project_file import create_project, save_project
from gisapp.io.styles import load_style
from gisapp.session.autosave import Autosave, Unsaved
from gisapp.session.edits import add_layer, set_title
from gisapp.session.recovery import autosave_folder
from gisapp.session.session import Session

EAST, NORTH, SIDE_M = 700_000.0, 9_300_000.0, 10_000.0


def points(n: int) -> Layer:
    chance = np.random.default_rng(1)
    places = shapely.points(EAST + SIDE_M * chance.random(n), NORTH + SIDE_M * chance.random(n))
    columns = {
        "id": pd.Series(np.arange(n).astype(str), dtype="str"),
        "workers": pd.Series(chance.integers(0, 9, n), dtype="Int64"),
        "name": pd.Series(["Warung"] * n, dtype="str"),
    }
    frame = gpd.GeoDataFrame(columns, geometry=places, crs="EPSG:32748")
    return Layer("businesses", "businesses", frame, load_style("businesses"))


def timed(what: str, work: Callable[[], object]) -> None:
    pauses, ended = [0.0], threading.Event()

    def tick() -> None:
        last = time.perf_counter()
        while not ended.is_set():
            time.sleep(0.001)
            now = time.perf_counter()
            pauses.append(now - last)
            last = now

    other = threading.Thread(target=tick)
    other.start()
    began = time.perf_counter()
    work()
    took = time.perf_counter() - began
    ended.set()
    other.join()
    kept = sum(x.stat().st_size for x in autosave_folder().glob("*.gpkg"))
    print(f"{what:45} {took:6.2f} s  {1000 * max(pauses):4.0f} ms  {kept / 1e6:7.1f} MB kept")


def run(n: int, folder: Path) -> None:
    layer, path = points(n), folder / "project.gpkg"
    project = create_project().with_layer(layer)
    timed("a save, for comparison", lambda: save_project(project, path))
    session, autosave = Session(project, path), Autosave()

    def keep() -> None:
        unsaved = Unsaved.of(session)
        assert unsaved is not None
        autosave.keep(unsaved)

    session.apply(set_title("one"), "rename the project")
    timed("a new title beside saved points", keep)
    session.apply(set_title("two"), "rename the project")
    timed("another", keep)
    session.apply(add_layer(points(n)), "import")
    timed("as many points, imported", keep)
    session.apply(set_title("three"), "rename the project")
    timed("a new title beside unsaved points", keep)
    timed("forgetting all that", autosave.forget)
    session.close()


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--points", type=int, default=1_000_000)
    with tempfile.TemporaryDirectory() as name:
        os.environ["GISAPP_HOME"] = str(Path(name) / "home")
        run(parser.parse_args().points, Path(name))
