"""Reading foreign files: in a child process, so that a bad file cannot end the program."""

from __future__ import annotations

import errno
import hashlib
from pathlib import Path
from typing import TYPE_CHECKING, Any

from gisapp.core import words
from gisapp.core.causes import why
from gisapp.core.errors import GisappError
from gisapp.core.progress import SILENT, Progress
from gisapp.core.words import _
from gisapp.io.child import POOL
from gisapp.io.scratch import private_folder
from gisapp.io.source import Source

if TYPE_CHECKING:
    import os


def read_source(
    path: str | os.PathLike[str], *, layer: str | None = None, progress: Progress = SILENT
) -> Source:
    """Read a file of any kind as it is, before anything in it is understood.

    Parameters
    ----------
    path : path
        GeoJSON, GeoPackage, Shapefile, FlatGeobuf, GeoParquet, KML, KMZ, GPX, GML, DXF, an
        OpenStreetMap extract, boundaries in SQL, delimited text, a workbook, a zip of these, or
        the folder of a file geodatabase. The content decides, not the name.
    layer : str, optional
        Only the layer or sheet of this name; None: all.
    progress : Progress
        Told as rows come; cancelling ends the child.

    Returns
    -------
    Source
        Its tables, in the file's order.

    Raises
    ------
    GisappError
        Where the file is missing, not what it claims, damaged, hostile or too large, or has no
        such layer.
    Cancelled
        Where `progress` says so.
    """
    return ask_child(Path(path), layer=layer, inspect=False, progress=progress)


def ask_child(path: Path, *, layer: str | None, inspect: bool, progress: Progress) -> Source:
    """Have the child read `path`; with `inspect`, its warnings also speak of the geometries."""
    from gisapp.io.transfer import load  # pyarrow: only where a file is read

    sha256 = _sha256(path)
    with private_folder("read") as directory:
        request: dict[str, Any] = {
            "path": str(path.resolve()),
            "name": path.name,
            "layer": layer,
            "inspect": inspect,
            "language": words.language(),
            "out": str(directory),
        }
        answer = POOL.ask(request, progress)
        return Source(
            path=str(path),
            driver=answer["driver"],
            sha256=sha256,
            tables=load(answer, directory),
            warnings=tuple(answer["warnings"]),
        )


def _sha256(path: Path) -> str:
    """Hash the file; refuse what cannot be opened before a child is troubled with it."""
    try:
        if path.is_dir():
            return _sha256_of_folder(path)
        if path.exists() and not path.is_file():  # a pipe or a device may never end
            raise OSError(errno.EINVAL, _("it is not a file"))
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except OSError as error:
        raise GisappError(
            _("{file} cannot be opened: {reason}.").format(file=path, reason=why(error)),
            _("Check the path, and that you may read the file."),
        ) from error


def _sha256_of_folder(path: Path) -> str:
    """Hash the files of a geodatabase one after the other, in the order of their names."""
    parts = sorted(x for x in path.iterdir() if x.suffix in (".gdbtable", ".gdbtablx"))
    if not parts:
        raise GisappError(
            _("{file} is a folder, not a file.").format(file=path),
            _("Choose a file in it, or the folder of a file geodatabase (.gdb)."),
        )
    whole = hashlib.sha256()
    for part in parts:
        with part.open("rb") as file:
            whole.update(hashlib.file_digest(file, "sha256").digest())
    return whole.hexdigest()
