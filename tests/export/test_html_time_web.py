"""The page's date slider: what is drawn, what is said, and that the findings stay as they are."""

import dataclasses

import pandas as pd
import pytest
from helpers.browser import visit
from helpers.people import people_project

from gisapp.core.style import on_date
from gisapp.export import write
from gisapp.io.styles import load_style
from gisapp.privacy.redact import redact

pytestmark = [pytest.mark.web, pytest.mark.xdist_group("web")]

LEGEND = """Object.fromEntries([...document.querySelectorAll('[data-layer=evictions] .legend li')]
  .map((li) => [li.children[1].textContent, li.querySelector('.count')?.textContent]))"""
BEFORE = "document.querySelectorAll('#time .row button')[0].click()"
BACK = "document.querySelector('#time .back').click()"
SAID = """[document.querySelector('#time output').textContent,
  document.querySelector('#time p').textContent,
  document.getElementById('time-slider').getAttribute('aria-valuetext'),
  [...document.querySelectorAll('.headlines dd')].map((x) => x.textContent).join()]"""
TO_START = """(function () { const slider = document.getElementById('time-slider');
  slider.value = 0; slider.dispatchEvent(new Event('input')); })()"""
HIDDEN = "document.getElementById('time').hidden"


def dated_project():
    project = people_project(40, 40)
    layer = project.layer("evictions")
    from_ = pd.Series(["2026-03-01"] * len(layer.frame), dtype="str")
    frame = layer.frame.assign(valid_from=from_, valid_to=pd.Series([None], dtype="str"))
    drawn = on_date(load_style("evictions"), "2026-11-01")
    return project.with_layer(dataclasses.replace(layer, frame=frame, style=drawn))


def test_the_slider_shows_what_was_in_force_and_says_what_stays(tmp_path):
    path = tmp_path / "map.html"
    write(redact(dated_project(), "internal"), path, lang="en")
    to_start = [BEFORE, LEGEND, TO_START, LEGEND, SAID]
    seen = visit(path, [LEGEND, SAID, *to_start, BACK, LEGEND, SAID])
    at_first, said_first, _click, on_start, _move, before, said_before = seen.answers[:7]
    assert at_first == {"Second warning (SP 2)": "1"}
    assert on_start == at_first
    assert before == {"Not yet in force": "1"}
    assert said_first[0] == said_first[2] == "1 November 2026"
    assert said_first[1] == ""
    assert said_before[0] == "30 January 2026"
    assert said_before[1] == (
        "Areas as on this day; findings and counts stay those of 1 November 2026."
    )
    assert said_before[3] == said_first[3]
    assert seen.answers[-2:] == [at_first, said_first]
    assert seen.console == []


def test_without_dates_there_is_no_slider(tmp_path):
    path = tmp_path / "map.html"
    project = people_project(20, 20)
    layers = (x for x in project.layers if not {"valid_from", "valid_to"} & set(x.frame.columns))
    write(redact(dataclasses.replace(project, layers=tuple(layers)), "internal"), path, lang="id")
    assert visit(path, [HIDDEN]).answers == [True]
