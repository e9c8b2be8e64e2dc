"""What SOURCE names on the command line: a file, or a service on the web."""

from typing import TYPE_CHECKING

import typer

from gisapp.core.words import _

if TYPE_CHECKING:
    from gisapp.core.progress import Progress
    from gisapp.core.project import Project
    from gisapp.io.checking import CheckReport
    from gisapp.io.source import Source


def read(
    source: str,
    project: "Project",
    progress: "Progress",
    *,
    sheet: str = "",
    bounds: str | None = None,
    whole: bool = False,
) -> "Source":
    """Read a file or a layer of a service.

    Parameters
    ----------
    sheet : str
        The sheet or layer to read; empty: all of a file, the only one of a service.
    bounds : str, optional
        W,S,E,N: what part of a service's layer.
    whole : bool
        Whether the other sheets of a file are wanted too.
    """
    from gisapp.io.services.addresses import is_address

    if not is_address(source):
        if bounds is not None:
            raise typer.BadParameter(
                _("only a service can be asked for a part."), param_hint="--bounds"
            )
        from gisapp.io.reading import read_source

        return read_source(source, layer=None if whole else sheet or None, progress=progress)
    return _from_service(source, project, progress, sheet, bounds)


def _from_service(
    source: str, project: "Project", progress: "Progress", sheet: str, bounds: str | None
) -> "Source":
    from gisapp.cli.pictures import parsed_bounds
    from gisapp.io.services.addresses import recognise
    from gisapp.io.services.bringing import read_service
    from gisapp.io.services.extent import asked_bounds

    address = recognise(source)
    asked = asked_bounds(address, project, parsed_bounds(bounds) if bounds else None)
    return read_service(address, layer=sheet, bounds=asked, progress=progress)


def look_at(source: str, progress: "Progress") -> "CheckReport":
    """Say what a file holds, or what a service offers."""
    from gisapp.io.services.addresses import is_address

    if is_address(source):
        from gisapp.io.services.listing import check_service

        return check_service(source, progress)
    from gisapp.io.checking import check_source

    return check_source(source, progress)
