"""Tiles from a provider on the internet: politely, and never without being asked.

Whoever makes an `OnlineTiles` has made sure that the user agreed (`opening.open_basemap`).
"""

from __future__ import annotations

import http
import http.client
import re
import threading
import time
import urllib.error
import urllib.request
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from gisapp.core.errors import GisappError
from gisapp.core.words import _
from gisapp.io.tiles.cache import CachedTile
from gisapp.io.tiles.source import MAX_TILE_BYTES, TileId, is_picture
from gisapp.io.web import USER_AGENT, opener, reason_of, wished_pause_s

if TYPE_CHECKING:
    from collections.abc import Callable
    from email.message import Message

    from gisapp.io.tiles.cache import TileCache
    from gisapp.io.tiles.providers import Provider

CONNECTIONS = 2
TIMEOUT_S = 10.0
# The tile servers' rules ask to keep a tile for a week where they do not say how long.
_WEEK_S = 7 * 24 * 3600.0
_LEAST_S, _MOST_S = 3600.0, 30 * 24 * 3600.0
_FIRST_PAUSE_S, _LONGEST_PAUSE_S = 2.0, 300.0
_CHUNK = 64 * 1024
_NOTHING_THERE = frozenset({http.HTTPStatus.NOT_FOUND, http.HTTPStatus.GONE})


class OnlineTiles:
    """The tiles of one provider; see `TileSource`.

    Parameters
    ----------
    provider : Provider
    cache : TileCache
        Where tiles are kept between two starts.
    asks : bool
        Whether the provider may be asked; else only what was kept is shown.
    """

    tile_px = 256

    def __init__(self, provider: Provider, cache: TileCache, *, asks: bool = True) -> None:
        self.title, self.attribution = provider.name, provider.attribution
        self.min_zoom, self.max_zoom = provider.min_zoom, provider.max_zoom
        self.bounds = provider.bounds
        self._provider, self._cache, self._asks = provider, cache, asks
        self._pause = _Pause()
        self._free = threading.BoundedSemaphore(CONNECTIONS)
        self._opener = opener(_SameHost())

    def tile(self, tile: TileId) -> bytes | None:
        """Return one tile: a fresh one that was kept, else the provider's, else a stale one.

        Raises
        ------
        GisappError
            Where the provider cannot be reached or gives no picture, and none was kept.
        """
        kept = self._cache.get(self.title, tile)
        if kept is not None and (not self._asks or kept.fresh_until > time.time()):
            return kept.content
        if not self._asks:
            return None
        try:
            return self._asked(tile, kept)
        except GisappError:
            if kept is not None:
                return kept.content
            raise

    def close(self) -> None:
        """Let the kept tiles' file go."""
        self._cache.close()

    def _asked(self, tile: TileId, kept: CachedTile | None) -> bytes | None:
        self._pause.refuse_meanwhile(self.title)
        try:
            with self._free:
                received = self._received(tile, kept)
        except _Refused as error:
            self._pause.longer(error.wait_s)
            raise GisappError(
                _("{provider} gives no map tiles now: {reason}.").format(
                    provider=self.title, reason=error
                ),
                _(
                    "Your own layers are all there. It is tried again by itself; check the "
                    "connection, or choose another basemap in the map menu."
                ),
            ) from error
        self._pause.over()
        if received is None:
            return None
        self._cache.put(self.title, tile, received)
        return received.content

    def _received(self, tile: TileId, kept: CachedTile | None) -> CachedTile | None:
        """Ask the provider; None where it has no such tile.

        Raises
        ------
        _Refused
            For any other answer than a picture.
        """
        request = urllib.request.Request(
            self._provider.url(tile), headers={"User-Agent": USER_AGENT, "Accept": "image/*"}
        )
        if kept is not None and kept.etag:
            request.add_header("If-None-Match", kept.etag)
        deadline = time.monotonic() + TIMEOUT_S
        try:
            with self._opener.open(request, timeout=TIMEOUT_S) as answer:
                if answer.status == http.HTTPStatus.NO_CONTENT:
                    return None
                content = _read(answer, deadline)
                return CachedTile(content, answer.headers.get("ETag", ""), _until(answer.headers))
        except urllib.error.HTTPError as error:
            with error:
                return self._answered(error, kept)
        except (OSError, http.client.HTTPException) as error:
            raise _Refused(reason_of(error)) from error

    def _answered(
        self, error: urllib.error.HTTPError, kept: CachedTile | None
    ) -> CachedTile | None:
        if error.code == http.HTTPStatus.NOT_MODIFIED and kept is not None:
            return CachedTile(kept.content, kept.etag, _until(error.headers))
        if error.code in _NOTHING_THERE:
            return None
        told = _("it answered {code}").format(code=error.code)
        raise _Refused(told, wished_pause_s(error.headers))


class _Refused(Exception):  # noqa: N818 - what the provider did, told as a GisappError further up
    """No tile came; `wait_s` is for how long the provider wants to be left alone."""

    def __init__(self, reason: str, wait_s: float = 0.0) -> None:
        super().__init__(reason)
        self.wait_s = wait_s


class _Pause:
    """Leaves a provider that failed alone, each time for twice as long."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._until, self._length = 0.0, 0.0

    def refuse_meanwhile(self, name: str) -> None:
        """Raise GisappError while the provider is left alone."""
        if self._clock() < self._until:
            raise GisappError(
                _("{provider} gave no map tiles and is left alone for a while.").format(
                    provider=name
                ),
                _("It is tried again by itself; your own layers are all there."),
            )

    def longer(self, wait_s: float) -> None:
        """Begin a pause: `wait_s`, where the provider said so, else twice the last one."""
        if self._clock() < self._until:
            return  # the answer to a request that was under way when the pause began
        self._length = min(max(2 * self._length, _FIRST_PAUSE_S), _LONGEST_PAUSE_S)
        self._until = self._clock() + max(self._length, min(wait_s, _LONGEST_PAUSE_S))

    def over(self) -> None:
        """Take note that the provider answers."""
        self._length = 0.0


class _SameHost(urllib.request.HTTPRedirectHandler):
    """Follows no redirect to another host: the user agreed to tell this one alone."""

    def redirect_request(
        self, req: urllib.request.Request, *args: object, **kwargs: object
    ) -> urllib.request.Request | None:
        was, now = urlsplit(req.full_url), urlsplit(str(args[-1]))
        if (was.scheme, was.hostname, was.port) != (now.scheme, now.hostname, now.port):
            raise _Refused(_("it sent the request on to another server"))
        return super().redirect_request(req, *args, **kwargs)  # type: ignore[arg-type]


def _read(answer: http.client.HTTPResponse, deadline: float) -> bytes:
    """Read a picture, but not for ever and not without end."""
    content = bytearray()
    while chunk := answer.read1(_CHUNK):
        content += chunk
        if len(content) > MAX_TILE_BYTES:
            raise _Refused(_("its answer is too large for a tile"))
        if time.monotonic() > deadline:
            raise _Refused(_("it is too slow"))
    if answer.length:  # what was announced and did not come
        raise _Refused(_("its answer was cut off"))
    if not is_picture(bytes(content[:16])):
        raise _Refused(_("its answer is no picture"))
    return bytes(content)


def _until(headers: Message) -> float:
    """Return until when (seconds since 1970) a tile need not be asked for again."""
    now, length = time.time(), _WEEK_S
    stated = re.search(r"max-age=(\d{1,9})", headers.get("Cache-Control", ""))
    if stated:
        length = float(stated[1])
    elif headers.get("Expires"):
        try:
            length = parsedate_to_datetime(headers["Expires"]).timestamp() - now
        except ValueError:
            length = 0.0
    return now + min(max(length, _LEAST_S), _MOST_S)
