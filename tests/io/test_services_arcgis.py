"""ArcGIS feature services, against a stub of one."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from helpers.servers import stub_server
from helpers.servers_arcgis import FIELDS, SERVICE, ArcgisStub

from gisapp.core.errors import Cancelled, GisappError
from gisapp.io.folders import cache_folder
from gisapp.io.services import http
from gisapp.io.services.addresses import recognise
from gisapp.io.services.bringing import list_layers, read_service

if TYPE_CHECKING:
    from gisapp.io.source import RawTable

LAYER = f"{SERVICE}/0"


@pytest.fixture(autouse=True)
def _own_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GISAPP_HOME", str(tmp_path))
    monkeypatch.setattr(http, "_PAUSES_S", ())


def read(stub: ArcgisStub, bounds: tuple[float, float, float, float] | None = None) -> RawTable:
    with stub_server(stub) as server:
        (table,) = read_service(recognise(server.url + LAYER), bounds=bounds).tables
    return table


def kept() -> list[Path]:
    return list((cache_folder() / "downloads").glob("*/features.part"))


def test_a_service_lists_its_layers_and_their_columns() -> None:
    with stub_server(ArcgisStub()) as server:
        whole = list_layers(recognise(server.url + SERVICE))
        one = list_layers(recognise(server.url + LAYER))
    assert [x.name for x in whole.layers] == ["Rencana Pola Ruang"]  # groups have no rows
    (layer,) = one.layers
    assert (layer.features, layer.geometry, layer.crs) == (7, "MultiPolygon", "EPSG:32748")
    assert layer.columns == tuple(name for name, _type in FIELDS)


@pytest.mark.parametrize("geojson", [True, False], ids=["geojson", "esri json"])
@pytest.mark.parametrize("pages", [True, False], ids=["by offset", "by number"])
def test_a_layer_comes_whole_with_its_columns_verbatim(geojson: bool, pages: bool) -> None:
    table = read(ArcgisStub(geojson=geojson, pages=pages))
    assert table.name == "Rencana Pola Ruang"
    assert (table.crs, table.geometry_type) == ("EPSG:4326", "Polygon")
    assert table.columns["OBJECTID"].tolist() == [1, 2, 3, 4, 5, 6, 7]
    assert {name for name, _type in FIELDS} <= set(table.columns)
    assert table.columns["TANGGAL"].tolist()[0] == "2022-11-01"
    assert table.columns["TANGGAL"].isna().tolist()[1]


def test_only_an_area_can_be_asked_for() -> None:
    stub = ArcgisStub()
    read(stub, (106.86, -6.37, 106.9, -6.29))
    assert {x.get("geometry") for x in stub.queries[1:]} == {"106.86,-6.37,106.9,-6.29"}
    assert {x.get("inSR") for x in stub.queries[1:]} == {"4326"}


def test_a_broken_download_goes_on_where_it_broke_off() -> None:
    stub = ArcgisStub(breaks_at=6)
    with stub_server(stub) as server:
        address = recognise(server.url + LAYER)
        with pytest.raises(GisappError, match="500"):
            read_service(address)
        assert kept()
        stub.breaks_at = None
        stub.queries.clear()
        (table,) = read_service(address).tables
    assert len(table.columns) == stub.features
    assert [x.get("resultOffset") for x in stub.queries if x.get("resultOffset")] == ["6"]
    assert not kept()  # what was brought is not kept


def test_a_layer_that_was_edited_meanwhile_is_asked_for_anew() -> None:
    stub = ArcgisStub(breaks_at=6)
    with stub_server(stub) as server:
        address = recognise(server.url + LAYER)
        with pytest.raises(GisappError):
            read_service(address)
        stub.breaks_at, stub.edited = None, 2
        stub.queries.clear()
        read_service(address)
    assert [x.get("resultOffset") for x in stub.queries if x.get("resultOffset")] == ["0", "3", "6"]


def test_what_only_a_token_opens_is_not_kept() -> None:
    with stub_server(ArcgisStub(breaks_at=6)) as server:
        with pytest.raises(GisappError):
            read_service(recognise(f"{server.url}{LAYER}?token=T"))
        assert server.asked[0].headers["x-esri-authorization"] == "Bearer T"
        assert "token" not in server.asked[0].query
    assert not kept()


def test_progress_counts_features_and_cancels() -> None:
    steps: list[tuple[int, int]] = []

    class Stops:
        def step(self, done: int, total: int, text: str) -> None:
            steps.append((done, total))
            if done >= 3 and "Downloading" in text:
                raise Cancelled

    with stub_server(ArcgisStub()) as server, pytest.raises(Cancelled):
        read_service(recognise(server.url + LAYER), progress=Stops())
    assert steps[-1] == (3, 7)


@pytest.mark.parametrize(
    ("stub", "told"),
    [
        (ArcgisStub(login=True), "asks for a login"),
        (ArcgisStub(counts=9), "counts 9 features but gives 7"),
        (ArcgisStub(counts=4), "counts 4 features but gives 6"),
        (ArcgisStub(stuck=True), "again and again"),
        (ArcgisStub(curves=True, geojson=False), "arcs and curves"),
    ],
    ids=["login", "counts more", "counts less", "stuck", "curves"],
)
def test_a_service_that_lies_or_refuses_is_told(stub: ArcgisStub, told: str) -> None:
    with pytest.raises(GisappError) as error:
        read(stub)
    assert told in error.value.message


def test_a_refusal_that_is_answered_with_200_is_told() -> None:
    with stub_server(ArcgisStub()) as server, pytest.raises(GisappError, match="Invalid URL"):
        list_layers(recognise(f"{server.url}{SERVICE}/9"))
