"""Local servers that stand for services on the web.

They are stubs: each gives the shapes that the service's public documentation shows, and no more.
"""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qsl, urlsplit


@dataclass(frozen=True)
class Asked:
    """One request: its path, its query, its headers."""

    path: str
    query: Mapping[str, str]
    headers: Mapping[str, str]

    def get(self, name: str, default: str = "") -> str:
        return self.query.get(name, default)


@dataclass
class Answer:
    """What a server says: the body's length is announced as it is, unless `length` lies."""

    body: bytes = b""
    code: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)
    length: int | None = None


def as_json(value: Any, code: int = 200) -> Answer:
    return Answer(json.dumps(value).encode(), code, {"Content-Type": "application/json"})


def as_xml(text: str) -> Answer:
    return Answer(text.encode(), headers={"Content-Type": "application/xml"})


Behaviour = Callable[[Asked], Answer]


@dataclass
class StubServer:
    """A server that answers by `behave`, and what it was asked."""

    behave: Behaviour
    url: str = ""
    asked: list[Asked] = field(default_factory=list)

    @property
    def host(self) -> str:
        return urlsplit(self.url).netloc


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.0"
    stub: StubServer

    def do_GET(self) -> None:
        parts = urlsplit(self.path)
        query = dict(parse_qsl(parts.query, keep_blank_values=True))
        asked = Asked(parts.path, query, {k.lower(): v for k, v in self.headers.items()})
        self.stub.asked.append(asked)
        answer = self.stub.behave(asked)
        with suppress(BrokenPipeError, ConnectionResetError):  # the client had enough
            self.send_response(answer.code)
            for name, value in answer.headers.items():
                self.send_header(name, value)
            length = len(answer.body) if answer.length is None else answer.length
            self.send_header("Content-Length", str(length))
            self.end_headers()
            self.wfile.write(answer.body)

    def log_message(self, *_args: object) -> None:
        """Stay quiet."""


@contextmanager
def stub_server(behave: Behaviour) -> Iterator[StubServer]:
    """Serve on this machine, on a port that is free."""
    stub = StubServer(behave)
    server = ThreadingHTTPServer(("127.0.0.1", 0), type("Handler", (_Handler,), {"stub": stub}))
    server.daemon_threads = True
    stub.url = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield stub
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
