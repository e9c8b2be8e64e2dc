"""The basemap in the window: asked for once, never in the way, told quietly when it fails."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from helpers.tiles import MadeTiles, a_picture, make_mbtiles, tile_server
from helpers.window import assessed_project, jobs_at_once
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDialogButtonBox

from gisapp.core.basemap import Basemap
from gisapp.core.errors import GisappError
from gisapp.io.tiles import providers as catalogue
from gisapp.io.tiles.choices import BasemapChoices, load_choices, save_choices
from gisapp.io.tiles.source import TileId
from gisapp.render.viewport import Viewport
from gisapp.session.edits import set_basemap
from gisapp.session.session import Session
from gisapp.ui.basemap_choice import found_providers, seen_area, stored_path
from gisapp.ui.basemap_dialog import KINDS, BasemapDialog
from gisapp.ui.basemap_picture import BasemapPicture
from gisapp.ui.main_window import MainWindow
from gisapp.ui.messages import BugReporter
from gisapp.ui.settings import Settings

if TYPE_CHECKING:
    from gisapp.core.project import Project

OSM = "OpenStreetMap.Mapnik"
CRS = "EPSG:32748"
VIEW = Viewport(706_900.0, 9_299_800.0, 5.0, 320, 240)
JAKARTA = (106.8, -6.4, 106.9, -6.2)


@pytest.fixture(autouse=True)
def _nothing_allowed() -> Iterator[None]:
    save_choices(BasemapChoices())
    yield
    save_choices(BasemapChoices())


@pytest.fixture
def make_picture(qtbot) -> Iterator[Callable[..., BasemapPicture]]:
    made: list[BasemapPicture] = []

    def make(source: MadeTiles | GisappError) -> BasemapPicture:
        def open_tiles(basemap: Basemap, _folder: Path | None) -> MadeTiles | None:
            if isinstance(source, GisappError):
                raise source
            return source if basemap.kind in ("tiles", "file") else None

        made.append(BasemapPicture(open_tiles))
        return made[-1]

    yield make
    for picture in made:
        picture.close()


class TestThePicture:
    def test_it_grows_as_tiles_arrive(self, make_picture, qtbot) -> None:
        picture = make_picture(MadeTiles(lambda _tile: a_picture("#123456")))
        picture.show_basemap(Basemap("tiles", "Made"), CRS, None)
        first = picture.picture(VIEW)
        assert first is not None
        assert first.pixelColor(160, 120).alpha() == 0
        qtbot.waitUntil(lambda: picture._fetcher.idle)
        with qtbot.waitSignal(picture.changed):
            pass
        assert picture.picture(VIEW).pixelColor(160, 120).name() == "#123456"
        assert picture.attribution == "© Nobody"

    def test_its_opacity_shows(self, make_picture, qtbot) -> None:
        picture = make_picture(MadeTiles(lambda _tile: a_picture("#ffffff")))
        picture.show_basemap(Basemap("tiles", "Made", 0.5), CRS, None)
        picture.picture(VIEW)
        qtbot.waitUntil(lambda: picture._fetcher.idle)
        assert abs(picture.picture(VIEW).pixelColor(160, 120).alpha() - 128) <= 1

    def test_a_slow_source_holds_nothing_up(self, make_picture) -> None:
        gate = threading.Event()
        picture = make_picture(MadeTiles(lambda _tile: gate.wait(5) and None))
        picture.show_basemap(Basemap("tiles", "Made"), CRS, None)
        began = time.monotonic()
        assert picture.picture(VIEW) is not None
        picture.show_basemap(Basemap("none"), CRS, None)
        assert picture.picture(VIEW) is None
        assert time.monotonic() - began < 4
        gate.set()

    def test_a_failure_is_told_once(self, make_picture, qtbot) -> None:
        def down(_tile: TileId) -> bytes:
            raise GisappError("down", "wait")

        picture, told = make_picture(MadeTiles(down)), []
        picture.failed.connect(told.append)
        picture.show_basemap(Basemap("tiles", "Made"), CRS, None)
        for _n in range(3):
            picture.picture(VIEW)
            qtbot.waitUntil(lambda: picture._fetcher.idle)
        qtbot.waitUntil(lambda: bool(told))
        qtbot.wait(20)
        assert [error.message for error in told] == ["down"]
        assert picture._again.isActive()  # it is tried again by itself

    def test_broken_tiles_are_left_out_and_told(self, make_picture, qtbot) -> None:
        picture = make_picture(MadeTiles(lambda _tile: b"\x89PNG\r\n\x1a\n and no more"))
        with qtbot.waitSignal(picture.failed) as told:
            picture.show_basemap(Basemap("tiles", "Made"), CRS, None)
            picture.picture(VIEW)
        assert "left out" in told.args[0].message

    def test_undoing_the_opacity_does_not_open_it_again(self, make_picture) -> None:
        source = MadeTiles(lambda _tile: None)
        picture = make_picture(source)
        for opacity in (1.0, 0.5, 1.0):
            picture.show_basemap(Basemap("tiles", "Made", opacity), CRS, None)
            picture.picture(VIEW)
        assert not source.closed
        picture.show_basemap(Basemap("none"), CRS, None)
        picture.picture(VIEW)
        assert picture._fetcher is None

    def test_what_may_not_be_opened_is_told(self, make_picture, qtbot) -> None:
        picture = make_picture(GisappError("no", "choose"))
        with qtbot.waitSignal(picture.failed):
            picture.show_basemap(Basemap("file", "/x"), CRS, None)
            assert picture.picture(VIEW) is None

    def test_a_failure_of_the_one_before_is_not_told(self, make_picture, qtbot) -> None:
        def down(_tile: TileId) -> bytes:
            raise GisappError("down", "wait")

        picture, told = make_picture(MadeTiles(down)), []
        picture.failed.connect(told.append)
        picture.show_basemap(Basemap("tiles", "Made"), CRS, None)
        picture.picture(VIEW)
        fetcher = picture._fetcher
        deadline = time.monotonic() + 5
        while not fetcher.idle and time.monotonic() < deadline:
            time.sleep(0.01)  # without the event loop: what it told still waits
        picture.show_basemap(Basemap("none"), CRS, None)
        fetcher.close()
        qtbot.wait(20)
        assert told == []
        assert not picture._again.isActive()

    def test_the_window_does_not_wait_while_a_file_opens(self, qtbot) -> None:
        gate, opening, source = threading.Event(), threading.Event(), MadeTiles(lambda _tile: None)

        def slow(_basemap: Basemap, _folder: Path | None) -> MadeTiles:
            opening.set()
            gate.wait(20)
            return source

        picture = BasemapPicture(slow)
        picture.show_basemap(Basemap("file", "/x"), CRS, None)
        worker = threading.Thread(target=picture.picture, args=(VIEW,), daemon=True)
        worker.start()
        assert opening.wait(5)
        picture.renew()
        picture.close()
        assert worker.is_alive()
        gate.set()
        worker.join(5)
        assert source.closed  # by the worker, as nobody else could
        assert picture._fetcher is None

    def test_renewing_opens_it_again(self, make_picture) -> None:
        source = MadeTiles(lambda _tile: None)
        picture = make_picture(source)
        picture.show_basemap(Basemap("tiles", "Made"), CRS, None)
        picture.picture(VIEW)
        first = picture._fetcher
        picture.renew()
        picture.picture(VIEW)
        assert picture._fetcher is not first


@pytest.fixture
def window(qtbot) -> Iterator[MainWindow]:
    made = MainWindow(jobs_at_once(), jobs_at_once(), Settings(), BugReporter(show=pytest.fail))
    qtbot.addWidget(made)
    made.resize(900, 600)
    made.show()
    yield made
    if made.has_session:
        while made.session.can_undo:
            made.session.undo()
    made.close()


def in_ciracas(basemap: Basemap) -> Project:
    """The small project, moved from the south pole to where there are tiles."""
    project = assessed_project()
    layers = (
        replace(x, frame=x.frame.set_geometry(x.frame.translate(VIEW.center_x, VIEW.center_y)))
        for x in project.layers
    )
    return replace(project, layers=tuple(layers), basemap=basemap)


class TestTheWindow:
    def test_a_project_that_names_a_provider_opens_without_a_call(
        self, window: MainWindow, qtbot, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(socket, "socket", lambda *_a, **_k: pytest.fail("a socket was made"))
        window.use(Session(in_ciracas(Basemap("tiles", OSM))))
        qtbot.waitUntil(lambda: window.canvas.is_current)
        assert "not agreed" in window.messages.message.text()
        assert window.canvas.viewport is not None

    def test_a_dead_server_leaves_the_layers_on_the_map(
        self, window: MainWindow, qtbot, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        with tile_server() as server:
            server.behaviour = "failing"
            known = {"Local.Test": server.provider}
            monkeypatch.setattr(catalogue, "providers", lambda: known)
            save_choices(BasemapChoices().with_provider("Local.Test"))
            window.use(Session(in_ciracas(Basemap("tiles", "Local.Test"))))
            qtbot.waitUntil(window.messages.isVisible)
            assert "gives no map tiles now" in window.messages.message.text()
            qtbot.waitUntil(lambda: window.canvas.is_current)
            image = window.canvas.grab().toImage()
            colours = {image.pixel(x, y) for x in range(0, 400, 3) for y in range(0, 300, 3)}
            assert len(colours) > 8

    def test_choosing_one_is_undone(self, window: MainWindow) -> None:
        window.use(Session(assessed_project()))
        window.session.apply(set_basemap(Basemap("none")), "change the basemap")
        assert window.project.basemap == Basemap("none")
        window.session.undo()
        assert window.project.basemap == Basemap()


@pytest.fixture
def make_dialog(qtbot) -> Callable[..., BasemapDialog]:
    def make(basemap: Basemap | None = None, folder: Path | None = None) -> BasemapDialog:
        dialog = BasemapDialog(basemap or Basemap(), load_choices(), folder, JAKARTA)
        qtbot.addWidget(dialog)
        dialog.show()
        return dialog

    return make


def use_button(dialog: BasemapDialog):
    return dialog.buttons.button(QDialogButtonBox.StandardButton.Ok)


class TestTheDialog:
    def test_a_provider_is_used_only_after_agreeing(self, make_dialog, qtbot) -> None:
        dialog = make_dialog()
        dialog.found.setCurrentRow(0)
        dialog.kinds.button(KINDS.index("tiles")).setChecked(True)
        assert "tile.openstreetmap.org" in dialog.learns.text()
        assert "IP" in dialog.learns.text()
        assert not dialog.agree.isChecked()
        assert not use_button(dialog).isEnabled()
        dialog.agree.setChecked(True)
        qtbot.mouseClick(use_button(dialog), Qt.MouseButton.LeftButton)
        assert dialog.answer == Basemap("tiles", OSM)
        assert load_choices().allows_provider(OSM)

    def test_it_is_asked_once_and_can_be_taken_back(self, make_dialog, qtbot) -> None:
        save_choices(BasemapChoices().with_provider(OSM))
        dialog = make_dialog(Basemap("tiles", OSM))
        assert dialog.agree.isChecked()
        assert use_button(dialog).isEnabled()
        dialog.agree.setChecked(False)
        assert "takes your consent back" in dialog.problem.text()
        qtbot.mouseClick(use_button(dialog), Qt.MouseButton.LeftButton)
        assert not load_choices().allows_provider(OSM)
        assert dialog.answer.kind == "none"

    def test_what_another_window_decided_meanwhile_holds(self, make_dialog) -> None:
        save_choices(BasemapChoices().with_provider(OSM))
        dialog = make_dialog()
        dialog.cache_mb.setValue(50)
        save_choices(BasemapChoices().with_provider("Esri.WorldImagery"))
        dialog.accept()
        kept = load_choices()
        assert not kept.allows_provider(OSM)
        assert kept.allows_provider("Esri.WorldImagery")
        assert kept.cache_mb == 50

    def test_cancelling_allows_nothing(self, make_dialog) -> None:
        dialog = make_dialog()
        dialog.found.setCurrentRow(0)
        dialog.agree.setChecked(True)
        dialog.reject()
        assert load_choices() == BasemapChoices()

    def test_a_file_is_read_before_it_is_taken(self, make_dialog, tmp_path: Path) -> None:
        good = make_mbtiles(tmp_path / "good.mbtiles", [(TileId(0, 0, 0), a_picture())])
        bad = tmp_path / "bad.mbtiles"
        bad.write_text("no")
        dialog = make_dialog()
        dialog.kinds.button(KINDS.index("file")).setChecked(True)
        assert not use_button(dialog).isEnabled()
        dialog.path.setText(str(bad))
        dialog.accept()
        assert dialog.isVisible()
        assert "neither MBTiles nor PMTiles" in dialog.problem.text()
        dialog.path.setText(str(good))
        dialog.accept()
        assert not dialog.isVisible()
        assert dialog.answer == Basemap("file", str(good.resolve()))
        assert str(good.resolve()) in load_choices().files

    def test_the_search_finds_in_the_whole_catalogue(self, make_dialog) -> None:
        dialog = make_dialog()
        few = dialog.found.count()
        dialog.search.setText("esri imagery")
        names = [dialog.found.item(n).text() for n in range(dialog.found.count())]
        assert "Esri · WorldImagery" in names
        assert few == len(catalogue.RECOMMENDED)

    def test_opacity_is_part_of_the_answer(self, make_dialog) -> None:
        dialog = make_dialog(Basemap("outlines", "", 0.4))
        assert dialog.opacity.value() == 40
        dialog.opacity.setValue(70)
        assert dialog.answer == Basemap("outlines", "", 0.7)


def test_only_providers_that_show_the_place_are_offered() -> None:
    everywhere = {x.name for x in found_providers("map", None)}
    here = {x.name for x in found_providers("map", JAKARTA)}
    assert here < everywhere
    assert not any(name.startswith("BasemapAT") for name in here)


def test_the_place_on_show_is_known_in_degrees() -> None:
    west, south, east, north = seen_area(VIEW, CRS)
    assert 106.8 < west < east < 106.9
    assert -6.4 < south < north < -6.2
    assert seen_area(None, CRS) is None


def test_a_file_in_the_projects_folder_is_named_from_there(tmp_path: Path) -> None:
    inside = tmp_path / "tiles" / "x.mbtiles"
    assert stored_path(inside, tmp_path) == "tiles/x.mbtiles"
    assert stored_path(inside, tmp_path / "elsewhere") == str(inside.resolve())
    assert stored_path(inside, None) == str(inside.resolve())
