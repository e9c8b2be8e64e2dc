"""Areas that polygons share: ours against GEOS, on shapes that break naive overlays."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from gisapp.analysis import overlay
from gisapp.analysis.overlay import KERNELS, areas_by_kernels, intersections, pair_areas

if TYPE_CHECKING:
    from gisapp.analysis.columns import Geometries

ORIGIN = (705_900.0, 9_295_200.0)
kernels = KERNELS.load()


def star(seed: int, n: int = 12, radius_m: float = 80.0) -> shapely.Polygon:
    """A star of `n` corners around a place that the seed chooses, on a lattice now and then."""
    rng = np.random.default_rng(seed)
    x, y = rng.uniform(-100, 100, 2) + ORIGIN
    angle = np.linspace(0, 2 * np.pi, n, endpoint=False)
    r = radius_m * rng.uniform(0.2, 1.0, n)
    ring = np.column_stack([x + r * np.cos(angle), y + r * np.sin(angle)])
    return shapely.Polygon(np.round(ring, 0) if seed % 3 == 0 else ring)


def shape(seed: int, kind: str) -> shapely.Geometry:
    """A star, one with a hole, two apart, a square on a lattice or a strip of a centimetre."""
    one, x, y = star(seed), *(np.array(ORIGIN) + 10.0 * (seed % 7))
    made = {
        "star": one,
        "holed": shapely.Polygon(
            one.exterior.coords, [shapely.affinity.scale(one, 0.1, 0.1, origin=one.centroid)
                                  .exterior.coords]
        ) if one.contains(shapely.affinity.scale(one, 0.1, 0.1, origin=one.centroid)) else one,
        "parts": shapely.union(shapely.box(x, y, x + 20, y + 20),
                               shapely.box(x + 40, y, x + 60, y + 30)),
        "lattice": shapely.box(x, y, x + 30, y + 40),
        "strip": shapely.box(x, y, x + 90, y + 0.01),
    }[kind]  # fmt: skip
    return shapely.make_valid(made) if not made.is_valid else made


KINDS = st.sampled_from(["star", "holed", "parts", "lattice", "strip"])
shapes = st.builds(shape, st.integers(0, 400), KINDS).filter(
    lambda g: g.geom_type in ("Polygon", "MultiPolygon")
)


def by_kernels(left: Geometries, right: Geometries) -> np.ndarray:
    pairs = overlay._boxes_meet(left, right)
    table = np.zeros((len(left), len(right)))
    table[pairs.left, pairs.right] = areas_by_kernels(kernels, left, right, pairs)
    return table


def by_geos(left: Geometries, right: Geometries) -> np.ndarray:
    return shapely.area(shapely.intersection(left[:, None], right[None, :]))


@pytest.mark.skipif(kernels is None, reason="numba is not here")
@settings(max_examples=60, deadline=None)
@given(st.lists(shapes, min_size=1, max_size=4), st.lists(shapes, min_size=1, max_size=4))
def test_areas_are_those_of_geos(left: list, right: list) -> None:
    ours, theirs = np.array([*left, left[0]], object), np.array([*right, left[0]], object)
    np.testing.assert_allclose(by_kernels(ours, theirs), by_geos(ours, theirs), 1e-6, 1e-5)


@pytest.mark.skipif(kernels is None, reason="numba is not here")
def test_a_ring_of_either_direction_counts_the_same() -> None:
    square = shapely.box(0, 0, 10, 10)
    frame = shapely.Polygon(square.exterior.coords, [shapely.box(2, 2, 8, 8).exterior.coords])
    turned = shapely.Polygon(square.exterior.coords[::-1], [frame.interiors[0].coords[::-1]])
    table = by_kernels(np.array([frame, turned, square]), np.array([frame, turned, square]))
    np.testing.assert_allclose(table, [[64, 64, 64], [64, 64, 64], [64, 64, 100]], rtol=1e-12)


def test_pairs_that_only_touch_share_no_area() -> None:
    found = pair_areas(
        np.array([shapely.box(0, 0, 1, 1)]),
        np.array([shapely.box(1, 0, 2, 1), shapely.box(1, 1, 2, 2), shapely.box(0.5, 0, 2, 1)]),
    )
    assert (found.left.tolist(), found.right.tolist()) == ([0], [2])
    assert found.area_m2.tolist() == pytest.approx([0.5])


@settings(max_examples=40, deadline=None)
@given(st.lists(shapes, min_size=1, max_size=4), st.lists(shapes, min_size=1, max_size=4))
def test_shared_polygons_have_the_shared_areas(left: list, right: list) -> None:
    ours, theirs = np.array(left, object), np.array(right, object)
    pairs, shared = intersections(ours, theirs)
    assert set(shapely.get_type_id(shared)) <= {3, 6}
    table = np.zeros((len(ours), len(theirs)))
    table[pairs.left, pairs.right] = shapely.area(shared)
    np.testing.assert_allclose(table, by_geos(ours, theirs), 1e-6, 1e-5)
    np.testing.assert_array_equal(pairs.area_m2, shapely.area(shared))


def test_of_nothing_comes_nothing() -> None:
    nothing = np.empty(0, object)
    assert not len(pair_areas(nothing, np.array([shapely.box(0, 0, 1, 1)])).left)
    assert not len(intersections(nothing, nothing)[1])
