"""What ``render.py`` measures in a process of its own: memory, a file's first frame, kernels."""

from __future__ import annotations

import json
import os
import re
import sys
from pathlib import Path
from time import perf_counter

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")


def kernels(folder: Path) -> dict[str, float]:
    """Time compiling the kernels, or loading those that an earlier run compiled."""
    os.environ["GISAPP_HOME"] = str(folder)
    from gisapp.render import warming

    start = perf_counter()
    warming.warm()
    return {"ms": (perf_counter() - start) * 1000}


def memory(folder: Path) -> dict[str, float]:
    """Weigh a process that opens L as a project and draws it."""
    import datasets
    from PySide6.QtGui import QGuiApplication

    from gisapp.io.project_file import load_project
    from gisapp.render import warming
    from gisapp.render.picture import draw_ground
    from gisapp.render.viewport import Viewport

    _app = QGuiApplication([])
    warming.warm()
    layers = load_project(folder / datasets.file_name("L")).layers
    whole = Viewport.fitting(datasets.EXTENT_M, 1600, 1000, margin=0)
    for factor in (1, 3, 18):
        draw_ground(layers, whole.zoomed(factor))
    peak = re.search(r"VmHWM:\s+(\d+)", Path("/proc/self/status").read_text())
    own = re.findall(r"Private_\w+:\s+(\d+)", Path("/proc/self/smaps_rollup").read_text())
    assert peak is not None
    return {"peak_mb": int(peak[1]) / 1024, "own_mb": sum(map(int, own)) / 1024}


def first(folder: Path) -> dict[str, float]:
    """Time a million points from the file to the first frame, everything imported before."""
    import datasets
    from PySide6.QtGui import QGuiApplication

    from gisapp.io.project_file import load_project
    from gisapp.render import warming
    from gisapp.render.picture import draw_ground
    from gisapp.render.viewport import Viewport

    _app = QGuiApplication([])
    warming.warm()
    load_project(datasets.project_file("S", folder))
    path = datasets.project_file("L points", folder)
    whole = Viewport.fitting(datasets.EXTENT_M, 1600, 1000, margin=0)
    start = perf_counter()
    layers = load_project(path).layers
    loaded = perf_counter()
    draw_ground(layers, whole, coarse=True)
    coarse = perf_counter()
    draw_ground(layers, whole)
    full = perf_counter()
    return {
        "load_ms": (loaded - start) * 1000,
        "coarse_ms": (coarse - start) * 1000,
        "full_ms": (full - start) * 1000,
    }


TASKS = {"kernels": kernels, "memory": memory, "first": first}

if __name__ == "__main__":
    os.environ.setdefault("GISAPP_HOME", str(Path(sys.argv[2]) / "home"))
    print(json.dumps(TASKS[sys.argv[1]](Path(sys.argv[2]))))
