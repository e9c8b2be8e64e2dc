"""Totals as intervals: what lies beyond a boundary, what families share, what adds up."""

from dataclasses import replace
from itertools import product

import numpy as np
import pytest
import shapely
from helpers.policy import layer, point, project, square
from helpers.survey import survey_project, survey_truth

from gisapp.analysis.assess import assess
from gisapp.analysis.chances import class_chances, exposed_chances, stage_chances
from gisapp.analysis.family_chances import family_chances
from gisapp.analysis.study import study
from gisapp.analysis.totals import intervals_summary, main_totals, totals
from gisapp.core.policy import CONFORMITY_CLASSES, IMPACTS

AS_OF = "2026-11-01"
# So many points of a ring meet also a corner that it passes by 5 cm, 30 m away.
RING = 2_000
IN_FORCE = {"valid_from": "2026-01-01"}


def zone(row_id, geometry, permission):
    column = {"permitted": "IZN", "limited": "TBT", "conditional": "BST"}.get(permission)
    names = {column: "Warung"} if column else {}
    return {"id": row_id, "KODSZN_1": row_id, "geometry": geometry, **names}


def stall(x, y=50.0, row_id="B1", precision=15.15):
    return {"id": row_id, "geometry": point(x, y), "activity": "Warung",
            "gps_precision_m": precision}  # fmt: skip


def other_class(zones, x, y=50.0):
    chances = class_chances(study(project(businesses=[stall(x, y)], zoning=zones), AS_OF))
    return CONFORMITY_CLASSES[chances.other[0]]


LEFT = zone("L", square(0, 0), "limited")


@pytest.mark.parametrize(
    ("zones", "x", "beyond"),
    [
        ([LEFT, zone("R", square(100, 0), "permitted")], 95, "permitted"),
        ([LEFT, zone("R", square(100, 0), "conditional")], 95, "conditional"),
        ([LEFT], 95, "outside_plan"),
        ([LEFT], 105, "limited"),
        ([LEFT, zone("R", square(100, 0), "nothing")], 95, "no_rule"),
        # A class's own neighbour is not its other side, what lies behind it is.
        (
            [LEFT, zone("M", shapely.box(100, 0, 105, 100), "limited"),
             zone("R", square(105, 0), "permitted")],
            95, "permitted",
        ),
        # A lenient zone that lies under the strict one goes on where that one ends.
        ([LEFT, zone("U", square(-50, -50, 300), "permitted")], 95, "permitted"),
        # One that ends where the strict one ends does not.
        ([LEFT, zone("U", square(0, 0), "permitted")], 95, "outside_plan"),
        # Far from every boundary the class is the class.
        ([LEFT], 50, "limited"),
    ],
)  # fmt: skip
def test_the_other_side_is_what_lies_beyond_the_nearest_boundary(zones, x, beyond):
    assert other_class(zones, x) == beyond


def test_at_an_inner_corner_of_two_zones_the_other_side_is_beyond_the_corner():
    ell = [zone("A", shapely.box(0, 0, 100, 40), "limited"),
           zone("B", shapely.box(0, 0, 40, 100), "limited"),
           zone("C", shapely.box(40, 40, 100, 100), "permitted")]  # fmt: skip
    assert other_class(ell, 35, 35) == "permitted"


@pytest.mark.parametrize("seed", range(2))
def test_the_other_side_is_on_a_circle_just_wider_than_the_margin(seed):
    rng = np.random.default_rng(seed)
    permissions = ["permitted", "limited", "conditional", "nothing"]
    zones = [
        zone(f"Z{i}", shapely.box(x, y, x + w, y + h), permissions[i % 4])
        for i, (x, y, w, h) in enumerate(
            zip(*rng.uniform(0, 160, (2, 14)), *rng.uniform(15, 80, (2, 14)), strict=True)
        )
    ]
    stalls = [stall(x, y, f"B{i}") for i, (x, y) in enumerate(rng.uniform(0, 220, (30, 2)))]
    found = study(project(businesses=stalls, zoning=zones), AS_OF)
    chances, sure = class_chances(found), found.found.conformity_certainty
    asked = np.flatnonzero((chances.p < 1) & (chances.p > 0.51))
    assert len(asked) > 10
    turn = np.linspace(0, 2 * np.pi, RING, endpoint=False)
    ring_m = np.array([sure.sigma_m[i] * _quantile(chances.p[i]) for i in asked]) + 0.05
    centre = shapely.get_coordinates([stalls[i]["geometry"] for i in asked])
    x = (centre[:, :1] + ring_m[:, None] * np.cos(turn)).ravel()
    y = (centre[:, 1:] + ring_m[:, None] * np.sin(turn)).ravel()
    around = [stall(*xy, f"T{k}") for k, xy in enumerate(zip(x.tolist(), y.tolist(), strict=True))]
    ranks = study(project(businesses=around, zoning=zones), AS_OF).found.conformity.rank
    for i, ring in zip(asked.tolist(), ranks.reshape(-1, RING).tolist(), strict=True):
        assert chances.other[i] in set(ring) - {chances.found[i]}


def _quantile(p):
    from statistics import NormalDist

    return NormalDist().inv_cdf(float(p))


EVICTIONS = [
    {"id": "E1", "stage": "sp1", "geometry": square(0, 0), **IN_FORCE},
    {"id": "E2", "stage": "sp3", "geometry": square(100, 0), **IN_FORCE},
]


def test_a_stage_has_its_own_boundary_and_exposure_another():
    found = study(project(businesses=[stall(98)], evictions=EVICTIONS), AS_OF)
    assert exposed_chances(found.found.businesses)[0] == pytest.approx(1.0)
    row = totals(found).businesses
    assert row["sp1"].mean == pytest.approx(0.5793, abs=1e-4)  # Φ(0.2)
    assert row["sp3"].mean == pytest.approx(0.4207, abs=1e-4)
    chances = stage_chances(found, found.found.businesses)
    assert chances.p[0] == pytest.approx(0.5793, abs=1e-4)


def shared(seed):
    """Families that share businesses, near the border of an eviction area."""
    rng = np.random.default_rng(seed)
    stalls = [stall(x, 50, f"B{i}") for i, x in enumerate(rng.uniform(85, 115, 5))]
    homes = [
        {"id": f"H{i}", "geometry": point(x, 50), "gps_precision_m": 15.15}
        for i, x in enumerate(rng.uniform(85, 160, 5))
    ]
    links = {(int(rng.integers(5)), int(rng.integers(5))) for _ in range(8)}
    operates = [
        {"id": f"O{h}{b}", "household_id": f"H{h}", "business_id": f"B{b}", "income_share": 1.0}
        for h, b in sorted(links)
    ]
    return project(businesses=stalls, households=homes, operates=operates, evictions=EVICTIONS[:1])


@pytest.mark.parametrize("seed", range(6))
@pytest.mark.parametrize("impact", ["affected", "direct", "livelihood", "both", "none"])
def test_families_that_share_businesses_are_counted_over_every_way_they_may_lie(seed, impact):
    found = study(shared(seed), AS_OF)
    chances, everyone = family_chances(found), np.ones(5, dtype=bool)
    if seed == 0:
        assert chances.tied
    expected = np.zeros(6)
    p = [*exposed_chances(found.found.households), *exposed_chances(found.found.businesses)]
    links = list(zip(found.case.links.household, found.case.links.business, strict=True))
    for state in product((False, True), repeat=10):
        weight = np.prod([q if hit else 1 - q for q, hit in zip(p, state, strict=True)])
        homes, shops = state[:5], state[5:]
        works = [any(shops[b] for h, b in links if h == family) for family in range(5)]
        hit = {
            "affected": [h or w for h, w in zip(homes, works, strict=True)],
            "direct": [h and not w for h, w in zip(homes, works, strict=True)],
            "livelihood": [w and not h for h, w in zip(homes, works, strict=True)],
            "both": [h and w for h, w in zip(homes, works, strict=True)],
            "none": [not h and not w for h, w in zip(homes, works, strict=True)],
        }[impact]
        expected[sum(hit)] += weight
    assert chances.pmf(impact, everyone) == pytest.approx(expected, abs=1e-12)
    mean = float(expected @ np.arange(6))
    assert chances.p(impact).sum() == pytest.approx(mean)


@pytest.fixture(scope="module")
def survey():
    survey_truth()
    return survey_project()


@pytest.fixture(scope="module")
def of_survey(survey):
    return totals(study(survey, AS_OF))


def test_what_is_found_is_what_assess_tells(survey, of_survey):
    summary = assess(survey, AS_OF).summary
    found = intervals_summary(of_survey)
    for class_ in CONFORMITY_CLASSES:
        told = summary["conformity"]["businesses"][class_]
        assert found["conformity"]["businesses"][class_]["found"] == told
    for kind in ("businesses", "households"):
        for stage, total in found["exposure"][kind].items():
            assert total["found"] == summary["exposure"][kind][stage]
    for impact in IMPACTS:
        assert found["families"][impact]["found"] == summary["families"][impact]
    for key in ("exposed", "families", "exposed_income_idr_month"):
        assert summary["intervals"][key] == found[key]


def test_every_row_adds_up_to_everyone(survey, of_survey):
    n_businesses, n_families = len(survey.layer("businesses").frame), 1_200
    for row, n in (
        (of_survey.classes, n_businesses),
        (of_survey.businesses, n_businesses),
        (of_survey.households, n_families),
    ):
        assert sum(total.found for total in row.values()) == n
        assert sum(total.mean for total in row.values()) == pytest.approx(n)
    families = {k: t for k, t in of_survey.main.families.items() if k != "affected"}
    assert sum(total.mean for total in families.values()) == pytest.approx(n_families)
    by_area = [area.businesses[c] for area in of_survey.areas for c in CONFORMITY_CLASSES]
    assert sum(total.mean for total in by_area) == pytest.approx(n_businesses)
    affected = [area.households["affected"].mean for area in of_survey.areas]
    assert sum(affected) == pytest.approx(of_survey.main.families["affected"].mean)


def test_no_total_depends_on_the_order_of_rows(survey, of_survey):
    shuffled = survey
    for kind in ("businesses", "households", "zoning", "evictions"):
        frame = survey.layer(kind).frame.sample(frac=1, random_state=3).reset_index(drop=True)
        shuffled = shuffled.with_layer(replace(survey.layer(kind), frame=frame))
    assert intervals_summary(totals(study(shuffled, AS_OF))) == intervals_summary(of_survey)


def test_income_is_a_sum_over_businesses_not_over_links():
    """Two families share one stall at the border: they lose its income together or not at all."""
    stalls = [{**stall(100), "net_income_idr_month": 1_000.0}]
    homes = [{"id": f"H{i}", "geometry": point(500, 50)} for i in range(2)]
    operates = [
        {"id": f"O{i}", "household_id": f"H{i}", "business_id": "B1", "income_share": 0.5}
        for i in range(2)
    ]
    made = project(businesses=stalls, households=homes, operates=operates, evictions=EVICTIONS[:1])
    income = main_totals(study(made, AS_OF)).income
    assert income.mean == pytest.approx(500.0)
    assert income.intervals == ((pytest.approx(0.0, abs=0.1), pytest.approx(1_000.0, abs=0.1)),) * 2


def test_nobody_to_count_gives_nothing():
    found = totals(study(project(households=[]).with_layer(layer("businesses", [])), AS_OF))
    assert found.main.families["affected"].intervals == ((0.0, 0.0), (0.0, 0.0))
    assert found.found_apart == ()
