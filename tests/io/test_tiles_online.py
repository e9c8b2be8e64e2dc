"""Tiles from a server on this machine that behaves well, badly, or not at all."""

from __future__ import annotations

import socket
import sqlite3
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from helpers.tiles import TileServer, a_picture, tile_server

from gisapp.core.basemap import Basemap
from gisapp.core.errors import GisappError
from gisapp.io.tiles import online
from gisapp.io.tiles.cache import CachedTile, TileCache
from gisapp.io.tiles.choices import BasemapChoices
from gisapp.io.tiles.online import OnlineTiles
from gisapp.io.tiles.opening import open_basemap
from gisapp.io.tiles.providers import RECOMMENDED, provider, providers
from gisapp.io.tiles.source import TileId

HERE = TileId(3, 6, 4)
OSM = "OpenStreetMap.Mapnik"


@pytest.fixture
def server() -> Iterator[TileServer]:
    with tile_server() as served:
        yield served


@pytest.fixture
def cache(tmp_path: Path) -> Iterator[TileCache]:
    kept = TileCache(tmp_path / "tiles.sqlite", limit_mb=10)
    yield kept
    kept.close()


@pytest.fixture
def tiles(server: TileServer, cache: TileCache) -> OnlineTiles:
    return OnlineTiles(server.provider, cache)


class TestAGoodServer:
    def test_gives_a_tile_and_learns_who_asks(self, tiles: OnlineTiles, server: TileServer) -> None:
        assert tiles.tile(HERE) == server.picture
        assert server.requests == ["/3/6/4.png"]
        asked = server.headers[0]
        assert asked["User-Agent"].startswith("gisapp/")
        assert not {"Cookie", "Referer"} & set(asked)

    def test_is_asked_once(self, tiles: OnlineTiles, server: TileServer) -> None:
        assert tiles.tile(HERE) == tiles.tile(HERE)
        assert len(server.requests) == 1

    def test_is_asked_whether_a_stale_tile_still_holds(
        self, tiles: OnlineTiles, server: TileServer, cache: TileCache
    ) -> None:
        cache.put("Local.Test", HERE, CachedTile(server.picture, '"v1"', time.time() - 1))
        assert tiles.tile(HERE) == server.picture
        assert server.headers[0]["If-None-Match"] == '"v1"'
        kept = cache.get("Local.Test", HERE)
        assert kept is not None
        assert kept.fresh_until > time.time()

    def test_may_send_on_to_another_place_of_its_own(
        self, tiles: OnlineTiles, server: TileServer
    ) -> None:
        server.behaviour = "redirects"
        assert tiles.tile(HERE) == server.picture

    def test_may_lack_a_tile(self, tiles: OnlineTiles, server: TileServer) -> None:
        server.behaviour = "absent"
        assert tiles.tile(HERE) is None


BAD = ("failing", "busy", "html", "bomb", "huge", "cut", "to a file", "round and round")


@pytest.mark.parametrize("behaviour", BAD)
def test_a_bad_answer_is_an_error_with_a_remedy(
    tiles: OnlineTiles, server: TileServer, behaviour: str
) -> None:
    server.behaviour = behaviour
    with pytest.raises(GisappError) as caught:
        tiles.tile(HERE)
    assert "Local.Test" in caught.value.message
    assert caught.value.remedy


@pytest.mark.parametrize("behaviour", ["silent", "dribbles"])
def test_a_slow_server_is_given_up(
    tiles: OnlineTiles, server: TileServer, behaviour: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(online, "TIMEOUT_S", 0.2)
    server.behaviour = behaviour
    with pytest.raises(GisappError, match="too slow"):
        tiles.tile(HERE)


def test_no_other_server_is_told(tiles: OnlineTiles, server: TileServer) -> None:
    with tile_server() as other:
        server.behaviour, server.elsewhere = "sends away", other.url
        with pytest.raises(GisappError, match="another server"):
            tiles.tile(HERE)
        assert other.requests == []


def test_a_dead_server_is_left_alone_for_a_while(cache: TileCache, server: TileServer) -> None:
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        port = unused.getsockname()[1]
    dead = replace(server.provider, template=f"http://127.0.0.1:{port}/{{z}}/{{x}}/{{y}}.png")
    tiles = OnlineTiles(dead, cache)
    with pytest.raises(GisappError, match="gives no map tiles now"):
        tiles.tile(HERE)
    with pytest.raises(GisappError, match="left alone"):
        tiles.tile(HERE)


def test_each_pause_is_longer_until_the_server_answers() -> None:
    now = [100.0]
    pause = online._Pause(lambda: now[0])
    lengths = []
    for _failure in range(10):
        pause.longer(0)
        lengths.append(pause._until - now[0])
        now[0] = pause._until
    assert lengths[:3] == [2.0, 4.0, 8.0]
    assert lengths[-1] == online._LONGEST_PAUSE_S
    pause.over()
    pause.longer(120)
    assert pause._until - now[0] == 120


def test_a_stale_tile_is_better_than_none(
    tiles: OnlineTiles, server: TileServer, cache: TileCache
) -> None:
    server.behaviour = "failing"
    cache.put("Local.Test", HERE, CachedTile(b"old", "", time.time() - 1))
    assert tiles.tile(HERE) == b"old"


def test_without_leave_to_ask_only_kept_tiles_show(server: TileServer, cache: TileCache) -> None:
    tiles = OnlineTiles(server.provider, cache, asks=False)
    assert tiles.tile(HERE) is None
    cache.put("Local.Test", HERE, CachedTile(b"old", "", time.time() - 1))
    assert tiles.tile(HERE) == b"old"
    assert server.requests == []


class TestConsent:
    def test_no_provider_is_asked_without_it(self, monkeypatch: pytest.MonkeyPatch) -> None:
        def refused(*_args: object) -> None:
            pytest.fail("a socket was made")

        monkeypatch.setattr(socket, "socket", refused)
        with pytest.raises(GisappError, match="not agreed"):
            open_basemap(Basemap("tiles", OSM), BasemapChoices(), None)
        kept_only = open_basemap(Basemap("tiles", OSM), BasemapChoices(), None, asks=False)
        assert kept_only is not None
        assert kept_only.tile(HERE) is None
        kept_only.close()

    def test_it_is_for_one_provider(self) -> None:
        choices = BasemapChoices().with_provider(OSM)
        source = open_basemap(Basemap("tiles", OSM), choices, None)
        assert source is not None
        source.close()
        with pytest.raises(GisappError, match="not agreed"):
            open_basemap(Basemap("tiles", "OpenTopoMap"), choices, None)

    def test_a_provider_that_does_not_exist_is_refused(self) -> None:
        with pytest.raises(GisappError, match="no tile provider"):
            provider("Evil.Server")


def test_the_catalogue_is_encrypted_and_keyless_and_recommended_first() -> None:
    known = providers()
    assert tuple(known)[: len(RECOMMENDED)] == RECOMMENDED
    for found in known.values():
        assert found.url(TileId(3, 1, 2)).startswith("https://")
        assert "{" not in found.url(TileId(3, 1, 2))
        assert found.attribution
        assert found.host


class TestTheCache:
    def test_the_least_recently_used_go_first(self, tmp_path: Path) -> None:
        now = [0.0]
        cache = TileCache(tmp_path / "t.sqlite", limit_mb=1, now=lambda: now[0])
        for n in range(60):
            now[0] += 1000
            cache.put("A", TileId(9, n, 0), CachedTile(bytes(30_000), "", 0.0))
            cache.get("A", TileId(9, 0, 0))  # used again and again
        assert cache.size_bytes() <= 2**20
        assert cache.get("A", TileId(9, 0, 0)) is not None
        assert cache.get("A", TileId(9, 1, 0)) is None
        assert cache.get("A", TileId(9, 59, 0)) is not None
        cache.close()

    def test_it_can_be_cleared(self, cache: TileCache) -> None:
        cache.put("A", HERE, CachedTile(bytes(300_000), "", 0.0))
        assert cache.size_bytes() > 300_000
        cache.clear()
        assert cache.get("A", HERE) is None
        assert cache.size_bytes() < 100_000

    def test_sources_are_apart(self, cache: TileCache) -> None:
        cache.put("A", HERE, CachedTile(b"a", "", 0.0))
        assert cache.get("B", HERE) is None

    def test_two_windows_share_it(self, tmp_path: Path) -> None:
        one, two = (TileCache(tmp_path / "t.sqlite", limit_mb=1) for _n in range(2))
        one.put("A", HERE, CachedTile(b"a", "", 0.0))
        two.put("A", TileId(0, 0, 0), CachedTile(b"b", "", 0.0))
        assert one.get("A", TileId(0, 0, 0)) is not None
        one.close()
        two.close()

    def test_a_broken_file_is_begun_anew(self, tmp_path: Path) -> None:
        path = tmp_path / "t.sqlite"
        path.write_bytes(b"SQLite format 3\x00" + b"\xff" * 5000)
        cache = TileCache(path, limit_mb=1)
        assert cache.get("A", HERE) is None
        cache.put("A", HERE, CachedTile(b"a", "", 0.0))
        assert cache.get("A", HERE) is not None
        cache.close()

    def test_a_busy_file_or_no_place_for_one_is_done_without(self, tmp_path: Path) -> None:
        path = tmp_path / "t.sqlite"
        cache = TileCache(path, limit_mb=1)
        cache.put("A", HERE, CachedTile(b"a", "", 0.0))
        other = sqlite3.connect(path)
        other.execute("BEGIN EXCLUSIVE")
        assert cache.get("A", HERE) is None
        other.close()
        assert cache.get("A", HERE) is not None
        cache.close()
        nowhere = TileCache(path / "below a file" / "t.sqlite", limit_mb=1)
        nowhere.put("A", HERE, CachedTile(a_picture(), "", 0.0))
        assert nowhere.get("A", HERE) is None


def test_a_closed_cache_stays_closed(cache: TileCache) -> None:
    cache.put("Local.Test", HERE, CachedTile(b"old", "", time.time() + 60))
    cache.close()
    assert cache.get("Local.Test", HERE) is None  # a thread that comes late
    assert cache._connection is None
