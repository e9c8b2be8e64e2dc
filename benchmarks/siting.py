"""How long k sites take to be chosen and proven, and how many stalls to be placed.

    python benchmarks/siting.py

20,000 families and 500 candidates (k = 5 within 400 m, k = 10 within 800 m), 100,000 and 1,000;
1,000 and 5,000 stalls for 40 sites. Beside the program its peer: the same integer program without
putting like demand together, solved by the same HiGHS, where that ends in reason.
"""

from __future__ import annotations

from time import perf_counter

import numpy as np
import shapely
from scipy import sparse

from gisapp.analysis import siting
from gisapp.analysis.candidates import Candidates
from gisapp.analysis.relocating import placed
from gisapp.analysis.siting import Demand, choose_sites

EXTENT_M = (3_800.0, 9_500.0)
SEED = 20261101
CASES = ((20_000, 500, 5, 400.0), (20_000, 500, 10, 800.0), (100_000, 1_000, 5, 400.0))


def places(rng: np.random.Generator, n: int) -> np.ndarray:
    return shapely.points(rng.uniform(0.0, 1.0, (n, 2)) * EXTENT_M)


def clustered(rng: np.random.Generator, n: int) -> np.ndarray:
    middle = rng.uniform(0.0, 1.0, (60, 2)) * EXTENT_M
    return shapely.points(middle[rng.integers(0, 60, n)] + rng.normal(0.0, 250.0, (n, 2)))


def candidates(rng: np.random.Generator, m: int) -> Candidates:
    ids = np.array([f"T{i}" for i in range(m)], dtype=object)
    return Candidates(ids, places(rng, m), np.full(m, np.nan), np.full(m, np.nan))


def main() -> None:
    for n, m, k, reach_m in CASES:
        rng = np.random.default_rng(SEED)
        sites, demand = candidates(rng, m), Demand(clustered(rng, n), 0)
        start = perf_counter()
        found = choose_sites(sites, demand, k, reach_m)
        took = perf_counter() - start
        share = found.reached.mean()
        print(f"{n:>8,} × {m:,}, k = {k}, {reach_m:.0f} m: {took:6.2f} s, "
              f"{share:.1%} reached, proven: {found.optimal}", flush=True)  # fmt: skip
    raw()
    for n in (1_000, 5_000):
        rng = np.random.default_rng(SEED)
        start = perf_counter()
        site, _metres = placed(places(rng, n), places(rng, 40), np.full(40, n / 50))
        print(
            f"{n:>8,} stalls, 40 sites: {perf_counter() - start:6.2f} s, "
            f"{(site >= 0).sum():,} placed"
        )


def raw() -> None:
    """The peer: every family a row of its own."""
    n, m, k, reach_m = CASES[0]
    rng = np.random.default_rng(SEED)
    sites, demand = candidates(rng, m), Demand(clustered(rng, n), 0)
    site, subject, _metres = siting._within_reach(sites.points, demand.points, reach_m)
    every = sparse.csr_array((np.ones(len(site)), (subject, site)), shape=(n, m))
    start = perf_counter()
    siting._solved(every[np.diff(every.indptr) > 0], np.ones((np.diff(every.indptr) > 0).sum()), k)
    print(f"{n:>8,} × {m:,}, k = {k}, not put together: {perf_counter() - start:6.2f} s")


if __name__ == "__main__":
    main()
