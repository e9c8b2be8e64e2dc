"""Searching the page: what is found, by keyboard, in both languages, and what it may not do."""

import json

import pytest
from helpers.browser import visit
from helpers.exports import page_data
from helpers.naughty import NAUGHTY
from helpers.people import people_project

from gisapp.export import write
from gisapp.privacy.redact import redact
from gisapp.session.demo import open_demo

pytestmark = [pytest.mark.web, pytest.mark.xdist_group("web")]

TYPE = """(function (asked) {
  const field = document.getElementById('search-field');
  field.focus(); field.value = asked;
  field.dispatchEvent(new Event('input'));
  return true; })(%s)"""
FOUND = """[...document.querySelectorAll('#search-list [role=option]')]
  .map((x) => [...x.querySelectorAll('span')].map((s) => s.textContent))"""
STATE = """(function () { const f = document.getElementById('search-field');
  return [f.getAttribute('aria-expanded'), f.getAttribute('aria-activedescendant'), f.placeholder,
          document.getElementById('search-list').textContent]; })()"""
POPUP = "[...document.querySelectorAll('.popup')].at(-1)?.textContent ?? null"
SHOWN = """[...document.querySelectorAll('.layer-list > li')]
  .filter((li) => li.querySelector('input').checked).map((li) => li.dataset.layer)"""
SLEEP = "(function () { const t = performance.now(); while (performance.now() - t < 5) {} })()"
WAIT = [SLEEP] * 8  # the browser pauses 30 ms after each: longer than the field waits for more


def press(key):
    event = f"new KeyboardEvent('keydown', {{key: '{key}', bubbles: true}})"
    return f"document.getElementById('search-field').dispatchEvent({event})"


def typed(text):
    return [TYPE % json.dumps(text), *WAIT]


@pytest.fixture(scope="module")
def page(tmp_path_factory):
    path = tmp_path_factory.mktemp("search") / "map.html"
    write(redact(people_project(40, 40), "internal"), path, lang="en")
    return path


def test_an_area_is_found_by_part_of_its_name_and_shown(page):
    keys = [press("ArrowDown"), STATE, press("Enter")]
    seen = visit(page, [*typed("susu"), FOUND, *keys, POPUP, STATE])
    found, state, popup, after = (seen.answers[i] for i in (-6, -4, -2, -1))
    assert found[0] == ["Susukan", "Areas"]
    assert state[:2] == ["true", "search-0"]
    assert "Susukan" in popup
    assert after[0] == "false"
    assert seen.console == []
    assert seen.requests == []


def test_an_id_finds_its_record_first_and_then_what_was_found_of_it(tmp_path):
    project = open_demo()
    write(redact(project, "internal"), tmp_path / "map.html", lang="en")
    seen = visit(tmp_path / "map.html", [*typed("U0677"), FOUND])
    business, *findings = seen.answers[-1]
    assert business == ["Busana Berkah 45", "Assessed businesses · U0677"]
    assert sorted(findings) == [
        [finding, "Conflicts · U0677"] for finding in ("Conditional", "Contradiction", "Eviction")
    ]


def test_a_hidden_layer_is_shown_when_something_in_it_is_chosen(page):
    hidden = next(x["name"] for x in page_data(page)["layers"] if x["kind"] == "admin")
    untick = f"document.querySelector('[data-layer={hidden}] input').click()"
    seen = visit(page, [untick, SHOWN, *typed("susukan"), press("Enter"), SHOWN])
    assert hidden not in seen.answers[1]
    assert hidden in seen.answers[-1]


def test_nothing_found_is_said_in_the_language_of_the_reader(page):
    speak = "document.querySelector('.languages [lang=id]').click()"
    seen = visit(page, [*typed("zzz"), FOUND, STATE, speak, STATE])
    assert seen.answers[-4] == []
    assert "Nothing on this map" in seen.answers[-3][3]
    assert seen.answers[-1][2] == "Cari tempat dan catatan"


def test_escape_closes_and_then_empties(page):
    value = "document.getElementById('search-field').value"
    seen = visit(page, [*typed("susu"), press("Escape"), STATE, value, press("Escape"), value])
    assert seen.answers[-4][0] == "false"
    assert seen.answers[-3] == "susu"
    assert seen.answers[-1] == ""


def test_texts_of_the_data_stay_texts(tmp_path):
    project = people_project(30, 30)
    layer = project.layer("admin")
    names = [f"susukan {text}" for text in NAUGHTY[: len(layer.frame)]]
    frame = layer.frame.assign(name=names).astype({"name": "str"})
    path = tmp_path / "map.html"
    import dataclasses

    named = project.with_layer(dataclasses.replace(layer, frame=frame))
    write(redact(named, "internal"), path, lang="en")
    seen = visit(path, [*typed("susukan"), FOUND, "String(window.ran)"])
    assert sorted(found[0] for found in seen.answers[-2]) == sorted(names)
    assert seen.answers[-1] == "undefined"
    assert seen.console == []
