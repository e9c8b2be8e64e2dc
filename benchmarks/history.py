"""What a history costs, against an assessment of each day on which something changes.

    python benchmarks/history.py [S] [M] [L]

Evictions begin and end on 40 random days of ten years, supports of a tenth of the businesses
likewise. "day" is one study with nothing remembered, which also finds how certain places are; a
history of d days of change answers, but for that, what d of them would.
"""

from __future__ import annotations

import resource
import sys
from dataclasses import replace
from datetime import date
from time import perf_counter
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
from analysis import SIZES, dataset

from gisapp.analysis.history import history
from gisapp.analysis.history_tables import by_date, by_subject
from gisapp.analysis.remembering import MEMORY
from gisapp.analysis.study import study
from gisapp.core.layer import Table

if TYPE_CHECKING:
    from gisapp.core.project import Project

SEED = 7
FIRST, LAST = date(2016, 1, 1).toordinal(), date(2026, 11, 1).toordinal()
DAYS = 40


def dated(project: Project) -> Project:
    """Give the evictions, and supports of a tenth of the businesses, days to begin and to end."""
    rng = np.random.default_rng(SEED)
    days = np.sort(rng.choice(np.arange(FIRST, LAST), DAYS, replace=False))
    iso = np.array([date.fromordinal(int(day)).isoformat() for day in days], dtype=object)
    evictions = project.layer("evictions")
    frame = evictions.frame.assign(**spans(rng, iso, len(evictions.frame)))
    ids = project.layer("businesses").frame["id"].to_numpy(object)
    supported = rng.choice(ids, len(ids) // 10, replace=False)
    columns = spans(rng, iso, len(supported))
    supports = pd.DataFrame(
        {"id": supported, "business_id": supported, "programme": "KUBE", **columns}
    ).astype("str")
    made = project.with_layer(replace(evictions, frame=frame))
    return made.with_table(Table("supports", "supports", supports))


def spans(rng: np.random.Generator, iso: np.ndarray, n: int) -> dict[str, pd.Series]:
    ends = np.sort(rng.integers(0, DAYS, (n, 2)), axis=1)
    return {
        name: pd.Series(iso[ends[:, i]], dtype="str")
        for i, name in enumerate(("valid_from", "valid_to"))
    }


def measure(size: str) -> str:
    project = dated(dataset(size))
    MEMORY.forget()
    start = perf_counter()
    study(project)
    one_day = perf_counter() - start
    start = perf_counter()
    found = history(project)
    whole = perf_counter() - start
    start = perf_counter()
    changes = len(by_date(found))
    by_subject(found)
    tables = perf_counter() - start
    peak_mb = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return (
        f"{size:<4}{one_day * 1000:>10.0f}{whole * 1000:>12.0f}{tables * 1000:>10.0f}{changes:>9}"
        f"{one_day * changes / whole:>8.1f}×{peak_mb:>9.0f}"
    )


def main() -> None:
    print(f"{'':<4}{'day, ms':>10}{'history, ms':>12}{'totals':>10}{'changes':>9}{'ratio':>9}"
          f"{'peak MB':>9}")  # fmt: skip
    for size in sys.argv[1:] or SIZES:
        print(measure(size), flush=True)


if __name__ == "__main__":
    main()
