"""Whatever could be asked of the map, sane or not, for hypothesis."""

from dataclasses import replace

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from helpers.maps import CRS
from helpers.projects import symbols
from hypothesis import strategies as st

from gisapp.core.layer import Layer
from gisapp.core.style import (
    ANY_SCALE,
    Clusters,
    Condition,
    Heat,
    Labels,
    Rule,
    ScaleRange,
    Style,
)
from gisapp.render.geometry import total_bounds
from gisapp.render.viewport import Viewport

near = st.integers(0, 400).map(lambda x: x / 4)
MONSTERS = (1e300, -1e300, 1e12, -1e9, 1e-300, 3e38, 705_000.1)
NOT_FINITE = (float("nan"), float("inf"), float("-inf"))
ordinates = st.one_of(near, near, near, st.sampled_from(MONSTERS))
vertices = st.tuples(ordinates, ordinates)
bad_vertices = st.tuples(ordinates, ordinates | st.sampled_from(NOT_FINITE))

scales = st.just(ANY_SCALE) | st.builds(
    ScaleRange, st.sampled_from([0.0, 500.0]), st.sampled_from([5e3, 1e6, float("inf")])
)
words = st.sampled_from(["", "x", "Jalan Raya Bogor", "شارع", "😀👍🏽", "a\nb", "W" * 3000, "<b>"])
columns = st.sampled_from(["n", "code", "nowhere"])
conditions = st.one_of(
    st.builds(Condition, columns, st.sampled_from(["eq", "ne"]), words | near | st.booleans()),
    st.builds(Condition, columns, st.sampled_from(["lt", "le", "gt", "ge"]), words | near),
    st.builds(Condition, columns, st.just("in"), st.lists(words, max_size=3).map(tuple)),
    st.builds(Condition, columns, st.just("missing")),
)
rules = st.builds(
    Rule,
    st.fixed_dictionaries({"en": words}),
    symbols,
    st.lists(conditions, max_size=2).map(tuple),
    scales,
)
labels = st.builds(
    Labels,
    columns,
    st.sampled_from([0.5, 2.8, 60.0]),
    halo=st.none() | st.just("#ffffff"),
    priority=st.integers(-2, 2),
    along=st.booleans(),
    scales=scales,
)
styles = st.builds(
    Style,
    st.just("wild"),
    st.lists(rules, max_size=4).map(tuple),
    labels=st.none() | labels,
    opacity=st.sampled_from([0.0, 0.5, 1.0, 1.0]),
    blend=st.sampled_from(["normal", "normal", "multiply", "screen", "darken", "lighten"]),
    clusters=st.none() | st.builds(Clusters, st.sampled_from([0.01, 8.0, 100.0])),
    heat=st.none()
    | st.none()
    | st.builds(Heat, st.sampled_from([1e-3, 250.0, 1e5]), weight_column=columns | st.just("")),
)


def _ring(corners):
    return [*corners, corners[0]]


@st.composite
def polygons(draw):
    """Shells that cross themselves or have no area, with holes that may lie anywhere."""
    corners = st.lists(vertices, min_size=3, max_size=7).map(_ring)
    return shapely.Polygon(draw(corners), draw(st.lists(corners, max_size=2)))


lines = st.lists(vertices, min_size=2, max_size=6).map(shapely.LineString)
points = vertices.map(shapely.Point)
simple = st.one_of(points, points, lines, polygons())


@st.composite
def not_finite(draw):
    spots = draw(st.lists(bad_vertices, min_size=3, max_size=5))
    with np.errstate(invalid="ignore"):
        return draw(st.sampled_from([shapely.Point(spots[0]), shapely.LineString(spots)]))


shapes = st.one_of(
    st.none(),
    simple,
    simple,
    simple,
    not_finite(),
    st.sampled_from(
        [shapely.Point(), shapely.LineString(), shapely.Polygon(), shapely.GeometryCollection()]
    ),
    st.lists(points, max_size=4).map(shapely.MultiPoint),
    st.lists(polygons(), max_size=3).map(shapely.MultiPolygon),
    st.lists(vertices, min_size=3, max_size=5).map(lambda x: shapely.LinearRing(_ring(x))),
    st.recursive(
        simple, lambda x: st.lists(x, max_size=3).map(shapely.GeometryCollection), max_leaves=6
    ),
)


@st.composite
def layers(draw):
    found = draw(st.lists(shapes, max_size=8))
    n = len(found)
    data = {
        "id": pd.Series([f"id-{i}" for i in range(n)], dtype="str"),
        "n": pd.Series(
            draw(st.lists(st.none() | near | st.just(np.inf), min_size=n, max_size=n)),
            dtype="float64",
        ),
        "code": pd.Series(draw(st.lists(st.none() | words, min_size=n, max_size=n)), dtype="str"),
    }
    held = np.empty(n, dtype=object)
    held[:] = found
    frame = gpd.GeoDataFrame(data, geometry=held, crs=CRS)
    kind = draw(st.sampled_from(["other", "conflicts", "sites"]))
    return Layer("wild", kind, frame, draw(styles), draw(st.integers(0, 5)) > 0)


@st.composite
def maps(draw):
    """Layers with names of their own, and a viewport: on them, beside them, or anywhere."""
    chosen = [
        replace(x, name=f"wild-{i}") for i, x in enumerate(draw(st.lists(layers(), max_size=3)))
    ]
    width, height = draw(st.integers(1, 120)), draw(st.integers(1, 120))
    bounds = total_bounds([x.frame for x in chosen])
    if bounds is not None and draw(st.booleans()):
        return chosen, Viewport.fitting(bounds, width, height)
    x, y = draw(ordinates), draw(ordinates)
    resolution = draw(st.sampled_from([1e-3, 0.0132, 0.5, 4.0, 30.0, 1e5]))
    return chosen, Viewport(x, y, resolution, width, height)
