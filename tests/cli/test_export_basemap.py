"""A picture made without a window lies on its basemap, and asks nobody unless told to."""

import socket
from dataclasses import replace

import pytest
from helpers.people import people_project
from helpers.tiles import a_picture, make_mbtiles, tile_server
from helpers.window import KEY, UUID
from PySide6.QtGui import QImage

from gisapp.cli import main
from gisapp.core.basemap import Basemap
from gisapp.io.project_file import save_project
from gisapp.io.tiles import opening
from gisapp.io.tiles.choices import BasemapChoices, save_choices
from gisapp.io.tiles.source import TileId

GREEN = "#00c000"
# One process has one application: the command line makes a smaller one than other tests need.
pytestmark = pytest.mark.usefixtures("qapp")


@pytest.fixture(autouse=True)
def _nothing_allowed():
    yield
    save_choices(BasemapChoices())


@pytest.fixture
def project(tmp_path):
    """A project over a basemap, and the picture that the command makes of it."""

    def make(basemap):
        path = tmp_path / "p.gpkg"
        save_project(replace(people_project(), uuid=UUID, key=KEY, basemap=basemap), path)
        return path

    return make


def export(path, *options):
    made = path.with_name("map.png")
    return main(["export", str(path), str(made), "--preset", "internal", *options]), made


def green_share(picture):
    image = QImage(str(picture)).scaled(200, 200)
    hits = [image.pixelColor(x, y).name() == GREEN for x in range(200) for y in range(200)]
    return sum(hits) / len(hits)


def test_a_file_of_tiles_beside_the_project_shows(project, tmp_path):
    make_mbtiles(
        tmp_path / "g.mbtiles", [(TileId(0, 0, 0), a_picture(GREEN))], attribution="© Green"
    )
    done, made = export(project(Basemap("file", "g.mbtiles")))
    assert done == 0
    assert green_share(made) > 0.1


def test_what_may_not_be_shown_is_noted_and_the_map_is_made(project, tmp_path, capsys):
    done, made = export(project(Basemap("file", "/elsewhere/g.mbtiles")))
    assert done == 0
    assert made.stat().st_size > 10_000
    assert "note: The basemap of this project, /elsewhere/g.mbtiles" in capsys.readouterr().err


def test_no_provider_is_asked_by_itself(project, monkeypatch):
    save_choices(BasemapChoices().with_provider("OpenTopoMap"))
    monkeypatch.setattr(socket, "create_connection", lambda *_a: pytest.fail("a call was made"))
    assert export(project(Basemap("tiles", "OpenTopoMap")))[0] == 0


def test_asking_needs_the_consent_given_in_the_window(project, capsys):
    assert export(project(Basemap("tiles", "OpenTopoMap")), "--online-basemap")[0] == 3
    said = capsys.readouterr().err
    assert "not agreed" in said
    assert "remedy:" in said


def test_a_provider_that_was_agreed_to_is_asked_on_request(project, monkeypatch):
    with tile_server() as server:
        server.picture = a_picture(GREEN)
        monkeypatch.setattr(opening, "provider", lambda _name: server.provider)
        save_choices(BasemapChoices().with_provider("Local.Test"))
        path = project(Basemap("tiles", "Local.Test"))
        assert export(path)[0] == 0
        assert server.requests == []
        done, made = export(path, "--online-basemap")
        assert done == 0
        assert 0 < len(server.requests) <= 256
        assert green_share(made) > 0.1
        asked = len(server.requests)
        server.behaviour = "failing"
        assert export(path)[0] == 0  # now they are kept
        assert len(server.requests) == asked
        assert green_share(made) > 0.1
