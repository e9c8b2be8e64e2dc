"""Which polygons cover which points: the compiled answer is GEOS's, also on edges."""

import numpy as np
import pytest
import shapely
from hypothesis import example, given, settings
from hypothesis import strategies as st

from gisapp.analysis import covering

KERNELS = covering.KERNELS.load()
pytestmark = pytest.mark.skipif(KERNELS is None, reason="numba is not here")

# Whole numbers lie on corners and edges again and again.
whole = st.integers(-4, 8).map(float)
place = st.tuples(whole, whole)
corners = st.lists(place, min_size=3, max_size=7)


@st.composite
def polygons(draw):
    """Valid polygons, some with holes or in parts, some thin."""
    shapes = []
    for ring in draw(st.lists(corners, min_size=1, max_size=5)):
        shape = shapely.make_valid(shapely.Polygon(ring), method="structure", keep_collapsed=False)
        if draw(st.booleans()):
            shape = shape.difference(shapely.box(1, 1, 2, 3))
        if shape.geom_type in ("Polygon", "MultiPolygon") and not shape.is_empty:
            shapes.append(shape)
    return np.array(shapes, dtype=object)


def compiled(xy, shapes):
    found = covering.covered_by_kernels(KERNELS, as_points(xy), shapes)
    return [x.tolist() for x in found]


def as_points(xy):
    xy = np.asarray(xy, dtype=float)
    return covering.Points(shapely.points(xy), xy[:, 0].copy(), xy[:, 1].copy())


def by_geos(xy, shapes):
    pairs = [
        (i, j)
        for i, point in enumerate(shapely.points(xy))
        for j, shape in enumerate(shapes)
        if shapely.intersects(shape, point)
    ]
    return [list(x) for x in zip(*pairs, strict=True)] if pairs else [[], []]


@settings(max_examples=200, deadline=None)
@given(st.lists(place, min_size=1, max_size=30), polygons())
@example([(0.0, 0.0), (2.0, 2.0)], np.array([shapely.box(0, 0, 2, 2)], dtype=object))
def test_points_on_edges_and_corners_are_answered_as_by_geos(points, shapes):
    xy = np.array(points)
    assert compiled(xy, shapes) == by_geos(xy, shapes)


@settings(max_examples=50, deadline=None)
@given(st.integers(0, 2**32 - 1), st.sampled_from([0.0, 706_000.0]))
def test_points_along_slanted_edges_are_answered_as_by_geos(seed, east):
    rng = np.random.default_rng(seed)
    rings = rng.uniform(0, 50, (6, 5, 2)) + np.array((east, east * 13))
    shapes = np.array([shapely.Polygon(r).convex_hull for r in rings], dtype=object)
    borders = shapely.boundary(shapes)
    on_edges = shapely.get_coordinates(
        shapely.line_interpolate_point(borders[:, None], rng.uniform(0, 1, 20), normalized=True)
    )
    xy = np.concatenate([on_edges, np.nextafter(on_edges, np.inf), rings.reshape(-1, 2)])
    assert compiled(xy, shapes) == by_geos(xy, shapes)


def test_many_points_are_answered_alike_with_and_without_kernels(monkeypatch):
    rng = np.random.default_rng(7)
    xy = rng.uniform(0, 1000, (5_000, 2))
    centre = rng.uniform(-100, 1100, (80, 2))
    shapes = shapely.buffer(shapely.points(centre), rng.uniform(1, 300, 80))
    shapes[3] = shapely.MultiPolygon([shapely.box(0, 0, 5, 5), shapely.box(900, 900, 990, 990)])
    fast = compiled(xy, shapes)
    monkeypatch.setattr(covering, "KERNELS", covering.Compiled("gisapp.not_there"))
    slow = covering.covered(as_points(xy), shapes)
    assert len(slow[0]) > 5_000
    for one, other in zip(fast, slow, strict=True):
        np.testing.assert_array_equal(one, other)


@pytest.mark.parametrize(
    "xy", [[(3.0, 4.0)], [(3.0, 4.0)] * 9, [(float(x), 4.0) for x in range(9)]]
)
def test_points_at_one_place_or_in_a_row_have_a_grid_too(xy):
    shapes = np.array([shapely.box(0, 0, 3, 4), shapely.box(50, 50, 60, 60)], dtype=object)
    assert compiled(xy, shapes) == by_geos(xy, shapes)


def test_no_polygons_cover_nothing():
    for shapes in (np.empty(0, dtype=object), np.array([shapely.Polygon()], dtype=object)):
        assert compiled([(0.0, 0.0)], shapes) == [[], []]


@settings(max_examples=30, deadline=None)
@given(st.integers(0, 2**32 - 1), st.integers(3, 400), st.booleans())
def test_polygons_of_many_edges_are_answered_as_by_geos(seed, n, comb):
    """Their edges are sorted into bands; those of a comb are too long to stand in many."""
    rng = np.random.default_rng(seed)
    angle = np.sort(rng.uniform(0, 2 * np.pi, n))
    if comb:
        x = np.linspace(0, 100, n)
        ring = np.column_stack([x, np.where(np.arange(n) % 2, 90 + x / 10, x / 10)])
        ring = np.concatenate([ring, [(100.0, -5.0), (0.0, -5.0)]])
    else:
        reach = rng.uniform(5, 50, n)[:, None]
        ring = 50 + reach * np.column_stack([np.cos(angle), np.sin(angle)])
    shapes = np.array([shapely.make_valid(shapely.Polygon(ring), method="structure")])
    xy = np.concatenate([rng.uniform(-5, 105, (300, 2)), ring, np.round(ring)])
    assert compiled(xy, shapes) == by_geos(xy, shapes)


def test_a_point_where_two_parts_of_one_polygon_touch_is_covered_once():
    bow = shapely.MultiPolygon([shapely.box(0, 0, 1, 1), shapely.box(1, 1, 2, 2)])
    shapes = np.array([bow] * 40, dtype=object)
    assert compiled([(1.0, 1.0)], shapes) == [[0] * 40, list(range(40))]
