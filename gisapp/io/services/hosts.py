"""Hosts: a service is asked on the one that the user named, wherever it sends the question."""

from __future__ import annotations

import urllib.request
from typing import IO, TYPE_CHECKING, Any
from urllib.parse import urlsplit

from gisapp.core.errors import GisappError
from gisapp.core.words import _

if TYPE_CHECKING:
    from urllib.parse import SplitResult

HTTP, HTTPS = 80, 443
_STANDARD_PORTS = {"http": HTTP, "https": HTTPS}


def host_of(url: str) -> str:
    """Return the host of an address, with its port where that is not the usual one."""
    return urlsplit(url).netloc.rpartition("@")[2].lower()


class SameHost(urllib.request.HTTPRedirectHandler):
    """Follows redirects on the same host only."""

    max_redirections = 5

    def redirect_request(
        self, req: urllib.request.Request, *args: Any
    ) -> urllib.request.Request | None:
        """Return the request to follow with; raises GisappError where it is of another host."""
        refuse_elsewhere(req.full_url, str(args[-1]))
        return super().redirect_request(req, *args)

    def http_error_302(
        self, req: urllib.request.Request, fp: IO[bytes], code: int, msg: str, headers: Any
    ) -> Any:
        """Follow a redirect; close the answer that leads nowhere."""
        try:
            return super().http_error_302(req, fp, code, msg, headers)
        except (GisappError, ValueError):
            fp.close()
            raise

    http_error_301 = http_error_303 = http_error_307 = http_error_308 = http_error_302


def refuse_elsewhere(asked: str, url: str) -> None:
    """Refuse an address on another host: the user named this one, and its token is for it."""
    was, now = urlsplit(asked), urlsplit(url)
    same = was.hostname == now.hostname and now.scheme in _STANDARD_PORTS
    secured = (was.scheme, now.scheme) == ("http", "https") and port_of(now) == HTTPS
    if not (same and (secured or (was.scheme, port_of(was)) == (now.scheme, port_of(now)))):
        raise GisappError(
            _("{host} sends the question on to {other}.").format(
                host=host_of(asked), other=host_of(url)[:80] or url[:80]
            ),
            _("If you trust that address, give it instead."),
        )


def port_of(parts: SplitResult) -> int | None:
    """Return the port of an address, or that of its scheme; None where it is no number."""
    try:
        return parts.port or _STANDARD_PORTS.get(parts.scheme)
    except ValueError:
        return None
