"""The door to services: one host, within limits, for as long as the user waits."""

from __future__ import annotations

import gzip
import io
import socket
import threading
from collections.abc import Iterator

import pytest
from helpers.servers import Answer, Asked, StubServer, as_json, stub_server

from gisapp.core.errors import Cancelled, GisappError
from gisapp.io.services import http
from gisapp.io.services.http import Door, with_params


def quiet() -> None:
    """Wait on."""


@pytest.fixture
def server() -> Iterator[StubServer]:
    with stub_server(lambda _asked: as_json({"ok": True})) as stub:
        yield stub


@pytest.fixture(autouse=True)
def _without_pauses(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(http, "_PAUSES_S", (0.0, 0.0))


def ask(server: StubServer, **params: object) -> object:
    return Door(server.url).json(server.url, params, quiet)


def test_an_answer_comes_with_its_parameters(server: StubServer) -> None:
    assert ask(server, where="1=1 & 2") == {"ok": True}
    assert server.asked[0].get("where") == "1=1 & 2"


def test_parameters_of_an_address_stay_and_are_replaced_in_any_case() -> None:
    assert with_params("http://x/ows?map=a&SERVICE=wms", {"service": "WFS"}) == (
        "http://x/ows?map=a&service=WFS"
    )


@pytest.mark.parametrize(
    ("answer", "told"),
    [
        (Answer(b"<html>Please log in</html>"), "not as a map or survey service"),
        (Answer(b"{" * 100_000), "not as a map or survey service"),
        (Answer(b'{"a":' * 100_000), "not as a map or survey service"),
        (Answer(b"", 404), "404 Not Found"),
        (Answer(b"", 401), "asks for a login"),
        (Answer(b"", 403), "asks for a login"),
        (Answer(b"", 503), "503 Service Unavailable"),
        (Answer(b"{}", length=5_000_000_000), "more than 48 MB"),
        (Answer(b"{}", length=50), "was cut off"),
        (Answer(b"", 302, {"Location": "file:///etc/passwd"}), "302"),
        (Answer(b"", 302, {"Location": "http://elsewhere.invalid/x"}), "elsewhere.invalid"),
        (Answer(b"", 302, {"Location": "/again"}), "302"),
        (Answer(b"", 302, {"Location": "http://[x"}), "not as a map or survey service"),
        (Answer(b"no gzip", headers={"Content-Encoding": "gzip"}), "was cut off"),
        (Answer(b"{}", headers={"Content-Encoding": "br"}), "packed"),
    ],
    ids=lambda x: x if isinstance(x, str) else "",
)
def test_what_is_no_answer_is_told(answer: Answer, told: str) -> None:
    with stub_server(lambda _asked: answer) as server, pytest.raises(GisappError) as error:
        ask(server)
    assert told in error.value.message
    assert error.value.remedy


def test_a_bomb_is_refused_before_it_swells(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(http, "MOST_PAGE_BYTES", 1 << 20)
    bomb = Answer(gzip.compress(bytes(64 << 20)), headers={"Content-Encoding": "gzip"})
    with stub_server(lambda _asked: bomb) as server, pytest.raises(GisappError) as error:
        ask(server)
    assert "more than 1 MB" in error.value.message


def test_a_packed_answer_is_unpacked() -> None:
    packed = Answer(gzip.compress(b'{"n": 1}'), headers={"Content-Encoding": "gzip"})
    with stub_server(lambda _asked: packed) as server:
        assert ask(server) == {"n": 1}


def test_a_busy_server_is_asked_again_when_it_wishes(monkeypatch: pytest.MonkeyPatch) -> None:
    rests: list[float] = []
    monkeypatch.setattr(http, "_rest", lambda seconds, _tick: rests.append(seconds))
    answers = iter(
        [
            Answer(b"", 429, {"Retry-After": "7"}),
            Answer(b"", 503, {"Retry-After": "99999"}),
            as_json([1]),
        ]
    )
    with stub_server(lambda _asked: next(answers)) as server:
        assert ask(server) == [1]
    assert rests == [7.0, http.LONGEST_WAIT_S]


def test_a_redirect_on_the_same_host_is_followed() -> None:
    def behave(asked: Asked) -> Answer:
        if asked.path == "/new":
            return as_json("here")
        return Answer(b"", 301, {"Location": "/new"})

    with stub_server(behave) as server:
        assert Door(server.url).json(f"{server.url}/old", {}, quiet) == "here"


def test_a_token_is_sent_to_its_host_alone() -> None:
    with stub_server(lambda _asked: as_json(0)) as thief:
        away = Answer(b"", 302, {"Location": f"{thief.url}/x"})
        with stub_server(lambda _asked: away) as server, pytest.raises(GisappError):
            Door(server.url, ("Authorization", "Token T")).json(server.url, {}, quiet)
        assert server.asked[0].headers["authorization"] == "Token T"
    assert thief.asked == []


def test_a_token_is_never_sent_in_the_clear() -> None:
    with pytest.raises(GisappError, match="in the clear"):
        Door("http://kobo.example.org/", ("Authorization", "Token T"))


def test_a_link_leads_nowhere_else() -> None:
    door = Door("https://maps.example.org/api")
    base = "https://maps.example.org/api/items"
    assert door.resolve("?offset=2", base) == f"{base}?offset=2"
    # A server behind a proxy that does not know its own name for the outside.
    assert door.resolve("http://maps.example.org/api/x", base) == "https://maps.example.org/api/x"
    for link in ("https://other.example.org/", "file:///etc/passwd", "//other.example.org/x",
                 "https://maps.example.org:8443/", "http://maps.example.org:8080/"):  # fmt: skip
        with pytest.raises(GisappError, match="sends the question on"):
            door.resolve(link, base)


@pytest.mark.parametrize("link", ["http://[x", "https://maps.example.org:port/"])
def test_a_link_that_none_can_follow_is_refused(link: str) -> None:
    with pytest.raises(GisappError):
        Door("https://maps.example.org/api").resolve(link, "https://maps.example.org/api")


def test_an_address_in_letters_beyond_ascii_is_asked(server: StubServer) -> None:
    assert Door(server.url).json(f"{server.url}/peta é/x", {"q": "ü"}, quiet) == {"ok": True}
    assert (server.asked[0].path, server.asked[0].get("q")) == ("/peta%20%C3%A9/x", "ü")


def test_a_dead_server_is_told() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{taken.getsockname()[1]}"
        with pytest.raises(GisappError, match="cannot be reached"):
            Door(url).json(url, {}, quiet)


def test_a_server_that_dribbles_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(http, "PATIENCE_S", -1.0)
    monkeypatch.setattr(http, "LEAST_BYTES_PER_S", 10**12)
    slow = pytest.raises(GisappError, match="too slow")
    with stub_server(lambda _asked: Answer(b"1" * 100)) as server, slow:
        ask(server)


def test_waiting_for_a_silent_server_can_be_stopped() -> None:
    left = threading.Event()

    def behave(_asked: Asked) -> Answer:
        assert left.wait(60), "the question waits for the answer"
        return as_json(0)

    def stop() -> None:
        raise Cancelled

    with stub_server(behave) as server:
        with pytest.raises(Cancelled):
            Door(server.url).save(server.url, {}, io.BytesIO(), stop)
        left.set()
