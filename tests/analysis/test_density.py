"""Counts by unit, their denominators and intervals, and the units themselves."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely
from helpers import policy
from helpers.policy import point, square
from scipy.stats import binomtest

from gisapp.analysis.counting_units import (
    NO_UNIT,
    CountingUnits,
    counting_units,
    usual_units,
)
from gisapp.analysis.density import (
    Counted,
    counted,
    density,
    poisson_interval,
    wilson_interval,
)
from gisapp.analysis.patterns import neighbours
from gisapp.analysis.study import study
from gisapp.core.errors import GisappError
from gisapp.core.layer import Layer

if TYPE_CHECKING:
    from gisapp.core.project import Project

CIRACAS = Path(__file__).parents[2] / "../shared/data/ciracas"
KELURAHAN = (
    {"id": "A1", "code": "1", "name": "Barat", "level": "kelurahan", "population": "2000",
     "families": "500", "geometry": square(0, 0, 1000)},
    {"id": "A2", "code": "2", "name": "Timur", "level": "kelurahan", "population": "0",
     "geometry": square(1000, 0, 1000)},
)  # fmt: skip


def a_project(**more: Any) -> Project:
    """Two kelurahan; of four located businesses two are prohibited, one lies outside."""
    kinds: dict[str, Any] = {
        "admin": KELURAHAN,
        "businesses": (
            {"id": "B1", "activity": "Bengkel", "geometry": point(100, 100)},
            {"id": "B2", "activity": "Warung", "geometry": point(150, 100)},
            {"id": "B3", "activity": "Bengkel", "geometry": point(1000, 100)},
            {"id": "B4", "activity": "Warung", "geometry": point(5000, 100)},
            {"id": "B5", "activity": "Bengkel", "geometry": None},
        ),
        "households": (
            {"id": "H1", "geometry": point(1500, 500)},
            {"id": "H2", "geometry": point(1600, 900)},
            {"id": "H3", "geometry": None},
        ),
        "operates": (
            {"id": "1", "household_id": "H2", "business_id": "B1"},
            {"id": "2", "household_id": "H3", "business_id": "B1"},
        ),
        "zoning": (
            {"id": "Z", "KODSZN_1": "R", "BST": "", "geometry": square(0, 0, 1200)},
        ),
        "rules": (
            {"id": "1", "subzone": "R", "kbli_prefix": "", "permission": "I"},
        ),
        "evictions": (
            {"id": "E", "stage": "sp2", "valid_from": "2026-01-01", "geometry": square(50, 50)},
        ),
    }  # fmt: skip
    return policy.project(**{**kinds, **more})


def asked(project: Project, measure: Any) -> tuple[Counted, CountingUnits]:
    units = counting_units(project, "kelurahan")
    return counted(study(project), units, measure), units


# ---------------------------------------------------------------- counts


@pytest.mark.parametrize(
    ("measure", "count", "assessed", "outside", "no_location"),
    [
        ("businesses", [3, 0], None, 1, 1),  # B3 lies on the shared border
        ("families", [0, 2], None, 0, 1),
        ("conflicts", [2, 0], [3, 2], 0, 0),
        ("affected", [0, 1], [0, 2], 0, 1),
        ("contradictory", [2, 0], [3, 2], 0, 0),
        ("prohibited", [0, 0], [3, 0], 0, 0),
    ],
)
def test_counts_and_what_lies_elsewhere_add_up(
    measure: str, count: list[int], assessed: list[int], outside: int, no_location: int
) -> None:
    found, _units = asked(a_project(), measure)
    assert found.count.tolist() == count
    assert (None if found.assessed is None else found.assessed.tolist()) == assessed
    assert (found.outside, found.no_location) == (outside, no_location)
    assert found.total == sum(count) + outside + no_location


def test_a_prohibited_business_counts_where_it_stands() -> None:
    rules = ({"id": "1", "subzone": "R", "kbli_prefix": "", "permission": "X"},)
    found, _units = asked(a_project(rules=rules), "prohibited")
    assert found.count.tolist() == [3, 0]
    assert found.total == 3  # B4 is outside the plan, B5 has no place


# ---------------------------------------------------------------- denominators


def test_a_density_is_by_the_area_of_the_unit() -> None:
    found = density(*asked(a_project(), "businesses"), "km2")
    assert found.denominator.tolist() == [1.0, 1.0]
    assert found.value.tolist() == [3.0, 0.0]
    assert found.unstable.tolist() == [True, True]
    assert found.high[1] == pytest.approx(3.6889, abs=1e-4)  # Garwood's limit of none


def test_a_denominator_that_is_zero_or_not_known_gives_no_density() -> None:
    counts, units = asked(a_project(), "businesses")
    by_people = density(counts, units, "inhabitants")
    assert by_people.value[0] == pytest.approx(1.5)  # 3 per 2,000
    assert np.isnan(by_people.value[1])
    by_families = density(counts, units, "families")
    assert by_families.value[0] == pytest.approx(6.0)
    assert by_families.known.tolist() == [True, False]
    assert np.isnan(by_families.low[1])


def test_a_share_is_of_those_assessed() -> None:
    found = density(*asked(a_project(), "conflicts"), "assessed")
    assert found.value == pytest.approx([200 / 3, 0.0])
    nobody = density(*asked(a_project(households=()), "conflicts"), "assessed")
    assert np.isnan(nobody.value[1])


def test_all_of_them_have_no_share() -> None:
    with pytest.raises(GisappError, match="no share"):
        density(*asked(a_project(), "families"), "assessed")


# ---------------------------------------------------------------- intervals


def test_the_poisson_interval_is_garwood_s() -> None:
    low, high = poisson_interval(np.array([0, 1, 10, 100]))
    assert low == pytest.approx([0.0, 0.0253, 4.7954, 81.3640], abs=1e-3)
    assert high == pytest.approx([3.6889, 5.5716, 18.3904, 121.6270], abs=1e-3)


@pytest.mark.parametrize(("count", "n"), [(0, 7), (3, 7), (7, 7), (81, 263)])
def test_the_share_s_interval_is_wilson_s(count: int, n: int) -> None:
    low, high = wilson_interval(np.array([count]), np.array([n]))
    known = binomtest(count, n).proportion_ci(method="wilson")
    assert (low[0], high[0]) == pytest.approx((known.low, known.high))


# ---------------------------------------------------------------- units


@pytest.mark.parametrize("kind", ["hexagons", "squares"])
def test_cells_fill_the_admin_areas_and_nothing_else(kind: Any) -> None:
    units = counting_units(a_project(), kind, 130.0)
    assert units.area_km2.sum() == pytest.approx(2.0, abs=1e-9)
    assert shapely.union_all(units.polygons).area == pytest.approx(2e6, abs=1e-3)
    assert len(set(units.codes)) == len(units)


def test_a_hexagon_has_six_neighbours_at_its_width() -> None:
    units = counting_units(a_project(), "hexagons", 100.0)
    centre = int(np.argmin(shapely.distance(units.polygons, shapely.Point(1000, 500))))
    west, south, east, north = shapely.bounds(units.polygons[centre])
    assert east - west == pytest.approx(100.0)
    assert north - south == pytest.approx(200.0 / np.sqrt(3))
    assert neighbours(units.polygons).degree[centre] == 6


def test_a_cell_is_the_same_in_every_project() -> None:
    wide = counting_units(a_project(), "squares", 100.0)
    narrow = counting_units(a_project(admin=KELURAHAN[:1]), "squares", 100.0)
    code = narrow.codes[7]
    same = wide.polygons[np.flatnonzero(wide.codes == code)[0]]
    assert same.equals(narrow.polygons[7])


def test_too_many_cells_are_refused() -> None:
    with pytest.raises(GisappError, match="too many"):
        counting_units(a_project(), "squares", 2.0)


def test_units_that_are_not_there_are_refused() -> None:
    with pytest.raises(GisappError, match="rw"):
        counting_units(a_project(), "rw")
    with pytest.raises(GisappError, match="admin layer"):
        counting_units(a_project(admin=()), "hexagons")


def test_the_order_of_rows_changes_nothing() -> None:
    units = counting_units(a_project(), "kelurahan")
    turned = counting_units(a_project(admin=KELURAHAN[::-1]), "kelurahan")
    assert units.codes.tolist() == turned.codes.tolist()
    assert units.population.tolist() == turned.population.tolist()


def test_the_rw_of_ciracas_as_openstreetmap_has_them() -> None:
    path = CIRACAS / "ciracas_rw_osm2012.geojson"
    if not path.exists():
        pytest.skip(f"{path.name} is not on this machine")
    frame = gpd.read_file(path).to_crs("EPSG:32748")
    named = frame["KEL_NAME"].astype("str") + " " + frame["RW"].astype("str")
    rows = pd.DataFrame({"id": frame["OBJECTID"].astype("str"), "name": named, "level": "rw"})
    shapes = gpd.GeoSeries(shapely.make_valid(frame.geometry.to_numpy()), crs=frame.crs)
    layer = Layer("rw", "admin", gpd.GeoDataFrame(rows, geometry=shapes), policy.PLAIN)
    project = policy.project(layer, businesses=({"id": "B", "geometry": point(0, 0)},))
    assert usual_units(project) == "rw"
    units = counting_units(project, "rw")
    assert len(units) == 51
    assert units.slivers.sum() == 1
    assert units.area_km2[units.slivers] < 1e-3
    assert (neighbours(units.polygons).degree > 0).sum() >= 49
    assert units.unit_of(study(project).case.businesses).tolist() == [NO_UNIT]
