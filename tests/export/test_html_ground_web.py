"""What lies below the page's layers: outlines from afar, tiles only where the reader asks."""

import dataclasses
from urllib.parse import urlsplit

import pytest
from helpers.browser import visit
from helpers.people import people_project

from gisapp.core.basemap import Basemap
from gisapp.export import write
from gisapp.export.html import page_of
from gisapp.export.page_ground import page_ground, page_tiles
from gisapp.privacy.redact import redact

OSM = Basemap("tiles", "OpenStreetMap.Mapnik")
TICK = "document.getElementById('online-ground').click()"
TILES = "[...document.querySelectorAll('img.leaflet-tile')].map((x) => x.src)"
CREDIT = "document.getElementById('credit').textContent"
ZOOM = (
    "(function () { map_gisapp.setZoom(%s, { animate: false }); return map_gisapp.getZoom(); })()"
)
# The colour of the map in its lower left corner, where no layer lies.
CORNER = """(function () {
  const { _ctx: ctx, _bounds: { min, max } } = Object.values(map_gisapp._layers)
    .find((x) => x.layer)._renderer;
  const side = (max.x - min.x) * window.devicePixelRatio;
  const colours = new Set();
  for (let x = 0; x < side; x += 20) colours.add(ctx.getImageData(x, 300, 1, 1).data[3]);
  return Math.max(...colours); })()"""
BOUNDS = (106.86, -6.37, 106.9, -6.29)


def page(folder, basemap):
    project = dataclasses.replace(people_project(20, 20), basemap=basemap)
    path = folder / "map.html"
    write(redact(project, "internal"), path, lang="en")
    return path


@pytest.mark.web
@pytest.mark.xdist_group("web")
def test_outlines_are_seen_from_afar_and_credited(tmp_path):
    seen = visit(page(tmp_path, Basemap()), [CREDIT, ZOOM % 8, CREDIT, CORNER, ZOOM % 12, CREDIT])
    assert (seen.answers[0], seen.answers[2], seen.answers[5]) == ("", "Natural Earth", "")
    assert seen.answers[3] == 255
    assert seen.requests == []


@pytest.mark.web
@pytest.mark.xdist_group("web")
def test_a_provider_is_asked_only_when_the_reader_ticks_the_box(tmp_path):
    path = page(tmp_path, OSM)
    untouched = visit(path, [ZOOM % 10, TILES])
    assert untouched.requests == []
    assert untouched.answers[1] == []
    # the engine lets no page from the disk reach out, so what the page would load is looked at
    ticked = visit(path, [TICK, TILES, CREDIT, TICK, TILES, CREDIT])
    assert {urlsplit(x).hostname for x in ticked.answers[1]} == {"tile.openstreetmap.org"}
    assert "OpenStreetMap" in ticked.answers[2]
    assert ticked.answers[4:] == [[], ""]


@pytest.mark.web
@pytest.mark.xdist_group("web")
def test_no_other_host_can_be_asked(tmp_path):
    other = "(function () { new Image().src = 'https://example.org/a.png'; return 1; })()"
    seen = visit(page(tmp_path, OSM), [other, "1"])
    assert seen.requests == []
    assert any("Content Security Policy" in said for said in seen.console)


def test_without_tiles_the_page_may_load_no_picture():
    project = people_project(20, 20)
    assert "img-src data:;" in page_of(redact(project, "internal"), "en")
    online = dataclasses.replace(project, basemap=OSM)
    policy = "img-src data: https://tile.openstreetmap.org;"
    assert policy in page_of(redact(online, "internal"), "en")


@pytest.mark.parametrize("basemap", [Basemap("none"), Basemap("file", "a.mbtiles")])
def test_no_ground_where_the_project_shows_none(basemap):
    assert page_ground(basemap, BOUNDS) is None
    assert page_tiles(basemap) is None


def test_a_provider_that_is_not_known_is_not_offered():
    assert page_tiles(Basemap("tiles", "javascript:alert(1)")) is None


def test_far_from_every_province_there_are_no_outlines():
    assert page_ground(Basemap(), (-30.0, 40.0, -29.0, 41.0)) is None
    assert page_ground(Basemap(), None) is None
