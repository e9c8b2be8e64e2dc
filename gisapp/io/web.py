"""What everything that asks a server on the web has in common."""

from __future__ import annotations

import http.client
import socket
import ssl
import time
import urllib.request
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING

from gisapp import __version__
from gisapp.core.causes import why
from gisapp.core.words import N_, _

if TYPE_CHECKING:
    from email.message import Message

# By OpenSSL's numbers (X509_V_ERR_*).
_CERTIFICATES = {
    9: N_("its certificate is not valid yet"),
    10: N_("its certificate has expired"),
    18: N_("it signed its certificate itself"),
    19: N_("nobody that this computer trusts signed its certificate"),
    20: N_("nobody that this computer trusts signed its certificate"),
    21: N_("nobody that this computer trusts signed its certificate"),
    62: N_("its certificate is made out to another name"),
    64: N_("its certificate is made out to another name"),
}
_KINDS = (
    (TimeoutError, N_("it is too slow")),
    (socket.gaierror, N_("its name is not found, or this computer is offline")),
    (ssl.SSLError, N_("no secure connection to it can be made")),
    (http.client.RemoteDisconnected, N_("it broke off the connection")),
    (http.client.IncompleteRead, N_("its answer was cut off")),
    (http.client.InvalidURL, N_("it is no web address")),
    (http.client.BadStatusLine, N_("its answer is none of the web's")),
)

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
    if isinstance(cause, ssl.SSLCertVerificationError):
        known = _CERTIFICATES.get(cause.verify_code)
        return _(known) if known else cause.verify_message
    for kinds, words in _KINDS:
        if isinstance(cause, kinds):
            return _(words)
    if isinstance(cause, OSError):
        return why(cause)
    return (str(cause) or type(error).__name__).rstrip(".")
