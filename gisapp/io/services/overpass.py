"""Overpass: what OpenStreetMap knows of a kind in an area."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING
from urllib.parse import unquote, urlsplit

from gisapp.core.errors import GisappError
from gisapp.core.words import _
from gisapp.io.services.overpass_topics import TOPICS, Topic, topic_of
from gisapp.io.services.service import Listing, ServiceLayer, Stepping

if TYPE_CHECKING:
    from pathlib import Path

    from gisapp.core.progress import Progress
    from gisapp.io.services.http import Door, Tick
    from gisapp.io.services.service import Bounds
    from gisapp.io.source import RawTable

MARK = re.compile(r"^https?://[^?#]+/interpreter\b")
USUAL_SERVER = "https://overpass-api.de/api/interpreter"
# About 55 by 55 km near the equator: more is asked of an extract, not of a shared server.
MOST_SQUARE_DEGREES = 0.25
SERVER_TIMEOUT_S = 90
MOST_SERVER_BYTES = 512 << 20
_REMARK = re.compile(rb"<remark>\s*(.*?)\s*</remark>", re.DOTALL)
_TAIL_BYTES = 4096
_END = b"</osm>"
_GEOMETRIES = {"point": "Point", "line": "MultiLineString", "area": "MultiPolygon"}


class OverpassService:
    """A server that answers questions about OpenStreetMap."""

    def __init__(self, door: Door, url: str) -> None:
        parts = urlsplit(url)
        self._door = door
        self._url = parts._replace(query="", fragment="").geturl()
        self._wanted = unquote(parts.fragment)

    def listing(self, _tick: Tick) -> Listing:
        """List the topics without asking the server, which counts only what it has found."""
        if self._wanted:
            return Listing((self._named(topic_of(self._wanted)),), alone=True)
        return Listing(tuple(map(self._named, TOPICS)))

    def fetch(
        self, layer: ServiceLayer, bounds: Bounds | None, folder: Path, progress: Progress
    ) -> Path:
        """Bring what lies in `bounds` as an OpenStreetMap extract."""
        _refuse_area(bounds)
        assert bounds is not None
        path = folder / "layer.osm"
        query = question(topic_of(layer.name), bounds)
        with path.open("wb") as file:
            self._door.save(self._url, {"data": query}, file, Stepping(progress, layer))
        self._refuse_part(path)
        return path

    def tables(self, read: tuple[RawTable, ...], layer: ServiceLayer) -> tuple[RawTable, ...]:
        """Return one table of what the topic is drawn as."""
        from gisapp.io.services.overpass_tables import of_topic

        return (replace(of_topic(read, topic_of(layer.name)), name=layer.name),)

    def _named(self, topic: Topic) -> ServiceLayer:
        return ServiceLayer(
            topic.name,
            f"{self._url}#{topic.name}",
            geometry=_GEOMETRIES[topic.form],
            crs="EPSG:4326",
        )

    def _refuse_part(self, path: Path) -> None:
        """Refuse an answer without an end, or that ends in an apology: what came is not all."""
        with path.open("rb") as file:
            file.seek(max(0, path.stat().st_size - _TAIL_BYTES))
            tail = file.read()
        if not tail.rstrip().endswith(_END):
            raise self._door.no_service()
        if remark := _REMARK.search(tail):
            raise GisappError(
                _("{host} refuses: {reason}.").format(
                    host=self._door.host, reason=remark[1].decode("utf-8", "replace")[:200]
                ),
                _("Ask for a smaller area, or try again later."),
            )


def question(topic: Topic, bounds: Bounds) -> str:
    """Return the question in Overpass QL; the parts of ways come in one answer with them."""
    west, south, east, north = bounds
    box = f"({south:.6f},{west:.6f},{north:.6f},{east:.6f})"
    kinds = {"point": "nwr", "line": "way", "area": "wr"}[topic.form]
    tags = [f'["{topic.key}"="{x}"]' for x in topic.values] or [f'["{topic.key}"]']
    asked = "".join(f"{kinds}{tag}{box};" for tag in tags)
    limits = f"[timeout:{SERVER_TIMEOUT_S}][maxsize:{MOST_SERVER_BYTES}]"
    return f"[out:xml]{limits};({asked});(._;>;);out body;"


def _refuse_area(bounds: Bounds | None) -> None:
    if bounds is None:
        raise GisappError(
            _("OpenStreetMap is asked for an area, and the project has none."),
            _("Import an admin layer first, or name the area with --bounds W,S,E,N."),
        )
    west, south, east, north = bounds
    if (east - west) * (north - south) > MOST_SQUARE_DEGREES:
        raise GisappError(
            _("The area is too large to be asked of a shared server."),
            _("Name a smaller one with --bounds W,S,E,N, or import an extract as a file (.pbf)."),
        )
