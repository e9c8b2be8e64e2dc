"""How far the finding's boundary is: the compiled answer is GEOS's."""

import numpy as np
import pytest
import shapely
from helpers.policy import AS_OF, project
from hypothesis import given, settings
from hypothesis import strategies as st
from shapely.affinity import rotate

from gisapp.analysis import margins, uncertainty
from gisapp.analysis.assess import assess
from gisapp.analysis.case import read_case
from gisapp.analysis.conformity import PlanReader, conformity

KERNELS = margins.KERNELS.load()
pytestmark = pytest.mark.skipif(KERNELS is None, reason="numba is not here")

LISTS = ("IZN", "TBT", "BST")
# Sides that are level, upright or at 45 degrees: no two meet at so small an angle that the gap
# between them is a slit over a length that matters.
tens = st.integers(0, 9).map(lambda x: 10.0 * x)


@st.composite
def shapes(draw):
    """A box, cut at corners, with a hole, or in two parts that touch."""
    x, y, size = draw(tens), draw(tens), 10.0 * draw(st.integers(1, 5))
    form = draw(st.sampled_from(["box", "triangle", "diamond", "ring", "pair"]))
    box = shapely.box(x, y, x + size, y + size)
    if form == "triangle":
        return shapely.Polygon([(x, y), (x + size, y), (x, y + size)])
    if form == "diamond":
        return shapely.Polygon([(x - size, y), (x, y - size), (x + size, y), (x, y + size)])
    if form == "ring":
        return box.difference(shapely.box(x + 3, y + 3, x + size - 3, y + size - 3))
    if form == "pair":
        far = shapely.box(x + size, y + size, x + 2 * size, y + 2 * size)
        return shapely.MultiPolygon([box, far])
    return box


def found(points, zones, kernels):
    """The margin of each of some stalls under zones: (shape, list that names the activity)."""
    stalls = [
        {"id": f"B{i}", "geometry": shapely.Point(p), "activity": "x", "gps_precision_m": 15.15}
        for i, p in enumerate(points)
    ]
    plan = [
        {"id": f"Z{i}", "geometry": shape, "KODSZN_1": "R", LISTS[which]: "x"}
        for i, (shape, which) in enumerate(zones)
    ]
    case = read_case(project(businesses=stalls, zoning=plan), AS_OF)
    reader = PlanReader(case.plan, case.businesses)
    conforms = conformity(case.businesses, case.plan, reader)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(uncertainty, "MANY_SUBJECTS", 0 if kernels else len(stalls) + 1)
        return uncertainty.certainty(
            case.businesses, case.plan.areas.polygons, conforms.pairs, conforms.rank,
            lambda pairs: reader.verdicts(pairs).rank,
        ).probability  # fmt: skip


@settings(max_examples=15, deadline=None)
@given(
    st.lists(st.tuples(st.integers(-9, 99), st.integers(-9, 99)), min_size=1, max_size=20),
    st.lists(st.tuples(shapes(), st.integers(0, 2)), min_size=1, max_size=8),
)
def test_overlapping_touching_and_repeated_polygons_are_answered_as_by_geos(points, zones):
    compiled, geos = found(points, zones, kernels=True), found(points, zones, kernels=False)
    # GEOS unites on a grid of a centimetre; ten metres are one sigma.
    np.testing.assert_allclose(compiled, geos, atol=2 * uncertainty.SLIT_M / 10)


def wobbly(rng, n):
    angle = np.linspace(0, 2 * np.pi, 30, endpoint=False)
    reach = 30 * rng.uniform(0.6, 1.4, (n, 30, 1))
    middle = rng.uniform(0, 200, (n, 1, 2))
    return shapely.polygons(middle + reach * np.stack([np.cos(angle), np.sin(angle)], axis=-1))


def test_the_depth_in_a_union_is_the_exact_union_s():
    rng = np.random.default_rng(5)
    polygons = wobbly(rng, 40)
    union = shapely.union_all(polygons)
    xy = rng.uniform(0, 200, (4_000, 2))
    xy = xy[shapely.contains_xy(union, xy)]
    points = shapely.points(xy)
    x, y, limit_m = xy[:, 0].copy(), xy[:, 1].copy(), np.full(len(xy), 25.0)
    point, polygon, border_m = margins.borders_in_reach(KERNELS, x, y, limit_m, polygons)
    inside = shapely.contains_xy(polygons[polygon], xy[point])
    held = np.zeros(len(xy), bool)
    np.logical_or.at(held, point[inside], True)
    assert held.all()
    depth_m = margins.depths_in_union(
        KERNELS, (x, y), limit_m, (point, polygon, border_m, inside), polygons
    )
    exact_m = np.minimum(shapely.distance(points, union.boundary), 25.0)
    off_m = np.abs(depth_m - exact_m)
    assert (off_m < 1e-6).mean() > 0.99
    # The others end in a wedge so acute that it is narrower than a slit for some length.
    assert off_m.max() < 0.5


def test_borders_are_as_far_as_geos_says():
    rng = np.random.default_rng(6)
    polygons = wobbly(rng, 30)
    polygons[4] = polygons[4].difference(shapely.box(80, 80, 90, 90))
    polygons[5] = shapely.unary_union([shapely.box(0, 0, 5, 5), shapely.box(150, 0, 190, 300)])
    xy, reach_m = rng.uniform(-20, 220, (500, 2)), rng.uniform(1, 60, 500)
    point, polygon, border_m = margins.borders_in_reach(
        KERNELS, xy[:, 0].copy(), xy[:, 1].copy(), reach_m, polygons
    )
    away_m = shapely.distance(shapely.points(xy)[:, None], shapely.boundary(polygons))
    expected = np.full_like(away_m, np.inf)
    expected[point, polygon] = border_m
    np.testing.assert_allclose(expected, np.where(away_m <= reach_m[:, None], away_m, np.inf))
    assert (np.diff(point) >= 0).all()


def test_a_slit_of_a_millimetre_is_none_and_one_of_two_centimetres_is():
    left, stall = shapely.box(0, 0, 100, 100), [(95.0, 50.0)]
    for gap_m, certain in ((0.0, True), (0.001, True), (0.02, False)):
        right = shapely.box(100 + gap_m, 0, 200, 100)
        zones = [(left, 1), (right, 1)]
        assert (found(stall, zones, kernels=True)[0] > 0.99) == certain


def test_a_union_does_not_end_where_two_polygons_meet_that_both_cross_a_third_s_border():
    left, right = shapely.box(250, 50, 350, 150), shapely.box(350, 0, 500, 150)
    on_both = shapely.Polygon([(300, 100), (350, 100), (300, 150)])
    zones = [(shape, 1) for shape in (left, right, on_both)]
    assert found([(350.0, 100.0)], zones, kernels=True)[0] == 1.0


@pytest.mark.parametrize("kernels", [True, False])
def test_rounding_opens_no_slit_between_neighbours_askew(kernels):
    boxes = shapely.box([0, 100, 60], [0, 20, 40], [100, 160, 130], [100, 90, 70])
    askew = [rotate(shape, 15, origin=(0, 0)) for shape in (*boxes, shapely.Point(90, 55))]
    zones = [(shape, 1) for shape in askew[:3]]
    assert found([(askew[3].x, askew[3].y)], zones, kernels)[0] == 1.0


def test_no_polygon_makes_nobody_uncertain(monkeypatch):
    monkeypatch.setattr(uncertainty, "MANY_SUBJECTS", 0)
    stall = {"id": "B1", "geometry": shapely.Point(5, 5), "activity": "x"}
    rows = assess(project(businesses=[stall, {"id": "B2", "geometry": None}])).businesses
    assert rows["probability"].iloc[0] == 1.0
    assert np.isnan(rows["probability"].iloc[1])
