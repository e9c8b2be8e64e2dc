"""What a stranger sees of the page: its legend, the names on the map, the words of its popups."""

import dataclasses
import json

import pytest
from helpers.browser import visit
from helpers.exports import page_data
from helpers.naughty import NAUGHTY
from helpers.people import CODES, NAMES, admin_layer, people_project

from gisapp.core.style import Labels
from gisapp.export import write
from gisapp.privacy.redact import redact

pytest.importorskip("PySide6.QtWebEngineCore", reason="the web engine is not installed")
pytestmark = [pytest.mark.web, pytest.mark.xdist_group("web")]

PHONE = (390, 844)
AA_CONTRAST = 4.5
BOX = """(function (q) { const r = document.querySelector(q).getBoundingClientRect();
  return {left: r.left, top: r.top, right: r.right, bottom: r.bottom}; })(%r)"""
TOGGLE = "document.getElementById('legend-toggle')"
STATE = f"""[{TOGGLE}.getAttribute('aria-expanded'), {TOGGLE}.textContent,
  document.getElementById('legend-body').checkVisibility(), document.activeElement.id]"""
PRESS = """(function () { %s.dispatchEvent(
  new KeyboardEvent('keydown', {key: '%s', bubbles: true})); })()"""
SPANS = """[...document.querySelectorAll('.area-name')].map((span) => {
  const r = span.getBoundingClientRect();
  return {text: span.textContent, markup: span.childElementCount,
          box: [r.left, r.top, r.right, r.bottom],
          catches: getComputedStyle(span).pointerEvents}; })"""
# What the popup of a feature says, row by row, and its note.
POPUP = """(function (name, row) {
  const path = Object.values(map_gisapp._layers).find((x) => x.layer && x.layer.name === name);
  const i = path.layer.points.row.indexOf(row);
  const [left, top, right, bottom] = path.shapes[row]?.box ?? [];
  const at = i < 0 ? L.point((left + right) / 2, (top + bottom) / 2)
    : L.point(path.pointsPx[2 * i], path.pointsPx[2 * i + 1]);
  map_gisapp.fire('click', { latlng: map_gisapp.layerPointToLatLng(at) });
  const popup = [...document.querySelectorAll('.popup')].at(-1);
  return {heading: popup.querySelector('h2').textContent,
          note: popup.querySelector('.small')?.textContent ?? '',
          rows: Object.fromEntries([...popup.querySelectorAll('tr')].map((tr) =>
            [tr.querySelector('th').textContent, tr.querySelector('td').textContent]))};
})(%s, %d)"""
INDONESIAN = "document.querySelector('.languages [lang=id]').click()"
# The contrast of every text that is seen with what lies behind it, the worst first.
CONTRAST = """(function () {
  const rgb = (text) => text.match(/[\\d.]+/g).map(Number);
  const light = ([r, g, b]) => [r, g, b].map((c) => c / 255)
    .map((c) => (c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4))
    .reduce((sum, c, i) => sum + c * [0.2126, 0.7152, 0.0722][i], 0);
  const behind = (node) => { for (let at = node; at; at = at.parentElement) {
    const colour = rgb(getComputedStyle(at).backgroundColor);
    if ((colour[3] ?? 1) === 1) return colour; } return [255, 255, 255]; };
  const told = [];
  const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (texts.nextNode()) {
    const { parentElement: node, data } = texts.currentNode;
    if (!data.trim() || /SCRIPT|STYLE|NOSCRIPT/.test(node.tagName) || !node.checkVisibility())
      continue;
    const [a, b] = [light(rgb(getComputedStyle(node).color)), light(behind(node))];
    told.push([(Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05), node.className, data]);
  }
  return told.sort((x, y) => x[0] - y[0]);
})()"""


def page_of(project, folder, preset="internal", lang="en"):
    path = folder / "map.html"
    write(redact(project, preset), path, lang=lang)
    return path


def named(project, names=NAMES):
    """The project with the names of its areas on the map."""
    admin = admin_layer()
    shown = dataclasses.replace(
        admin,
        frame=admin.frame.assign(name=list(names)),
        style=dataclasses.replace(admin.style, labels=Labels("name")),
    )
    layers = tuple(shown if layer.name == "admin" else layer for layer in project.layers)
    return dataclasses.replace(project, layers=layers)


def overlap(a, b):
    return a[0] < b[2] and b[0] < a[2] and a[1] < b[3] and b[1] < a[3]


def test_the_legend_is_in_the_first_screenful_and_covers_nothing(tmp_path):
    page = page_of(people_project(100, 100), tmp_path)
    west = page_data(page)["bounds"][0]
    drawn = f"map_gisapp.latLngToContainerPoint([map_gisapp.getCenter().lat, {west}]).x"
    seen = visit(page, [BOX % "#legend", BOX % ".legend .swatch", STATE, drawn])
    box, swatch, state, west_px = seen.answers
    assert box["top"] >= 0
    assert box["bottom"] <= 800
    assert 0 < swatch["top"] < 200
    assert state[:3] == ["true", "Layers and legend", True]
    assert west_px > box["right"]
    assert seen.console == []


def test_the_legend_closes_and_opens_by_keyboard(tmp_path):
    tick = "document.querySelector('#legend input')"
    seen = visit(page_of(people_project(30, 30), tmp_path),
                 [f"{tick}.focus()", PRESS % (tick, "Escape"), STATE,
                  f"{TOGGLE}.click()", STATE])  # fmt: skip
    assert seen.answers[2] == ["false", "Layers and legend", False, "legend-toggle"]
    assert seen.answers[4] == ["true", "Layers and legend", True, "legend-toggle"]


def test_on_a_phone_a_button_opens_the_legend_as_a_sheet(tmp_path):
    map_box = BOX % "#map_gisapp"
    steps = [STATE, BOX % "#legend", map_box, f"{TOGGLE}.click()", STATE, BOX % "#legend"]
    seen = visit(page_of(people_project(30, 30), tmp_path, lang="id"), steps, *PHONE)
    closed, button, screen, _click, opened, sheet = seen.answers
    assert closed[:3] == ["false", "Lapisan dan legenda", False]
    assert button["bottom"] - button["top"] >= 44
    assert button["bottom"] <= screen["bottom"]
    assert opened[0] == "true"
    assert sheet["top"] > 200
    assert sheet["bottom"] == 844


def test_a_layer_that_is_turned_off_takes_its_names_along(tmp_path):
    page = page_of(named(people_project(30, 30)), tmp_path)
    off = "document.querySelector('[data-layer=admin] input').click()"
    shut = f"{TOGGLE}.click()"  # the wider map has room for every name
    seen = visit(page, [shut, "document.querySelector('.whole').click()", SPANS, off, SPANS])
    assert {span["text"] for span in seen.answers[2]} == set(NAMES)
    assert seen.answers[4] == []


def test_names_do_not_cover_each_other_or_catch_clicks_and_go_where_they_would_not_fit(tmp_path):
    page = page_of(named(people_project(30, 30)), tmp_path)
    far = "(map_gisapp.setZoom(9, {animate: false}), 0)"
    near = f"(map_gisapp.setView({json.dumps(middle_of(page))}, 16, {{animate: false}}), 0)"
    seen = visit(page, [SPANS, near, SPANS, far, SPANS, BOX % "#legend"])
    whole, _near, close, _far, afar, legend = seen.answers
    for spans in (whole, close):
        assert spans
        boxes = [span["box"] for span in spans]
        assert not any(overlap(a, b) for i, a in enumerate(boxes) for b in boxes[:i])
        assert all(box[0] >= legend["right"] for box in boxes)
        assert {span["catches"] for span in spans} == {"none"}
    assert afar == []


def middle_of(page):
    west, south, east, north = page_data(page)["bounds"]
    return [(south + north) / 2, (west + east) / 2]


def test_a_name_on_the_map_is_text_and_nothing_else(tmp_path):
    names = ["<b onclick=x>A</b>", "{{ 7*7 }}", "\u202etrebor", "${1}", "&amp;"]
    shut = f"{TOGGLE}.click()"
    seen = visit(page_of(named(people_project(30, 30), names), tmp_path),
                 [shut, "document.querySelector('.whole').click()", SPANS])  # fmt: skip
    assert {span["text"] for span in seen.answers[2]} == set(names)
    assert {span["markup"] for span in seen.answers[2]} == {0}


def test_a_popup_speaks_in_words_of_each_language(tmp_path):
    project = people_project(60, 0)
    conflicts = project.layer("conflicts")
    chosen = conflicts.frame[conflicts.frame["finding"] == "eviction"].iloc[[0]]
    chosen = chosen.assign(stage="sp1", stance=-2, severity=2).reset_index(drop=True)
    layers = (dataclasses.replace(conflicts, frame=chosen), project.layer("evictions"),
              project.layer("admin"))  # fmt: skip
    alone = tuple(dataclasses.replace(x, visible=x.name == "conflicts") for x in layers)
    page = page_of(dataclasses.replace(project, layers=alone), tmp_path)
    ask = POPUP % ('"conflicts"', 0)
    english, _turn, indonesian = visit(page, [ask, INDONESIAN, ask]).answers
    area = chosen["admin_code"].iloc[0]
    told = english["rows"]
    assert told["Eviction stage"] == "First warning (SP 1)"
    assert told["Policy area"] == "Penertiban (E01)"
    assert told["Admin code"] == f"{NAMES[CODES.index(area)]} ({area})"
    assert told["Stance"] == "−2 on a scale of −3 to 3"
    assert told["As of"] == "1 November 2026"
    assert indonesian["rows"]["Tahap penggusuran"] == "SP 1"
    assert indonesian["rows"]["Sikap"] == "−2 pada skala −3 sampai 3"
    assert all(value.strip() for value in (told | indonesian["rows"]).values())


def test_money_and_numbers_follow_the_language(tmp_path):
    project = people_project(1, 0)
    raw = project.layer("businesses")
    told = raw.frame.assign(net_income_idr_month=[1234567.5], gps_precision_m=[4.25])
    only = dataclasses.replace(
        project, layers=(dataclasses.replace(raw, frame=told, visible=True),)
    )
    ask = POPUP % ('"businesses"', 0)
    english, _turn, indonesian = visit(page_of(only, tmp_path), [ask, INDONESIAN, ask]).answers
    assert english["rows"]["Net income a month"] == "1,234,567.5 IDR/month"
    assert english["rows"]["GPS precision"] == "4.25 m"
    assert "1.234.567,5 rupiah/bulan" in indonesian["rows"].values()
    assert "4,25 m" in indonesian["rows"].values()


def test_a_hidden_count_is_said_and_explained(tmp_path):
    page = page_of(people_project(40, 80, seed=3), tmp_path, "public")
    cells = next(x for x in page_data(page)["layers"] if x["name"] == "household_cells")
    only = """document.querySelectorAll('.layer-list > li').forEach((li) => {
      const box = li.querySelector('input');
      if (box.checked !== (li.dataset.layer === 'household_cells')) box.click(); })"""
    seen = visit(page, [only, POPUP % ('"household_cells"', 0), INDONESIAN])
    told = seen.answers[1]
    column = [f["name"] for f in cells["fields"]].index("affected")
    missing = [n for f, n in zip(cells["fields"], cells["values"], strict=True)
               if f["type"] != "text" and n[0] is None]  # fmt: skip
    assert missing
    assert list(told["rows"].values()).count("hidden") == len(missing)
    assert cells["values"][column][0] is not None or told["rows"]["Families affected"] == "hidden"
    assert "no single home" in told["note"]
    assert "Counts below 10 are hidden" in told["note"]
    assert seen.console == []


@pytest.mark.parametrize("size", [(1280, 800), PHONE])
def test_every_text_stands_out_from_what_lies_behind_it(tmp_path, size):
    page = page_of(people_project(60, 80, notice="Invented"), tmp_path, "public")
    shown = f"{TOGGLE}.getAttribute('aria-expanded') === 'true' || {TOGGLE}.click()"
    first = json.dumps(page_data(page)["layers"][0]["name"])
    worst = visit(page, [POPUP % (first, 0), shown, CONTRAST], *size).answers[2]
    assert len(worst) > 40
    assert worst[0][0] >= AA_CONTRAST, worst[:3]


def test_paper_gets_a_map_of_its_own_and_the_window_its_map_back(tmp_path):
    view = "[map_gisapp.getZoom(), map_gisapp.getCenter().lat, map_gisapp.getCenter().lng]"
    width = "[map_gisapp.getSize().x, document.querySelector('.folium-map canvas').offsetWidth]"
    before, after = (
        "dispatchEvent(new Event('beforeprint'))",
        "dispatchEvent(new Event('afterprint'))",
    )
    seen = visit(page_of(people_project(30, 30), tmp_path),
                 [view, before, width, after, "1", view])  # fmt: skip
    was, _before, (paper_px, canvas_px), _after, _wait, back = seen.answers
    assert paper_px == 680  # 18 cm
    assert canvas_px > paper_px
    assert back == pytest.approx(was, abs=2e-4)


def test_long_values_stay_inside_a_popup_on_a_phone(tmp_path):
    project = people_project(1, 0)
    raw = project.layer("businesses")
    long = "\u202e" + "x" * 400 + " " + NAUGHTY[0]
    told = raw.frame.assign(name=[long])
    only = dataclasses.replace(
        project, layers=(dataclasses.replace(raw, frame=told, visible=True),)
    )
    inside = """(function () { const popup = document.querySelector('.leaflet-popup')
      .getBoundingClientRect();
      const zoom = document.querySelector('.leaflet-control-zoom').getBoundingClientRect();
      return [popup.left >= 0, popup.right <= zoom.left,
      document.querySelector('.facts').scrollWidth <=
      document.querySelector('.facts').clientWidth + 1]; })()"""
    ask = POPUP % ('"businesses"', 0)
    answers = visit(page_of(only, tmp_path), [ask, "1", inside], *PHONE).answers
    assert long in answers[0]["rows"].values()
    assert answers[2] == [True, True, True]
