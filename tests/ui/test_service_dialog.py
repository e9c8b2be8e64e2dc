"""The dialog for services: what is asked, what is told, and that nobody is asked unasked."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from helpers.servers import StubServer, stub_server
from helpers.servers_arcgis import SERVICE, ArcgisStub
from helpers.servers_kobo import TOKEN, UID, KoboStub
from helpers.window import jobs_at_once, plain_project
from keyring.backends import fail, null

from gisapp.io.project_file import create_project
from gisapp.io.services.service import Listing, ServiceLayer
from gisapp.session.session import Session
from gisapp.ui.import_dialog import ImportDialog
from gisapp.ui.jobs import Jobs
from gisapp.ui.main_window import MainWindow
from gisapp.ui.messages import BugReporter
from gisapp.ui.service_dialog import ServiceDialog
from gisapp.ui.service_form import (
    found_words,
    layer_cells,
    progress_words,
    state_of,
    suggestions,
)
from gisapp.ui.settings import Settings

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot


@pytest.fixture(autouse=True)
def _own_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GISAPP_HOME", str(tmp_path))
    monkeypatch.setattr("keyring.core._keyring_backend", null.Keyring())


@pytest.fixture
def arcgis() -> Iterator[StubServer]:
    with stub_server(ArcgisStub()) as server:
        yield server


@pytest.fixture
def dialog(qtbot: QtBot) -> ServiceDialog:
    made = ServiceDialog(plain_project(), jobs_at_once(), Settings())
    qtbot.addWidget(made)
    made.show()
    return made


# ---------------------------------------------------------------------- without Qt


def test_an_address_says_what_it_is_and_who_learns_what() -> None:
    state = state_of("https://x.org/rest/services/A/FeatureServer/0")
    assert state.said.startswith("ArcGIS FeatureServer. x.org learns this computer's address")
    assert (state.takes_token, state.takes_area, state.needs_area) == (True, True, False)
    assert state_of("overpass:").needs_area
    assert not state_of("kobo:").takes_area
    assert "is no address of a service" in state_of("warung.csv").said
    assert "before you say so" in state_of("").said


def test_what_is_offered_begins_with_the_last_ones() -> None:
    assert suggestions(("https://x.org/wfs",)) == ("https://x.org/wfs", "overpass:", "kobo:")


def test_layers_and_progress_are_told_in_words() -> None:
    address = state_of("https://x.org/wfs").address
    assert address is not None
    layers = (ServiceLayer("a", "", 1200, "Point"), ServiceLayer("b", "", None, "table"))
    assert layer_cells(Listing(layers)) == (("a", "Point", "1,200"), ("b", "–", ""))
    assert found_words(address, Listing(())) == "x.org offers no layer."
    assert found_words(address, Listing(layers)) == "Choose a layer."
    assert found_words(address, Listing(layers, alone=True)) == "These tables come together."
    assert progress_words(0, 10, 1.0) == ""
    assert progress_words(4000, 10_000, 2.0) == "4,000 of 10,000 · 2,000/s"
    assert progress_words(50, 0, 0.0) == "50"


# ---------------------------------------------------------------------- the dialog


def test_typing_an_address_asks_nobody(dialog: ServiceDialog, arcgis: StubServer) -> None:
    dialog.address.setEditText(arcgis.url + SERVICE)
    assert dialog.ask.isEnabled()
    assert arcgis.asked == []


def test_a_layer_is_listed_and_brought(
    dialog: ServiceDialog, arcgis: StubServer, qtbot: QtBot
) -> None:
    dialog.address.setEditText(f"{arcgis.url}{SERVICE}?token=T0")
    dialog.ask.click()
    assert dialog.layers.topLevelItemCount() == 1
    assert dialog.area.isChecked()
    with qtbot.waitSignal(dialog.brought) as brought:
        dialog._import.click()
    assert brought.args is not None
    source, kinds = brought.args[0]
    assert len(source.tables[0].columns) == 7
    assert kinds == {"Rencana Pola Ruang": "zoning"}
    assert any(x.get("geometry") for x in arcgis.asked)  # the project's area
    assert Settings().addresses == (arcgis.url + SERVICE,)  # without its token


def test_another_address_has_other_layers(dialog: ServiceDialog, arcgis: StubServer) -> None:
    dialog.address.setEditText(arcgis.url + SERVICE)
    dialog.ask.click()
    dialog.address.setEditText("https://x.org/wfs")
    assert dialog.layers.topLevelItemCount() == 0
    assert not dialog._import.isEnabled()
    assert not dialog.token.isVisible()


def test_a_login_is_told_and_a_token_opens(dialog: ServiceDialog) -> None:
    with stub_server(KoboStub()) as server:
        dialog.address.setEditText(f"{server.url}/#/forms/{UID}")
        dialog.ask.click()
        assert "asks for a login" in dialog.state.text()
        assert not dialog.area.isVisible()
        dialog.token.setText(TOKEN)
        dialog.ask.click()
    assert dialog.layers.topLevelItemCount() == 2
    assert dialog.state.text() == "These tables come together."


def test_a_token_that_cannot_be_kept_is_told_and_still_opens(
    dialog: ServiceDialog, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("keyring.core._keyring_backend", fail.Keyring())
    with stub_server(KoboStub()) as server:
        dialog.address.setEditText(f"{server.url}/#/forms/{UID}")
        dialog.token.setText(TOKEN)
        dialog.keep.setChecked(True)
        dialog.ask.click()
    assert "keyring cannot keep the token" in dialog.state.text()
    assert dialog.layers.topLevelItemCount() == 2


def test_openstreetmap_is_asked_for_the_projects_area_only(qtbot: QtBot) -> None:
    empty = ServiceDialog(create_project(), jobs_at_once(), Settings())
    qtbot.addWidget(empty)
    empty.show()
    empty.address.setEditText("overpass:")
    assert not empty.area.isEnabled()
    empty.ask.click()
    empty.layers.setCurrentItem(empty.layers.topLevelItem(0))
    empty._import.click()
    assert "the project has none" in empty.state.text()


def test_closing_stops_the_asking(qtbot: QtBot, arcgis: StubServer) -> None:
    jobs = Jobs()
    dialog = ServiceDialog(plain_project(), jobs, Settings())
    qtbot.addWidget(dialog)
    dialog.show()
    dialog.address.setEditText(arcgis.url + SERVICE)
    dialog.ask.click()
    assert dialog.bar.isVisible()
    assert not dialog.ask.isEnabled()
    assert not dialog.address.isEnabled()  # what comes are the layers of this one
    dialog.reject()
    assert jobs.running == ()
    jobs.shutdown()


def test_what_a_service_brought_goes_to_the_assistant(qtbot: QtBot, arcgis: StubServer) -> None:
    window = MainWindow(jobs_at_once(), jobs_at_once(), Settings(), BugReporter(lambda *_: None))
    qtbot.addWidget(window)
    window.use(Session(plain_project()))
    window.commands.handlers["import_service"]()
    (asking,) = window.findChildren(ServiceDialog)
    asking.address.setEditText(f"{arcgis.url}{SERVICE}/0")
    asking.ask.click()
    asking._import.click()
    (assistant,) = window.findChildren(ImportDialog)
    assert assistant.recipe.kind == "zoning"
    assert assistant.raw.name == "Rencana Pola Ruang"
    assistant.reject()
