"""Seeded maps around Ciracas in four sizes, as layers and as project files.

S 5,000 points and 300 areas, M 100,000 and 10,000, L 1,000,000 and 100,000, XL 5,000,000 points;
L points is L without its areas. Areas have thirty vertices and overlap; there are a tenth as many
evictions. The extent is as wide as a window: wider than Ciracas, so that no pixel stays empty.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from gisapp.core.layer import Layer
from gisapp.core.project import DEFAULT_CRS
from gisapp.core.style import Condition, Rule, Style, Symbol
from gisapp.io.project_file import create_project, save_project

if TYPE_CHECKING:
    from pathlib import Path

    from numpy.typing import NDArray

SIZES = {
    "S": (5_000, 300),
    "M": (100_000, 10_000),
    "L": (1_000_000, 100_000),
    "L points": (1_000_000, 0),
    "XL": (5_000_000, 0),
}
EXTENT_M = (700_200.0, 9_295_200.0, 715_400.0, 9_304_700.0)  # EPSG:32748
SEED = 20261101
VERTICES = 30
COVER = 1.6  # how many times over the areas cover the extent

POINTS = {
    "prohibited": Symbol("#d55e00", stroke="#ffffff", stroke_mm=0.2, size_mm=2.2),
    "conditional": Symbol("#e69f00", stroke="#ffffff", stroke_mm=0.2),
    "limited": Symbol("#56b4e9", stroke="#ffffff", stroke_mm=0.2),
    "permitted": Symbol("#0072b2", stroke="#ffffff", stroke_mm=0.2, size_mm=1.8),
}
ZONES = {
    "R-1": Symbol("#f6e8c3", stroke="#8c7a4f", stroke_mm=0.2),
    "K-1": Symbol("#e5c3d1", stroke="#8c4f6b", stroke_mm=0.2),
    "H-2": Symbol("#c7e3c5", stroke="#4f8c55", stroke_mm=0.2),
    "I-1": Symbol("#d0cfe6", stroke="#5a568c", stroke_mm=0.2),
}
STAGES = {
    "sp1": Symbol("#a5281b", 0.2, stroke="#a5281b", stroke_mm=0.3),
    "executed": Symbol("#4a1210", 0.3, stroke="#4a1210", stroke_mm=0.3),
}


def layers(size: str) -> tuple[Layer, ...]:
    """Make the layers of one size of `SIZES`, the first on top; XL has points alone."""
    n_points, n_areas = SIZES[size]
    rng = np.random.default_rng(SEED)
    made = [_layer("businesses", "class", POINTS, rng, _points(rng, n_points))]
    if n_areas:
        evictions = _areas(rng, n_areas // 10, COVER / 10)
        made.append(_layer("evictions", "stage", STAGES, rng, evictions))
        made.append(_layer("zoning", "zone", ZONES, rng, _areas(rng, n_areas, COVER)))
    return tuple(made)


def project_file(size: str, folder: Path) -> Path:
    """Return the project of one size as a GeoPackage in `folder`, made where it is not there."""
    path = folder / file_name(size)
    if not path.exists():
        folder.mkdir(parents=True, exist_ok=True)
        save_project(replace(create_project(), layers=layers(size), title=size), path)
    return path


def file_name(size: str) -> str:
    """Return what the project file of a size is called."""
    return f"{size.replace(' ', '-')}-{SEED}.gpkg"


def _points(rng: np.random.Generator, n: int) -> NDArray[np.object_]:
    west, south, east, north = EXTENT_M
    made: NDArray[np.object_] = shapely.points(rng.uniform((west, south), (east, north), (n, 2)))
    return made


def _areas(rng: np.random.Generator, n: int, cover: float) -> NDArray[np.object_]:
    """Return wobbly discs that cover the extent about `cover` times over."""
    west, south, east, north = EXTENT_M
    radius = np.sqrt(cover * (east - west) * (north - south) / (np.pi * n))
    angle = np.linspace(0, 2 * np.pi, VERTICES, endpoint=False)
    reach = radius * rng.uniform(0.6, 1.4, (n, VERTICES, 1))
    middle = rng.uniform((west, south), (east, north), (n, 1, 2))
    rings = middle + reach * np.stack([np.cos(angle), np.sin(angle)], axis=-1)
    made: NDArray[np.object_] = shapely.polygons(rings)
    return made


def _layer(
    kind: str,
    column: str,
    symbols: dict[str, Symbol],
    rng: np.random.Generator,
    shapes: NDArray[np.object_],
) -> Layer:
    codes = np.array(list(symbols), dtype=object)
    data = {
        "id": pd.Series([f"{kind[0].upper()}{i:07d}" for i in range(len(shapes))], dtype="str"),
        column: pd.Series(rng.choice(codes, len(shapes)), dtype="str"),
    }
    frame = gpd.GeoDataFrame(data, geometry=shapes, crs=DEFAULT_CRS)
    rules = tuple(
        Rule({"en": code, "id": code}, symbol, (Condition(column, "eq", code),))
        for code, symbol in symbols.items()
    )
    return Layer(kind, kind, frame, Style(kind, rules, {"en": kind, "id": kind}))
