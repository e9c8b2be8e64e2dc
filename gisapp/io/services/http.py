"""The one door through which a service is asked: to one host, within limits, for as long as asked.

Whoever opens a `Door` has been given its address by the user.
"""

from __future__ import annotations

import contextvars
import errno
import http.client
import io
import json
import ssl
import threading
import time
import urllib.error
import urllib.request
import zlib
from concurrent.futures import Future, wait
from http import HTTPStatus
from typing import IO, TYPE_CHECKING, Any, TypeVar
from urllib.parse import parse_qsl, quote, urlencode, urljoin, urlsplit, urlunsplit

from gisapp.core.errors import GisappError
from gisapp.core.words import _
from gisapp.io.services.hosts import HTTP, SameHost, host_of, port_of, refuse_elsewhere
from gisapp.io.web import USER_AGENT, opener, reason_of, wished_pause_s

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    Tick = Callable[[], None]

T = TypeVar("T")

TIMEOUT_S = 30.0
MOST_FILE_BYTES = 2 << 30
# A page is parsed in memory, where it takes some ten times its size.
MOST_PAGE_BYTES = 48 << 20
LEAST_BYTES_PER_S, PATIENCE_S = 500, 60.0
LONGEST_WAIT_S = 120.0
_PAUSES_S = (1.0, 3.0, 9.0)
_TICK_S = 0.1
_CHUNK = 256 * 1024
_BUSY = frozenset(
    {
        HTTPStatus.TOO_MANY_REQUESTS,
        HTTPStatus.BAD_GATEWAY,
        HTTPStatus.SERVICE_UNAVAILABLE,
        HTTPStatus.GATEWAY_TIMEOUT,
    }
)
_LOGIN = frozenset({HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN})
_NO_ROOM = frozenset({errno.ENOSPC, errno.EDQUOT})
_THIS_MACHINE = frozenset({"localhost", "127.0.0.1", "::1"})


def with_params(url: str, params: Mapping[str, object]) -> str:
    """Put `params` into the query of `url`, over those of the same name in any case."""
    parts = urlsplit(url)
    names = {name.lower() for name in params}
    kept = [(k, v) for k, v in parse_qsl(parts.query, True) if k.lower() not in names]
    query = urlencode([*kept, *((k, str(v)) for k, v in params.items())])
    path = quote(parts.path, safe="/%:@!$&'()*+,;=~")
    return urlunsplit(parts._replace(path=path, query=query, fragment=""))


class Door:
    """Asks the host of one address, and no other.

    Parameters
    ----------
    url : str
        An address of the web; its host is the one that is asked.
    header : tuple of str, optional
        Name and value of the header that says who asks. It is never sent in the clear.
    timeout_s : float
        For how long the server may be silent.
    """

    def __init__(
        self, url: str, header: tuple[str, str] | None = None, timeout_s: float = TIMEOUT_S
    ) -> None:
        self.url, self.host, self._timeout_s = url, host_of(url), timeout_s
        self._header = header
        self._opener = opener(SameHost())
        if header and urlsplit(url).scheme != "https" and not _is_this_machine(url):
            raise GisappError(
                _("{host} is asked in the clear, where anybody could read the token.").format(
                    host=self.host
                ),
                _("Use its address that begins with https://."),
            )

    def resolve(self, link: str, base: str) -> str:
        """Return where a link of the answer from `base` leads to.

        Raises
        ------
        GisappError
            Where it leads to another host.
        """
        try:
            url = urljoin(base, link)
            parts = urlsplit(url)
        except ValueError as error:
            raise self.no_service() from error
        # Services behind a proxy often do not know that they are asked by https.
        if (
            parts.scheme == "http"
            and urlsplit(self.url).scheme == "https"
            and port_of(parts) == HTTP
        ):
            url = urlunsplit(parts._replace(scheme="https"))
        refuse_elsewhere(self.url, url)
        return url

    def json(
        self,
        url: str,
        params: Mapping[str, object],
        tick: Tick,
        accept: str = "application/json",
    ) -> Any:
        """Return an answer in JSON, of at most `MOST_PAGE_BYTES`; else as `save`."""
        return self.parsed(self.text(url, params, tick, accept))

    def parsed(self, content: bytes) -> Any:
        """Return the JSON that an answer is; raises GisappError where it is none."""
        try:
            return json.loads(content)
        except (ValueError, RecursionError) as error:
            raise self.no_service() from error

    def text(self, url: str, params: Mapping[str, object], tick: Tick, accept: str) -> bytes:
        """Return an answer of at most `MOST_PAGE_BYTES`; else as `save`."""
        sink = io.BytesIO()
        self.save(url, params, sink, tick, accept, MOST_PAGE_BYTES)
        return sink.getvalue()

    def save(
        self,
        url: str,
        params: Mapping[str, object],
        sink: IO[bytes],
        tick: Tick,
        accept: str = "*/*",
        most_bytes: int = MOST_FILE_BYTES,
    ) -> None:
        """Write an answer to `sink`; ask again after a pause where the server is busy.

        Parameters
        ----------
        tick : callable
            Called ten times a second while there is nothing to do but wait; what it raises ends
            the waiting.

        Raises
        ------
        GisappError
            Where no answer comes, or not a whole one within the limits.
        """
        asked = with_params(url, params)
        refuse_elsewhere(self.url, asked)
        request = urllib.request.Request(
            asked,
            headers={
                "User-Agent": USER_AGENT,
                "Accept": accept,
                "Accept-Encoding": "gzip",
                **dict([self._header] if self._header else []),
            },
        )
        for pause_s in (*_PAUSES_S, None):
            try:
                _attended(lambda stop: self._once(request, sink, most_bytes, stop), tick)
            except _Passing as error:
                if pause_s is None:
                    raise error.told from error
                _rest(max(pause_s, min(error.wait_s, LONGEST_WAIT_S)), tick)
            else:
                return

    def no_service(self) -> GisappError:
        """Say that an answer is not what a service of this kind gives."""
        return GisappError(
            _("{host} answers, but not as a map or survey service does.").format(host=self.host),
            _("Check the address in a browser: a login page or a page for people is no service."),
        )

    def _once(
        self, request: urllib.request.Request, sink: IO[bytes], most: int, stop: threading.Event
    ) -> None:
        sink.seek(0)
        sink.truncate()
        try:
            with self._answer(request) as answer:
                self._copy(answer, sink, most, stop)
        except urllib.error.HTTPError as error:
            with error:
                raise self._refused(error) from error
        except (OSError, http.client.HTTPException) as error:
            if isinstance(error, OSError) and error.errno in _NO_ROOM:
                raise  # it is the disk that does not answer
            raise self._unreached(error) from error

    def _answer(self, request: urllib.request.Request) -> http.client.HTTPResponse:
        try:
            answer: http.client.HTTPResponse = self._opener.open(request, timeout=self._timeout_s)
        except ValueError as error:  # a name that none can have, a redirect to nothing
            raise self.no_service() from error
        return answer

    def _copy(
        self, answer: http.client.HTTPResponse, sink: IO[bytes], most: int, stop: threading.Event
    ) -> None:
        unpack = _unpacker(answer.headers.get("Content-Encoding", ""))
        began, received, written = time.monotonic(), 0, 0
        if (answer.length or 0) > most:
            raise self._too_large(most)
        while not stop.is_set() and (chunk := answer.read1(_CHUNK)):
            received += len(chunk)
            for plain in unpack(chunk):
                written += sink.write(plain)
                if written > most:
                    raise self._too_large(most)
            waited_s = time.monotonic() - began
            if waited_s > PATIENCE_S and received < LEAST_BYTES_PER_S * waited_s:
                raise TimeoutError
        if answer.length:  # what was announced and did not come
            raise http.client.IncompleteRead(b"", answer.length)

    def _refused(self, error: urllib.error.HTTPError) -> Exception:
        code = error.code
        if code in _LOGIN:
            return login_needed(self.host)
        told = GisappError(
            _("{host} does not serve this address: it answered {code} {phrase}.").format(
                host=self.host, code=code, phrase=_phrase(code)
            ),
            _("Check the address, or try again later."),
        )
        return _Passing(told, wished_pause_s(error.headers)) if code in _BUSY else told

    def _unreached(self, error: Exception) -> Exception:
        cause = getattr(error, "reason", error)
        if isinstance(cause, ssl.SSLCertVerificationError):
            return GisappError(
                _("{host} cannot prove that it is {host}: {reason}.").format(
                    host=self.host, reason=reason_of(error)
                ),
                _("Check the address and this computer's clock, or tell whoever runs the server."),
            )
        told = GisappError(
            _("{host} cannot be reached: {reason}.").format(
                host=self.host, reason=reason_of(error)
            ),
            _("Check the address and the connection, or try again later."),
        )
        return _Passing(told) if isinstance(cause, _MAY_PASS) else told

    def _too_large(self, most: int) -> GisappError:
        return GisappError(
            _("{host} sends more than {n} MB at once.").format(host=self.host, n=most >> 20),
            _("Ask for a smaller area, or download the data as a file in parts."),
        )


def login_needed(host: str) -> GisappError:
    """Say that a server wants to know who asks."""
    return GisappError(
        _("{host} asks for a login.").format(host=host),
        _("Give a token of your account there, or ask its owner to let you in."),
    )


_MAY_PASS = (http.client.IncompleteRead, ConnectionResetError)


class _Passing(Exception):  # noqa: N818 - told as a GisappError where it does not pass
    """No answer now; `told` is what the user reads where none comes later either."""

    def __init__(self, told: GisappError, wait_s: float = 0.0) -> None:
        super().__init__(told.message)
        self.told, self.wait_s = told, wait_s


def _is_this_machine(url: str) -> bool:
    return urlsplit(url).hostname in _THIS_MACHINE


def _unpacker(encoding: str) -> Callable[[bytes], Any]:
    """Return what makes plain pieces, each of a bounded size, of a received one."""
    if encoding.lower() in ("", "identity"):
        return lambda chunk: (chunk,)
    if encoding.lower() != "gzip":
        raise http.client.HTTPException(_("its answer is packed in a way not asked for"))
    packed = zlib.decompressobj(wbits=31)

    def unpacked(chunk: bytes) -> Any:
        try:
            yield packed.decompress(chunk, _CHUNK)
            while packed.unconsumed_tail:
                yield packed.decompress(packed.unconsumed_tail, _CHUNK)
        except zlib.error as error:
            raise http.client.IncompleteRead(b"") from error

    return unpacked


def _phrase(code: int) -> str:
    try:
        return HTTPStatus(code).phrase
    except ValueError:
        return ""


def _rest(seconds: float, tick: Tick) -> None:
    until = time.monotonic() + seconds
    while (left := until - time.monotonic()) > 0:
        tick()
        time.sleep(min(left, _TICK_S))


def _attended(work: Callable[[threading.Event], T], tick: Tick) -> T:
    """Run `work` in a thread, so that a silent server does not keep the user from stopping.

    The thread of an answer that nobody waits for ends by itself, at the latest by its timeout.
    """
    answer: Future[T] = Future()
    stop = threading.Event()
    context = contextvars.copy_context()

    def run() -> None:
        try:
            answer.set_result(context.run(work, stop))
        except BaseException as error:  # carried to who waits for it
            answer.set_exception(error)

    threading.Thread(target=run, name="gisapp-service", daemon=True).start()
    try:
        while not wait((answer,), _TICK_S).done:
            tick()
    except BaseException:
        stop.set()
        raise
    return answer.result()
