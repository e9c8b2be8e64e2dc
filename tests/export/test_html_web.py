"""The page in a real browser engine, with the network refused."""

import dataclasses
import json
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from helpers.browser import visit
from helpers.exports import page_data
from helpers.naughty import NAUGHTY
from helpers.people import SIDE_M, SOUTH, WEST, layer, people_project, style

from gisapp.core.style import Rule, Symbol
from gisapp.export import write
from gisapp.privacy.redact import redact

pytest.importorskip("PySide6.QtWebEngineCore", reason="the web engine is not installed")
pytestmark = [pytest.mark.web, pytest.mark.xdist_group("web")]

BLNS = Path(__file__).parents[2] / "../shared/corpus/blns/blns.json"
LEGEND = """[...document.querySelectorAll('.layer-list > li')].map((li) => ({
  name: li.dataset.layer, title: li.querySelector('.layer-title').textContent,
  checked: li.querySelector('input').checked, hidden: li.querySelector('.legend').hidden,
  entries: [...li.querySelectorAll('.legend li:not(.unplaced)')].map((e) => e.textContent)}))"""
# Click on every feature of a layer and read what its popup says of one column.
CLICK_ALL = """(function (name, column) {
  const { layer } = Object.values(map_gisapp._layers).find((x) => x.layer?.name === name);
  const label = layer.fields.find((f) => f.name === column).label.en || column;
  const told = [];
  const { degrees } = layer.points;
  for (let i = 0; i < degrees.length; i += 2) {
    map_gisapp.fire('click', { latlng: L.latLng(degrees[i + 1], degrees[i]) });
    const popup = [...document.querySelectorAll('.popup')].at(-1);  // the one before fades out
    const row = [...popup.querySelectorAll('tr')]
      .find((tr) => tr.querySelector('th').textContent === label);
    told.push(row ? row.querySelector('td').textContent : null);
  }
  return told;
})(%s, %s)"""


def page_of(project, folder, preset="internal", lang="en"):
    path = folder / "map.html"
    write(redact(project, preset, recipient="LBH"), path, lang=lang)
    return path


@pytest.mark.parametrize("preset", ["internal", "partner", "public"])
def test_the_page_works_without_a_network(tmp_path, preset):
    path = page_of(people_project(200, 300), tmp_path, preset)
    seen = visit(path, [LEGEND])
    assert seen.requests == []
    assert seen.console == []
    layers = page_data(path)["layers"]
    legend = seen.answers[0]
    assert [entry["name"] for entry in legend] == [x["name"] for x in layers]
    for entry, packed in zip(legend, layers, strict=True):
        shown = [f"{r['label']['en']}{r['count']:,}" for r in packed["rules"] if r["count"]]
        assert entry["entries"] == shown
        assert entry["checked"] == packed["visible"] == (not entry["hidden"])


def test_a_layer_that_is_turned_off_leaves_map_and_legend(tmp_path):
    inked = """(function () { const c = document.querySelector('canvas.leaflet-zoom-animated');
      const copy = new OffscreenCanvas(c.width, c.height)
        .getContext('2d', {willReadFrequently: true});
      copy.drawImage(c, 0, 0);
      return [...copy.getImageData(0, 0, c.width, c.height).data]
        .filter((v, i) => i % 4 === 3 && v > 0).length; })()"""
    off = """document.querySelectorAll('.layer-list input').forEach((b) => {
      if (b.checked) b.click(); })"""
    seen = visit(page_of(people_project(200, 300), tmp_path), [inked, off, "1", inked, LEGEND])
    before, _off, _wait, after, legend = seen.answers
    assert before > 1000
    assert after == 0
    assert all(entry["hidden"] for entry in legend)
    assert seen.console == []


def test_a_click_tells_the_facts_and_the_language_turns_them(tmp_path):
    project = people_project(40, 0)
    only = dataclasses.replace(project, layers=(project.layer("assessed_businesses"),
                                                project.layer("businesses")))  # fmt: skip
    turn = "document.querySelector('.languages [lang=id]').click()"
    head = "[document.documentElement.lang, document.querySelector('.layer-title').textContent]"
    clicks = CLICK_ALL % ('"assessed_businesses"', '"name"')
    seen = visit(page_of(only, tmp_path), [clicks, head, turn, head])
    names = set(project.layer("businesses").frame["name"])
    assert set(seen.answers[0]) <= names
    assert seen.answers[1] == ["en", "assessed_businesses"]
    assert seen.answers[3] == ["id", "assessed_businesses (id)"]
    assert seen.console == []


def test_the_keyboard_reaches_the_features(tmp_path):
    project = people_project(30, 30)
    enter = """(function () { const map = map_gisapp.getContainer(); map.focus();
      map.dispatchEvent(new KeyboardEvent('keydown', {key: 'Enter', bubbles: true}));
      return [document.activeElement === map, !!document.querySelector('.popup tr'),
              map.getAttribute('aria-label').length > 20]; })()"""
    seen = visit(page_of(project, tmp_path), [enter])
    assert seen.answers[0] == [True, True, True]


def test_on_a_phone_nothing_is_wider_than_the_screen(tmp_path):
    wide = "document.documentElement.scrollWidth <= window.innerWidth"
    page = page_of(people_project(100, 100, notice=" ".join(NAUGHTY)), tmp_path)
    seen = visit(page, [wide, "window.innerWidth"], 390, 844)
    assert seen.answers == [True, 390]


def naughty_project(texts):
    """A project in which every text that a user can give is one of `texts`, and the points of
    which lie far apart, one for each of them."""
    side = int(np.ceil(np.sqrt(len(texts))))
    step = SIDE_M / side
    xy = np.array([(WEST + 5 * step * (i % side), SOUTH + step * (i // side))
                   for i in range(len(texts))])  # fmt: skip
    frame = pd.DataFrame({
        "id": pd.array([f"B{i}" for i in range(len(texts))], "str"),
        "name": pd.array(texts, "str"),
        texts[0]: pd.array(texts, "str"),
    })  # fmt: skip
    import geopandas as gpd

    rule = Rule({"en": texts[1], "id": texts[2]}, Symbol(fill="#123456"))
    named = dataclasses.replace(style("x"), rules=(rule,))
    businesses = layer("businesses", frame, gpd.points_from_xy(*xy.T), title=texts[3], style=named)
    return dataclasses.replace(
        people_project(5, 5, assessed=False), layers=(businesses,), title=texts[4], notice=texts[5]
    )


def check_texts(texts, folder):
    page = page_of(naughty_project(texts), folder)
    shown = """[document.title, ...['h1', '.notice', '.layer-title', '.legend li span']
      .map((q) => document.querySelector(q).textContent), String(window.ran), window.origin]"""
    seen = visit(page, [CLICK_ALL % ('"businesses"', '"name"'),
                        CLICK_ALL % ('"businesses"', json.dumps(texts[0])), shown])  # fmt: skip
    for answer in seen.answers[:2]:
        assert [told or "" for told in answer] == texts
    title, heading, notice, layer_title, rule, ran, _origin = seen.answers[2]
    assert (heading, notice, layer_title, rule) == (texts[4], texts[5], texts[3], texts[1])
    assert title == " ".join(texts[4].split())
    assert ran == "undefined"
    assert seen.console == []
    assert seen.requests == []


@pytest.mark.parametrize("turn", [0, 6, 12])
def test_no_text_runs_or_changes(tmp_path, turn):
    texts = [*NAUGHTY[turn:], *NAUGHTY[:turn]]
    check_texts(texts, tmp_path)


@pytest.mark.skipif(not BLNS.exists(), reason="the list of naughty strings is not here")
def test_the_list_of_naughty_strings_is_shown_as_it_is(tmp_path):
    texts = [x for x in json.loads(BLNS.read_text("utf-8")) if x]
    check_texts([*NAUGHTY[:6], *dict.fromkeys(texts)], tmp_path)
