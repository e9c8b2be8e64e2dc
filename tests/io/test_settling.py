"""The project's area says which CRS unnamed coordinates are in, or nobody does."""

import geopandas as gpd
import numpy as np
import pytest
import shapely
from helpers.sources import CRS, KEY, SQUARE_M, layer, source, table

from gisapp.core.errors import GisappError
from gisapp.core.project import Project
from gisapp.io.importer import import_layer

PLACES = np.array([[706_100.0, 9_299_200.0], [706_500.0, 9_299_500.0], [706_900.0, 9_299_900.0]])


def project(*layers):
    return Project(crs=CRS, key=KEY, layers=layers)


def surveyed():
    return project(layer("admin", geometry=[SQUARE_M]))


def points_in(crs):
    points = gpd.GeoSeries(gpd.points_from_xy(*PLACES.T), crs=CRS).to_crs(crs)
    return [f"{x:.3f}" for x in points.x], [f"{y:.3f}" for y in points.y]


@pytest.mark.parametrize("crs", ["EPSG:32748", "EPSG:23834", "EPSG:32749", "EPSG:3857"])
@pytest.mark.parametrize("swapped", [False, True])
def test_the_only_crs_that_lies_in_the_area_is_taken(crs, swapped):
    x, y = points_in(crs)[:: -1 if swapped else 1]
    got = import_layer(surveyed(), source(table(id=["a", "b", "c"], x=x, y=y)), "businesses")
    assert got.report.source_crs == crs
    assert got.report.repairs["reprojected"] == 3
    assert shapely.get_coordinates(got.frame.geometry) == pytest.approx(PLACES, abs=0.01)
    assert any(crs in note for note in got.report.notes)


def test_shapes_as_text_are_settled_too():
    wkt = [f"POINT({x} {y})" for x, y in zip(*points_in("EPSG:23834"), strict=True)]
    got = import_layer(surveyed(), source(table(id=["a", "b", "c"], wkt=wkt)), "businesses")
    assert got.report.source_crs == "EPSG:23834"


@pytest.mark.parametrize("layers", [(), None])
def test_without_an_area_the_user_is_asked(layers):
    x, y = points_in("EPSG:32748") if layers == () else (["5"] * 3, ["70500"] * 3)
    given = project() if layers == () else surveyed()
    with pytest.raises(GisappError, match="which CRS"):
        import_layer(given, source(table(id=["a", "b", "c"], x=x, y=y)), "businesses")


def test_what_the_user_names_goes_first():
    x, y = points_in("EPSG:32748")
    src = source(table(id=["a", "b", "c"], x=x, y=y))
    got = import_layer(surveyed(), src, "businesses", crs="EPSG:32748")
    assert got.report.repairs == {}
    assert got.report.accepted == 3
