"""What a second assessment costs after a small edit, as a share of the whole.

    python benchmarks/reassessing.py [S] [M] [L]

Each time is the median of three; before each, the project is assessed as it was. "whole" is a
first assessment, with nothing remembered. Only the ratios of one run mean anything. At the end all
edits are made, and the answer must have the bytes of the one from scratch.
"""

from __future__ import annotations

import resource
import sys
from collections.abc import Callable
from dataclasses import replace
from statistics import median
from time import perf_counter
from typing import TYPE_CHECKING

import numpy as np
from analysis import SIZES, dataset
from shapely.affinity import translate

from gisapp.analysis.assess import assess
from gisapp.analysis.remembering import MEMORY

if TYPE_CHECKING:
    from gisapp.core.project import Project

RUNS = 3
SEED = 5
MOVED_M = 25.0


def moved(project: Project, kind: str, n: int) -> Project:
    """Move `n` features of a layer, as a hand would."""
    layer = project.layer(kind)
    shapes = np.array(layer.frame.geometry.array, dtype=object)
    for row in np.random.default_rng(SEED).choice(len(shapes), n, replace=False):
        shapes[row] = translate(shapes[row], MOVED_M, MOVED_M)
    frame = layer.frame.set_geometry(shapes, crs=layer.frame.crs)
    return project.with_layer(replace(layer, frame=frame))


def another_line(project: Project) -> Project:
    parameters = replace(project.parameters, poverty_line_idr_month=1e6)
    return replace(project, parameters=parameters)


EDITS: dict[str, Callable[[Project], Project]] = {
    "nothing": lambda project: replace(project, title="another"),
    "1 business": lambda project: moved(project, "businesses", 1),
    "100 businesses": lambda project: moved(project, "businesses", 100),
    "1 eviction area": lambda project: moved(project, "evictions", 1),
    "1 zoning polygon": lambda project: moved(project, "zoning", 1),
    "the poverty line": another_line,
}


def seconds(before: Callable[[], object], work: Callable[[], object]) -> float:
    times = []
    for _run in range(RUNS):
        before()
        start = perf_counter()
        work()
        times.append(perf_counter() - start)
    return median(times)


def measure(size: str) -> None:
    project = dataset(size)
    assess(project)  # loads the kernels
    whole_s = seconds(MEMORY.forget, lambda: assess(project))
    print(f"{size} {'whole':<20}{whole_s * 1000:>10.0f} ms")
    for name, edit in EDITS.items():
        edited = edit(project)
        again_s = seconds(lambda: assess(project), lambda edited=edited: assess(edited))
        print(f"{size} {name:<20}{again_s * 1000:>10.0f} ms{again_s / whole_s:>9.1%}", flush=True)
    check(project)
    peak_mb = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"{size} peak memory so far   {peak_mb:>8.0f} MB")


def check(project: Project) -> None:
    """Stop where the answer after all edits is not the one from scratch."""
    assess(project)
    for edit in EDITS.values():
        project = edit(project)
    again = assess(project).record
    MEMORY.forget()
    if again != assess(project).record:
        raise SystemExit("the answer after the edits is not the one from scratch")


def main() -> None:
    for size in sys.argv[1:] or SIZES:
        measure(size)


if __name__ == "__main__":
    main()
