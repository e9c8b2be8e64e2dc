"""Asking a service what it offers, and reading a layer of it.

Nobody is asked unless the user has typed the address, or chosen it.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from gisapp.core.causes import why
from gisapp.core.errors import GisappError
from gisapp.core.progress import SILENT, Progress
from gisapp.core.words import _
from gisapp.io.services.addresses import without_secrets
from gisapp.io.services.downloads import download_folder
from gisapp.io.services.http import Door
from gisapp.io.services.service import (
    Bounds,
    Listing,
    ServiceLayer,
    not_offered,
    nothing_there,
)
from gisapp.io.services.tokens import find_token

if TYPE_CHECKING:
    from pathlib import Path

    from gisapp.io.services.addresses import Address
    from gisapp.io.services.service import Service
    from gisapp.io.source import Source


def list_layers(address: Address, token: str = "", progress: Progress = SILENT) -> Listing:
    """Ask what an address offers.

    Parameters
    ----------
    token : str
        Empty: the one of the environment or the keyring, where the service has tokens.

    Raises
    ------
    GisappError
        Where it does not answer, or not as a service of its kind.
    """
    text = _("Asking {host}").format(host=address.host)
    return _opened(address, token)[0].listing(lambda: progress.step(0, 0, text))


def read_service(
    address: Address,
    *,
    layer: str = "",
    bounds: Bounds | None = None,
    token: str = "",
    progress: Progress = SILENT,
) -> Source:
    """Bring a layer, and read it as a foreign file.

    Parameters
    ----------
    address : Address
        Of a service, or of one layer.
    layer : str
        Which layer, where the address is of several; else a sheet of what it brings.
    bounds : tuple of float, optional
        Only what lies here: west, south, east, north in degrees.
    token : str
        As `list_layers`.

    Returns
    -------
    Source
        Its path is the address.

    Raises
    ------
    GisappError
        As `list_layers`, and where there is no such layer or it does not come whole.
    Cancelled
        Where `progress` says so.
    """
    from gisapp.io.reading import read_source

    if bounds is not None and address.kind.areas == "never":
        raise GisappError(
            _("{kind} cannot be asked for an area.").format(kind=address.kind.title),
            _("Leave --bounds out."),
        )
    service, with_token = _opened(address, token)
    text = _("Asking {host}").format(host=address.host)
    chosen = _chosen(service.listing(lambda: progress.step(0, 0, text)), layer)
    keep = address.kind.resumes and not (address.kind.personal or address.secret or with_token)
    with download_folder(chosen.address, bounds, keep=keep) as folder:
        path = _fetched(service, chosen, bounds, folder, progress)
        source = read_source(path, progress=progress)
    tables = service.tables(source.tables, chosen)
    if not any(len(x.columns) or x.unreadable for x in tables):
        raise nothing_there(chosen.name)
    return replace(source, path=without_secrets(chosen.address), tables=tables)


def _fetched(
    service: Service,
    layer: ServiceLayer,
    bounds: Bounds | None,
    folder: Path,
    progress: Progress,
) -> Path:
    try:
        return service.fetch(layer, bounds, folder, progress)
    except OSError as error:
        raise GisappError(
            _("{layer} cannot be kept while it is downloaded: {reason}.").format(
                layer=layer.name, reason=why(error)
            ),
            _("Make room on this disk, or ask for a smaller area."),
        ) from error


def _opened(address: Address, token: str) -> tuple[Service, bool]:
    kind = address.kind
    token = token or address.token or find_token(kind.token, address.host)
    header = (kind.header[0], kind.header[1] + token) if token else None
    return kind.make(Door(address.url, header, kind.timeout_s), address.url), bool(token)


def _chosen(listing: Listing, wanted: str) -> ServiceLayer:
    if len(listing.layers) == 1 or (listing.alone and listing.layers):
        return listing.layers[0]
    for layer in listing.layers:
        if layer.name == wanted:
            return layer
    raise not_offered(wanted, tuple(x.name for x in listing.layers))
