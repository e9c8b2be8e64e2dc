"""The project's area comes from its admin layers, else its extent, else its CRS."""

import numpy as np
import shapely
from helpers.sources import SQUARE_M, layer, project

from gisapp.core.project import Project
from gisapp.io.area import area_extent, project_area

FAR = shapely.box(800_000, 9_299_000, 800_100, 9_299_100)


def holds(area, x, y):
    return area.holds(np.array([float(x)]), np.array([float(y)]))[0]


def test_the_admin_layers_go_first():
    area = project_area(project(layer("sites", geometry=[FAR.centroid])))
    assert holds(area, 706_500, 9_299_500)
    assert not holds(area, *FAR.centroid.coords[0])


def test_else_the_extent_of_the_layers():
    homes = layer("households", geometry=[SQUARE_M.centroid, None])
    area = project_area(Project(layers=(homes, layer("sites", geometry=[FAR.centroid]))))
    assert holds(area, 750_000, 9_299_300)
    assert not holds(area, 750_000, 9_301_000)


def test_its_extent_is_known_without_its_shape():
    sites = layer("sites", geometry=[FAR.centroid])
    for made in (project(sites), Project(layers=(sites, layer("households", geometry=[SQUARE_M])))):
        assert area_extent(made) == project_area(made).shape.bounds
    assert area_extent(Project()) is None
    assert area_extent(Project(layers=(layer("conflicts", geometry=[FAR]),))) is None


def test_a_result_and_the_layer_to_be_replaced_do_not_count():
    found = layer("conflicts", geometry=[FAR.centroid])
    old = layer("sites", geometry=[FAR.centroid])
    homes = layer("households", geometry=[SQUARE_M.centroid])
    area = project_area(Project(layers=(found, old, homes)), replacing="sites")
    assert not holds(area, *FAR.centroid.coords[0])


def test_else_where_the_crs_is_used():
    nowhere = layer("households", geometry=[None])
    for empty in (Project(), Project(layers=(nowhere,))):
        area = project_area(empty)
        assert holds(area, 706_500, 9_299_500)
        assert not holds(area, 106.8, -6.3)
        assert not holds(area, np.inf, np.inf)
