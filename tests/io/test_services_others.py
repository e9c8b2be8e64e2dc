"""WFS and Overpass against stubs; OGC API – Features against a real server, pygeoapi."""

from __future__ import annotations

import errno
import io
import json
import os
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Never

import pytest
import shapely
from helpers.servers import Answer, Asked, as_json, stub_server
from helpers.servers_overpass import OverpassStub
from helpers.servers_pygeoapi import pygeoapi_server
from helpers.servers_wfs import WfsStub

from gisapp.core.errors import GisappError
from gisapp.io.project_file import create_project
from gisapp.io.services import http
from gisapp.io.services.addresses import recognise
from gisapp.io.services.bringing import list_layers, read_service
from gisapp.io.services.collecting import Collection
from gisapp.io.services.extent import asked_bounds

if TYPE_CHECKING:
    from gisapp.io.source import RawTable

CIRACAS = (106.862, -6.373, 106.896, -6.287)
GML_3 = ("text/xml; subtype=gml/3.1.1",)


def pasar(stub: WfsStub) -> RawTable:
    with stub_server(stub) as server:
        (table,) = read_service(recognise(f"{server.url}/ows?map=a.map"), layer="kota:pasar").tables
        assert {x.get("map") for x in server.asked} == {"a.map"}
    return table


@pytest.mark.parametrize(
    "stub",
    [
        WfsStub(),
        WfsStub(formats=GML_3),
        WfsStub(matched="unknown"),
        WfsStub(matched="unknown", formats=GML_3),
        WfsStub(version="1.1.0"),
        WfsStub(version="1.1.0", formats=GML_3),
        WfsStub(version="1.0.0", formats=("GML2",)),
    ],
    ids=["2 json", "2 gml", "2 json uncounted", "2 gml uncounted", "1.1 json", "1.1 gml", "1.0"],
)
def test_a_wfs_layer_comes_whole(stub: WfsStub) -> None:
    table = pasar(stub)
    assert (table.name, table.crs) == ("kota:pasar", "EPSG:4326")
    assert table.columns["nama"].tolist() == [f"Pasar {x}" for x in range(1, 6)]
    assert table.geometry is not None
    assert shapely.get_coordinates(shapely.from_wkb(table.geometry))[0].round(3).tolist() == [
        106.871,
        -6.33,
    ]


@pytest.mark.parametrize(
    ("stub", "told"),
    [
        (WfsStub(ignores_start=True), "again and again"),
        (WfsStub(ignores_start=True, formats=GML_3), "again and again"),
        (WfsStub(matched="9"), "counts 9 features but gives 5"),
        (WfsStub(matched="9", version="1.1.0"), "counts 9 features but gives 5"),
        (WfsStub(version="1.1.0", refuses=True), "refuses: Too many"),
    ],
    ids=["json stuck", "gml stuck", "counts more", "whole, counts more", "whole, refused"],
)
def test_a_wfs_that_lies_is_told(stub: WfsStub, told: str) -> None:
    with pytest.raises(GisappError) as error:
        pasar(stub)
    assert told in error.value.message


def test_pages_of_gml_put_together_are_not_said_to_be_one_page() -> None:
    with stub_server(WfsStub(formats=GML_3)) as server:
        source = read_service(recognise(f"{server.url}/wfs"), layer="kota:pasar")
    assert source.warnings == ()


@pytest.mark.parametrize(
    "stub",
    [
        WfsStub(features=0),
        WfsStub(features=0, formats=GML_3),
        WfsStub(features=0, version="1.1.0", formats=GML_3),
    ],
    ids=["2 json", "2 gml", "1.1 gml"],
)
def test_where_nothing_is_there_it_is_told(stub: WfsStub) -> None:
    with pytest.raises(GisappError, match="has no features there"):
        pasar(stub)


@pytest.mark.parametrize("stub", [WfsStub(), WfsStub(version="1.1.0", formats=GML_3)])
def test_a_full_disk_is_told_as_that(stub: WfsStub, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_args: object, **_more: object) -> Never:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(Collection, "add", full)
    monkeypatch.setattr(http.Door, "_copy", _full_for_files(http.Door._copy, full))
    with pytest.raises(
        GisappError, match="cannot be kept while it is downloaded: the disk is full"
    ):
        pasar(stub)


def _full_for_files(copy: Callable[..., None], full: Callable[..., None]) -> Callable[..., None]:
    """Let answers into memory, and none into a file."""

    def copied(door: http.Door, answer: object, sink: object, *limits: object) -> None:
        (copy if isinstance(sink, io.BytesIO) else full)(door, answer, sink, *limits)

    return copied


def test_a_feature_may_speak_of_exceptions() -> None:
    stub = WfsStub(version="1.1.0", name="Pengecualian: Exception")
    table = pasar(stub)
    assert table.columns["nama"].iloc[0] == "Pengecualian: Exception 1"


def test_a_wfs_lists_its_types() -> None:
    with stub_server(WfsStub()) as server:
        whole = list_layers(recognise(f"{server.url}/wfs"))
        one = list_layers(recognise(whole.layers[0].address))
        with pytest.raises(GisappError, match="no layer “kota:sungai”"):
            read_service(recognise(f"{server.url}/wfs"), layer="kota:sungai")
    assert [x.name for x in whole.layers] == ["kota:pasar", "kota:jalan"]
    (layer,) = one.layers
    assert (layer.features, layer.geometry, layer.columns) == (5, "Point", ("nama",))


@pytest.mark.parametrize(
    "body", [b'<!DOCTYPE x [<!ENTITY a "b">]><x>&a;</x>', b"<html/>", b"<x>", b"\xff\xfe\0"]
)
def test_xml_that_is_no_capabilities_is_refused(body: bytes) -> None:
    refused = pytest.raises(GisappError, match="not as a map or survey service")
    with stub_server(lambda _asked: Answer(body)) as server, refused:
        list_layers(recognise(f"{server.url}/wfs"))


# ---------------------------------------------------------------------- OGC API – Features


@pytest.fixture(scope="module")
def pygeoapi(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    folder = tmp_path_factory.mktemp("pygeoapi")
    features = [
        {
            "type": "Feature",
            "id": x,
            "properties": {"id": x, "nama": f"Warung {x}"},
            "geometry": {"type": "Point", "coordinates": [106.87 + x / 10_000, -6.33]},
        }
        for x in range(1, 131)
    ]
    path = folder / "warung.geojson"
    path.write_text(json.dumps({"type": "FeatureCollection", "features": features}), "utf-8")
    with pygeoapi_server(folder, warung=path, pasar=path) as url:
        yield url


@pytest.mark.xdist_group("pygeoapi")
def test_a_real_server_lists_its_collections(pygeoapi: str) -> None:
    whole = list_layers(recognise(pygeoapi))
    assert [(x.name, x.features) for x in whole.layers] == [("warung", None), ("pasar", None)]
    (one,) = list_layers(recognise(f"{pygeoapi}/collections/warung/items?f=html")).layers
    assert (one.features, one.geometry, one.columns) == (130, "Point", ("id", "nama"))


@pytest.mark.xdist_group("pygeoapi")
def test_a_real_server_gives_a_collection_page_by_page(pygeoapi: str) -> None:
    source = read_service(recognise(pygeoapi), layer="warung")
    (table,) = source.tables
    assert source.path == f"{pygeoapi}/collections/warung"
    assert table.columns["nama"].tolist() == [f"Warung {x}" for x in range(1, 131)]


@pytest.mark.xdist_group("pygeoapi")
def test_a_real_server_gives_an_area(pygeoapi: str) -> None:
    west = (106.87, -6.34, 106.8705, -6.32)
    (table,) = read_service(recognise(f"{pygeoapi}/collections/warung"), bounds=west).tables
    assert table.columns["id"].tolist() == [1, 2, 3, 4, 5]


def _endless(following: str) -> Answer:
    point = {"type": "Feature", "geometry": None, "properties": {"n": following}}
    links = [{"rel": "next", "href": following, "type": "application/geo+json"}]
    page = {"type": "FeatureCollection", "features": [point], "links": links}
    return as_json({**page, "id": "x"})


@pytest.mark.parametrize(
    ("following", "told"),
    [
        ("?page=1", "again and again"),
        ("?page={other}", "again and again"),
        ("http://elsewhere.invalid/items", "sends the question on to elsewhere.invalid"),
        ("file:///etc/passwd", "sends the question on"),
    ],
)
def test_links_without_an_end_or_to_elsewhere_are_refused(following: str, told: str) -> None:
    refused = pytest.raises(GisappError, match=told)

    def answer(asked: Asked) -> Answer:
        other = "2" if asked.get("page") == "1" else "1"  # in a circle of two
        return _endless(following.format(other=other))

    with stub_server(answer) as server, refused:
        read_service(recognise(f"{server.url}/collections/x"))


def test_a_collections_name_is_no_part_of_a_path() -> None:
    items = [{"rel": "items", "href": "x"}]

    def answer(asked: Asked) -> Answer:
        if asked.path == "/collections":
            return as_json({"collections": [{"id": "a b/c?d", "links": items}]})
        return as_json({"id": "a b/c?d"})

    with stub_server(answer) as server:
        (layer,) = list_layers(recognise(f"{server.url}/")).layers
        assert layer.address == f"{server.url}/collections/a%20b%2Fc%3Fd"


# ---------------------------------------------------------------------- Overpass


def test_markets_are_points_and_a_gate_is_none() -> None:
    stub = OverpassStub()
    with stub_server(stub) as server:
        address = recognise(f"overpass:{server.url}/api/interpreter")
        source = read_service(address, layer="markets", bounds=CIRACAS)
    (table,) = source.tables
    assert (table.name, table.geometry_type, table.crs) == ("markets", "Point", "EPSG:4326")
    assert table.columns["id"].tolist() == ["node/1", "way/7"]
    (question,) = stub.questions
    assert 'nwr["amenity"="marketplace"](-6.373000,106.862000,-6.287000,106.896000)' in question
    assert question.startswith("[out:xml][timeout:")


@pytest.mark.parametrize(
    ("layer", "ids", "geometry"),
    [
        ("roads", ["way/8"], "LineString"),
        ("buildings", ["way/7"], "MultiPolygon"),
        ("barrier=gate", ["node/2"], "Point"),
    ],
)
def test_a_topic_is_drawn_as_what_it_is(layer: str, ids: list[str], geometry: str) -> None:
    with stub_server(OverpassStub()) as server:
        address = recognise(f"{server.url}/api/interpreter#{layer}")
        (table,) = read_service(address, bounds=CIRACAS).tables
    assert table.columns["id"].tolist() == ids
    assert table.geometry_type == geometry


@pytest.mark.parametrize(
    ("topic", "bounds", "told"),
    [
        ("shops", CIRACAS, "knows nothing of the kind"),
        ("markets", None, "the project has none"),
        ("markets", (106.0, -7.0, 107.0, -6.0), "too large"),
        ("marktes", CIRACAS, "no topic “marktes”"),
        ('a="];out;', CIRACAS, "no topic"),
    ],
)
def test_what_cannot_be_asked_or_found_is_told(
    topic: str, bounds: tuple[float, float, float, float] | None, told: str
) -> None:
    with stub_server(OverpassStub()) as server:
        address = recognise(f"{server.url}/api/interpreter#{topic}")
        with pytest.raises(GisappError) as error:
            read_service(address, bounds=bounds)
    assert told in error.value.message


@pytest.mark.parametrize("body", [b"a,lat,lon\n1,-6.3,106.9\n", b'<osm version="0.6">'])
def test_what_is_no_whole_extract_is_refused(body: bytes) -> None:
    refused = pytest.raises(GisappError, match="not as a map or survey service")
    with stub_server(lambda _asked: Answer(body)) as server, refused:
        read_service(recognise(f"{server.url}/api/interpreter#markets"), bounds=CIRACAS)


def test_an_answer_that_broke_off_is_refused() -> None:
    refused = pytest.raises(GisappError, match="Query timed out")
    with stub_server(OverpassStub("runtime error: Query timed out")) as server, refused:
        read_service(recognise(f"{server.url}/api/interpreter#markets"), bounds=CIRACAS)


def test_the_topics_are_listed_without_asking_anybody() -> None:
    def nobody(_asked: Asked) -> Answer:
        raise AssertionError

    with stub_server(nobody) as server:
        names = [x.name for x in list_layers(recognise(f"{server.url}/api/interpreter")).layers]
        assert server.asked == []
    assert {"markets", "roads", "buildings"} <= set(names)


def test_an_area_is_the_users_in_degrees_or_metres() -> None:
    project, address = create_project(), recognise("overpass:markets")
    assert asked_bounds(address, project, CIRACAS) == CIRACAS
    assert asked_bounds(address, project, None) is None
    metres = asked_bounds(address, project, (706_000.0, 9_295_000.0, 710_000.0, 9_304_000.0))
    assert metres is not None
    assert [round(x, 1) for x in metres] == [106.9, -6.4, 106.9, -6.3]
