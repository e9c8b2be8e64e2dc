"""Tiles to test with: pictures, files of them, and a server that behaves badly on request."""

from __future__ import annotations

import gzip
import sqlite3
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from pmtiles.tile import Compression, TileType, zxy_to_tileid
from pmtiles.writer import write
from PySide6.QtCore import QBuffer, QIODevice
from PySide6.QtGui import QColor, QImage

from gisapp.io.tiles.providers import Provider
from gisapp.io.tiles.source import WORLD, LonLatBounds, TileId

Bytes = Callable[[TileId], bytes]


def a_picture(colour: str = "#336699", side: int = 256, form: str = "PNG") -> bytes:
    image = QImage(side, side, QImage.Format.Format_RGB32)
    image.fill(QColor(colour))
    return encoded(image, form)


def encoded(image: QImage, form: str = "PNG") -> bytes:
    buffer = QBuffer()
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    assert image.save(buffer, form)
    return bytes(buffer.data().data())


@dataclass
class MadeTiles:
    """A `TileSource` in memory: every tile is what `paint` makes of it."""

    paint: Callable[[TileId], bytes | None]
    title: str = "Made"
    min_zoom: int = 0
    max_zoom: int = 18
    tile_px: int = 256
    bounds: LonLatBounds = WORLD
    attribution: str = "© Nobody"
    asked: list[TileId] = field(default_factory=list)
    closed: bool = False

    def tile(self, tile: TileId) -> bytes | None:
        self.asked.append(tile)
        return self.paint(tile)

    def close(self) -> None:
        self.closed = True


def make_mbtiles(path: Path, tiles: Iterable[tuple[TileId, bytes]], **metadata: str) -> Path:
    connection = sqlite3.connect(path)
    with connection:
        connection.execute("CREATE TABLE metadata (name TEXT, value TEXT)")
        connection.execute(
            "CREATE TABLE tiles (zoom_level INTEGER, tile_column INTEGER, tile_row INTEGER, "
            "tile_data BLOB)"
        )
        connection.executemany("INSERT INTO metadata VALUES (?, ?)", metadata.items())
        connection.executemany(
            "INSERT INTO tiles VALUES (?, ?, ?, ?)",
            ((t.z, t.x, 2**t.z - 1 - t.y, content) for t, content in tiles),
        )
    connection.close()
    return path


def make_pmtiles(
    path: Path, tiles: Iterable[tuple[TileId, bytes]], kind: TileType = TileType.PNG, **meta: str
) -> Path:
    with write(str(path)) as writer:
        for tile, content in sorted(tiles, key=lambda x: zxy_to_tileid(*x[0])):
            writer.write_tile(zxy_to_tileid(*tile), content)
        writer.finalize({"tile_type": kind, "tile_compression": Compression.NONE}, meta)
    return path


@dataclass
class TileServer:
    """What a local server was asked, and how it behaves: a name of `_BEHAVIOURS`."""

    url: str = ""
    behaviour: str = "good"
    requests: list[str] = field(default_factory=list)
    headers: list[dict[str, str]] = field(default_factory=list)
    picture: bytes = b""
    elsewhere: str = ""

    @property
    def provider(self) -> Provider:
        return Provider(
            name="Local.Test",
            attribution="© Test",
            min_zoom=0,
            max_zoom=18,
            bounds=WORLD,
            template=self.url + "/{z}/{x}/{y}.png",
        )


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.0"
    told: TileServer

    def do_GET(self) -> None:
        told = self.told
        told.requests.append(self.path)
        told.headers.append(dict(self.headers.items()))
        with suppress(BrokenPipeError, ConnectionResetError):  # the client had enough
            _BEHAVIOURS[told.behaviour](self)

    def log_message(self, *_args: object) -> None:
        """Stay quiet."""

    def answer(self, code: int, content: bytes = b"", **headers: str) -> None:
        self.send_response(code)
        for name, value in headers.items():
            self.send_header(name.replace("_", "-"), value)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)


def _good(handler: _Handler) -> None:
    if handler.headers.get("If-None-Match") == '"v1"':
        handler.answer(304)
        return
    handler.answer(
        200, handler.told.picture, Content_Type="image/png", ETag='"v1"', Cache_Control="max-age=1"
    )


def _redirects(handler: _Handler) -> None:
    if handler.path.startswith("/moved"):
        _good(handler)
    else:
        handler.answer(302, Location=f"/moved{handler.path}")


def _dribbles(handler: _Handler) -> None:
    handler.send_response(200)
    handler.end_headers()
    for byte in handler.told.picture[:100]:
        handler.wfile.write(bytes([byte]))
        handler.wfile.flush()
        time.sleep(0.05)


_BEHAVIOURS: dict[str, Callable[[_Handler], None]] = {
    "good": _good,
    "absent": lambda h: h.answer(404, b"<html>no</html>"),
    "failing": lambda h: h.answer(500, b"oops"),
    "busy": lambda h: h.answer(429, b"", Retry_After="120"),
    "html": lambda h: h.answer(200, b"<html>Please log in</html>", Content_Type="text/html"),
    "bomb": lambda h: h.answer(200, gzip.compress(bytes(50_000_000)), Content_Encoding="gzip"),
    "huge": lambda h: h.answer(200, h.told.picture + bytes(3_000_000)),
    "cut": lambda h: (h.send_response(200), h.send_header("Content-Length", "9999"),
                      h.end_headers(), h.wfile.write(h.told.picture[:50]), None)[-1],
    "silent": lambda h: time.sleep(2),
    "dribbles": _dribbles,
    "redirects": _redirects,
    "sends away": lambda h: h.answer(302, Location=h.told.elsewhere + h.path),
    "to a file": lambda h: h.answer(302, Location="file:///etc/passwd"),
    "round and round": lambda h: h.answer(302, Location=h.path),
}  # fmt: skip


@contextmanager
def tile_server() -> Iterator[TileServer]:
    """Serve tiles on this machine; what is asked and answered is in the value."""
    told = TileServer(picture=a_picture())
    handler = type("Handler", (_Handler,), {"told": told})
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    server.daemon_threads = True
    told.url = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield told
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
