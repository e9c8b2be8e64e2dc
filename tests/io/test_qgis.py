"""QGIS opens a saved project and shows the same layers in the same colours.

Needs Debian's python3-qgis, which has an interpreter of its own; skipped where there is none.
"""

import json
import subprocess
from dataclasses import replace
from functools import cache
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import shapely
from helpers.small_project import businesses, frame, layer, small_project, text

from gisapp.core.layer import Layer
from gisapp.core.style import (
    Classes,
    Clusters,
    Condition,
    Heat,
    Labels,
    Rule,
    ScaleRange,
    Style,
    Symbol,
    on_date,
)
from gisapp.io.project_file import save_project
from gisapp.io.ramps import ramp
from gisapp.io.styles import load_style
from gisapp.render.classes import classed
from gisapp.render.symbols import rule_of_each

PYTHON = "/usr/bin/python3"
PROBE = Path(__file__).parents[1] / "helpers" / "qgis_probe.py"


@cache
def has_qgis():
    try:
        run = subprocess.run([PYTHON, "-c", "import qgis.core"], capture_output=True, check=False)
    except FileNotFoundError:
        return False
    return run.returncode == 0


pytestmark = pytest.mark.skipif(not has_qgis(), reason="python3-qgis is not installed")


def seen_by_qgis(project, path):
    save_project(project, path)
    names = json.dumps([x.name for x in project.layers] + list(project.tables))
    run = subprocess.run(
        [PYTHON, str(PROBE), str(path), names], capture_output=True, text=True, check=False
    )
    assert run.returncode == 0, run.stderr
    assert "may only be partially supported" not in run.stderr
    return json.loads(run.stdout)


def assert_same_colours(rules, style):
    assert len(rules) == len(style.rules)
    for seen, rule in zip(rules, style.rules, strict=True):
        symbol = rule.symbol
        assert seen["label"] in ("", rule.labels["en"])
        if symbol.fill:
            assert seen["fill"] == symbol.fill
            assert seen["fill_alpha"] == pytest.approx(symbol.fill_opacity, abs=0.01)
        else:
            assert seen["fill_alpha"] == 0
        if symbol.stroke:
            assert (seen["stroke"], seen["stroke_mm"]) == (symbol.stroke, symbol.stroke_mm)


def assert_same_rules_draw(drawn, layer):
    labels = [x.labels["en"] for x in layer.style.rules]
    expected = {
        key: [labels[rule]] if rule >= 0 else []
        for key, rule in zip(layer.frame["id"], rule_of_each(layer.frame, layer.style), strict=True)
    }
    assert drawn == expected


def test_every_layer_opens_with_its_features_renderer_and_colours(tmp_path):
    project = small_project()
    seen = seen_by_qgis(project, tmp_path / "p.gpkg")
    renderers = {"businesses": "singleSymbol", "evictions": "RuleRenderer",
                 "admin": "singleSymbol", "zoning": "categorizedSymbol"}  # fmt: skip
    for one in project.layers:
        found = seen[one.name]
        assert (found["valid"], found["spatial"], found["crs"]) == (True, True, "EPSG:32748")
        assert found["features"] == found["counted"] == len(one.frame)
        assert found["indexed"]
        assert found["renderer"] == renderers[one.name]
        named = one.style.labels.column if one.style.labels else ""
        assert found["labelled_by"] == (named if named in one.frame.columns else "")
        assert_same_colours(found["rules"], one.style)
    assert (seen["rules"]["valid"], seen["rules"]["spatial"]) == (True, False)
    assert seen["rules"]["features"] == 1


@pytest.mark.parametrize(
    "name", ["assessed_businesses", "assessed_households", "conflicts", "zoning"]
)
def test_each_feature_is_drawn_by_the_same_rule(tmp_path, name):
    style = load_style(name)
    column = style.rules[0].when[0].column
    values = [x.when[0].value for x in style.rules if x.when] + [None, "no such code"]
    shapes = [shapely.box(n, 0, n + 1, 1) if name == "zoning" else shapely.Point(n, 0)
              for n in range(len(values))]  # fmt: skip
    found = frame(map(str, range(len(values))), shapes, **{column: text(*values)})
    project = replace(small_project(), layers=(Layer(name, name, found, style),))
    seen = seen_by_qgis(project, tmp_path / "p.gpkg")[name]
    assert seen["renderer"] == "categorizedSymbol"
    assert_same_rules_draw(seen["drawn"], project.layers[0])


def test_evictions_are_drawn_as_on_the_as_of_date(tmp_path):
    style = on_date(load_style("evictions"), "2026-11-01")
    starts = ["2026-01-01", "2026-12-01", "2026-01-01", None, "2026-01-01", "2026-11-01"]
    ends = [None, None, "2026-11-01", None, "2027-01-01", None]
    stages = ["sp1", "sp1", "sp3", "executed", "cancelled", None]
    shapes = [shapely.box(n, 0, n + 1, 1) for n in range(len(stages))]
    found = frame(map(str, range(len(stages))), shapes, stage=text(*stages),
                  valid_from=text(*starts), valid_to=text(*ends))  # fmt: skip
    project = replace(small_project(), layers=(Layer("evictions", "evictions", found, style),))
    seen = seen_by_qgis(project, tmp_path / "p.gpkg")["evictions"]
    assert_same_rules_draw(seen["drawn"], project.layers[0])


def test_rules_with_conditions_of_every_kind_draw_the_same(tmp_path):
    colours = iter(f"#{n:02x}4080" for n in range(0, 256, 20))

    def rule(name, *when):
        return Rule({"en": name}, Symbol(fill=next(colours)), when)

    style = Style(
        "mixed",
        (
            rule("many", Condition("n", "gt", 5.5), Condition("kind", "ne", "it's")),
            rule("some", Condition("n", "ge", 2.0), Condition("n", "lt", 5.0)),
            rule("named", Condition("kind", "in", ("a", 'b"\\', "it's"))),
            rule("sure", Condition("sure", "eq", True)),
            rule("unknown", Condition("n", "missing")),
            rule("little", Condition("n", "le", -1.0)),
        ),
    )
    n = pd.Series([9, 9, None, 3, 5, 0, None, -1, 0, 5.2])
    kind = text("x", "it's", "a", None, 'b"\\', None, None, None, "x", "a b")
    sure = pd.Series([True, None, False, True, None, True, None, False, False, None],
                     dtype="boolean")  # fmt: skip
    points = shapely.points(np.arange(10.0), 0.0)
    found = frame(map(str, range(10)), points, n=n, kind=kind, sure=sure)
    project = replace(small_project(), layers=(Layer("mixed", "other", found, style),))
    seen = seen_by_qgis(project, tmp_path / "p.gpkg")["mixed"]
    assert seen["renderer"] == "RuleRenderer"
    assert_same_colours(seen["rules"], style)
    assert_same_rules_draw(seen["drawn"], project.layers[0])


def test_odd_names_and_mixed_areas_open(tmp_path):
    square = shapely.box(0, 0, 5, 5)
    two = shapely.MultiPolygon([square, shapely.box(10, 0, 15, 5)])
    odd = frame("abc", [square, two, None], Stage=text("x", "y", "z"),
                stage=text("sp1", "sp2", ""), valid_from=text(*["2026-01-01"] * 3))  # fmt: skip
    names = ("Jalan 'Raya' \"Bogor\"", "usaha 😀", "gpkg_own", "[a]", "PKL & warung <b>")
    layers = [replace(layer("evictions", odd), name=name) for name in names]
    project = replace(small_project(), layers=tuple(layers), tables={})
    save_project(project, tmp_path / "p.gpkg")
    stored = ["Jalan 'Raya' \"Bogor\"", "usaha 😀", "layer gpkg_own", "layer [a]",
              "PKL & warung <b>"]  # fmt: skip
    run = subprocess.run(
        [PYTHON, str(PROBE), str(tmp_path / "p.gpkg"), json.dumps(stored)],
        capture_output=True, text=True, check=True,
    )  # fmt: skip
    for found in json.loads(run.stdout).values():
        assert (found["valid"], found["features"], found["counted"]) == (True, 3, 3)
        assert found["renderer"] == "RuleRenderer"
        assert found["columns"] == ["fid", "id", "Stage", "stage_2", "valid_from"]
        assert found["drawn"]["a"] == ["First warning (SP 1)"]


def test_a_style_on_a_column_that_the_layer_lacks_still_draws(tmp_path):
    plain = replace(businesses(), style=load_style("zoning"))
    project = replace(small_project(), layers=(plain,), tables={})
    seen = seen_by_qgis(project, tmp_path / "p.gpkg")["businesses"]
    assert seen["drawn"] == {key: [""] for key in "ABCD"}


CODES = ("a", "b", None, "c")


def points_layer(style, name="spots", **columns):
    n = len(next(iter(columns.values()))) if columns else 4
    found = frame(map(str, range(n)), shapely.points(np.arange(float(n)) * 100, 0.0), **columns)
    return Layer(name, "other", found, style)


def looked_at(tmp_path, *layers):
    project = replace(small_project(), layers=layers, tables={})
    return seen_by_qgis(project, tmp_path / "p.gpkg")


def test_graduated_classes_have_the_breaks_and_colours(tmp_path):
    column = pd.Series([0.0, 5.0, 5.5, 7.5, 9.25, 40.0, 7.0, 1.0])
    start = Style("spots", (), classes=Classes("pop", "quantiles", 4, "viridis"))
    layer = points_layer(start, pop=column)
    layer = replace(layer, style=classed(start, layer.frame))
    seen = looked_at(tmp_path, layer)["spots"]
    limits = layer.style.classes.breaks
    assert seen["renderer"] == "graduatedSymbol"
    assert [x["range"] for x in seen["rules"]] == [
        [low, high] for low, high in zip((0.0, *limits), limits, strict=False)
    ]
    assert [x["fill"] for x in seen["rules"]] == list(ramp("viridis", 4))
    assert_same_rules_draw(seen["drawn"], layer)


def test_missing_values_of_classes_are_drawn_in_qgis_too(tmp_path):
    column = pd.Series([0.0, 5.0, None, 7.5, 9.25])
    start = Style("spots", (), classes=Classes("pop", "equal_interval", 3))
    layer = points_layer(start, pop=column)
    layer = replace(layer, style=classed(start, layer.frame))
    seen = looked_at(tmp_path, layer)["spots"]
    assert seen["renderer"] == "RuleRenderer"
    assert_same_colours(seen["rules"], layer.style)
    assert_same_rules_draw(seen["drawn"], layer)


def test_names_look_the_same(tmp_path):
    looks = Labels("code", 3.4, "#112233", bold=False, halo="#eeddcc", halo_mm=0.9, priority=2,
                   scales=ScaleRange(1000, 15_000))  # fmt: skip
    bare = Labels("code", halo=None)
    along = Labels("code", along=True)
    street = shapely.LineString([(0, 0), (100, 10)])
    streets = Layer("streets", "other", frame("a", [street], code=text("x")),
                    Style("l", (Rule({}, Symbol(stroke="#000000")),), labels=along))  # fmt: skip
    style = Style("s", (Rule({"en": "x"}, Symbol(fill="#d55e00")),), labels=looks)
    seen = looked_at(
        tmp_path,
        points_layer(style, code=text(*CODES)),
        points_layer(replace(style, labels=bare), "bare", code=text(*CODES)),
        streets,
    )
    assert seen["spots"]["labelling"] == {
        "column": "code", "size": [3.4, "MM"], "colour": "#112233", "bold": False,
        "halo": "#eeddcc", "halo_mm": 0.9, "priority": 7, "placement": 6,
        "scales": [1000.0, 15_000.0],
    }  # fmt: skip
    assert seen["bare"]["labelling"]["halo"] is None
    assert seen["bare"]["labelling"]["bold"]
    assert seen["bare"]["labelling"]["scales"] is None
    assert seen["streets"]["labelling"]["placement"] == 3


def test_opacity_and_blending_are_the_layers(tmp_path):
    style = Style("s", (Rule({}, Symbol(fill="#d55e00", fill_opacity=0.5)),))
    blends = {"normal": 0, "multiply": 13, "screen": 14, "darken": 16, "lighten": 17}
    layers = [points_layer(replace(style, opacity=0.35, blend=x), x) for x in blends]
    seen = looked_at(tmp_path, *layers)
    for name, mode in blends.items():  # Qt's numbers for its modes of composition
        assert (seen[name]["opacity"], seen[name]["blend"]) == (pytest.approx(0.35), mode)
        assert seen[name]["rules"][0]["fill_alpha"] == pytest.approx(0.5, abs=0.01)


def test_rules_at_some_scales_carry_them(tmp_path):
    rules = (
        Rule({"en": "near"}, Symbol(fill="#d55e00"), (Condition("code", "eq", "a"),),
             ScaleRange(0, 5000)),
        Rule({"en": "mid"}, Symbol(fill="#0072b2"), (), ScaleRange(2000, 50_000)),
    )  # fmt: skip
    seen = looked_at(tmp_path, points_layer(Style("s", rules), code=text(*CODES)))["spots"]
    assert seen["renderer"] == "RuleRenderer"
    assert [x["scales"] for x in seen["rules"]] == [[0.0, 5000.0], [2000.0, 50_000.0]]
    assert "@map_scale < 5000" in seen["rules"][1]["filter"]


def test_clusters_and_heat_state_the_same_radius(tmp_path):
    style = Style("s", (Rule({"en": "x"}, Symbol(fill="#d55e00")),))
    crowd = replace(style, clusters=Clusters(6.5, "#224466"))
    warm = replace(style, heat=Heat(400.0, "heat", "n"))
    n = pd.Series([1.0, 2.0, 3.0, 4.0])
    seen = looked_at(tmp_path, points_layer(crowd, "crowd", n=n), points_layer(warm, "warm", n=n))
    assert seen["crowd"]["renderer"] == "pointCluster"
    assert seen["crowd"]["grouping"] == {"radius": [6.5, "MM"], "fill": "#224466"}
    assert_same_colours(seen["crowd"]["rules"], style)
    assert seen["warm"]["renderer"] == "heatmapRenderer"
    found = seen["warm"]["grouping"]
    assert found["radius"] == [400.0, "MapUnit"]
    assert (found["weight"], found["from_alpha"]) == ('"n"', 0)
    assert found["colours"] == list(ramp("heat", 21)[3:])


def test_the_sld_beside_it_is_read_with_rules_scales_and_colours(tmp_path):
    rules = (
        Rule({"en": "near"}, Symbol(fill="#d55e00", stroke="#111111"),
             (Condition("code", "eq", "a"),), ScaleRange(0, 5000)),
        Rule({"en": "rest"}, Symbol(fill="#0072b2", fill_opacity=0.4, shape="square")),
    )  # fmt: skip
    style = Style("s", rules, opacity=0.5, labels=Labels("code"))
    seen = looked_at(tmp_path, points_layer(style, code=text(*CODES)))["spots"]["sld"]
    assert seen["renderer"] == "RuleRenderer"
    told = [(x["label"], x["scales"], x["fill"]) for x in seen["rules"]]
    assert told[:3] == [
        ("near", [0.0, 5000.0], "#d55e00"),
        ("rest", [0.0, 5000.0], "#0072b2"),
        ("rest", [5000.0, 0.0], "#0072b2"),
    ]
    assert seen["rules"][1]["fill_alpha"] == pytest.approx(0.2, abs=0.01)


def test_icons_come_along(tmp_path):
    rule = Rule({"en": "market"}, Symbol(fill="#d55e00", icon="market", size_mm=5.0))
    seen = looked_at(tmp_path, points_layer(Style("s", (rule,)), code=text(*CODES)))["spots"]
    assert seen["rules"][0]["layers"] == ["SvgMarker"]
    assert (seen["rules"][0]["fill"], seen["rules"][0]["size_mm"]) == ("#d55e00", 5.0)
    assert seen["sld"]["rules"][0]["fill"] == "#d55e00"
