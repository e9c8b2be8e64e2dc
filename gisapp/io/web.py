"""What everything that asks a server on the web has in common."""

from __future__ import annotations

import urllib.request

from gisapp import __version__
from gisapp.core.words import _

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


def reason_of(error: Exception) -> str:
    """Say in a few words why no answer came."""
    cause = getattr(error, "reason", error)
    if isinstance(cause, TimeoutError):
        return _("it is too slow")
    return str(getattr(cause, "strerror", None) or cause or type(error).__name__).rstrip(".")
