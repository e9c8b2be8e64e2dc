"""What a service on the web is to gisapp: layers that can be listed, and brought as files."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Protocol

from gisapp.core.errors import GisappError
from gisapp.core.words import _, number

if TYPE_CHECKING:
    from pathlib import Path

    from gisapp.core.progress import Progress
    from gisapp.io.services.http import Tick
    from gisapp.io.source import RawTable

# West, south, east, north in degrees.
Bounds = tuple[float, float, float, float]


@dataclass(frozen=True)
class ServiceLayer:
    """One layer, survey or sheet that a service offers.

    Parameters
    ----------
    name : str
        Unique in its listing; what ``--sheet`` takes.
    address : str
        Names it alone.
    features : int, optional
        None where the service has not been asked, or does not say.
    geometry, crs : str
        As a reader names them; empty where not known.
    columns : tuple of str
    """

    name: str
    address: str
    features: int | None = None
    geometry: str = ""
    crs: str = ""
    columns: tuple[str, ...] = ()


@dataclass(frozen=True)
class Listing:
    """The layers at an address; `alone` where it names one, whose sheets are then listed."""

    layers: tuple[ServiceLayer, ...]
    alone: bool = False


class Service(Protocol):
    """One service at one address."""

    def listing(self, tick: Tick, /) -> Listing:
        """Ask what the address offers; raises GisappError."""

    def fetch(
        self, layer: ServiceLayer, bounds: Bounds | None, folder: Path, progress: Progress, /
    ) -> Path:
        """Bring a layer as a file in `folder`.

        A later call with the same folder may go on where this one broke off.

        Raises
        ------
        GisappError
            Where the service does not answer, or not with the whole layer.
        Cancelled
            Where `progress` says so.
        """

    def tables(self, read: tuple[RawTable, ...], layer: ServiceLayer, /) -> tuple[RawTable, ...]:
        """Return the layer's tables, as they shall be named, from those of the file."""


class Stepping:
    """Tells a progress where a download stands, also while the server is silent."""

    def __init__(self, progress: Progress, layer: ServiceLayer, total: int = 0) -> None:
        self._progress, self.total, self.done = progress, total, 0
        self._text = _("Downloading {layer}").format(layer=layer.name)

    def __call__(self) -> None:
        """Report; raises Cancelled."""
        self._progress.step(self.done, self.total, self._text)


def incomplete(host: str, got: int, of: int) -> GisappError:
    """Say that a service gave fewer or more features than it counts."""
    return GisappError(
        _("{host} counts {of} features but gives {got}.").format(
            host=host, of=number(of), got=number(got)
        ),
        _("Try again: they may just have been changed. Else tell whoever runs the service."),
    )


def not_offered(layer: str, names: tuple[str, ...]) -> GisappError:
    """Say that there is no such layer, and which there are."""
    if not names:
        return GisappError(
            _("The service offers no layer."), _("Check the address, or ask its owner.")
        )
    listed = ", ".join(names[:20]) + (" …" if names[20:] else "")
    if not layer:
        return GisappError(
            _("The service offers {n} layers: {names}.").format(n=len(names), names=listed),
            _("Choose one with --sheet."),
        )
    return GisappError(
        _("The service offers no layer “{layer}”.").format(layer=layer),
        _("Choose one of: {names}.").format(names=listed),
    )


def nothing_there(layer: str) -> GisappError:
    """Say that a layer has no features in what was asked for."""
    return GisappError(
        _("“{layer}” has no features there.").format(layer=layer),
        _("Ask for another area, or look at the service whether the layer is empty."),
    )


def dicts(answer: Any, key: str) -> list[dict[str, Any]]:
    """Return the objects in a list of an answer; what else stands there is left out."""
    found = answer.get(key) if isinstance(answer, dict) else None
    return [x for x in found if isinstance(x, dict)] if isinstance(found, list) else []


def member(answer: Any, key: str) -> dict[str, Any]:
    """Return an object in an answer; an empty one where there is none."""
    found = answer.get(key) if isinstance(answer, dict) else None
    return found if isinstance(found, dict) else {}


def as_layer(read: tuple[RawTable, ...], layer: ServiceLayer) -> tuple[RawTable, ...]:
    """Return the one table of a file under its layer's name."""
    return tuple(replace(x, name=layer.name) for x in read) if len(read) == 1 else read
