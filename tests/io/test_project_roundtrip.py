"""What is saved is what is loaded, whatever users call their layers and columns."""

import tempfile
from dataclasses import replace
from pathlib import Path

from helpers.projects import assert_same_project, projects
from hypothesis import HealthCheck, given, settings

from gisapp.io.project_file import load_project, save_project


@settings(max_examples=30)
@given(projects())
def test_a_loaded_project_equals_the_saved_one(project):
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "p.gpkg"
        save_project(project, path)
        assert_same_project(load_project(path), project)


# Two projects are many choices: hypothesis gives up more draws than it likes before it has one.
@settings(max_examples=12, suppress_health_check=[HealthCheck.filter_too_much])
@given(projects(), projects())
def test_saving_over_an_earlier_value_leaves_nothing_of_it(first, second):
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "p.gpkg"
        save_project(first, path)
        shared = first.layers[:1]
        layers = (*second.layers, *shared) if not names(shared) & names(second.layers) else shared
        edited = replace(second, layers=layers)
        save_project(edited, path, saved=first)
        assert_same_project(load_project(path), edited)


def names(layers):
    return {x.name for x in layers}
