"""What intervals cost, beside the study that they are of, and against scipy's distribution.

    python benchmarks/uncertainty.py [S] [M] [L]

"main" are the intervals of every assessment's summary, "all" those of `gisapp uncertainty`, with
what lies beyond the nearest boundary of each uncertain subject.
"""

from __future__ import annotations

import sys
from time import perf_counter
from typing import TYPE_CHECKING

import numpy as np
from analysis import SIZES, dataset
from scipy.stats import poisson_binom

from gisapp.analysis.chances import class_chances
from gisapp.analysis.distributions import poisson_binomial
from gisapp.analysis.study import study
from gisapp.analysis.totals import main_totals, totals

if TYPE_CHECKING:
    from collections.abc import Callable

AS_OF = "2026-11-01"
SEED = 20261101
TERMS = (300, 3_000, 30_000, 300_000)
PEER_MOST = 3_000


def seconds(work: Callable[[], object]) -> float:
    begun = perf_counter()
    work()
    return perf_counter() - begun


def measure(size: str) -> None:
    project = dataset(size)
    begun = perf_counter()
    found = study(project, AS_OF)
    study_s = perf_counter() - begun
    n = int((class_chances(found).p < 1).sum())
    main_s, all_s = seconds(lambda: main_totals(found)), seconds(lambda: totals(found))
    print(f"{size:<4}{n:>10,}{study_s:>10.2f}{main_s:>10.2f}{all_s:>10.2f}")


def main() -> None:
    print(f"{'':<4}{'uncertain':>10}{'study s':>10}{'main s':>10}{'all s':>10}")
    for size in sys.argv[1:] or ["S", "M"]:
        if size not in SIZES:
            raise SystemExit(f"sizes are {', '.join(SIZES)}")
        measure(size)
    print(f"{'terms':>14}{'ours s':>10}{'scipy s':>10}")
    for n in TERMS:
        p = np.random.default_rng(SEED).random(n)
        ours_s = seconds(lambda p=p: poisson_binomial(p))
        told = "–"
        if n <= PEER_MOST:
            told = f"{seconds(lambda p=p: poisson_binom(p).pmf(np.arange(len(p) + 1))):.3f}"
        print(f"{n:>14,}{ours_s:>10.3f}{told:>10}")


if __name__ == "__main__":
    main()
