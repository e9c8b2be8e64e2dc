"""Tiles are brought in the background: the newest wish first, nothing twice, no wait at the end."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable

from helpers.tiles import MadeTiles

from gisapp.core.errors import GisappError
from gisapp.io.tiles.fetching import Fetcher
from gisapp.io.tiles.source import TileId

A, B, C = (TileId(5, n, 0) for n in range(3))


def soon(condition: Callable[[], bool]) -> bool:
    end = time.monotonic() + 5
    while not condition():
        if time.monotonic() > end:
            return False
        time.sleep(0.001)
    return True


class Told:
    def __init__(self) -> None:
        self.arrived: list[tuple[TileId, bytes | None]] = []
        self.failed: list[GisappError] = []

    def take(self, tile: TileId, content: bytes | None) -> None:
        self.arrived.append((tile, content))


def test_what_is_wanted_arrives() -> None:
    told = Told()
    fetcher = Fetcher(MadeTiles(lambda t: str(t.x).encode()), told.take, told.failed.append)
    fetcher.want([A, B, C])
    assert soon(lambda: fetcher.idle)
    assert sorted(told.arrived) == [(A, b"0"), (B, b"1"), (C, b"2")]
    fetcher.close()


def test_a_newer_wish_takes_the_place_of_those_not_begun() -> None:
    gate, told = threading.Event(), Told()

    def paint(_tile: TileId) -> bytes:
        gate.wait(5)
        return b"x"

    source = MadeTiles(paint)
    fetcher = Fetcher(source, told.take, told.failed.append)
    fetcher.want([TileId(9, n, 0) for n in range(50)])
    assert soon(lambda: len(source.asked) == 2)
    under_way = tuple(source.asked)
    fetcher.want([A, *under_way])
    gate.set()
    assert soon(lambda: fetcher.idle)
    assert sorted(source.asked) == sorted([A, *under_way])
    fetcher.close()


def test_a_failure_ends_the_wishes_and_is_told() -> None:
    told = Told()

    def paint(_tile: TileId) -> bytes:
        raise GisappError("down", "wait")

    source = MadeTiles(paint)
    fetcher = Fetcher(source, told.take, told.failed.append)
    fetcher.want([TileId(9, n, 0) for n in range(50)])
    assert soon(lambda: fetcher.idle)
    assert 1 <= len(source.asked) <= 4
    assert {error.message for error in told.failed} == {"down"}
    fetcher.close()


def test_closing_waits_for_nobody_and_silences_who_comes_late() -> None:
    gate, told = threading.Event(), Told()

    def paint(_tile: TileId) -> bytes:
        gate.wait(5)
        return b"x"

    source = MadeTiles(paint)
    fetcher = Fetcher(source, told.take, told.failed.append)
    fetcher.want([A, B])
    assert soon(lambda: len(source.asked) == 2)
    fetcher.close()
    assert not source.closed  # it is still being read
    gate.set()
    assert soon(lambda: source.closed)
    assert told.arrived == []


def test_a_source_that_was_never_asked_is_closed_too() -> None:
    source = MadeTiles(lambda _tile: None)
    Fetcher(source, lambda *_: None, lambda _: None).close()
    assert source.closed
