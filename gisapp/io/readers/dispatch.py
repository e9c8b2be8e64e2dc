"""From a file's content to the reader of its format."""

from __future__ import annotations

from pathlib import Path

from gisapp.core.words import _
from gisapp.io.readers.contents import Reading, Tick, Unreadable
from gisapp.io.readers.sniffing import sniff


def read(path: Path, name: str, layer: str | None, tick: Tick) -> Reading:
    """Read the file at `path`, which the user calls `name`."""
    kind = sniff(path, name)
    stem = Path(name).stem
    if kind == "delimited":
        from gisapp.io.readers.delimited import read_delimited

        return read_delimited(path, stem, tick)
    if kind == "json":
        from gisapp.io.readers.geojson import read_geojson

        return read_geojson(path, stem, tick)
    if kind == "workbook":
        from gisapp.io.readers.workbook import read_workbook

        return read_workbook(path, tick)
    raise Unreadable(_("it is not read yet"), _("x"))
