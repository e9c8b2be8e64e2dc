"""Importing again: how long it takes to find out what changed in a million rows.

``python benchmarks/updating.py [ROWS]`` prints seconds for the same rows, the same in another
order, and a tenth of them changed, added and taken out.
"""

from __future__ import annotations

import sys
import time
from dataclasses import replace

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from gisapp.core.layer import ImportReport, Layer
from gisapp.core.style import Style
from gisapp.io.updating import updated

ROWS = 1_000_000


def layer(n: int) -> Layer:
    """Return businesses with an id, a code, a number and a place."""
    random = np.random.default_rng(4)
    worth = random.random(n)
    frame = gpd.GeoDataFrame(
        {
            "id": pd.Series([f"B{i:07d}" for i in range(n)], dtype="str"),
            "form": pd.Series(np.where(worth > 0.5, "pkl", "warung"), dtype="str"),
            "workers": pd.Series(random.integers(1, 9, n), dtype="Int64"),
            "net_income_idr_month": worth,
        },
        geometry=shapely.points(7e5 + 1e4 * worth, 9.3e6 + 1e4 * random.random(n)),
        crs="EPSG:32748",
    )
    report = ImportReport("b.csv", "", "", n, n, 0, 0, mapping={"id": "id"})
    return Layer("businesses", "businesses", frame, Style("plain", ()), report=report)


def main(n: int) -> None:
    """Print the seconds of each case."""
    earlier, same = layer(n), layer(n)
    shuffled = same.frame.take(np.random.default_rng(5).permutation(n)).reset_index(drop=True)
    other = shuffled.head(9 * n // 10).copy()
    tenth = n // 10
    other.loc[: tenth - 1, "form"] = "kios"
    other.loc[tenth : 2 * tenth - 1, "id"] += "-new"
    cases = {"the same": same.frame, "another order": shuffled, "a tenth differs": other}
    for name, frame in cases.items():
        start = time.perf_counter()
        made = updated(earlier, replace(same, frame=frame))
        seconds = time.perf_counter() - start
        assert made.report is not None
        print(f"{name:16} {seconds:6.2f} s  {dict(made.report.changes)}")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else ROWS)
