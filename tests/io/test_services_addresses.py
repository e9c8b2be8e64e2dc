"""Which service an address is of, decided without asking anybody."""

from __future__ import annotations

import os
import time
from contextlib import suppress
from pathlib import Path

import pytest

from gisapp.core.errors import GisappError
from gisapp.io.folders import cache_folder
from gisapp.io.services.addresses import SERVICES, is_address, recognise
from gisapp.io.services.downloads import FORGOTTEN_AFTER_S, download_folder

RDTR = "https://tataruang.example.go.id/server/rest/services/RDTR_2022/Pola/FeatureServer"
UID = "aGAcvhamUDuDTtbkyeikbD"


@pytest.mark.parametrize(
    ("text", "kind", "url"),
    [
        (RDTR, "arcgis", RDTR),
        (f" {RDTR}/0 ", "arcgis", f"{RDTR}/0"),
        ("https://x.org/geoserver/ows?service=WFS", "wfs", "https://x.org/geoserver/ows?service=WFS"),
        ("wfs:https://x.org/cgi/mapserv?map=a", "wfs", "https://x.org/cgi/mapserv?map=a"),
        ("https://x.org/geoserver/wfs", "wfs", "https://x.org/geoserver/wfs"),
        ("https://x.org/oapi/collections/a", "ogcapi", "https://x.org/oapi/collections/a"),
        ("https://x.org/", "ogcapi", "https://x.org/"),
        (f"https://eu.kobotoolbox.org/#/forms/{UID}", "kobo", f"https://eu.kobotoolbox.org/#/forms/{UID}"),
        ("https://kobo.example.org/", "kobo", "https://kobo.example.org/"),
        ("https://eu.example.org/oapi", "ogcapi", "https://eu.example.org/oapi"),
        ("kobo:", "kobo", "https://kf.kobotoolbox.org"),
        (f"kobo:{UID}", "kobo", f"https://kf.kobotoolbox.org#{UID}"),
        ("overpass:", "overpass", "https://overpass-api.de/api/interpreter"),
        ("overpass:markets", "overpass", "https://overpass-api.de/api/interpreter#markets"),
    ],
)  # fmt: skip
def test_an_address_tells_its_service(text: str, kind: str, url: str) -> None:
    address = recognise(text)
    assert (address.kind.name, address.url) == (kind, url)
    assert is_address(text.strip())


@pytest.mark.parametrize(
    "text", ["warung.csv", "C:/data/a.gpkg", "/home/a/b.geojson", "file:///etc/passwd", "ftp://x/y"]
)
def test_a_path_is_no_address(text: str) -> None:
    assert not is_address(text)
    with pytest.raises(GisappError, match="no address of a service"):
        recognise(text)


@pytest.mark.parametrize(
    "text", ["https://", "wfs:here", "https:///x", "https://[x", "https://a\nb"]
)
def test_half_an_address_is_refused(text: str) -> None:
    with pytest.raises(GisappError, match="no address of a service"):
        recognise(text)


def test_what_lets_somebody_in_is_not_shown() -> None:
    address = recognise("https://x.org/wfs?service=WFS&access_token=T0&map=a&apikey=K0&KEY=K1")
    assert address.shown == "https://x.org/wfs?service=WFS&map=a"
    assert address.secret
    with pytest.raises(GisappError, match="password"):
        recognise("https://user:pw@x.org/wfs")


def test_every_service_says_what_its_provider_learns() -> None:
    for kind in SERVICES:
        named = recognise(f"{kind.name}:https://x.org/rest/services/a/FeatureServer")
        assert "x.org" in named.learns


def test_an_old_download_is_forgotten(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GISAPP_HOME", str(tmp_path))
    for place in ("a", "b"):
        with suppress(KeyError), download_folder(place, None, keep=True) as folder:
            (folder / "features.part").write_text(place)
            raise KeyError  # it breaks off
    parts = list((cache_folder() / "downloads").glob("*/features.part"))
    assert len(parts) == 2
    long_ago = time.time() - FORGOTTEN_AFTER_S - 60
    for part in parts:
        os.utime(part.parent, (long_ago, long_ago))
    with download_folder("c", None, keep=True):
        assert not [x for x in parts if x.exists()]


def test_two_windows_do_not_write_into_one_download() -> None:
    with download_folder("x", None, keep=True) as one, download_folder("x", None, keep=True) as two:
        assert one != two
