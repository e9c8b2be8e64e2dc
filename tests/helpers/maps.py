"""Builders for what is drawn: layers, styles, seeded maps."""

from collections.abc import Mapping, Sequence
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from gisapp.core.layer import Layer
from gisapp.core.style import Condition, Labels, Rule, Style, Symbol

CRS = "EPSG:32748"
CLASSES = ("permitted", "conditional", "prohibited")
RED = Symbol(fill="#d62728", stroke="#ffffff", stroke_mm=0.2, size_mm=2.0)


def a_rule(name: str, symbol: Symbol = RED, *when: Condition) -> Rule:
    return Rule({"en": name, "id": name}, symbol, when)


def a_style(*rules: Rule, label_column: str = "") -> Style:
    labels = Labels(label_column) if label_column else None
    return Style("test", rules or (a_rule("all"),), {"en": "Things"}, labels)


def by_class(column: str, symbols: Mapping[str, Symbol]) -> Style:
    return a_style(
        *(a_rule(code, symbol, Condition(column, "eq", code)) for code, symbol in symbols.items())
    )


def a_layer(
    shapes: Sequence[Any], style: Style | None = None, name: str = "things", **columns: Any
) -> Layer:
    ids = [f"{name}-{i}" for i in range(len(shapes))]
    data = {"id": pd.Series(ids, dtype="str"), **columns}
    frame = gpd.GeoDataFrame(data, geometry=np.array(shapes, dtype=object), crs=CRS)
    return Layer(name, "other", frame, style or a_style())


def a_city(points: int, polygons: int, seed: int = 7) -> tuple[Layer, Layer]:
    """Return businesses by class over blocks of about thirty vertices, seeded."""
    rng = np.random.default_rng(seed)
    west, south, east, north = 705_000.0, 9_295_000.0, 709_000.0, 9_304_000.0
    places = rng.uniform((west, south), (east, north), (points, 2))
    middles = rng.uniform((west, south), (east, north), (polygons, 2))
    turn = np.linspace(0, 2 * np.pi, 30, endpoint=False)
    reach = 1.6 * np.sqrt((east - west) * (north - south) / max(polygons, 1)) / 2
    radius = reach * rng.uniform(0.6, 1.0, (polygons, 30, 1))
    rings = middles[:, None] + radius * np.stack([np.cos(turn), np.sin(turn)], axis=-1)
    classes = pd.Series(rng.choice(CLASSES, points), dtype="str")
    zones = pd.Series(rng.choice(("R", "K", "H"), polygons), dtype="str")
    return (
        a_layer(list(shapely.points(places)), CLASS_STYLE, "businesses", **{"class": classes}),
        a_layer(list(shapely.polygons(rings)), ZONE_STYLE, "zoning", zone=zones),
    )


CLASS_STYLE = by_class(
    "class",
    {
        "prohibited": Symbol("#d55e00", stroke="#ffffff", stroke_mm=0.2, shape="diamond"),
        "conditional": Symbol("#e69f00", stroke="#ffffff", stroke_mm=0.2, shape="triangle"),
        "permitted": Symbol("#0072b2", stroke="#ffffff", stroke_mm=0.2, size_mm=1.6),
    },
)
ZONE_STYLE = by_class(
    "zone",
    {
        "R": Symbol("#f6e8c3", 0.6, stroke="#8c7a4f", stroke_mm=0.2),
        "K": Symbol("#e5c3d1", 0.6, stroke="#8c4f6b", stroke_mm=0.2),
        "H": Symbol("#c7e3c5", 0.6, stroke="#4f8c55", stroke_mm=0.2),
    },
)
