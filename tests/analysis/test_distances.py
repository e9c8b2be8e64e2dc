"""Straight-line distances to the nearest support area in force."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from helpers import policy
from helpers.policy import point, square

from gisapp.analysis.distances import ANY_KIND, Distances, spread, support_distances
from gisapp.analysis.study import study

SUPPORT = (
    {"id": "S1", "support_kind": "lokbin", "valid_from": "2020-01-01", "geometry": square(0, 0)},
    {"id": "S2", "support_kind": "pasar", "valid_from": "2020-01-01", "geometry": point(1000, 50)},
    {"id": "S3", "support_kind": "pasar", "valid_from": "2020-01-01", "valid_to": "2021-01-01",
     "geometry": square(300, 0)},
    {"id": "S4", "support_kind": "pasar", "geometry": square(300, 0)},
)  # fmt: skip
BUSINESSES = (
    {"id": "B1", "geometry": point(50, 50)},
    {"id": "B2", "geometry": point(400, 50)},
    {"id": "B3", "geometry": None},
)


def found(**more: Any) -> Distances:
    kinds: dict[str, Any] = {
        "businesses": BUSINESSES,
        "households": ({"id": "H1", "geometry": point(1000, 1050)},),
        "support_areas": SUPPORT,
        "admin": ({"id": "A", "code": "1", "geometry": square(-10, -10, 500)},),
        "evictions": (
            {"id": "E", "stage": "sp1", "valid_from": "2026-01-01", "geometry": square(350, 0)},
        ),
    }
    return support_distances(study(policy.project(**{**kinds, **more})))


def test_inside_is_zero_and_only_what_is_in_force_counts() -> None:
    metres = found().metres["businesses"]
    assert metres[ANY_KIND][:2].tolist() == [0.0, 300.0]
    assert metres["lokbin"][:2].tolist() == [0.0, 300.0]
    assert metres["pasar"][:2].tolist() == [950.0, 600.0]  # drawn as a point
    assert np.isnan(metres[ANY_KIND][2])


def test_groups_tell_their_own_spread() -> None:
    answer = found()
    affected, others = answer.by_exposure["businesses"]
    assert (affected.n, affected.median_m) == (1, 300.0)
    assert (others.n, others.unknown, others.median_m) == (1, 1, 0.0)
    (area,) = answer.by_admin["businesses"]
    assert (area.n, area.median_m, area.p90_m) == (2, 150.0, 270.0)
    (home,) = answer.by_admin["households"]
    assert (home.n, home.unknown) == (0, 0)
    assert answer.by_support["households"][ANY_KIND].beyond == (1.0, 0.0)  # 1,000 m is not beyond


def test_without_a_support_area_no_distance_is_known() -> None:
    answer = found(support_areas=())
    assert np.isnan(answer.metres["businesses"][ANY_KIND]).all()
    nothing = answer.by_support["businesses"][ANY_KIND]
    assert (nothing.n, nothing.unknown) == (0, 3)
    assert np.isnan(nothing.median_m)


def test_a_spread_by_hand() -> None:
    told = spread(np.array([0.0, 100.0, 600.0, 1100.0, np.nan]))
    assert (told.n, told.unknown, told.median_m) == (4, 1, 350.0)
    assert told.p90_m == pytest.approx(950.0)
    assert told.beyond == (0.5, 0.25)


def test_another_question_about_the_same_findings_does_not_measure_again() -> None:
    project = policy.project(businesses=BUSINESSES, support_areas=SUPPORT)
    assert support_distances(study(project)) is support_distances(study(project))


def test_a_support_area_that_moves_as_a_point_is_measured_anew() -> None:
    project = policy.project(businesses=BUSINESSES[:2], support_areas=SUPPORT[1:2])
    before = support_distances(study(project)).metres["businesses"]["pasar"]
    moved = {**SUPPORT[1], "geometry": point(50, 50)}
    project = project.with_layer(policy.layer("support_areas", [moved]))
    after = support_distances(study(project)).metres["businesses"]["pasar"]
    assert (before.tolist(), after.tolist()) == ([950.0, 600.0], [0.0, 350.0])
