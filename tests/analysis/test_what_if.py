"""What a dragged polygon covers: as an assessment with it among the evictions finds."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
import shapely
from helpers.policy import AS_OF, project, square
from hypothesis import given, settings
from hypothesis import strategies as st

from gisapp.analysis import what_if
from gisapp.analysis.study import Study, study
from gisapp.analysis.what_if import Affected, Tally, WhatIf
from gisapp.core.errors import GisappError

if TYPE_CHECKING:
    from gisapp.core.project import Project

HIT = ("direct", "livelihood", "both")


def town(seed: int, n: int = 150) -> Project:
    """Businesses and families on a lattice and off it, in two areas and outside, some unknown."""
    rng = np.random.default_rng(seed)
    places = np.where(rng.random((2 * n, 1)) < 0.5, rng.integers(-6, 32, (2 * n, 2)) * 10.0,
                      rng.uniform(-60, 320, (2 * n, 2)))  # fmt: skip
    points = shapely.points(places)
    points[rng.random(2 * n) < 0.1] = None
    businesses = [
        {"id": f"b{i}", "geometry": points[i] or shapely.Point(1, 1),
         "workers": None if i % 7 == 0 else str(i % 5),
         "net_income_idr_month": None if i % 9 == 0 else 1000.0 + i}
        for i in range(n)
    ]  # fmt: skip
    households = [{"id": f"h{i}", "geometry": points[n + i]} for i in range(n)]
    pairs = {(int(a), int(b)) for a, b in rng.integers(0, n, (n, 2))}
    operates = [
        {"household_id": f"h{a}", "business_id": f"b{b}", "income_share": 0.25 * (a % 5) or None}
        for a, b in sorted(pairs)
    ]
    return project(
        admin=[
            {"id": "1", "code": "01", "geometry": square(0, 0, 140)},
            {"id": "2", "code": "02", "geometry": square(140, 0, 140)},
        ],
        businesses=businesses,
        households=households,
        operates=operates,
        evictions=[{"id": "e", "stage": "sp1", "valid_from": "2026-01-01",
                    "geometry": square(100, 100, 60)}],
    )  # fmt: skip


def with_area(town: Project, polygon: shapely.Geometry) -> Study:
    """The assessment of the town with one more eviction area."""
    from helpers.policy import layer

    more = layer("evictions", [{"id": "w", "stage": "sp1", "valid_from": "2026-01-01",
                                "geometry": polygon}], name="more")  # fmt: skip
    return study(replace(town, layers=(*town.layers, more)), AS_OF)


def columns(about: Any, n_areas: int) -> np.ndarray:
    place = np.where(about.member.place < 0, n_areas, about.member.place)
    return np.where(about.subjects.located, place, n_areas + 1)


def hit(found: Study) -> dict[str, np.ndarray]:
    """What an assessment finds, by admin area."""
    case, what, n = found.case, found.found, len(found.case.admin.codes)
    on_business, at_home = columns(what.businesses, n), columns(what.households, n)
    exposed = what.businesses.exposure.exposed
    frame, links = case.businesses.frame, case.links
    workers = frame["workers"].astype("float64").to_numpy()
    income = frame["net_income_idr_month"].to_numpy()[links.business] * links.share
    used = exposed[links.business] & np.isfinite(income)

    def by(column: np.ndarray, weights: np.ndarray | None = None) -> np.ndarray:
        return np.bincount(column, weights, minlength=n + 2)

    return {
        "businesses": by(on_business[exposed]),
        "families": by(at_home[np.isin(what.impact.impact, HIT)]),
        "workers": by(on_business[exposed], np.nan_to_num(workers[exposed])),
        "workers_unknown": by(on_business[exposed & np.isnan(workers)]),
        "income_idr_month": by(on_business[links.business[used]], income[used]),
        "income_unknown": by(at_home[what.impact.income_unknown]),
    }


def told(tally: Tally) -> dict[str, np.ndarray]:
    return {name: getattr(tally, name) for name in Tally.__annotations__}


def assert_same(one: dict[str, np.ndarray], other: dict[str, np.ndarray]) -> None:
    for name, values in one.items():
        np.testing.assert_allclose(values, other[name], rtol=1e-9, atol=1e-3, err_msg=name)


def polygon_of(seed: int) -> shapely.Geometry:
    """A star, one with a hole, a box on the lattice, or two boxes."""
    rng = np.random.default_rng(seed)
    x, y = rng.uniform(0, 280, 2)
    angle = np.linspace(0, 2 * np.pi, 9, endpoint=False)
    r = rng.uniform(20, 120, 9)
    star = shapely.Polygon(np.column_stack([x + r * np.cos(angle), y + r * np.sin(angle)]))
    cell = shapely.box(*(rng.integers(0, 14, 2) * 10.0), *(rng.integers(15, 30, 2) * 10.0))
    boxes = shapely.union(shapely.box(0, 0, 50, 50), shapely.box(100, 130, 260, 190))
    return [star, star.difference(star.buffer(-12)), cell, boxes][seed % 4]


TOWNS = [study(town(seed), AS_OF) for seed in range(3)]
ASKED = [(town(seed), found, WhatIf.of(found)) for seed, found in enumerate(TOWNS)]
ALONE = [
    WhatIf.of(study(replace(t, layers=tuple(x for x in t.layers if x.kind != "evictions")), AS_OF))
    for t, _found, _ask in ASKED
]


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 2), st.integers(0, 4000))
def test_newly_affected_is_what_an_assessment_with_the_polygon_adds(where: int, seed: int) -> None:
    here, found, ask = ASKED[where]
    polygon = polygon_of(seed)
    after = hit(with_area(here, polygon))
    before, newly = hit(found), told(ask.affected(polygon).newly)
    assert_same(after, {name: before[name] + newly[name] for name in after})


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 2), st.integers(0, 4000))
def test_inside_does_not_depend_on_what_is_in_force(where: int, seed: int) -> None:
    polygon = polygon_of(seed)
    alone = ALONE[where].affected(polygon)
    assert_same(told(ASKED[where][2].affected(polygon).inside), told(alone.inside))
    assert_same(told(alone.inside), told(alone.newly))


@settings(max_examples=25, deadline=None)
@given(st.integers(0, 4000))
def test_without_compiled_kernels_the_answer_is_the_same(seed: int) -> None:
    ask = ASKED[0][2]
    plain = WhatIf(ask.codes, ask.index)
    plain._kernels = None
    ours, theirs = ask.affected(polygon_of(seed)), plain.affected(polygon_of(seed))
    assert_same(told(ours.inside), told(theirs.inside))
    assert_same(told(ours.newly), told(theirs.newly))


def test_a_family_with_four_places_inside_counts_once_and_a_border_covers() -> None:
    corner = shapely.Point(10, 10)
    here = project(
        businesses=[{"id": f"b{i}", "geometry": corner} for i in range(3)],
        households=[{"id": "h", "geometry": shapely.Point(10, 5)}],
        operates=[{"household_id": "h", "business_id": f"b{i}"} for i in range(3)],
    )
    inside = WhatIf.of(study(here, AS_OF)).affected(shapely.box(0, 0, 10, 10)).inside
    assert (inside.businesses.sum(), inside.families.sum()) == (3, 1)
    assert (inside.income_unknown.sum(), inside.workers_unknown.sum()) == (1, 3)
    assert inside.income_idr_month.sum() == 0


def test_a_polygon_far_away_around_everything_and_over_the_edge_of_the_grid() -> None:
    ask = ASKED[1][2]
    nowhere = ask.affected(shapely.box(1e6, 1e6, 1e6 + 5, 1e6 + 5))
    everywhere = ask.affected(shapely.box(-1e6, -1e6, 1e6, 1e6))
    assert not any(values.any() for values in told(nowhere.inside).values())
    assert everywhere.inside.businesses.sum() == TOWNS[1].case.businesses.located.sum()


def test_a_polygon_that_crosses_itself_is_refused() -> None:
    bow = shapely.Polygon([(0, 0), (10, 10), (10, 0), (0, 10)])
    with pytest.raises(GisappError, match="crosses itself"):
        ASKED[0][2].affected(bow)


def test_a_project_without_places_answers_nothing() -> None:
    found = study(project(households=[{"id": "h", "geometry": None}]), AS_OF)
    answer: Affected = WhatIf.of(found).affected(shapely.box(0, 0, 1, 1))
    assert answer.codes == (what_if.OUTSIDE, what_if.NO_LOCATION)
    assert not answer.inside.families.any()
