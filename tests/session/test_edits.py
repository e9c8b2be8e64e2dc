"""Edits are pure: the project before stays what it was."""

from dataclasses import replace

import pytest
import shapely
from helpers.projects import assert_same_project
from helpers.small_project import businesses, frame, layer, small_project, text

from gisapp.analysis.assess import assess
from gisapp.core.basemap import Basemap
from gisapp.core.errors import GisappError
from gisapp.core.layer import Layer
from gisapp.core.project import MapView, Parameters
from gisapp.io.catalogue import load_catalogue
from gisapp.io.project_file import create_project, load_project, save_project
from gisapp.io.styles import load_style
from gisapp.session import edits

POINT = [shapely.Point(0, 0)]
AREA = [shapely.box(0, 0, 1, 1)]


def of_kind(kind, shapes=POINT, name=""):
    return Layer(name or kind, kind, frame("a", shapes), load_style("other"))


def order(project):
    return [x.name for x in project.layers]


def test_layers_lie_where_their_kind_is_drawn_however_they_come():
    kinds = ["admin", "zoning", "conflicts", "businesses", "evictions", "support_areas",
             "households", "assessed_households", "sites", "assessed_businesses"]  # fmt: skip
    forth = back = create_project()
    for kind in kinds:
        forth = edits.add_layer(of_kind(kind))(forth)
    for kind in reversed(kinds):
        back = edits.add_layer(of_kind(kind))(back)
    drawn = ["conflicts", "assessed_businesses", "assessed_households", "sites", "businesses",
             "households", "evictions", "support_areas", "admin", "zoning"]  # fmt: skip
    assert order(forth) == order(back) == drawn


def test_every_kind_of_the_catalogue_has_its_place():
    kinds = [x for x in load_catalogue().kinds.values() if x.geometry != "table"]
    for kind in kinds:
        assert kind.name in edits.DRAWING_ORDER or kind.geometry == "any"


@pytest.mark.parametrize(("shapes", "place"), [(POINT, 0), (AREA, 1), ([None], 0)])
def test_another_layer_lies_by_its_geometry(shapes, place):
    project = edits.add_layer(of_kind("evictions", AREA))(create_project())
    added = edits.add_layer(of_kind("other", shapes))(project)
    assert order(added).index("other") == place


def test_a_layer_of_the_same_name_takes_its_place():
    project = edits.move_layer("businesses", 2)(small_project())
    again = edits.add_layer(businesses())(project)
    assert order(again) == order(project)
    assert again.layer("businesses") is not project.layer("businesses")


def test_a_new_layer_of_a_kind_lies_on_those_that_are_there():
    project = edits.add_layer(of_kind("evictions", AREA, "new"))(small_project())
    assert order(project) == ["businesses", "new", "evictions", "admin", "zoning"]


@pytest.mark.parametrize("position", range(4))
def test_a_layer_is_moved_to_where_it_is_wanted(position):
    project = edits.move_layer("admin", position)(small_project())
    assert order(project)[position] == "admin"
    assert sorted(order(project)) == sorted(order(small_project()))


def test_each_edit_changes_what_it_says_and_nothing_else():
    project = small_project()
    style = load_style("other")
    changed = {
        edits.retitle_layer("admin", " Wilayah "): {"title": "Wilayah"},
        edits.show_layer("admin", visible=False): {"visible": False},
        edits.restyle_layer("admin", style): {"style": style},
    }
    for edit, values in changed.items():
        wanted = project.with_layer(replace(project.layer("admin"), **values))
        assert_same_project(edit(project), wanted)
    assert edits.set_view(MapView(1, 2, 3))(project).view == MapView(1, 2, 3)
    assert edits.set_title(" A ")(project).title == "A"
    assert edits.remove_table("rules")(project).tables == {}
    assert order(edits.remove_layer("admin")(project)) == ["businesses", "evictions", "zoning"]
    assert_same_project(project, replace(small_project(), uuid=project.uuid, key=project.key))


def test_another_date_keeps_the_other_parameters():
    asked = edits.set_parameters(Parameters(unlisted="prohibited"))(small_project())
    assert edits.set_as_of("2027-01-31")(asked).parameters == Parameters(
        as_of="2027-01-31", unlisted="prohibited"
    )
    assert edits.set_as_of("")(asked).parameters.as_of == ""


@pytest.mark.parametrize("wrong", ["31/01/2027", "2027-02-30", "tomorrow"])
def test_what_is_no_date_is_refused(wrong):
    with pytest.raises(GisappError, match="is not a date"):
        edits.set_as_of(wrong)


class TestAssessed:
    @pytest.fixture
    def project(self):
        project = small_project()
        kept = layer("evictions", frame(["E1"], [project.layer("businesses").frame.union_all()
                     .buffer(8)], stage=text("sp2"), valid_from=text("2026-01-01")))  # fmt: skip
        return project.with_layer(kept)

    def test_results_become_layers_on_top_and_tables(self, project):
        done = edits.assessed(project, assess(project))
        results = ["conflicts", "assessed_businesses", "assessed_households"]
        assert order(done) == [*results, *order(project)]
        assert {"contradiction_pairs", "totals", "rules"} == set(done.tables)
        assert all(done.layer(x).style == load_style(x) for x in results)
        assert len(done.layer("conflicts").frame) > 0

    def test_the_run_is_kept_with_its_totals(self, project):
        assessment = assess(project)
        done = edits.assessed(project, assessment)
        run = done.runs[-1]
        assert len(done.runs) == len(project.runs) + 1
        assert (run.parameters, run.inputs) == (assessment.parameters, assessment.inputs)
        assert run.summary == assessment.summary

    def test_a_date_that_was_asked_for_becomes_the_projects(self, project):
        done = edits.assessed(project, assess(project, "2026-03-01"))
        assert done.parameters == replace(project.parameters, as_of="2026-03-01")

    def test_plain_subjects_are_hidden_the_first_time_only(self, project):
        done = edits.assessed(project, assess(project))
        assert not done.layer("businesses").visible
        shown = edits.show_layer("businesses", visible=True)(done)
        again = edits.assessed(shown, assess(shown))
        assert again.layer("businesses").visible

    def test_what_the_user_made_of_earlier_results_stays(self, project):
        done = edits.assessed(project, assess(project))
        done = edits.move_layer("conflicts", 3)(done)
        done = edits.retitle_layer("conflicts", "Mine")(done)
        done = edits.restyle_layer("conflicts", load_style("other"))(done)
        again = edits.assessed(done, assess(done))
        assert order(again) == order(done)
        kept = again.layer("conflicts")
        assert (kept.title, kept.style) == ("Mine", load_style("other"))

    def test_totals_add_up_to_the_number_of_subjects(self, project):
        done = edits.assessed(project, assess(project))
        totals = done.tables["totals"].frame
        mine = totals[(totals["subject_kind"] == "businesses") & (totals["class"] != "total")]
        assert mine["count"].sum() == len(project.layer("businesses").frame)

    def test_results_are_saved_and_loaded_as_they_are(self, project, tmp_path):
        done = edits.assessed(project, assess(project))
        save_project(done, tmp_path / "p.gpkg")
        assert_same_project(load_project(tmp_path / "p.gpkg"), done)


def test_the_style_of_evictions_follows_the_as_of_date():
    layer = replace(of_kind("evictions", AREA), style=load_style("evictions"))
    project = edits.set_as_of("2026-11-01")(edits.add_layer(layer)(create_project()))
    assert project.layer("evictions").style.rules[0].when[0].value == "2026-11-01"
    late = edits.add_layer(replace(layer, name="late"))(project)
    assert late.layer("late").style.rules[0].when[0].value == "2026-11-01"
    cleared = edits.set_as_of("")(late)
    assert cleared.layer("late").style == load_style("evictions")
    assert edits.set_as_of("2026-11-01")(late).layers is late.layers


def test_a_basemap_changes_the_ground_alone_and_the_same_one_nothing():
    before, tiles = small_project(), Basemap("tiles", "OpenTopoMap", 0.5)
    after = edits.set_basemap(tiles)(before)
    assert_same_project(after, replace(before, basemap=tiles))
    assert edits.set_basemap(tiles)(after) is after
