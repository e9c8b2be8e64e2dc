"""Addresses of services on the web: of which kind each is, and whom it asks."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal
from urllib.parse import parse_qsl, urlsplit, urlunsplit

from gisapp.core.errors import GisappError
from gisapp.core.words import N_, _
from gisapp.io.services import arcgis, kobo, ogcapi, overpass, wfs
from gisapp.io.services.hosts import host_of
from gisapp.io.services.http import TIMEOUT_S, Door

if TYPE_CHECKING:
    from collections.abc import Callable
    from urllib.parse import SplitResult

    from gisapp.io.services.service import Service


@dataclass(frozen=True)
class ServiceKind:
    """One row of the table of services.

    Parameters
    ----------
    name : str
        What may stand before an address, with a colon, where the address does not tell.
    title : str
        As its makers call it.
    mark : pattern
        Found in its addresses, so that it need not be named.
    make : callable
        Makes the service of a door and an address.
    learns : str
        What its provider learns, in English.
    usual : str
        The address where the user gives none.
    token : str
        The environment variable of its tokens; empty where it has none.
    header : tuple of str
        Name and beginning of the header that carries the token.
    personal : bool
        Whether its data are of persons.
    resumes : bool
        Whether a layer that has not changed can be gone on with.
    timeout_s : float
        For how long it may be silent.
    areas : str
        Whether it may, must or can never be asked for a part of a layer.
    """

    name: str
    title: str
    mark: re.Pattern[str]
    make: Callable[[Door, str], Service]
    learns: str
    usual: str = ""
    token: str = ""
    header: tuple[str, str] = ("", "")
    personal: bool = False
    resumes: bool = False
    timeout_s: float = TIMEOUT_S
    areas: Literal["may", "must", "never"] = "may"


_LEARNS_LAYER = N_("{host} learns this computer's address, the layer and the area asked for.")
# The first whose mark is found is it; any address may be that of an OGC API.
SERVICES = (
    ServiceKind(
        "arcgis",
        "ArcGIS FeatureServer",
        arcgis.MARK,
        arcgis.ArcgisService,
        _LEARNS_LAYER,
        token="GISAPP_ARCGIS_TOKEN",
        header=("X-Esri-Authorization", "Bearer "),
        resumes=True,
    ),
    ServiceKind(
        "overpass",
        "Overpass (OpenStreetMap)",
        overpass.MARK,
        overpass.OverpassService,
        N_("{host} learns this computer's address, and what is asked for in which area."),
        usual=overpass.USUAL_SERVER,
        timeout_s=overpass.SERVER_TIMEOUT_S + TIMEOUT_S,  # it says nothing while it searches
        areas="must",
    ),
    ServiceKind(
        "kobo",
        "KoboToolbox",
        kobo.MARK,
        kobo.KoboService,
        N_("{host} learns this computer's address, and that your account asks for the survey."),
        usual="https://kf.kobotoolbox.org",
        token="GISAPP_KOBO_TOKEN",
        header=("Authorization", "Token "),
        personal=True,
        areas="never",
    ),
    ServiceKind("wfs", "WFS", wfs.MARK, wfs.WfsService, _LEARNS_LAYER),
    ServiceKind("ogcapi", "OGC API – Features", ogcapi.MARK, ogcapi.OgcApiService, _LEARNS_LAYER),
)
_WEB = re.compile(r"https?://", re.IGNORECASE)
_NAMED = re.compile(rf"(?P<kind>{'|'.join(x.name for x in SERVICES)}):(?P<rest>.*)")
_SECRET = re.compile(r"token|key|auth|pass|secret|signature|^sig$", re.IGNORECASE)


@dataclass(frozen=True)
class Address:
    """An address that the user typed, recognised."""

    kind: ServiceKind
    url: str

    @property
    def host(self) -> str:
        """Whom it asks."""
        return host_of(self.url)

    @property
    def learns(self) -> str:
        """What the provider learns, for the user."""
        return _(self.kind.learns).format(host=self.host)

    @property
    def token(self) -> str:
        """The token in it; empty where there is none, or its kind takes none as such."""
        query = dict(parse_qsl(urlsplit(self.url).query))
        return query.get("token", "") if self.kind.token else ""

    @property
    def secret(self) -> bool:
        """Whether it lets in who knows it."""
        return any(map(_SECRET.search, dict(parse_qsl(urlsplit(self.url).query))))

    @property
    def shown(self) -> str:
        """The address as it may be kept and shown: without what lets somebody in."""
        return without_secrets(self.url)


def is_address(text: str) -> bool:
    """Whether a source is an address of a service, not a path."""
    return bool(_WEB.match(text) or _NAMED.fullmatch(text))


def without_secrets(url: str) -> str:
    """Leave the values of tokens and keys out of an address."""
    parts = urlsplit(url)
    kept = "&".join(x for x in parts.query.split("&") if not _SECRET.search(x.partition("=")[0]))
    return urlunsplit(parts._replace(query=kept, netloc=host_of(url)))


def recognise(text: str) -> Address:
    """Say of which kind the service at an address is, without asking it.

    Parameters
    ----------
    text : str
        ``https://…``, or the name of a kind, a colon and an address, or ``overpass:`` and a
        topic.

    Raises
    ------
    GisappError
        Where it is no address of the web, or carries a password.
    """
    text = text.strip()
    named = _NAMED.fullmatch(text)
    kinds = {x.name: x for x in SERVICES}
    kind, url = (kinds[named["kind"]], named["rest"]) if named else (None, text)
    if kind is not None and kind.usual and not _WEB.match(url):
        url = f"{kind.usual}#{url}" if url else kind.usual
    parts = _parts(url)
    if parts is None or not parts.hostname or not url.isprintable():
        raise GisappError(
            _("“{text}” is no address of a service.").format(text=text[:80]),
            _("It begins with https://, or with one of {names}.").format(
                names=", ".join(f"{x.name}:" for x in SERVICES)
            ),
        )
    if parts.username or parts.password:
        raise GisappError(
            _("The address carries a password, which would be kept with the project."),
            _("Leave it out; use a token where the service has one."),
        )
    return Address(kind or next(x for x in SERVICES if x.mark.search(url)), url)


def _parts(url: str) -> SplitResult | None:
    try:
        return urlsplit(url) if _WEB.match(url) else None
    except ValueError:  # a bracket that does not close
        return None
