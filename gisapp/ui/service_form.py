"""What the dialog for services says and offers: addresses, layers, progress. No Qt."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from gisapp.core.errors import GisappError
from gisapp.core.words import _, number
from gisapp.io.services.addresses import SERVICES, recognise

if TYPE_CHECKING:
    from collections.abc import Sequence

    from gisapp.io.services.addresses import Address
    from gisapp.io.services.service import Listing

GEOMETRY_WORDS = {"table": "–", "Unknown": "", "": ""}


@dataclass(frozen=True)
class AddressState:
    """What is known of a typed address before anybody is asked."""

    address: Address | None
    said: str

    @property
    def takes_token(self) -> bool:
        """Whether a token may be needed."""
        return self.address is not None and bool(self.address.kind.token)

    @property
    def takes_area(self) -> bool:
        """Whether a part can be asked for."""
        return self.address is not None and self.address.kind.areas != "never"

    @property
    def needs_area(self) -> bool:
        """Whether a part must be asked for."""
        return self.address is not None and self.address.kind.areas == "must"


def state_of(text: str) -> AddressState:
    """Say of which kind the address is, and what its provider would learn."""
    if not text.strip():
        names = ", ".join(kind.title for kind in SERVICES)
        return AddressState(
            None,
            _("An address of {names}. Nobody is asked before you say so.").format(names=names),
        )
    try:
        address = recognise(text)
    except GisappError as error:
        return AddressState(None, f"{error.message} {error.remedy}")
    return AddressState(address, f"{address.kind.title}. {address.learns}")


def suggestions(last: Sequence[str]) -> tuple[str, ...]:
    """Return the addresses to offer: the last ones, then those that every user can try."""
    usual = (f"{kind.name}:" for kind in SERVICES if kind.usual)
    return tuple(dict.fromkeys((*last, *usual)))


def layer_cells(listing: Listing) -> tuple[tuple[str, str, str], ...]:
    """Return name, geometry and number of rows of each layer, as they are shown."""
    return tuple(
        (
            layer.name,
            GEOMETRY_WORDS.get(layer.geometry, layer.geometry),
            "" if layer.features is None else number(layer.features),
        )
        for layer in listing.layers
    )


def found_words(address: Address, listing: Listing) -> str:
    """Say what was found."""
    if not listing.layers:
        return _("{host} offers no layer.").format(host=address.host)
    if listing.alone and len(listing.layers) > 1:
        return _("These tables come together.")
    return _("Choose a layer.") if len(listing.layers) > 1 else ""


def progress_words(done: int, total: int, seconds: float) -> str:
    """Say how far a download is, and how fast it goes."""
    if not done:
        return ""
    counted = (
        _("{done} of {total}").format(done=number(done), total=number(total))
        if total
        else number(done)
    )
    rate = number(done / seconds) if seconds > 0 else ""
    return f"{counted} · {rate}/s" if rate else counted
