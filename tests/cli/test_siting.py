"""gisapp sites and gisapp relocate: the keys, the sums, and what is refused."""

import json
from dataclasses import replace

import pytest
from helpers import policy
from helpers.policy import point, square

from gisapp.cli import main
from gisapp.io.project_file import create_project, save_project
from gisapp.io.styles import load_style


@pytest.fixture(scope="module")
def project(tmp_path_factory):
    made = policy.project(
        businesses=[{"id": f"B{i}", "activity": "Warung", "geometry": point(5 + i, 50)}
                    for i in range(6)],
        households=[{"id": "H1", "geometry": point(20, 50)}, {"id": "H2"}],
        evictions=[{"id": "E1", "stage": "sp1", "valid_from": "2026-01-01",
                    "geometry": square(0, 40, 30)}],
        sites=[{"id": "T1", "name": "Lokbin", "capacity": 4, "occupied": 1,
                "geometry": point(60, 50)},
               {"id": "T2", "name": "Pasar", "geometry": point(70, 50)},
               {"id": "T3", "name": "Kali", "capacity": 9, "occupied": 0,
                "geometry": point(10, 50)}],
    )  # fmt: skip
    layers = tuple(replace(x, style=load_style("other")) for x in made.layers)
    whole = replace(create_project(), layers=layers, parameters=made.parameters)
    path = tmp_path_factory.mktemp("siting") / "p.gpkg"
    save_project(whole, path)
    return path


def asked(capsys, *words):
    code = main([str(word) for word in words])
    told = capsys.readouterr()
    return code, told.out, told.err


def test_sites_are_chosen_and_what_is_left_out_is_named(project, capsys):
    before = project.read_bytes()
    code, out, _err = asked(capsys, "sites", project, "--choose", 1, "--reach", 45, "--json")
    assert code == 0
    assert json.loads(out) == {
        "chosen": [{"id": "T1", "demand": 1, "mean_distance_m": 40.0}],
        "covered": 1, "demand_total": 1, "coverage": 1.0, "optimal": True, "gap": 0.0,
        "placeless": 0, "excluded": [{"id": "T3", "reason": "eviction"}],
    }  # fmt: skip
    assert project.read_bytes() == before


def test_stalls_find_room_as_far_as_there_is_any(project, capsys):
    code, out, _err = asked(capsys, "relocate", project, "--json")
    assert code == 0
    told = json.loads(out)
    assert (told["placed"], told["unplaced"]) == (3, 3)
    assert told["by_site"] == [{"id": "T1", "placed": 3, "free": 3}]
    assert told["capacity_unknown"] == ["T2"]
    assert told["mean_distance_m"] == pytest.approx(51.0)


@pytest.mark.parametrize("lang", ["id", "en"])
def test_both_answer_in_words(project, capsys, lang):
    code, out, _err = asked(
        capsys, "sites", project, "--choose", 1, "--reach", 60, "--demand", "businesses",
        "--lang", lang,
    )  # fmt: skip
    assert code == 0
    assert "T3" in out
    code, out, _err = asked(capsys, "relocate", project, "--lang", lang)
    assert code == 0
    assert "T2" in out


@pytest.mark.parametrize(
    "words",
    [("--choose", 3, "--reach", 45), ("--choose", 1, "--reach", 2),
     ("--choose", 1, "--reach", 45, "--candidates", "nowhere"),
     ("--choose", 1, "--reach", 45, "--as-of", "2020-01-01")],
)  # fmt: skip
def test_what_cannot_be_served_is_an_error_with_a_remedy(project, capsys, words):
    code, out, err = asked(capsys, "sites", project, *words)
    assert code == 3
    assert out == ""
    assert [line.split(":")[0] for line in err.splitlines()] == ["error", "remedy"]


def test_where_nothing_is_exposed_none_must_move(project, capsys):
    code, _out, err = asked(capsys, "relocate", project, "--as-of", "2020-01-01")
    assert code == 3
    assert "remedy:" in err
