"""What a service offers, as ``gisapp check`` answers it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gisapp.core.errors import GisappError
from gisapp.core.words import _, ngettext, number
from gisapp.io.checking import CheckReport, LayerFacts
from gisapp.io.services.addresses import recognise
from gisapp.io.services.bringing import list_layers

if TYPE_CHECKING:
    from collections.abc import Iterator

    from gisapp.core.progress import Progress
    from gisapp.io.services.service import Listing


def check_service(text: str, progress: Progress) -> CheckReport:
    """Ask a service what it offers, without bringing any of it.

    An address that does not answer is an answer here, not an error.
    """
    try:
        address = recognise(text)
        listing = list_layers(address, progress=progress)
    except GisappError as error:
        return CheckReport(ok=False, errors=(error.message,), remedy=error.remedy)
    layers = tuple(
        LayerFacts(x.name, x.geometry or "Unknown", x.features, x.crs, x.columns)
        for x in listing.layers
    )
    return CheckReport(
        ok=True,
        driver=address.kind.title,
        layers=layers,
        features=sum(x.features or 0 for x in layers),
        warnings=tuple(_sentences(listing)),
    )


def _sentences(listing: Listing) -> Iterator[str]:
    if not listing.layers:
        yield _("It offers no layer.")
    elif len(listing.layers) > 1:
        yield _("It holds {n} layers; choose one when importing: {names}.").format(
            n=len(listing.layers), names=", ".join(x.name for x in listing.layers[:20])
        )
    unknown = sum(x.features is None for x in listing.layers)
    if unknown:
        yield ngettext(
            "The rows of {n} layer were not counted.",
            "The rows of {n} layers were not counted.",
            unknown,
        ).format(n=number(unknown))
    yield _("Nothing was downloaded.")
