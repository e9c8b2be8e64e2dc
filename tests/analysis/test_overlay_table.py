"""The partition of the ground: every margin adds up, and nothing counts twice."""

from __future__ import annotations

import math
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
import shapely
from helpers.policy import AS_OF, layer, point, project, square
from hypothesis import given
from hypothesis import strategies as st

from gisapp.analysis.overlay_table import (
    KEYS,
    OverlayTable,
    displayed,
    eviction_ground,
    margin,
    overlay_frame,
    overlay_summary,
    overlay_table,
    totals,
    usual_level,
)
from gisapp.analysis.study import study
from gisapp.core.errors import GisappError

if TYPE_CHECKING:
    from gisapp.core.project import Project


def zone(name: str, code: str, geometry: shapely.Geometry) -> dict[str, Any]:
    return {"id": name, "KODSZN_1": code, "geometry": geometry, "valid_from": "2022-01-01"}


def eviction(name: str, stage: str, geometry: shapely.Geometry) -> dict[str, Any]:
    return {"id": name, "stage": stage, "geometry": geometry, "valid_from": "2026-01-01"}


def area(code: str, geometry: shapely.Geometry, level: str = "kelurahan") -> dict[str, Any]:
    return {"id": code, "code": code, "name": f"K {code}", "level": level, "geometry": geometry}


def town() -> Project:
    """Two kelurahan of 100 × 100 m, two zones that overlap by 10 m, two evictions that do too."""
    return project(
        admin=[area("01", square(0, 0)), area("02", square(100, 0))],
        zoning=[
            zone("Z1", "K-1", shapely.box(0, 0, 110, 50)),
            zone("Z2", "R-2", shapely.box(100, 0, 210, 50)),
        ],
        evictions=[
            eviction("E1", "sp1", shapely.box(20, 20, 60, 80)),
            eviction("E2", "sp3", shapely.box(50, 20, 70, 80)),
            eviction("E3", "cancelled", shapely.box(0, 0, 200, 100)),
        ],
        businesses=[
            {"id": "in two evictions", "geometry": point(55, 30)},
            {"id": "where zones overlap", "geometry": point(105, 10)},
            {"id": "far away", "geometry": point(900, 900)},
        ],
        households=[
            {"id": "at home", "geometry": point(30, 70)},
            {"id": "nowhere", "geometry": None},
        ],
    )


def found(table: OverlayTable) -> dict[tuple[str, ...], tuple[float, int, int]]:
    numbers = table.rows[["area_m2", "businesses", "families"]].itertuples(index=False, name=None)
    keys = table.rows[list(KEYS)].itertuples(index=False, name=None)
    return {key: (round(a, 6), b, f) for key, (a, b, f) in zip(keys, numbers, strict=True)}


def test_each_spot_has_one_row() -> None:
    assert found(overlay_table(town(), as_of=AS_OF)) == {
        ("", "", "01"): (3500.0, 0, 0),
        ("", "sp1", "01"): (900.0, 0, 1),
        ("", "sp3", "01"): (600.0, 0, 0),
        ("K-1", "", "01"): (3500.0, 0, 0),
        ("K-1", "sp1", "01"): (900.0, 0, 0),
        ("K-1", "sp3", "01"): (600.0, 1, 0),
        ("", "", "02"): (5000.0, 0, 0),
        ("K-1;R-2", "", "02"): (500.0, 1, 0),
        ("R-2", "", "02"): (4500.0, 0, 0),
        ("R-2", "", "outside"): (500.0, 0, 0),
        ("", "", "outside"): (0.0, 1, 0),
    }


def test_overlaps_and_subjects_without_a_place_are_told_apart() -> None:
    table = overlay_table(town(), as_of=AS_OF)
    assert table.overlap_m2 == pytest.approx({"zoning": 500, "evictions": 600, "admin": 0})
    assert table.no_location == {"businesses": 0, "families": 1}
    assert table.admin_m2 == pytest.approx(20_000)


def test_every_margin_adds_up_to_the_whole() -> None:
    table = overlay_table(town(), as_of=AS_OF)
    whole = totals(table.rows)
    assert whole["area_m2"] == pytest.approx(20_500, rel=1e-9)
    assert (whole["businesses"], whole["families"]) == (3, 1)
    for key in KEYS:
        rows = margin(table, key)
        for name, value in whole.items():
            assert math.fsum(row[name] for row in rows) == pytest.approx(value, rel=1e-12)


def test_stages_come_in_their_order() -> None:
    table = overlay_table(town(), as_of=AS_OF)
    assert [row["stage"] for row in margin(table, "stage")] == ["", "sp1", "sp3"]


def test_slivers_are_counted_and_stay_in_every_sum() -> None:
    here = replace(town(), layers=tuple(x for x in town().layers if x.kind != "zoning"))
    strip = layer("zoning", [zone("Z", "K-1", shapely.box(0, 0, 99.8, 100))])
    here = replace(here, layers=(*here.layers, strip))
    table = overlay_table(here, as_of=AS_OF)
    (row,) = (r for r in margin(table, "zone") if r["zone"] == "")
    assert row["slivers"] == 1
    assert row["sliver_m2"] == pytest.approx(0.2 * 100)
    assert totals(table.rows)["area_m2"] == pytest.approx(20_000)
    assert totals(overlay_table(here, as_of=AS_OF, sliver_m=0.1).rows)["slivers"] == 0


def test_shared_borders_of_any_direction_leave_no_sliver() -> None:
    corners = np.array(
        [[0, 0], [1000 / 3, 77.7], [731.13, 400 / 7], [900, 0], [900, 500], [0, 500]]
    )
    origin = np.array([706_000, 9_296_000])
    whole = shapely.Polygon(corners + origin)
    cut = shapely.LineString(np.array([[-10, 333.3], [950, 211.1]]) + origin)
    one, other = shapely.get_parts(shapely.ops.split(whole, cut))
    table = overlay_table(
        project(
            admin=[area("01", whole)],
            zoning=[zone("a", "A", one), zone("b", "B", other)],
            businesses=[{"id": "x", "geometry": point(706_000, 9_296_100)}],
        )
    )
    assert totals(table.rows)["slivers"] == 0
    assert totals(table.rows)["area_m2"] == pytest.approx(whole.area, rel=1e-9)
    assert len(table.rows) == 2


def test_the_order_of_rows_changes_nothing() -> None:
    here = town()
    turned = replace(
        here,
        layers=tuple(
            replace(x, frame=x.frame.iloc[::-1].reset_index(drop=True)) for x in here.layers[::-1]
        ),
    )
    one, other = (overlay_summary(overlay_table(x, as_of=AS_OF)) for x in (here, turned))
    assert one == other


def test_evictions_by_sub_zone_and_the_ground_behind_them() -> None:
    table = overlay_table(town(), as_of=AS_OF)
    told = table.by_eviction.round(6).to_dict("records")
    assert told == [
        {"eviction_id": "E1", "zone": "K-1", "area_m2": 1200.0, "share": 0.5},
        {"eviction_id": "E2", "zone": "K-1", "area_m2": 600.0, "share": 0.5},
    ]
    ground = eviction_ground(study(town(), AS_OF))
    assert {key: shape.area for key, shape in ground.items()} == {
        ("E1", "K-1"): 1200.0,
        ("E2", "K-1"): 600.0,
    }


def test_the_lower_code_has_what_two_admin_areas_cover() -> None:
    here = project(
        admin=[area("02", square(0, 0)), area("01", square(50, 0))],
        businesses=[{"id": "b", "geometry": point(75, 50)}],
    )
    table = overlay_table(here, as_of=AS_OF)
    assert found(table) == {("", "", "01"): (10_000.0, 1, 0), ("", "", "02"): (5_000.0, 0, 0)}
    assert table.overlap_m2["admin"] == pytest.approx(5_000)


def test_the_finest_level_is_taken_and_a_missing_one_refused() -> None:
    both = project(
        admin=[area("01", square(0, 0)), area("01.1", square(0, 0), "rw")],
        businesses=[{"id": "b", "geometry": point(1, 1)}],
    )
    assert usual_level(both) == "rw"
    assert overlay_table(both).by == "rw"
    assert usual_level(project()) == ""
    with pytest.raises(GisappError, match="no areas of the level rw"):
        overlay_table(town(), by="rw")


def test_without_any_area_only_the_subjects_are_left() -> None:
    table = overlay_table(project(businesses=[{"id": "b", "geometry": point(1, 1)}]))
    assert found(table) == {("", "", "outside"): (0.0, 1, 0)}
    assert not len(overlay_frame(table))


def test_a_layer_of_it_has_ids_and_only_ground() -> None:
    frame = overlay_frame(overlay_table(town(), as_of=AS_OF))
    assert frame["id"].is_unique
    assert frame["stage"].isna().sum() == 6
    assert set(frame.geom_type) <= {"Polygon", "MultiPolygon"}
    assert "– / – / 01" in set(frame["id"])


@given(st.lists(st.floats(0, 1e7), min_size=1, max_size=30))
def test_displayed_areas_add_up(values: list[float]) -> None:
    shown = displayed(values)
    assert round(math.fsum(shown), 1) == round(math.fsum(x * 10 for x in values)) / 10
    assert np.abs(shown - values).max() <= 0.1 + 1e-6


SURVEY = Path(__file__).parents[2] / "../shared/data/ciracas"


@pytest.mark.skipif(not SURVEY.exists(), reason="the survey's data is not here")
def test_the_ground_of_ciracas_adds_up_to_its_kelurahan() -> None:
    import geopandas as gpd

    def read(kind: str, path: Path) -> Any:
        frame = gpd.read_file(path).to_crs("EPSG:32748")
        frame["id"] = frame["id"].astype("str") if "id" in frame else frame.index.astype("str")
        frame.geometry = frame.make_valid()
        return replace(layer(kind, [{"geometry": None}]), frame=frame)

    kelurahan = read("admin", SURVEY / "field/admin.geojson")
    here = project(
        kelurahan,
        read("zoning", SURVEY / "field/zoning_rdtr.geojson"),
        read("evictions", SURVEY / "field/evictions.geojson"),
        businesses=[{"id": "b", "geometry": point(1, 1)}],
    )
    table = overlay_table(here, by="kelurahan", as_of=AS_OF)
    rows = table.rows[table.rows["admin_code"] != "outside"]
    assert math.fsum(rows["area_m2"]) == pytest.approx(kelurahan.frame.union_all().area, rel=1e-6)
    twice = math.fsum(kelurahan.frame.area) - table.admin_m2
    assert table.overlap_m2["admin"] == pytest.approx(twice, rel=1e-6)
