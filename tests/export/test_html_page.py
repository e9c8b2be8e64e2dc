"""The page as text: what is in it, what is not, and that it is one file."""

import dataclasses
import hashlib
import json
import re
from base64 import b64decode

import numpy as np
import pandas as pd
import pytest
from helpers.exports import page_data
from helpers.naughty import NAUGHTY
from helpers.people import people_project

from gisapp.core.errors import GisappError
from gisapp.core.style import Heat, Labels, Style
from gisapp.export import write
from gisapp.export.html import data_block, page_of
from gisapp.export.page_data import layer_values
from gisapp.privacy.redact import redact

ADDRESS = re.compile(
    r"""(?:src|href)\s*=\s*["']|url\((?!data:|#default)|@import|\bfetch\(|XMLHttp"""
)


@pytest.fixture(scope="module")
def page(tmp_path_factory):
    path = tmp_path_factory.mktemp("page") / "map.html"
    write(redact(people_project(notice="Invented"), "internal"), path, lang="id")
    return path


def test_the_page_asks_for_nothing(page):
    text = page.read_text("utf-8")
    shell = re.sub(r'<script id="gisapp-data".*?</script>', "", text, flags=re.DOTALL)
    markup = re.sub(r"<script>.*?</script>", "", shell, flags=re.DOTALL)
    assert not ADDRESS.search(markup)
    assert not re.search(r"cdn\.|jsdelivr|cloudflare|bootstrapcdn", text)


def test_only_the_scripts_that_were_made_may_run(page):
    text = page.read_text("utf-8")
    policy = re.search(r'Content-Security-Policy" content="([^"]+)"', text)[1]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    for tag in ("script", "style"):
        allowed = set(re.findall(r"'sha256-([^']+)'", policy.split(f"{tag}-src")[1].split(";")[0]))
        codes = re.findall(rf"<{tag}>(.*?)</{tag}>", text, re.DOTALL)
        assert {hashlib.sha256(c.encode()).digest() for c in codes} == {
            b64decode(a) for a in allowed
        }
        assert len(re.findall(rf"<{tag}\b", re.sub(r"<script>.*?</script>", "<script>", text,
                                                   flags=re.DOTALL))) <= len(codes) + 1  # fmt: skip


def test_every_layer_its_legend_and_its_columns_are_in_the_data(page):
    release = redact(people_project(notice="Invented"), "internal")
    told = {layer["name"]: layer for layer in page_data(page)["layers"]}
    assert list(told) == [layer.name for layer in release.layers]
    for layer in release.layers:
        packed = told[layer.name]
        assert sum(rule["count"] for rule in packed["rules"]) == len(layer.frame)
        columns = [f["name"] for f in packed["fields"]]
        assert columns == [c for c in layer.frame.columns if c != "geometry"]


def test_places_are_kept_to_a_tenth_of_a_metre(page):
    frame = redact(people_project(), "internal").layers[1].frame.to_crs("EPSG:4326")
    layer = next(x for x in page_data(page)["layers"] if x["name"] == "assessed_businesses")
    told = layer["points"]["degrees"]
    assert np.abs(told - frame.geometry.get_coordinates().to_numpy()).max() <= 6e-7


def test_the_same_release_gives_the_same_file(tmp_path):
    release = redact(people_project(60, 60), "public")
    assert page_of(release, "en") == page_of(release, "en")


def test_texts_come_back_as_they_were_and_look_like_no_markup():
    block = data_block({"texts": list(NAUGHTY), "deep": [{"a": NAUGHTY[0]}]})
    assert json.loads(block)["texts"] == list(NAUGHTY)
    assert block.isascii()
    assert not re.search(r"[<>&]", block)
    strings = re.findall(r'"(?:[^"\\]|\\.)*"', block)
    assert not any("{" in s or "}" in s for s in strings)


def test_missing_and_strange_values_are_null(tmp_path):
    project = people_project(30, 30)
    layer = project.layer("zoning")
    frame = layer.frame.assign(TBT=pd.array([None, "a", None, "b"], "str"))
    only = dataclasses.replace(layer, frame=frame)
    changed = dataclasses.replace(project, layers=(only,))
    path = tmp_path / "map.html"
    write(redact(changed, "internal"), path, lang="en")
    column = page_data(path)["layers"][0]["values"][-1]
    assert column == [None, "a", None, "b"]


def test_the_page_is_small_and_quick(page):
    assert page.stat().st_size < 600_000


def test_a_folder_that_is_not_there_is_refused(tmp_path):
    release = redact(people_project(20, 20), "public")
    with pytest.raises(GisappError, match="cannot be written"):
        write(release, tmp_path / "nowhere" / "map.html", lang="en")


def test_an_unknown_ending_names_those_there_are(tmp_path):
    release = redact(people_project(20, 20), "public")
    with pytest.raises(GisappError, match=r"\.docx") as caught:
        write(release, tmp_path / "map.docx", lang="en")
    assert ".html" in caught.value.remedy


def test_what_a_format_cannot_hold_is_refused(tmp_path):
    release = redact(people_project(20, 20), "internal", what="subjects")
    with pytest.raises(GisappError, match="subjects") as caught:
        write(release, tmp_path / "map.html", lang="en")
    assert ".csv" in caught.value.remedy


def test_a_surface_is_drawn_as_its_points_and_a_faint_layer_faint():
    layer = people_project(20, 20, assessed=False).layer("businesses")
    surface = dataclasses.replace(layer, style=Style("h", (), heat=Heat(200.0)))
    values = layer_values(surface, {})
    assert [rule["count"] for rule in values["rules"]] == [20]
    faint = dataclasses.replace(layer, style=dataclasses.replace(layer.style, opacity=0.5))
    fills = [x["fill_opacity"] for one in (layer, faint) for x in layer_values(one, {})["rules"]]
    assert fills[1] == fills[0] / 2


def test_a_column_that_does_not_leave_names_nothing_on_the_map():
    layer = people_project(20, 20).layer("admin")
    style = dataclasses.replace(layer.style, labels=Labels("name"))
    named = dataclasses.replace(layer, style=style)
    assert layer_values(named, {})["names"] == "name"
    without = dataclasses.replace(named, frame=layer.frame.drop(columns="name"))
    assert layer_values(without, {})["names"] == ""
    numbers = dataclasses.replace(layer.style, labels=Labels("families"))
    assert layer_values(dataclasses.replace(layer, style=numbers), {})["names"] == ""


def test_a_number_within_narrow_limits_comes_with_them(page):
    fields = {(x["name"], f["name"]): f for x in page_data(page)["layers"] for f in x["fields"]}
    assert fields["conflicts", "stance"]["scale"] == [-3, 3]
    assert "scale" not in fields["conflicts", "finding"]
    assert "scale" not in fields["assessed_businesses", "net_income_idr_month"]
