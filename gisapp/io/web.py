"""What everything that asks a server on the web has in common."""

from __future__ import annotations

import time
import urllib.request
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING

from gisapp import __version__
from gisapp.core.words import _

if TYPE_CHECKING:
    from email.message import Message

USER_AGENT = f"gisapp/{__version__} (desktop GIS; one user)"


def opener(redirects: urllib.request.HTTPRedirectHandler) -> urllib.request.OpenerDirector:
    """Return an opener of web addresses only (no files, no FTP) that is redirected as told."""
    director = urllib.request.OpenerDirector()
    for handler in (
        urllib.request.ProxyHandler(),
        urllib.request.HTTPHandler(),
        urllib.request.HTTPSHandler(),
        urllib.request.HTTPDefaultErrorHandler(),
        urllib.request.HTTPErrorProcessor(),
        redirects,
    ):
        director.add_handler(handler)
    return director


def wished_pause_s(headers: Message) -> float:
    """Return for how many seconds a server wants to be left alone; 0 where it does not say."""
    said = headers.get("Retry-After", "")
    if said.isdecimal():
        return float(said)
    try:
        return max(0.0, parsedate_to_datetime(said).timestamp() - time.time())
    except ValueError:
        return 0.0


def reason_of(error: Exception) -> str:
    """Say in a few words why no answer came."""
    cause = getattr(error, "reason", error)
    if isinstance(cause, TimeoutError):
        return _("it is too slow")
    return str(getattr(cause, "strerror", None) or cause or type(error).__name__).rstrip(".")
